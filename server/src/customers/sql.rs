//! Customers and their members in storage.

use crate::people::sql::PersonRow;
use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_in, fetch_optional};
use sqlx::FromRow;

const INSERT: &str = "INSERT INTO customers (id, organization_id, name, created_at) VALUES ($1, $2, $3, $4)";
const RENAME: &str = "UPDATE customers SET name = $3 WHERE organization_id = $1 AND id = $2";
const FIND: &str = "SELECT id, organization_id, name, created_at FROM customers WHERE organization_id = $1 AND id = $2";
const PAGE: &str = "SELECT id, organization_id, name, created_at FROM customers
    WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3";
const ALL: &str = "SELECT id, organization_id, name, created_at FROM customers WHERE organization_id = $1";
const BY_IDS: &str = "SELECT id, organization_id, name, created_at FROM customers WHERE organization_id || '' = ";
const JOIN: &str = "INSERT INTO customer_members (customer_id, organization_id, person_id, joined_at)
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const DISMISS: &str = "DELETE FROM customer_members WHERE organization_id = $1 AND customer_id = $2 AND person_id = $3";
const LEAVE_ALL: &str = "DELETE FROM customer_members WHERE organization_id = $1 AND person_id = $2";
const OF_PERSON: &str = "SELECT c.id, c.organization_id, c.name, c.created_at FROM customer_members m
    JOIN customers c ON c.id = m.customer_id WHERE m.organization_id = $1 AND m.person_id = $2 ORDER BY c.id";
const MEMBERS: &str = "SELECT p.id, p.name, p.phone, p.userid, p.created_at, p.deleted_at FROM customer_members m
    JOIN persons p ON p.id = m.person_id
    WHERE m.organization_id || '' = $1 AND m.customer_id = $2 AND m.person_id > $3 ORDER BY m.person_id LIMIT $4";

/// A customer.
#[derive(Clone, Debug, FromRow)]
pub struct CustomerRow {
    /// Its id.
    pub id: String,
    /// Whose customer it is.
    pub organization_id: String,
    /// Its name, unique within the organization.
    pub name: String,
    /// When it was made (UTC epoch milliseconds).
    pub created_at: i64,
}

pub async fn insert(conn: &mut Conn, row: &CustomerRow) -> SqlResult<u64> {
    execute!(conn, INSERT, &row.id, &row.organization_id, &row.name, row.created_at)
}

pub async fn rename(conn: &mut Conn, row: &CustomerRow) -> SqlResult<u64> {
    execute!(conn, RENAME, &row.organization_id, &row.id, &row.name)
}

pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<CustomerRow>> {
    fetch_optional!(conn, CustomerRow, FIND, organization_id, id)
}

pub async fn page(conn: &mut Conn, organization_id: &str, after: &str, limit: i64) -> SqlResult<Vec<CustomerRow>> {
    fetch_all!(conn, CustomerRow, PAGE, organization_id, after, limit)
}

/// All of them, for an import that names customers.
pub async fn all(conn: &mut Conn, organization_id: &str) -> SqlResult<Vec<CustomerRow>> {
    fetch_all!(conn, CustomerRow, ALL, organization_id)
}

/// Customers by their ids, in no order; at most 30,000.
pub async fn by_ids(conn: &mut Conn, organization_id: &str, ids: &[&str]) -> SqlResult<Vec<CustomerRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    fetch_in!(conn, CustomerRow, BY_IDS, organization_id, " AND id > ", "", " AND id IN ", ids)
}

/// Says whether the person is new there.
pub async fn join(
    conn: &mut Conn,
    organization_id: &str,
    customer_id: &str,
    person_id: &str,
    now: i64,
) -> SqlResult<bool> {
    Ok(execute!(conn, JOIN, customer_id, organization_id, person_id, now)? == 1)
}

/// Says whether the person was a member.
pub async fn dismiss(conn: &mut Conn, organization_id: &str, customer_id: &str, person_id: &str) -> SqlResult<bool> {
    Ok(execute!(conn, DISMISS, organization_id, customer_id, person_id)? == 1)
}

pub async fn leave_all(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<u64> {
    execute!(conn, LEAVE_ALL, organization_id, person_id)
}

pub async fn of_person(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<Vec<CustomerRow>> {
    fetch_all!(conn, CustomerRow, OF_PERSON, organization_id, person_id)
}

pub async fn members(
    conn: &mut Conn,
    organization_id: &str,
    customer_id: &str,
    after: &str,
    limit: i64,
) -> SqlResult<Vec<PersonRow>> {
    fetch_all!(conn, PersonRow, MEMBERS, organization_id, customer_id, after, limit)
}
