//! Everything a test or a script can do to the simulated WeChat; the handle and `/_sim` both come here.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use reqwest::Client;
use serde_json::Value;

use crate::clock::Clock;
use crate::crypt::{self, EncryptedUserData};
use crate::followers::Followers;
use crate::handle::Config;
use crate::phone;
use crate::push;
use crate::quotas::Limits;
use crate::state::{App, CHINA, State, User};
use crate::store;

/// The most openids WeChat gives at once.
const FOLLOWER_PAGE: usize = 10_000;

pub(crate) struct Simulator {
    pub(crate) clock: Clock,
    pub(crate) session_key_reuse: Duration,
    follower_page: AtomicUsize,
    push_timeout: Duration,
    client: OnceLock<Client>,
    state_file: Option<PathBuf>,
    state: Mutex<State>,
}

impl Simulator {
    /// Fails if the state file is there but cannot be read.
    pub(crate) fn new(config: Config) -> anyhow::Result<Self> {
        let mut state = State::default();
        if let Some(path) = &config.state_file {
            store::load(path, &mut state)?;
        }
        config.apps.into_iter().for_each(|app| state.insert_app(app));
        let sim = Self {
            clock: Clock::default(),
            session_key_reuse: config.session_key_reuse,
            follower_page: AtomicUsize::new(FOLLOWER_PAGE),
            push_timeout: config.push_timeout,
            client: OnceLock::new(),
            state_file: config.state_file,
            state: Mutex::new(state),
        };
        sim.save(&sim.state());
        Ok(sim)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A file that cannot be written must not stop the test that runs; it only costs the next start its memory.
    pub(crate) fn save(&self, state: &State) {
        if let Some(path) = &self.state_file
            && let Err(error) = store::save(path, state)
        {
            tracing::error!(path = %path.display(), %error, "apps and users were not saved");
        }
    }

    /// Made at the first push, because most tests need none.
    pub(crate) fn client(&self) -> reqwest::Result<Client> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let made = push::client(self.push_timeout)?;
        Ok(self.client.get_or_init(|| made).clone())
    }

    /// The simulator's time in seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now_ms() / 1000
    }

    /// How many openids a page of followers holds.
    pub(crate) fn follower_page(&self) -> usize {
        self.follower_page.load(Ordering::SeqCst)
    }

    pub(crate) fn set_follower_page(&self, size: usize) {
        self.follower_page.store(size.clamp(1, FOLLOWER_PAGE), Ordering::SeqCst);
    }

    /// Changes who follows an official account.
    pub(crate) fn change_followers(&self, appid: &str, change: impl FnOnce(&mut Followers, i64)) -> anyhow::Result<()> {
        let mut state = self.state();
        state.official_account(appid)?;
        change(state.followers.entry(appid.to_owned()).or_default(), self.now());
        self.save(&state);
        Ok(())
    }

    /// Lets somebody follow who becomes known by it, through the QR code with this scene if there is one.
    pub(crate) fn follow(&self, appid: &str, user: &str, scene: Option<&str>) -> anyhow::Result<()> {
        self.state().official_account(appid)?;
        self.state().meet(user);
        self.change_followers(appid, |followers, now| followers.follow(user, scene, now))
    }

    pub(crate) fn unfollow(&self, appid: &str, user: &str) -> anyhow::Result<()> {
        self.change_followers(appid, |followers, _| followers.unfollow(user))
    }

    pub(crate) fn populate_followers(&self, appid: &str, count: u32) -> anyhow::Result<()> {
        self.change_followers(appid, |followers, now| followers.populate(count, now))
    }

    pub(crate) fn add_app(&self, app: App) {
        let mut state = self.state();
        state.insert_app(app);
        self.save(&state);
    }

    /// Changes an app that is known.
    pub(crate) fn change_app(&self, appid: &str, change: impl FnOnce(&mut App)) -> anyhow::Result<()> {
        let mut state = self.state();
        state.app(appid)?;
        state.apps.entry(appid.to_owned()).and_modify(change);
        self.save(&state);
        Ok(())
    }

    pub(crate) fn set_allowed_ips(&self, appid: &str, addresses: Option<Vec<String>>) -> anyhow::Result<()> {
        for address in addresses.iter().flatten() {
            address.parse::<IpAddr>().with_context(|| format!("{address} is no IP address"))?;
        }
        self.change_app(appid, |app| app.allowed_ips = addresses)
    }

    pub(crate) fn set_quota(&self, appid: &str, path: &str, limits: Limits) -> anyhow::Result<()> {
        let mut state = self.state();
        state.app(appid)?;
        state.quotas.set(appid, path, limits);
        Ok(())
    }

    pub(crate) fn add_user(&self, user: User) {
        let mut state = self.state();
        state.insert_user(user);
        self.save(&state);
    }

    pub(crate) fn block_user(&self, name: &str) {
        let mut state = self.state();
        state.meet(name);
        state.users.entry(name.to_owned()).and_modify(|user| user.blocked = true);
        self.save(&state);
    }

    pub(crate) fn mint_code(&self, appid: &str, user: &str) -> String {
        let mut state = self.state();
        let known = state.users.contains_key(user);
        let code = state.mint_code(appid, user, self.clock.now_ms());
        if !known {
            self.save(&state);
        }
        code
    }

    pub(crate) fn mint_phone_code(&self, appid: &str, user: &str) -> anyhow::Result<String> {
        phone::mint(&mut self.state(), appid, user, self.clock.now_ms())
    }

    pub(crate) fn encrypt_with(&self, key: &str, appid: &str, data: &Value) -> anyhow::Result<EncryptedUserData> {
        let Value::Object(data) = data else { bail!("user data is a JSON object") };
        crypt::encrypt(key, appid, data.clone(), self.now())
    }

    pub(crate) fn session_key(&self, appid: &str, user: &str) -> anyhow::Result<String> {
        let state = self.state();
        let key = state.session_key(appid, user).with_context(|| format!("{user} has not logged in to {appid}"))?;
        Ok(key.to_owned())
    }

    pub(crate) fn encrypt(&self, appid: &str, user: &str, data: &Value) -> anyhow::Result<EncryptedUserData> {
        self.encrypt_with(&self.session_key(appid, user)?, appid, data)
    }

    pub(crate) fn encrypt_phone(&self, appid: &str, user: &str, number: &str) -> anyhow::Result<EncryptedUserData> {
        self.encrypt(appid, user, &crypt::phone_data(CHINA, number))
    }

    pub(crate) fn encrypt_own_phone(&self, appid: &str, user: &str) -> anyhow::Result<EncryptedUserData> {
        let data = self.state().users.get(user).and_then(User::phone_data);
        self.encrypt(appid, user, &data.with_context(|| format!("{user} has no phone number"))?)
    }
}
