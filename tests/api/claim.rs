//! Attendees claim their tickets.

use ed25519_dalek::SigningKey;
use paifang_core::ticket::rotating;
use paifang_tests::{APPID, both};
use serde_json::json;

const CLAIM: &str = "/api/v1/me/tickets/claim";

both!(by_order_code_and_name_once, |app| {
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({ "order_code": "D1", "attendee_name": "阿依古丽·买买提" })).await;
    let (alice, bob) = (app.login("alice").await, app.login("bob").await);
    let body = json!({ "order_code": "D1", "attendee_name": "阿依古丽 买买提" });
    for _ in 0..2 {
        let mine = alice.post(CLAIM, &body).await.expect(200);
        assert_eq!(mine["items"][0]["code"], ticket["code"]);
    }
    bob.post(CLAIM, &body).await.problem(409, "ticket_claimed");
    let mine = alice.get("/api/v1/me/tickets").await.expect(200);
    assert_eq!(mine["items"][0]["event"]["name"], "年会");
    assert_eq!(bob.get("/api/v1/me/tickets").await.expect(200)["items"], json!([]));
});

both!(wrong_guesses_tell_nothing_and_are_limited, |app| {
    let made = app.event().await;
    app.ticket(&made, json!({ "order_code": "D1", "phone": "13800138000" })).await;
    let mallory = app.login("mallory").await;
    for body in [
        json!({ "order_code": "D1", "attendee_name": "somebody" }),
        json!({ "order_code": "D2", "attendee_name": "王小明" }),
        json!({ "order_code": "D1", "phone": "13800138001" }),
    ] {
        mallory.post(CLAIM, &body).await.problem(404, "not_found");
    }
    mallory.post(CLAIM, &json!({ "phone": "13800138000" })).await.problem(403, "phone_not_verified");
    for body in [json!({}), json!({ "order_code": "D1" }), json!({ "phone": "x" }), json!({ "order_code": 1 })] {
        mallory.post(CLAIM, &body).await.problem(422, "invalid_field");
    }
    let mut last = 0;
    for _ in 0..10 {
        last = mallory.post(CLAIM, &json!({ "order_code": "D9", "attendee_name": "x" })).await.status;
    }
    assert_eq!(last, 429);
});

both!(by_phone, |app| {
    let made = app.event().await;
    app.ticket(&made, json!({ "order_code": "D1", "phone": "138 0013 8000" })).await;
    app.ticket(&made, json!({ "order_code": "D2", "phone": "+8613800138000" })).await;
    let (alice, bob) = (app.login("alice").await, app.login("bob").await);
    let one = bob.post(CLAIM, &json!({ "order_code": "D1", "phone": "13800138000" })).await.expect(200);
    assert_eq!(one["items"].as_array().unwrap().len(), 1);
    let phone = app.sim.encrypt_phone(APPID, "alice", "13800138000").unwrap();
    alice.post("/api/v1/decrypt", &phone).await.expect(200);
    let rest = alice.post(CLAIM, &json!({ "phone": "13800138000" })).await.expect(200);
    assert_eq!(rest["items"].as_array().unwrap().len(), 1, "the other one is bob's");
});

both!(two_at_once_claim_one_ticket, |app| {
    let made = app.event().await;
    app.ticket(&made, json!({})).await;
    let mut people = Vec::new();
    for user in ["a", "b", "c", "d"] {
        people.push(app.login(user).await);
    }
    let body = json!({ "order_code": "D1", "attendee_name": "王小明" });
    let answers = futures_util::future::join_all(people.iter().map(|person| person.post(CLAIM, &body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 3);
});

both!(a_rotating_ticket_is_shown_by_one_phone_and_a_screenshot_dies, |app| {
    let mut made = app.event().await;
    let products = format!("/api/v1/events/{}/products", made["event"].as_str().unwrap());
    let product = app.admin.post(&products, &json!({ "name": "实名票", "rotating": true })).await.expect(201);
    made["product"] = product["id"].clone();
    let issued = app.ticket(&made, json!({})).await;
    let (first, second) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
    let alice = app.login("alice").await;
    let claim = |key: Option<&SigningKey>| {
        let key = key.map(paifang_core::ticket::code::public_key_hex);
        let body = json!({ "order_code": "D1", "attendee_name": "王小明", "device_key": key });
        let alice = alice.clone();
        async move { alice.post(CLAIM, &body).await }
    };
    claim(None).await.problem(422, "invalid_field");
    assert_eq!(alice.get("/api/v1/me/tickets").await.expect(200)["items"], json!([]), "nothing half-claimed");
    let mine = claim(Some(&first)).await.expect(200)["items"][0].clone();
    assert_eq!(mine["rotating"], true);
    assert_eq!(claim(Some(&first)).await.expect(200)["items"][0]["code"], mine["code"]);
    let now = app.running.app.clock.now();
    let scan = |code: String, at: i64| {
        let (app, made) = (&app, &made);
        async move {
            let at = paifang_core::time::format_rfc3339(at);
            app.scan(&app.admin, made, &json!(code), json!({ "scanned_at": at })).await.expect(200)
        }
    };
    let shown = |code: &serde_json::Value, key: &SigningKey| rotating::show(code.as_str().unwrap(), key, now).unwrap();
    let code = shown(&mine["code"], &first);
    assert_eq!(scan(mine["code"].as_str().unwrap().to_owned(), now).await["reason"], "screenshot", "no proof");
    assert_eq!(scan(code.clone(), now + 45_000).await["reason"], "screenshot", "an old proof");
    assert_eq!(scan(issued["code"].as_str().unwrap().to_owned(), now).await["reason"], "revoked", "the code before");
    let moved = claim(Some(&second)).await.expect(200)["items"][0].clone();
    assert_eq!(scan(code, now).await["reason"], "revoked", "the phone before");
    assert_eq!(scan(shown(&moved["code"], &second), now).await["status"], "ok");
});
