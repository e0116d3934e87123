//! Many units at once.

use super::{EquipmentRow, folded_serial, select};
use crate::storage::{Conn, SqlResult, execute_values, fetch_in};

const INSERT: &str = "INSERT INTO equipment (id, organization_id, code, serial_number, serial_folded, search_folded,
    model, customer_id, site, address, position_lat_e6, position_lng_e6, warranty_until, version, created_at,
    updated_at) ";
const BY_SERIALS: &str = select!("organization_id = ");
/// Units that are written with one statement, and serial numbers that are looked for with one.
pub const GROUP: usize = 500;

/// Writes new units, at most [`GROUP`].
pub async fn insert(conn: &mut Conn, rows: &[EquipmentRow]) -> SqlResult<u64> {
    if rows.is_empty() {
        return Ok(0);
    }
    execute_values!(
        conn,
        INSERT,
        rows,
        |row, unit| {
            row.push_bind(&unit.id)
                .push_bind(&unit.organization_id)
                .push_bind(&unit.code)
                .push_bind(&unit.serial_number)
                .push_bind(folded_serial(&unit.serial_number))
                .push_bind(unit.search_folded())
                .push_bind(&unit.model)
                .push_bind(&unit.customer_id)
                .push_bind(&unit.site)
                .push_bind(&unit.address)
                .push_bind(unit.position_lat_e6)
                .push_bind(unit.position_lng_e6)
                .push_bind(&unit.warranty_until)
                .push_bind(unit.version)
                .push_bind(unit.created_at)
                .push_bind(unit.updated_at);
        },
        ""
    )
}

/// Units by their serial numbers in folded form.
pub async fn by_serials(conn: &mut Conn, organization_id: &str, folded: &[&str]) -> SqlResult<Vec<EquipmentRow>> {
    let mut rows: Vec<EquipmentRow> = Vec::new();
    for part in folded.chunks(GROUP) {
        let of_part = fetch_in!(
            &mut *conn,
            EquipmentRow,
            BY_SERIALS,
            organization_id,
            " AND '' = ",
            "",
            " AND serial_folded IN ",
            part
        )?;
        rows.extend(of_part);
    }
    Ok(rows)
}
