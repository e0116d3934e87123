//! `POST /cgi-bin/stable_token`: the access token that several processes may fetch without hurting each other.

use super::client::{WechatClient, WechatError};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

const PATH: &str = "/cgi-bin/stable_token";

/// An access token.
#[derive(Debug, Deserialize)]
pub struct StableToken {
    /// The token.
    pub access_token: SecretString,
    /// Seconds that it still lives; WeChat renews it five minutes before.
    pub expires_in: i64,
}

impl WechatClient {
    /// The account's current token, in normal mode: `force_refresh` would kill the one that others use.
    pub async fn stable_token(&self, appid: &str, secret: &SecretString) -> Result<StableToken, WechatError> {
        let body = json!({
            "grant_type": "client_credential",
            "appid": appid,
            "secret": secret.expose_secret(),
            "force_refresh": false,
        });
        self.send(PATH, self.post(PATH).json(&body)).await
    }
}
