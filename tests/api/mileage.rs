//! Mileage: stops, legs with every method, edits, days and time zones.

use paifang_core::time::{format_rfc3339, parse_rfc3339};
use paifang_server::people::Role;
use paifang_tests::field::{SITE, assigned, fix, person_id, unit_at, with};
use paifang_tests::media::{camera_jpeg, upload};
use paifang_tests::{Actor, TestApp, both_at, nonce};
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;
/// Noon in Shanghai.
const NOON: &str = "2026-11-20T04:00:00Z";
const DAY_PATH: &str = "/api/v1/mileage-days/me/2026-11-20";

/// So many times 1112 m north of the site.
fn north(steps: i32) -> (f64, f64) {
    (SITE.0 + 0.01 * f64::from(steps), SITE.1)
}

fn legs(day: &Value) -> Vec<(Value, Value)> {
    day["legs"].as_array().unwrap().iter().map(|leg| (leg["method"].clone(), leg["meters"].clone())).collect()
}

/// A visit of a unit there, `minutes` after noon.
async fn visit(app: &TestApp, engineer: &Actor, minutes: i64, place: Option<(f64, f64)>) -> Value {
    let unit = unit_at(&app.admin, Some(SITE)).await;
    let order = assigned(&app.admin, &unit, engineer).await;
    let at = parse_rfc3339(NOON).unwrap() + minutes * MINUTE;
    let more = json!({ "at": format_rfc3339(at), "fix": place.map(|place| fix(place, at)), "offline": true });
    app.check_in(engineer, &order, more).await.expect(201)["visit"].clone()
}

/// Where the day starts or ends, `minutes` after noon.
async fn point(app: &TestApp, engineer: &Actor, kind: &str, minutes: i64, place: Option<(f64, f64)>) -> Value {
    let at = parse_rfc3339(NOON).unwrap() + minutes * MINUTE;
    let answer = app.day_point(engineer, kind, at, json!({ "fix": place.map(|place| fix(place, at)) })).await;
    answer.expect(201)
}

both_at!("2026-11-20T12:00:00Z", legs_do_not_depend_on_the_order_of_uploads, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    assert_eq!(engineer.get(DAY_PATH).await.expect(200)["total_meters"], 0);
    // The last upload comes first.
    point(&app, &engineer, "end", 180, Some(north(0))).await;
    visit(&app, &engineer, 120, Some(north(2))).await;
    point(&app, &engineer, "start", 0, Some(north(0))).await;
    visit(&app, &engineer, 60, Some(north(1))).await;
    let day = engineer.get(DAY_PATH).await.expect(200);
    let great = json!("great_circle");
    let expected = [1446, 1446, 2891].map(|meters| (great.clone(), json!(meters)));
    assert_eq!(legs(&day), expected);
    assert_eq!((&day["total_meters"], &day["complete"]), (&json!(5783), &json!(true)), "a round trip is not zero");
    let kinds: Vec<_> = day["stops"].as_array().unwrap().iter().map(|stop| stop["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["start", "visit", "visit", "end"]);
    assert_eq!(day["stops"][0]["id"], day["legs"][0]["from"]);
    assert!(day["stops"][1]["visit"]["number"].is_string());

    // The phone finds the same figures by the same rule.
    let asked = json!({ "stops": day["stops"], "edits": day["legs"], "detour_permille": day["detour_permille"] });
    let answer: Value = serde_json::from_str(&paifang_core::call::call("mileage_day", &asked.to_string())).unwrap();
    assert_eq!(answer["ok"]["total_meters"], day["total_meters"]);

    // A visit between two others makes two legs of one.
    visit(&app, &engineer, 90, Some(north(2))).await;
    let after = engineer.get(DAY_PATH).await.expect(200);
    assert_eq!(legs(&after), [1446, 1446, 0, 2891].map(|meters| (great.clone(), json!(meters))));
    let gone = format!("/api/v1/mileage-legs/{}", day["legs"][1]["id"].as_str().unwrap());
    let edit = json!({ "version": 1, "method": "manual", "meters": 1, "reason": "x" });
    engineer.patch(&gone, &edit).await.problem(409, "conflict");
    app.serve_with(json!({ "detour_permille": 2000 })).await;
    assert_eq!(engineer.get(DAY_PATH).await.expect(200)["total_meters"], 5783, "a day keeps its factor");
});

both_at!(NOON, a_day_point_is_written_once, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let now = app.now();
    let key = nonce();
    let body = json!({ "point_key": key, "address": "公司", "odometer_meters": 12_345_000, "fix": fix(SITE, now) });
    let made = app.day_point(&engineer, "start", now, body.clone()).await.expect(201);
    let mut sent_later = body.clone();
    sent_later["offline"] = json!(true);
    assert_eq!(app.day_point(&engineer, "start", now, sent_later).await.expect(200), made);
    app.day_point(&engineer, "end", now, body.clone()).await.problem(422, "key_reused");
    let other = app.login_as("other", Role::Engineer).await;
    app.day_point(&other, "start", now, body).await.problem(422, "key_reused");
    assert_eq!(made["stops"].as_array().unwrap().len(), 1);
    assert_eq!(made["stops"][0]["odometer_meters"], 12_345_000);
    for (more, field) in [
        (json!({ "fix": fix((0.0, 181.0), now) }), "fix.longitude"),
        (json!({ "point_key": "x" }), "point_key"),
        (json!({ "day": "tomorrow" }), "day"),
        (json!({ "day": "2020-01-01" }), "day"),
        (json!({ "odometer_meters": -1 }), "odometer_meters"),
        (json!({ "address": "字".repeat(10_000) }), "address"),
        (json!({ "photo_id": "nothing" }), "photo_id[0]"),
    ] {
        app.day_point(&engineer, "start", now, more).await.expect_problem_at(field);
    }
    app.day_point(&engineer, "visit", now, json!({})).await.expect_problem_at("kind");
    app.day_point(&engineer, "start", now - 8 * 1440 * MINUTE, json!({})).await.expect_problem_at("at");
    app.day_point(&app.admin, "start", now, json!({})).await.problem(403, "forbidden");
});

both_at!(NOON, legs_are_edited_with_a_reason, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let now = app.now();
    app.day_point(&engineer, "start", now - 2, json!({ "fix": null })).await.expect(201);
    let day = app.day_point(&engineer, "end", now - 1, json!({ "fix": fix(SITE, now) })).await.expect(201);
    let leg = day["legs"][0].clone();
    assert_eq!((&leg["meters"], &leg["needs_manual"]), (&Value::Null, &json!(true)));
    let who = person_id(&engineer).await;
    let date = day["day"].as_str().unwrap();
    let submit = format!("/api/v1/mileage-days/{who}/{date}/submit");
    engineer.post(&submit, &json!({})).await.problem(409, "mileage_incomplete");
    let path = format!("/api/v1/mileage-legs/{}", leg["id"].as_str().unwrap());
    let edit = |more: Value| with(json!({ "version": 1, "method": "manual", "reason": "没有定位" }), more);
    engineer.patch(&path, &edit(json!({}))).await.expect_problem_at("meters");
    engineer.patch(&path, &edit(json!({ "meters": 3_000_001 }))).await.expect_problem_at("meters");
    engineer.patch(&path, &edit(json!({ "meters": 1, "reason": " " }))).await.expect_problem_at("reason");
    engineer.patch(&path, &edit(json!({ "meters": 1, "method": "guess" }))).await.expect_problem_at("method");
    let said = edit(json!({ "meters": 12_500 }));
    let changed = engineer.patch(&path, &said).await.expect(200);
    assert_eq!((&changed["total_meters"], &changed["legs"][0]["version"]), (&json!(12_500), &json!(2)));
    assert_eq!(engineer.patch(&path, &said).await.expect(200), changed, "one effect");
    let stale = engineer.patch(&path, &edit(json!({ "meters": 7 }))).await.problem(409, "version_stale");
    assert_eq!(stale["current"]["meters"], 12_500);
    for version in [i64::MAX, i64::MIN] {
        let odd = with(said.clone(), json!({ "version": version }));
        engineer.patch(&path, &odd).await.problem(409, "version_stale");
    }

    let odometer = |end: i64| {
        let start = json!({ "version": 2, "method": "odometer", "odometer_start_meters": 1_000 });
        edit(with(start, json!({ "odometer_end_meters": end })))
    };
    engineer.patch(&path, &odometer(999)).await.expect_problem_at("odometer_end_meters");
    engineer.patch(&path, &odometer(9_000)).await.expect_problem_at("photo_ids");
    let query = format!("kind=photo&upload_key={}", nonce());
    let photo = upload(&engineer, &query, camera_jpeg(64, 48), "o.jpg", "image/jpeg").await.expect(201);
    let shown = with(odometer(9_000), json!({ "photo_ids": [photo["id"]] }));
    let other = app.login_as("other", Role::Engineer).await;
    other.patch(&path, &shown).await.problem(404, "not_found");
    let changed = engineer.patch(&path, &shown).await.expect(200);
    let leg = &changed["legs"][0];
    assert_eq!(
        (&leg["method"], &leg["meters"], &leg["odometer_end"]),
        (&json!("odometer"), &json!(8_000), &json!(9_000))
    );
    assert_eq!(leg["photos"][0]["id"], photo["id"]);
    let supervisor = app.login_as("supervisor", Role::Supervisor).await;
    // Under the version before, it is no repetition where it brings another photo.
    assert_eq!(engineer.patch(&path, &shown).await.expect(200), changed, "one effect");
    let query = format!("kind=photo&upload_key={}", nonce());
    let more = upload(&engineer, &query, camera_jpeg(48, 64), "o.jpg", "image/jpeg").await.expect(201);
    let with_more = with(shown, json!({ "photo_ids": [photo["id"], more["id"]] }));
    engineer.patch(&path, &with_more).await.problem(409, "version_stale");
    let with_more = with(with_more, json!({ "version": 3 }));
    let changed = engineer.patch(&path, &with_more).await.expect(200);
    assert_eq!(
        (changed["legs"][0]["photos"].as_array().unwrap().len(), &changed["legs"][0]["version"]),
        (2, &json!(4))
    );
    let corrected = edit(json!({ "version": 4, "meters": 8_100 }));
    assert_eq!(supervisor.patch(&path, &corrected).await.expect(200)["total_meters"], 8_100);
    let log = app.admin.get("/api/v1/audit-log?limit=200").await.expect(200);
    let edits = log["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "mileage_leg.update");
    assert_eq!(edits.count(), 4, "every change is in the log");
});

both_at!(NOON, odd_figures_are_flagged, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let now = app.now();
    let at = |place, odometer: i64| json!({ "fix": fix(place, now), "odometer_meters": odometer });
    app.day_point(&engineer, "start", now - 2, at(north(0), 100_000)).await.expect(201);
    let day = app.day_point(&engineer, "end", now - 1, at(north(2), 200_000)).await.expect(201);
    assert_eq!((&day["odometer_meters"], &day["odometer_suspicion"]), (&json!(100_000), &json!("too_long")));
    let path = format!("/api/v1/mileage-legs/{}", day["legs"][0]["id"].as_str().unwrap());
    for (version, meters, suspicion) in
        [(1, 2_500, Value::Null), (2, 9_000, json!("too_long")), (3, 100, json!("too_short"))]
    {
        let edit = json!({ "version": version, "method": "manual", "meters": meters, "reason": "绕路" });
        let leg = engineer.patch(&path, &edit).await.expect(200)["legs"][0].clone();
        assert_eq!((&leg["suspicion"], &leg["meters"]), (&suspicion, &json!(meters)));
    }
});

// Half past midnight in Shanghai.
both_at!("2026-11-20T16:30:00Z", a_day_ends_at_the_organization_s_midnight, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let now = app.now();
    let at = now - 31 * MINUTE;
    let late = app.day_point(&engineer, "start", at, json!({ "fix": fix(SITE, at) })).await.expect(201);
    assert_eq!(late["day"], "2026-11-20");
    let early = app.day_point(&engineer, "end", now - 29 * MINUTE, json!({ "fix": fix(SITE, now) })).await.expect(201);
    assert_eq!((&early["day"], early["legs"].as_array().unwrap().len()), (&json!("2026-11-21"), 0));
    let of_the_eve = json!({ "fix": fix(north(1), now), "day": "2026-11-20" });
    let home = app.day_point(&engineer, "end", now, of_the_eve).await.expect(201);
    assert_eq!((&home["day"], &home["total_meters"]), (&json!("2026-11-20"), &json!(1446)), "home after midnight");
    app.day_point(&engineer, "end", now, json!({ "day": "2026-11-19" })).await.expect_problem_at("day");
    app.serve_with(json!({ "time_zone": "UTC" })).await;
    let utc = app.day_point(&engineer, "start", now, json!({})).await.expect(201);
    assert_eq!(utc["day"], "2026-11-20");
    engineer.get("/api/v1/mileage-days/me/2026-11-31").await.problem(404, "not_found");
});

// Half past two at night in Shanghai.
both_at!("2026-11-20T18:30:00Z", a_day_may_end_after_midnight, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    // Eleven at night of the twentieth.
    let start = parse_rfc3339("2026-11-20T15:00:00Z").unwrap();
    let said = |place, at| json!({ "fix": fix(place, at), "day": "2026-11-20" });
    app.day_point(&engineer, "start", start, said(north(27), start)).await.expect(201);
    let order = app.order_for(&engineer).await;
    let at = start + 80 * MINUTE;
    let body = with(said(SITE, at), json!({ "at": format_rfc3339(at), "offline": true, "visit_key": nonce() }));
    let visit = app.check_in(&engineer, &order, body.clone()).await.expect(201)["visit"].clone();
    assert_eq!(app.check_in(&engineer, &order, body.clone()).await.expect(200)["visit"], visit, "one effect");
    for other in [json!({ "day": null }), json!({ "day": "2026-11-21" })] {
        app.check_in(&engineer, &order, with(body.clone(), other)).await.problem(422, "key_reused");
    }
    let end = start + 180 * MINUTE;
    let day = app.day_point(&engineer, "end", end, said(north(27), end)).await.expect(201);
    assert_eq!((&day["day"], day["legs"].as_array().unwrap().len()), (&json!("2026-11-20"), 2), "{day}");
    let there = day["legs"][0]["meters"].as_i64().unwrap();
    assert!((39_000..39_100).contains(&there) && day["total_meters"] == 2 * there, "{day}");
    let listed = engineer.get("/api/v1/me/visits?day=2026-11-20").await.expect(200);
    assert_eq!(listed["items"][0]["id"], visit["id"]);
    for wrong in ["2026-11-19", "2026-11-22", "tomorrow"] {
        let more = json!({ "visit_key": nonce(), "day": wrong });
        app.check_in(&engineer, &order, with(body.clone(), more)).await.expect_problem_at("day");
    }
});

both_at!(NOON, a_suspect_clock_does_not_move_the_day, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let now = app.now();
    app.day_point(&engineer, "start", now - 2 * MINUTE, json!({ "fix": fix(SITE, now) })).await.expect(201);
    let year = 365 * 1440 * MINUTE;
    let sent = json!({ "sent_at": format_rfc3339(now + year), "fix": fix(SITE, now + year) });
    let day = app.day_point(&engineer, "end", now + year - MINUTE, sent).await.expect(201);
    assert_eq!(day["legs"].as_array().unwrap().len(), 1, "put right, it is the same day: {day}");
    assert_eq!(
        (&day["stops"][1]["clock_suspect"], &day["stops"][1]["at"]),
        (&json!(true), &json!(format_rfc3339(now + year - MINUTE)))
    );
});
