//! Visits and mileage of persons who become one, or ask to be forgotten.

use paifang_core::time::format_rfc3339;
use paifang_server::people::{Role, RoleSet};
use paifang_tests::field::{SITE, fix, person_id};
use paifang_tests::{APPID, Actor, TestApp, both_at};
use serde_json::{Value, json};
use wechat_sim::User;

/// Noon in Shanghai.
const NOON: &str = "2026-11-20T04:00:00Z";
const DAY_PATH: &str = "/api/v1/mileage-days/me/2026-11-20";

/// So many times 1112 m north of the site.
fn north(steps: i32) -> (f64, f64) {
    (SITE.0 + 0.01 * f64::from(steps), SITE.1)
}

/// Two engineers with one phone number.
async fn twins(app: &TestApp) -> (Actor, Actor) {
    for user in ["one", "two"] {
        app.sim.add_user(User { phone: Some("13800138000".to_owned()), ..User::new(user) });
    }
    (app.login_as("one", Role::Engineer).await, app.login_as("two", Role::Engineer).await)
}

/// Makes the second a part of the first.
async fn merge(app: &TestApp, one: &Actor, two: &Actor) {
    let bind = async |actor: &Actor, user: &str| {
        let code = app.sim.mint_phone_code(APPID, user).unwrap();
        actor.post("/api/v1/me/phone", &json!({ "code": code })).await
    };
    bind(one, "one").await.expect(200);
    bind(two, "two").await.problem(409, "phone_taken");
    let conflict = app.admin.get("/api/v1/phone-conflicts").await.expect(200)["items"][0]["id"].clone();
    let resolve = format!("/api/v1/phone-conflicts/{}/resolve", conflict.as_str().unwrap());
    app.admin.post(&resolve, &json!({ "resolution": "merge" })).await.expect(204);
}

both_at!(NOON, stops_and_legs_follow_merged_persons, |app| {
    let (one, two) = twins(&app).await;
    let now = app.now();
    app.day_point(&one, "start", now - 3, json!({ "fix": fix(north(0), now) })).await.expect(201);
    let order = app.order_for(&two).await;
    let at = format_rfc3339(now - 2);
    let visit =
        app.check_in(&two, &order, json!({ "at": at, "fix": fix(north(1), now) })).await.expect(201)["visit"].clone();
    app.day_point(&two, "end", now - 1, json!({ "fix": fix(north(2), now) })).await.expect(201);
    merge(&app, &one, &two).await;
    let day = one.get(DAY_PATH).await.expect(200);
    assert_eq!(day["total_meters"], 2 * 1446);
    assert!(day["legs"].as_array().unwrap().iter().all(|leg| leg["id"].is_string()));
    let mine = one.get("/api/v1/me/visits").await.expect(200);
    assert_eq!(mine["items"][0]["id"], visit["id"]);
});

both_at!(NOON, who_is_forgotten_leaves_figures_but_no_places, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let who = person_id(&engineer).await;
    let now = app.now();
    let home = json!({ "fix": fix(north(3), now), "address": "家" });
    app.day_point(&engineer, "start", now - 2, home).await.expect(201);
    let order = app.order_for(&engineer).await;
    app.check_in(&engineer, &order, json!({})).await.expect(201);
    let day = app.day_point(&engineer, "end", now + 1, json!({ "fix": fix(north(1), now) })).await.expect(201);
    engineer.delete("/api/v1/me").await.expect(200);
    let path = format!("/api/v1/mileage-days/{who}/{}", day["day"].as_str().unwrap());
    let kept = app.admin.get(&path).await.expect(200);
    assert_eq!((&kept["total_meters"], &kept["engineer"]["name"]), (&day["total_meters"], &Value::Null));
    assert_eq!(kept["legs"].as_array().unwrap().len(), 2);
    for stop in kept["stops"].as_array().unwrap() {
        assert_eq!((stop.get("fix"), stop.get("address")), (None, None));
    }
});

both_at!(NOON, who_has_just_become_one_with_somebody_writes_as_them, |app| {
    let (one, two) = twins(&app).await;
    let (stays, goes) = (person_id(&one).await, person_id(&two).await);
    let order = app.order_for(&two).await;
    merge(&app, &one, &two).await;
    // What runs already when the merge commits has a session that names the person who is no more.
    let roles = RoleSet::from_iter([Role::Engineer]);
    app.running.app.sessions.move_person(&stays, &goes, None, roles).await.unwrap();
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
    app.running.app.sessions.move_person(&goes, &stays, None, roles).await.unwrap();
    let day = one.get(DAY_PATH).await.expect(200);
    assert_eq!((day["stops"].as_array().unwrap().len(), &day["total_meters"]), (2, &json!(1446)));
});
