//! Invitations and roles.

use paifang_server::clock::Clock;
use paifang_server::people::Role;
use paifang_tests::{Stack, TestApp, both};
use serde_json::json;

both!(a_running_session_takes_a_role_and_loses_it_at_once, |app| {
    let alice = app.login("alice").await;
    alice.get("/api/v1/events").await.problem(403, "forbidden");
    let made = app.admin.post("/api/v1/invitations", &json!({ "role": "staff", "uses": 1 })).await.expect(201);
    let accepted = alice.post("/api/v1/me/invitations", &json!({ "code": made["code"] })).await.expect(200);
    assert_eq!(accepted["role"], "staff");
    alice.get("/api/v1/events").await.expect(200);
    alice.post("/api/v1/me/invitations", &json!({ "code": made["code"] })).await.expect(200);
    let staff = app.admin.get("/api/v1/persons?role=staff").await.expect(200);
    let me = alice.get("/api/v1/me").await.expect(200);
    assert_eq!(staff["items"][0]["id"], me["id"]);
    let role = format!("/api/v1/persons/{}/roles/staff", me["id"].as_str().unwrap());
    app.foreign_admin.delete(&role).await.problem(404, "not_found");
    assert_eq!(app.admin.delete(&role).await.status, 204);
    assert_eq!(app.admin.delete(&role).await.status, 204);
    alice.get("/api/v1/events").await.problem(403, "forbidden");
    alice.post("/api/v1/me/invitations", &json!({ "code": made["code"] })).await.problem(409, "invitation_invalid");
});

both!(a_single_use_is_used_once_however_many_try, |app| {
    let made = app.admin.post("/api/v1/invitations", &json!({ "role": "staff", "uses": 1 })).await.expect(201);
    let mut logins = Vec::new();
    for user in ["a", "b", "c", "d", "e", "f"] {
        logins.push(app.login(user).await);
    }
    let body = json!({ "code": made["code"] });
    let tries = logins.iter().map(|login| login.post("/api/v1/me/invitations", &body));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.body["code"] == "invitation_invalid").count(), 5);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invitations_expire_and_are_revoked() {
    let clock = Clock::manual(1_780_000_000_000);
    let app = TestApp::start_with(Stack::Sqlite, clock.clone(), &[]).await;
    let soon = paifang_core::time::format_rfc3339(clock.now() + 60_000);
    let expiring =
        app.admin.post("/api/v1/invitations", &json!({ "role": "staff", "expires_at": soon })).await.expect(201);
    let revoked = app.admin.post("/api/v1/invitations", &json!({ "role": "staff" })).await.expect(201);
    let path = format!("/api/v1/invitations/{}", revoked["id"].as_str().unwrap());
    app.foreign_admin.delete(&path).await.problem(404, "not_found");
    assert_eq!(app.admin.delete(&path).await.status, 204);
    clock.set(clock.now() + 60_000);
    for code in [&expiring["code"], &revoked["code"], &json!("nothing"), &json!("AAAAAAAAAA")] {
        let refused = app.try_login("alice", json!({ "invitation_code": code })).await;
        refused.problem(409, "invitation_invalid");
    }
    app.admin
        .post("/api/v1/invitations", &json!({ "role": "staff", "expires_at": soon }))
        .await
        .problem(422, "invalid_field");
}

both!(roles_include_what_the_design_says, |app| {
    let supervisor = app.login_as("sue", Role::Supervisor).await;
    supervisor.get("/api/v1/events").await.expect(200);
    supervisor.get("/api/v1/audit-log").await.problem(403, "forbidden");
    let engineer = app.login_as("eve", Role::Engineer).await;
    engineer.get("/api/v1/events").await.problem(403, "forbidden");
    let admin = app.login_as("ada", Role::Admin).await;
    let log = admin.get("/api/v1/audit-log").await.expect(200);
    let actions: Vec<_> = log["items"].as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
    assert!(actions.contains(&json!("person.take_role")) && actions.contains(&json!("invitation.create")));
});
