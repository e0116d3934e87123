//! The audit log in storage.

use super::{Actor, Change};
use crate::storage::{AFTER_ALL_IDS, Conn, SqlResult, execute, execute_values, fetch_all};
use sqlx::FromRow;

const INSERT: &str = "INSERT INTO audit_log
    (id, organization_id, at, actor_kind, actor_id, action, subject_kind, subject_id, before, after)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const INSERT_MANY: &str =
    "INSERT INTO audit_log (id, organization_id, at, actor_kind, actor_id, action, subject_kind, subject_id, after) ";
const PAGE: &str = "SELECT id, at, actor_kind, actor_id, action, subject_kind, subject_id, before, after
    FROM audit_log WHERE organization_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
/// The subject finds the rows, not their order.
const OF_SUBJECT: &str = "SELECT id, at, actor_kind, actor_id, action, subject_kind, subject_id, before, after
    FROM audit_log WHERE organization_id = $1 AND id || '' < $2 AND subject_id IN (SELECT CAST($4 AS TEXT)
        UNION SELECT p.id FROM persons p WHERE p.organization_id = $1 AND p.merged_into = $4)
    ORDER BY id DESC LIMIT $3";

/// One entry.
#[derive(FromRow)]
pub struct EntryRow {
    pub id: String,
    pub at: i64,
    pub actor_kind: String,
    pub actor_id: String,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

pub async fn insert(
    conn: &mut Conn,
    actor: &Actor,
    change: &Change<'_>,
    before: Option<&str>,
    after: Option<&str>,
) -> SqlResult<u64> {
    let id = crate::random::id(change.at);
    let kind = change.action.split('.').next().unwrap_or_default();
    execute!(
        conn,
        INSERT,
        &id,
        &actor.organization_id,
        change.at,
        actor.kind,
        &actor.id,
        change.action,
        kind,
        change.subject_id,
        before,
        after
    )
}

/// Entries of the same kind about something new each, as pairs of its id and what it is.
pub async fn insert_many(
    conn: &mut Conn,
    actor: &Actor,
    action: &str,
    entries: &[(&str, String)],
    at: i64,
) -> SqlResult<u64> {
    let kind = action.split('.').next().unwrap_or_default();
    execute_values!(
        conn,
        INSERT_MANY,
        entries,
        |row, entry| {
            row.push_bind(crate::random::id(at))
                .push_bind(&actor.organization_id)
                .push_bind(at)
                .push_bind(actor.kind)
                .push_bind(&actor.id)
                .push_bind(action)
                .push_bind(kind)
                .push_bind(entry.0)
                .push_bind(&entry.1);
        },
        ""
    )
}

/// Newest first; `subject_id` may be empty for all.
pub async fn page(
    conn: &mut Conn,
    organization_id: &str,
    before_id: &str,
    subject_id: &str,
    limit: i64,
) -> SqlResult<Vec<EntryRow>> {
    let before_id = if before_id.is_empty() { AFTER_ALL_IDS } else { before_id };
    match subject_id {
        "" => fetch_all!(conn, EntryRow, PAGE, organization_id, before_id, limit),
        subject_id => fetch_all!(conn, EntryRow, OF_SUBJECT, organization_id, before_id, limit, subject_id),
    }
}
