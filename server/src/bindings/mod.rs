//! Bindings: which WeChat users a business user is. The business calls its users by its own ids; a binding says that an
//! openid of one of its accounts is the user with that id. The business tells us (one by one, or with a file), or the
//! user proves it with a code or a link that the business has sent.
//!
//! A WeChat user who is known already and becomes a business user keeps everything: the two persons are merged. A
//! WeChat user who is unbound becomes a new person, of whom nothing else is known; everything else stays with the
//! business user.

pub mod api;
mod batch;
mod channels;
mod codes;
mod import;
mod items;
mod links;
mod proof;
mod service;
mod sql;
mod verify;

pub(crate) use links::organization_of;
pub use proof::{Given, GivenProof};
pub(crate) use proof::{prove, redeem};
pub(crate) use service::{Effects, refuse};

use crate::problem::Problem;
use crate::storage::Conn;
use paifang_core::text::label;

/// How a binding came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The business said so through the API.
    Api,
    /// The business said so in a file.
    Import,
    /// The user typed a code that the business had sent.
    Code,
    /// The user opened a link that the business had sent.
    Link,
}

impl By {
    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Import => "import",
            Self::Code => "code",
            Self::Link => "link",
        }
    }
}

/// The longest id of a business user, in characters.
const LONGEST_USERID: usize = 64;

/// The id of a business user: 1 to 64 visible characters.
fn userid(raw: &str) -> Option<String> {
    label(raw, LONGEST_USERID)
}

/// Whether this can be an openid. WeChat's have 28 characters so far, which nobody promises.
fn is_openid(text: &str) -> bool {
    (20..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Forgets codes that can no longer be used, and links whose tokens have expired.
pub async fn purge(conn: &mut Conn, now: i64) -> Result<(), Problem> {
    sql::proofs::purge(conn, now, now - links::LONGEST).await?;
    Ok(())
}
