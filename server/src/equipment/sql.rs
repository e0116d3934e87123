//! Units in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_optional};
use paifang_core::position::Position;
use sqlx::FromRow;

const INSERT: &str = "INSERT INTO equipment
    (id, organization_id, code, serial_number, serial_folded, model, customer_id, site, address, position_lat_e6,
        position_lng_e6, warranty_until, version, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)";
const UPDATE: &str = "UPDATE equipment SET serial_number = $4, serial_folded = $5, model = $6, customer_id = $7,
    site = $8, address = $9, position_lat_e6 = $10, position_lng_e6 = $11, warranty_until = $12, version = version + 1,
    updated_at = $13 WHERE organization_id = $1 AND id = $2 AND version = $3 AND retired_at IS NULL";
const RETIRE: &str = "UPDATE equipment SET retired_at = $3, updated_at = $3, version = version + 1
    WHERE organization_id = $1 AND id = $2 AND retired_at IS NULL";
const FIND: &str = "SELECT id, organization_id, code, serial_number, model, customer_id, site, address, position_lat_e6,
    position_lng_e6, warranty_until, version, created_at, updated_at FROM equipment
    WHERE organization_id = $1 AND id = $2 AND retired_at IS NULL";
const BY_CODE: &str = "SELECT id, organization_id, code, serial_number, model, customer_id, site, address,
    position_lat_e6, position_lng_e6, warranty_until, version, created_at, updated_at FROM equipment
    WHERE code = $1 AND retired_at IS NULL";
const BY_SERIAL: &str = "SELECT id, organization_id, code, serial_number, model, customer_id, site, address,
    position_lat_e6, position_lng_e6, warranty_until, version, created_at, updated_at FROM equipment
    WHERE organization_id = $1 AND serial_folded = $2 AND retired_at IS NULL";

/// A unit that is in use.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct EquipmentRow {
    /// Its id.
    pub id: String,
    /// Whose it is to serve.
    pub organization_id: String,
    /// What its label says: a short base62 name.
    pub code: String,
    /// The maker's number of it, as it was written; unique within the organization.
    pub serial_number: String,
    /// What it is.
    pub model: String,
    /// The customer that has it.
    pub customer_id: Option<String>,
    /// Where it stands, in the customer's words.
    pub site: Option<String>,
    /// The postal address of the site.
    pub address: Option<String>,
    /// Millionths of a degree north (GCJ-02).
    pub position_lat_e6: Option<i64>,
    /// Millionths of a degree east (GCJ-02).
    pub position_lng_e6: Option<i64>,
    /// The last day of the warranty (ISO 8601).
    pub warranty_until: Option<String>,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it was made (UTC epoch milliseconds).
    pub created_at: i64,
    /// When it was changed last (UTC epoch milliseconds).
    pub updated_at: i64,
}

impl EquipmentRow {
    /// Where it stands.
    pub fn position(&self) -> Option<Position> {
        Position::from_e6(self.position_lat_e6?, self.position_lng_e6?)
    }
}

/// The form in which serial numbers are compared: people leave out spaces and mix up upper and lower case.
pub fn folded_serial(serial_number: &str) -> String {
    paifang_core::text::folded_name(serial_number)
}

pub async fn insert(conn: &mut Conn, row: &EquipmentRow) -> SqlResult<u64> {
    execute!(
        conn,
        INSERT,
        &row.id,
        &row.organization_id,
        &row.code,
        &row.serial_number,
        folded_serial(&row.serial_number),
        &row.model,
        &row.customer_id,
        &row.site,
        &row.address,
        row.position_lat_e6,
        row.position_lng_e6,
        &row.warranty_until,
        row.version,
        row.created_at
    )
}

/// Writes what changed since `version`; false when somebody else was faster.
pub async fn update(conn: &mut Conn, row: &EquipmentRow, version: i64, now: i64) -> SqlResult<bool> {
    let changed = execute!(
        conn,
        UPDATE,
        &row.organization_id,
        &row.id,
        version,
        &row.serial_number,
        folded_serial(&row.serial_number),
        &row.model,
        &row.customer_id,
        &row.site,
        &row.address,
        row.position_lat_e6,
        row.position_lng_e6,
        &row.warranty_until,
        now
    )?;
    Ok(changed == 1)
}

/// Says whether it was in use.
pub async fn retire(conn: &mut Conn, organization_id: &str, id: &str, now: i64) -> SqlResult<bool> {
    Ok(execute!(conn, RETIRE, organization_id, id, now)? == 1)
}

pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<EquipmentRow>> {
    fetch_optional!(conn, EquipmentRow, FIND, organization_id, id)
}

pub async fn find_by_code(conn: &mut Conn, code: &str) -> SqlResult<Option<EquipmentRow>> {
    fetch_optional!(conn, EquipmentRow, BY_CODE, code)
}

/// By a serial number, however it is spaced and capitalized.
pub async fn find_by_serial(conn: &mut Conn, organization_id: &str, serial: &str) -> SqlResult<Option<EquipmentRow>> {
    fetch_optional!(conn, EquipmentRow, BY_SERIAL, organization_id, folded_serial(serial))
}
