//! Login, logout, encrypted data.

use paifang_server::clock::Clock;
use paifang_server::session::{PREVIOUS_KEY_LIFETIME, SESSION_LIFETIME};
use paifang_tests::{APPID, Stack, TestApp, both};
use serde_json::json;
use wechat_sim::{Fault, FaultKind};

const NOW: i64 = 1_780_000_000_000;

fn fault(kind: FaultKind) -> Fault {
    Fault { path: "/sns/jscode2session".to_owned(), kind, times: Some(1) }
}

both!(the_same_user_is_the_same_person_and_a_guest, |app| {
    let first = app.login("alice").await.get("/api/v1/me").await.expect(200);
    let again = app.login("alice").await.get("/api/v1/me").await.expect(200);
    let other = app.login("bob").await.get("/api/v1/me").await.expect(200);
    assert_eq!(first["id"], again["id"]);
    assert_ne!(first["id"], other["id"]);
    assert_eq!(first["roles"], json!([]));
    assert_eq!(first["kind"], "person");
});

both!(logout_kills_the_token_at_once, |app| {
    let alice = app.login("alice").await;
    assert_eq!(alice.delete("/api/v1/sessions/current").await.status, 204);
    alice.get("/api/v1/me").await.problem(401, "unauthenticated");
    app.login("alice").await.get("/api/v1/me").await.expect(200);
});

both!(codes_work_once_and_secrets_stay_inside, |app| {
    let code = app.sim.mint_code(APPID, "alice");
    let body = json!({ "appid": APPID, "code": code });
    let anonymous = app.anonymous();
    let answer = anonymous.post("/api/v1/sessions", &body).await;
    let key = app.sim.session_key(APPID, "alice").unwrap();
    assert!(!answer.body.to_string().contains(&key));
    answer.expect(201);
    anonymous.post("/api/v1/sessions", &body).await.problem(409, "login_code_invalid");
    let unknown = json!({ "appid": APPID, "code": "0x1unknown" });
    anonymous.post("/api/v1/sessions", &unknown).await.problem(409, "login_code_invalid");
    app.sim.block_user("mallory");
    app.try_login("mallory", json!({})).await.problem(403, "login_blocked");
    let stale = app.sim.mint_code(APPID, "alice");
    app.sim.advance(5 * 60 * 1000 + 1);
    anonymous
        .post("/api/v1/sessions", &json!({ "appid": APPID, "code": stale }))
        .await
        .problem(409, "login_code_invalid");
});

both!(a_bad_answer_of_wechat_is_named_and_never_sent_again, |app| {
    for (kind, status, code) in [
        (FaultKind::Drop, 502, "wechat_failed"),
        (FaultKind::DropAfter, 502, "wechat_failed"),
        (FaultKind::Html, 502, "wechat_failed"),
        (FaultKind::Truncated, 502, "wechat_failed"),
        (FaultKind::Status(500), 502, "wechat_failed"),
        (FaultKind::Errcode(-1), 502, "wechat_failed"),
        (FaultKind::Errcode(40125), 502, "wechat_misconfigured"),
        (FaultKind::Errcode(45011), 429, "rate_limited"),
    ] {
        let before = app.sim.calls().len();
        app.sim.inject(fault(kind));
        app.try_login("alice", json!({})).await.problem(status, code);
        assert_eq!(app.sim.calls().len(), before + 1, "{kind:?}: a login code was sent again");
    }
    app.sim.inject(fault(FaultKind::Latency(300)));
    app.login("alice").await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_timeout_is_answered_and_the_code_is_not_sent_again() {
    let app = TestApp::start(Stack::Sqlite).await;
    app.sim.inject(fault(FaultKind::Timeout));
    app.try_login("alice", json!({})).await.problem(504, "wechat_timeout");
    assert_eq!(app.sim.calls().len(), 1);
}

both!(encrypted_data_opens_with_the_session_key, |app| {
    let alice = app.login("alice").await;
    let data = app.sim.encrypt(APPID, "alice", &json!({ "nickName": "爱丽丝", "new_field": [1] })).unwrap();
    let opened = alice.post("/api/v1/decrypt", &data).await.expect(200);
    assert_eq!(opened["data"]["nickName"], "爱丽丝");
    assert_eq!(opened["data"]["new_field"], json!([1]));
    let foreign = app.sim.encrypt_with(&app.sim.session_key(APPID, "alice").unwrap(), "wx00000000000000ff", &json!({}));
    alice.post("/api/v1/decrypt", &foreign.unwrap()).await.problem(422, "invalid_field");
    let wrong = app.sim.encrypt_with("AAAAAAAAAAAAAAAAAAAAAA==", APPID, &json!({ "a": "b" })).unwrap();
    alice.post("/api/v1/decrypt", &wrong).await.problem(409, "session_key_stale");
    for (encrypted_data, iv) in [("AAAA", "AAAA"), ("", ""), ("!!!", data.iv.as_str()), (&data.encrypted_data, "AA==")]
    {
        let body = json!({ "encrypted_data": encrypted_data, "iv": iv });
        alice.post("/api/v1/decrypt", &body).await.problem(422, "invalid_field");
    }
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_previous_session_key_lives_a_little_longer() {
    let clock = Clock::manual(NOW);
    let app = TestApp::start_with(Stack::Postgres, clock.clone(), &[]).await;
    let alice = app.login("alice").await;
    let before = app.sim.encrypt(APPID, "alice", &json!({ "a": "b" })).unwrap();
    app.login("alice").await;
    alice.post("/api/v1/decrypt", &before).await.expect(200);
    clock.set(NOW + PREVIOUS_KEY_LIFETIME + 1);
    alice.post("/api/v1/decrypt", &before).await.problem(409, "session_key_stale");
}

both!(a_phone_number_in_the_data_is_bound_once, |app| {
    let (alice, bob) = (app.login("alice").await, app.login("bob").await);
    let phone = app.sim.encrypt_phone(APPID, "alice", "13800138000").unwrap();
    alice.post("/api/v1/decrypt", &phone).await.expect(200);
    alice.post("/api/v1/decrypt", &phone).await.expect(200);
    assert_eq!(alice.get("/api/v1/me").await.expect(200)["phone"], "***8000");
    let same = app.sim.encrypt_phone(APPID, "bob", "13800138000").unwrap();
    bob.post("/api/v1/decrypt", &same).await.problem(409, "phone_taken");
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_expire_and_keys_rotate() {
    for stack in [Stack::Sqlite, Stack::Postgres] {
        let clock = Clock::manual(NOW);
        let app = TestApp::start_with(stack, clock.clone(), &[]).await;
        let alice = app.login("alice").await;
        paifang_server::sessions::rotate(&app.running.app, NOW + 1).await.unwrap();
        clock.set(NOW + SESSION_LIFETIME - 1000);
        alice.get("/api/v1/me").await.expect(200);
        let kid = |token: &Option<String>| token.as_deref().unwrap().split('.').next().unwrap().to_owned();
        clock.set(NOW + 31 * 86_400_000);
        alice.get("/api/v1/me").await.problem(401, "unauthenticated");
        let later = app.login("alice").await;
        assert_ne!(kid(&alice.token), kid(&later.token), "a month later another key signs");
        later.get("/api/v1/me").await.expect(200);
    }
}

both!(forged_and_foreign_tokens_are_refused, |app| {
    let mut alice = app.login("alice").await;
    let good = alice.token.clone().unwrap();
    let (head, signature) = good.rsplit_once('.').unwrap();
    let unsigned = "eyJhbGciOiJub25lIn0.eyJzaWQiOiJ4In0.";
    for forged in [
        format!("{head}.{}", signature.chars().rev().collect::<String>()),
        unsigned.into(),
        "pfat_x".into(),
        String::new(),
    ] {
        alice.token = Some(forged);
        alice.get("/api/v1/me").await.problem(401, "unauthenticated");
    }
    alice.token = None;
    alice.get("/api/v1/me").await.problem(401, "unauthenticated");
});

both!(a_shared_mini_program_asks_for_the_organization, |app| {
    let parts = app.running.app.clone();
    let shared = parts.clone();
    let made: Result<(), paifang_server::problem::Problem> = parts
        .db
        .write(move |conn| {
            Box::pin(async move {
                let second = paifang_server::organizations::find_or_create(conn, "second", 1).await?;
                let account = paifang_server::accounts::NewAccount {
                    kind: "mini_program",
                    appid: APPID.to_owned(),
                    secret: paifang_tests::APP_SECRET.into(),
                    callback_token: None,
                    callback_aes_key: None,
                    callback_mode: "safe".to_owned(),
                    callback_format: "json".to_owned(),
                };
                paifang_server::accounts::add(&shared, conn, &second, &account, 1).await
            })
        })
        .await;
    made.unwrap();
    let calls = app.sim.calls().len();
    let asked = app.try_login("alice", json!({})).await.problem(409, "organization_required");
    assert_eq!(app.sim.calls().len(), calls, "the code is not used up");
    let choices = asked["organizations"].as_array().unwrap();
    assert_eq!(choices.len(), 2);
    for choice in choices {
        let login = app.try_login("alice", json!({ "scene": choice["scene"] })).await.expect(201);
        assert_eq!(login["organization"]["name"], choice["name"]);
    }
    let invitation = app.admin.post("/api/v1/invitations", &json!({ "role": "staff" })).await.expect(201);
    let login = app.try_login("carol", json!({ "invitation_code": invitation["code"] })).await.expect(201);
    assert_eq!(login["organization"]["name"], "acme");
    assert_eq!(login["person"]["roles"], json!(["staff"]));
});
