//! Visits and mileage of persons who become one, or ask to be forgotten.

use futures_util::future::join_all;
use paifang_core::time::format_rfc3339;
use paifang_server::people::Role;
use paifang_tests::field::{SITE, assign, fix, person_id, visits_path};
use paifang_tests::{Actor, TestApp, both_at};
use serde_json::{Value, json};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};

/// Noon in Shanghai.
const NOON: &str = "2026-11-20T04:00:00Z";
const DAY_PATH: &str = "/api/v1/mileage-days/me/2026-11-20";

/// So many times 1112 m north of the site.
pub fn north(steps: i32) -> (f64, f64) {
    (SITE.0 + 0.01 * f64::from(steps), SITE.1)
}

both_at!(NOON, stops_and_legs_follow_merged_persons, |app| {
    let (one, two) = app.twins([Role::Engineer; 2]).await;
    let now = app.now();
    app.day_point(&one, "start", now - 3, json!({ "fix": fix(north(0), now) })).await.expect(201);
    let order = app.order_for(&two).await;
    let at = format_rfc3339(now - 2);
    let visit =
        app.check_in(&two, &order, json!({ "at": at, "fix": fix(north(1), now) })).await.expect(201)["visit"].clone();
    app.day_point(&two, "end", now - 1, json!({ "fix": fix(north(2), now) })).await.expect(201);
    app.become_one((&one, "one"), (&two, "two")).await;
    let day = one.get(DAY_PATH).await.expect(200);
    assert_eq!(day["total_meters"], 2 * 1446);
    assert!(day["legs"].as_array().unwrap().iter().all(|leg| leg["id"].is_string()));
    let mine = one.get("/api/v1/me/visits").await.expect(200);
    assert_eq!(mine["items"][0]["id"], visit["id"]);
});

both_at!(NOON, who_is_forgotten_leaves_figures_but_no_places, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let supervisor = app.login_as("supervisor", Role::Supervisor).await;
    let who = person_id(&engineer).await;
    let now = app.now();
    let home = json!({ "fix": fix(north(3), now), "address": "家" });
    app.day_point(&engineer, "start", now - 2, home).await.expect(201);
    let order = app.order_for(&engineer).await;
    let why = |fix: Value| json!({ "fix": fix, "skip_reason": "从家里出发" });
    let visit = app.check_in(&engineer, &order, why(fix(north(1), now))).await.expect(201)["visit"].clone();
    let out =
        app.check_out(&engineer, &order, &visit["id"], why(fix(north(2), now))).await.expect(200)["visit"].clone();
    let unfinished = app.order_for(&engineer).await;
    app.check_in(&engineer, &unfinished, json!({ "at": format_rfc3339(now + 2) })).await.expect(201);
    let day = app.day_point(&engineer, "end", now + 3, json!({ "fix": fix(north(1), now) })).await.expect(201);
    let leg = format!("/api/v1/mileage-legs/{}", day["legs"][0]["id"].as_str().unwrap());
    let edit = json!({ "version": 1, "method": "manual", "meters": 4_000, "reason": "从家里绕路" });
    let day = engineer.patch(&leg, &edit).await.expect(200);
    let path = format!("/api/v1/mileage-days/{who}/{}", day["day"].as_str().unwrap());
    engineer.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    supervisor.post(&format!("{path}/decision"), &json!({ "decision": "approve" })).await.expect(200);
    let reported = json!({ "draft_id": "of-who-is-forgotten", "position": { "latitude": 31.0, "longitude": 121.0 } });
    app.try_report(&engineer, &app.unit(json!({})).await, reported).await.expect(201);
    engineer.delete("/api/v1/me").await.expect(200);
    let kept = app.admin.get(&path).await.expect(200);
    assert_eq!((&kept["total_meters"], &kept["engineer"]["name"]), (&day["total_meters"], &Value::Null));
    assert_eq!(kept["legs"].as_array().unwrap().len(), 3);
    for leg in kept["legs"].as_array().unwrap() {
        assert_eq!(leg.get("reason"), None);
    }
    for stop in kept["stops"].as_array().unwrap() {
        assert_eq!((stop.get("fix"), stop.get("address")), (None, None));
    }
    let shown = app.admin.get(&visits_path(&order)).await.expect(200)["items"][0].clone();
    for mark in ["check_in", "check_out"] {
        assert_eq!((shown[mark].get("fix"), shown[mark].get("reason")), (None, None), "{mark}");
        assert_eq!(shown[mark]["outcome"], out[mark]["outcome"], "{mark}");
        assert_eq!(shown[mark]["distance_meters"], out[mark]["distance_meters"], "{mark}");
    }
    assert_eq!((&shown["result"], &shown["text"]), (&out["result"], &out["text"]), "what was done is the order's");
    let shown = app.admin.get(&visits_path(&unfinished)).await.expect(200)["items"][0].clone();
    assert_eq!(shown.get("check_out"), None, "nobody has checked out there");
    let log = app.admin.get("/api/v1/audit-log?limit=200").await.expect(200).to_string();
    assert!(log.contains("mileage_leg.update") && !log.contains("家里"));
    // Nor is anything left from which a place could be found again by trying.
    for (table, columns) in [
        ("visits", "in_hash, out_hash, in_accuracy, in_fixed_at, out_accuracy, out_fixed_at, in_reason, out_reason"),
        ("day_points", "request_hash, accuracy, fixed_at"),
        ("mileage_legs", "reason"),
    ] {
        let kept = count(&app, table, columns).await;
        assert_eq!(kept, 0, "{table}");
    }
    let reported = count_where(&app, "work_orders", "draft_id = 'of-who-is-forgotten' AND report_hash = ''").await;
    assert_eq!(reported, 1);
    let settled = count_where(&app, "mileage_days", "settled LIKE '%家里%'").await;
    assert_eq!(settled, 0);
});

/// How many rows say anything in one of these columns.
async fn count(app: &TestApp, table: &str, columns: &str) -> i64 {
    let said = columns.split(", ").map(|column| format!("COALESCE(CAST({column} AS TEXT), '') <> ''"));
    count_where(app, table, &said.collect::<Vec<_>>().join(" OR ")).await
}

async fn count_where(app: &TestApp, table: &str, condition: &str) -> i64 {
    sqlx::any::install_default_drivers();
    let mut conn = AnyConnection::connect(&app.stores.database).await.unwrap();
    let select = format!("SELECT COUNT(*) FROM {table} WHERE {condition}");
    conn.fetch_one(AssertSqlSafe(select)).await.unwrap().get(0)
}

both_at!(NOON, who_has_just_become_one_with_somebody_writes_as_them, |app| {
    let (one, two) = app.twins([Role::Engineer; 2]).await;
    let order = app.order_for(&two).await;
    let (stays, goes) = app.become_one_behind(&one, &two, Role::Engineer).await;
    let now = app.now();
    let day = app.day_point(&two, "start", now - 1000, json!({ "fix": fix(north(1), now) })).await.expect(201);
    assert_eq!((&day["engineer"]["id"], day["stops"].as_array().unwrap().len()), (&json!(stays), 1));
    let made = app.check_in(&two, &order, json!({})).await.expect(201);
    assert_eq!(
        (&made["visit"]["engineer"]["id"], &made["work_order"]["state"], made.get("work_order_conflict")),
        (&json!(stays), &json!("on_site"), None)
    );
    let out = app.check_out(&two, &order, &made["visit"]["id"], json!({})).await.expect(200);
    assert_eq!(out["work_order"]["state"], "done");
    app.name_in_sessions(&goes, &stays, Role::Engineer).await;
    let day = one.get(DAY_PATH).await.expect(200);
    assert_eq!((day["stops"].as_array().unwrap().len(), &day["total_meters"]), (2, &json!(1446)));
});

both_at!(NOON, what_was_decided_about_a_day_does_not_hold_for_the_day_of_both, |app| {
    let (one, two) = app.twins([Role::Engineer; 2]).await;
    let supervisor = app.login_as("supervisor", Role::Supervisor).await;
    let now = app.now();
    let pair = async |engineer: &Actor, from: i64, places: [Option<(f64, f64)>; 2]| {
        let fixed = |place: Option<(f64, f64)>| json!({ "fix": place.map(|place| fix(place, from)) });
        app.day_point(engineer, "start", from, fixed(places[0])).await.expect(201);
        app.day_point(engineer, "end", from + 1, fixed(places[1])).await.expect(201)
    };
    let decide = async |engineer: &Actor, day: &str, decision: Option<Value>| {
        let path = format!("/api/v1/mileage-days/{}/{day}", person_id(engineer).await);
        engineer.post(&format!("{path}/submit"), &json!({})).await.expect(200);
        if let Some(decision) = decision {
            supervisor.post(&format!("{path}/decision"), &decision).await.expect(200);
        }
    };
    let approve = || Some(json!({ "decision": "approve" }));
    let reject = || Some(json!({ "decision": "reject", "reason": "缺照片" }));
    let (near, far) = ([Some(north(0)), Some(north(1))], [Some(north(0)), Some(north(2))]);
    // Days back: who had approved, and what the day of both is then.
    for back in 0..5 {
        let at = now - back * 86_400_000 - 1_000;
        let date = format_rfc3339(at)[..10].to_owned();
        pair(&one, at, near).await;
        pair(&two, at + 10, if back == 2 { [None, Some(north(0))] } else { far }).await;
        match back {
            0 => decide(&two, &date, approve()).await,
            1 => {
                decide(&one, &date, approve()).await;
                decide(&two, &date, None).await;
            }
            2 => decide(&one, &date, approve()).await,
            3 => decide(&one, &date, reject()).await,
            _ => {}
        }
    }
    let alone = now - 5 * 86_400_000 - 1_000;
    pair(&two, alone, far).await;
    decide(&two, &format_rfc3339(alone)[..10], approve()).await;
    app.become_one((&one, "one"), (&two, "two")).await;
    for (back, status, meters) in
        [(0, "submitted", 4337), (1, "submitted", 4337), (2, "open", 1446), (3, "rejected", 4337), (4, "open", 4337)]
    {
        let date = format_rfc3339(now - back * 86_400_000 - 1_000)[..10].to_owned();
        let day = one.get(&format!("/api/v1/mileage-days/me/{date}")).await.expect(200);
        assert_eq!((&day["status"], &day["total_meters"]), (&json!(status), &json!(meters)), "{back} days back");
        assert_eq!(day.get("submitted_at").is_some(), matches!(status, "submitted" | "rejected"), "{back} days back");
        assert_eq!(day.get("decided_by").is_some(), status == "rejected", "{back} days back");
        assert_eq!(day["late_stops"], false);
    }
    let alone = format_rfc3339(alone)[..10].to_owned();
    let kept = one.get(&format!("/api/v1/mileage-days/me/{alone}")).await.expect(200);
    assert_eq!(
        (&kept["status"], &kept["total_meters"]),
        (&json!("approved"), &json!(2891)),
        "a day of one alone holds"
    );
    let waiting = supervisor.get("/api/v1/mileage-days").await.expect(200);
    assert_eq!(waiting["items"].as_array().unwrap().len(), 2);
    let log = app.admin.get("/api/v1/audit-log?limit=200").await.expect(200);
    let merged: Vec<_> =
        log["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "mileage_day.merge").collect();
    assert_eq!(merged.len(), 5);
    let approved = merged.iter().find(|entry| entry["before"]["of"][1]["status"] == "approved").unwrap();
    assert_eq!(approved["before"]["of"][1]["settled_meters"], 2891, "what was approved is not lost: {approved}");
});

both_at!(NOON, who_is_part_of_another_may_still_have_been_on_site, |app| {
    let (one, two) = app.twins([Role::Engineer; 2]).await;
    let three = app.login_as("three", Role::Engineer).await;
    let other = person_id(&three).await;
    let given = assign(&app.admin, &app.order_for(&two).await, &other).await;
    let taken = app.order_for(&three).await;
    let moves = |order: &Value| format!("/api/v1/work-orders/{}/moves", order["id"].as_str().unwrap());
    let released = json!({ "move": "release", "version": taken["version"], "reason": "换人" });
    let taken = app.admin.post(&moves(&taken), &released).await.expect(200);
    let take = json!({ "move": "take", "version": taken["version"] });
    let taken = two.post(&moves(&taken), &take).await.expect(200);
    let taken = assign(&app.admin, &taken, &other).await;
    app.become_one((&one, "one"), (&two, "two")).await;
    for order in [&given, &taken] {
        let made = app.check_in(&one, order, json!({ "offline": true })).await.expect(201);
        assert_eq!((&made["work_order_conflict"], made.get("work_order")), (&json!("not_yours"), None));
    }
    let stranger = app.login_as("four", Role::Engineer).await;
    app.check_in(&stranger, &given, json!({ "offline": true })).await.problem(404, "not_found");
});

both_at!(NOON, figures_of_who_was_forgotten_stay, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let supervisor = app.login_as("supervisor", Role::Supervisor).await;
    let now = app.now();
    app.day_point(&engineer, "start", now - 2, json!({ "fix": fix(north(1), now) })).await.expect(201);
    let day = app.day_point(&engineer, "end", now - 1, json!({ "fix": fix(SITE, now) })).await.expect(201);
    let path = format!("/api/v1/mileage-days/{}/2026-11-20", person_id(&engineer).await);
    engineer.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    engineer.delete("/api/v1/me").await.expect(200);
    let leg = format!("/api/v1/mileage-legs/{}", day["legs"][0]["id"].as_str().unwrap());
    let edit = json!({ "version": 1, "method": "great_circle", "reason": "x" });
    supervisor.patch(&leg, &edit).await.problem(409, "conflict");
    let reject = json!({ "decision": "reject", "reason": "再看一次" });
    let rejected = supervisor.post(&format!("{path}/decision"), &reject).await.expect(200);
    let leg = |day: &Value| day["legs"][0]["meters"].clone();
    assert_eq!((&rejected["status"], leg(&rejected)), (&json!("rejected"), json!(1446)));
    supervisor.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    let approved = supervisor.post(&format!("{path}/decision"), &json!({ "decision": "approve" })).await.expect(200);
    assert_eq!((&approved["total_meters"], leg(&approved)), (&json!(1446), json!(1446)));
    let rejected = supervisor.post(&format!("{path}/decision"), &reject).await.expect(200);
    assert_eq!((&rejected["total_meters"], &rejected["complete"]), (&json!(1446), &json!(true)));
});

both_at!(NOON, what_is_acknowledged_while_two_become_one_is_theirs, |app| {
    let (one, two) = app.twins([Role::Engineer; 2]).await;
    let mut orders = Vec::new();
    for _ in 0..12 {
        orders.push(app.order_for(&two).await);
    }
    let (at, now) = (format_rfc3339(app.now() - 1000), app.now());
    let visits = join_all(orders.iter().map(|order| app.check_in(&two, order, json!({ "at": at, "offline": true }))));
    let points =
        join_all((0..12).map(|number| app.day_point(&two, "start", now - number, json!({ "fix": fix(SITE, now) }))));
    let both = app.become_one((&one, "one"), (&two, "two"));
    let (visits, points, ()) = futures_util::join!(visits, points, both);
    let sent = visits.into_iter().chain(points).collect::<Vec<_>>();
    assert!(sent.iter().all(|answer| answer.status == 201), "{sent:?}");
    let day = one.get(DAY_PATH).await.expect(200);
    assert_eq!((day["stops"].as_array().unwrap().len(), day["legs"].as_array().unwrap().len()), (24, 23), "{day}");
    assert_eq!(one.get("/api/v1/me/visits").await.expect(200)["items"].as_array().unwrap().len(), 12);
});
