//! An official account with its message push, for races and load.

use crate::{APP_SECRET, Actor};
use serde_json::json;
use wechat_sim::{App, Callback, PushFormat, PushMode, WechatSim};

/// The official account.
pub const OFFICIAL: &str = "wx00000000000000c3";
const AES_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

/// Connects it to the server at `base`; answers its id.
pub async fn connect_official(sim: &WechatSim, admin: &Actor, base: &str) -> String {
    sim.add_app(App::official_account(OFFICIAL, APP_SECRET).bound_to("expo"));
    let body = json!({ "kind": "official_account", "appid": OFFICIAL, "secret": APP_SECRET,
        "official_account_type": "service", "callback": { "token": "AAAAA", "encoding_aes_key": AES_KEY } });
    let account = admin.post("/api/v1/accounts", &body).await.expect(201);
    let callback = Callback {
        url: format!("{base}/wechat/callback/{OFFICIAL}"),
        token: "AAAAA".to_owned(),
        aes_key: Some(AES_KEY.to_owned()),
        mode: PushMode::Safe,
        format: PushFormat::Json,
    };
    sim.set_callback(OFFICIAL, callback).expect("a callback");
    account["id"].as_str().expect("an id").to_owned()
}
