//! Campaigns, and the notice of those that end soon.

use paifang_server::campaigns;
use paifang_server::clock::Clock;
use paifang_tests::{Stack, TestApp, both};
use serde_json::json;

both!(a_campaign_is_made_prolonged_and_checked, |app| {
    let body = json!({ "name": "春季", "starts_at": "2026-03-01T00:00:00Z", "ends_at": "2026-06-01T00:00:00Z" });
    let made = app.admin.post("/api/v1/campaigns", &body).await.expect(201);
    assert!(made["scene"].as_str().unwrap().starts_with("c="));
    let path = format!("/api/v1/campaigns/{}", made["id"].as_str().unwrap());
    let longer = json!({ "name": "春夏", "starts_at": "2026-03-01T00:00:00Z", "ends_at": "2026-09-01T00:00:00Z" });
    assert_eq!(app.admin.put(&path, &longer).await.expect(200)["ends_at"], "2026-09-01T00:00:00Z");
    assert_eq!(app.admin.get("/api/v1/campaigns").await.expect(200)["items"][0]["name"], "春夏");
    let backwards = json!({ "name": "x", "starts_at": "2026-09-01T00:00:00Z", "ends_at": "2026-03-01T00:00:00Z" });
    app.admin.put(&path, &backwards).await.problem(422, "invalid_field");
    app.foreign_admin.put(&path, &longer).await.problem(404, "not_found");
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_campaign_that_ends_within_thirty_days_raises_one_notice_until_it_is_prolonged() {
    let day = 86_400_000;
    let start = 1_770_000_000_000;
    let clock = Clock::manual(start);
    let app = TestApp::start_with(Stack::Sqlite, clock.clone(), &[]).await;
    let at = paifang_core::time::format_rfc3339;
    let body = |days: i64| json!({ "name": "春季", "starts_at": at(start - day), "ends_at": at(start + days * day) });
    let made = app.admin.post("/api/v1/campaigns", &body(40)).await.expect(201);
    let notices = || async { app.admin.get("/api/v1/notices").await.expect(200)["items"].as_array().unwrap().clone() };
    campaigns::watch(&app.running.app, clock.now()).await.unwrap();
    assert_eq!(notices().await.len(), 0, "forty days ahead");
    clock.set(start + 11 * day);
    for _ in 0..2 {
        campaigns::watch(&app.running.app, clock.now()).await.unwrap();
    }
    let raised = notices().await;
    assert_eq!(
        (raised.len(), &raised[0]["kind"], &raised[0]["subject_id"]),
        (1, &json!("campaign_ending"), &made["id"])
    );
    let path = format!("/api/v1/campaigns/{}", made["id"].as_str().unwrap());
    app.admin.put(&path, &body(400)).await.expect(200);
    assert_eq!(notices().await.len(), 0, "prolonged");
    app.admin.put(&path, &body(12)).await.expect(200);
    campaigns::watch(&app.running.app, clock.now()).await.unwrap();
    assert_eq!(notices().await.len(), 1);
    clock.set(start + 13 * day);
    campaigns::watch(&app.running.app, clock.now()).await.unwrap();
    assert_eq!(notices().await.len(), 0, "over");
}
