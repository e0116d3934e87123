//! What the simulated WeChat knows: apps, people, codes, session keys and tokens.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::crypt;
use crate::errcode::Errcode;
use crate::faults::Faults;
use crate::log::Log;
use crate::phone::PhoneCode;
use crate::random;
use crate::token::Tokens;

/// What kind of account an appid names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A mini program.
    MiniProgram,
    /// An official account; `jscode2session` does not know it (40013).
    OfficialAccount,
}

/// An account on WeChat's public platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// The appid, such as `wx0000000000000001`.
    pub appid: String,
    /// Its AppSecret.
    pub secret: String,
    /// What it is.
    pub kind: Kind,
    /// The open platform account it is bound to, by any name. Only then does a login give a `unionid`.
    #[serde(default)]
    pub open_platform: Option<String>,
}

impl App {
    /// A mini program bound to no open platform account.
    pub fn mini_program(appid: &str, secret: &str) -> Self {
        Self { appid: appid.to_owned(), secret: secret.to_owned(), kind: Kind::MiniProgram, open_platform: None }
    }

    /// An official account bound to no open platform account.
    pub fn official_account(appid: &str, secret: &str) -> Self {
        Self { kind: Kind::OfficialAccount, ..Self::mini_program(appid, secret) }
    }

    /// The same, bound to this open platform account.
    pub fn bound_to(self, open_platform: &str) -> Self {
        Self { open_platform: Some(open_platform.to_owned()), ..self }
    }
}

/// Somebody who uses WeChat, known to tests by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The name, such as `alice`; openid and unionid follow from it.
    pub name: String,
    /// The bound phone number without the country's code.
    #[serde(default)]
    pub phone: Option<String>,
    /// The calling code of the phone's country, without `+`.
    #[serde(default = "china")]
    pub country_code: String,
    /// Whether WeChat takes this person for high risk and refuses the login (40226).
    #[serde(default)]
    pub blocked: bool,
}

impl User {
    pub(crate) fn phone_data(&self) -> Option<Value> {
        self.phone.as_deref().map(|number| crypt::phone_data(&self.country_code, number))
    }

    /// Somebody without a phone number.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), phone: None, country_code: china(), blocked: false }
    }
}

/// The calling code of mainland China.
pub(crate) const CHINA: &str = "86";

fn china() -> String {
    CHINA.to_owned()
}

/// A code of the login and one of the phone number button live five minutes.
pub(crate) const CODE_LIFE_MS: i64 = 5 * 60 * 1000;

#[derive(Debug)]
pub(crate) struct LoginCode {
    pub(crate) appid: String,
    pub(crate) user: String,
    pub(crate) minted_ms: i64,
    pub(crate) used: bool,
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) key: String,
    pub(crate) since_ms: i64,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) apps: BTreeMap<String, App>,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) codes: HashMap<String, LoginCode>,
    pub(crate) phone_codes: HashMap<String, PhoneCode>,
    /// By appid and user: WeChat keeps one valid key for each pair.
    pub(crate) sessions: HashMap<(String, String), Session>,
    pub(crate) tokens: Tokens,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
}

impl State {
    /// An app that tests name; WeChat's interfaces have errcodes of their own for one they do not know.
    pub(crate) fn app(&self, appid: &str) -> anyhow::Result<&App> {
        self.apps.get(appid).with_context(|| format!("no app has the appid {appid}"))
    }

    /// The app, if the credentials are right; both are known to be present.
    pub(crate) fn authenticate(&self, appid: &str, secret: &str) -> Result<&App, Errcode> {
        let app = self.apps.get(appid).ok_or(Errcode::INVALID_APPID)?;
        if app.secret == secret { Ok(app) } else { Err(Errcode::INVALID_SECRET) }
    }

    /// Gives the code `wx.login` would, to somebody who is made known by it.
    pub(crate) fn mint_code(&mut self, appid: &str, user: &str, now_ms: i64) -> String {
        self.users.entry(user.to_owned()).or_insert_with(|| User::new(user));
        let code = random::code();
        let minted = LoginCode { appid: appid.to_owned(), user: user.to_owned(), minted_ms: now_ms, used: false };
        self.codes.insert(code.clone(), minted);
        code
    }

    pub(crate) fn session_key(&self, appid: &str, user: &str) -> Option<&str> {
        self.sessions.get(&(appid.to_owned(), user.to_owned())).map(|session| session.key.as_str())
    }

    pub(crate) fn unionid(&self, appid: &str, user: &str) -> Option<String> {
        let platform = self.apps.get(appid)?.open_platform.as_deref()?;
        Some(identifier("unionid", platform, user))
    }
}

/// The openid of a user in an app, the same in every run.
pub(crate) fn openid(appid: &str, user: &str) -> String {
    identifier("openid", appid, user)
}

/// 28 characters beginning with `o`, as both kinds of WeChat identifier are.
fn identifier(kind: &str, owner: &str, user: &str) -> String {
    // An appid or a platform's name holds no line break, so no two triples give the same text.
    let hash = digest::digest(&digest::SHA256, format!("{kind}\n{owner}\n{user}").as_bytes());
    std::iter::once('o').chain(URL_SAFE_NO_PAD.encode(hash).chars().take(27)).collect()
}
