//! What WeChat pushes to accounts.

use serde_json::Value;

use super::WechatSim;
use crate::push::{Callback, Delivery, Push};

/// All of these fail if the appid is unknown, and all but the first if it has no callback.
impl WechatSim {
    /// Sets where and how an account is pushed to. Fails on settings WeChat's console would refuse; it does not ask
    /// the URL, which [`WechatSim::verify_url`] does.
    pub fn set_callback(&self, appid: &str, callback: Callback) -> anyhow::Result<()> {
        self.sim.set_callback(appid, callback)
    }

    /// What WeChat would send for an event or a message, given as the object of its fields; each call has a nonce of
    /// its own. `ToUserName` and `CreateTime` are added if they are missing.
    ///
    /// In XML texts stand in CDATA, numbers plain, and arrays become repeated elements. In JSON a `List` of one
    /// becomes the object in it, as WeChat does. Fails if XML cannot hold the fields.
    pub fn sign_push(&self, appid: &str, event: &Value) -> anyhow::Result<Push> {
        self.sim.sign_push(appid, event)
    }

    /// Sends that, up to three times as long as the answer within five seconds is not HTTP 200 with `success` or
    /// nothing. Each attempt is signed anew. Fails if the last one got no answer.
    pub async fn deliver(&self, appid: &str, event: &Value) -> anyhow::Result<Delivery> {
        self.sim.deliver(appid, event).await
    }

    /// The check of the URL when the settings are saved in WeChat's console: a GET that must be answered with exactly
    /// its `echostr`.
    pub async fn verify_url(&self, appid: &str) -> anyhow::Result<()> {
        self.sim.verify_url(appid).await
    }
}
