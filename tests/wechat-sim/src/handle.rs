//! The library's face: start a simulator, steer it, stop it.

mod content_check;
mod followers;
mod limits;
mod pushes;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::crypt::EncryptedUserData;
use crate::faults::Fault;
use crate::identity;
use crate::log::Call;
use crate::server::Running;
use crate::simulator::Simulator;
use crate::state::{App, User};

/// How to start a [`WechatSim`]. The default listens on a free port of 127.0.0.1 and knows no app.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
    /// The apps known from the beginning.
    pub apps: Vec<App>,
    /// How long after a login another one by the same person keeps the `session_key`. WeChat does that for an
    /// undisclosed time; the default of zero makes each key new, so that nobody comes to rely on it.
    pub session_key_reuse: Duration,
    /// A JSON file in which apps, their callbacks, users and followers survive a restart.
    pub state_file: Option<PathBuf>,
    /// How long the server of an account may take to answer a push: WeChat's five seconds, but for tests.
    pub push_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        let bind = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let push_timeout = Duration::from_secs(5);
        Self { bind, apps: Vec::new(), session_key_reuse: Duration::ZERO, state_file: None, push_timeout }
    }
}

/// A running stand-in for `https://api.weixin.qq.com`. It runs in threads of its own, so it can be used with and
/// without an async runtime, and stops when dropped.
pub struct WechatSim {
    sim: Arc<Simulator>,
    running: Running,
}

impl WechatSim {
    /// Starts listening; the simulator answers once this returns. Fails if the address is taken, or if the state
    /// file is there but cannot be read.
    pub fn start(config: Config) -> anyhow::Result<Self> {
        let bind = config.bind;
        let sim = Arc::new(Simulator::new(config)?);
        let running = Running::start(Arc::clone(&sim), bind)?;
        Ok(Self { sim, running })
    }

    /// What takes the place of `https://api.weixin.qq.com`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.running.address)
    }

    /// Closes all connections, unanswered calls included, and frees the port before it returns.
    pub fn stop(self) {}

    /// Makes an app known, or replaces the one with this appid.
    pub fn add_app(&self, app: App) {
        self.sim.add_app(app);
    }

    /// Makes a person known, or replaces the one with this name.
    pub fn add_user(&self, user: User) {
        self.sim.add_user(user);
    }

    /// Lets WeChat take a person for high risk (40226); one it does not know becomes known.
    pub fn block_user(&self, name: &str) {
        self.sim.block_user(name);
    }

    /// The code `wx.login` gives to this person in this app: 32 characters, good for five minutes and one use. An
    /// unknown person becomes known; with an unknown appid the code is worth nothing.
    pub fn mint_code(&self, appid: &str, user: &str) -> String {
        self.sim.mint_code(appid, user)
    }

    /// The code the phone number button gives for the number this person has: good for five minutes and one use, by
    /// this mini program alone. Fails if the app is no known mini program, or the person has no number.
    pub fn mint_phone_code(&self, appid: &str, user: &str) -> anyhow::Result<String> {
        self.sim.mint_phone_code(appid, user)
    }

    /// The openid of a person in an app: 28 characters, the same in every run.
    pub fn openid(&self, appid: &str, user: &str) -> String {
        identity::openid(appid, user)
    }

    /// The unionid a login gives, the same for all apps of one open platform account; `None` if the app is unknown
    /// or bound to none.
    pub fn unionid(&self, appid: &str, user: &str) -> Option<String> {
        self.sim.state().unionid(appid, user)
    }

    /// The key that is valid now for a person in an app. Fails before the first login.
    pub fn session_key(&self, appid: &str, user: &str) -> anyhow::Result<String> {
        self.sim.session_key(appid, user)
    }

    /// Encrypts a JSON object under the person's current session key, adding `watermark`. Fails if the person has not
    /// logged in, or if `data` is no object.
    pub fn encrypt(&self, appid: &str, user: &str, data: &Value) -> anyhow::Result<EncryptedUserData> {
        self.sim.encrypt(appid, user, data)
    }

    /// The same under a given session key, such as one replaced since. Fails if it is not the Base64 of 16 bytes.
    pub fn encrypt_with(&self, session_key: &str, appid: &str, data: &Value) -> anyhow::Result<EncryptedUserData> {
        self.sim.encrypt_with(session_key, appid, data)
    }

    /// The data of the phone number button for a number of mainland China: `phoneNumber`, `purePhoneNumber`,
    /// `countryCode` and `watermark`. Fails if the person has not logged in.
    pub fn encrypt_phone(&self, appid: &str, user: &str, number: &str) -> anyhow::Result<EncryptedUserData> {
        self.sim.encrypt_phone(appid, user, number)
    }

    /// The same for the number the person has, which may be foreign. Fails without one, too.
    pub fn encrypt_own_phone(&self, appid: &str, user: &str) -> anyhow::Result<EncryptedUserData> {
        self.sim.encrypt_own_phone(appid, user)
    }

    /// Lets something go wrong with the next calls.
    pub fn inject(&self, fault: Fault) {
        self.sim.state().faults.inject(fault);
    }

    /// Ends all faults; calls already struck stay so.
    pub fn clear_faults(&self) {
        self.sim.state().faults.clear();
    }

    /// The simulator's time in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.sim.clock.now_ms()
    }

    /// Moves the simulator's clock forward by so many milliseconds; it never goes back.
    pub fn advance(&self, millis: u64) {
        self.sim.clock.advance(Duration::from_millis(millis));
    }

    /// The latest 10,000 calls to WeChat's interfaces, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.sim.state().log.entries()
    }

    /// Forgets the calls so far.
    pub fn clear_calls(&self) {
        self.sim.state().log.clear();
    }
}
