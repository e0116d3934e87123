//! Work orders in storage.

pub mod engineers;
pub mod entries;
pub mod known;
pub mod lists;
pub mod near;
pub mod settings;

use crate::storage::{Conn, SqlResult, execute, fetch_optional};
use paifang_core::position::Position;
use paifang_core::work_order::{State, near::position_of};
use sqlx::FromRow;

/// `orders!("WHERE …")`: the rows of work orders with what is shown of their unit, customer and engineer.
macro_rules! orders {
    ($($rest:literal),+ $(,)?) => {
        concat!(
            "SELECT w.id, w.organization_id, w.number, w.report_hash, w.follow_code, w.equipment_id,
                w.customer_id, w.reporter_id, w.contact_name, w.contact_phone, w.preferred_from, w.preferred_until,
                w.fault_type, w.skill, w.text, w.content_check, w.cell, w.address, w.state, w.is_separate, w.version,
                w.engineer_id, w.response_due_at, w.responded_at, w.resolution_due_at, w.resolved_at, w.paused_at,
                w.paused_until, w.rating, w.comment, w.submitted_at, w.updated_at,
                e.code AS unit_code, e.model AS unit_model, e.serial_number AS unit_serial, e.site AS unit_site,
                e.address AS unit_address, e.position_lat_e6 AS unit_lat_e6, e.position_lng_e6 AS unit_lng_e6,
                c.name AS customer_name, p.name AS engineer_name
            FROM work_orders w JOIN equipment e ON e.id = w.equipment_id
            LEFT JOIN customers c ON c.id = w.customer_id LEFT JOIN persons p ON p.id = w.engineer_id ",
            $($rest),+
        )
    };
}
pub(crate) use orders;

const INSERT: &str = "INSERT INTO work_orders
    (id, organization_id, number, draft_id, report_hash, follow_code, equipment_id, customer_id,
        reporter_id, contact_name, contact_phone, preferred_from, preferred_until, fault_type, skill, text,
        content_check, cell, address, state, is_open, is_waiting, is_separate, version, response_due_at,
        resolution_due_at, submitted_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, TRUE, TRUE,
        $21, 1, $22, $23, $24, $24)
    ON CONFLICT DO NOTHING";
const FIND: &str = orders!("WHERE w.organization_id = $1 AND w.id = $2");
const BY_DRAFT: &str = orders!("WHERE w.organization_id = $1 AND w.draft_id = $2");
const BY_FOLLOW_CODE: &str = orders!("WHERE w.follow_code = $1");
const OPEN_OF_UNIT: &str = orders!("WHERE w.equipment_id = $1 AND w.is_open ORDER BY w.id LIMIT 1");
const BY_NUMBER: &str = orders!("WHERE w.organization_id = $1 AND w.number = $2");
const OF_UNIT_BY_NUMBER: &str = orders!("WHERE w.equipment_id = $1 AND w.number = $2");
const UPDATE: &str = "UPDATE work_orders SET state = $4, is_open = $5, is_waiting = $6, is_separate = $7,
    engineer_id = $8, responded_at = $9, resolution_due_at = $10, resolved_at = $11, paused_at = $12,
    paused_until = $13, rating = $14, comment = $15, updated_at = $16, version = version + 1
    WHERE organization_id = $1 AND id = $2 AND version = $3";
const OTHER_OPEN: &str =
    "SELECT id FROM work_orders WHERE equipment_id = $1 AND is_open AND NOT is_separate AND id <> $2";

/// A work order, with what is shown of its unit, customer and engineer.
#[derive(Clone, Debug, FromRow)]
pub struct WorkOrderRow {
    pub(crate) id: String,
    pub(crate) organization_id: String,
    /// For people: `261121-7KQ2M`.
    pub(crate) number: String,
    /// Hash of the report, to know another one under the same draft.
    pub(crate) report_hash: String,
    /// Whoever has it may follow the order.
    pub(crate) follow_code: String,
    pub(crate) equipment_id: String,
    pub(crate) customer_id: Option<String>,
    pub(crate) reporter_id: Option<String>,
    pub(crate) contact_name: Option<String>,
    pub(crate) contact_phone: Option<String>,
    pub(crate) preferred_from: Option<i64>,
    pub(crate) preferred_until: Option<i64>,
    pub(crate) fault_type: String,
    pub(crate) skill: Option<String>,
    pub(crate) text: String,
    /// `passed`, `review` or `unchecked`.
    pub(crate) content_check: String,
    pub(crate) cell: Option<i64>,
    pub(crate) address: Option<String>,
    pub(crate) state: String,
    pub(crate) is_separate: bool,
    pub(crate) version: i64,
    pub(crate) engineer_id: Option<String>,
    pub(crate) response_due_at: Option<i64>,
    pub(crate) responded_at: Option<i64>,
    pub(crate) resolution_due_at: Option<i64>,
    pub(crate) resolved_at: Option<i64>,
    pub(crate) paused_at: Option<i64>,
    pub(crate) paused_until: Option<i64>,
    pub(crate) rating: Option<i64>,
    pub(crate) comment: Option<String>,
    pub(crate) submitted_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) unit_code: String,
    pub(crate) unit_model: String,
    pub(crate) unit_serial: String,
    pub(crate) unit_site: Option<String>,
    pub(crate) unit_address: Option<String>,
    pub(crate) unit_lat_e6: Option<i64>,
    pub(crate) unit_lng_e6: Option<i64>,
    pub(crate) customer_name: Option<String>,
    pub(crate) engineer_name: Option<String>,
}

impl WorkOrderRow {
    /// Where it stands. Storage holds nothing else than these names.
    pub fn state(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Closed)
    }

    /// Where the work is: as the report says, else where the unit stands.
    pub fn position(&self) -> Option<Position> {
        self.cell.and_then(position_of).or_else(|| self.unit_position())
    }

    /// Where the work is, if that is not just where the unit stands.
    pub fn reported_position(&self) -> Option<Position> {
        self.cell.and_then(position_of).filter(|position| Some(*position) != self.unit_position())
    }

    fn unit_position(&self) -> Option<Position> {
        Position::from_e6(self.unit_lat_e6?, self.unit_lng_e6?)
    }
}

/// A work order to write.
pub struct NewWorkOrder {
    pub(crate) id: String,
    pub(crate) organization_id: String,
    pub(crate) number: String,
    pub(crate) draft_id: String,
    pub(crate) report_hash: String,
    pub(crate) follow_code: String,
    pub(crate) equipment_id: String,
    pub(crate) customer_id: Option<String>,
    pub(crate) reporter_id: Option<String>,
    pub(crate) contact_name: Option<String>,
    pub(crate) contact_phone: Option<String>,
    pub(crate) preferred: Option<(i64, i64)>,
    pub(crate) fault_type: String,
    pub(crate) skill: Option<String>,
    pub(crate) text: String,
    pub(crate) content_check: &'static str,
    pub(crate) cell: Option<i64>,
    pub(crate) address: Option<String>,
    pub(crate) is_separate: bool,
    pub(crate) response_due_at: Option<i64>,
    pub(crate) resolution_due_at: Option<i64>,
    pub(crate) submitted_at: i64,
}

/// Writes it; false where its draft, its number or the unit's open order is there already.
pub async fn insert(conn: &mut Conn, new: &NewWorkOrder) -> SqlResult<bool> {
    let written = execute!(
        conn,
        INSERT,
        &new.id,
        &new.organization_id,
        &new.number,
        &new.draft_id,
        &new.report_hash,
        &new.follow_code,
        &new.equipment_id,
        &new.customer_id,
        &new.reporter_id,
        &new.contact_name,
        &new.contact_phone,
        new.preferred.map(|(from, _)| from),
        new.preferred.map(|(_, until)| until),
        &new.fault_type,
        &new.skill,
        &new.text,
        new.content_check,
        new.cell,
        &new.address,
        State::Submitted.as_str(),
        new.is_separate,
        new.response_due_at,
        new.resolution_due_at,
        new.submitted_at
    )?;
    Ok(written == 1)
}

pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<WorkOrderRow>> {
    fetch_optional!(conn, WorkOrderRow, FIND, organization_id, id)
}

pub async fn by_draft(conn: &mut Conn, organization_id: &str, draft_id: &str) -> SqlResult<Option<WorkOrderRow>> {
    fetch_optional!(conn, WorkOrderRow, BY_DRAFT, organization_id, draft_id)
}

pub async fn by_follow_code(conn: &mut Conn, code: &str) -> SqlResult<Option<WorkOrderRow>> {
    fetch_optional!(conn, WorkOrderRow, BY_FOLLOW_CODE, code)
}

/// The oldest order of the unit that is open.
pub async fn open_of_unit(conn: &mut Conn, equipment_id: &str) -> SqlResult<Option<WorkOrderRow>> {
    fetch_optional!(conn, WorkOrderRow, OPEN_OF_UNIT, equipment_id)
}

pub async fn of_unit_by_number(conn: &mut Conn, equipment_id: &str, number: &str) -> SqlResult<Option<WorkOrderRow>> {
    fetch_optional!(conn, WorkOrderRow, OF_UNIT_BY_NUMBER, equipment_id, number)
}

pub async fn by_number(conn: &mut Conn, organization_id: &str, number: &str) -> SqlResult<Option<WorkOrderRow>> {
    fetch_optional!(conn, WorkOrderRow, BY_NUMBER, organization_id, number)
}

/// Whether another order of the unit is the one that is open.
pub async fn other_is_open(conn: &mut Conn, equipment_id: &str, id: &str) -> SqlResult<bool> {
    let other: Option<(String,)> = fetch_optional!(conn, (String,), OTHER_OPEN, equipment_id, id)?;
    Ok(other.is_some())
}

/// Writes what a move has changed since `row.version`; false when somebody else was faster.
pub async fn update(conn: &mut Conn, row: &WorkOrderRow) -> SqlResult<bool> {
    let state = row.state();
    let changed = execute!(
        conn,
        UPDATE,
        &row.organization_id,
        &row.id,
        row.version,
        state.as_str(),
        state.is_open(),
        state.is_waiting(),
        row.is_separate,
        &row.engineer_id,
        row.responded_at,
        row.resolution_due_at,
        row.resolved_at,
        row.paused_at,
        row.paused_until,
        row.rating,
        &row.comment,
        row.updated_at
    )?;
    Ok(changed == 1)
}
