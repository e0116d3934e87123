//! `POST /cgi-bin/stable_token`: the access token that several processes may fetch without hurting each other; or a
//! company's own token server in its place.

use super::client::{WechatClient, WechatError};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

/// The path of the interface.
pub(super) const PATH: &str = "/cgi-bin/stable_token";

/// An access token.
#[derive(Clone, Debug, Deserialize)]
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

    /// The token that a company's own token server gives: `GET url?appid=…` with an optional bearer secret answers
    /// `{"access_token": …, "expires_in": …}`.
    pub async fn provided_token(
        &self,
        appid: &str,
        url: &str,
        secret: Option<&SecretString>,
    ) -> Result<StableToken, WechatError> {
        let mut request = self.get_elsewhere(url).query(&[("appid", appid)]);
        if let Some(secret) = secret {
            request = request.bearer_auth(secret.expose_secret());
        }
        self.send("token-provider", request).await.map_err(|error| match error {
            WechatError::Errcode { errcode, .. } => WechatError::Provider(format!("answered errcode {errcode}")),
            WechatError::Unreadable { status } => WechatError::Provider(format!("answered HTTP {status}")),
            other => WechatError::Provider(format!("failed: {other}")),
        })
    }
}
