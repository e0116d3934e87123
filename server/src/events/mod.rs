//! Events, their products, check-in lists and signing keys.

pub mod api;
pub(crate) mod keys;
pub(crate) mod lists;
pub(crate) mod products;
pub(crate) mod service;
pub(crate) mod sql;
