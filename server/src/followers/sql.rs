//! Imports of followers in storage.

use crate::storage::{Conn, SqlResult, execute, execute_values, fetch_all, fetch_in, fetch_optional};
use sqlx::FromRow;

const INSERT: &str = "INSERT INTO follower_imports (id, organization_id, appid, status, started_at)
    VALUES ($1, $2, $3, $4, $5)";
const FIND_BY_ID: &str = "SELECT id, organization_id, appid, status, total, processed, created, next_openid, failures,
    last_error, started_at, finished_at FROM follower_imports WHERE id = $1";
const OF_ACCOUNT: &str = "SELECT id, organization_id, appid, status, total, processed, created, next_openid, failures,
    last_error, started_at, finished_at FROM follower_imports
    WHERE organization_id = $1 AND appid = $2 ORDER BY id DESC LIMIT 20";
const ADVANCE: &str = "UPDATE follower_imports SET total = $2, processed = processed + $3, created = created + $4,
    next_openid = $5, failures = 0, last_error = NULL WHERE id = $1";
const NOTE_FAILURE: &str = "UPDATE follower_imports SET failures = failures + 1, last_error = $2 WHERE id = $1";
const FINISH: &str = "UPDATE follower_imports SET status = $2, last_error = $3, finished_at = $4 WHERE id = $1";
/// Who was not listed has left while nobody listened.
const MARK_GONE: &str = "UPDATE identities SET subscribed = FALSE, subscription_at = $3
    WHERE organization_id = $1 AND appid = $2 AND subscribed AND COALESCE(listed_at, 0) < $3
    AND COALESCE(subscription_at, 0) < $3";
const KNOWN_OPENIDS: &str = "SELECT openid, person_id FROM identities WHERE organization_id = ";
const KNOWN_UNIONIDS: &str = "SELECT unionid, person_id FROM identities WHERE organization_id = ";
const INSERT_PERSONS: &str = "INSERT INTO persons (id, organization_id, created_at) ";
const INSERT_IDENTITIES: &str = "INSERT INTO identities (id, organization_id, person_id, appid, openid, unionid,
    created_at, last_login_at, subscribed, subscription_at, listed_at) ";
/// An event that came while the list was read is newer than the list.
const UPDATE_IDENTITIES: &str = " ON CONFLICT (organization_id, appid, openid) DO UPDATE SET
    unionid = COALESCE(excluded.unionid, identities.unionid),
    subscribed = CASE WHEN COALESCE(identities.subscription_at, 0) > excluded.listed_at
        THEN identities.subscribed ELSE TRUE END,
    subscription_at = CASE WHEN COALESCE(identities.subscription_at, 0) > excluded.listed_at OR identities.subscribed
        THEN identities.subscription_at ELSE excluded.subscription_at END,
    listed_at = excluded.listed_at, details_due = FALSE";

/// An import.
#[derive(Clone, Debug, FromRow)]
pub struct FollowerImportRow {
    /// Its id.
    pub id: String,
    /// Whose account.
    pub organization_id: String,
    /// Which account.
    pub appid: String,
    /// `running`, `done` or `failed`.
    pub status: String,
    /// How many followers WeChat says there are.
    pub total: Option<i64>,
    /// How many were looked at.
    pub processed: i64,
    /// How many persons were not known before.
    pub created: i64,
    /// Where it goes on.
    pub next_openid: String,
    /// Failures in a row.
    pub failures: i64,
    /// Why it pauses or failed.
    pub last_error: Option<String>,
    /// When it was started (UTC epoch milliseconds).
    pub started_at: i64,
    /// When it ended (UTC epoch milliseconds).
    pub finished_at: Option<i64>,
}

/// A follower to write.
pub struct Listed {
    pub id: String,
    pub person_id: String,
    pub openid: String,
    pub unionid: Option<String>,
    pub subscribed_at: i64,
}

/// How far an import has come with one more group.
pub struct Progress {
    pub total: i64,
    pub listed: i64,
    pub created: i64,
    pub next_openid: String,
}

pub async fn insert(conn: &mut Conn, row: &FollowerImportRow) -> SqlResult<u64> {
    execute!(conn, INSERT, &row.id, &row.organization_id, &row.appid, &row.status, row.started_at)
}

pub async fn find_by_id(conn: &mut Conn, id: &str) -> SqlResult<Option<FollowerImportRow>> {
    fetch_optional!(conn, FollowerImportRow, FIND_BY_ID, id)
}

/// The latest imports of an account, the newest first.
pub async fn of_account(conn: &mut Conn, organization_id: &str, appid: &str) -> SqlResult<Vec<FollowerImportRow>> {
    fetch_all!(conn, FollowerImportRow, OF_ACCOUNT, organization_id, appid)
}

pub async fn advance(conn: &mut Conn, id: &str, progress: &Progress) -> SqlResult<u64> {
    let Progress { total, listed, created, next_openid } = progress;
    execute!(conn, ADVANCE, id, *total, *listed, *created, next_openid)
}

pub async fn note_failure(conn: &mut Conn, id: &str, error: &str) -> SqlResult<u64> {
    execute!(conn, NOTE_FAILURE, id, error)
}

pub async fn finish(conn: &mut Conn, id: &str, status: &str, error: Option<&str>, now: i64) -> SqlResult<u64> {
    execute!(conn, FINISH, id, status, error, now)
}

pub async fn mark_gone(conn: &mut Conn, import: &FollowerImportRow) -> SqlResult<u64> {
    execute!(conn, MARK_GONE, &import.organization_id, &import.appid, import.started_at)
}

/// Pairs of openid and person.
pub async fn known_openids(
    conn: &mut Conn,
    import: &FollowerImportRow,
    openids: &[&str],
) -> SqlResult<Vec<(String, String)>> {
    let (organization_id, appid) = (&import.organization_id, &import.appid);
    fetch_in!(
        conn,
        (String, String),
        KNOWN_OPENIDS,
        organization_id,
        " AND appid = ",
        appid,
        " AND openid IN ",
        openids
    )
}

/// Pairs of unionid and person.
pub async fn known_unionids(
    conn: &mut Conn,
    organization_id: &str,
    unionids: &[&str],
) -> SqlResult<Vec<(String, String)>> {
    fetch_in!(conn, (String, String), KNOWN_UNIONIDS, organization_id, " AND '' = ", "", " AND unionid IN ", unionids)
}

pub async fn insert_persons(conn: &mut Conn, organization_id: &str, ids: &[String], now: i64) -> SqlResult<u64> {
    execute_values!(
        conn,
        INSERT_PERSONS,
        ids,
        |row, id| {
            row.push_bind(id).push_bind(organization_id).push_bind(now);
        },
        ""
    )
}

pub async fn upsert_identities(
    conn: &mut Conn,
    import: &FollowerImportRow,
    listed: &[Listed],
    now: i64,
) -> SqlResult<u64> {
    execute_values!(
        conn,
        INSERT_IDENTITIES,
        listed,
        |row, follower| {
            row.push_bind(&follower.id)
                .push_bind(&import.organization_id)
                .push_bind(&follower.person_id)
                .push_bind(&import.appid)
                .push_bind(&follower.openid)
                .push_bind(&follower.unionid)
                .push_bind(now)
                .push_bind(0_i64)
                .push_bind(true)
                .push_bind(follower.subscribed_at)
                .push_bind(import.started_at);
        },
        UPDATE_IDENTITIES
    )
}
