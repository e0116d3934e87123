//! Who follows official accounts.

use serde_json::Value;

use super::WechatSim;
use crate::{events, identity};

/// All of these fail if the appid is unknown or is no official account's.
impl WechatSim {
    /// Lets a person follow an official account; one it does not know becomes known. Nothing is pushed.
    pub fn follow(&self, appid: &str, user: &str) -> anyhow::Result<()> {
        self.sim.follow(appid, user, None)
    }

    /// Ends it. The account still knows the openid and is told `subscribe: 0`. Nothing is pushed.
    pub fn unfollow(&self, appid: &str, user: &str) -> anyhow::Result<()> {
        self.sim.unfollow(appid, user)
    }

    /// Gives an official account so many followers at once, in place of an earlier population. They cost no memory
    /// and are listed before the people who follow by name.
    ///
    /// They are called [`WechatSim::population_member`] and can do under these names what anybody can: log in, leave,
    /// follow another account. The same number is the same person in every app.
    pub fn populate_followers(&self, appid: &str, count: u32) -> anyhow::Result<()> {
        self.sim.populate_followers(appid, count)
    }

    /// [`WechatSim::follow`], and the `subscribe` event WeChat pushes for it: with `scene` through the QR code that
    /// has it, so that `EventKey` is `qrscene_<scene>` and a `Ticket` comes along.
    pub fn follow_event(&self, appid: &str, user: &str, scene: Option<&str>) -> anyhow::Result<Value> {
        self.sim.follow_event(appid, user, scene)
    }

    /// [`WechatSim::unfollow`], and the `unsubscribe` event for it.
    pub fn unfollow_event(&self, appid: &str, user: &str) -> anyhow::Result<Value> {
        self.sim.unfollow_event(appid, user)
    }

    /// The `SCAN` event of a person who follows already and scans the QR code with this scene.
    pub fn scan_event(&self, appid: &str, user: &str, scene: &str) -> anyhow::Result<Value> {
        self.sim.scan_event(appid, user, scene)
    }
}

impl WechatSim {
    /// The name of a member of a population, the first being 0.
    pub fn population_member(number: u32) -> String {
        identity::member(number)
    }

    /// How many openids a page of followers holds: from 1 to 10,000, which is WeChat's number and the default.
    pub fn set_follower_page(&self, size: usize) {
        self.sim.set_follower_page(size);
    }

    /// The original id of an account, `gh_` and twelve digits: the `ToUserName` of what is pushed to it.
    pub fn original_id(&self, appid: &str) -> String {
        events::original_id(appid)
    }
}
