//! Login with WeChat, access tokens, logout.

pub mod api;
pub mod decrypt;
mod keys;
mod service;
pub(crate) mod sql;

pub use keys::{AccessTokens, Claims, LONGEST_LIFE, Token, keep_fresh, rotate};
pub use service::scene_of;
