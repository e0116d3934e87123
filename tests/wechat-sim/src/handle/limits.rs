//! What WeChat forbids an app: by its tokens, by address, and by number.

use super::WechatSim;
use crate::quotas::Limits;

impl WechatSim {
    /// Makes every token of an app invalid (40001), as a leak response or a foreign refresh does.
    pub fn kill_tokens(&self, appid: &str) {
        self.sim.state().tokens.kill(appid);
    }

    /// Lets every token of an app end before its time (42001); the next `stable_token` gives a new one.
    pub fn expire_token(&self, appid: &str) {
        self.sim.state().tokens.expire(appid, self.now_ms());
    }

    /// The addresses that may ask for a token or use one; anybody else is refused with 40164. `None` is every address,
    /// as in the beginning. Fails if the app is unknown or one of them is no IP address.
    pub fn set_allowed_ips(&self, appid: &str, addresses: Option<Vec<String>>) -> anyhow::Result<()> {
        self.sim.set_allowed_ips(appid, addresses)
    }

    /// Freezes the AppSecret, which then gives no token (40243); tokens given out and logins go on. Fails if the app
    /// is unknown.
    pub fn set_frozen(&self, appid: &str, frozen: bool) -> anyhow::Result<()> {
        self.sim.change_app(appid, |app| app.frozen = frozen)
    }

    /// How often an app may call the interface with this path in a minute of the simulator's clock (45011 beyond it)
    /// and in a day of China (45009); `None` is without limit. It replaces what WeChat documents, which holds
    /// otherwise. Fails if the app is unknown.
    pub fn set_quota(
        &self,
        appid: &str,
        path: &str,
        per_minute: Option<u32>,
        per_day: Option<u32>,
    ) -> anyhow::Result<()> {
        self.sim.set_quota(appid, path, Limits { per_minute, per_day })
    }
}
