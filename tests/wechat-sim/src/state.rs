//! What the simulated WeChat knows: apps, people, codes, session keys and tokens.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use anyhow::ensure;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::content_check::Suggestion;
use crate::crypt;
use crate::errcode::Errcode;
use crate::faults::Faults;
use crate::followers::Followers;
use crate::identity;
use crate::log::Log;
use crate::phone::PhoneCode;
use crate::push::Callback;
use crate::quotas::Quotas;
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
    /// The addresses that may ask for a token or use one; `None` is every address.
    #[serde(default)]
    pub allowed_ips: Option<Vec<String>>,
    /// Whether the AppSecret is frozen and gives no token.
    #[serde(default)]
    pub frozen: bool,
    /// The pages of a mini program's released version, such as `pages/home/index`; none is every page.
    #[serde(default)]
    pub pages: Vec<String>,
}

impl App {
    /// A mini program bound to no open platform account.
    pub fn mini_program(appid: &str, secret: &str) -> Self {
        Self {
            appid: appid.to_owned(),
            secret: secret.to_owned(),
            kind: Kind::MiniProgram,
            open_platform: None,
            allowed_ips: None,
            frozen: false,
            pages: Vec::new(),
        }
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

/// A test or a script names an app that nobody made known.
#[derive(Debug)]
pub(crate) struct NoSuchApp(String);

impl fmt::Display for NoSuchApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no app has the appid {}", self.0)
    }
}

impl std::error::Error for NoSuchApp {}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) apps: BTreeMap<String, App>,
    pub(crate) users: BTreeMap<String, User>,
    /// Appid and user by openid, of the official accounts, which are asked by openid.
    openids: HashMap<String, (String, String)>,
    /// By official account.
    pub(crate) followers: BTreeMap<String, Followers>,
    /// Where apps are pushed to.
    pub(crate) callbacks: BTreeMap<String, Callback>,
    pub(crate) codes: HashMap<String, LoginCode>,
    pub(crate) phone_codes: HashMap<String, PhoneCode>,
    /// By appid and user: WeChat keeps one valid key for each pair.
    pub(crate) sessions: HashMap<(String, String), Session>,
    /// When a person last opened a mini program, by appid and openid.
    pub(crate) visits: HashMap<(String, String), i64>,
    /// What the content check thinks of texts with these words.
    pub(crate) words: BTreeMap<String, Suggestion>,
    pub(crate) tokens: Tokens,
    pub(crate) quotas: Quotas,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
}

impl State {
    /// An app that tests name; WeChat's interfaces have errcodes of their own for one they do not know.
    pub(crate) fn app(&self, appid: &str) -> anyhow::Result<&App> {
        Ok(self.apps.get(appid).ok_or_else(|| NoSuchApp(appid.to_owned()))?)
    }

    /// The same, if it is an official account.
    pub(crate) fn official_account(&self, appid: &str) -> anyhow::Result<&App> {
        let app = self.app(appid)?;
        ensure!(app.kind == Kind::OfficialAccount, "{appid} is no official account");
        Ok(app)
    }

    pub(crate) fn insert_app(&mut self, app: App) {
        if app.kind == Kind::OfficialAccount {
            for user in self.users.keys() {
                let owner = (app.appid.clone(), user.clone());
                self.openids.insert(identity::openid(&app.appid, user), owner);
            }
        }
        self.apps.insert(app.appid.clone(), app);
    }

    pub(crate) fn insert_user(&mut self, user: User) {
        for appid in self.apps.values().filter(|app| app.kind == Kind::OfficialAccount).map(|app| &app.appid) {
            self.openids.insert(identity::openid(appid, &user.name), (appid.clone(), user.name.clone()));
        }
        self.users.insert(user.name.clone(), user);
    }

    /// Makes somebody known who may be known already.
    pub(crate) fn meet(&mut self, user: &str) {
        if !self.users.contains_key(user) {
            self.insert_user(User::new(user));
        }
    }

    /// The name of the person with this openid in an official account.
    pub(crate) fn user(&self, appid: &str, openid: &str) -> Option<String> {
        match self.openids.get(openid) {
            Some((owner, user)) => (owner == appid).then(|| user.clone()),
            None => self.followers.get(appid)?.member_by_openid(appid, openid),
        }
    }

    /// The app, if the credentials are right; both are known to be present.
    pub(crate) fn authenticate(&self, appid: &str, secret: &str) -> Result<&App, Errcode> {
        let app = self.apps.get(appid).ok_or(Errcode::INVALID_APPID)?;
        if app.secret == secret { Ok(app) } else { Err(Errcode::INVALID_SECRET) }
    }

    /// Gives the code `wx.login` would, to somebody who is made known by it.
    pub(crate) fn mint_code(&mut self, appid: &str, user: &str, now_ms: i64) -> String {
        self.meet(user);
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
        Some(identity::unionid(platform, user))
    }
}
