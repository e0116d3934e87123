//! Tickets in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_one, fetch_optional};
use sqlx::FromRow;

macro_rules! columns {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " id, event_id, product_id,
            (SELECT p.name FROM products p WHERE p.id = tickets.product_id) AS product_name,
            order_code, reference, position, attendee_name, phone, seat, status, needs_approval, valid_from,
            valid_until, code, short_code, device_key, person_id, claimed_at, last_scanned_at, created_at ",
            $after
        )
    };
}

const INSERT: &str = "INSERT INTO tickets (id, organization_id, event_id, product_id, order_code, reference, position,
        attendee_name, name_folded, phone, seat, status, needs_approval, valid_from, valid_until, code, short_code,
        created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)";
const UPDATE: &str = "UPDATE tickets SET product_id = $3, attendee_name = $4, name_folded = $5, phone = $6, seat = $7,
        status = $8, needs_approval = $9, valid_from = $10, valid_until = $11, code = $12, device_key = $13, updated_at = $14
    WHERE organization_id = $1 AND id = $2";
const NEXT_POSITION: &str =
    "SELECT CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT) FROM tickets WHERE event_id = $1 AND order_code = $2";
const FIND: &str = columns!("SELECT", "FROM tickets WHERE organization_id = $1 AND id = $2");
const LOCK: &str =
    columns!("UPDATE tickets SET updated_at = updated_at WHERE organization_id = $1 AND id = $2 RETURNING", "");
const SCAN_BY_ID: &str = columns!(
    "UPDATE tickets SET last_scanned_at = $4 WHERE organization_id = $1 AND event_id = $2 AND id = $3 RETURNING",
    ""
);
const SCAN_BY_SHORT_CODE: &str = columns!(
    "UPDATE tickets SET last_scanned_at = $4
    WHERE organization_id = $1 AND event_id = $2 AND short_code = $3 RETURNING",
    ""
);
const FIRST_OF_ORDER: &str = "SELECT o.id FROM tickets t JOIN tickets o
        ON o.event_id = t.event_id AND o.order_code = t.order_code
    WHERE t.organization_id = $1 AND t.event_id = $2 AND (t.id = $3 OR t.short_code = $3)
    ORDER BY o.position LIMIT 1";
const SCAN_ORDER: &str = columns!(
    "UPDATE tickets SET last_scanned_at = $4 WHERE organization_id = $1 AND event_id = $2 AND order_code = $3 RETURNING",
    ""
);
const OF_EVENT: &str = columns!("SELECT", "FROM tickets WHERE organization_id = $1 AND event_id = $2 ORDER BY id");
const OF_PERSON: &str = columns!("SELECT", "FROM tickets WHERE organization_id = $1 AND person_id = $2 ORDER BY id");
const OF_ORDER: &str = columns!(
    "SELECT",
    "FROM tickets WHERE organization_id = $1 AND order_code = $2 AND (name_folded = $3 OR phone = $4) ORDER BY id"
);
const OF_PHONE: &str = columns!("SELECT", "FROM tickets WHERE organization_id = $1 AND phone = $2 ORDER BY id");
const RELEASE: &str =
    "UPDATE tickets SET person_id = NULL, claimed_at = NULL WHERE organization_id = $1 AND person_id = $2";
const CLAIM: &str = "UPDATE tickets SET person_id = $3, claimed_at = $4, updated_at = $4
    WHERE organization_id = $1 AND id = $2 AND (person_id IS NULL OR person_id = $3)";
const EXACT: &str = columns!(
    "SELECT",
    "FROM tickets WHERE organization_id = $1 AND event_id = $2 AND (order_code = $3 OR short_code = $4) ORDER BY id LIMIT 50"
);
const SEARCH: &str = columns!(
    "SELECT",
    "FROM tickets WHERE organization_id = $1 AND event_id = $2 AND id > $3
        AND ($4 = '' OR status = $4) AND ($5 = '' OR product_id = $5)
        AND ($6 = '' OR order_code = $7 OR short_code = $8 OR name_folded LIKE $6 ESCAPE '\\')
    ORDER BY id LIMIT $9"
);

/// A ticket.
#[derive(Clone, Debug, FromRow)]
pub struct TicketRow {
    pub id: String,
    pub event_id: String,
    pub product_id: String,
    pub product_name: String,
    pub order_code: String,
    pub reference: Option<String>,
    pub position: i64,
    pub attendee_name: String,
    pub phone: Option<String>,
    pub seat: Option<String>,
    pub status: String,
    pub needs_approval: bool,
    pub valid_from: Option<i64>,
    pub valid_until: Option<i64>,
    pub code: String,
    pub short_code: String,
    /// Public key of the holder's phone (hexadecimal), on a rotating ticket that was claimed.
    pub device_key: Option<String>,
    pub person_id: Option<String>,
    pub claimed_at: Option<i64>,
    pub last_scanned_at: Option<i64>,
    pub created_at: i64,
}

/// How a scanned ticket is found.
pub enum TicketKey<'a> {
    Id(&'a str),
    ShortCode(&'a str),
}

/// What a search asks for; empty texts ask for nothing.
pub struct Search<'a> {
    pub after: &'a str,
    pub status: &'a str,
    pub product_id: &'a str,
    pub name_pattern: &'a str,
    pub order_code: &'a str,
    pub short_code: &'a str,
    pub limit: i64,
}

pub async fn insert(
    conn: &mut Conn,
    organization_id: &str,
    row: &TicketRow,
    name_folded: &str,
    now: i64,
) -> SqlResult<u64> {
    execute!(
        conn,
        INSERT,
        &row.id,
        organization_id,
        &row.event_id,
        &row.product_id,
        &row.order_code,
        &row.reference,
        row.position,
        &row.attendee_name,
        name_folded,
        &row.phone,
        &row.seat,
        &row.status,
        row.needs_approval,
        row.valid_from,
        row.valid_until,
        &row.code,
        &row.short_code,
        now
    )
}

pub async fn update(
    conn: &mut Conn,
    organization_id: &str,
    row: &TicketRow,
    name_folded: &str,
    now: i64,
) -> SqlResult<u64> {
    execute!(
        conn,
        UPDATE,
        organization_id,
        &row.id,
        &row.product_id,
        &row.attendee_name,
        name_folded,
        &row.phone,
        &row.seat,
        &row.status,
        row.needs_approval,
        row.valid_from,
        row.valid_until,
        &row.code,
        &row.device_key,
        now
    )
}

pub async fn next_position(conn: &mut Conn, event_id: &str, order_code: &str) -> SqlResult<i64> {
    let (position,): (i64,) = fetch_one!(conn, (i64,), NEXT_POSITION, event_id, order_code)?;
    Ok(position)
}

pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<TicketRow>> {
    fetch_optional!(conn, TicketRow, FIND, organization_id, id)
}

/// The ticket, locked until the transaction ends.
pub async fn lock(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<TicketRow>> {
    fetch_optional!(conn, TicketRow, LOCK, organization_id, id)
}

/// The scanned ticket, locked until the transaction ends.
pub async fn scan(
    conn: &mut Conn,
    organization_id: &str,
    event_id: &str,
    key: &TicketKey<'_>,
    at: i64,
) -> SqlResult<Option<TicketRow>> {
    match key {
        TicketKey::Id(id) => fetch_optional!(conn, TicketRow, SCAN_BY_ID, organization_id, event_id, *id, at),
        TicketKey::ShortCode(code) => {
            fetch_optional!(conn, TicketRow, SCAN_BY_SHORT_CODE, organization_id, event_id, *code, at)
        }
    }
}

/// All tickets of the scanned one's order, locked until the transaction ends. Its first ticket is locked first, so
/// that two scans of one order queue up instead of waiting for each other.
pub async fn scan_order(
    conn: &mut Conn,
    organization_id: &str,
    event_id: &str,
    key: &TicketKey<'_>,
    at: i64,
) -> SqlResult<Vec<TicketRow>> {
    let (TicketKey::Id(text) | TicketKey::ShortCode(text)) = key;
    let first: Option<(String,)> = fetch_optional!(conn, (String,), FIRST_OF_ORDER, organization_id, event_id, *text)?;
    let Some((first,)) = first else { return Ok(Vec::new()) };
    let first: Option<TicketRow> =
        fetch_optional!(&mut *conn, TicketRow, SCAN_BY_ID, organization_id, event_id, &first, at)?;
    let Some(first) = first else { return Ok(Vec::new()) };
    let mut rows: Vec<TicketRow> =
        fetch_all!(conn, TicketRow, SCAN_ORDER, organization_id, event_id, &first.order_code, at)?;
    rows.sort_by_key(|row| row.position);
    Ok(rows)
}

pub async fn of_event(conn: &mut Conn, organization_id: &str, event_id: &str) -> SqlResult<Vec<TicketRow>> {
    fetch_all!(conn, TicketRow, OF_EVENT, organization_id, event_id)
}

pub async fn of_person(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<Vec<TicketRow>> {
    fetch_all!(conn, TicketRow, OF_PERSON, organization_id, person_id)
}

/// Tickets of an order whose name or phone number is known.
pub async fn of_order(
    conn: &mut Conn,
    organization_id: &str,
    order_code: &str,
    name_folded: &str,
    phone: &str,
) -> SqlResult<Vec<TicketRow>> {
    fetch_all!(conn, TicketRow, OF_ORDER, organization_id, order_code, name_folded, phone)
}

pub async fn of_phone(conn: &mut Conn, organization_id: &str, phone: &str) -> SqlResult<Vec<TicketRow>> {
    fetch_all!(conn, TicketRow, OF_PHONE, organization_id, phone)
}

/// Gives the ticket to a person, unless somebody else has it.
/// Takes from a person the tickets that they carry; the tickets stay.
pub async fn release(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<u64> {
    execute!(conn, RELEASE, organization_id, person_id)
}

pub async fn claim(conn: &mut Conn, organization_id: &str, id: &str, person_id: &str, now: i64) -> SqlResult<bool> {
    Ok(execute!(conn, CLAIM, organization_id, id, person_id, now)? == 1)
}

/// By exact order code or short code.
pub async fn exact(
    conn: &mut Conn,
    organization_id: &str,
    event_id: &str,
    order_code: &str,
    short_code: &str,
) -> SqlResult<Vec<TicketRow>> {
    fetch_all!(conn, TicketRow, EXACT, organization_id, event_id, order_code, short_code)
}

pub async fn search(
    conn: &mut Conn,
    organization_id: &str,
    event_id: &str,
    search: &Search<'_>,
) -> SqlResult<Vec<TicketRow>> {
    fetch_all!(
        conn,
        TicketRow,
        SEARCH,
        organization_id,
        event_id,
        search.after,
        search.status,
        search.product_id,
        search.name_pattern,
        search.order_code,
        search.short_code,
        search.limit
    )
}
