//! Where sealed secrets are.

use crate::storage::{Conn, SqlResult, execute, fetch_all};

/// A column of sealed secrets.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The name that secrets there are sealed for: table and column, without `_sealed`.
    pub name: &'static str,
    select: &'static str,
    update: &'static str,
}

macro_rules! place {
    ($table:literal, $column:literal) => {
        Place {
            name: concat!($table, ".", $column),
            select: concat!("SELECT ", $column, "_sealed FROM ", $table, " WHERE ", $column, "_sealed IS NOT NULL"),
            // A sealed text is unlike any other: it carries a nonce.
            update: concat!("UPDATE ", $table, " SET ", $column, "_sealed = $2 WHERE ", $column, "_sealed = $1"),
        }
    };
}

/// All of them; a test compares this with the schema.
pub const PLACES: [Place; 6] = [
    place!("accounts", "secret"),
    place!("accounts", "callback_token"),
    place!("accounts", "callback_aes_key"),
    place!("accounts", "provider_secret"),
    place!("event_keys", "secret"),
    place!("jwt_keys", "secret"),
];

pub async fn all(conn: &mut Conn, place: Place) -> SqlResult<Vec<String>> {
    let rows: Vec<(String,)> = fetch_all!(conn, (String,), place.select)?;
    Ok(rows.into_iter().map(|(sealed,)| sealed).collect())
}

pub async fn replace(conn: &mut Conn, place: Place, sealed: &str, anew: &str) -> SqlResult<u64> {
    execute!(conn, place.update, sealed, anew)
}
