//! Reporting and following without login, and finding the orders after it.

use image::ImageFormat;
use paifang_server::clock::Clock;
use paifang_tests::media::{encoded, picture, upload};
use paifang_tests::{APPID, Stack, TestApp, both, nonce, order_path};
use reqwest::Method;
use serde_json::{Value, json};
use wechat_sim::User;

const PHONE: &str = "13800138000";

fn contact() -> Value {
    json!({ "contact": { "phone": PHONE } })
}

both!(an_order_is_followed_by_link_or_by_number_and_phone, |app| {
    let (open, unit) = (app.anonymous(), app.unit(json!({})).await);
    let draft = json!({ "draft_id": nonce(), "contact": { "phone": PHONE } });
    let order = app.try_report(&open, &unit, draft.clone()).await.expect(201);
    let code = order["follow"]["code"].as_str().unwrap();
    assert_eq!(code.len(), 20);
    assert!(order["follow"]["url"].as_str().unwrap().ends_with(&format!("/f/{code}")));
    let again = app.try_report(&open, &unit, draft).await.expect(200);
    assert_eq!(again["follow"], order["follow"]);
    let followed = open.get(&format!("/api/v1/followed/{code}")).await.expect(200);
    assert_eq!((&followed["number"], &followed["state"]), (&order["number"], &json!("submitted")));
    assert_eq!(followed["moves"][0]["move"], "cancel");
    assert!(!followed.to_string().contains("138001"), "{followed}");
    let by_phone =
        |number: Value, phone: &str| json!({ "number": number, "phone": phone, "equipment_code": unit["code"] });
    let found = open.post("/api/v1/followed", &by_phone(order["number"].clone(), PHONE)).await.expect(200);
    assert_eq!(found["follow"]["code"], code);
    for wrong in [by_phone(order["number"].clone(), "13900139000"), by_phone(json!("261121-AAAAA"), PHONE)] {
        open.post("/api/v1/followed", &wrong).await.problem(404, "not_found");
    }
    open.get("/api/v1/followed/AAAAAAAAAAAAAAAAAAAA").await.problem(404, "not_found");
    open.get(&order_path(&order)).await.problem(401, "unauthenticated");
    let path = format!("/api/v1/followed/{code}/moves");
    let body = json!({ "move": "cancel", "version": 1, "reason": "自己修好了" });
    open.post(&path, &json!({ "move": "take", "version": 1 })).await.problem(403, "forbidden");
    assert_eq!(open.post(&path, &body).await.expect(200)["state"], "canceled");
    let stale = open.post(&path, &body).await.problem(409, "version_stale")["work_order"].clone();
    let followed = open.get(&format!("/api/v1/followed/{code}")).await.expect(200);
    let names = |order: &Value| order.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!((names(&stale), &stale["entries"]), (names(&followed), &followed["entries"]), "as following shows it");
    assert_eq!(stale["state"], "canceled");
});

both!(number_and_phone_are_not_guessed, |app| {
    let unit = app.unit(json!({})).await;
    let guess = json!({ "number": "261121-AAAAA", "phone": PHONE, "equipment_code": unit["code"] });
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(app.anonymous().post("/api/v1/followed", &guess).await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 404).count(), 10);
    assert_eq!(statuses[10..], [429, 429]);
});

both!(somebody_who_logs_in_later_finds_the_orders, |app| {
    let unit = app.unit(json!({})).await;
    let open = app.try_report(&app.anonymous(), &unit, contact()).await.expect(201);
    let carol = app.login("carol").await;
    carol.get(&order_path(&open)).await.problem(404, "not_found");
    let claim = json!({ "follow_code": open["follow"]["code"] });
    let by_phone = json!({ "number": open["number"], "phone": PHONE, "equipment_code": unit["code"] });
    app.anonymous().post("/api/v1/followed", &by_phone).await.expect(200);
    let claimed = carol.post("/api/v1/me/work-orders/claim", &claim).await.expect(200);
    app.anonymous().post("/api/v1/followed", &by_phone).await.problem(404, "not_found");
    assert_eq!(claimed["id"], open["id"]);
    carol.post("/api/v1/me/work-orders/claim", &claim).await.expect(200);
    let mallory = app.login("mallory").await;
    mallory.post("/api/v1/me/work-orders/claim", &claim).await.problem(404, "not_found");
    let mine = carol.get("/api/v1/me/work-orders").await.expect(200);
    assert_eq!(mine["items"].as_array().unwrap().len(), 1);
});

both!(a_confirmed_phone_brings_the_orders_that_gave_it, |app| {
    let unit = app.unit(json!({})).await;
    let open = app.try_report(&app.anonymous(), &unit, contact()).await.expect(201);
    let (nobody, second) = (app.anonymous(), app.unit(json!({})).await);
    let elsewhere = json!({ "contact": { "phone": "13900139000" } });
    let other = app.try_report(&nobody, &second, elsewhere).await.expect(201);
    app.sim.add_user(User { phone: Some(PHONE.to_owned()), ..User::new("carol") });
    let carol = app.login("carol").await;
    let code = app.sim.mint_phone_code(APPID, "carol").unwrap();
    carol.post("/api/v1/me/phone", &json!({ "code": code })).await.expect(200);
    assert_eq!(carol.get(&order_path(&open)).await.expect(200)["number"], open["number"]);
    carol.get(&order_path(&other)).await.problem(404, "not_found");
    let third = app.unit(json!({})).await;
    let later = app.try_report(&app.anonymous(), &third, contact()).await.expect(201);
    carol.get(&order_path(&later)).await.problem(404, "not_found");
    app.login("carol").await.get(&order_path(&later)).await.expect(200);
});

both!(a_report_that_is_sent_again_after_logging_in_is_the_same, |app| {
    let unit = app.unit(json!({})).await;
    let draft = nonce();
    let file = encoded(&picture(8, 8), ImageFormat::Png);
    let kind = || format!("kind=photo&upload_key={}", nonce());
    let query = format!("{}&equipment_code={}&draft_id={draft}", kind(), unit["code"].as_str().unwrap());
    let photo = upload(&app.anonymous(), &query, file.clone(), "a.png", "image/png").await.expect(201);
    let report =
        |photo: &Value| json!({ "draft_id": draft, "contact": { "phone": PHONE }, "media_ids": [photo["id"]] });
    let sent = app.try_report(&app.anonymous(), &unit, report(&photo)).await.expect(201);
    let carol = app.login("carol").await;
    let anew = upload(&carol, &kind(), file, "a.png", "image/png").await.expect(201);
    let again = app.try_report(&carol, &unit, report(&anew)).await.expect(200);
    assert_eq!((&again["id"], &again["follow"]), (&sent["id"], &sent["follow"]));
    assert_eq!(again["media"].as_array().unwrap().len(), 1);
});

both!(who_follows_by_link_does_not_learn_who_else_wrote, |app| {
    let unit = app.unit(json!({})).await;
    let order = app.try_report(&app.anonymous(), &unit, contact()).await.expect(201);
    let passer_by = app.login("paul").await;
    let addition = json!({ "number": order["number"], "draft_id": nonce(), "text": "还在响" });
    let path = format!("/api/v1/equipment/{}/additions", unit["code"].as_str().unwrap());
    passer_by.post(&path, &addition).await.expect(200);
    passer_by.post(&path, &addition).await.expect(200);
    let code = order["follow"]["code"].as_str().unwrap();
    let followed = app.anonymous().get(&format!("/api/v1/followed/{code}")).await.expect(200);
    assert_eq!(followed["entries"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&followed["entries"][1]["by"]["as"], &followed["entries"][1]["text"]),
        (&json!("customer"), &json!("还在响"))
    );
    assert_eq!(followed["entries"][1]["by"], json!({ "kind": "person", "as": "customer" }));
});

both!(whoever_is_logged_in_elsewhere_is_a_stranger_and_limited, |app| {
    let unit = app.unit(json!({})).await;
    let mut statuses = Vec::new();
    for _ in 0..21 {
        statuses.push(app.try_report(&app.foreign_admin, &unit, contact()).await.status);
    }
    assert_eq!((statuses[0], statuses[19], statuses[20]), (201, 409, 429));
});

both!(a_unit_takes_so_many_open_orders_and_no_more, |app| {
    let (unit, carol) = (app.unit(json!({})).await, app.login("carol").await);
    for _ in 0..20 {
        app.try_report(&carol, &unit, json!({ "separate": true })).await.expect(201);
    }
    let refused = app.try_report(&carol, &unit, json!({ "separate": true })).await;
    refused.problem(409, "open_work_order_exists");
});

both!(nothing_is_added_to_an_order_that_was_closed, |app| {
    let (unit, carol) = (app.unit(json!({})).await, app.login("carol").await);
    let order = app.try_report(&carol, &unit, json!({})).await.expect(201);
    let addition = json!({ "draft_id": nonce(), "text": "还在响" });
    let path = format!("{}/additions", order_path(&order));
    carol.post(&path, &addition).await.expect(200);
    app.make_move(&app.admin, &order, "cancel", json!({ "reason": "误报" })).await;
    carol.post(&path, &addition).await.expect(200);
    carol.post(&path, &json!({ "draft_id": nonce(), "text": "再来" })).await.problem(409, "conflict");
    let seen = carol.get(&order_path(&order)).await.expect(200);
    assert_eq!(seen["entries"].as_array().unwrap().len(), 3);
});

both!(reports_without_login_are_limited, |app| {
    let unit = app.unit(json!({})).await;
    let mut statuses = Vec::new();
    for _ in 0..22 {
        statuses.push(app.try_report(&app.anonymous(), &unit, contact()).await.status);
    }
    assert_eq!((statuses[0], statuses[19], statuses[20]), (201, 409, 429));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_the_one_that_the_proxy_saw() {
    let app = TestApp::start_with(Stack::Sqlite, Clock::system(), &[("PAIFANG_TRUST_PROXY", "on")]).await;
    let unit = app.unit(json!({})).await;
    let guess = json!({ "number": "261121-AAAAA", "phone": PHONE, "equipment_code": unit["code"] });
    let ask = async |made_up: String, seen: &str| {
        let request = app.anonymous().request(Method::POST, "/api/v1/followed").json(&guess);
        let answer = request.header("x-forwarded-for", made_up).header("x-forwarded-for", seen).send().await.unwrap();
        answer.status().as_u16()
    };
    for number in 0..10 {
        assert_eq!(ask(format!("198.51.100.{number}"), "203.0.113.7").await, 404);
    }
    assert_eq!(
        ask("198.51.100.77".to_owned(), "203.0.113.7").await,
        429,
        "what a client says of itself is not counted"
    );
    assert_eq!(ask("198.51.100.77".to_owned(), "203.0.113.8").await, 404);
}

both!(an_order_of_a_retired_unit_is_found_by_number_and_phone, |app| {
    let unit = app.unit(json!({})).await;
    let order = app.try_report(&app.anonymous(), &unit, contact()).await.expect(201);
    app.admin.delete(&format!("/api/v1/equipment/{}", unit["id"].as_str().unwrap())).await.expect(204);
    let body = json!({ "number": order["number"], "phone": PHONE, "equipment_code": unit["code"] });
    assert_eq!(app.anonymous().post("/api/v1/followed", &body).await.expect(200)["number"], order["number"]);
});

both!(the_page_of_an_order_says_where_it_stands, |app| {
    let unit = app.unit(json!({})).await;
    let more = json!({ "contact": { "phone": PHONE }, "text": "<b>漏水</b>" });
    let order = app.try_report(&app.anonymous(), &unit, more).await.expect(201);
    app.make_move(&app.admin, &order, "cancel", json!({ "reason": "重复" })).await;
    let page = app.anonymous().get(&format!("/f/{}", order["follow"]["code"].as_str().unwrap())).await;
    assert_eq!((page.status, page.headers["content-type"].to_str().unwrap()), (200, "text/html; charset=utf-8"));
    let text = page.body.as_str().unwrap();
    for shown in [order["number"].as_str().unwrap(), "已取消", "Canceled", "重复", "&#60;b&#62;漏水"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    assert!(!text.contains("8000"), "{text}");
    let (status, headers, page) = paifang_tests::media::fetch(&app.anonymous(), "/f/AAAAAAAAAAAAAAAAAAAA", &[]).await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (404, "text/html; charset=utf-8"));
    assert!(String::from_utf8(page).unwrap().contains("没有找到这份报修"));
});
