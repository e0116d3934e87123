//! Reports of faults: who may, once however often, and one open order for a unit.

use futures_util::future::join_all;
use paifang_server::people::Role;
use paifang_tests::{Actor, both, nonce};
use serde_json::{Value, json};
use wechat_sim::Suggestion;

both!(a_report_is_made_once_however_often_it_is_sent, |app| {
    let customer = app.login("carol").await;
    let unit = app.unit(json!({})).await;
    let draft = json!({ "draft_id": nonce() });
    let answers = join_all((0..6).map(|_| app.try_report(&customer, &unit, draft.clone()))).await;
    let mut ids: Vec<_> = answers.iter().map(|answer| answer.body["id"].as_str().unwrap()).collect();
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 201)));
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    ids.dedup();
    assert_eq!(ids.len(), 1);
    let other = json!({ "draft_id": draft["draft_id"], "text": "别的" });
    let reused = app.try_report(&customer, &unit, other.clone()).await.problem(422, "draft_reused");
    assert_eq!((&reused["work_order"]["id"], reused.get("follow")), (&json!(ids[0]), None), "which order it made");
    let stranger = app.login("mallory").await;
    for more in [draft, other] {
        let refused = app.try_report(&stranger, &unit, more).await.problem(422, "draft_reused");
        assert_eq!((refused.get("work_order"), refused.get("follow")), (None, None));
    }
});

both!(a_draft_of_a_business_system_leads_nobody_to_its_order, |app| {
    let unit = app.unit(json!({})).await;
    let more =
        |text: &str| json!({ "draft_id": "crm-ticket-00001234", "text": text, "contact": { "phone": "13800138000" } });
    app.try_report(&app.admin, &unit, more("漏水")).await.expect(201);
    let stranger = app.try_report(&app.anonymous(), &unit, more("漏油")).await.problem(422, "draft_reused");
    assert_eq!((stranger.get("work_order"), stranger.get("follow")), (None, None));
    let open = json!({ "draft_id": "a-draft-of-a-guest", "contact": { "phone": "13800138000" } });
    let elsewhere = app.unit(json!({})).await;
    app.try_report(&app.anonymous(), &elsewhere, open.clone()).await.expect(201);
    let guess = app.try_report(&app.anonymous(), &unit, open).await.problem(422, "draft_reused");
    assert_eq!((guess.get("work_order"), guess.get("follow")), (None, None), "of another unit");
});

both!(who_changes_a_report_after_a_lost_answer_learns_which_order_it_made, |app| {
    let unit = app.unit(json!({})).await;
    let more =
        |text: &str| json!({ "draft_id": "a-draft-of-a-guest", "text": text, "contact": { "phone": "13800138000" } });
    let made = app.try_report(&app.anonymous(), &unit, more("漏水")).await.expect(201);
    let reused = app.try_report(&app.anonymous(), &unit, more("漏油")).await.problem(422, "draft_reused");
    assert_eq!((&reused["work_order"]["number"], &reused["follow"]), (&made["number"], &made["follow"]));
    let addition = json!({ "draft_id": nonce(), "number": made["number"], "text": "漏油" });
    let path = format!("/api/v1/equipment/{}/additions", unit["code"].as_str().unwrap());
    app.anonymous().post(&path, &addition).await.expect(200);
});

both!(a_second_report_for_a_unit_shows_the_first_and_can_add_to_it, |app| {
    let (customer, stranger) = (app.login("carol").await, app.login("sven").await);
    let unit = app.unit(json!({})).await;
    let first = app.try_report(&customer, &unit, json!({})).await.expect(201);
    let mine = app.try_report(&customer, &unit, json!({})).await.problem(409, "open_work_order_exists");
    assert_eq!((&mine["work_order"]["id"], &mine["work_order"]["number"]), (&first["id"], &first["number"]));
    let theirs = app.try_report(&stranger, &unit, json!({})).await.problem(409, "open_work_order_exists");
    assert_eq!(theirs["work_order"].get("id"), None, "{theirs}");
    let path = format!("/api/v1/equipment/{}/additions", unit["code"].as_str().unwrap());
    let addition = json!({ "draft_id": nonce(), "number": first["number"], "text": "现在还漏水" });
    for _ in 0..2 {
        assert_eq!(stranger.post(&path, &addition).await.expect(200)["number"], first["number"]);
    }
    let order = customer.get(&paifang_tests::order_path(&first)).await.expect(200);
    let entries = order["entries"].as_array().unwrap();
    assert_eq!((entries.len(), &entries[1]["text"]), (2, &json!("现在还漏水")));
    stranger.get(&paifang_tests::order_path(&first)).await.problem(404, "not_found");
    let separate = app.try_report(&stranger, &unit, json!({ "separate": true })).await.expect(201);
    assert_ne!(separate["number"], first["number"]);
    let scanned = stranger.get(&format!("/api/v1/equipment/{}", unit["code"].as_str().unwrap())).await.expect(200);
    let open = scanned["open_work_orders"].as_array().unwrap();
    assert_eq!(open.len(), 2);
    assert_eq!((open[0].get("id"), &open[1]["id"]), (None, &separate["id"]));
    app.make_move(&customer, &order, "cancel", json!({ "reason": "x" })).await;
    let late = json!({ "draft_id": nonce(), "number": first["number"], "text": "晚了" });
    stranger.post(&path, &late).await.problem(409, "conflict");
});

both!(what_was_said_of_a_unit_before_it_was_retired_is_answered, |app| {
    let customer = app.login("carol").await;
    let unit = app.unit(json!({})).await;
    let draft = json!({ "draft_id": nonce() });
    let first = app.try_report(&customer, &unit, draft.clone()).await.expect(201);
    let additions = format!("/api/v1/equipment/{}/additions", unit["code"].as_str().unwrap());
    let addition = json!({ "draft_id": nonce(), "number": first["number"], "text": "还漏水" });
    customer.post(&additions, &addition).await.expect(200);
    app.admin.delete(&format!("/api/v1/equipment/{}", unit["id"].as_str().unwrap())).await.expect(204);
    assert_eq!(app.try_report(&customer, &unit, draft).await.expect(200)["id"], first["id"]);
    assert_eq!(customer.post(&additions, &addition).await.expect(200)["number"], first["number"]);
    app.try_report(&customer, &unit, json!({})).await.problem(404, "not_found");
    let more = json!({ "draft_id": nonce(), "number": first["number"], "text": "更多" });
    customer.post(&additions, &more).await.problem(404, "not_found");
});

both!(of_two_reports_for_a_unit_at_once_one_makes_the_order, |app| {
    let unit = app.unit(json!({})).await;
    let people = [app.login("a").await, app.login("b").await, app.login("c").await, app.login("d").await];
    let answers = join_all(people.iter().map(|person| app.try_report(person, &unit, json!({})))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409]);
});

both!(a_settled_order_can_be_reopened_beside_a_new_one, |app| {
    let customer = app.login("carol").await;
    let unit = app.unit(json!({})).await;
    let first = app.try_report(&customer, &unit, json!({})).await.expect(201);
    let first = app.make_move(&customer, &first, "cancel", json!({ "reason": "好了" })).await;
    app.try_report(&customer, &unit, json!({})).await.expect(201);
    let reopened = app.make_move(&app.admin, &first, "reopen", json!({ "reason": "没好" })).await;
    assert_eq!(reopened["state"], "reopened");
});

async fn why_not(actor: &Actor, unit: &Value) -> Value {
    let seen = actor.get(&format!("/api/v1/equipment/{}", unit["code"].as_str().unwrap())).await.expect(200);
    assert_eq!(seen["may_report"], json!(seen["why_not"].is_null()));
    seen["why_not"].clone()
}

both!(the_organization_says_who_may_report, |app| {
    let customer = app.customer("东方物业").await;
    let unit = app.unit(json!({ "customer_id": customer["id"] })).await;
    let open = app.anonymous();
    let guest = app.login("gina").await;
    let member = app.login_as("mei", Role::Member).await;
    let own = app.login_for("carol", &customer).await;
    let stranger = app.login_for("sven", &app.customer("别家").await).await;
    let dispatcher = app.login_as("dora", Role::Dispatcher).await;
    let expected = [
        ("guest", [Value::Null, Value::Null, Value::Null, Value::Null, Value::Null, Value::Null]),
        (
            "member",
            [json!("login_required"), json!("members_only"), Value::Null, Value::Null, Value::Null, Value::Null],
        ),
        (
            "customer",
            [
                json!("login_required"),
                json!("customers_only"),
                json!("customers_only"),
                Value::Null,
                json!("customers_only"),
                Value::Null,
            ],
        ),
    ];
    for (report_by, reasons) in expected {
        app.admin.put("/api/v1/service-settings", &json!({ "report_by": report_by })).await.expect(200);
        for (actor, reason) in [&open, &guest, &member, &own, &stranger, &dispatcher].into_iter().zip(reasons) {
            assert_eq!(why_not(actor, &unit).await, reason, "{report_by}");
            let more = json!({ "separate": true, "contact": { "phone": "13800138000" } });
            let answer = app.try_report(actor, &unit, more).await;
            if reason.is_null() {
                answer.expect(201);
            } else {
                assert_eq!(answer.problem(403, "report_not_allowed")["why_not"], reason);
            }
        }
    }
});

both!(a_wrong_report_changes_nothing, |app| {
    let customer = app.login("carol").await;
    let unit = app.unit(json!({})).await;
    let wrong = [
        json!({ "text": "长".repeat(10_000) }),
        json!({ "text": " " }),
        json!({ "draft_id": "short" }),
        json!({ "fault_type": "unheard_of" }),
        json!({ "position": { "latitude": 91.0, "longitude": 0.0 } }),
        json!({ "position": { "latitude": 31.0 } }),
        json!({ "contact": { "phone": "12" } }),
        json!({ "preferred": { "from": "2026-11-21T10:00:00Z", "until": "2026-11-21T09:00:00Z" } }),
        json!({ "media_ids": ["00000000-0000-7000-8000-000000000000"] }),
        json!({ "media_ids": vec!["x"; 20] }),
    ];
    for more in wrong {
        app.try_report(&customer, &unit, more).await.problem(422, "invalid_field");
    }
    app.try_report(&customer, &json!({ "code": "0000000000" }), json!({})).await.problem(404, "not_found");
    app.try_report(&app.anonymous(), &unit, json!({})).await.problem(422, "invalid_field");
    let open = customer.get("/api/v1/me/work-orders").await.expect(200);
    assert_eq!(open["items"], json!([]));
    app.admin.delete(&format!("/api/v1/equipment/{}", unit["id"].as_str().unwrap())).await.expect(204);
    app.try_report(&customer, &unit, json!({})).await.problem(404, "not_found");
});

both!(texts_are_checked_where_the_organization_wants_it, |app| {
    app.sim.set_word("骂人", Suggestion::Risky);
    app.sim.set_word("可疑", Suggestion::Review);
    let customer = app.login("carol").await;
    let seen = async |more: Value| {
        let order = app.report(&customer, more).await;
        assert_eq!(order.get("content_check"), None, "customers do not see it");
        app.admin.get(&paifang_tests::order_path(&order)).await.expect(200)["content_check"].clone()
    };
    assert_eq!(seen(json!({ "text": "骂人" })).await, "unchecked");
    app.admin.put("/api/v1/service-settings", &json!({ "content_check": true })).await.expect(200);
    assert_eq!(seen(json!({ "text": "坏了" })).await, "passed");
    assert_eq!(seen(json!({ "text": "有点可疑" })).await, "review");
    let unit = app.unit(json!({})).await;
    app.try_report(&customer, &unit, json!({ "text": "骂人" })).await.problem(422, "text_refused");
    let order = app.try_report(&customer, &unit, json!({})).await.expect(201);
    let path = format!("{}/additions", paifang_tests::order_path(&order));
    let addition = json!({ "draft_id": nonce(), "text": "骂人" });
    customer.post(&path, &addition).await.problem(422, "text_refused");
    let addition = json!({ "draft_id": nonce(), "text": "还有点可疑" });
    customer.post(&path, &addition).await.expect(200);
    app.try_move(&customer, &order, "cancel", json!({ "reason": "骂人" })).await.problem(422, "text_refused");
    let cancel = json!({ "reason": "可疑地好了", "move_key": nonce() });
    let canceled = app.make_move(&customer, &order, "cancel", cancel.clone()).await;
    app.sim.set_word("可疑", Suggestion::Risky);
    let again = app.make_move(&customer, &order, "cancel", cancel).await;
    assert_eq!(again["version"], canceled["version"], "what was made is answered, whatever WeChat thinks now");
    let verdicts = |order: &Value| {
        let entries = order["entries"].as_array().unwrap();
        entries.iter().map(|entry| entry["content_check"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&canceled), [Value::Null, Value::Null, Value::Null], "customers do not see it");
    let seen = app.admin.get(&paifang_tests::order_path(&order)).await.expect(200);
    assert_eq!(verdicts(&seen), [Value::Null, json!("review"), json!("review")]);
});

both!(what_was_stored_is_answered_again_whatever_has_changed_since, |app| {
    let (open, unit) = (app.anonymous(), app.unit(json!({})).await);
    let report = json!({ "draft_id": nonce(), "contact": { "phone": "13800138000" } });
    let sent = app.try_report(&open, &unit, report.clone()).await.expect(201);
    let path = format!("/api/v1/equipment/{}/additions", unit["code"].as_str().unwrap());
    let addition = json!({ "number": sent["number"], "draft_id": nonce(), "text": "还在响" });
    let added = open.post(&path, &addition).await.expect(200);
    app.admin.put("/api/v1/service-settings", &json!({ "report_by": "member" })).await.expect(200);
    let again = app.try_report(&open, &unit, report).await.expect(200);
    assert_eq!((&again["id"], &again["follow"]), (&sent["id"], &sent["follow"]));
    assert_eq!(open.post(&path, &addition).await.expect(200), added);
    let another = json!({ "number": sent["number"], "draft_id": nonce(), "text": "还在响" });
    open.post(&path, &another).await.problem(403, "report_not_allowed");
});
