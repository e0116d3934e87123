//! What was promised, and what a pause does to it.

use paifang_core::time::{MINUTE, format_rfc3339, parse_rfc3339};
use paifang_server::people::Role;
use paifang_tests::{TestApp, both, both_at};
use serde_json::{Value, json};

const HOUR: i64 = 60 * MINUTE;

/// Half an hour until somebody answers, ten hours until it is mended, at any time of day.
async fn promise(app: &TestApp) {
    let settings = json!({ "business_hours": [], "response_minutes": 30, "resolution_minutes": 600,
        "fault_types": [{ "code": "no_power", "name": "无法开机", "skill": "electrical" }] });
    app.admin.put("/api/v1/service-settings", &settings).await.expect(200);
}

fn millis(order: &Value, name: &str) -> i64 {
    parse_rfc3339(order["targets"][name].as_str().unwrap()).unwrap()
}

fn later(app: &TestApp, milliseconds: i64) {
    let clock = &app.running.app.clock;
    clock.set(clock.now() + milliseconds);
}

both_at!("2026-11-20T04:00:00Z", targets_follow_the_settings_and_stand_still_in_a_pause, |app| {
    promise(&app).await;
    let order = app.report(&app.login("carol").await, json!({})).await;
    assert_eq!(order["skill"], "electrical");
    let submitted = app.running.app.clock.now();
    let promised = submitted + 10 * HOUR;
    assert_eq!(millis(&order, "response_due_at") - submitted, 30 * MINUTE);
    assert_eq!(millis(&order, "resolution_due_at"), promised);
    let engineer = app.login_as("emil", Role::Engineer).await;
    later(&app, 5 * MINUTE);
    let taken = app.make_move(&engineer, &order, "take", json!({})).await;
    assert_eq!(millis(&taken, "responded_at") - submitted, 5 * MINUTE);
    let paused = app.make_move(&engineer, &taken, "pause", json!({ "reason": "等配件" })).await;
    later(&app, HOUR);
    let resumed = app.make_move(&engineer, &paused, "resume", json!({})).await;
    assert_eq!(millis(&resumed, "resolution_due_at"), promised + HOUR);
    let paused = app.make_move(&engineer, &resumed, "pause", json!({ "reason": "等配件" })).await;
    later(&app, HOUR);
    let canceled = app.make_move(&app.admin, &paused, "cancel", json!({ "reason": "误报" })).await;
    assert_eq!(canceled["targets"]["resolution_late"], false);
    later(&app, 20 * HOUR);
    let reopened = app.make_move(&app.admin, &canceled, "reopen", json!({ "reason": "又坏了" })).await;
    assert_eq!(millis(&reopened, "resolution_due_at"), promised + 22 * HOUR);
});

both_at!("2026-11-20T04:00:00Z", an_order_that_was_canceled_by_mistake_is_answered_by_who_takes_it, |app| {
    promise(&app).await;
    let order = app.report(&app.login("carol").await, json!({})).await;
    let submitted = app.running.app.clock.now();
    let canceled = app.make_move(&app.admin, &order, "cancel", json!({ "reason": "误点" })).await;
    assert_eq!(canceled["targets"].get("responded_at"), None);
    let reopened = app.make_move(&app.admin, &canceled, "reopen", json!({ "reason": "没好" })).await;
    later(&app, 5 * MINUTE);
    let taken = app.make_move(&app.login_as("emil", Role::Engineer).await, &reopened, "take", json!({})).await;
    assert!(millis(&taken, "responded_at") <= submitted + 5 * MINUTE);
    later(&app, HOUR);
    let seen = app.admin.get(&paifang_tests::order_path(&order)).await.expect(200);
    assert_eq!(seen["targets"]["response_late"], false);
});

both_at!("2026-11-20T04:00:00Z", what_a_phone_says_cannot_mend_a_target_that_was_missed, |app| {
    promise(&app).await;
    let order = app.report(&app.login("carol").await, json!({})).await;
    let submitted = app.running.app.clock.now();
    let engineer = app.login_as("emil", Role::Engineer).await;
    let early = json!({ "at": format_rfc3339(submitted - HOUR) });
    let taken = app.make_move(&engineer, &order, "take", early).await;
    assert_eq!(millis(&taken, "responded_at"), submitted, "nobody answers before there is a report");
    later(&app, 11 * HOUR);
    let arrived = app.make_move(&engineer, &taken, "set_out", json!({})).await;
    let backdated = json!({ "reason": "等配件", "at": format_rfc3339(submitted + HOUR) });
    let paused = app.make_move(&engineer, &arrived, "pause", backdated).await;
    let resumed = app.make_move(&engineer, &paused, "resume", json!({})).await;
    assert_eq!(millis(&resumed, "resolution_due_at"), submitted + 10 * HOUR);
    assert_eq!(resumed["targets"]["resolution_late"], true);
});

both_at!("2026-11-20T04:00:00Z", the_pause_of_an_engineer_who_is_forgotten_counts, |app| {
    promise(&app).await;
    let order = app.report(&app.login("carol").await, json!({})).await;
    let engineer = app.login_as("emil", Role::Engineer).await;
    let taken = app.make_move(&engineer, &order, "take", json!({})).await;
    app.make_move(&engineer, &taken, "pause", json!({ "reason": "等配件" })).await;
    later(&app, 3 * HOUR);
    engineer.delete("/api/v1/me").await.expect(200);
    let seen = app.admin.get(&paifang_tests::order_path(&order)).await.expect(200);
    assert_eq!(millis(&seen, "resolution_due_at") - millis(&order, "resolution_due_at"), 3 * HOUR);
});

both!(settings_that_make_no_sense_are_refused, |app| {
    let wrong = json!({ "time_zone": "Mars/Base", "fault_types": [], "geofence_meters": 1, "holidays": ["soon"],
        "business_hours": [{ "weekday": 8, "from": "09:00", "until": "08:00" }] });
    let refused = app.admin.put("/api/v1/service-settings", &wrong).await.problem(422, "invalid_field");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 5, "{refused}");
});
