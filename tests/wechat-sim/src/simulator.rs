//! Everything a test or a script can do to the simulated WeChat; the handle and `/_sim` both come here.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::clock::Clock;
use crate::crypt::{self, EncryptedUserData};
use crate::handle::Config;
use crate::phone;
use crate::state::{App, CHINA, State, User};
use crate::store;

pub(crate) struct Simulator {
    pub(crate) clock: Clock,
    pub(crate) session_key_reuse: Duration,
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
        state.apps.extend(config.apps.into_iter().map(|app| (app.appid.clone(), app)));
        let sim = Self {
            clock: Clock::default(),
            session_key_reuse: config.session_key_reuse,
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
    fn save(&self, state: &State) {
        if let Some(path) = &self.state_file
            && let Err(error) = store::save(path, state)
        {
            tracing::error!(path = %path.display(), %error, "apps and users were not saved");
        }
    }

    pub(crate) fn add_app(&self, app: App) {
        let mut state = self.state();
        state.apps.insert(app.appid.clone(), app);
        self.save(&state);
    }

    pub(crate) fn add_user(&self, user: User) {
        let mut state = self.state();
        state.users.insert(user.name.clone(), user);
        self.save(&state);
    }

    pub(crate) fn block_user(&self, name: &str) {
        let mut state = self.state();
        state.users.entry(name.to_owned()).or_insert_with(|| User::new(name)).blocked = true;
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
        crypt::encrypt(key, appid, data.clone(), self.clock.now_ms() / 1000)
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
