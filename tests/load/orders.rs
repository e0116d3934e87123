//! Units and waiting orders in bulk, written straight into the database: going through the API would take hours.

use std::fmt::Write;

/// A unit under names that its number tells.
pub struct Unit {
    pub id: String,
    pub code: String,
    serial: String,
}

impl Unit {
    /// The unit of that number.
    pub fn new(number: usize) -> Self {
        Self {
            id: format!("00000000-0000-7000-8000-{number:012}"),
            code: format!("u{number:09}"),
            serial: format!("SN{number:09}"),
        }
    }
}

/// The statement that writes units, the same for SQLite and PostgreSQL.
pub fn insert_units(organization: &str, units: &[Unit]) -> String {
    let mut sql =
        "INSERT INTO equipment (id, organization_id, code, serial_number, serial_folded, search_folded, model,
        site, address, version, created_at, updated_at) VALUES "
            .to_owned();
    for (number, Unit { id, code, serial }) in units.iter().enumerate() {
        let comma = if number == 0 { "" } else { ", " };
        write!(
            sql,
            "{comma}('{id}', '{organization}', '{code}', '{serial}', '{serial}', '{serial} ls-300', 'LS-300', '一号机房',
            '上海市浦东新区世纪大道100号', 1, 1, 1)"
        )
        .expect("a string");
    }
    sql
}

/// A waiting order of the unit with the same number.
pub struct Order {
    pub number: usize,
    pub cell: Option<i64>,
    pub state: &'static str,
    pub skill: Option<&'static str>,
    /// UTC epoch milliseconds.
    pub due_at: Option<i64>,
}

/// The statement that writes waiting orders, the same for SQLite and PostgreSQL.
pub fn insert_orders(organization: &str, orders: &[Order]) -> String {
    let mut sql = "INSERT INTO work_orders (id, organization_id, number, draft_id, report_hash, follow_code,
        equipment_id, contact_name, contact_phone, fault_type, text, content_check, is_open, is_waiting, is_separate,
        version, submitted_at, updated_at, cell, state, skill, resolution_due_at) VALUES "
        .to_owned();
    for (place, Order { number, cell, state, skill, due_at }) in orders.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        let or_null = |value: Option<i64>| value.map_or("NULL".to_owned(), |value| value.to_string());
        let (cell, due_at) = (or_null(*cell), or_null(*due_at));
        let skill = skill.map_or("NULL".to_owned(), |skill| format!("'{skill}'"));
        let (unit, hash) = (Unit::new(*number).id, "0123456789abcdef".repeat(4));
        write!(
            sql,
            "{comma}('10000000-0000-7000-8000-{number:012}', '{organization}', '261121-{number:07}',
            'draft{number:027}', '{hash}', 'f{number:021}', '{unit}', '王师傅', '13800138000', 'no_power',
            '按下电源键后没有任何反应', 'unchecked', TRUE, TRUE, FALSE, 1, 1, 1, {cell}, '{state}', {skill}, {due_at})"
        )
        .expect("a string");
    }
    sql
}
