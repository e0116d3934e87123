//! Issuing, changing and finding tickets.

use paifang_server::people::Role;
use paifang_tests::both;
use serde_json::json;

both!(another_product_or_validity_makes_a_new_code_and_revokes_the_old, |app| {
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({})).await;
    assert!(ticket["code"].as_str().unwrap().len() <= 154);
    assert_eq!(ticket["short_code"].as_str().unwrap().len(), 12);
    let path = format!("/api/v1/tickets/{}", ticket["id"].as_str().unwrap());
    let renamed = app.admin.patch(&path, &json!({ "attendee_name": "李雷", "seat": "A1" })).await.expect(200);
    assert_eq!((&renamed["code"], &renamed["attendee_name"]), (&ticket["code"], &json!("李雷")));
    let changed = app.admin.patch(&path, &json!({ "valid_until": "2035-01-01T00:00:00Z" })).await.expect(200);
    assert_ne!(changed["code"], ticket["code"]);
    let old = app.scan(&app.admin, &made, &ticket["code"], json!({})).await.expect(200);
    assert_eq!((&old["status"], &old["reason"]), (&json!("error"), &json!("revoked")));
    let new = app.scan(&app.admin, &made, &changed["code"], json!({})).await.expect(200);
    assert_eq!(new["status"], "ok");
    let cleared = app.admin.patch(&path, &json!({ "valid_until": null, "seat": null })).await.expect(200);
    assert_eq!((&cleared["valid_until"], &cleared["seat"]), (&json!(null), &json!(null)));
});

both!(a_new_key_signs_and_the_old_codes_stay_good, |app| {
    let made = app.event().await;
    let before = app.ticket(&made, json!({})).await;
    app.admin.post(&format!("/api/v1/events/{}/keys", made["event"].as_str().unwrap()), &json!({})).await.expect(201);
    let after = app.ticket(&made, json!({})).await;
    for ticket in [before, after] {
        assert_eq!(app.scan(&app.admin, &made, &ticket["code"], json!({})).await.expect(200)["status"], "ok");
    }
});

both!(a_revoked_ticket_stays_revoked, |app| {
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({})).await;
    let path = format!("/api/v1/tickets/{}", ticket["id"].as_str().unwrap());
    for status in ["pending", "canceled", "blocked", "valid", "revoked"] {
        assert_eq!(app.admin.patch(&path, &json!({ "status": status })).await.expect(200)["status"], status);
    }
    app.admin.patch(&path, &json!({ "status": "valid" })).await.problem(409, "conflict");
    app.admin.patch(&path, &json!({ "status": "sold" })).await.problem(422, "invalid_field");
    app.foreign_admin.patch(&path, &json!({ "status": "valid" })).await.problem(404, "not_found");
});

both!(a_reference_is_unique_within_the_event, |app| {
    let made = app.event().await;
    app.ticket(&made, json!({ "reference": "R1" })).await;
    let body = json!({ "product_id": made["product"], "order_code": "D2", "attendee_name": "x", "reference": "R1" });
    let path = format!("/api/v1/events/{}/tickets", made["event"].as_str().unwrap());
    app.admin.post(&path, &body).await.problem(409, "already_exists");
});

both!(door_staff_find_by_exact_code_only, |app| {
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({ "order_code": "D77", "phone": "13800138000" })).await;
    app.ticket(&made, json!({ "order_code": "D78", "attendee_name": "100%_李" })).await;
    let staff = app.login_as("sam", Role::Staff).await;
    let supervisor = app.login_as("sue", Role::Supervisor).await;
    let path = format!("/api/v1/events/{}/tickets", made["event"].as_str().unwrap());
    let typed = ticket["short_code"].as_str().unwrap().to_lowercase();
    for q in ["D77", typed.as_str()] {
        let found = staff.get(&format!("{path}?q={q}")).await.expect(200);
        assert_eq!(found["items"][0]["id"], ticket["id"]);
        let shown = found["items"][0].as_object().unwrap();
        assert!(!shown.contains_key("phone") && !shown.contains_key("code"), "{found}");
    }
    for q in ["王", "D7", "%25", "王小明"] {
        assert_eq!(staff.get(&format!("{path}?q={q}")).await.expect(200)["items"], json!([]), "{q}");
    }
    staff.get(&path).await.problem(422, "invalid_field");
    let by_name = supervisor.get(&format!("{path}?q=小明")).await.expect(200);
    assert_eq!(by_name["items"][0]["phone"], "+8613800138000");
    let literal = supervisor.get(&format!("{path}?q=100%25_")).await.expect(200);
    assert_eq!(literal["items"].as_array().unwrap().len(), 1);
    assert_eq!(supervisor.get(&format!("{path}?q=%25")).await.expect(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(supervisor.get(&format!("{path}?status=pending")).await.expect(200)["items"], json!([]));
});
