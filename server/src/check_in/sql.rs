//! Check-ins in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_one, fetch_optional};
use sqlx::FromRow;

const CONTEXT: &str = "SELECT l.settings, e.id AS event_id, e.tag, e.starts_at, e.ends_at, e.offsets, k.number,
        k.public_key, c.request_hash, c.answer, c.annulled_at
    FROM check_in_lists l
    JOIN events e ON e.id = l.event_id
    JOIN event_keys k ON k.event_id = e.id
    LEFT JOIN check_ins c ON c.organization_id = l.organization_id AND c.nonce = $3
    WHERE l.organization_id = $1 AND l.id = $2 ORDER BY k.number";
const HISTORY: &str = "SELECT direction, scanned_at, gate, device_id FROM check_ins
    WHERE list_id = $1 AND ticket_id = $2 AND status = 'ok' AND annulled_at IS NULL ORDER BY scanned_at, id";
const INSERT: &str = "INSERT INTO check_ins (id, organization_id, event_id, list_id, ticket_id, nonce, parent_id,
        request_hash, direction, status, reason, force_sent, forced, gate, device_id, actor_id, scanned_at,
        received_at, answer, offline_status, offline_reason, conflict, force_reason)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23)
    ON CONFLICT (organization_id, nonce) DO NOTHING";
const STORED: &str = "SELECT id, request_hash, answer, status, device_id, actor_id, received_at, annulled_at
    FROM check_ins WHERE organization_id = $1 AND nonce = $2";
const ANNUL: &str = "UPDATE check_ins SET annulled_at = $3, annulled_by = $4, annul_reason = $5
    WHERE organization_id || '' = $1 AND annulled_at IS NULL
        AND id IN (SELECT CAST($2 AS TEXT) UNION SELECT c.id FROM check_ins c WHERE c.parent_id = $2)";
const TOTALS: &str = "SELECT direction, status, reason, gate, CAST(COUNT(*) AS BIGINT) AS number,
        MAX(received_at) AS latest
    FROM check_ins WHERE list_id = $1 AND annulled_at IS NULL GROUP BY direction, status, reason, gate";
const PRESENCE: &str = "SELECT CAST(COUNT(*) AS BIGINT) AS entered,
        CAST(COALESCE(SUM(CASE WHEN t.entry > t.leave THEN 1 ELSE 0 END), 0) AS BIGINT) AS inside
    FROM (SELECT ticket_id, MAX(CASE WHEN direction = 'entry' THEN scanned_at ELSE -1 END) AS entry,
            MAX(CASE WHEN direction = 'exit' THEN scanned_at ELSE -1 END) AS leave
        FROM check_ins
        WHERE list_id = $1 AND status = 'ok' AND annulled_at IS NULL AND ticket_id IS NOT NULL
        GROUP BY ticket_id) t
    WHERE t.entry >= 0";
const EXPECTED: &str = "SELECT product_id, status, CAST(COUNT(*) AS BIGINT) AS number FROM tickets
    WHERE organization_id = $1 AND event_id = $2 GROUP BY product_id, status";
const PAGE: &str =
    "SELECT c.id, c.ticket_id, c.nonce, c.direction, c.status, c.reason, c.forced, c.force_reason, c.gate,
        c.device_id, c.actor_id, c.scanned_at, c.received_at, c.conflict, c.annulled_at, c.annul_reason,
        t.attendee_name, p.name AS product_name
    FROM check_ins c LEFT JOIN tickets t ON t.id = c.ticket_id LEFT JOIN products p ON p.id = t.product_id
    WHERE c.organization_id = $1 AND c.list_id = $2 AND ($3 = '' OR c.id < $3) AND (c.conflict OR NOT $4)
        AND ($5 = '' OR c.status = $5)
    ORDER BY c.id DESC LIMIT $6";
const OF_TICKET: &str = "SELECT c.id, c.ticket_id, c.nonce, c.direction, c.status, c.reason, c.forced, c.force_reason,
        c.gate, c.device_id, c.actor_id, c.scanned_at, c.received_at, c.conflict, c.annulled_at, c.annul_reason,
        t.attendee_name, p.name AS product_name
    FROM check_ins c LEFT JOIN tickets t ON t.id = c.ticket_id LEFT JOIN products p ON p.id = t.product_id
    WHERE c.list_id = $1 AND c.ticket_id = $2 AND c.status = 'ok' ORDER BY c.scanned_at, c.id";
const DEVICES: &str = "SELECT c.device_id, c.actor_id, n.name AS actor_name, c.gate,
        CAST(COUNT(*) AS BIGINT) AS scans,
        CAST(COALESCE(SUM(CASE WHEN c.status = 'ok' THEN 1 ELSE 0 END), 0) AS BIGINT) AS admitted,
        MAX(c.received_at) AS latest
    FROM check_ins c LEFT JOIN persons n ON n.id = c.actor_id
    WHERE c.organization_id = $1 AND c.list_id = $2 AND c.parent_id IS NULL
    GROUP BY c.device_id, c.actor_id, n.name, c.gate ORDER BY latest DESC";

/// The list, its event, one of its keys, and what is stored under the nonce.
#[derive(FromRow)]
pub struct ContextRow {
    pub settings: String,
    pub event_id: String,
    pub tag: i64,
    pub starts_at: i64,
    pub ends_at: i64,
    pub offsets: String,
    pub number: i64,
    pub public_key: String,
    pub request_hash: Option<String>,
    pub answer: Option<String>,
    pub annulled_at: Option<i64>,
}

/// An admitted check-in.
#[derive(Clone, Debug, FromRow)]
pub struct PastRow {
    pub direction: String,
    pub scanned_at: i64,
    pub gate: Option<String>,
    pub device_id: Option<String>,
}

/// A check-in to store.
pub struct NewCheckIn<'a> {
    pub id: &'a str,
    pub event_id: &'a str,
    pub list_id: &'a str,
    pub ticket_id: Option<&'a str>,
    pub nonce: &'a str,
    pub parent_id: Option<&'a str>,
    pub request_hash: &'a str,
    pub direction: &'a str,
    pub status: &'a str,
    pub reason: Option<&'a str>,
    pub force_sent: bool,
    pub forced: bool,
    pub gate: Option<&'a str>,
    pub device_id: Option<&'a str>,
    pub actor_id: &'a str,
    pub scanned_at: i64,
    pub received_at: i64,
    pub answer: &'a str,
    pub offline_status: Option<&'a str>,
    pub offline_reason: Option<&'a str>,
    pub conflict: bool,
    pub force_reason: Option<&'a str>,
}

/// What is stored under a nonce.
#[derive(FromRow)]
pub struct StoredRow {
    pub id: String,
    pub request_hash: String,
    pub answer: String,
    pub status: String,
    pub device_id: Option<String>,
    pub actor_id: String,
    pub received_at: i64,
    pub annulled_at: Option<i64>,
}

/// A check-in, for people to read.
#[derive(Clone, FromRow)]
pub struct CheckInRow {
    pub id: String,
    pub ticket_id: Option<String>,
    pub nonce: String,
    pub direction: String,
    pub status: String,
    pub reason: Option<String>,
    pub forced: bool,
    pub gate: Option<String>,
    pub device_id: Option<String>,
    pub actor_id: String,
    pub scanned_at: i64,
    pub received_at: i64,
    pub conflict: bool,
    pub annulled_at: Option<i64>,
    pub annul_reason: Option<String>,
    pub force_reason: Option<String>,
    pub attendee_name: Option<String>,
    pub product_name: Option<String>,
}

/// What one phone in one person's hand did at one gate.
#[derive(FromRow)]
pub struct DeviceRow {
    pub device_id: Option<String>,
    pub actor_id: String,
    pub actor_name: Option<String>,
    pub gate: Option<String>,
    pub scans: i64,
    pub admitted: i64,
    pub latest: i64,
}

/// A number of check-ins of one kind.
#[derive(FromRow)]
pub struct TotalRow {
    pub direction: String,
    pub status: String,
    pub reason: Option<String>,
    pub gate: Option<String>,
    pub number: i64,
    pub latest: Option<i64>,
}

/// One row per key of the event; none when the list is not the organization's.
pub async fn context(conn: &mut Conn, organization_id: &str, list_id: &str, nonce: &str) -> SqlResult<Vec<ContextRow>> {
    fetch_all!(conn, ContextRow, CONTEXT, organization_id, list_id, nonce)
}

/// Admitted and not annulled check-ins of a ticket on a list, oldest first.
pub async fn history(conn: &mut Conn, list_id: &str, ticket_id: &str) -> SqlResult<Vec<PastRow>> {
    fetch_all!(conn, PastRow, HISTORY, list_id, ticket_id)
}

/// False when the nonce is taken.
pub async fn insert(conn: &mut Conn, organization_id: &str, row: &NewCheckIn<'_>) -> SqlResult<bool> {
    let inserted = execute!(
        conn,
        INSERT,
        row.id,
        organization_id,
        row.event_id,
        row.list_id,
        row.ticket_id,
        row.nonce,
        row.parent_id,
        row.request_hash,
        row.direction,
        row.status,
        row.reason,
        row.force_sent,
        row.forced,
        row.gate,
        row.device_id,
        row.actor_id,
        row.scanned_at,
        row.received_at,
        row.answer,
        row.offline_status,
        row.offline_reason,
        row.conflict,
        row.force_reason
    )?;
    Ok(inserted == 1)
}

pub async fn stored(conn: &mut Conn, organization_id: &str, nonce: &str) -> SqlResult<Option<StoredRow>> {
    fetch_optional!(conn, StoredRow, STORED, organization_id, nonce)
}

/// Annuls a check-in and those that came with it.
pub async fn annul(
    conn: &mut Conn,
    organization_id: &str,
    id: &str,
    now: i64,
    by: &str,
    reason: &str,
) -> SqlResult<u64> {
    execute!(conn, ANNUL, organization_id, id, now, by, reason)
}

pub async fn totals(conn: &mut Conn, list_id: &str) -> SqlResult<Vec<TotalRow>> {
    fetch_all!(conn, TotalRow, TOTALS, list_id)
}

/// How many tickets have entered, and how many of them are inside.
pub async fn presence(conn: &mut Conn, list_id: &str) -> SqlResult<(i64, i64)> {
    fetch_one!(conn, (i64, i64), PRESENCE, list_id)
}

/// Tickets of the event by product and state.
pub async fn expected(conn: &mut Conn, organization_id: &str, event_id: &str) -> SqlResult<Vec<(String, String, i64)>> {
    fetch_all!(conn, (String, String, i64), EXPECTED, organization_id, event_id)
}

/// Newest first; all of them, or only conflicts, or only those with a status (empty: any).
pub async fn page(
    conn: &mut Conn,
    organization_id: &str,
    list_id: &str,
    before_id: &str,
    only_conflicts: bool,
    status: &str,
    limit: i64,
) -> SqlResult<Vec<CheckInRow>> {
    fetch_all!(conn, CheckInRow, PAGE, organization_id, list_id, before_id, only_conflicts, status, limit)
}

pub async fn of_ticket(conn: &mut Conn, list_id: &str, ticket_id: &str) -> SqlResult<Vec<CheckInRow>> {
    fetch_all!(conn, CheckInRow, OF_TICKET, list_id, ticket_id)
}

/// By phone, person and gate; the latest first.
pub async fn devices(conn: &mut Conn, organization_id: &str, list_id: &str) -> SqlResult<Vec<DeviceRow>> {
    fetch_all!(conn, DeviceRow, DEVICES, organization_id, list_id)
}
