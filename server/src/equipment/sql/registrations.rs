//! Registrations in storage: who says to have a unit, and where.

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_optional};
use paifang_core::position::Position;
use sqlx::FromRow;

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT r.id, r.organization_id, r.equipment_id, r.person_id, r.address, r.position_lat_e6,
                r.position_lng_e6, r.accuracy_meters, r.status, r.version, r.reason, r.created_at, r.updated_at
            FROM equipment_registrations r JOIN equipment e ON e.id = r.equipment_id AND e.retired_at IS NULL
            WHERE ",
            $condition
        )
    };
}

const INSERT: &str = "INSERT INTO equipment_registrations (id, organization_id, equipment_id, person_id, address,
        position_lat_e6, position_lng_e6, accuracy_meters, status, version, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) ON CONFLICT (equipment_id, person_id) DO NOTHING";
const UPDATE: &str = "UPDATE equipment_registrations SET address = $4, position_lat_e6 = $5, position_lng_e6 = $6,
        accuracy_meters = $7, status = $8, reason = $9, decided_by = $10, decided_at = $11, version = version + 1,
        updated_at = $12
    WHERE organization_id = $1 AND id = $2 AND version = $3";
const FIND: &str = select!("r.organization_id = $1 AND r.id = $2");
const OF_UNIT: &str = select!("r.organization_id = $1 AND r.person_id = $2 AND r.equipment_id = $3");
const OF_PERSON: &str = select!("r.organization_id = $1 AND r.person_id = $2 AND r.id > $3 ORDER BY r.id LIMIT $4");
const PAGE: &str = select!("r.organization_id = $1 AND r.id > $2 ORDER BY r.id LIMIT $3");
const IN_STATUS: &str = select!("r.organization_id = $1 AND r.id > $2 AND r.status = $4 ORDER BY r.id LIMIT $3");
const FORGET: &str = "DELETE FROM equipment_registrations WHERE organization_id = $1 AND person_id = $2";

/// That a person has a unit.
#[derive(Clone, Debug, FromRow)]
pub struct RegistrationRow {
    /// Its id.
    pub id: String,
    /// The organization.
    pub organization_id: String,
    /// The unit.
    pub equipment_id: String,
    /// Who says so.
    pub person_id: String,
    /// Where the unit stands, as the person wrote it.
    pub address: Option<String>,
    /// Millionths of a degree north (GCJ-02).
    pub position_lat_e6: Option<i64>,
    /// Millionths of a degree east (GCJ-02).
    pub position_lng_e6: Option<i64>,
    /// How far off the position may be.
    pub accuracy_meters: Option<i64>,
    /// `pending`, `verified` or `rejected`.
    pub status: String,
    /// Counts its changes, from 1.
    pub version: i64,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it was made (UTC epoch milliseconds).
    pub created_at: i64,
    /// When it was changed last (UTC epoch milliseconds).
    pub updated_at: i64,
}

impl RegistrationRow {
    /// Where the person says that the unit stands.
    pub fn position(&self) -> Option<Position> {
        Position::from_e6(self.position_lat_e6?, self.position_lng_e6?)
    }
}

/// Who decided on a registration, and when (UTC epoch milliseconds).
pub struct Decided<'a> {
    pub by: &'a str,
    pub at: i64,
}

/// Adds a registration; false when the person has registered the unit before.
pub async fn insert(conn: &mut Conn, row: &RegistrationRow) -> SqlResult<bool> {
    let added = execute!(
        conn,
        INSERT,
        &row.id,
        &row.organization_id,
        &row.equipment_id,
        &row.person_id,
        &row.address,
        row.position_lat_e6,
        row.position_lng_e6,
        row.accuracy_meters,
        &row.status,
        row.version,
        row.created_at
    )?;
    Ok(added == 1)
}

/// Writes what changed since the row's version; false when somebody else was faster.
pub async fn update(
    conn: &mut Conn,
    row: &RegistrationRow,
    decided: Option<&Decided<'_>>,
    now: i64,
) -> SqlResult<bool> {
    let changed = execute!(
        conn,
        UPDATE,
        &row.organization_id,
        &row.id,
        row.version,
        &row.address,
        row.position_lat_e6,
        row.position_lng_e6,
        row.accuracy_meters,
        &row.status,
        &row.reason,
        decided.map(|decided| decided.by),
        decided.map(|decided| decided.at),
        now
    )?;
    Ok(changed == 1)
}

pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<RegistrationRow>> {
    fetch_optional!(conn, RegistrationRow, FIND, organization_id, id)
}

/// What a person registered of one unit.
pub async fn of_unit(
    conn: &mut Conn,
    organization_id: &str,
    person_id: &str,
    equipment_id: &str,
) -> SqlResult<Option<RegistrationRow>> {
    fetch_optional!(conn, RegistrationRow, OF_UNIT, organization_id, person_id, equipment_id)
}

/// What a person registered.
pub async fn of_person(
    conn: &mut Conn,
    organization_id: &str,
    person_id: &str,
    after: &str,
    limit: i64,
) -> SqlResult<Vec<RegistrationRow>> {
    fetch_all!(conn, RegistrationRow, OF_PERSON, organization_id, person_id, after, limit)
}

/// Registrations in one state, or (with an empty `status`) all.
pub async fn page(
    conn: &mut Conn,
    organization_id: &str,
    status: &str,
    after: &str,
    limit: i64,
) -> SqlResult<Vec<RegistrationRow>> {
    match status {
        "" => fetch_all!(conn, RegistrationRow, PAGE, organization_id, after, limit),
        status => fetch_all!(conn, RegistrationRow, IN_STATUS, organization_id, after, limit, status),
    }
}

pub async fn forget(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<u64> {
    execute!(conn, FORGET, organization_id, person_id)
}
