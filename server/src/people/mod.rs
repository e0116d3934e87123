//! People: identities, roles and invitations.

pub mod api;
pub(crate) mod invitations;
mod role;
pub(crate) mod service;
pub(crate) mod sql;

pub use role::{Role, RoleSet};
