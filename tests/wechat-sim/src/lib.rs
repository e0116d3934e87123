#![doc = include_str!("../README.md")]

mod access;
mod answer;
mod callback;
mod clock;
mod connection;
mod control;
mod crypt;
mod dispatch;
mod errcode;
mod events;
mod faults;
mod followers;
mod handle;
mod identity;
mod log;
mod login;
mod phone;
mod png;
mod push;
mod quotas;
mod random;
mod request;
mod server;
mod simulator;
mod state;
mod store;
mod token;
mod users;
mod wxacode;

pub use crypt::EncryptedUserData;
pub use faults::{Fault, FaultKind};
pub use handle::{Config, WechatSim};
pub use log::Call;
pub use push::{Callback, Delivery, Push, PushFormat, PushMode};
pub use state::{App, Kind, User};
