//! Notices in storage.

use super::Subject;
use crate::storage::{Conn, SqlResult, execute, fetch_all};
use sqlx::FromRow;

const RAISE: &str = "INSERT INTO notices
    (id, organization_id, kind, subject_kind, subject_id, detail, raised_at, seen_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
    ON CONFLICT (organization_id, kind, subject_id) WHERE cleared_at IS NULL
    DO UPDATE SET detail = excluded.detail, seen_at = excluded.seen_at";
const CLEAR: &str = "UPDATE notices SET cleared_at = $4
    WHERE organization_id = $1 AND kind = $2 AND subject_id = $3 AND cleared_at IS NULL";
const CLEAR_ONE: &str = "UPDATE notices SET cleared_at = $3
    WHERE organization_id = $1 AND id = $2 AND cleared_at IS NULL";
const PAGE: &str = "SELECT id, kind, subject_kind, subject_id, detail, raised_at, seen_at, cleared_at FROM notices
    WHERE organization_id = $1 AND id > $2 AND ($3 OR cleared_at IS NULL) ORDER BY id LIMIT $4";

/// A notice.
#[derive(FromRow)]
pub struct NoticeRow {
    pub id: String,
    pub kind: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub detail: String,
    pub raised_at: i64,
    pub seen_at: i64,
    pub cleared_at: Option<i64>,
}

pub async fn raise(
    conn: &mut Conn,
    id: &str,
    organization_id: &str,
    kind: &str,
    subject: Subject<'_>,
    detail: &str,
    now: i64,
) -> SqlResult<u64> {
    execute!(conn, RAISE, id, organization_id, kind, subject.kind, subject.id, detail, now)
}

pub async fn clear(conn: &mut Conn, organization_id: &str, kind: &str, subject_id: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, CLEAR, organization_id, kind, subject_id, now)
}

pub async fn clear_one(conn: &mut Conn, organization_id: &str, id: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, CLEAR_ONE, organization_id, id, now)
}

/// Open ones, or all.
pub async fn page(
    conn: &mut Conn,
    organization_id: &str,
    after: &str,
    all: bool,
    limit: i64,
) -> SqlResult<Vec<NoticeRow>> {
    fetch_all!(conn, NoticeRow, PAGE, organization_id, after, all, limit)
}
