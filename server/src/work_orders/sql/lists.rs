//! Lists of work orders in storage, newest first. The filter that leaves the fewest over leads; the others are looked
//! at row by row.

use super::{WorkOrderRow, orders};
use crate::storage::{AFTER_ALL_IDS, Conn, SqlResult, execute, fetch_all, fetch_in};
use sqlx::FromRow;

/// `listed!("…")`: a page of the organization's orders, in a state, due, open or not.
macro_rules! listed {
    ($organization:literal, $which:literal) => {
        orders!(
            "WHERE ",
            $organization,
            " AND w.id < $2 AND ($3 = '' OR w.state = $3)
                AND ($4 = 9223372036854775807 OR w.resolution_due_at <= $4)
                AND ($5 = '' OR w.is_open = ($5 = 'open'))",
            $which,
            " ORDER BY w.id DESC LIMIT $6"
        )
    };
    ($which:literal) => {
        listed!("w.organization_id = $1", $which)
    };
}

const OPEN: &str = listed!(" AND w.is_open");
const PAST: &str = listed!(" AND NOT w.is_open");
const IN_STATE: &str = listed!(" AND w.state = $7");
const OF_ENGINEER: &str = listed!(" AND w.engineer_id = $7");
const OPEN_OF_ENGINEER: &str = listed!(" AND w.engineer_id = $7 AND w.is_open");
const OF_UNIT: &str = listed!(" AND w.equipment_id = $7");
const OF_CUSTOMER: &str = listed!(" AND w.customer_id = $7");
/// The inner list finds the rows; a cross join is read in the order in which it is written.
const OF_PERSON: &str = listed!(
    "w.organization_id || '' = $1",
    " AND w.id IN (SELECT o.id FROM work_orders o WHERE o.reporter_id = $7
        UNION SELECT o.id FROM customer_members m CROSS JOIN work_orders o
            WHERE o.customer_id = m.customer_id AND m.organization_id = $1 AND m.person_id = $7)"
);
const OPEN_OF_UNIT: &str = orders!("WHERE w.equipment_id = $1 AND w.is_open ORDER BY w.id LIMIT $2");
const BY_ID: &str = orders!("WHERE w.organization_id || '' = ");
const CLAIM: &str = "UPDATE work_orders SET reporter_id = $3 WHERE organization_id = $1 AND contact_phone = $2
    AND reporter_id IS NULL RETURNING id";
const CLAIM_ONE: &str =
    "UPDATE work_orders SET reporter_id = $3 WHERE organization_id = $1 AND id = $2 AND reporter_id IS NULL";
const FORGET_REPORTER: &str = "UPDATE work_orders SET reporter_id = NULL, contact_name = NULL, contact_phone = NULL,
    address = NULL, report_hash = '' WHERE organization_id = $1 AND reporter_id = $2 RETURNING id, equipment_id";
const PLACE: &str = "UPDATE work_orders SET cell = $3 WHERE organization_id = $1 AND id = $2";
const FOLLOW_UNIT: &str = "UPDATE work_orders SET cell = $4 WHERE organization_id || '' = $1 AND equipment_id = $2
    AND (cell IS NULL OR cell = $3)";
const LEAVE: &str = "UPDATE work_orders SET engineer_id = NULL, version = version + 1
    WHERE organization_id = $1 AND engineer_id = $2
    RETURNING id, state, is_open, paused_at, resolution_due_at";
const REOPEN: &str = "UPDATE work_orders SET state = 'reopened', is_waiting = TRUE, paused_at = NULL,
    paused_until = NULL, resolution_due_at = $3, updated_at = $4 WHERE organization_id = $1 AND id = $2";

/// Which orders.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<String>,
    pub open: Option<bool>,
    /// Due until then (UTC epoch milliseconds).
    pub due_before: Option<i64>,
    pub lead: Lead,
}

/// What leaves the fewest over.
#[derive(Clone, Debug, Default)]
pub enum Lead {
    /// Nothing in particular.
    #[default]
    None,
    /// An engineer's.
    Engineer(String),
    /// A unit's.
    Unit(String),
    /// A customer's.
    Customer(String),
    /// What a person reported, or the companies that they joined.
    Person(String),
}

/// A page of orders whose ids are less than `after`; from the newest where that is empty.
pub async fn page(
    conn: &mut Conn,
    organization: &str,
    filter: &Filter,
    after: &str,
    limit: i64,
) -> SqlResult<Vec<WorkOrderRow>> {
    let state = filter.state.as_deref().unwrap_or_default();
    let due = filter.due_before.unwrap_or(i64::MAX);
    let open = match filter.open {
        None => "",
        Some(true) => "open",
        Some(false) => "closed",
    };
    let after = if after.is_empty() { AFTER_ALL_IDS } else { after };
    let (sql, lead) = match (&filter.lead, &filter.state) {
        (Lead::Engineer(id), _) if filter.open == Some(true) => (OPEN_OF_ENGINEER, id),
        (Lead::Engineer(id), _) => (OF_ENGINEER, id),
        (Lead::Unit(id), _) => (OF_UNIT, id),
        (Lead::Customer(id), _) => (OF_CUSTOMER, id),
        (Lead::Person(id), _) => (OF_PERSON, id),
        (Lead::None, Some(state)) => (IN_STATE, state),
        (Lead::None, None) => {
            // Each half has an index in the order of the ids.
            let mut rows: Vec<WorkOrderRow> = Vec::new();
            if filter.open != Some(false) {
                rows.extend(fetch_all!(&mut *conn, WorkOrderRow, OPEN, organization, after, state, due, open, limit)?);
            }
            if filter.open != Some(true) {
                rows.extend(fetch_all!(conn, WorkOrderRow, PAST, organization, after, state, due, open, limit)?);
            }
            rows.sort_by(|one, other| other.id.cmp(&one.id));
            rows.truncate(usize::try_from(limit).unwrap_or_default());
            return Ok(rows);
        }
    };
    fetch_all!(conn, WorkOrderRow, sql, organization, after, state, due, open, limit, lead)
}

/// The oldest of the unit that are open.
pub async fn open_of_unit(conn: &mut Conn, equipment_id: &str, limit: i64) -> SqlResult<Vec<WorkOrderRow>> {
    fetch_all!(conn, WorkOrderRow, OPEN_OF_UNIT, equipment_id, limit)
}

/// The orders of a unit that were where the unit was, or nowhere, are now where it is; also those that are done, because
/// they may be opened again.
pub async fn follow_unit(
    conn: &mut Conn,
    organization_id: &str,
    equipment_id: &str,
    from: Option<i64>,
    to: Option<i64>,
) -> SqlResult<u64> {
    execute!(conn, FOLLOW_UNIT, organization_id, equipment_id, from, to)
}

/// The waiting ones among these.
pub async fn waiting_by_id(conn: &mut Conn, organization_id: &str, ids: &[&str]) -> SqlResult<Vec<WorkOrderRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    fetch_in!(conn, WorkOrderRow, BY_ID, organization_id, " AND w.is_waiting = ", true, " AND w.id IN ", ids)
}

/// Gives the person the orders that somebody reported with this phone number without logging in; answers which.
pub async fn claim_by_phone(
    conn: &mut Conn,
    organization_id: &str,
    phone: &str,
    person_id: &str,
) -> SqlResult<Vec<String>> {
    let claimed: Vec<(String,)> = fetch_all!(conn, (String,), CLAIM, organization_id, phone, person_id)?;
    Ok(claimed.into_iter().map(|(id,)| id).collect())
}

/// Gives the person one order that is nobody's yet.
pub async fn claim(conn: &mut Conn, organization_id: &str, id: &str, person_id: &str) -> SqlResult<bool> {
    Ok(execute!(conn, CLAIM_ONE, organization_id, id, person_id)? == 1)
}

/// Forgets who reported; answers the orders with their units.
pub async fn forget_reporter(
    conn: &mut Conn,
    organization_id: &str,
    person_id: &str,
) -> SqlResult<Vec<(String, String)>> {
    fetch_all!(conn, (String, String), FORGET_REPORTER, organization_id, person_id)
}

/// Says where an order is.
pub async fn place(conn: &mut Conn, organization_id: &str, id: &str, cell: Option<i64>) -> SqlResult<u64> {
    execute!(conn, PLACE, organization_id, id, cell)
}

/// An order whose engineer has left it.
#[derive(FromRow)]
pub struct LeftOrder {
    pub id: String,
    pub state: String,
    pub is_open: bool,
    pub paused_at: Option<i64>,
    pub resolution_due_at: Option<i64>,
}

/// Takes an engineer off all orders.
pub async fn leave(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<Vec<LeftOrder>> {
    fetch_all!(conn, LeftOrder, LEAVE, organization_id, person_id)
}

/// Puts an order that its engineer has left back on the list.
pub async fn reopen(
    conn: &mut Conn,
    organization_id: &str,
    id: &str,
    resolution_due_at: Option<i64>,
    now: i64,
) -> SqlResult<u64> {
    execute!(conn, REOPEN, organization_id, id, resolution_due_at, now)
}
