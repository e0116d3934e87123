//! The timelines of work orders in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_in, fetch_one, fetch_optional};
use sqlx::FromRow;

const INSERT: &str = "INSERT INTO work_order_entries
    (id, organization_id, work_order_id, kind, client_key, request_hash, move, from_state, to_state, actor_kind,
        actor_id, actor_as, detail, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING";
const OF_ORDER: &str = "SELECT id, work_order_id, kind, client_key, request_hash, move AS made, from_state, to_state,
    actor_kind, actor_id, actor_as, detail, at FROM work_order_entries
    WHERE organization_id = $1 AND work_order_id = $2 ORDER BY id";
const BY_KEY: &str = "SELECT id, work_order_id, kind, client_key, request_hash, move AS made, from_state, to_state,
    actor_kind, actor_id, actor_as, detail, at FROM work_order_entries WHERE work_order_id = $1 AND client_key = $2";
const LAST_AT: &str = "SELECT MAX(at) FROM work_order_entries WHERE work_order_id = $1 AND kind IN ('report', 'move')";
const COUNT: &str = "SELECT COUNT(*) FROM work_order_entries WHERE work_order_id = $1";
const REPORTED_OPENLY: &str = "SELECT COUNT(*) FROM work_order_entries
    WHERE work_order_id = $1 AND kind = 'report' AND actor_kind = 'follower'";
const NAMES: &str = "SELECT id, name FROM persons WHERE organization_id = ";

/// A line of a timeline.
#[derive(Clone, Debug, FromRow)]
pub struct EntryRow {
    pub(crate) id: String,
    pub(crate) work_order_id: String,
    /// `report`, `move`, `addition` or `visit`.
    pub(crate) kind: String,
    pub(crate) client_key: Option<String>,
    pub(crate) request_hash: Option<String>,
    /// The move that was made.
    pub(crate) made: Option<String>,
    pub(crate) from_state: Option<String>,
    pub(crate) to_state: Option<String>,
    /// `person`, `api_token`, `follower` or `system`.
    pub(crate) actor_kind: String,
    pub(crate) actor_id: String,
    /// `customer`, `engineer` or `dispatcher`.
    pub(crate) actor_as: String,
    /// JSON of the texts that came with it.
    pub(crate) detail: String,
    pub(crate) at: i64,
}

/// Writes it; false where an entry has the same client key.
pub async fn insert(conn: &mut Conn, organization_id: &str, entry: &EntryRow) -> SqlResult<bool> {
    let written = execute!(
        conn,
        INSERT,
        &entry.id,
        organization_id,
        &entry.work_order_id,
        &entry.kind,
        &entry.client_key,
        &entry.request_hash,
        &entry.made,
        &entry.from_state,
        &entry.to_state,
        &entry.actor_kind,
        &entry.actor_id,
        &entry.actor_as,
        &entry.detail,
        entry.at
    )?;
    Ok(written == 1)
}

impl EntryRow {
    /// Whether the request is the one that has made the entry.
    pub fn is_repeat_of(&self, hash: &str) -> bool {
        self.request_hash.as_deref() == Some(hash)
    }
}

/// When the order was reported or moved last (UTC epoch milliseconds).
pub async fn last_at(conn: &mut Conn, work_order_id: &str) -> SqlResult<i64> {
    let last: (Option<i64>,) = fetch_one!(conn, (Option<i64>,), LAST_AT, work_order_id)?;
    Ok(last.0.unwrap_or(i64::MIN))
}

/// Whether somebody who had not logged in has reported it.
pub async fn was_reported_openly(conn: &mut Conn, work_order_id: &str) -> SqlResult<bool> {
    let count: (i64,) = fetch_one!(conn, (i64,), REPORTED_OPENLY, work_order_id)?;
    Ok(count.0 > 0)
}

pub async fn count(conn: &mut Conn, work_order_id: &str) -> SqlResult<i64> {
    let count: (i64,) = fetch_one!(conn, (i64,), COUNT, work_order_id)?;
    Ok(count.0)
}

pub async fn of_order(conn: &mut Conn, organization_id: &str, work_order_id: &str) -> SqlResult<Vec<EntryRow>> {
    fetch_all!(conn, EntryRow, OF_ORDER, organization_id, work_order_id)
}

pub async fn by_key(conn: &mut Conn, work_order_id: &str, key: &str) -> SqlResult<Option<EntryRow>> {
    fetch_optional!(conn, EntryRow, BY_KEY, work_order_id, key)
}

/// The names of persons, by id.
pub async fn names(conn: &mut Conn, organization_id: &str, ids: &[&str]) -> SqlResult<Vec<(String, Option<String>)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let named = " AND name IS NOT NULL AND deleted_at IS NULL AND id <> ";
    fetch_in!(conn, (String, Option<String>), NAMES, organization_id, named, "", " AND id IN ", ids)
}
