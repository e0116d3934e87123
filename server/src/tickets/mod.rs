//! Tickets: selling is elsewhere; here they are issued, imported, found, changed and claimed.

pub mod api;
mod claim;
pub(crate) mod import;
pub(crate) mod service;
pub(crate) mod sql;
