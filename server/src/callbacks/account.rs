//! How an account's pushes are opened, kept for a moment so that a burst does not ask the database for each push.

use crate::accounts::{self, sql};
use crate::app::App;
use crate::problem::Problem;
use paifang_core::wechat::message::MessageKey;
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// A change of the account's settings is seen after this time at most.
const FRESH: Duration = Duration::from_secs(2);
/// Unknown AppIDs are not kept: anybody could fill the memory with them.
const MOST: usize = 10_000;

/// What opens the pushes of an account.
pub struct CallbackAccount {
    pub token: Option<SecretString>,
    pub key: Option<MessageKey>,
    /// Plain mode was switched on.
    pub plain: bool,
}

type Known = HashMap<String, (Instant, Arc<CallbackAccount>)>;

/// The accounts that had pushes lately.
#[derive(Clone, Default)]
pub struct CallbackAccounts {
    known: Arc<RwLock<Known>>,
    /// Accounts of whose followers WeChat is not asked until then: it did not answer.
    details_paused: Arc<Mutex<HashMap<String, Instant>>>,
}

impl CallbackAccounts {
    /// Does not ask WeChat for details of this account's followers for a while.
    pub(super) fn pause_details(&self, appid: &str, pause: Duration) {
        let mut paused = self.details_paused.lock().unwrap_or_else(PoisonError::into_inner);
        paused.insert(appid.to_owned(), Instant::now() + pause);
    }

    /// Whether such a while is running.
    pub(super) fn are_details_paused(&self, appid: &str) -> bool {
        let paused = self.details_paused.lock().unwrap_or_else(PoisonError::into_inner);
        paused.get(appid).is_some_and(|until| *until > Instant::now())
    }

    /// The account; 404 where it is not connected.
    pub(super) async fn find(&self, app: &App, appid: &str) -> Result<Arc<CallbackAccount>, Problem> {
        if let Some((at, account)) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(appid)
            && at.elapsed() < FRESH
        {
            return Ok(Arc::clone(account));
        }
        if !accounts::is_appid(appid) {
            return Err(Problem::not_found());
        }
        let row = sql::find(&mut app.db.read().await?, appid).await?.ok_or_else(Problem::not_found)?;
        let key = accounts::callback_aes_key(app, &row)?;
        let account = Arc::new(CallbackAccount {
            token: accounts::callback_token(app, &row)?,
            key: key.and_then(|key| MessageKey::parse(key.expose_secret())),
            plain: row.callback_mode == "plain",
        });
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(appid.to_owned(), (Instant::now(), Arc::clone(&account)));
        Ok(account)
    }
}
