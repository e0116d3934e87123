//! Events, products, lists, keys.

use paifang_tests::both;
use serde_json::json;

both!(an_event_is_made_and_found_again, |app| {
    let made = app.event().await;
    let path = format!("/api/v1/events/{}", made["event"].as_str().unwrap());
    let event = app.admin.get(&path).await.expect(200);
    assert_eq!(event["time_zone"], "Asia/Shanghai");
    assert_eq!(app.admin.get("/api/v1/events").await.expect(200)["items"].as_array().unwrap().len(), 1);
    let keys = app.admin.get(&format!("{path}/keys")).await.expect(200);
    assert_eq!(keys["items"][0]["number"], 1);
    let second = app.admin.post(&format!("{path}/keys"), &json!({})).await.expect(201);
    assert_eq!(second["number"], 2);
    app.admin.post(&format!("{path}/products"), &json!({ "name": "普通票" })).await.problem(409, "already_exists");
    let lists = app.admin.get(&format!("{path}/check-in-lists")).await.expect(200);
    assert_eq!(lists["items"][0]["id"], made["list"]);
});

both!(wrong_fields_are_all_named, |app| {
    let body = json!({ "name": " ", "starts_at": "2026-05-02T00:00:00Z", "ends_at": "2026-05-01T00:00:00Z",
        "time_zone": "Mars/Base" });
    let problem = app.admin.post("/api/v1/events", &body).await.problem(422, "invalid_field");
    let fields: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| error["field"].clone()).collect();
    assert_eq!(fields, ["name", "ends_at", "time_zone"]);
    let made = app.event().await;
    let lists = format!("/api/v1/events/{}/check-in-lists", made["event"].as_str().unwrap());
    for (list, field) in [
        (json!({ "name": "x", "product_ids": ["nothing"] }), "product_ids[0]"),
        (json!({ "name": "x", "product_ids": [] }), "product_ids"),
        (json!({ "name": "x", "gates": ["a", "a"] }), "gates[1]"),
        (json!({ "name": "x", "rules": { "like": [1, 2] } }), "rules"),
        (json!({ "name": "x", "starts_at": "tomorrow" }), "starts_at"),
        (json!({}), "name"),
    ] {
        let problem = app.admin.post(&lists, &list).await.problem(422, "invalid_field");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
});

both!(a_list_is_replaced_and_the_next_scan_follows_it, |app| {
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({})).await;
    let path = format!("/api/v1/check-in-lists/{}", made["list"].as_str().unwrap());
    let closed = json!({ "name": "主入口", "ends_at": "2020-01-01T00:00:00Z" });
    app.foreign_admin.put(&path, &closed).await.problem(404, "not_found");
    app.admin.put(&path, &closed).await.expect(200);
    let refused = app.scan(&app.admin, &made, &ticket["code"], json!({})).await.expect(200);
    assert_eq!(refused["reason"], "list_closed");
});

both!(pages_follow_their_cursor, |app| {
    for number in 0..5 {
        let body = json!({ "name": format!("e{number}"), "starts_at": "2026-05-01T00:00:00Z",
            "ends_at": "2026-05-02T00:00:00Z", "time_zone": "UTC" });
        app.admin.post("/api/v1/events", &body).await.expect(201);
    }
    let mut names = Vec::new();
    let mut path = "/api/v1/events?limit=2".to_owned();
    loop {
        let page = app.admin.get(&path).await.expect(200);
        names.extend(page["items"].as_array().unwrap().iter().map(|event| event["name"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/events?limit=2&cursor={cursor}");
    }
    names.sort_by_key(|name| name.to_string());
    assert_eq!(names, ["e0", "e1", "e2", "e3", "e4"]);
    app.admin.get("/api/v1/events?cursor=%27").await.problem(400, "malformed_parameter");
    app.admin.get("/api/v1/events?limit=0").await.problem(422, "invalid_field");
    app.admin.get("/api/v1/events?limit=x").await.problem(400, "malformed_parameter");
});
