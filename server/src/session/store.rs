//! Sessions, and the `session_key` that WeChat gave for an identity.

use super::{Kv, KvError};
use crate::people::RoleSet;
use crate::problem::Problem;
use crate::seal::Sealer;
use paifang_core::problem::ProblemCode;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// How long a session lives, in milliseconds; the mini program then logs in again without asking anybody.
pub const SESSION_LIFETIME: i64 = 12 * 60 * 60 * 1000;
/// How long the previous `session_key` still opens data that was encrypted before a second login.
pub const PREVIOUS_KEY_LIFETIME: i64 = 5 * 60 * 1000;
/// WeChat does not say how long a `session_key` lives; it is asked for anew with every login.
const KEY_LIFETIME: i64 = 3 * 24 * 60 * 60 * 1000;

/// A login of one person on one phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The session id that the access token carries.
    pub id: String,
    /// The organization that was logged in to.
    pub organization_id: String,
    /// Who logged in.
    pub person_id: String,
    /// The mini program.
    pub appid: String,
    /// WeChat's name for the user in that mini program.
    pub openid: String,
    /// What the person may do.
    pub roles: RoleSet,
    /// When it ends (UTC epoch milliseconds).
    pub expires_at: i64,
}

#[derive(Serialize, Deserialize)]
struct SessionKeys {
    current: String,
    previous: Option<String>,
    previous_until: i64,
}

/// Sessions in the short-lived store.
#[derive(Clone)]
pub struct SessionStore {
    kv: Kv,
    sealer: Sealer,
}

impl SessionStore {
    /// Sessions in `kv`; keys are sealed there.
    pub fn new(kv: Kv, sealer: Sealer) -> Self {
        Self { kv, sealer }
    }

    /// Keeps a session until it expires.
    pub async fn put(&self, session: &Session, now: i64) -> Result<(), Problem> {
        let lifetime = session.expires_at - now;
        self.kv.add_member(&person_key(&session.person_id), &session.id, SESSION_LIFETIME).await?;
        Ok(self.kv.set(&session_key(&session.id), &to_json(session)?, lifetime).await?)
    }

    /// A session that has neither expired nor been ended.
    pub async fn get(&self, id: &str, now: i64) -> Result<Option<Session>, Problem> {
        let Some(json) = self.kv.get(&session_key(id)).await? else { return Ok(None) };
        let session: Option<Session> = serde_json::from_str(&json).ok();
        Ok(session.filter(|session| session.expires_at > now))
    }

    /// Ends a session, on every node at once.
    pub async fn end(&self, id: &str) -> Result<(), KvError> {
        self.kv.remove(&session_key(id)).await
    }

    /// Gives the person's running sessions the roles that the person has now.
    pub async fn change_roles(&self, person_id: &str, roles: RoleSet) -> Result<(), Problem> {
        for session in self.of_person(person_id, None).await? {
            let changed = Session { roles, ..session };
            self.kv.replace(&session_key(&changed.id), &to_json(&changed)?).await?;
        }
        Ok(())
    }

    /// Gives the running sessions of a person, of one account or (without `identity`) all, to another person.
    pub async fn move_person(
        &self,
        from: &str,
        into: &str,
        identity: Option<(&str, &str)>,
        roles: RoleSet,
    ) -> Result<(), Problem> {
        for session in self.of_person(from, identity).await? {
            let moved = Session { person_id: into.to_owned(), roles, ..session };
            self.kv.add_member(&person_key(into), &moved.id, SESSION_LIFETIME).await?;
            self.kv.replace(&session_key(&moved.id), &to_json(&moved)?).await?;
        }
        self.change_roles(into, roles).await
    }

    /// Ends the running sessions of a person, of one account or (without `identity`) all.
    pub async fn end_all(&self, person_id: &str, identity: Option<(&str, &str)>) -> Result<(), Problem> {
        for session in self.of_person(person_id, identity).await? {
            self.end(&session.id).await?;
        }
        Ok(())
    }

    /// The running sessions of a person, of one account or (without `identity`) all. Those that went to another person
    /// still stand in the list of the first, and are left out.
    async fn of_person(&self, person_id: &str, identity: Option<(&str, &str)>) -> Result<Vec<Session>, Problem> {
        let mut sessions = Vec::new();
        for id in self.kv.members(&person_key(person_id)).await? {
            let json = self.kv.get(&session_key(&id)).await?;
            let session = json.and_then(|json| serde_json::from_str::<Session>(&json).ok());
            sessions.extend(session.filter(|session| {
                let (appid, openid) = (session.appid.as_str(), session.openid.as_str());
                session.person_id == person_id && identity.is_none_or(|identity| identity == (appid, openid))
            }));
        }
        Ok(sessions)
    }

    /// Forgets the `session_key` of an identity.
    pub async fn forget_key(&self, appid: &str, openid: &str) -> Result<(), KvError> {
        self.kv.remove(&identity_key(appid, openid)).await
    }

    /// Keeps the `session_key` of a login; the one before stays usable for a short time.
    pub async fn remember_key(&self, appid: &str, openid: &str, key: &SecretString, now: i64) -> Result<(), Problem> {
        let place = identity_key(appid, openid);
        let before = self.keys(&place).await?;
        let previous = match before {
            Some(before)
                if self.open(&before.current).is_ok_and(|known| known.expose_secret() == key.expose_secret()) =>
            {
                before.previous.filter(|_| before.previous_until > now).map(|key| (key, before.previous_until))
            }
            Some(before) => Some((before.current, now + PREVIOUS_KEY_LIFETIME)),
            None => None,
        };
        let keys = SessionKeys {
            current: self.sealer.seal(SEALED, key.expose_secret().as_bytes())?,
            previous_until: previous.as_ref().map_or(0, |(_, until)| *until),
            previous: previous.map(|(key, _)| key),
        };
        Ok(self.kv.set(&place, &to_json(&keys)?, KEY_LIFETIME).await?)
    }

    /// The `session_key`s that may have encrypted data of this identity, newest first.
    pub async fn keys_of(&self, appid: &str, openid: &str, now: i64) -> Result<Vec<SecretString>, Problem> {
        let Some(keys) = self.keys(&identity_key(appid, openid)).await? else {
            return Err(ProblemCode::SessionKeyStale.into());
        };
        let previous = keys.previous.filter(|_| keys.previous_until > now);
        // One that no longer opens was sealed under a master key that is gone: it is as good as stale.
        let opened = [Some(keys.current), previous].into_iter().flatten().filter_map(|sealed| self.open(&sealed).ok());
        Ok(opened.collect())
    }

    async fn keys(&self, place: &str) -> Result<Option<SessionKeys>, Problem> {
        Ok(self.kv.get(place).await?.and_then(|json| serde_json::from_str(&json).ok()))
    }

    fn open(&self, sealed: &str) -> Result<SecretString, Problem> {
        self.sealer.open_text(SEALED, sealed)
    }
}

const SEALED: &str = "session_key";

fn session_key(id: &str) -> String {
    format!("session:{id}")
}

fn person_key(person_id: &str) -> String {
    format!("person-sessions:{person_id}")
}

fn identity_key(appid: &str, openid: &str) -> String {
    format!("session-key:{appid}:{openid}")
}

fn to_json<T: Serialize>(value: &T) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(|error| Problem::internal(error.to_string()))
}
