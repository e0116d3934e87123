//! Asking WeChat whether openids are an official account's, before they are bound. For mini programs WeChat has no such
//! interface: there the form of an openid is all that can be checked.

use super::channels::Channels;
use super::sql;
use crate::accounts::AccountRow;
use crate::app::App;
use crate::followers;
use crate::problem::Problem;
use crate::wechat::{FollowerDetails, LARGEST_BATCH};
use futures_util::{StreamExt, stream};
use std::collections::{BTreeSet, HashMap};

/// Batches that are under way at the same time.
const AT_ONCE: usize = 4;

/// What WeChat says of an openid that was not known here.
#[derive(Clone, Debug)]
pub enum Fact {
    /// It is a user of the account.
    Known(FollowerDetails),
    /// It is none of the account's.
    Foreign,
    /// WeChat did not answer; it is asked again later.
    Unanswered,
}

/// Facts by AppID and openid.
#[derive(Debug, Default)]
pub struct Facts(HashMap<String, HashMap<String, Fact>>);

impl Facts {
    /// What WeChat says; nothing where it was not asked.
    pub fn get(&self, appid: &str, openid: &str) -> Option<&Fact> {
        self.0.get(appid)?.get(openid)
    }

    /// The unionid that WeChat told.
    pub fn unionid(&self, appid: &str, openid: &str) -> Option<&str> {
        match self.get(appid, openid) {
            Some(Fact::Known(details)) => details.unionid.as_deref(),
            _ => None,
        }
    }

    /// Whether WeChat says that it is none of the account's.
    pub fn is_foreign(&self, appid: &str, openid: &str) -> bool {
        matches!(self.get(appid, openid), Some(Fact::Foreign))
    }
}

/// Asks about all of `wanted` (AppID and openid) that are of official accounts and not known here.
pub async fn verify(
    app: &App,
    organization_id: &str,
    channels: &Channels,
    wanted: impl Iterator<Item = (&str, &str)>,
) -> Result<Facts, Problem> {
    let mut by_account: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for (appid, openid) in wanted {
        by_account.entry(appid).or_default().insert(openid);
    }
    let mut facts = Facts::default();
    for account in channels.official_accounts() {
        let Some(openids) = by_account.get(account.appid.as_str()) else { continue };
        let openids: Vec<&str> = openids.iter().copied().collect();
        let known = sql::known_openids(&mut app.db.read().await?, organization_id, &account.appid, &openids).await?;
        let known: BTreeSet<String> = known.into_iter().collect();
        let unknown: Vec<String> =
            openids.iter().filter(|openid| !known.contains(**openid)).map(|openid| (*openid).to_owned()).collect();
        facts.0.insert(account.appid.clone(), ask(app, account, unknown).await?);
    }
    Ok(facts)
}

/// Once WeChat has failed to answer, the account's others are not asked for: each would take as long to fail.
async fn ask(app: &App, account: &AccountRow, openids: Vec<String>) -> Result<HashMap<String, Fact>, Problem> {
    let mut facts: HashMap<String, Fact> = HashMap::new();
    let batches: Vec<_> = openids.chunks(LARGEST_BATCH).map(|batch| followers::ask(app, account, batch)).collect();
    let mut answers = stream::iter(batches).buffered(AT_ONCE);
    while let Some(asked) = answers.next().await {
        let asked = asked?;
        facts.extend(asked.details.into_iter().map(|details| (details.openid.clone(), Fact::Known(details))));
        facts.extend(asked.foreign.into_iter().map(|openid| (openid, Fact::Foreign)));
        if let Some(problem) = asked.failure {
            tracing::warn!(%problem, appid = account.appid, "openids are bound unseen");
            break;
        }
    }
    drop(answers);
    for openid in openids {
        facts.entry(openid).or_insert(Fact::Unanswered);
    }
    Ok(facts)
}
