//! Who submits, approves and rejects mileage, and what holds afterwards.

use paifang_server::people::Role;
use paifang_tests::field::{SITE, fix, person_id};
use paifang_tests::{Actor, TestApp, both_at};
use reqwest::Method;
use serde_json::{Value, json};

/// Noon in Shanghai.
const NOON: &str = "2026-11-20T04:00:00Z";

/// A day of one leg; answers it.
async fn a_day(app: &TestApp, engineer: &Actor) -> Value {
    let now = app.now();
    app.day_point(engineer, "start", now - 1000, json!({ "fix": fix((SITE.0 + 0.01, SITE.1), now) })).await.expect(201);
    app.day_point(engineer, "end", now - 10, json!({ "fix": fix(SITE, now) })).await.expect(201)
}

async fn path_of(engineer: &Actor, day: &Value) -> String {
    format!("/api/v1/mileage-days/{}/{}", person_id(engineer).await, day["day"].as_str().unwrap())
}

const APPROVE: fn() -> Value = || json!({ "decision": "approve" });
const REJECT: fn() -> Value = || json!({ "decision": "reject", "reason": "里程表照片不清" });

both_at!(NOON, somebody_else_approves, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let (other, supervisor) =
        (app.login_as("other", Role::Engineer).await, app.login_as("supervisor", Role::Supervisor).await);
    let day = a_day(&app, &engineer).await;
    let path = path_of(&engineer, &day).await;
    let (submit, decide) = (format!("{path}/submit"), format!("{path}/decision"));
    supervisor.post(&decide, &APPROVE()).await.problem(409, "conflict");
    let submitted = engineer.post(&submit, &json!({})).await.expect(200);
    assert_eq!(submitted["status"], "submitted");
    assert_eq!(engineer.post(&submit, &json!({})).await.expect(200), submitted, "one effect");
    let waiting = supervisor.get("/api/v1/mileage-days").await.expect(200);
    assert_eq!(
        (&waiting["items"][0]["day"], &waiting["items"][0]["engineer"]["id"]),
        (&day["day"], &json!(person_id(&engineer).await))
    );
    engineer.get("/api/v1/mileage-days").await.problem(403, "forbidden");
    engineer.post(&decide, &APPROVE()).await.problem(403, "forbidden");
    for method in [&path, &submit] {
        let answer = if method == &path { other.get(method).await } else { other.post(method, &json!({})).await };
        answer.problem(404, "not_found");
    }
    app.foreign_admin.post(&decide, &APPROVE()).await.problem(404, "not_found");
    supervisor.post(&decide, &json!({ "decision": "approve", "version": 1 })).await.problem(409, "version_stale");
    supervisor.post(&decide, &json!({ "decision": "maybe" })).await.expect_problem_at("decision");
    supervisor.post(&decide, &json!({ "decision": "reject" })).await.expect_problem_at("reason");
    let approve = json!({ "decision": "approve", "version": submitted["version"] });
    let approved = supervisor.post(&decide, &approve).await.expect(200);
    assert_eq!(
        (&approved["status"], &approved["decided_by"]),
        (&json!("approved"), &json!(person_id(&supervisor).await))
    );
    assert_eq!(supervisor.post(&decide, &approve).await.expect(200), approved, "one effect");
    assert_eq!(supervisor.get("/api/v1/mileage-days").await.expect(200)["items"], json!([]));
});

both_at!(NOON, only_the_engineer_submits, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let supervisor = app.login_as("supervisor", Role::Supervisor).await;
    let dispatcher = app.login_as("dispatcher", Role::Dispatcher).await;
    let day = a_day(&app, &engineer).await;
    let path = path_of(&engineer, &day).await;
    let submit = format!("{path}/submit");
    for actor in [&supervisor, &dispatcher, &app.admin] {
        actor.post(&submit, &json!({})).await.problem(403, "forbidden");
    }
    app.foreign_admin.post(&submit, &json!({})).await.problem(404, "not_found");
    assert_eq!(engineer.get(&path).await.expect(200), day, "what is refused changes nothing");
    assert_eq!(engineer.post(&submit, &json!({})).await.expect(200)["status"], "submitted");
    supervisor.post(&submit, &json!({})).await.problem(403, "forbidden");
});

both_at!(NOON, a_submission_says_what_was_looked_at, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let supervisor = app.login_as("supervisor", Role::Supervisor).await;
    let day = a_day(&app, &engineer).await;
    let path = path_of(&engineer, &day).await;
    let (submit, decide) = (format!("{path}/submit"), format!("{path}/decision"));
    let looked_at = |day: &Value| json!({ "version": day["version"] });
    engineer.post(&submit, &json!({ "version": "x" })).await.expect_problem_at("version");
    engineer.post(&submit, &json!([])).await.problem(422, "invalid_field");
    let stale = engineer.post(&submit, &json!({ "version": 1 })).await.problem(409, "version_stale");
    assert_eq!(stale["current"], json!({ "status": "open", "version": day["version"] }));
    let submitted = engineer.post(&submit, &looked_at(&day)).await.expect(200);
    assert_eq!(engineer.post(&submit, &looked_at(&day)).await.expect(200), submitted, "one effect");
    let rejected = supervisor.post(&decide, &REJECT()).await.expect(200);
    // The answer was lost on its way: the phone sends again what it had looked at.
    engineer.post(&submit, &looked_at(&day)).await.problem(409, "version_stale");
    assert_eq!(engineer.get(&path).await.expect(200), rejected, "the rejection and its reason stay");
    assert_eq!(engineer.post(&submit, &looked_at(&rejected)).await.expect(200)["status"], "submitted");
    supervisor.post(&decide, &REJECT()).await.expect(200);
    let bare = Actor::send(engineer.request(Method::POST, &submit)).await;
    assert_eq!(bare.expect(200)["status"], "submitted", "a body may be absent");
    assert_eq!(engineer.post(&submit, &Value::Null).await.expect(200)["status"], "submitted");
});

both_at!(NOON, nobody_approves_their_own, |app| {
    let dispatcher = app.login_as("dispatcher", Role::Dispatcher).await;
    let day = a_day(&app, &dispatcher).await;
    let path = path_of(&dispatcher, &day).await;
    dispatcher.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    dispatcher.post(&format!("{path}/decision"), &APPROVE()).await.problem(403, "forbidden");
    let me = format!("/api/v1/mileage-days/me/{}/decision", day["day"].as_str().unwrap());
    dispatcher.post(&me, &APPROVE()).await.problem(403, "forbidden");
    let admin = app.login_as("admin", Role::Admin).await;
    assert_eq!(admin.post(&format!("{path}/decision"), &APPROVE()).await.expect(200)["status"], "approved");
});

both_at!(NOON, only_a_rejection_opens_an_approved_day, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let supervisor = app.login_as("supervisor", Role::Supervisor).await;
    let day = a_day(&app, &engineer).await;
    let path = path_of(&engineer, &day).await;
    let (submit, decide) = (format!("{path}/submit"), format!("{path}/decision"));
    engineer.post(&submit, &json!({})).await.expect(200);
    supervisor.post(&decide, &APPROVE()).await.expect(200);
    let leg = format!("/api/v1/mileage-legs/{}", day["legs"][0]["id"].as_str().unwrap());
    let edit = json!({ "version": 1, "method": "manual", "meters": 9000, "reason": "绕路" });
    for actor in [&engineer, &supervisor, &app.admin] {
        actor.patch(&leg, &edit).await.problem(409, "mileage_approved");
    }
    // A visit that was made offline comes late: it is recorded, and does not change what was approved.
    let order = app.order_for(&engineer).await;
    let at = paifang_core::time::format_rfc3339(app.now() - 500);
    app.check_in(&engineer, &order, json!({ "at": at, "offline": true })).await.expect(201);
    let kept = engineer.get(&path).await.expect(200);
    assert_eq!((&kept["total_meters"], &kept["late_stops"]), (&day["total_meters"], &json!(true)));
    assert_eq!(kept["legs"].as_array().unwrap().len(), 1);
    let rejected = supervisor.post(&decide, &REJECT()).await.expect(200);
    assert_eq!(
        (&rejected["status"], &rejected["reason"], &rejected["late_stops"]),
        (&json!("rejected"), &json!("里程表照片不清"), &json!(false))
    );
    assert_eq!(rejected["legs"].as_array().unwrap().len(), 2, "now it counts");
    assert_eq!(supervisor.post(&decide, &REJECT()).await.expect(200), rejected, "one effect");
    supervisor.post(&decide, &APPROVE()).await.problem(409, "conflict");
    let leg = format!("/api/v1/mileage-legs/{}", rejected["legs"][0]["id"].as_str().unwrap());
    engineer.patch(&leg, &edit).await.expect(200);
    engineer.post(&submit, &json!({})).await.expect(200);
    assert_eq!(supervisor.post(&decide, &APPROVE()).await.expect(200)["total_meters"], 9000);
});

both_at!(NOON, a_day_without_stops_has_nothing_to_submit, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    engineer.post("/api/v1/mileage-days/me/2026-11-20/submit", &json!({})).await.problem(409, "mileage_incomplete");
    let day = app.day_point(&engineer, "start", app.now(), json!({})).await.expect(201);
    let path = path_of(&engineer, &day).await;
    engineer.post(&format!("{path}/submit"), &json!({})).await.problem(409, "mileage_incomplete");
});
