//! What a person knows of the organization's customers and units, which says how much of an order they see.

use crate::storage::{Conn, SqlResult, fetch_all};

const KNOWN: &str = "SELECT customer_id AS id, TRUE AS is_customer FROM customer_members
        WHERE organization_id = $1 AND person_id = $2
    UNION ALL SELECT equipment_id AS id, FALSE AS is_customer FROM equipment_registrations
        WHERE organization_id = $1 AND person_id = $2 AND status = 'verified'";

/// The ids of the customers of which the person is a member, and of the units whose registration was verified.
pub async fn of_person(
    conn: &mut Conn,
    organization_id: &str,
    person_id: &str,
) -> SqlResult<(Vec<String>, Vec<String>)> {
    let rows: Vec<(String, bool)> = fetch_all!(conn, (String, bool), KNOWN, organization_id, person_id)?;
    let (customers, units): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, is_customer)| *is_customer);
    let ids = |rows: Vec<(String, bool)>| rows.into_iter().map(|(id, _)| id).collect();
    Ok((ids(customers), ids(units)))
}
