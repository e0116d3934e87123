//! Jobs in storage.

use super::NewJob;
use crate::storage::{Conn, SqlResult, execute, fetch_optional};
use sqlx::FromRow;

const INSERT: &str = "INSERT INTO jobs (id, organization_id, kind, unique_key, payload, status, run_at, created_at)
    VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7)
    ON CONFLICT (unique_key) DO UPDATE SET status = 'waiting', attempts = 0, run_at = excluded.run_at,
        payload = excluded.payload, last_error = NULL, finished_at = NULL WHERE jobs.status = 'dead'";
const DUE: &str = "SELECT CAST(1 AS BIGINT) FROM jobs
    WHERE status = 'waiting' AND run_at <= $1 AND leased_until <= $1 LIMIT 1";
/// Two workers may choose the same row; the second finds its lease taken when it gets the row lock.
const CLAIM: &str = "UPDATE jobs SET lease = $1, leased_until = $3
    WHERE id = (SELECT id FROM jobs WHERE status = 'waiting' AND run_at <= $2 AND leased_until <= $2
        ORDER BY run_at, id LIMIT 1)
    AND status = 'waiting' AND leased_until <= $2
    RETURNING id, kind, payload, attempts, run_at";
const SETTLE: &str = "UPDATE jobs SET status = $3, attempts = $4, run_at = $5, last_error = $6, leased_until = 0,
        lease = NULL, unique_key = CASE WHEN $3 = 'done' THEN NULL ELSE unique_key END,
        finished_at = CASE WHEN $3 = 'waiting' THEN NULL ELSE $7 END
    WHERE id = $1 AND lease = $2";
const RENEW: &str = "UPDATE jobs SET leased_until = $3 WHERE id = $1 AND lease = $2";
const REVIVE: &str = "UPDATE jobs SET status = 'waiting', attempts = 0, run_at = $2, finished_at = NULL
    WHERE status = 'dead' AND kind = $1";
const PURGE: &str = "DELETE FROM jobs WHERE status = 'done' AND finished_at < $1";

/// A claimed job.
#[derive(FromRow)]
pub struct JobRow {
    pub id: String,
    pub kind: String,
    pub payload: String,
    pub attempts: i64,
    pub run_at: i64,
}

/// What became of a job.
pub struct Settled {
    pub status: &'static str,
    pub attempts: i64,
    pub run_at: i64,
    pub error: Option<String>,
}

pub async fn insert(conn: &mut Conn, id: &str, job: &NewJob, kind: &str, payload: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, INSERT, id, &job.organization_id, kind, &job.unique_key, payload, job.run_at, now)
}

pub async fn any_due(conn: &mut Conn, now: i64) -> SqlResult<bool> {
    let row: Option<(i64,)> = fetch_optional!(conn, (i64,), DUE, now)?;
    Ok(row.is_some())
}

pub async fn claim(conn: &mut Conn, lease: &str, now: i64, until: i64) -> SqlResult<Option<JobRow>> {
    fetch_optional!(conn, JobRow, CLAIM, lease, now, until)
}

/// Prolongs a lease; false when it is somebody else's by now.
pub async fn renew(conn: &mut Conn, id: &str, lease: &str, until: i64) -> SqlResult<bool> {
    Ok(execute!(conn, RENEW, id, lease, until)? == 1)
}

/// Settles a job, unless its lease has run out and somebody else has it.
pub async fn settle(conn: &mut Conn, id: &str, lease: &str, settled: &Settled, now: i64) -> SqlResult<u64> {
    let Settled { status, attempts, run_at, error } = settled;
    execute!(conn, SETTLE, id, lease, *status, *attempts, *run_at, error, now)
}

/// Lets jobs of a kind that must not end run once more.
pub async fn revive(conn: &mut Conn, kind: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, REVIVE, kind, now)
}

pub async fn purge(conn: &mut Conn, before: i64) -> SqlResult<u64> {
    execute!(conn, PURGE, before)
}
