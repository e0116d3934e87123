//! Nobody decides about their own mileage, however two persons came to be one.

use crate::mileage_people::north;
use paifang_server::people::Role;
use paifang_tests::field::{fix, person_id};
use paifang_tests::{Actor, TestApp, both_at};
use serde_json::{Value, json};
use wechat_sim::User;

/// Noon in Shanghai.
const NOON: &str = "2026-11-20T04:00:00Z";
const DAY_PATH: &str = "/api/v1/mileage-days/me/2026-11-20";
const APPROVE: fn() -> Value = || json!({ "decision": "approve" });

/// A day of 1446 m, so many days back, that is submitted; answers its date.
async fn submitted(app: &TestApp, engineer: &Actor, back: i64) -> String {
    let at = app.now() - back * 86_400_000 - 1_000;
    let place = |steps: i32| json!({ "fix": fix(north(steps), at) });
    app.day_point(engineer, "start", at, place(0)).await.expect(201);
    let day = app.day_point(engineer, "end", at + 1, place(1)).await.expect(201);
    let date = day["day"].as_str().unwrap().to_owned();
    engineer.post(&format!("/api/v1/mileage-days/me/{date}/submit"), &json!({})).await.expect(200);
    date
}

both_at!(NOON, who_has_just_become_one_with_somebody_does_not_approve_their_days, |app| {
    let (one, two) = app.twins([Role::Engineer, Role::Dispatcher]).await;
    submitted(&app, &one, 0).await;
    let (stays, goes) = app.become_one_behind(&one, &two, Role::Dispatcher).await;
    for engineer in ["me", &stays, &goes] {
        let decide = format!("/api/v1/mileage-days/{engineer}/2026-11-20/decision");
        two.post(&decide, &APPROVE()).await.problem(403, "forbidden");
    }
    let day = two.get(DAY_PATH).await.expect(200);
    assert_eq!((&day["status"], &day["engineer"]["id"]), (&json!("submitted"), &json!(stays)));
    // Their own day is theirs to submit all the same.
    let submit = two.post(&format!("{DAY_PATH}/submit"), &json!({})).await.expect(200);
    assert_eq!(submit["version"], day["version"]);
    app.name_in_sessions(&goes, &stays, Role::Dispatcher).await;
});

both_at!(NOON, what_one_approved_for_the_other_is_to_be_approved_anew, |app| {
    let (one, two) = app.twins([Role::Dispatcher, Role::Dispatcher]).await;
    app.sim.add_user(User { phone: Some("13800138009".to_owned()), ..User::new("three") });
    let three = app.login_as("three", Role::Engineer).await;
    let supervisor = app.login_as("supervisor", Role::Supervisor).await;
    let approve = async |by: &Actor, engineer: &Actor, date: &str| {
        let path = format!("/api/v1/mileage-days/{}/{date}/decision", person_id(engineer).await);
        assert_eq!(by.post(&path, &APPROVE()).await.expect(200)["status"], "approved");
    };
    let (of_one, of_two) = (submitted(&app, &one, 0).await, submitted(&app, &two, 1).await);
    let (held, open, of_three) =
        (submitted(&app, &two, 2).await, submitted(&app, &one, 3).await, submitted(&app, &three, 4).await);
    approve(&two, &one, &of_one).await;
    approve(&one, &two, &of_two).await;
    approve(&supervisor, &two, &held).await;
    approve(&two, &one, &open).await;
    approve(&two, &three, &of_three).await;
    // Comes too late for the approval, and without a fix.
    app.day_point(&one, "end", app.now() - 3 * 86_400_000, json!({})).await.expect(201);
    let day_of = async |date: &str| one.get(&format!("/api/v1/mileage-days/me/{date}")).await.expect(200);

    app.become_one((&one, "one"), (&two, "two")).await;
    for date in [&of_one, &of_two] {
        let day = day_of(date).await;
        assert_eq!((&day["status"], &day["total_meters"]), (&json!("submitted"), &json!(1446)), "{date}");
        assert_eq!((day.get("decided_by"), day.get("decided_at")), (None, None), "{date}");
        assert!(day.get("submitted_at").is_some(), "{date}");
    }
    assert_eq!(day_of(&held).await["status"], "approved", "somebody else has approved it");
    let day = day_of(&open).await;
    assert_eq!((&day["status"], &day["complete"], day.get("submitted_at")), (&json!("open"), &json!(false), None));
    assert_eq!(three.get(&format!("/api/v1/mileage-days/me/{of_three}")).await.expect(200)["status"], "approved");
    let waiting = supervisor.get("/api/v1/mileage-days").await.expect(200)["items"].clone();
    let dates: Vec<_> = waiting.as_array().unwrap().iter().map(|day| day["day"].as_str().unwrap()).collect();
    assert_eq!(dates, [of_two.as_str(), of_one.as_str()]);
    let path = format!("/api/v1/mileage-days/{}/{of_one}/decision", person_id(&one).await);
    supervisor.post(&path, &APPROVE()).await.expect(200);

    // Who approved has become a part of somebody, who becomes one with the engineer now.
    app.become_one((&one, "one"), (&three, "three")).await;
    assert_eq!(day_of(&of_three).await["status"], "submitted");
    assert_eq!(day_of(&of_one).await["status"], "approved");
    let log = app.admin.get("/api/v1/audit-log?limit=200").await.expect(200);
    let taken_back: Vec<_> =
        log["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "mileage_day.merge").collect();
    let before: Vec<_> = taken_back.iter().map(|entry| &entry["before"]["of"][0]).collect();
    assert_eq!(before.len(), 4);
    assert!(before.iter().all(|day| day["status"] == "approved" && day["settled_meters"] == 1446), "{before:?}");
    assert!(taken_back.iter().all(|entry| entry["before"]["day"] == entry["after"]["day"]));
});
