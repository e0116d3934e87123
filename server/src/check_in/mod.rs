//! Check-in: scans and their verdicts, batches from phones that were offline, annulling, live numbers.

mod annul;
pub(crate) mod answer;
pub mod api;
pub(crate) mod service;
pub(crate) mod sql;
