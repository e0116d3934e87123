//! What a business system sends and gets. What it sends is read leniently, user by user, so its types are here for the
//! document alone.

use crate::bindings::batch::Outcome;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One openid or several.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
pub enum Openids {
    /// One; empty in `del` for all.
    One(String),
    /// At most 100.
    Several(Vec<String>),
}

/// A user of the business, with openids by channel code.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
pub struct BindingItem {
    /// What the business calls the user, 1 to 64 characters.
    userid: String,
    /// Openids that are the user's from now on, too.
    add: Option<BTreeMap<String, Openids>>,
    /// Openids that are the user's from now on, and no others in that channel.
    set: Option<BTreeMap<String, Openids>>,
    /// Openids that are no longer the user's; `""` or null for all of that channel.
    del: Option<BTreeMap<String, Openids>>,
}

/// What became of one user.
#[derive(Serialize, ToSchema)]
pub struct BindingResult {
    /// As it was sent.
    userid: Option<String>,
    /// `ok` or `error`.
    status: &'static str,
    /// Of an error: `userid`, `unknown_channel`, `openid`, `openid_refused` or `binding_conflict`.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// What is wrong, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'static str>,
    /// The channel that is concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    /// The openid that is concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    openid: Option<String>,
}

/// What became of each user, in order.
#[derive(Serialize, ToSchema)]
pub struct BindingResults {
    results: Vec<BindingResult>,
}

impl From<Vec<Outcome>> for BindingResults {
    fn from(outcomes: Vec<Outcome>) -> Self {
        let result = |outcome: Outcome| {
            let status = if outcome.mistake.is_some() { "error" } else { "ok" };
            let (code, detail) = outcome.mistake.as_ref().map(|mistake| (mistake.code, mistake.detail)).unzip();
            let (channel, openid) =
                outcome.mistake.map(|mistake| (mistake.channel, mistake.openid)).unwrap_or_default();
            BindingResult { userid: outcome.userid, status, code, detail, channel, openid }
        };
        Self { results: outcomes.into_iter().map(result).collect() }
    }
}
