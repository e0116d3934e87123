//! WeChat's formats and cryptography.

pub mod user_data;
