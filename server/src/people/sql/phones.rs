//! Phone numbers, and two persons who have confirmed the same one, in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_optional};
use sqlx::FromRow;

const OWNER: &str = "SELECT id, merged_into FROM persons WHERE organization_id = $1 AND phone = $2";
const CLEAR: &str = "UPDATE persons SET phone = NULL WHERE organization_id = $1 AND phone = $2 AND id <> $3";
const INSERT_CONFLICT: &str = "INSERT INTO phone_conflicts
    (id, organization_id, phone, owner_id, claimant_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING";
const FIND_CONFLICT: &str = "SELECT id, phone, owner_id, claimant_id, created_at, resolved_at, resolution
    FROM phone_conflicts WHERE organization_id = $1 AND id = $2";
const OPEN_CONFLICT: &str = "SELECT id, phone, owner_id, claimant_id, created_at, resolved_at, resolution
    FROM phone_conflicts WHERE organization_id = $1 AND phone = $2 AND claimant_id = $3 AND resolved_at IS NULL";
const PAGE: &str = "SELECT id, phone, owner_id, claimant_id, created_at, resolved_at, resolution
    FROM phone_conflicts WHERE organization_id = $1 AND resolved_at IS NULL AND id > $2 ORDER BY id LIMIT $3";
const RESOLVE: &str = "UPDATE phone_conflicts SET resolved_at = $3, resolution = $4
    WHERE organization_id = $1 AND id = $2 AND resolved_at IS NULL";
const CLEAR_NOTICES: &str = "UPDATE notices SET cleared_at = $2 WHERE organization_id = $1 AND kind = 'phone_conflict'
    AND cleared_at IS NULL AND subject_id NOT IN
        (SELECT id FROM phone_conflicts WHERE organization_id = $1 AND resolved_at IS NULL)";
const FORGET: &str = "DELETE FROM phone_conflicts WHERE organization_id = $1 AND (owner_id = $2 OR claimant_id = $2)";

/// Two persons who have confirmed the same number.
#[derive(FromRow)]
pub struct PhoneConflictRow {
    pub id: String,
    pub phone: String,
    pub owner_id: String,
    pub claimant_id: String,
    pub created_at: i64,
    pub resolved_at: Option<i64>,
    pub resolution: Option<String>,
}

/// Who has the number: the person's id, and the one that they were merged into.
pub async fn owner(conn: &mut Conn, organization_id: &str, phone: &str) -> SqlResult<Option<(String, Option<String>)>> {
    fetch_optional!(conn, (String, Option<String>), OWNER, organization_id, phone)
}

/// Takes the number from everybody but `but`.
pub async fn clear(conn: &mut Conn, organization_id: &str, phone: &str, but: &str) -> SqlResult<u64> {
    execute!(conn, CLEAR, organization_id, phone, but)
}

/// Notes the conflict, and answers the one that is open.
pub async fn note_conflict(
    conn: &mut Conn,
    id: &str,
    organization_id: &str,
    phone: &str,
    owner_id: &str,
    claimant_id: &str,
    now: i64,
) -> SqlResult<Option<PhoneConflictRow>> {
    execute!(conn, INSERT_CONFLICT, id, organization_id, phone, owner_id, claimant_id, now)?;
    fetch_optional!(conn, PhoneConflictRow, OPEN_CONFLICT, organization_id, phone, claimant_id)
}

pub async fn find_conflict(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<PhoneConflictRow>> {
    fetch_optional!(conn, PhoneConflictRow, FIND_CONFLICT, organization_id, id)
}

pub async fn page(conn: &mut Conn, organization_id: &str, after: &str, limit: i64) -> SqlResult<Vec<PhoneConflictRow>> {
    fetch_all!(conn, PhoneConflictRow, PAGE, organization_id, after, limit)
}

/// Says whether it was open.
pub async fn resolve(conn: &mut Conn, organization_id: &str, id: &str, now: i64, resolution: &str) -> SqlResult<bool> {
    Ok(execute!(conn, RESOLVE, organization_id, id, now, resolution)? == 1)
}

/// Clears notices of conflicts that are no more.
pub async fn clear_notices(conn: &mut Conn, organization_id: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, CLEAR_NOTICES, organization_id, now)
}

pub async fn forget(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<u64> {
    execute!(conn, FORGET, organization_id, person_id)
}
