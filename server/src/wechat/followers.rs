//! Followers of an official account: `GET /cgi-bin/user/get`, `GET /cgi-bin/user/info`, `POST
//! /cgi-bin/user/info/batchget`; and `GET /cgi-bin/getcallbackip`, the cheapest call that needs a token.

use super::access::{Access, Credentials};
use super::client::WechatError;
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) const LIST: &str = "/cgi-bin/user/get";
pub(super) const INFO: &str = "/cgi-bin/user/info";
pub(super) const INFO_BATCH: &str = "/cgi-bin/user/info/batchget";
pub(super) const CALLBACK_ADDRESSES: &str = "/cgi-bin/getcallbackip";
/// The most openids of one batch.
pub const LARGEST_BATCH: usize = 100;

/// One page of the followers.
#[derive(Debug, Deserialize)]
pub struct FollowerPage {
    /// How many there are in all.
    pub total: i64,
    /// WeChat leaves this out where the page is empty.
    #[serde(default)]
    data: Option<PageData>,
    /// Where the next page starts; empty or the last openid at the end.
    #[serde(default)]
    pub next_openid: String,
}

#[derive(Debug, Deserialize)]
struct PageData {
    #[serde(default)]
    openid: Vec<String>,
}

impl FollowerPage {
    /// The openids of the page.
    pub fn into_openids(self) -> Vec<String> {
        self.data.map(|data| data.openid).unwrap_or_default()
    }
}

/// What WeChat tells of a follower.
#[derive(Clone, Debug, Deserialize)]
pub struct FollowerDetails {
    /// The follower.
    pub openid: String,
    /// 1 while they follow; then only is there more.
    #[serde(default)]
    pub subscribe: i64,
    /// The user's name on the open platform, where the account is bound to one.
    #[serde(default)]
    pub unionid: Option<String>,
    /// When they followed (Unix seconds).
    #[serde(default)]
    pub subscribe_time: Option<i64>,
}

impl FollowerDetails {
    /// Somebody of whom only the openid is known: the account may not ask for more.
    pub fn of_openid(openid: &str) -> Self {
        Self { openid: openid.to_owned(), subscribe: 1, unionid: None, subscribe_time: None }
    }
}

#[derive(Deserialize)]
struct Batch {
    user_info_list: Vec<FollowerDetails>,
}

impl Access {
    /// A page of at most 10,000 followers after `next_openid` (empty for the first).
    pub async fn follower_page(&self, who: &Credentials, next_openid: &str) -> Result<FollowerPage, WechatError> {
        self.call(who, LIST, |client| client.get(LIST).query(&[("next_openid", next_openid)])).await
    }

    /// What WeChat tells of one user. An openid of another account is refused (40003).
    pub async fn follower(&self, who: &Credentials, openid: &str) -> Result<FollowerDetails, WechatError> {
        self.call(who, INFO, |client| client.get(INFO).query(&[("openid", openid), ("lang", "zh_CN")])).await
    }

    /// What WeChat tells of at most [`LARGEST_BATCH`] users. One openid of another account refuses all of them.
    pub async fn followers(&self, who: &Credentials, openids: &[String]) -> Result<Vec<FollowerDetails>, WechatError> {
        let list: Vec<_> = openids.iter().map(|openid| json!({ "openid": openid, "lang": "zh_CN" })).collect();
        let body = json!({ "user_list": list });
        let batch: Batch = self.call(who, INFO_BATCH, |client| client.post(INFO_BATCH).json(&body)).await?;
        Ok(batch.user_info_list)
    }

    /// Makes a call that changes nothing: whether the account is connected.
    pub async fn check(&self, who: &Credentials) -> Result<(), WechatError> {
        let _: Value = self.call(who, CALLBACK_ADDRESSES, |client| client.get(CALLBACK_ADDRESSES)).await?;
        Ok(())
    }
}
