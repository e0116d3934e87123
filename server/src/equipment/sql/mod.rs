//! Units in storage.

pub mod import;
pub mod registrations;

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_in, fetch_optional};
use paifang_core::position::Position;
use paifang_core::text::folded_name;
use sqlx::FromRow;

macro_rules! select {
    ($condition:literal) => {
        select!("retired_at IS NULL AND ", $condition)
    };
    ($in_use:literal, $condition:literal) => {
        concat!(
            "SELECT id, organization_id, code, serial_number, model, customer_id, site, address, position_lat_e6,
                position_lng_e6, warranty_until, version, created_at, updated_at, retired_at
            FROM equipment WHERE ",
            $in_use,
            $condition
        )
    };
}
pub(super) use select;

const UPDATE: &str = "UPDATE equipment SET serial_number = $4, serial_folded = $5, search_folded = $6, model = $7,
    customer_id = $8, site = $9, address = $10, position_lat_e6 = $11, position_lng_e6 = $12, warranty_until = $13,
    version = version + 1, updated_at = $14
    WHERE organization_id = $1 AND id = $2 AND version = $3 AND retired_at IS NULL";
const RETIRE: &str = "UPDATE equipment SET retired_at = $3, updated_at = $3, version = version + 1
    WHERE organization_id = $1 AND id = $2 AND retired_at IS NULL";
const FIND: &str = select!("organization_id = $1 AND id = $2");
const BY_CODE: &str = select!("", "code = $1");
const BY_SERIAL: &str = select!("organization_id = $1 AND serial_folded = $2");
const BY_IDS: &str = select!("organization_id || '' = ");
const PAGE: &str =
    select!("organization_id = $1 AND id > $2 AND ($3 = '' OR search_folded LIKE $3 ESCAPE '\\') ORDER BY id LIMIT $4");
const OF_CUSTOMER: &str = select!(
    "organization_id || '' = $1 AND id > $2 AND ($3 = '' OR search_folded LIKE $3 ESCAPE '\\')
        AND customer_id = $5 ORDER BY id LIMIT $4"
);

/// A unit.
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
    /// When it went out of use (UTC epoch milliseconds), where it has.
    pub retired_at: Option<i64>,
}

impl EquipmentRow {
    /// Where it stands.
    pub fn position(&self) -> Option<Position> {
        Position::from_e6(self.position_lat_e6?, self.position_lng_e6?)
    }

    /// What a search looks through.
    fn search_folded(&self) -> String {
        let texts = [Some(&self.serial_number), Some(&self.model), self.site.as_ref(), self.address.as_ref()];
        let texts: Vec<_> = texts.into_iter().flatten().map(|text| folded_name(text)).collect();
        texts.join("\n")
    }
}

/// The form in which serial numbers are compared: people leave out spaces, and mix up upper and lower case.
pub fn folded_serial(serial_number: &str) -> String {
    folded_name(serial_number)
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
        row.search_folded(),
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

/// By the code on its label, also where it is retired.
pub async fn find_by_code(conn: &mut Conn, code: &str) -> SqlResult<Option<EquipmentRow>> {
    fetch_optional!(conn, EquipmentRow, BY_CODE, code)
}

/// By a serial number, however it is spaced and capitalized.
pub async fn find_by_serial(conn: &mut Conn, organization_id: &str, serial: &str) -> SqlResult<Option<EquipmentRow>> {
    fetch_optional!(conn, EquipmentRow, BY_SERIAL, organization_id, folded_serial(serial))
}

/// Units by their ids, in no order; at most 30,000.
pub async fn by_ids(conn: &mut Conn, organization_id: &str, ids: &[&str]) -> SqlResult<Vec<EquipmentRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    fetch_in!(conn, EquipmentRow, BY_IDS, organization_id, " AND id > ", "", " AND id IN ", ids)
}

/// What a list is narrowed to; empty texts narrow nothing.
#[derive(Default)]
pub struct Filter<'a> {
    /// A part of the serial number, the model, the site or the address.
    pub search: &'a str,
    /// The customer that has the unit.
    pub customer_id: &'a str,
}

pub async fn page(
    conn: &mut Conn,
    organization_id: &str,
    filter: &Filter<'_>,
    after: &str,
    limit: i64,
) -> SqlResult<Vec<EquipmentRow>> {
    let search = folded_name(filter.search);
    let pattern = match search.as_str() {
        "" => String::new(),
        search => format!("%{}%", search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")),
    };
    match filter.customer_id {
        "" => fetch_all!(conn, EquipmentRow, PAGE, organization_id, after, pattern, limit),
        customer => fetch_all!(conn, EquipmentRow, OF_CUSTOMER, organization_id, after, pattern, limit, customer),
    }
}
