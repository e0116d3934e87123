//! A person never sees another customer's order, through whatever route.

use paifang_server::people::Role;
use paifang_tests::{Actor, TestApp, both, nonce, order_path};
use serde_json::{Value, json};

/// What is only in this order.
const SECRET: &str = "机房密码锁坏了";
const PHONE: &str = "13800138000";

/// Everything that somebody can ask and that could show an order, as one text.
async fn everything(app: &TestApp, actor: &Actor, order: &Value, unit: &Value) -> String {
    let id = order["id"].as_str().unwrap();
    let code = unit["code"].as_str().unwrap();
    let unit_id = unit["id"].as_str().unwrap();
    let whole = app.admin.get(&order_path(order)).await.expect(200);
    let engineer_id = whole["engineer"]["id"].as_str().unwrap_or("00000000-0000-7000-8000-000000000000");
    let customer_id = whole["customer"]["id"].as_str().unwrap_or("00000000-0000-7000-8000-000000000000");
    let addition = json!({ "draft_id": nonce(), "text": "我也是" });
    let mut seen = String::new();
    for path in [
        format!("/api/v1/work-orders/{id}"),
        "/api/v1/me/work-orders".to_owned(),
        "/api/v1/work-orders?near=31.23,121.47".to_owned(),
        "/api/v1/work-orders?mine=true".to_owned(),
        "/api/v1/work-orders".to_owned(),
        format!("/api/v1/work-orders?equipment_id={unit_id}"),
        format!("/api/v1/equipment/{code}"),
        "/api/v1/audit-log".to_owned(),
        format!("/api/v1/work-orders/{id}/visits"),
        format!("/api/v1/work-orders?engineer_id={engineer_id}"),
        format!("/api/v1/work-orders?customer_id={customer_id}"),
        format!("/api/v1/customers/{customer_id}/members"),
        format!("/api/v1/mileage-days?engineer_id={engineer_id}"),
        "/api/v1/engineers".to_owned(),
        "/api/v1/me/visits".to_owned(),
        format!("/f/{id}"),
        format!("/api/v1/followed/{id}"),
    ] {
        seen += &actor.get(&path).await.body.to_string();
    }
    seen += &actor.post(&format!("/api/v1/work-orders/{id}/additions"), &addition).await.body.to_string();
    for made in ["take", "accept", "cancel", "confirm"] {
        seen += &app.try_move(actor, &json!({ "id": id, "version": 99 }), made, json!({})).await.body.to_string();
    }
    seen += &app.try_report(actor, unit, json!({})).await.body.to_string();
    // Whoever scans the unit sees the number, and the phone of a company is no secret.
    let by_phone = json!({ "number": order["number"], "phone": PHONE, "equipment_code": code });
    seen += &actor.post("/api/v1/followed", &by_phone).await.body.to_string();
    let claim = json!({ "follow_code": id });
    seen + &actor.post("/api/v1/me/work-orders/claim", &claim).await.body.to_string()
}

both!(orders_are_seen_by_those_whom_they_concern, |app| {
    let company = app.customer("东方物业").await;
    let unit = app.unit(json!({ "customer_id": company["id"] })).await;
    let reporter = app.login("carol").await;
    let more = json!({ "text": SECRET, "contact": { "phone": PHONE } });
    let order = app.try_report(&reporter, &unit, more).await.expect(201);
    let engineer = app.login_as("emil", Role::Engineer).await;
    app.make_move(&engineer, &order, "take", json!({})).await;
    let made = app.check_in(&engineer, &order, json!({})).await.expect(201);
    let written = json!({ "result": "unfinished", "text": SECRET });
    app.check_out(&engineer, &order, &made["visit"]["id"], written).await.expect(200);
    let before = app.admin.get(&order_path(&order)).await.expect(200);
    let sees = [
        ("the reporter", reporter),
        ("a member of the company", app.login_for("colleague", &company).await),
        ("the engineer", engineer),
        ("a dispatcher", app.login_as("dora", Role::Dispatcher).await),
        ("an admin", app.admin.clone()),
    ];
    for (who, actor) in &sees {
        let seen = actor.get(&order_path(&order)).await.expect(200);
        assert_eq!((&seen["text"], &seen["contact"]["phone"]), (&json!(SECRET), &json!("+8613800138000")), "{who}");
    }
    let blind = [
        ("another engineer", app.login_as("erna", Role::Engineer).await),
        ("a guest", app.login("gina").await),
        ("a member", app.login_as("mei", Role::Member).await),
        ("a member of another company", app.login_for("sven", &app.customer("别家").await).await),
        ("staff", app.login_as("stan", Role::Staff).await),
        ("a supervisor", app.login_as("sue", Role::Supervisor).await),
        ("another organization", app.foreign_admin.clone()),
        ("nobody", app.anonymous()),
    ];
    for (who, actor) in &blind {
        let seen = everything(&app, actor, &order, &unit).await;
        assert!(!seen.contains(SECRET) && !seen.contains("13800138000"), "{who}: {seen}");
        let status = actor.get(&order_path(&order)).await.status;
        assert_eq!(status, if *who == "nobody" { 401 } else { 404 }, "{who}");
    }
    let after = app.admin.get(&order_path(&order)).await.expect(200);
    assert_eq!((&after["version"], &after["entries"]), (&before["version"], &before["entries"]), "none has changed it");
});

both!(engineers_see_waiting_orders_without_the_contact, |app| {
    let unit = app.unit(json!({})).await;
    let more = json!({ "text": SECRET, "contact": { "name": "王小明", "phone": PHONE },
        "position": { "latitude": 31.23, "longitude": 121.47 } });
    let reporter = app.login("carol").await;
    let order = app.try_report(&reporter, &unit, more).await.expect(201);
    let engineer = app.login_as("emil", Role::Engineer).await;
    let seen = everything(&app, &engineer, &order, &unit).await;
    assert!(seen.contains(SECRET) && !seen.contains("13800138000") && !seen.contains("王小明"), "{seen}");
});

both!(who_only_scans_a_unit_does_not_learn_where_it_stands_by_reporting_it, |app| {
    let company = app.customer("东方物业").await;
    let place = json!({ "customer_id": company["id"], "serial_number": "PF-2026-000123", "site": "3 号机房",
        "address": "人民大道 200 号", "position": { "latitude": 31.2304, "longitude": 121.4737 } });
    let unit = app.unit(place).await;
    let secrets = ["PF-2026", "3 号机房", "人民大道", "东方物业", "31.23"];
    let blind = |seen: &Value| {
        let text = seen.to_string();
        assert!(secrets.iter().all(|secret| !text.contains(secret)), "{text}");
        assert_eq!(seen["equipment"]["serial_number"], "***0123");
    };
    let more = |text: &str| json!({ "separate": true, "text": text, "contact": { "phone": PHONE } });
    let anonymous = app.try_report(&app.anonymous(), &unit, more("坏了")).await.expect(201);
    blind(&anonymous);
    let guest = app.login("gina").await;
    let reported = app.try_report(&guest, &unit, more("也坏了")).await.expect(201);
    blind(&reported);
    blind(&guest.get(&order_path(&reported)).await.expect(200));
    blind(&guest.get("/api/v1/me/work-orders").await.expect(200)["items"][0]);
    let canceled = app.make_move(&guest, &reported, "cancel", json!({ "reason": "好了" })).await;
    blind(&canceled);
    let mut placed = more("还坏着");
    placed["position"] = json!({ "latitude": 31.0, "longitude": 121.0 });
    let placed = app.try_report(&guest, &unit, placed).await.expect(201);
    assert_eq!(placed["position"], json!({ "latitude": 31.0, "longitude": 121.0 }), "what they said themselves");
    blind(&placed);
    let member = app.login_for("colleague", &company).await;
    let seen = app.try_report(&member, &unit, more("坏")).await.expect(201);
    assert!(secrets.iter().all(|secret| seen.to_string().contains(secret)), "{seen}");
    let registered =
        guest.post("/api/v1/me/equipment", &json!({ "serial_number": "PF-2026-000123" })).await.expect(201);
    blind(&guest.get(&order_path(&reported)).await.expect(200));
    let decision = format!("/api/v1/equipment-registrations/{}/decision", registered["id"].as_str().unwrap());
    app.admin.post(&decision, &json!({ "decision": "verify" })).await.expect(200);
    let owned = guest.get(&order_path(&reported)).await.expect(200);
    assert_eq!((&owned["equipment"]["site"], &owned["customer"]["name"]), (&json!("3 号机房"), &json!("东方物业")));
});

both!(a_move_that_is_sent_again_shows_no_order_that_is_not_theirs_any_more, |app| {
    let company = app.customer("东方物业").await;
    let unit = app.unit(json!({ "customer_id": company["id"] })).await;
    let colleague = app.login_for("colleague", &company).await;
    let order = app.try_report(&app.login("carol").await, &unit, json!({ "text": SECRET })).await.expect(201);
    let again = json!({ "reason": "误报", "move_key": nonce() });
    let canceled = app.make_move(&colleague, &order, "cancel", again.clone()).await;
    let id = colleague.get("/api/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned();
    app.admin.delete(&format!("/api/v1/customers/{}/members/{id}", company["id"].as_str().unwrap())).await.expect(204);
    let heard = app.try_move(&colleague, &order, "cancel", again).await.expect(200);
    let known =
        json!({ "id": order["id"], "number": order["number"], "state": "canceled", "version": canceled["version"] });
    assert_eq!(heard, known);
});

both!(a_company_that_somebody_leaves_keeps_its_orders, |app| {
    let company = app.customer("东方物业").await;
    let unit = app.unit(json!({ "customer_id": company["id"] })).await;
    let colleague = app.login_for("colleague", &company).await;
    let order = app.try_report(&app.login("carol").await, &unit, json!({})).await.expect(201);
    assert_eq!(colleague.get("/api/v1/me/work-orders").await.expect(200)["items"][0]["id"], order["id"]);
    let id = colleague.get("/api/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/customers/{}/members/{id}", company["id"].as_str().unwrap());
    app.admin.delete(&path).await.expect(204);
    colleague.get(&order_path(&order)).await.problem(404, "not_found");
});
