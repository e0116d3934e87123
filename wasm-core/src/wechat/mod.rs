//! WeChat's formats and cryptography.

pub mod message;
pub mod signature;
pub mod user_data;
