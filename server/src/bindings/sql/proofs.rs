//! Codes and used links in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_optional};
use sqlx::FromRow;

/// So many wrong tries kill a code.
const MOST_TRIES: i64 = 5;

const DELETE_CODES: &str = "DELETE FROM binding_codes WHERE organization_id = $1 AND userid = $2";
const INSERT_CODE: &str = "INSERT INTO binding_codes (id, organization_id, userid, code_hash, expires_at, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
/// The try is counted before anybody looks at the code, so that many at once are no more than five.
const TRY_CODES: &str = "UPDATE binding_codes SET failures = failures + 1
    WHERE organization_id = $1 AND userid = $2 AND used_at IS NULL AND expires_at > $3 AND failures < $4
    RETURNING id, code_hash";
const USE_CODE: &str = "UPDATE binding_codes SET used_at = $3
    WHERE organization_id = $1 AND id = $2 AND used_at IS NULL AND expires_at > $3";
const USE_LINK: &str = "INSERT INTO binding_links_used (id, organization_id, person_id, used_at)
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const LINK_USER: &str = "SELECT COALESCE(p.merged_into, p.id) FROM binding_links_used l
    JOIN persons p ON p.id = l.person_id WHERE l.organization_id = $1 AND l.id = $2";
const PURGE_CODES: &str = "DELETE FROM binding_codes WHERE expires_at < $1";
const PURGE_LINKS: &str = "DELETE FROM binding_links_used WHERE used_at < $1";

/// A code that can be used, and was tried.
#[derive(FromRow)]
pub struct TriedCode {
    pub id: String,
    pub code_hash: String,
}

/// A code for a user, in the place of older ones.
pub async fn insert_code(
    conn: &mut Conn,
    id: &str,
    organization_id: &str,
    userid: &str,
    code_hash: &str,
    expires_at: i64,
    now: i64,
) -> SqlResult<u64> {
    execute!(&mut *conn, DELETE_CODES, organization_id, userid)?;
    execute!(conn, INSERT_CODE, id, organization_id, userid, code_hash, expires_at, now)
}

/// Counts a try at the user's codes, and answers those that it was made at.
pub async fn try_codes(conn: &mut Conn, organization_id: &str, userid: &str, now: i64) -> SqlResult<Vec<TriedCode>> {
    fetch_all!(conn, TriedCode, TRY_CODES, organization_id, userid, now, MOST_TRIES)
}

/// Says whether it could be used.
pub async fn use_code(conn: &mut Conn, organization_id: &str, id: &str, now: i64) -> SqlResult<bool> {
    Ok(execute!(conn, USE_CODE, organization_id, id, now)? == 1)
}

/// Says whether it was unused.
pub async fn use_link(conn: &mut Conn, organization_id: &str, id: &str, person_id: &str, now: i64) -> SqlResult<bool> {
    Ok(execute!(conn, USE_LINK, id, organization_id, person_id, now)? == 1)
}

/// Who used the link.
pub async fn link_user(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<String>> {
    let row: Option<(String,)> = fetch_optional!(conn, (String,), LINK_USER, organization_id, id)?;
    Ok(row.map(|(person_id,)| person_id))
}

pub async fn purge(conn: &mut Conn, codes_before: i64, links_before: i64) -> SqlResult<()> {
    execute!(&mut *conn, PURGE_CODES, codes_before)?;
    execute!(conn, PURGE_LINKS, links_before)?;
    Ok(())
}
