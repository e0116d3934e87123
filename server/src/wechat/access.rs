//! Calls with an access token. Tokens are kept in the short-lived store for all processes; one of them refreshes, the
//! others wait for it. A refused token is replaced only if it is still the one that was refused, and the call is
//! repeated once. What WeChat refuses for a while is not sent meanwhile.

use super::client::{WechatClient, WechatError, read_json};
use super::errcode::{ErrcodeClass, rest_after};
use super::token::{self, StableToken};
use super::{content_check, followers, mini_program_code, phone};
use crate::clock::Clock;
use crate::random;
use crate::seal::Sealer;
use crate::session::Kv;
use reqwest::RequestBuilder;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// A token is renewed this long before it ends, as WeChat does, and up to [`JITTER`] earlier; in milliseconds.
const MARGIN: i64 = 300_000;
const JITTER: i64 = 240_000;
/// WeChat may give a token that is due at once; it is not asked again before this, in milliseconds.
const AT_MOST_EVERY: i64 = 30_000;
/// How long one process may hold the refresh, in milliseconds: longer than a call takes.
const LOCK: i64 = 12_000;
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// A refresh ahead of time that failed is not tried again before this.
const AFTER_FAILURE: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(12);
/// Further tries of a call that WeChat was too busy for.
const BUSY_RETRIES: u32 = 2;

/// The interfaces that may be resting.
const PATHS: [&str; 8] = [
    token::PATH,
    followers::LIST,
    followers::INFO,
    followers::INFO_BATCH,
    followers::CALLBACK_ADDRESSES,
    phone::PATH,
    mini_program_code::PATH,
    content_check::PATH,
];

/// Where an account's tokens come from.
#[derive(Clone, Debug)]
pub enum TokenSource {
    /// WeChat, for the AppSecret.
    Stable(SecretString),
    /// A company's own token server.
    Provider {
        /// Its address.
        url: String,
        /// What it asks for as a bearer token.
        secret: Option<SecretString>,
    },
}

/// What a call on behalf of an account needs.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account.
    pub appid: String,
    /// Where its tokens come from.
    pub source: TokenSource,
}

#[derive(Clone, Serialize, Deserialize)]
struct Stored {
    sealed: String,
    /// Told from the token itself, because WeChat may give the same token again.
    generation: String,
    /// Until when WeChat is not asked again, because it gave the same token although that was refused.
    same_until: i64,
    expires_at: i64,
    refresh_after: i64,
}

#[derive(Serialize, Deserialize)]
struct Rest {
    errcode: i64,
    errmsg: String,
    until: i64,
}

struct Token {
    value: SecretString,
    generation: String,
}

/// The last failure of this process, for those who waited for the same refresh.
#[derive(Default)]
struct Flight {
    failed: Option<(Instant, WechatError)>,
}

/// Calls with tokens.
#[derive(Clone)]
pub struct Access {
    client: WechatClient,
    kv: Kv,
    sealer: Sealer,
    clock: Clock,
    flights: Arc<std::sync::Mutex<HashMap<String, Arc<Mutex<Flight>>>>>,
}

impl Access {
    /// Calls through `client`, with tokens kept in `kv`.
    pub fn new(client: WechatClient, kv: Kv, sealer: Sealer, clock: Clock) -> Self {
        Self { client, kv, sealer, clock, flights: Arc::default() }
    }

    /// Calls an interface that answers JSON.
    pub(super) async fn call<T, F>(&self, who: &Credentials, path: &str, build: F) -> Result<T, WechatError>
    where
        T: DeserializeOwned,
        F: Fn(&WechatClient) -> RequestBuilder,
    {
        read_json(&self.call_raw(who, path, build).await?)
    }

    /// Calls an interface; `build` makes the request, to which the token is added.
    pub(super) async fn call_raw<F>(&self, who: &Credentials, path: &str, build: F) -> Result<Vec<u8>, WechatError>
    where
        F: Fn(&WechatClient) -> RequestBuilder,
    {
        self.not_resting(&who.appid, path).await?;
        let send = async |token: &Token| {
            let request = build(&self.client).query(&[("access_token", token.value.expose_secret())]);
            self.client.send_raw(path, request).await
        };
        let mut token = self.token(who).await?;
        let mut outcome = send(&token).await;
        if outcome.as_ref().is_err_and(|error| error.class() == Some(ErrcodeClass::Token)) {
            token = self.replace(who, Some(&token.generation)).await?;
            outcome = send(&token).await;
        }
        for attempt in 1..=BUSY_RETRIES {
            if !outcome.as_ref().is_err_and(|error| error.class() == Some(ErrcodeClass::Retry)) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(u64::from(attempt) * 200 + jitter(200))).await;
            outcome = send(&token).await;
        }
        if let Err(error) = &outcome {
            self.rest(&who.appid, path, error).await?;
        }
        outcome
    }

    /// Whether the account gives a token; for a connection that is being set up. Nothing is kept.
    pub async fn try_source(&self, who: &Credentials) -> Result<(), WechatError> {
        self.fetch(who).await.map(|_| ())
    }

    /// Forgets the account's token and what it was refused: its credentials have changed.
    pub async fn forget(&self, appid: &str) -> Result<(), WechatError> {
        self.kv.remove(&place(appid)).await?;
        for path in PATHS {
            self.kv.remove(&resting(appid, path)).await?;
        }
        Ok(())
    }

    async fn token(&self, who: &Credentials) -> Result<Token, WechatError> {
        let now = self.clock.now();
        match self.stored(&who.appid).await? {
            Some(stored) if stored.expires_at > now => {
                let token = self.open(&stored)?;
                if stored.refresh_after > now {
                    return Ok(token);
                }
                // The token at hand still serves: only who fetches the next one waits for it, and a failure is for later.
                let flight = self.flight(&who.appid);
                let Ok(mut flight) = flight.try_lock() else { return Ok(token) };
                if flight.failed.as_ref().is_some_and(|(at, _)| at.elapsed() < AFTER_FAILURE) {
                    return Ok(token);
                }
                match self.refresh_if_free(who, Some(&stored.generation)).await {
                    Ok(renewed) => Ok(renewed.unwrap_or(token)),
                    Err(error) => {
                        flight.failed = Some((Instant::now(), error));
                        Ok(token)
                    }
                }
            }
            _ => self.replace(who, None).await,
        }
    }

    /// The token after the one of generation `refused`; waits for whoever is fetching it.
    async fn replace(&self, who: &Credentials, refused: Option<&str>) -> Result<Token, WechatError> {
        let asked = Instant::now();
        let flight = self.flight(&who.appid);
        let mut flight = flight.lock().await;
        if let Some((at, error)) = &flight.failed
            && *at >= asked
        {
            return Err(error.clone());
        }
        while asked.elapsed() < PATIENCE {
            match self.refresh_if_free(who, refused).await {
                Ok(Some(token)) => return Ok(token),
                Ok(None) => tokio::time::sleep(LOOK_EVERY).await,
                Err(error) => {
                    flight.failed = Some((Instant::now(), error.clone()));
                    return Err(error);
                }
            }
        }
        Err(WechatError::Timeout)
    }

    /// Takes a token that another process has fetched meanwhile, or fetches one; nothing while another is at it.
    async fn refresh_if_free(&self, who: &Credentials, refused: Option<&str>) -> Result<Option<Token>, WechatError> {
        if let Some(token) = self.newer(&who.appid, refused).await? {
            return Ok(Some(token));
        }
        // On its own, because who asked may go away: the lock is given back in any case.
        let (this, who, refused) = (self.clone(), who.clone(), refused.map(str::to_owned));
        let refresh = tokio::spawn(async move { this.refresh_locked(&who, refused.as_deref()).await });
        refresh.await.unwrap_or(Err(WechatError::Timeout))
    }

    async fn refresh_locked(&self, who: &Credentials, refused: Option<&str>) -> Result<Option<Token>, WechatError> {
        let lock = format!("wechat-token-lock:{}", who.appid);
        let holder = generation();
        if !self.kv.set_if_absent(&lock, &holder, LOCK).await? {
            return Ok(None);
        }
        let token = match self.newer(&who.appid, refused).await {
            Ok(None) => self.fetch_and_store(who, refused).await.map(Some),
            other => other,
        };
        // It ends by itself if this fails; the token is good.
        let _ = self.kv.remove_if(&lock, &holder).await;
        token
    }

    async fn newer(&self, appid: &str, refused: Option<&str>) -> Result<Option<Token>, WechatError> {
        let now = self.clock.now();
        let stored = self.stored(appid).await?;
        let newer = stored.filter(|stored| stored.expires_at > now && Some(stored.generation.as_str()) != refused);
        newer.map(|stored| self.open(&stored)).transpose()
    }

    async fn fetch_and_store(&self, who: &Credentials, refused: Option<&str>) -> Result<Token, WechatError> {
        let now = self.clock.now();
        let before = self.stored(&who.appid).await?;
        let before = before.filter(|stored| Some(stored.generation.as_str()) == refused);
        if let Some(before) = before.as_ref().filter(|stored| stored.same_until > now) {
            // WeChat gave the refused token again a moment ago: it has no other.
            return self.open(before);
        }
        self.not_resting(&who.appid, token::PATH).await?;
        let fetched = match self.fetch(who).await {
            Ok(fetched) => fetched,
            Err(error) => {
                self.rest(&who.appid, token::PATH, &error).await?;
                return Err(error);
            }
        };
        let same = match &before {
            Some(before) => self.open(before)?.value.expose_secret() == fetched.access_token.expose_secret(),
            None => false,
        };
        let lifetime = fetched.expires_in.clamp(1, 7200) * 1000;
        let early = MARGIN + i64::try_from(jitter(JITTER.unsigned_abs())).unwrap_or_default();
        let sealed = self.sealer.seal(SEALED, fetched.access_token.expose_secret().as_bytes());
        let stored = Stored {
            sealed: sealed.map_err(|problem| WechatError::Provider(problem.to_string()))?,
            generation: before.filter(|_| same).map_or_else(generation, |before| before.generation),
            same_until: if same { now + AT_MOST_EVERY } else { 0 },
            expires_at: now + lifetime,
            refresh_after: now + (lifetime - early).max(AT_MOST_EVERY.min(lifetime)),
        };
        let json = serde_json::to_string(&stored).unwrap_or_default();
        self.kv.set(&place(&who.appid), &json, lifetime).await?;
        Ok(Token { value: fetched.access_token, generation: stored.generation })
    }

    async fn fetch(&self, who: &Credentials) -> Result<StableToken, WechatError> {
        match &who.source {
            TokenSource::Stable(secret) => self.client.stable_token(&who.appid, secret).await.map_err(as_wrong_secret),
            TokenSource::Provider { url, secret } => self.client.provided_token(&who.appid, url, secret.as_ref()).await,
        }
    }

    async fn stored(&self, appid: &str) -> Result<Option<Stored>, WechatError> {
        let stored: Option<Stored> =
            self.kv.get(&place(appid)).await?.and_then(|json| serde_json::from_str(&json).ok());
        // One that no longer opens was sealed under a master key that is gone: it is as good as absent.
        Ok(stored.filter(|stored| self.open(stored).is_ok()))
    }

    fn open(&self, stored: &Stored) -> Result<Token, WechatError> {
        let value = self.sealer.open_text(SEALED, &stored.sealed);
        let value = value.map_err(|problem| WechatError::Provider(problem.to_string()))?;
        Ok(Token { value, generation: stored.generation.clone() })
    }

    async fn not_resting(&self, appid: &str, path: &str) -> Result<(), WechatError> {
        let Some(json) = self.kv.get(&resting(appid, path)).await? else { return Ok(()) };
        let Ok(Rest { errcode, errmsg, until }) = serde_json::from_str(&json) else { return Ok(()) };
        let left = until - self.clock.now();
        if left > 0 { Err(WechatError::Resting { errcode, errmsg, left }) } else { Ok(()) }
    }

    async fn rest(&self, appid: &str, path: &str, error: &WechatError) -> Result<(), WechatError> {
        let WechatError::Errcode { errcode, errmsg } = error else { return Ok(()) };
        let now = self.clock.now();
        // A user can provoke "invalid appid" with a code of another app: only at the token does it blame the account.
        if path != token::PATH && matches!(errcode, 40013 | 40125 | 40243) {
            return Ok(());
        }
        // Codes are limited by the minute only, and answer beyond it what others answer at the end of the day's quota.
        let limit = if path == mini_program_code::PATH && *errcode == 45009 { 45011 } else { *errcode };
        let Some(pause) = rest_after(limit, now) else { return Ok(()) };
        let rest = Rest { errcode: *errcode, errmsg: errmsg.clone(), until: now + pause };
        let json = serde_json::to_string(&rest).unwrap_or_default();
        Ok(self.kv.set(&resting(appid, path), &json, pause).await?)
    }

    fn flight(&self, appid: &str) -> Arc<Mutex<Flight>> {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(flights.entry(appid.to_owned()).or_default())
    }
}

/// Where a token is fetched, 40001 means that the AppSecret is wrong.
fn as_wrong_secret(error: WechatError) -> WechatError {
    match error {
        WechatError::Errcode { errcode: 40001, errmsg } => WechatError::Errcode { errcode: 40125, errmsg },
        other => other,
    }
}

const SEALED: &str = "wechat-token";

fn place(appid: &str) -> String {
    format!("wechat-token:{appid}")
}

fn resting(appid: &str, path: &str) -> String {
    format!("wechat-rest:{appid}:{path}")
}

fn generation() -> String {
    random::bytes::<12>().map(|bytes| data_encoding::BASE64URL_NOPAD.encode(&bytes)).unwrap_or_default()
}

/// A random number below `limit`.
fn jitter(limit: u64) -> u64 {
    random::bytes::<8>().map_or(0, |bytes| u64::from_le_bytes(bytes) % limit.max(1))
}
