//! Lists of work orders: the nearest first, own ones, all of them.

use paifang_server::people::Role;
use paifang_tests::{Actor, TestApp, both};
use serde_json::{Value, json};

const ORIGIN: (f64, f64) = (31.2304, 121.4737);

/// Reports at a distance of about `kilometers` to the north.
async fn report_north(app: &TestApp, who: &Actor, kilometers: f64, fault_type: &str) -> Value {
    let position = json!({ "latitude": ORIGIN.0 + kilometers / 111.195, "longitude": ORIGIN.1 });
    app.report(who, json!({ "position": position, "fault_type": fault_type })).await
}

async fn pages(actor: &Actor, query: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        // The engineer has moved on: the pages go on from where the first one was asked.
        let near = if cursor.is_empty() { "31.2304,121.4737" } else { "39.9042,116.4074" };
        let page = actor.get(&format!("/api/v1/work-orders?near={near}{query}{cursor}")).await.expect(200);
        assert_eq!(page["origin"], json!({ "latitude": ORIGIN.0, "longitude": ORIGIN.1 }));
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

both!(the_nearest_come_first_and_pages_stay_stable_while_moving, |app| {
    let settings = json!({ "fault_types": [{ "code": "a", "name": "a", "skill": "electrical" },
        { "code": "b", "name": "b", "skill": "water" }] });
    app.admin.put("/api/v1/service-settings", &settings).await.expect(200);
    let customer = app.login("carol").await;
    let mut expected: Vec<(f64, String, Value)> = Vec::new();
    for (number, kilometers) in [7.0, 0.5, 120.0, 3.0, 3.0, 0.0, 45.0, 900.0].into_iter().enumerate() {
        let order = report_north(&app, &customer, kilometers, if number % 2 == 0 { "a" } else { "b" }).await;
        expected.push((kilometers, order["id"].as_str().unwrap().to_owned(), order["skill"].clone()));
    }
    let nowhere = app.report(&customer, json!({ "fault_type": "a" })).await;
    expected.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    let engineer = app.login_as("emil", Role::Engineer).await;
    let found = pages(&engineer, "&limit=2").await;
    let ids: Vec<_> = found.iter().map(|order| order["id"].as_str().unwrap()).collect();
    let mut wanted: Vec<_> = expected.iter().map(|(_, id, _)| id.as_str()).collect();
    wanted.push(nowhere["id"].as_str().unwrap());
    assert_eq!(ids, wanted);
    for (order, (kilometers, ..)) in found.iter().zip(&expected) {
        let meters = order["distance_meters"].as_f64().unwrap();
        assert!((meters - kilometers * 1000.0).abs() <= 1.0, "{meters} {kilometers}");
    }
    assert_eq!(found.last().unwrap().get("distance_meters"), None);
    let electrical = pages(&engineer, "&limit=3&skill=electrical").await;
    assert_eq!(electrical.len(), 5);
    assert!(electrical.iter().all(|order| order["skill"] == "electrical"));
    assert_eq!(pages(&engineer, "&state=accepted").await, [Value::Null; 0]);
    let dispatcher = app.login_as("dora", Role::Dispatcher).await;
    app.make_move(&dispatcher, &found[0], "accept", json!({})).await;
    assert_eq!(pages(&engineer, "&state=accepted").await[0]["id"], found[0]["id"]);
    assert_eq!(
        pages(&engineer, "&state=submitted&skill=water").await.len(),
        4 - usize::from(found[0]["skill"] == "water")
    );
    app.make_move(&engineer, &found[1], "take", json!({})).await;
    assert_eq!(pages(&engineer, "").await.len(), 8);
    let mine = engineer.get("/api/v1/work-orders?mine=true").await.expect(200);
    assert_eq!(mine["items"].as_array().unwrap().len(), 1);
    assert_eq!(mine["items"][0]["id"], found[1]["id"]);
});

both!(orders_that_are_due_come_by_distance_too, |app| {
    let customer = app.login("carol").await;
    let engineer = app.login_as("emil", Role::Engineer).await;
    let hurried = json!({ "business_hours": [], "resolution_minutes": 5 });
    let patient = json!({ "business_hours": [], "resolution_minutes": 50_000 });
    app.admin.put("/api/v1/service-settings", &hurried).await.expect(200);
    let far = report_north(&app, &customer, 30.0, "other").await;
    let near = report_north(&app, &customer, 2.0, "other").await;
    app.admin.put("/api/v1/service-settings", &patient).await.expect(200);
    report_north(&app, &customer, 1.0, "other").await;
    let soon = paifang_core::time::format_rfc3339(app.running.app.clock.now() + 3_600_000);
    let found = pages(&engineer, &format!("&limit=1&due_before={soon}")).await;
    let ids: Vec<_> = found.iter().map(|order| &order["id"]).collect();
    assert_eq!(ids, [&near["id"], &far["id"]]);
});

both!(a_wrong_question_gets_a_clear_answer, |app| {
    let engineer = app.login_as("emil", Role::Engineer).await;
    for (query, status, code) in [
        ("near=here", 400, "malformed_parameter"),
        ("near=91,0", 422, "invalid_field"),
        ("near=nan,0", 422, "invalid_field"),
        ("near=31,121&cursor=x", 400, "malformed_parameter"),
        ("near=31,121&state=gone", 400, "malformed_parameter"),
        ("near=31,121&due_before=soon", 400, "malformed_parameter"),
        ("near=31,121&limit=0", 422, "invalid_field"),
        ("", 403, "forbidden"),
        ("engineer_id=x", 403, "forbidden"),
        ("near=31,121&mine=true", 400, "malformed_parameter"),
        ("mine=true&equipment_id=x", 400, "malformed_parameter"),
        ("engineer_id=x&customer_id=y", 400, "malformed_parameter"),
    ] {
        engineer.get(&format!("/api/v1/work-orders?{query}")).await.problem(status, code);
    }
});

both!(dispatchers_see_all_orders_newest_first, |app| {
    let customer = app.login("carol").await;
    let mut orders = Vec::new();
    for _ in 0..5 {
        orders.push(app.report(&customer, json!({})).await);
    }
    let dispatcher = app.login_as("dora", Role::Dispatcher).await;
    let engineer = app.login_as("emil", Role::Engineer).await;
    app.make_move(&engineer, &orders[0], "take", json!({})).await;
    app.make_move(&dispatcher, &orders[1], "cancel", json!({ "reason": "x" })).await;
    let list = async |query: String| {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = dispatcher.get(&format!("/api/v1/work-orders?limit=2{query}{cursor}")).await.expect(200);
            ids.extend(page["items"].as_array().unwrap().iter().map(|order| order["id"].clone()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return ids,
            }
        }
    };
    let id = |number: usize| orders[number]["id"].clone();
    assert_eq!(list(String::new()).await, [id(4), id(3), id(2), id(1), id(0)]);
    assert_eq!(list("&open=true".to_owned()).await, [id(4), id(3), id(2), id(0)]);
    assert_eq!(list("&open=false".to_owned()).await, [id(1)]);
    assert_eq!(list("&state=assigned".to_owned()).await, [id(0)]);
    let who = engineer.get("/api/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned();
    assert_eq!(list(format!("&engineer_id={who}")).await, [id(0)]);
    assert_eq!(list("&customer_id=none".to_owned()).await, [Value::Null; 0]);
    let mine = customer.get("/api/v1/me/work-orders?open=false").await.expect(200);
    assert_eq!(mine["items"][0]["id"], id(1));
    let mine = customer.get("/api/v1/me/work-orders?open=true&limit=3").await.expect(200);
    assert_eq!((mine["items"].as_array().unwrap().len(), mine["next_cursor"].is_string()), (3, true));
});

both!(open_orders_are_where_their_unit_turns_out_to_be, |app| {
    let (carol, engineer) = (app.login("carol").await, app.login_as("emil", Role::Engineer).await);
    let unit = app.unit(json!({})).await;
    let plain = app.try_report(&carol, &unit, json!({})).await.expect(201);
    let elsewhere = json!({ "separate": true, "position": { "latitude": 31.0, "longitude": 121.0 } });
    let placed = app.try_report(&carol, &unit, elsewhere).await.expect(201);
    let mut unit = unit;
    for latitude in [31.2304, 31.2404] {
        unit["position"] = json!({ "latitude": latitude, "longitude": 121.4737 });
        let path = format!("/api/v1/equipment/{}", unit["id"].as_str().unwrap());
        unit = app.admin.put(&path, &unit).await.expect(200);
        let near = format!("/api/v1/work-orders?near={latitude},121.4737");
        let found = engineer.get(&near).await.expect(200)["items"].clone();
        assert_eq!((&found[0]["id"], &found[0]["distance_meters"]), (&plain["id"], &json!(0)));
        assert_eq!((&found[1]["id"], &found[1]["position"]["latitude"]), (&placed["id"], &json!(31.0)));
    }
});

both!(an_order_that_is_opened_again_is_where_its_unit_is_by_then, |app| {
    let (carol, unit) = (app.login("carol").await, app.unit(json!({})).await);
    let order = app.try_report(&carol, &unit, json!({})).await.expect(201);
    let canceled = app.make_move(&app.admin, &order, "cancel", json!({ "reason": "修好了" })).await;
    let mut unit = unit;
    unit["position"] = json!({ "latitude": 31.2304, "longitude": 121.4737 });
    app.admin.put(&format!("/api/v1/equipment/{}", unit["id"].as_str().unwrap()), &unit).await.expect(200);
    app.make_move(&app.admin, &canceled, "reopen", json!({ "reason": "又坏了" })).await;
    let engineer = app.login_as("emil", Role::Engineer).await;
    let found = engineer.get("/api/v1/work-orders?near=31.2304,121.4737").await.expect(200)["items"].clone();
    assert_eq!((&found[0]["id"], &found[0]["distance_meters"]), (&order["id"], &json!(0)));
});

both!(all_orders_are_one_list_of_open_and_past_ones, |app| {
    let carol = app.login("carol").await;
    let mut ids = Vec::new();
    for number in 0..6 {
        let order = app.report(&carol, json!({})).await;
        if number % 2 == 0 {
            app.make_move(&app.admin, &order, "cancel", json!({ "reason": "重复" })).await;
        }
        ids.push(order["id"].clone());
    }
    ids.reverse();
    let (mut listed, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.admin.get(&format!("/api/v1/work-orders?limit=4{cursor}")).await.expect(200);
        listed.extend(page["items"].as_array().unwrap().iter().map(|order| order["id"].clone()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(listed, ids);
    for (open, expected) in [("true", 3), ("false", 3)] {
        let page = app.admin.get(&format!("/api/v1/work-orders?open={open}")).await.expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), expected, "open={open}");
    }
});
