//! WeChat's API: one typed client, its tokens, and what its errcodes mean for the caller.

mod client;
mod errcode;
mod login;
mod token;

pub use client::{WechatClient, WechatError};
pub use errcode::{ErrcodeClass, class_of};
pub use login::Code2Session;
pub use token::StableToken;
