//! The one contract that both stores keep; the same tests run on both.

use super::{MemoryKv, RedisKv};
use thiserror::Error;

/// The store is away; the same request may succeed later.
#[derive(Clone, Debug, Error)]
#[error("the session store is unavailable: {0}")]
pub struct KvError(pub String);

/// A key-value store whose entries expire. Lifetimes are in milliseconds.
#[derive(Clone)]
pub enum Kv {
    /// In this process.
    Memory(MemoryKv),
    /// In Redis, shared by all processes.
    Redis(RedisKv),
}

macro_rules! dispatch {
    ($self:ident, $store:ident => $call:expr) => {
        match $self {
            Kv::Memory($store) => Ok($call),
            Kv::Redis($store) => $call.await,
        }
    };
}

impl Kv {
    /// The value under `key`.
    pub async fn get(&self, key: &str) -> Result<Option<String>, KvError> {
        dispatch!(self, store => store.get(key))
    }

    /// Sets a value that lives for `lifetime`.
    pub async fn set(&self, key: &str, value: &str, lifetime: i64) -> Result<(), KvError> {
        dispatch!(self, store => store.set(key, value, lifetime))
    }

    /// Sets a value unless there is one; says whether it was set.
    pub async fn set_if_absent(&self, key: &str, value: &str, lifetime: i64) -> Result<bool, KvError> {
        dispatch!(self, store => store.set_if_absent(key, value, lifetime))
    }

    /// Replaces a value that is still there, keeping its lifetime; says whether it was.
    pub async fn replace(&self, key: &str, value: &str) -> Result<bool, KvError> {
        dispatch!(self, store => store.replace(key, value))
    }

    /// Removes a value.
    pub async fn remove(&self, key: &str) -> Result<(), KvError> {
        dispatch!(self, store => store.remove(key))
    }

    /// Removes `key` if it still holds `value`: how a lock is given back.
    pub async fn remove_if(&self, key: &str, value: &str) -> Result<(), KvError> {
        dispatch!(self, store => store.remove_if(key, value))
    }

    /// Adds `member` to the set under `key`, which then lives for `lifetime`.
    pub async fn add_member(&self, key: &str, member: &str, lifetime: i64) -> Result<(), KvError> {
        dispatch!(self, store => store.add_member(key, member, lifetime))
    }

    /// The members of the set under `key`.
    pub async fn members(&self, key: &str) -> Result<Vec<String>, KvError> {
        dispatch!(self, store => store.members(key))
    }

    /// Counts one more under `key`; the count starts anew every `window`. Answers the count and the milliseconds
    /// until then.
    pub async fn count(&self, key: &str, window: i64) -> Result<(i64, i64), KvError> {
        dispatch!(self, store => store.count(key, window))
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> Result<(), KvError> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Redis(store) => store.ping().await,
        }
    }
}
