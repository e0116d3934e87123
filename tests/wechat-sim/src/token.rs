//! `POST /cgi-bin/stable_token`, and the check of the token it gives.

use std::collections::HashMap;

use serde_json::json;

use crate::access;
use crate::answer::Outcome;
use crate::clock::china_day;
use crate::errcode::Errcode;
use crate::random;
use crate::request::{Request, flag, text};
use crate::state::State;

const LIFE_MS: i64 = 7200 * 1000;
/// In its last five minutes a token is replaced by the next, but still valid.
const RENEWAL_MS: i64 = 300 * 1000;
const FORCED_PER_DAY: u32 = 20;
const FORCED_APART_MS: i64 = 30 * 1000;

#[derive(Debug)]
struct Issued {
    appid: String,
    expires_ms: i64,
    killed: bool,
}

#[derive(Debug)]
struct Forced {
    last_ms: i64,
    day: i64,
    count: u32,
}

/// The tokens given out, by value, and what each appid may still do.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    issued: HashMap<String, Issued>,
    current: HashMap<String, String>,
    forced: HashMap<String, Forced>,
}

impl Tokens {
    /// The current token and its remaining life in milliseconds; a new one if the last has at most five minutes left.
    fn current(&mut self, appid: &str, now_ms: i64) -> (String, i64) {
        if let Some(value) = self.current.get(appid)
            && let Some(issued) = self.issued.get(value)
            && issued.expires_ms.saturating_sub(now_ms) > RENEWAL_MS
        {
            return (value.clone(), issued.expires_ms.saturating_sub(now_ms));
        }
        let value = random::access_token();
        let issued = Issued { appid: appid.to_owned(), expires_ms: now_ms.saturating_add(LIFE_MS), killed: false };
        self.issued.insert(value.clone(), issued);
        self.current.insert(appid.to_owned(), value.clone());
        (value, LIFE_MS)
    }

    /// Takes one forced refresh from the quota. A refused one costs nothing.
    fn spend_forced(&mut self, appid: &str, now_ms: i64) -> Result<(), Errcode> {
        let day = china_day(now_ms);
        let mut count = 0;
        if let Some(forced) = self.forced.get(appid) {
            if now_ms.saturating_sub(forced.last_ms) < FORCED_APART_MS {
                return Err(Errcode::MINUTE_LIMIT);
            }
            count = if forced.day == day { forced.count } else { 0 };
        }
        if count >= FORCED_PER_DAY {
            return Err(Errcode::DAILY_LIMIT);
        }
        self.forced.insert(appid.to_owned(), Forced { last_ms: now_ms, day, count: count.saturating_add(1) });
        Ok(())
    }

    /// Makes every token of the app invalid at once.
    pub(crate) fn kill(&mut self, appid: &str) {
        self.issued.values_mut().filter(|issued| issued.appid == appid).for_each(|issued| issued.killed = true);
        self.current.remove(appid);
    }

    /// Ends the life of every token of the app that is still valid.
    pub(crate) fn expire(&mut self, appid: &str, now_ms: i64) {
        for issued in self.issued.values_mut().filter(|issued| issued.appid == appid) {
            issued.expires_ms = issued.expires_ms.min(now_ms);
        }
        self.current.remove(appid);
    }

    /// The appid a token belongs to.
    pub(crate) fn owner(&self, token: &str, now_ms: i64) -> Result<&str, Errcode> {
        let issued = self.issued.get(token).ok_or(Errcode::INVALID_ACCESS_TOKEN)?;
        if issued.killed {
            return Err(Errcode::INVALID_CREDENTIAL);
        }
        if issued.expires_ms <= now_ms { Err(Errcode::ACCESS_TOKEN_EXPIRED) } else { Ok(&issued.appid) }
    }
}

pub(crate) fn stable_token(state: &mut State, call: &Request) -> Outcome {
    call.require_post()?;
    let body = call.json_object()?;
    let grant_type = text(&body, "grant_type")?;
    let appid = text(&body, "appid")?;
    let secret = text(&body, "secret")?;
    let force = flag(&body, "force_refresh")?.unwrap_or(false);
    if grant_type != Some("client_credential") {
        return Err(Errcode::INVALID_GRANT_TYPE);
    }
    let appid = appid.ok_or(Errcode::APPID_MISSING)?;
    let secret = secret.ok_or(Errcode::SECRET_MISSING)?;
    access::admit_secret(state, call, appid, secret)?;
    if force {
        state.tokens.spend_forced(appid, call.now_ms)?;
        state.tokens.kill(appid);
    }
    let (access_token, remaining_ms) = state.tokens.current(appid, call.now_ms);
    Ok(json!({"access_token": access_token, "expires_in": remaining_ms / 1000}))
}
