//! The rules of Paifang. No I/O, no clock, no randomness: time, keys and state come in as arguments, so that the
//! server (native) and the mini program (WebAssembly) always decide alike.

pub mod call;
pub mod ids;
pub mod phone;
pub mod position;
pub mod problem;
pub mod text;
pub mod ticket;
pub mod time;
#[cfg(feature = "wasm")]
pub mod wasm;
pub mod wechat;
pub mod work_order;
