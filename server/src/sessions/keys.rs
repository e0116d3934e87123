//! Access tokens: short JWTs that carry a session id, signed with a key that all processes share through the
//! database and that is replaced every month. Other tokens are signed with the same keys; each kind names an audience
//! of its own, so that none is worth anything as another.

use super::sql;
use crate::app::App;
use crate::problem::Problem;
use crate::random;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use paifang_core::problem::ProblemCode;
use paifang_core::time::DAY;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

const SEALED: &str = "jwt_keys.secret";
/// A key signs for this long, in milliseconds; it verifies for as long as what it signed may live.
pub const SIGNING_PERIOD: i64 = 30 * DAY;
/// The longest life of a token, in milliseconds.
pub const LONGEST_LIFE: i64 = 30 * DAY;
/// Unknown key ids are looked up this often at most, so that forged tokens cannot keep the database busy.
const RELOAD_EVERY: i64 = 1000;

/// What an access token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// The session id.
    pub sid: String,
    /// The person.
    pub sub: String,
    /// The organization.
    pub org: String,
    /// When it was issued (Unix seconds).
    pub iat: i64,
    /// When it expires (Unix seconds).
    pub exp: i64,
}

/// What a token says.
pub trait Token: Serialize + DeserializeOwned {
    /// Whom it is for (`aud`); access tokens alone name nobody.
    const AUDIENCE: Option<&'static str>;

    /// When it expires (Unix seconds).
    fn expires_at(&self) -> i64;
}

impl Token for Claims {
    const AUDIENCE: Option<&'static str> = None;

    fn expires_at(&self) -> i64 {
        self.exp
    }
}

struct Key {
    id: String,
    created_at: i64,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

#[derive(Default)]
struct Keyring {
    keys: HashMap<String, Arc<Key>>,
    loaded_at: i64,
}

/// The keys, as far as this process knows them.
#[derive(Clone, Default)]
pub struct AccessTokens {
    keyring: Arc<RwLock<Keyring>>,
}

impl AccessTokens {
    /// Signs a token with the newest key; makes one where there is none, or the newest is too old.
    pub async fn issue<T: Token>(&self, app: &App, claims: &T, now: i64) -> Result<String, Problem> {
        let usable = |key: &Arc<Key>| now - key.created_at < SIGNING_PERIOD;
        let key = match self.newest().filter(usable) {
            Some(key) => key,
            None => {
                keep_fresh(app, now).await?;
                self.reload(app, now).await?;
                self.newest().ok_or_else(|| Problem::internal("no signing key"))?
            }
        };
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        encode(&header, claims, &key.encoding).map_err(|error| Problem::internal(error.to_string()))
    }

    /// Reads a token of the kind `T` that one of our keys signed and that has not expired.
    pub async fn verify<T: Token>(&self, app: &App, token: &str, now: i64) -> Result<T, Problem> {
        let dead = || Problem::new(ProblemCode::Unauthenticated);
        let header = decode_header(token).map_err(|_| dead())?;
        let id = header.kid.filter(|_| header.alg == Algorithm::HS256).ok_or_else(dead)?;
        let key = match self.find(&id) {
            Some(key) => key,
            None => {
                self.reload(app, now).await?;
                self.find(&id).ok_or_else(dead)?
            }
        };
        let mut validation = Validation::new(Algorithm::HS256);
        // The expiry is compared with our own clock below.
        validation.validate_exp = false;
        // Without an audience here, a token that names one is refused.
        if let Some(audience) = T::AUDIENCE {
            validation.set_audience(&[audience]);
            validation.set_required_spec_claims(&["exp", "aud"]);
        }
        let claims = decode::<T>(token, &key.decoding, &validation).map_err(|_| dead())?.claims;
        if claims.expires_at().saturating_mul(1000) > now { Ok(claims) } else { Err(dead()) }
    }

    fn find(&self, id: &str) -> Option<Arc<Key>> {
        self.keyring.read().unwrap_or_else(PoisonError::into_inner).keys.get(id).cloned()
    }

    fn newest(&self) -> Option<Arc<Key>> {
        let keyring = self.keyring.read().unwrap_or_else(PoisonError::into_inner);
        keyring.keys.values().max_by_key(|key| (key.created_at, key.id.clone())).cloned()
    }

    async fn reload(&self, app: &App, now: i64) -> Result<(), Problem> {
        let (loaded_at, any) = {
            let keyring = self.keyring.read().unwrap_or_else(PoisonError::into_inner);
            (keyring.loaded_at, self.newest().is_some_and(|key| now - key.created_at < SIGNING_PERIOD))
        };
        if any && (0..RELOAD_EVERY).contains(&(now - loaded_at)) {
            return Ok(());
        }
        let mut conn = app.db.read().await?;
        let mut keys = HashMap::new();
        for row in sql::jwt_keys(&mut conn).await? {
            let secret = app.sealer.open(SEALED, &row.secret_sealed)?;
            let (encoding, decoding) = (EncodingKey::from_secret(&secret), DecodingKey::from_secret(&secret));
            let key = Key { id: row.id.clone(), created_at: row.created_at, encoding, decoding };
            keys.insert(row.id, Arc::new(key));
        }
        *self.keyring.write().unwrap_or_else(PoisonError::into_inner) = Keyring { keys, loaded_at: now };
        Ok(())
    }
}

/// Makes a new signing key where there is none, or the newest is too old.
pub async fn keep_fresh(app: &App, now: i64) -> Result<(), Problem> {
    let newest = sql::jwt_keys(&mut app.db.read().await?).await?.into_iter().map(|row| row.created_at).max();
    if newest.is_some_and(|created_at| now - created_at < SIGNING_PERIOD) { Ok(()) } else { rotate(app, now).await }
}

/// Makes a new signing key; every process signs with it as soon as it meets it. Keys that can no longer verify
/// a living token are deleted.
pub async fn rotate(app: &App, now: i64) -> Result<(), Problem> {
    let sealed = app.sealer.seal(SEALED, &random::bytes::<32>()?)?;
    let id = random::id(now);
    let dead_before = now - SIGNING_PERIOD - LONGEST_LIFE;
    app.db
        .write(move |conn| {
            Box::pin(async move {
                sql::insert_jwt_key(conn, &id, &sealed, now).await?;
                sql::delete_jwt_keys(conn, dead_before).await?;
                Ok::<_, Problem>(())
            })
        })
        .await
}
