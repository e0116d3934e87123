//! `GET /sns/jscode2session` (code2Session).

use super::client::{WechatClient, WechatError};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

const PATH: &str = "/sns/jscode2session";

/// Who logged in.
#[derive(Debug, Deserialize)]
pub struct Code2Session {
    /// The user's name in this mini program.
    pub openid: String,
    /// The key of encrypted user data, base64; it never leaves the server.
    pub session_key: SecretString,
    /// The user's name on the open platform, where the mini program is bound to one.
    #[serde(default)]
    pub unionid: Option<String>,
}

impl WechatClient {
    /// Redeems a `wx.login` code. It is sent once, whatever happens: after a time-out WeChat may have used it up.
    pub async fn code2session(
        &self,
        appid: &str,
        secret: &SecretString,
        code: &str,
    ) -> Result<Code2Session, WechatError> {
        let query = [
            ("appid", appid),
            ("secret", secret.expose_secret()),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ];
        self.send(PATH, self.get(PATH).query(&query)).await
    }
}
