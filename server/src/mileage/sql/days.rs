//! Days in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_one};
use sqlx::FromRow;

const TOUCH: &str = "INSERT INTO mileage_days (organization_id, engineer_id, day, status, detour_permille, version)
    VALUES ($1, $2, $3, 'open', $4, 1)
    ON CONFLICT (organization_id, engineer_id, day) DO UPDATE SET version = mileage_days.version + 1
    RETURNING engineer_id, day, status, detour_permille, version, submitted_at, decided_at, decided_by, reason, settled";
/// Others who change the day wait until the transaction ends.
const LOCK: &str = "UPDATE mileage_days SET version = version
    WHERE organization_id = $1 AND engineer_id = $2 AND day = $3
    RETURNING engineer_id, day, status, detour_permille, version, submitted_at, decided_at, decided_by, reason, settled";
const SAVE: &str = "UPDATE mileage_days SET status = $4, version = $5, submitted_at = $6, decided_at = $7,
    decided_by = $8, reason = $9, settled = $10 WHERE organization_id = $1 AND engineer_id = $2 AND day = $3";
const DROP: &str = "DELETE FROM mileage_days WHERE organization_id = $1 AND engineer_id = $2 AND day = $3";
const BETWEEN: &str = "SELECT engineer_id, day, status, detour_permille, version, submitted_at, decided_at, decided_by,
    reason, settled FROM mileage_days WHERE organization_id = $1 AND engineer_id = $2 AND day >= $3 AND day <= $4";
const WAITING: &str = "SELECT d.engineer_id, p.name, d.day, d.status, d.submitted_at FROM mileage_days d
    JOIN persons p ON p.id = d.engineer_id
    WHERE d.organization_id = $1 AND d.status = $2 AND d.day >= $3 AND d.day <= $4
    ORDER BY d.day, d.engineer_id LIMIT $5";

/// A day of an engineer.
#[derive(Clone, Debug, FromRow)]
pub struct DayRow {
    pub engineer_id: String,
    /// As `2026-11-21`.
    pub day: String,
    /// `open`, `submitted`, `approved` or `rejected`.
    pub status: String,
    /// The detour factor in thousandths, as it was when the day began.
    pub detour_permille: i64,
    pub version: i64,
    pub submitted_at: Option<i64>,
    pub decided_at: Option<i64>,
    pub decided_by: Option<String>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// Its legs as they were when it was approved, as JSON.
    pub settled: Option<String>,
}

/// A day in the list of those who approve.
#[derive(Clone, Debug, FromRow)]
pub struct ListedDay {
    pub engineer_id: String,
    pub name: Option<String>,
    pub day: String,
    pub status: String,
    pub submitted_at: Option<i64>,
}

/// Makes the day or counts a change of it, and locks it.
pub async fn touch(
    conn: &mut Conn,
    organization_id: &str,
    engineer_id: &str,
    day: &str,
    detour_permille: i64,
) -> SqlResult<DayRow> {
    fetch_one!(conn, DayRow, TOUCH, organization_id, engineer_id, day, detour_permille)
}

/// Locks the day, where it has stops.
pub async fn lock(conn: &mut Conn, organization_id: &str, engineer_id: &str, day: &str) -> SqlResult<Option<DayRow>> {
    let rows = fetch_all!(conn, DayRow, LOCK, organization_id, engineer_id, day)?;
    Ok(rows.into_iter().next())
}

/// Writes what may change of a day.
pub async fn save(conn: &mut Conn, organization_id: &str, row: &DayRow) -> SqlResult<u64> {
    execute!(
        conn,
        SAVE,
        organization_id,
        &row.engineer_id,
        &row.day,
        &row.status,
        row.version,
        row.submitted_at,
        row.decided_at,
        &row.decided_by,
        &row.reason,
        &row.settled
    )
}

/// Drops a day whose stops are somebody else's now.
pub async fn drop(conn: &mut Conn, organization_id: &str, engineer_id: &str, day: &str) -> SqlResult<u64> {
    execute!(conn, DROP, organization_id, engineer_id, day)
}

/// Days of an engineer, from one to another.
pub async fn between(
    conn: &mut Conn,
    organization_id: &str,
    engineer_id: &str,
    first: &str,
    last: &str,
) -> SqlResult<Vec<DayRow>> {
    fetch_all!(conn, DayRow, BETWEEN, organization_id, engineer_id, first, last)
}

/// Days of everybody in a status, the oldest first.
pub async fn in_status(
    conn: &mut Conn,
    organization_id: &str,
    status: &str,
    (first, last): (&str, &str),
    limit: i64,
) -> SqlResult<Vec<ListedDay>> {
    fetch_all!(conn, ListedDay, WAITING, organization_id, status, first, last, limit)
}
