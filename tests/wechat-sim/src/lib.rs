//! A strict stand-in for `api.weixin.qq.com`: it rejects what WeChat rejects, with WeChat's errcodes and its habit of
//! answering errors with HTTP 200. Tests drive it as a library; other programs over HTTP under `/_sim`.

mod answer;
mod control;
mod faults;
mod login;
mod server;
mod state;
mod token;
mod user_data;

pub use faults::{Fault, FaultKind};
pub use server::{Config, WechatSim};
pub use state::{App, Call, Kind};
pub use user_data::EncryptedUserData;
