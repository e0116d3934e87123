//! Events, keys, products and lists in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_one, fetch_optional};
use sqlx::FromRow;

const INSERT_EVENT: &str = "INSERT INTO events
    (id, organization_id, tag, name, starts_at, ends_at, time_zone, offsets, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const FIND_EVENT: &str = "SELECT id, organization_id, tag, name, starts_at, ends_at, time_zone, offsets, created_at
    FROM events WHERE organization_id = $1 AND id = $2";
const LIST_EVENTS: &str = "SELECT id, organization_id, tag, name, starts_at, ends_at, time_zone, offsets, created_at
    FROM events WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3";
const INSERT_KEY: &str = "INSERT INTO event_keys
    (event_id, organization_id, number, public_key, secret_sealed, created_at)
    SELECT $1, $2, COALESCE(MAX(number), 0) + 1, $3, $4, $5 FROM event_keys WHERE event_id = $1 RETURNING number";
const KEYS: &str = "SELECT number, public_key, secret_sealed FROM event_keys WHERE event_id = $1
    ORDER BY number";
const INSERT_PRODUCT: &str = "INSERT INTO products (id, organization_id, event_id, number, name, rotating, created_at)
    SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6 FROM products WHERE event_id = $3";
const PRODUCTS: &str =
    "SELECT id, number, name, rotating, created_at FROM products WHERE organization_id = $1 AND event_id = $2
    ORDER BY number";
const INSERT_LIST: &str = "INSERT INTO check_in_lists (id, organization_id, event_id, name, settings, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const UPDATE_LIST: &str = "UPDATE check_in_lists SET name = $3, settings = $4 WHERE organization_id = $1 AND id = $2";
const FIND_LIST: &str = "SELECT id, event_id, name, settings, created_at FROM check_in_lists
    WHERE organization_id = $1 AND id = $2";
const LISTS: &str = "SELECT id, event_id, name, settings, created_at FROM check_in_lists
    WHERE organization_id = $1 AND event_id = $2 ORDER BY id";

/// An event.
#[derive(Clone, Debug, FromRow)]
pub struct EventRow {
    pub id: String,
    pub organization_id: String,
    pub tag: i64,
    pub name: String,
    pub starts_at: i64,
    pub ends_at: i64,
    pub time_zone: String,
    /// JSON of the zone's offset changes around the event.
    pub offsets: String,
    pub created_at: i64,
}

/// A signing key of an event.
#[derive(FromRow)]
pub struct EventKeyRow {
    pub number: i64,
    pub public_key: String,
    pub secret_sealed: String,
}

/// A product.
#[derive(Clone, Debug, FromRow)]
pub struct ProductRow {
    pub id: String,
    pub number: i64,
    pub name: String,
    /// Its tickets are shown with a proof of the holder's phone that is renewed all the time.
    pub rotating: bool,
    pub created_at: i64,
}

/// A check-in list; `settings` is the JSON of the core's `CheckInList`.
#[derive(FromRow)]
pub struct ListRow {
    pub id: String,
    pub event_id: String,
    pub name: String,
    pub settings: String,
    pub created_at: i64,
}

pub async fn insert_event(conn: &mut Conn, row: &EventRow) -> SqlResult<u64> {
    execute!(
        conn,
        INSERT_EVENT,
        &row.id,
        &row.organization_id,
        row.tag,
        &row.name,
        row.starts_at,
        row.ends_at,
        &row.time_zone,
        &row.offsets,
        row.created_at
    )
}

pub async fn find_event(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<EventRow>> {
    fetch_optional!(conn, EventRow, FIND_EVENT, organization_id, id)
}

pub async fn list_events(conn: &mut Conn, organization_id: &str, after: &str, limit: i64) -> SqlResult<Vec<EventRow>> {
    fetch_all!(conn, EventRow, LIST_EVENTS, organization_id, after, limit)
}

/// Adds a key under the next number.
pub async fn insert_key(
    conn: &mut Conn,
    event: &EventRow,
    public_key: &str,
    secret_sealed: &str,
    now: i64,
) -> SqlResult<i64> {
    let (number,): (i64,) =
        fetch_one!(conn, (i64,), INSERT_KEY, &event.id, &event.organization_id, public_key, secret_sealed, now)?;
    Ok(number)
}

pub async fn keys(conn: &mut Conn, event_id: &str) -> SqlResult<Vec<EventKeyRow>> {
    fetch_all!(conn, EventKeyRow, KEYS, event_id)
}

/// Adds a product under the next number.
pub async fn insert_product(
    conn: &mut Conn,
    event: &EventRow,
    id: &str,
    name: &str,
    rotating: bool,
    now: i64,
) -> SqlResult<u64> {
    execute!(conn, INSERT_PRODUCT, id, &event.organization_id, &event.id, name, rotating, now)
}

pub async fn products(conn: &mut Conn, organization_id: &str, event_id: &str) -> SqlResult<Vec<ProductRow>> {
    fetch_all!(conn, ProductRow, PRODUCTS, organization_id, event_id)
}

pub async fn insert_list(conn: &mut Conn, organization_id: &str, row: &ListRow) -> SqlResult<u64> {
    execute!(conn, INSERT_LIST, &row.id, organization_id, &row.event_id, &row.name, &row.settings, row.created_at)
}

pub async fn update_list(
    conn: &mut Conn,
    organization_id: &str,
    id: &str,
    name: &str,
    settings: &str,
) -> SqlResult<u64> {
    execute!(conn, UPDATE_LIST, organization_id, id, name, settings)
}

pub async fn find_list(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<ListRow>> {
    fetch_optional!(conn, ListRow, FIND_LIST, organization_id, id)
}

pub async fn lists(conn: &mut Conn, organization_id: &str, event_id: &str) -> SqlResult<Vec<ListRow>> {
    fetch_all!(conn, ListRow, LISTS, organization_id, event_id)
}
