//! WeChat's API: one typed client, its tokens, and what its errcodes mean for the caller.

mod access;
mod client;
mod content_check;
mod errcode;
mod followers;
mod login;
mod mini_program_code;
mod phone;
mod token;
mod trouble;

pub use access::{Access, Credentials, TokenSource};
pub use client::{WechatClient, WechatError};
pub use content_check::TextCheck;
pub use errcode::{ErrcodeClass, class_of, refused_address};
pub use followers::{FollowerDetails, FollowerPage, LARGEST_BATCH};
pub use login::Code2Session;
pub use phone::ConfirmedPhone;
pub use token::StableToken;
pub use trouble::Trouble;
