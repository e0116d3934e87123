//! People: identities, roles and invitations; persons who turn out to be one; phone numbers.

pub mod api;
pub(crate) mod forget;
pub(crate) mod invitations;
pub(crate) mod merge;
pub(crate) mod phone;
pub(crate) mod profile;
mod role;
pub(crate) mod service;
pub(crate) mod sql;

pub use role::{Role, RoleSet};
