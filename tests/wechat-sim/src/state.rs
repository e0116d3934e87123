//! What the simulator knows: apps, users, codes, session keys, tokens, calls.

use crate::faults::Fault;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

/// What an app is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A mini program.
    MiniProgram,
    /// An official account.
    OfficialAccount,
}

/// An app that WeChat knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct App {
    /// Its AppID.
    pub appid: String,
    /// Its AppSecret.
    pub secret: String,
    /// What it is.
    pub kind: Kind,
    /// The open platform account that it is bound to; only then its logins carry a unionid.
    #[serde(default)]
    pub open_platform: Option<String>,
}

impl App {
    /// A mini program that is bound to no open platform account.
    pub fn mini_program(appid: &str, secret: &str) -> Self {
        Self { appid: appid.to_owned(), secret: secret.to_owned(), kind: Kind::MiniProgram, open_platform: None }
    }
}

/// A call that was made.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// GET or POST.
    pub method: String,
    /// The path, without the query (it holds secrets).
    pub path: String,
    /// The login code of the call, where it had one.
    pub js_code: Option<String>,
    /// The errcode that was answered, 0 for success; absent where a fault kept the answer back.
    pub errcode: Option<i64>,
}

/// A login code.
pub(crate) struct Code {
    pub appid: String,
    pub user: String,
    pub minted_at: i64,
    pub used: bool,
}

/// An access token of the stable family.
pub(crate) struct Token {
    pub value: String,
    pub expires_at: i64,
    pub forced: Vec<i64>,
}

/// Everything behind the simulator's lock.
#[derive(Default)]
pub(crate) struct State {
    pub apps: HashMap<String, App>,
    pub blocked_users: Vec<String>,
    pub codes: HashMap<String, Code>,
    pub session_keys: HashMap<(String, String), String>,
    pub tokens: HashMap<String, Token>,
    pub faults: Vec<Fault>,
    pub calls: Vec<Call>,
    pub clock_offset: i64,
}

impl State {
    /// Now, in UTC epoch milliseconds, by the simulator's clock.
    pub fn now(&self) -> i64 {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX).saturating_add(self.clock_offset)
    }

    /// A code as `wx.login` gives one.
    pub fn mint_code(&mut self, appid: &str, user: &str) -> String {
        let code = format!("0x1{}", random_text::<22>());
        let minted_at = self.now();
        let minted = Code { appid: appid.to_owned(), user: user.to_owned(), minted_at, used: false };
        self.codes.insert(code.clone(), minted);
        code
    }
}

/// The user's name in an app: 28 characters beginning with `o`, always the same.
pub fn openid(appid: &str, user: &str) -> String {
    format!("o{}", stable_text(&format!("openid {appid} {user}"), 27))
}

/// The user's name on an open platform account.
pub fn unionid(open_platform: &str, user: &str) -> String {
    format!("o{}", stable_text(&format!("unionid {open_platform} {user}"), 27))
}

/// A session_key: 16 random bytes in base64.
pub fn fresh_session_key() -> String {
    STANDARD.encode(random_bytes::<16>())
}

/// Random text of about 4/3 · `N` characters.
pub fn random_text<const N: usize>() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<N>())
}

pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without randomness the codes would repeat, and the tests would notice.
    let _ = rand::fill(&mut bytes);
    bytes
}

fn stable_text(seed: &str, length: usize) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, seed.as_bytes())).chars().take(length).collect()
}
