//! The simulator over HTTP, as its clients meet it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests may fail as tests do")]

mod content_check;
mod control;
mod encrypted_data;
mod faults;
mod followers;
mod limits;
mod login;
mod phone;
mod pushes;
mod receiver;
mod support;
mod token;
mod users;
mod wxacode;
