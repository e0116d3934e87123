//! Lists of work orders in storage, newest first. The filter that leaves the fewest over leads; the others are looked
//! at row by row.

use super::{WorkOrderRow, orders};
use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_in};

/// `listed!("…")`: a page of the organization's orders, in a state, due, open or not.
macro_rules! listed {
    ($which:literal) => {
        orders!(
            "WHERE w.organization_id = $1 AND ($2 = '' OR w.id < $2) AND ($3 = '' OR w.state = $3)
                AND ($4 = 9223372036854775807 OR w.resolution_due_at <= $4)
                AND ($5 = '' OR w.is_open = ($5 = 'open'))",
            $which,
            " ORDER BY w.id DESC LIMIT $6"
        )
    };
}

const ALL: &str = listed!("");
const OPEN: &str = listed!(" AND w.is_open");
const IN_STATE: &str = listed!(" AND w.state = $7");
const OF_ENGINEER: &str = listed!(" AND w.engineer_id = $7");
const OF_UNIT: &str = listed!(" AND w.equipment_id = $7");
const OF_CUSTOMER: &str = listed!(" AND w.customer_id = $7");
const OF_PERSON: &str = listed!(
    " AND w.id IN (SELECT o.id FROM work_orders o WHERE o.reporter_id = $7
        UNION SELECT o.id FROM work_orders o JOIN customer_members m ON m.customer_id = o.customer_id
            WHERE m.person_id = $7)"
);
const OPEN_OF_UNIT: &str = orders!("WHERE w.equipment_id = $1 AND w.is_open ORDER BY w.id");
const BY_ID: &str = orders!("WHERE w.organization_id || '' = ");
const CLAIM: &str = "UPDATE work_orders SET reporter_id = $3 WHERE organization_id = $1 AND contact_phone = $2
    AND reporter_id IS NULL RETURNING id";
const CLAIM_ONE: &str =
    "UPDATE work_orders SET reporter_id = $3 WHERE organization_id = $1 AND id = $2 AND reporter_id IS NULL";
const FORGET_REPORTER: &str = "UPDATE work_orders SET reporter_id = NULL, contact_name = NULL, contact_phone = NULL,
    address = NULL WHERE organization_id = $1 AND reporter_id = $2";
const LEAVE: &str = "UPDATE work_orders SET engineer_id = NULL, version = version + 1
    WHERE organization_id = $1 AND engineer_id = $2 RETURNING id, state, is_open";
const REOPEN: &str = "UPDATE work_orders SET state = 'reopened', is_waiting = TRUE, paused_at = NULL,
    paused_until = NULL, updated_at = $3 WHERE organization_id = $1 AND id = $2";

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

/// A page of orders whose ids are less than `after`; all where that is empty.
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
    let (sql, lead) = match (&filter.lead, &filter.state) {
        (Lead::Engineer(id), _) => (OF_ENGINEER, id),
        (Lead::Unit(id), _) => (OF_UNIT, id),
        (Lead::Customer(id), _) => (OF_CUSTOMER, id),
        (Lead::Person(id), _) => (OF_PERSON, id),
        (Lead::None, Some(state)) => (IN_STATE, state),
        (Lead::None, None) => {
            let sql = if filter.open == Some(true) { OPEN } else { ALL };
            return fetch_all!(conn, WorkOrderRow, sql, organization, after, state, due, open, limit);
        }
    };
    fetch_all!(conn, WorkOrderRow, sql, organization, after, state, due, open, limit, lead)
}

pub async fn open_of_unit(conn: &mut Conn, equipment_id: &str) -> SqlResult<Vec<WorkOrderRow>> {
    fetch_all!(conn, WorkOrderRow, OPEN_OF_UNIT, equipment_id)
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

/// Forgets who reported.
pub async fn forget_reporter(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<u64> {
    execute!(conn, FORGET_REPORTER, organization_id, person_id)
}

/// Takes an engineer off all orders; answers the open ones with their states.
pub async fn leave(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<Vec<(String, String)>> {
    let left: Vec<(String, String, bool)> =
        fetch_all!(conn, (String, String, bool), LEAVE, organization_id, person_id)?;
    Ok(left.into_iter().filter_map(|(id, state, is_open)| is_open.then_some((id, state))).collect())
}

/// Puts an order that its engineer has left back on the list.
pub async fn reopen(conn: &mut Conn, organization_id: &str, id: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, REOPEN, organization_id, id, now)
}
