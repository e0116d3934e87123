//! Pushes in storage.

use crate::storage::{Conn, SqlResult, execute, execute_values, fetch_all, fetch_one, fetch_optional};
use sqlx::FromRow;

const INSERT: &str = "INSERT INTO pushes (id, appid, openid, dedup_key, body, received_at, status, due_at) ";
/// Two workers may choose the same rows; the second finds them leased when it gets their locks. `due_at` is at once
/// the end of the lease.
const CLAIM: &str = "UPDATE pushes SET lease = $1, due_at = $3, attempts = attempts + 1
    WHERE id IN (SELECT id FROM pushes WHERE status = 'waiting' AND due_at <= $2 ORDER BY due_at, id LIMIT $4)
    AND status = 'waiting' AND due_at <= $2
    RETURNING id, appid, body, attempts";
const SETTLE: &str = "UPDATE pushes SET status = $3, lease = NULL, processed_at = $4, last_error = NULL
    WHERE id = $1 AND lease = $2";
const FAIL: &str = "UPDATE pushes SET status = $3, lease = NULL, due_at = $4, last_error = $5
    WHERE id = $1 AND lease = $2";
const WAITING_DUE: &str = "SELECT id FROM pushes WHERE status = 'waiting' AND due_at <= $1 LIMIT 1";
const WAITING: &str = "SELECT COUNT(*) FROM pushes WHERE status = 'waiting'";
/// Only accounts that nobody else uses: a shared account's pushes tell of other organizations' people.
macro_rules! own {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " FROM pushes WHERE appid IN (SELECT a.appid FROM accounts a
            JOIN account_organizations o ON o.account_id = a.id WHERE o.organization_id = $1 AND NOT EXISTS
            (SELECT 1 FROM account_organizations s WHERE s.account_id = a.id AND s.organization_id <> $1)) ",
            $after
        )
    };
}
const PAGE: &str = own!(
    "SELECT id, appid, body, received_at, status, attempts, processed_at, last_error",
    "AND ($2 = '' OR status = $2) AND ($3 = '' OR id < $3) ORDER BY id DESC LIMIT $4"
);
const REPLAY: &str = own!(
    "UPDATE pushes SET status = 'waiting', due_at = $5, attempts = 0 WHERE id IN (SELECT id",
    "AND ($2 = '' OR appid = $2) AND received_at >= $3 AND received_at < $4 AND status <> 'waiting')"
);
/// Ids begin with the time, so that the key finds what is old.
const PURGE: &str = "DELETE FROM pushes WHERE id < $1 AND status <> 'waiting'";
const FORGET: &str = "DELETE FROM pushes WHERE appid = $1 AND openid = $2 AND id <> $3";
const FORGET_ACCOUNT: &str = "DELETE FROM pushes WHERE appid = $1";

/// A push that has arrived.
#[derive(Debug)]
pub struct NewPush {
    pub id: String,
    pub appid: String,
    /// Whom it is about, where it says so.
    pub openid: Option<String>,
    pub dedup_key: String,
    pub body: String,
    pub received_at: i64,
}

/// A push to process.
#[derive(Clone, Debug, FromRow)]
pub struct ClaimedPush {
    pub id: String,
    pub appid: String,
    pub body: String,
    pub attempts: i64,
}

/// A push in the log.
#[derive(FromRow)]
pub struct PushRow {
    pub id: String,
    pub appid: String,
    pub body: String,
    pub received_at: i64,
    pub status: String,
    pub attempts: i64,
    pub processed_at: Option<i64>,
    pub last_error: Option<String>,
}

/// Writes pushes; those that are known already are left out.
pub async fn insert(conn: &mut Conn, pushes: &[NewPush]) -> SqlResult<u64> {
    execute_values!(
        conn,
        INSERT,
        pushes,
        |row, push| {
            row.push_bind(&push.id)
                .push_bind(&push.appid)
                .push_bind(&push.openid)
                .push_bind(&push.dedup_key)
                .push_bind(&push.body)
                .push_bind(push.received_at)
                .push_bind("waiting")
                .push_bind(push.received_at);
        },
        " ON CONFLICT DO NOTHING"
    )
}

pub async fn claim(conn: &mut Conn, lease: &str, now: i64, until: i64, limit: i64) -> SqlResult<Vec<ClaimedPush>> {
    fetch_all!(conn, ClaimedPush, CLAIM, lease, now, until, limit)
}

/// Says whether the lease still held.
pub async fn settle(conn: &mut Conn, id: &str, lease: &str, status: &str, now: i64) -> SqlResult<bool> {
    Ok(execute!(conn, SETTLE, id, lease, status, now)? == 1)
}

pub async fn fail(conn: &mut Conn, id: &str, lease: &str, status: &str, due_at: i64, error: &str) -> SqlResult<u64> {
    execute!(conn, FAIL, id, lease, status, due_at, error)
}

/// A push that is due, where there is one: cheaper than claiming in vain.
pub async fn waiting_due(conn: &mut Conn, now: i64) -> SqlResult<Option<String>> {
    let row: Option<(String,)> = fetch_optional!(conn, (String,), WAITING_DUE, now)?;
    Ok(row.map(|(id,)| id))
}

pub async fn waiting(conn: &mut Conn) -> SqlResult<i64> {
    let (count,): (i64,) = fetch_one!(conn, (i64,), WAITING)?;
    Ok(count)
}

/// The organization's pushes, the newest first; with an empty `status` all.
pub async fn page(
    conn: &mut Conn,
    organization_id: &str,
    status: &str,
    before: &str,
    limit: i64,
) -> SqlResult<Vec<PushRow>> {
    fetch_all!(conn, PushRow, PAGE, organization_id, status, before, limit)
}

/// Queues the organization's pushes of a time once more; answers how many.
pub async fn replay(
    conn: &mut Conn,
    organization_id: &str,
    appid: &str,
    from: i64,
    to: i64,
    now: i64,
) -> SqlResult<u64> {
    execute!(conn, REPLAY, organization_id, appid, from, to, now)
}

/// Deletes what is known of a user, but for the push `but` that asks for it.
pub async fn forget(conn: &mut Conn, appid: &str, openid: &str, but: &str) -> SqlResult<u64> {
    execute!(conn, FORGET, appid, openid, but)
}

pub async fn forget_account(conn: &mut Conn, appid: &str) -> SqlResult<u64> {
    execute!(conn, FORGET_ACCOUNT, appid)
}

/// Deletes what was processed and is older than the first id of a time.
pub async fn purge(conn: &mut Conn, before_id: &str) -> SqlResult<u64> {
    execute!(conn, PURGE, before_id)
}
