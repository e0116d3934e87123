//! Work orders of persons who become one with somebody else while a request of theirs runs.

use paifang_server::people::Role;
use paifang_tests::{both, nonce, order_path};
use serde_json::json;

both!(who_has_just_become_one_with_somebody_reports_and_takes_as_them, |app| {
    let (one, two) = app.twins([Role::Engineer; 2]).await;
    let (stays, goes) = app.become_one_behind(&one, &two, Role::Engineer).await;
    let unit = app.unit(json!({})).await;
    let report = json!({ "draft_id": nonce(), "contact": { "phone": "13800138000" } });
    let order = app.try_report(&two, &unit, report.clone()).await.expect(201);
    app.try_report(&two, &unit, report).await.expect(200);
    let taken = app.make_move(&two, &order, "take", json!({})).await;
    assert_eq!((&taken["engineer"]["id"], &taken["state"]), (&json!(stays), &json!("assigned")));
    let addition = json!({ "number": order["number"], "draft_id": nonce(), "text": "门禁要刷卡" });
    two.post(&format!("/api/v1/equipment/{}/additions", unit["code"].as_str().unwrap()), &addition).await.expect(200);
    let claimed = app
        .try_report(
            &app.anonymous(),
            &app.unit(json!({})).await,
            json!({
        "contact": { "phone": "13900139000" } }),
        )
        .await
        .expect(201);
    let code = json!({ "follow_code": claimed["follow"]["code"] });
    two.post("/api/v1/me/work-orders/claim", &code).await.expect(200);
    let registration = json!({ "serial_number": unit["serial_number"] });
    two.post("/api/v1/me/equipment", &registration).await.expect(201);
    app.name_in_sessions(&goes, &stays, Role::Engineer).await;
    let mine = one.get("/api/v1/me/work-orders").await.expect(200)["items"].clone();
    assert_eq!(
        mine.as_array().unwrap().iter().map(|order| &order["id"]).collect::<Vec<_>>(),
        [&claimed["id"], &order["id"]]
    );
    let own = one.get("/api/v1/work-orders?mine=true").await.expect(200)["items"].clone();
    assert_eq!((own.as_array().unwrap().len(), &own[0]["id"]), (1, &order["id"]));
    let whole = one.get(&order_path(&order)).await.expect(200);
    assert!(!whole.to_string().contains(&goes), "nothing names who is no more: {whole}");
    assert_eq!(one.get("/api/v1/me/equipment").await.expect(200)["items"].as_array().unwrap().len(), 1);
});

both!(an_order_is_assigned_to_who_somebody_is_by_now, |app| {
    let (one, two) = app.twins([Role::Engineer; 2]).await;
    let (stays, goes) = app.become_one_behind(&one, &two, Role::Engineer).await;
    let order = app.report(&app.login("carol").await, json!({})).await;
    let assigned = app.make_move(&app.admin, &order, "assign", json!({ "engineer_id": stays })).await;
    assert_eq!(assigned["engineer"]["id"], json!(stays));
    let again = app.make_move(&app.admin, &assigned, "assign", json!({ "engineer_id": goes })).await;
    assert_eq!(again["engineer"]["id"], json!(stays));
    let nobody = json!({ "engineer_id": "00000000-0000-7000-8000-000000000000" });
    app.try_move(&app.admin, &again, "assign", nobody).await.problem(422, "invalid_field");
});
