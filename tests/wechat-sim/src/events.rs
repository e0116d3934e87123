//! Events of people and official accounts, as the JSON objects that are pushed.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::identity::openid;
use crate::simulator::Simulator;

/// The original id of an account, which stands in every push as `ToUserName`.
pub(crate) fn original_id(appid: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("original id\n{appid}").as_bytes());
    let digits = hash.as_ref().iter().take(6).map(|byte| format!("{byte:02x}"));
    std::iter::once("gh_".to_owned()).chain(digits).collect()
}

/// What belongs to a QR code with this scene.
fn ticket(appid: &str, scene: &str) -> String {
    let hash = digest::digest(&digest::SHA512, format!("ticket\n{appid}\n{scene}").as_bytes());
    format!("gQ{}==", URL_SAFE_NO_PAD.encode(hash))
}

/// An event without a code carries an empty `EventKey`, and no `Ticket`.
fn event(appid: &str, user: &str, name: &str, key: &str, scene: Option<&str>, now: i64) -> Value {
    let mut event = json!({
        "ToUserName": original_id(appid),
        "FromUserName": openid(appid, user),
        "CreateTime": now,
        "MsgType": "event",
        "Event": name,
        "EventKey": key,
    });
    if let (Some(scene), Some(event)) = (scene, event.as_object_mut()) {
        event.insert("Ticket".to_owned(), ticket(appid, scene).into());
    }
    event
}

impl Simulator {
    /// Lets somebody follow, through the QR code with this scene if there is one.
    pub(crate) fn follow_event(&self, appid: &str, user: &str, scene: Option<&str>) -> anyhow::Result<Value> {
        let scene = scene.map(|scene| scene.strip_prefix("qrscene_").unwrap_or(scene));
        self.follow(appid, user, scene)?;
        let key = scene.map(|scene| format!("qrscene_{scene}")).unwrap_or_default();
        Ok(event(appid, user, "subscribe", &key, scene, self.now()))
    }

    pub(crate) fn unfollow_event(&self, appid: &str, user: &str) -> anyhow::Result<Value> {
        self.unfollow(appid, user)?;
        Ok(event(appid, user, "unsubscribe", "", None, self.now()))
    }

    /// Somebody who follows already scans the QR code with this scene.
    pub(crate) fn scan_event(&self, appid: &str, user: &str, scene: &str) -> anyhow::Result<Value> {
        self.state().official_account(appid)?;
        Ok(event(appid, user, "SCAN", scene, Some(scene), self.now()))
    }
}
