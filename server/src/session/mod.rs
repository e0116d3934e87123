//! What is short-lived: sessions with their `session_key`, locks and rate limits, in this process or in Redis.

mod kv;
mod memory;
mod redis_kv;
mod store;

pub use kv::{Kv, KvError};
pub use memory::MemoryKv;
pub use redis_kv::RedisKv;
pub use store::{PREVIOUS_KEY_LIFETIME, SESSION_LIFETIME, Session, SessionStore};
