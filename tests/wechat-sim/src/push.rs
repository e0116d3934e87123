//! What WeChat pushes to an account's server: events and messages, signed and, if so set, encrypted.

mod delivery;
mod document;
mod envelope;

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use delivery::Delivery;
pub(crate) use delivery::client;

use crate::events;
use crate::random;
use crate::simulator::Simulator;

/// Whether what is pushed can be read by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushMode {
    /// Only `ToUserName` and `Encrypt`; `msg_signature` covers the body.
    Safe,
    /// The fields in clear beside `Encrypt`.
    Compatible,
    /// The fields in clear; `signature` does not cover them.
    Plain,
}

/// How what is pushed is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushFormat {
    /// XML, with texts in CDATA.
    Xml,
    /// JSON.
    Json,
}

/// An account's settings for what is pushed to it, as in WeChat's console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// Where it goes, by `http` or `https`; a query of its own stays.
    pub url: String,
    /// The token of the signatures: 3 to 32 letters and digits.
    pub token: String,
    /// The EncodingAESKey, 43 letters and digits. Only [`PushMode::Plain`] does without.
    #[serde(default)]
    pub aes_key: Option<String>,
    /// Whether it is encrypted.
    pub mode: PushMode,
    /// How it is written.
    pub format: PushFormat,
}

impl Callback {
    /// Refuses what the console would.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let url = reqwest::Url::parse(&self.url).with_context(|| format!("{} is no URL", self.url))?;
        ensure!(["http", "https"].contains(&url.scheme()), "{url} is neither http nor https");
        let letters = self.token.bytes().all(|byte| byte.is_ascii_alphanumeric());
        ensure!(letters && (3..=32).contains(&self.token.len()), "a token has 3 to 32 letters and digits");
        ensure!(self.mode == PushMode::Plain || self.aes_key.is_some(), "this mode needs an aes_key");
        self.aes_key.as_deref().map_or(Ok(()), |key| envelope::key(key).map(drop))
    }
}

/// One push, as it goes over the wire by POST.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Push {
    /// What is added to the URL: `signature`, `timestamp`, `nonce`, `openid` of who the event is about, and in the
    /// encrypted modes `encrypt_type` and `msg_signature`.
    pub query: Vec<(String, String)>,
    /// The XML or JSON.
    pub body: String,
    /// Its media type.
    pub content_type: String,
}

/// What is different in each push.
struct Fresh {
    now: i64,
    nonce: String,
    random: [u8; 16],
}

impl Fresh {
    fn new(now: i64) -> Self {
        Self { now, nonce: random::digits(10), random: random::alphanumeric() }
    }

    /// `signature`, `timestamp` and `nonce`, which stand in every call of WeChat's.
    fn query(&self, token: &str) -> Vec<(String, String)> {
        let timestamp = self.now.to_string();
        let signature = envelope::signature([token, &timestamp, &self.nonce]);
        let pairs = [("signature", signature), ("timestamp", timestamp), ("nonce", self.nonce.clone())];
        pairs.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

fn sign(callback: &Callback, appid: &str, event: &Map<String, Value>, fresh: &Fresh) -> anyhow::Result<Push> {
    let mut query = fresh.query(&callback.token);
    if let Some(openid) = event.get("FromUserName").and_then(Value::as_str) {
        query.push(("openid".to_owned(), openid.to_owned()));
    }
    let clear = document::write(callback.format, event)?;
    let body = match callback.mode {
        PushMode::Plain => clear,
        mode => {
            let key = envelope::key(callback.aes_key.as_deref().unwrap_or_default())?;
            let encrypted = envelope::seal(&key, appid, clear.as_bytes(), fresh.random)?;
            let signature = envelope::signature([&callback.token, &fresh.now.to_string(), &fresh.nonce, &encrypted]);
            query.push(("encrypt_type".to_owned(), "aes".to_owned()));
            query.push(("msg_signature".to_owned(), signature));
            let mut fields = event.clone();
            if mode == PushMode::Safe {
                fields.retain(|name, _| name == "ToUserName");
            }
            fields.insert("Encrypt".to_owned(), encrypted.into());
            document::write(callback.format, &fields)?
        }
    };
    let content_type = match callback.format {
        PushFormat::Xml => "text/xml",
        PushFormat::Json => "application/json",
    };
    Ok(Push { query, body, content_type: content_type.to_owned() })
}

impl Simulator {
    pub(crate) fn set_callback(&self, appid: &str, callback: Callback) -> anyhow::Result<()> {
        callback.check()?;
        let mut state = self.state();
        state.app(appid)?;
        state.callbacks.insert(appid.to_owned(), callback);
        self.save(&state);
        Ok(())
    }

    pub(crate) fn callback(&self, appid: &str) -> anyhow::Result<Callback> {
        let state = self.state();
        state.app(appid)?;
        state.callbacks.get(appid).cloned().with_context(|| format!("{appid} has no callback"))
    }

    pub(crate) fn sign_push(&self, appid: &str, event: &Value) -> anyhow::Result<Push> {
        let (callback, event) = (self.callback(appid)?, self.complete(appid, event)?);
        sign(&callback, appid, &event, &Fresh::new(self.now()))
    }

    /// Adds the recipient and the time if they are missing, which is what nearly every caller wants.
    fn complete(&self, appid: &str, event: &Value) -> anyhow::Result<Map<String, Value>> {
        let mut event = event.as_object().context("an event is a JSON object")?.clone();
        event.entry("ToUserName").or_insert_with(|| events::original_id(appid).into());
        event.entry("CreateTime").or_insert_with(|| json!(self.now()));
        Ok(event)
    }
}

#[cfg(test)]
mod tests;
