//! What is said about legs, in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_optional};
use sqlx::FromRow;

const INSERT: &str = "INSERT INTO mileage_legs
    (id, organization_id, engineer_id, day, from_stop, to_stop, method, version)
    VALUES ($1, $2, $3, $4, $5, $6, 'great_circle', 1) ON CONFLICT (organization_id, from_stop, to_stop) DO NOTHING";
const FIND: &str = "SELECT id, engineer_id, day, from_stop, to_stop, method, meters, odometer_start, odometer_end,
    reason, changed_by, version FROM mileage_legs WHERE organization_id = $1 AND id = $2";
const BETWEEN: &str = "SELECT id, engineer_id, day, from_stop, to_stop, method, meters, odometer_start, odometer_end,
    reason, changed_by, version FROM mileage_legs
    WHERE organization_id = $1 AND engineer_id = $2 AND day >= $3 AND day <= $4";
const SAVE: &str = "UPDATE mileage_legs SET method = $3, meters = $4, odometer_start = $5, odometer_end = $6,
    reason = $7, changed_by = $8, version = $9 WHERE organization_id = $1 AND id = $2";

/// What is said about the way between two stops.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LegRow {
    pub id: String,
    pub engineer_id: String,
    pub day: String,
    /// The keys of the stops.
    pub from_stop: String,
    pub to_stop: String,
    pub method: String,
    /// As somebody said, where the method is `manual`.
    pub meters: Option<i64>,
    pub odometer_start: Option<i64>,
    pub odometer_end: Option<i64>,
    pub reason: Option<String>,
    pub changed_by: Option<String>,
    pub version: i64,
}

impl LegRow {
    /// The stops between which it leads.
    pub fn ends(&self) -> (&str, &str) {
        (&self.from_stop, &self.to_stop)
    }
}

/// Writes a leg that nobody has said anything about; nothing where it is there.
pub async fn insert(
    conn: &mut Conn,
    organization_id: &str,
    (engineer_id, day): (&str, &str),
    id: &str,
    (from, to): (&str, &str),
) -> SqlResult<u64> {
    execute!(conn, INSERT, id, organization_id, engineer_id, day, from, to)
}

pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<LegRow>> {
    fetch_optional!(conn, LegRow, FIND, organization_id, id)
}

/// The legs of an engineer from one day to another, also those whose stops are no longer neighbors.
pub async fn between(
    conn: &mut Conn,
    organization_id: &str,
    engineer_id: &str,
    first: &str,
    last: &str,
) -> SqlResult<Vec<LegRow>> {
    fetch_all!(conn, LegRow, BETWEEN, organization_id, engineer_id, first, last)
}

pub async fn save(conn: &mut Conn, organization_id: &str, row: &LegRow) -> SqlResult<u64> {
    execute!(
        conn,
        SAVE,
        organization_id,
        &row.id,
        &row.method,
        row.meters,
        row.odometer_start,
        row.odometer_end,
        &row.reason,
        &row.changed_by,
        row.version
    )
}
