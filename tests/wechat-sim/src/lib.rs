#![doc = include_str!("../README.md")]

mod answer;
mod callback;
mod clock;
mod connection;
mod control;
mod crypt;
mod dispatch;
mod faults;
mod handle;
mod log;
mod login;
mod random;
mod server;
mod simulator;
mod state;
mod store;
mod token;

pub use crypt::EncryptedUserData;
pub use faults::{Fault, FaultKind};
pub use handle::{Config, WechatSim};
pub use log::Call;
pub use state::{App, Kind, User};
