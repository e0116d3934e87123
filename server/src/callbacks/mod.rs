//! What WeChat pushes to a business: verified, stored as it came, answered, and processed afterwards from storage,
//! which is at once the queue and the log to replay.

mod account;
pub mod api;
pub mod decode;
pub(crate) mod details;
mod drain;
mod handle;
mod open;
mod sql;
mod writer;

use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;

pub use account::CallbackAccounts;
pub use drain::run;
pub use writer::PushWriter;

/// Pushes are kept for so long, in milliseconds: longer than WeChat repeats them, and than a signature is accepted.
pub const KEEP: i64 = 30 * paifang_core::time::DAY;

/// Forgets processed pushes that are older than [`KEEP`].
pub async fn purge(conn: &mut Conn, now: i64) -> Result<(), Problem> {
    sql::purge(conn, &random::first_id(now - KEEP)).await?;
    Ok(())
}

/// Forgets what WeChat pushed about a user of an account, but for the push `but` (or none, when empty).
pub async fn forget(conn: &mut Conn, appid: &str, openid: &str, but: &str) -> Result<u64, Problem> {
    Ok(sql::forget(conn, appid, openid, but).await?)
}

/// Forgets what WeChat pushed to an account that is no longer connected.
pub async fn forget_account(conn: &mut Conn, appid: &str) -> Result<u64, Problem> {
    Ok(sql::forget_account(conn, appid).await?)
}
