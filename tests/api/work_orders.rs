//! The life of work orders: moves, who may make them, and two who want the same one.

use futures_util::future::join_all;
use paifang_server::people::Role;
use paifang_tests::{Actor, both, nonce, order_path};
use serde_json::{Value, json};

fn moves(order: &Value) -> Vec<&str> {
    order["moves"].as_array().unwrap().iter().map(|offer| offer["move"].as_str().unwrap()).collect()
}

async fn id_of(actor: &Actor) -> Value {
    actor.get("/api/v1/me").await.expect(200)["id"].clone()
}

both!(an_order_lives_from_the_report_to_the_file, |app| {
    let customer = app.login("carol").await;
    let engineer = app.login_as("emil", Role::Engineer).await;
    let dispatcher = app.login_as("dora", Role::Dispatcher).await;
    let order = app.report(&customer, json!({ "contact": { "name": "王小明", "phone": "13800138000" } })).await;
    assert_eq!((&order["state"], &order["version"]), (&json!("submitted"), &json!(1)));
    assert_eq!(moves(&order), ["cancel"]);
    assert_eq!(order["contact"], json!({ "name": "王小明", "phone": "+8613800138000" }));
    let order = app.make_move(&dispatcher, &order, "accept", json!({})).await;
    assert_eq!(moves(&order), ["take", "assign", "cancel"]);
    let order = app.make_move(&dispatcher, &order, "assign", json!({ "engineer_id": id_of(&engineer).await })).await;
    assert_eq!(order["engineer"]["id"], id_of(&engineer).await);
    let order = app.make_move(&engineer, &order, "set_out", json!({})).await;
    let order = app.make_move(&engineer, &order, "arrive", json!({})).await;
    let past = json!({ "reason": "等配件", "until": "1970-01-01T00:00:00Z" });
    app.try_move(&engineer, &order, "pause", past).await.expect_problem_at("until");
    let order = app.make_move(&engineer, &order, "pause", json!({ "reason": "等配件" })).await;
    assert_eq!((&order["state"], &order["targets"]["paused"]), (&json!("paused"), &json!(true)));
    let order = app.make_move(&engineer, &order, "resume", json!({})).await;
    let order = app.make_move(&engineer, &order, "arrive", json!({})).await;
    let order = app.make_move(&engineer, &order, "finish", json!({ "text": "更换保险丝" })).await;
    let seen = customer.get(&order_path(&order)).await.expect(200);
    assert_eq!(moves(&seen), ["confirm", "reopen"]);
    let order = app.make_move(&customer, &seen, "reopen", json!({ "reason": "又坏了" })).await;
    assert_eq!((&order["state"], order.get("engineer")), (&json!("reopened"), None));
    let order = app.make_move(&engineer, &order, "take", json!({})).await;
    let order = app.make_move(&engineer, &order, "arrive", json!({})).await;
    let order = app.make_move(&engineer, &order, "finish", json!({ "text": "更换主板" })).await;
    let order = app.make_move(&customer, &order, "confirm", json!({ "rating": 5, "comment": "很好" })).await;
    assert_eq!((&order["rating"], &order["comment"]), (&json!(5), &json!("很好")));
    let order = app.make_move(&dispatcher, &order, "close", json!({})).await;
    assert_eq!(order["state"], "closed");
    let entries = order["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 15);
    assert_eq!(entries[5]["reason"], "等配件");
    assert_eq!(entries[8]["by"]["as"], "engineer");
    let kinds: Vec<_> = entries.iter().map(|entry| entry["by"]["as"].as_str().unwrap()).collect();
    assert_eq!((kinds[0], kinds[1], kinds[3], kinds[9]), ("customer", "dispatcher", "engineer", "customer"));
    let log = app.admin.get("/api/v1/audit-log?limit=200").await.expect(200);
    let made = log["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "work_order.move");
    assert_eq!(made.count(), 14);
});

both!(of_many_engineers_who_take_an_order_at_once_one_gets_it, |app| {
    let order = app.report(&app.login("carol").await, json!({})).await;
    let mut engineers = Vec::new();
    for number in 0..6 {
        engineers.push(app.login_as(&format!("e{number}"), Role::Engineer).await);
    }
    let answers = join_all(engineers.iter().map(|engineer| app.try_move(engineer, &order, "take", json!({})))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 5));
    for answer in lost {
        assert_eq!(answer.status, 409, "{}", answer.body);
        assert_eq!(answer.body["work_order"]["state"], "assigned");
        assert_eq!(answer.body["work_order"].get("text"), None, "another engineer's order is not shown");
    }
    let late = app.login_as("late", Role::Engineer).await;
    let refused = app.try_move(&late, &order, "take", json!({})).await.problem(409, "move_refused");
    assert_eq!(refused["reason"], "taken");
});

both!(a_stale_version_gets_the_order_as_it_is, |app| {
    let order = app.report(&app.login("carol").await, json!({})).await;
    let dispatcher = app.login_as("dora", Role::Dispatcher).await;
    app.make_move(&dispatcher, &order, "accept", json!({})).await;
    let stale = app.try_move(&dispatcher, &order, "cancel", json!({ "reason": "x" })).await;
    let current = stale.problem(409, "version_stale");
    assert_eq!((&current["work_order"]["version"], &current["work_order"]["state"]), (&json!(2), &json!("accepted")));
    assert_eq!(current["work_order"]["moves"][0]["move"], "take");
    let refused = app.try_move(&dispatcher, &current["work_order"], "close", json!({})).await;
    let refused = refused.problem(409, "move_refused");
    assert_eq!(
        (&refused["reason"], &refused["work_order"]["state"]),
        (&json!("not_from_this_state"), &json!("accepted"))
    );
});

both!(a_move_that_is_sent_again_is_made_once, |app| {
    let order = app.report(&app.login("carol").await, json!({})).await;
    let engineer = app.login_as("emil", Role::Engineer).await;
    let key = json!({ "move_key": nonce() });
    let both = join_all([0, 1].map(|_| app.try_move(&engineer, &order, "take", key.clone()))).await;
    for answer in both {
        assert_eq!((answer.status, &answer.body["version"]), (200, &json!(2)), "{}", answer.body);
    }
    let again = app.make_move(&engineer, &order, "take", key.clone()).await;
    assert_eq!((&again["version"], &again["state"]), (&json!(2), &json!("assigned")));
    assert_eq!(again["entries"].as_array().unwrap().len(), 2);
    let other = app.try_move(&engineer, &again, "set_out", key).await;
    other.problem(422, "draft_reused");
    let release = json!({ "move_key": nonce(), "reason": "没有配件" });
    let released = app.make_move(&engineer, &again, "release", release.clone()).await;
    app.make_move(&app.login_as("erna", Role::Engineer).await, &released, "take", json!({})).await;
    app.make_move(&engineer, &again, "release", release).await;
    app.try_move(&engineer, &again, "release", json!({ "reason": "没有配件" })).await.problem(404, "not_found");
});

both!(moves_out_of_order_without_right_or_with_wrong_fields_change_nothing, |app| {
    let customer = app.login("carol").await;
    let order = app.report(&customer, json!({})).await;
    let engineer = app.login_as("emil", Role::Engineer).await;
    let dispatcher = app.login_as("dora", Role::Dispatcher).await;
    app.try_move(&customer, &order, "accept", json!({})).await.problem(403, "forbidden");
    app.try_move(&engineer, &order, "finish", json!({ "text": "x" })).await.problem(409, "move_refused");
    app.try_move(&engineer, &order, "cancel", json!({ "reason": "x" })).await.problem(403, "forbidden");
    app.try_move(&dispatcher, &order, "fly", json!({})).await.problem(422, "invalid_field");
    app.try_move(&customer, &order, "cancel", json!({})).await.problem(422, "invalid_field");
    let long = "长".repeat(10_000);
    app.try_move(&customer, &order, "cancel", json!({ "reason": long })).await.problem(422, "invalid_field");
    app.try_move(&dispatcher, &order, "accept", json!({ "rating": 5 })).await.problem(422, "invalid_field");
    for wrong in [json!("nobody"), id_of(&customer).await] {
        let refused = app.try_move(&dispatcher, &order, "assign", json!({ "engineer_id": wrong })).await;
        assert_eq!(refused.problem(422, "invalid_field")["errors"][0]["field"], "engineer_id");
    }
    for at in ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"] {
        app.try_move(&dispatcher, &order, "accept", json!({ "at": at })).await.problem(422, "invalid_field");
    }
    app.try_move(&dispatcher, &order, "accept", json!({ "move_key": "short" })).await.problem(422, "invalid_field");
    let seen = dispatcher.get(&order_path(&order)).await.expect(200);
    assert_eq!((&seen["version"], seen["entries"].as_array().unwrap().len()), (&json!(1), 1));
});

both!(an_engineer_who_is_forgotten_leaves_the_open_orders_to_others, |app| {
    let order = app.report(&app.login("carol").await, json!({})).await;
    let engineer = app.login_as("emil", Role::Engineer).await;
    app.make_move(&engineer, &order, "take", json!({})).await;
    engineer.delete("/api/v1/me").await.expect(200);
    let seen = app.admin.get(&order_path(&order)).await.expect(200);
    assert_eq!((&seen["state"], seen.get("engineer")), (&json!("reopened"), None));
    let last = seen["entries"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["from"], &last["to"], &last["by"]["kind"]),
        (&json!("assigned"), &json!("reopened"), &json!("system"))
    );
    let other = app.login_as("erna", Role::Engineer).await;
    app.make_move(&other, &seen, "take", json!({})).await;
});

async fn load(dispatcher: &Actor) -> Vec<i64> {
    let engineers = dispatcher.get("/api/v1/engineers").await.expect(200);
    engineers["items"].as_array().unwrap().iter().map(|one| one["open_work_orders"].as_i64().unwrap()).collect()
}

both!(a_dispatcher_sees_who_has_how_much_to_do, |app| {
    let dispatcher = app.login_as("dora", Role::Dispatcher).await;
    let engineer = app.login_as("emil", Role::Engineer).await;
    assert_eq!(load(&dispatcher).await, [0, 0]);
    let order = app.report(&app.login("carol").await, json!({})).await;
    app.make_move(&engineer, &order, "take", json!({})).await;
    assert_eq!(load(&dispatcher).await, [0, 1]);
});

both!(a_dispatcher_sees_where_engineers_were_last, |app| {
    let dispatcher = app.login_as("dora", Role::Dispatcher).await;
    let engineer = app.login_as("emil", Role::Engineer).await;
    let now = app.running.app.clock.now();
    for (kind, minutes, latitude) in [("start", 60, 31.0), ("end", 1, 31.2304)] {
        let at = paifang_core::time::format_rfc3339(now - minutes * 60_000);
        let fix =
            json!({ "latitude": latitude, "longitude": 121.4737, "accuracy": 12, "source": "gps", "fixed_at": at });
        let sent = paifang_core::time::format_rfc3339(app.running.app.clock.now());
        let point = json!({ "point_key": nonce(), "kind": kind, "at": at, "sent_at": sent, "fix": fix });
        engineer.post("/api/v1/me/day-points", &point).await.expect(201);
    }
    // A point that was picked says where somebody wants to be, and a clock that is ahead is put right.
    let later = paifang_core::time::format_rfc3339(now + 1000);
    let ahead = paifang_core::time::format_rfc3339(now - 3_600_000 + 7_200_000);
    let sent_ahead = paifang_core::time::format_rfc3339(now + 7_200_000);
    let picked = json!({ "latitude": 31.3, "longitude": 121.4737, "source": "picked", "fixed_at": later });
    let early = json!({ "latitude": 31.4, "longitude": 121.4737, "accuracy": 12, "source": "gps", "fixed_at": ahead });
    for (at, sent_at, fix) in [(&later, &later, picked), (&ahead, &sent_ahead, early)] {
        let point = json!({ "point_key": nonce(), "kind": "start", "at": at, "sent_at": sent_at, "fix": fix });
        engineer.post("/api/v1/me/day-points", &point).await.expect(201);
    }
    let engineers = dispatcher.get("/api/v1/engineers?near=31.2394,121.4737").await.expect(200);
    let emil = &engineers["items"].as_array().unwrap().iter().find(|one| one["last_fix"].is_object()).unwrap();
    assert_eq!((&emil["last_fix"]["latitude"], &emil["last_fix"]["accuracy"]), (&json!(31.2304), &json!(12)));
    assert_eq!(emil["distance_meters"], 1001);
    dispatcher.get("/api/v1/engineers?near=x").await.problem(400, "malformed_parameter");
});
