//! An official account for tests.

use paifang_tests::{APP_SECRET, Answer, TestApp};
use serde_json::{Value, json};
use wechat_sim::{App, Callback, PushFormat, PushMode};

/// The official account of `acme`.
pub const OFFICIAL: &str = "wx00000000000000c3";
/// The token and key of its message push.
pub const TOKEN: &str = "AAAAA";
pub const AES_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

/// Connects the account.
pub async fn connect(app: &TestApp, appid: &str) -> Answer {
    connect_with(app, appid, json!({})).await
}

/// Connects the account with more fields.
pub async fn connect_with(app: &TestApp, appid: &str, more: Value) -> Answer {
    if appid == OFFICIAL {
        app.sim.add_app(App::official_account(OFFICIAL, APP_SECRET).bound_to("expo"));
    }
    try_connect(app, appid, more).await
}

/// Connects an account that WeChat knows or not.
pub async fn try_connect(app: &TestApp, appid: &str, more: Value) -> Answer {
    let mut body = json!({ "kind": "official_account", "appid": appid, "secret": APP_SECRET,
        "official_account_type": "service" });
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    app.admin.post("/api/v1/accounts", &body).await
}

/// Connects the account with its message push, on both sides.
pub async fn connect_with_pushes(app: &TestApp, mode: PushMode, format: PushFormat, more: Value) -> Value {
    let named = |value: &dyn std::fmt::Debug| format!("{value:?}").to_lowercase();
    let mut settings = json!({ "callback": { "token": TOKEN, "encoding_aes_key": AES_KEY, "mode": named(&mode),
        "format": named(&format) } });
    if let (Some(settings), Some(more)) = (settings.as_object_mut(), more.as_object()) {
        settings.extend(more.clone());
    }
    let account = connect_with(app, OFFICIAL, settings).await.expect(201);
    let url = format!("{}/wechat/callback/{OFFICIAL}", app.base);
    let callback = Callback { url, token: TOKEN.to_owned(), aes_key: Some(AES_KEY.to_owned()), mode, format };
    app.sim.set_callback(OFFICIAL, callback).unwrap();
    account
}

/// Waits until no push waits any more.
pub async fn drained(app: &TestApp) {
    for _ in 0..200 {
        if app.admin.get("/api/v1/pushes?status=waiting").await.expect(200)["items"] == json!([]) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("pushes wait: {}", app.admin.get("/api/v1/pushes").await.expect(200));
}
