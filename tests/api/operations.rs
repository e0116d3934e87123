//! Health, metrics, unknown addresses, API tokens, jobs, rate limits.

use paifang_tests::{Stack, TestApp, both};
use serde_json::json;

both!(health_readiness_and_metrics, |app| {
    let anonymous = app.anonymous();
    anonymous.get("/healthz").await.expect(200);
    anonymous.get("/readyz").await.expect(200);
    let made = app.event().await;
    app.scan(&app.admin, &made, &json!("nonsense"), json!({})).await.expect(200);
    let metrics = anonymous.get("/metrics").await;
    let text = metrics.body.as_str().unwrap();
    assert!(text.contains("paifang_check_ins_total{reason=\"invalid\",status=\"error\"} 1"), "{text}");
    assert!(text.contains("route=\"/api/v1/check-in-lists/{id}/check-ins\""), "{text}");
});

both!(unknown_addresses_and_methods, |app| {
    app.anonymous().get("/nothing").await.problem(404, "not_found");
    app.anonymous().get("/api/v1/nothing").await.problem(404, "not_found");
    let answer = app.admin.delete("/api/v1/events").await;
    assert_eq!(answer.headers["allow"], "GET, POST");
    answer.problem(405, "method_not_allowed");
    app.admin.put("/api/v1/me", &json!({})).await.problem(405, "method_not_allowed");
});

both!(an_api_token_is_revoked_at_once, |app| {
    let tokens = app.admin.get("/api/v1/api-tokens").await.expect(200);
    let path = format!("/api/v1/api-tokens/{}", tokens["items"][0]["id"].as_str().unwrap());
    app.foreign_admin.delete(&path).await.problem(404, "not_found");
    assert_eq!(app.admin.delete(&path).await.status, 204);
    app.admin.get("/api/v1/me").await.problem(401, "unauthenticated");
});

both!(housekeeping_runs_and_comes_back, |app| {
    let text = loop {
        let metrics = app.anonymous().get("/metrics").await;
        let text = metrics.body.as_str().unwrap_or_default().to_owned();
        if text.contains("paifang_jobs_total") {
            break text;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert!(text.contains("paifang_jobs_total{kind=\"housekeeping\",outcome=\"ok\"} 1"), "{text}");
    assert!(!paifang_server::jobs::work_once(&app.running.app).await.unwrap(), "it waits for its next hour");
});

both!(too_many_requests_wait, |app| {
    let alice = app.login("alice").await;
    let mut limited = None;
    for _ in 0..650 {
        let answer = alice.get("/api/v1/me").await;
        if answer.status == 429 {
            limited = Some(answer);
            break;
        }
    }
    let limited = limited.expect("the 601st request of a minute is too many");
    assert!(limited.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() <= 60);
    limited.problem(429, "rate_limited");
    app.login("bob").await.get("/api/v1/me").await.expect(200);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_can_be_switched_off() {
    let clock = paifang_server::clock::Clock::system();
    let app = TestApp::start_with(Stack::Sqlite, clock, &[("PAIFANG_RATE_LIMITS", "off")]).await;
    let alice = app.login("alice").await;
    for _ in 0..620 {
        alice.get("/api/v1/me").await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_finishes_what_was_accepted() {
    let app = TestApp::start(Stack::Sqlite).await;
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({})).await;
    app.sim.inject(wechat_sim::Fault {
        path: "/sns".to_owned(),
        kind: wechat_sim::FaultKind::Latency(2000),
        times: None,
    });
    let code = app.sim.mint_code(paifang_tests::APPID, "alice");
    let anonymous = app.anonymous();
    let login = tokio::spawn(async move {
        anonymous.post("/api/v1/sessions", &json!({ "appid": paifang_tests::APPID, "code": code })).await
    });
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    assert_eq!(app.scan(&app.admin, &made, &ticket["code"], json!({})).await.expect(200)["status"], "ok");
    app.running.stop().await.unwrap();
    login.await.unwrap().expect(201);
}
