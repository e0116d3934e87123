//! The store of several processes: Redis, through one multiplexed connection that reconnects by itself.

use super::KvError;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, ExistenceCheck, RedisError, Script, SetExpiry, SetOptions};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// Keys of ours in a Redis that others may use too.
const PREFIX: &str = "paifang:";
/// A request answers 503 rather than wait longer.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Entries in Redis.
#[derive(Clone)]
pub struct RedisKv {
    manager: ConnectionManager,
}

impl From<RedisError> for KvError {
    fn from(error: RedisError) -> Self {
        Self(error.to_string())
    }
}

impl RedisKv {
    /// Connects when first needed, so that the server can start before Redis.
    pub fn open(url: &SecretString) -> Result<Self, KvError> {
        let client = redis::Client::open(url.expose_secret())?;
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(TIMEOUT))
            .set_connection_timeout(Some(TIMEOUT))
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(500));
        Ok(Self { manager: ConnectionManager::new_lazy_with_config(client, config)? })
    }

    pub(super) async fn get(&self, key: &str) -> Result<Option<String>, KvError> {
        Ok(self.manager.clone().get(prefixed(key)).await?)
    }

    pub(super) async fn set(&self, key: &str, value: &str, lifetime: i64) -> Result<(), KvError> {
        Ok(self.manager.clone().set_options(prefixed(key), value, expiring(lifetime)).await?)
    }

    pub(super) async fn set_if_absent(&self, key: &str, value: &str, lifetime: i64) -> Result<bool, KvError> {
        let options = expiring(lifetime).conditional_set(ExistenceCheck::NX);
        let set: Option<String> = self.manager.clone().set_options(prefixed(key), value, options).await?;
        Ok(set.is_some())
    }

    pub(super) async fn replace(&self, key: &str, value: &str) -> Result<bool, KvError> {
        let options = SetOptions::default().conditional_set(ExistenceCheck::XX).with_expiration(SetExpiry::KEEPTTL);
        let set: Option<String> = self.manager.clone().set_options(prefixed(key), value, options).await?;
        Ok(set.is_some())
    }

    pub(super) async fn remove(&self, key: &str) -> Result<(), KvError> {
        Ok(self.manager.clone().del(prefixed(key)).await?)
    }

    pub(super) async fn remove_if(&self, key: &str, value: &str) -> Result<(), KvError> {
        let script = Script::new("if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end");
        let _: Option<i64> = script.key(prefixed(key)).arg(value).invoke_async(&mut self.manager.clone()).await?;
        Ok(())
    }

    pub(super) async fn add_member(&self, key: &str, member: &str, lifetime: i64) -> Result<(), KvError> {
        let key = prefixed(key);
        let mut pipe = redis::pipe();
        pipe.sadd(&key, member).ignore().pexpire(&key, lifetime).ignore();
        Ok(pipe.query_async(&mut self.manager.clone()).await?)
    }

    pub(super) async fn members(&self, key: &str) -> Result<Vec<String>, KvError> {
        Ok(self.manager.clone().smembers(prefixed(key)).await?)
    }

    pub(super) async fn count(&self, key: &str, window: i64) -> Result<(i64, i64), KvError> {
        let script = Script::new(
            "local n = redis.call('INCR', KEYS[1])
             if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
             return {n, redis.call('PTTL', KEYS[1])}",
        );
        Ok(script.key(prefixed(key)).arg(window).invoke_async(&mut self.manager.clone()).await?)
    }

    pub(super) async fn ping(&self) -> Result<(), KvError> {
        let _: String = redis::cmd("PING").query_async(&mut self.manager.clone()).await?;
        Ok(())
    }
}

fn prefixed(key: &str) -> String {
    format!("{PREFIX}{key}")
}

fn expiring(lifetime: i64) -> SetOptions {
    SetOptions::default().with_expiration(SetExpiry::PX(u64::try_from(lifetime.max(1)).unwrap_or(1)))
}
