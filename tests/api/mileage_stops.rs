//! Which stops count for mileage: fixes that say nothing, days with one stop or too many.

use paifang_core::time::format_rfc3339;
use paifang_server::people::Role;
use paifang_tests::field::{SITE, fix, person_id, with};
use paifang_tests::{both_at, nonce};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;
/// Noon in Shanghai.
const NOON: &str = "2026-11-20T04:00:00Z";

both_at!(NOON, a_fix_that_says_nothing_gives_no_leg, |app| {
    let now = app.now();
    let north = |steps: i32| (SITE.0 + 0.01 * f64::from(steps), SITE.1);
    let vague = |meters: f64| with(fix(north(1), now - HOUR), json!({ "accuracy": meters }));
    for (number, (start, meters)) in [
        (vague(5_000.0), json!(1446)),
        (vague(5_001.0), Value::Null),
        (fix(north(1), now - 11 * HOUR), Value::Null),
        (fix(north(1), now - HOUR - 10 * 60_000), json!(1446)),
        (with(fix(north(1), now - HOUR), json!({ "source": "picked" })), json!(1446)),
        (fix(north(1), now - HOUR - 10 * 60_000 - 1), Value::Null),
    ]
    .into_iter()
    .enumerate()
    {
        let engineer = app.login_as(&format!("engineer-{number}"), Role::Engineer).await;
        app.day_point(&engineer, "start", now - HOUR, json!({ "fix": start })).await.expect(201);
        let day = app.day_point(&engineer, "end", now - 1, json!({ "fix": fix(SITE, now) })).await.expect(201);
        let leg = &day["legs"][0];
        assert_eq!((&leg["meters"], &leg["needs_manual"]), (&meters, &json!(meters.is_null())), "{start}");
        assert_eq!(day["stops"][0]["fix"], start, "the raw fix is kept");
        let asked = json!({ "stops": day["stops"], "edits": day["legs"], "detour_permille": day["detour_permille"] });
        let answer: Value = serde_json::from_str(&paifang_core::call::call("mileage_day", &asked.to_string())).unwrap();
        assert_eq!(answer["ok"]["legs"][0]["meters"], meters, "the phone finds the same");
    }
    // A visit that proves nothing gives no kilometers either.
    let engineer = app.login_as("engineer", Role::Engineer).await;
    app.day_point(&engineer, "start", now - HOUR, json!({ "fix": vague(20.0) })).await.expect(201);
    let order = app.order_for(&engineer).await;
    let visit = app.check_in(&engineer, &order, json!({ "fix": fix(SITE, now - 11 * HOUR) })).await.expect(201);
    assert_eq!(visit["visit"]["check_in"]["outcome"], "no_fix");
    let day = engineer.get("/api/v1/mileage-days/me/2026-11-20").await.expect(200);
    assert_eq!((&day["legs"][0]["meters"], &day["complete"]), (&Value::Null, &json!(false)));
});

both_at!(NOON, a_fix_is_as_old_as_the_phone_s_clock_says, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let (now, year) = (app.now(), 365 * 24 * HOUR);
    for (kind, place, at) in [("start", (SITE.0 + 0.01, SITE.1), now - HOUR), ("end", SITE, now - 1)] {
        let sent = json!({ "sent_at": format_rfc3339(now + year), "fix": fix(place, at + year) });
        app.day_point(&engineer, kind, at + year, sent).await.expect(201);
    }
    let day = engineer.get("/api/v1/mileage-days/me/2026-11-20").await.expect(200);
    assert_eq!((&day["total_meters"], &day["stops"][0]["clock_suspect"]), (&json!(1446), &json!(true)));
    let asked = json!({ "stops": day["stops"], "edits": [], "detour_permille": day["detour_permille"] });
    let answer: Value = serde_json::from_str(&paifang_core::call::call("mileage_day", &asked.to_string())).unwrap();
    assert_eq!(answer["ok"]["total_meters"], 1446);
});

both_at!(NOON, a_single_stop_leaves_nothing_open, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    app.day_point(&engineer, "start", app.now() - 10, json!({ "fix": fix(SITE, app.now()) })).await.expect(201);
    let who = person_id(&engineer).await;
    let path = format!("/api/v1/mileage-statements/{who}/2026-11");
    let month = app.admin.get(&path).await.expect(200);
    assert_eq!(
        (&month["days_open"], &month["complete"], &month["days"][0]["legs"]),
        (&json!(0), &json!(true), &json!([]))
    );
    app.day_point(&engineer, "end", app.now() - 5, json!({ "fix": fix(SITE, app.now()) })).await.expect(201);
    assert_eq!(app.admin.get(&path).await.expect(200)["days_open"], 1);
});

both_at!(NOON, a_day_takes_so_many_stops_and_no_more, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let now = app.now();
    let mut last = Value::Null;
    for number in 0..200 {
        let kind = if number % 2 == 0 { "start" } else { "end" };
        last = app.day_point(&engineer, kind, now - 1000 + number, json!({ "fix": fix(SITE, now) })).await.expect(201);
    }
    assert_eq!((last["stops"].as_array().unwrap().len(), last["legs"].as_array().unwrap().len()), (200, 100));
    let key = nonce();
    let body = json!({ "point_key": key, "fix": fix(SITE, now) });
    app.day_point(&engineer, "end", now, body.clone()).await.problem(409, "conflict");
    let order = app.order_for(&engineer).await;
    app.check_in(&engineer, &order, json!({})).await.problem(409, "conflict");
    let day = engineer.get("/api/v1/mileage-days/me/2026-11-20").await.expect(200);
    assert_eq!(day, last, "what is refused changes nothing");
    // The key was not used up: somebody else may take it.
    let other = app.login_as("other", Role::Engineer).await;
    app.day_point(&other, "end", now, body).await.expect(201);
});
