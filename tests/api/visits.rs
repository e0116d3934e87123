//! Visits: check-in, check-out, what they prove, who sees them.

use futures_util::future::join_all;
use paifang_core::time::format_rfc3339;
use paifang_server::people::Role;
use paifang_tests::field::{SITE, assign, assigned, fix, person_id, unit_at, visits_path, with};
use paifang_tests::{both_at, nonce};
use serde_json::{Value, json};

/// Noon in Shanghai.
const NOON: &str = "2026-11-20T04:00:00Z";
const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

both_at!(NOON, a_visit_takes_the_order_along, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let order = app.order_for(&engineer).await;
    let body = app.check_in_body(json!({}));
    let made = engineer.post(&visits_path(&order), &body).await.expect(201);
    let visit = &made["visit"];
    assert_eq!((&visit["check_in"]["outcome"], &visit["check_in"]["distance_meters"]), (&json!("inside"), &json!(0)));
    assert_eq!((&made["work_order"]["state"], made.get("work_order_conflict")), (&json!("on_site"), None));
    assert_eq!(visit["check_in"]["fix"], body["fix"], "the raw fix is kept");
    let mut again = body.clone();
    again["sent_at"] = json!(format_rfc3339(app.now() + 1000));
    again["offline"] = json!(true);
    assert_eq!(engineer.post(&visits_path(&order), &again).await.expect(200)["visit"], *visit, "one effect");
    again["skip_reason"] = json!("别的");
    engineer.post(&visits_path(&order), &again).await.problem(422, "key_reused");

    let work = json!({ "parts": [{ "name": "电源模块", "number": "PSU-1", "quantity": "1.5", "unit": "个" }],
        "labor": [{ "kind": "维修", "minutes": 45 }], "signer_name": "李经理" });
    let out = app.check_out_body(work);
    let path = format!("{}/{}", visits_path(&order), visit["visit_key"].as_str().unwrap());
    let done = engineer.patch(&path, &out).await.expect(200);
    assert_eq!((&done["work_order"]["state"], &done["visit"]["result"]), (&json!("done"), &json!("done")));
    assert_eq!((&done["visit"]["parts"], &done["visit"]["labor"]), (&out["parts"], &out["labor"]));
    let by_id = format!("{}/{}", visits_path(&order), visit["id"].as_str().unwrap());
    assert_eq!(engineer.patch(&by_id, &out).await.expect(200)["visit"], done["visit"], "one effect");
    let mut other = out.clone();
    other["text"] = json!("别的");
    engineer.patch(&by_id, &other).await.problem(409, "already_checked_out");
    let path = format!("/api/v1/work-orders/{}", order["id"].as_str().unwrap());
    let entries = app.admin.get(&path).await.expect(200)["entries"].clone();
    let kinds: Vec<_> = entries.as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "visit").count(), 2, "{entries}");
    let listed = engineer.get("/api/v1/me/visits").await.expect(200);
    assert_eq!(listed["items"], json!([done["visit"]]));
    assert_eq!(engineer.get("/api/v1/me/visits?day=2020-01-01").await.expect(200)["items"], json!([]));
    engineer.get("/api/v1/me/visits?day=yesterday").await.problem(422, "invalid_field");
});

both_at!(NOON, what_a_fix_proves_is_recorded, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let now = app.now();
    // 0.01 degrees north are 1112 m, the geofence is 500 m.
    let near = |accuracy: f64| {
        let mut fix = fix((SITE.0 + 0.01, SITE.1), now);
        fix["accuracy"] = json!(accuracy);
        fix
    };
    let old = fix(SITE, now - 60 * MINUTE);
    let picked = with(fix(SITE, now), json!({ "source": "picked" }));
    for (more, outcome, distance) in [
        (json!({ "fix": near(612.0) }), "inside", json!(1112)),
        (json!({ "fix": near(611.0) }), "outside", json!(1112)),
        (json!({ "fix": near(20.0), "skip_reason": "在门卫处" }), "outside", json!(1112)),
        (json!({ "fix": null }), "no_fix", Value::Null),
        (json!({ "fix": old }), "no_fix", Value::Null),
        (json!({ "fix": picked }), "no_fix", Value::Null),
        (json!({ "fix": picked, "skip_reason": "地下室没有信号" }), "skipped", Value::Null),
        (json!({ "fix": picked, "offline": true }), "offline", Value::Null),
        (json!({ "fix": null, "skip_reason": "地下室没有信号" }), "skipped", Value::Null),
        (json!({ "fix": null, "offline": true }), "offline", Value::Null),
        (json!({ "offline": true }), "inside", json!(0)),
    ] {
        let order = app.order_for(&engineer).await;
        let visit = app.check_in(&engineer, &order, more.clone()).await.expect(201)["visit"]["check_in"].clone();
        assert_eq!((&visit["outcome"], &visit["distance_meters"]), (&json!(outcome), &distance), "{more}");
        assert_eq!(visit["reason"], more["skip_reason"]);
        if let Some(sent) = more.get("fix").filter(|fix| fix.is_object()) {
            assert_eq!(&visit["fix"], sent, "the raw fix is kept");
        }
    }
    let nowhere = unit_at(&app.admin, None).await;
    let order = assigned(&app.admin, &nowhere, &engineer).await;
    let visit = app.check_in(&engineer, &order, json!({})).await.expect(201)["visit"].clone();
    assert_eq!(visit["check_in"]["outcome"], "offline", "there is no site to compare with");
});

both_at!(NOON, a_geofence_blocks_where_the_organization_says_so, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    app.serve_with(json!({ "geofence_blocks": true, "geofence_meters": 100 })).await;
    let order = app.order_for(&engineer).await;
    let far = fix((SITE.0 + 0.01, SITE.1), app.now());
    let problem = app.check_in(&engineer, &order, json!({ "fix": far })).await.problem(409, "outside_geofence");
    assert_eq!(problem["distance_meters"], 1112);
    app.check_in(&engineer, &order, json!({ "fix": null })).await.problem(409, "outside_geofence");
    let picked = with(fix(SITE, app.now()), json!({ "source": "picked" }));
    let problem = app.check_in(&engineer, &order, json!({ "fix": picked })).await.problem(409, "outside_geofence");
    assert_eq!((&problem["outcome"], &problem["distance_meters"]), (&json!("no_fix"), &Value::Null));
    assert_eq!(engineer.get(&visits_path(&order)).await.expect(200)["items"], json!([]));
    let why = json!({ "fix": far, "skip_reason": "客户在门口等" });
    assert_eq!(app.check_in(&engineer, &order, why).await.expect(201)["work_order"]["state"], "on_site");
    let order = app.order_for(&engineer).await;
    app.check_in(&engineer, &order, json!({ "fix": far, "offline": true })).await.expect(201);
});

both_at!(NOON, clocks_are_judged_and_original_times_are_kept, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let now = app.now();
    let at = |at: i64, sent: i64| {
        let at_text = format_rfc3339(at);
        json!({ "at": at_text, "sent_at": format_rfc3339(sent), "fix": fix(SITE, at), "offline": true })
    };
    let hour = 60 * MINUTE;
    let order = app.order_for(&engineer).await;
    let ahead = at(now + hour - 10 * MINUTE, now + hour);
    let visit = app.check_in(&engineer, &order, ahead.clone()).await.expect(201)["visit"].clone();
    assert_eq!((&visit["check_in"]["at"], &visit["check_in"]["clock_suspect"]), (&ahead["at"], &json!(true)));
    assert!((hour - visit["check_in"]["clock_skew_ms"].as_i64().unwrap()).abs() < MINUTE);
    let order = app.order_for(&engineer).await;
    let late = at(now - 6 * DAY, now);
    let visit = app.check_in(&engineer, &order, late.clone()).await.expect(201)["visit"].clone();
    assert_eq!((&visit["check_in"]["at"], &visit["check_in"]["clock_suspect"]), (&late["at"], &json!(false)));
    for (from, sent) in [(now - 8 * DAY, now), (now + 10 * MINUTE, now), (now, now + 8 * DAY), (now, 0)] {
        let order = app.order_for(&engineer).await;
        app.check_in(&engineer, &order, at(from, sent)).await.expect_problem_at("at");
    }
});

both_at!(NOON, a_visit_is_recorded_although_the_order_has_moved_on, |app| {
    let (one, two) = (app.login_as("one", Role::Engineer).await, app.login_as("two", Role::Engineer).await);
    let three = app.login_as("three", Role::Engineer).await;
    let order = app.order_for(&one).await;
    let order = assign(&app.admin, &order, &person_id(&two).await).await;
    let made = app.check_in(&one, &order, json!({ "offline": true })).await.expect(201);
    assert_eq!((&made["work_order_conflict"], made.get("work_order")), (&json!("not_yours"), None));
    let key = made["visit"]["visit_key"].clone();
    let out = app.check_out(&one, &order, &key, json!({ "offline": true })).await.expect(200);
    assert_eq!(out["work_order_conflict"], "not_yours");
    let path = format!("/api/v1/work-orders/{}", order["id"].as_str().unwrap());
    assert_eq!(app.admin.get(&path).await.expect(200)["state"], "assigned", "the other's order is as it was");
    app.check_in(&three, &order, json!({})).await.problem(404, "not_found");
    app.check_out(&two, &order, &key, json!({})).await.problem(403, "forbidden");
    one.get(&visits_path(&order)).await.problem(404, "not_found");
    assert_eq!(two.get(&visits_path(&order)).await.expect(200)["items"].as_array().unwrap().len(), 1);

    let order = app.order_for(&one).await;
    let moves = format!("/api/v1/work-orders/{}/moves", order["id"].as_str().unwrap());
    let cancel = json!({ "move": "cancel", "version": order["version"], "reason": "客户取消" });
    app.admin.post(&moves, &cancel).await.expect(200);
    let made = app.check_in(&one, &order, json!({ "offline": true })).await.expect(201);
    assert_eq!(
        (&made["work_order_conflict"], &made["work_order"]["state"]),
        (&json!("not_from_this_state"), &json!("canceled"))
    );
});

both_at!(NOON, an_order_takes_so_many_visits_and_no_more, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let order = app.order_for(&engineer).await;
    let body = app.check_in_body(json!({}));
    for _ in 0..150 {
        app.check_in(&engineer, &order, json!({})).await.expect(201);
    }
    engineer.post(&visits_path(&order), &body).await.problem(409, "conflict");
    assert_eq!(engineer.get(&visits_path(&order)).await.expect(200)["items"].as_array().unwrap().len(), 150);
    let elsewhere = app.order_for(&engineer).await;
    engineer.post(&visits_path(&elsewhere), &body).await.expect(201);
});

both_at!(NOON, work_may_pause_or_stay_unfinished, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let order = app.order_for(&engineer).await;
    let visit = app.check_in(&engineer, &order, json!({})).await.expect(201)["visit"]["id"].clone();
    let out = |more: Value| app.check_out(&engineer, &order, &visit, more);
    out(json!({ "result": "paused" })).await.expect_problem_at("reason");
    out(json!({ "result": "gone" })).await.expect_problem_at("result");
    out(json!({ "text": "字".repeat(10_000) })).await.expect_problem_at("text");
    out(json!({ "parts": [{ "name": "x", "quantity": "-1" }] })).await.expect_problem_at("parts[0].quantity");
    out(json!({ "labor": [{ "kind": "x", "minutes": 0 }] })).await.expect_problem_at("labor[0].minutes");
    out(json!({ "at": format_rfc3339(app.now() - 60 * MINUTE) })).await.expect_problem_at("at");
    let stale = out(json!({ "version": 7 })).await.problem(409, "version_stale");
    assert_eq!(stale["current"]["version"], 1);
    let paused = out(json!({ "result": "paused", "reason": "等备件", "version": 1 })).await.expect(200);
    assert_eq!((&paused["work_order"]["state"], &paused["visit"]["reason"]), (&json!("paused"), &json!("等备件")));
    let order = app.order_for(&engineer).await;
    let visit = app.check_in(&engineer, &order, json!({})).await.expect(201)["visit"]["id"].clone();
    let left = app.check_out(&engineer, &order, &visit, json!({ "result": "unfinished" })).await.expect(200);
    assert_eq!((&left["work_order"]["state"], &left["visit"]["result"]), (&json!("on_site"), &json!("unfinished")));
    let back = app.check_in(&engineer, &order, json!({})).await.expect(201);
    assert_eq!(back.get("work_order_conflict"), None, "being there already is no conflict");
});

both_at!(NOON, a_late_check_out_does_not_pause_what_was_resumed, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let make = async |order: &Value, body: Value| {
        let path = format!("/api/v1/work-orders/{}", order["id"].as_str().unwrap());
        let version = app.admin.get(&path).await.expect(200)["version"].clone();
        app.admin.post(&format!("{path}/moves"), &with(body, json!({ "version": version }))).await.expect(200);
    };
    let pause = json!({ "move": "pause", "reason": "等备件" });
    let late = json!({ "result": "paused", "reason": "等备件", "offline": true });
    let order = app.order_for(&engineer).await;
    let made = app.check_in(&engineer, &order, json!({})).await.expect(201);
    make(&order, pause.clone()).await;
    make(&order, json!({ "move": "resume" })).await;
    let out = app.check_out(&engineer, &order, &made["visit"]["id"], late.clone()).await.expect(200);
    assert_eq!(
        (&out["work_order"]["state"], &out["work_order_conflict"], &out["visit"]["result"]),
        (&json!("assigned"), &json!("not_from_this_state"), &json!("paused"))
    );
    assert_eq!(out["visit"]["check_out"]["work_order_conflict"], "not_from_this_state");
    // Where it is paused still, the visit means no more than that.
    let order = app.order_for(&engineer).await;
    let made = app.check_in(&engineer, &order, json!({})).await.expect(201);
    make(&order, pause).await;
    let out = app.check_out(&engineer, &order, &made["visit"]["id"], late).await.expect(200);
    assert_eq!((&out["work_order"]["state"], out.get("work_order_conflict")), (&json!("paused"), None));
});

both_at!(NOON, everybody_sees_what_they_may, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let other = app.login_as("other", Role::Engineer).await;
    let (dispatcher, supervisor) =
        (app.login_as("dispatcher", Role::Dispatcher).await, app.login_as("supervisor", Role::Supervisor).await);
    let customer = app.login("customer").await;
    let unit = unit_at(&app.admin, Some(SITE)).await;
    let report = json!({ "draft_id": nonce(), "equipment_code": unit, "fault_type": "no_power", "text": "坏了",
        "contact": { "phone": "13800138000" } });
    let order = customer.post("/api/v1/work-orders", &report).await.expect(201);
    app.check_in(&other, &order, json!({})).await.problem(403, "forbidden");
    let order = assign(&app.admin, &order, &person_id(&engineer).await).await;
    let visit = app.check_in(&engineer, &order, json!({ "skip_reason": "x" })).await.expect(201)["visit"].clone();
    let path = visits_path(&order);
    for actor in [&engineer, &dispatcher, &app.admin] {
        assert_eq!(actor.get(&path).await.expect(200)["items"], json!([visit]));
    }
    let shown = customer.get(&path).await.expect(200)["items"][0].clone();
    assert_eq!(shown["check_in"]["outcome"], "inside");
    for hidden in ["fix", "distance_meters", "reason"] {
        assert_eq!(shown["check_in"].get(hidden), None, "{hidden}");
    }
    for actor in [&other, &supervisor, &app.foreign_admin] {
        actor.get(&path).await.problem(404, "not_found");
    }
    app.check_in(&other, &order, json!({})).await.problem(404, "not_found");
    app.check_in(&dispatcher, &order, json!({})).await.problem(403, "forbidden");
    app.check_in(&customer, &order, json!({})).await.problem(403, "forbidden");
    app.check_in(&app.admin, &order, json!({})).await.problem(403, "forbidden");
    let out = app.check_out(&other, &order, &visit["id"], json!({})).await;
    out.problem(404, "not_found");
});

both_at!(NOON, two_uploads_at_once_give_one_visit, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let order = app.order_for(&engineer).await;
    let body = app.check_in_body(json!({}));
    let path = visits_path(&order);
    let answers = join_all((0..8).map(|_| engineer.post(&path, &body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.status == 200));
    let out = app.check_out_body(json!({}));
    let path = format!("{path}/{}", body["visit_key"].as_str().unwrap());
    let answers: Vec<_> = join_all((0..8).map(|_| engineer.patch(&path, &out)))
        .await
        .into_iter()
        .map(|answer| answer.expect(200))
        .collect();
    assert!(answers.iter().all(|answer| answer["visit"] == answers[0]["visit"]));
    assert_eq!(engineer.get(&visits_path(&order)).await.expect(200)["items"].as_array().unwrap().len(), 1);
    let key = body["visit_key"].clone();
    let elsewhere = app.order_for(&engineer).await;
    app.check_in(&engineer, &elsewhere, json!({ "visit_key": key })).await.problem(422, "key_reused");
});

both_at!(NOON, what_is_off_the_globe_is_no_fix, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let order = app.order_for(&engineer).await;
    for (more, field) in [
        (json!({ "fix": fix((91.0, 0.0), app.now()) }), "fix.latitude"),
        (json!({ "fix": fix((0.0, -180.5), app.now()) }), "fix.longitude"),
        (json!({ "fix": { "latitude": 1, "longitude": 1, "source": "guess", "fixed_at": "x" } }), "fix.source"),
        (json!({ "visit_key": "short" }), "visit_key"),
        (json!({ "skip_reason": "字".repeat(10_000) }), "skip_reason"),
    ] {
        app.check_in(&engineer, &order, more).await.expect_problem_at(field);
    }
    assert_eq!(engineer.get(&visits_path(&order)).await.expect(200)["items"], json!([]));
});
