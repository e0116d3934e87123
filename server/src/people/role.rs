//! Roles, and what includes what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a person may be in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everybody who has logged in.
    Guest,
    /// A member or customer.
    Member,
    /// Scans tickets.
    Staff,
    /// Staff who may force and annul.
    Supervisor,
    /// Works on work orders.
    Engineer,
    /// Engineer who assigns work orders.
    Dispatcher,
    /// Everything within the organization.
    Admin,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 7] =
        [Self::Guest, Self::Member, Self::Staff, Self::Supervisor, Self::Engineer, Self::Dispatcher, Self::Admin];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Member => "member",
            Self::Staff => "staff",
            Self::Supervisor => "supervisor",
            Self::Engineer => "engineer",
            Self::Dispatcher => "dispatcher",
            Self::Admin => "admin",
        }
    }

    /// Reads a name from the wire.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether who has this role may do what `needed` may do.
    pub const fn includes(self, needed: Self) -> bool {
        match (self, needed) {
            (Self::Admin, _) | (_, Self::Guest) => true,
            (Self::Supervisor, Self::Staff) | (Self::Dispatcher, Self::Engineer) => true,
            _ => self as u8 == needed as u8,
        }
    }
}

/// The roles of one person or API token; everybody is a guest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleSet(u8);

impl RoleSet {
    /// Whether one of the roles includes `needed`.
    pub fn allows(self, needed: Role) -> bool {
        needed == Role::Guest || self.iter().any(|role| role.includes(needed))
    }

    /// The roles, the guest left out.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| *role != Role::Guest && self.0 & (1 << *role as u8) != 0)
    }
}

impl FromIterator<Role> for RoleSet {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | 1 << role as u8))
    }
}
