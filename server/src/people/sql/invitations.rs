//! Invitations in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_optional};
use sqlx::FromRow;

const INSERT_INVITATION: &str = "INSERT INTO invitations
    (id, organization_id, code, role, customer_id, uses, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const FIND_INVITATION: &str = "SELECT id, organization_id, code, role, customer_id, uses, used, expires_at, revoked_at,
    created_at FROM invitations WHERE code = $1";
const LIST_INVITATIONS: &str =
    "SELECT id, organization_id, code, role, customer_id, uses, used, expires_at, revoked_at,
    created_at FROM invitations WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3";
const USE_INVITATION: &str = "UPDATE invitations SET used = used + 1
    WHERE id = $1 AND revoked_at IS NULL AND (uses IS NULL OR used < uses)
    AND (expires_at IS NULL OR expires_at > $2)";
const INSERT_INVITATION_USE: &str = "INSERT INTO invitation_uses (invitation_id, person_id, used_at)
    VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const REVOKE_INVITATION: &str =
    "UPDATE invitations SET revoked_at = $3 WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL";

/// An invitation.
#[derive(FromRow)]
pub struct InvitationRow {
    pub id: String,
    pub organization_id: String,
    pub code: String,
    pub role: String,
    pub customer_id: Option<String>,
    pub uses: Option<i64>,
    pub used: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
    pub created_at: i64,
}

pub async fn insert_invitation(conn: &mut Conn, row: &InvitationRow) -> SqlResult<u64> {
    execute!(
        conn,
        INSERT_INVITATION,
        &row.id,
        &row.organization_id,
        &row.code,
        &row.role,
        &row.customer_id,
        row.uses,
        row.expires_at,
        row.created_at
    )
}

pub async fn find_invitation(conn: &mut Conn, code: &str) -> SqlResult<Option<InvitationRow>> {
    fetch_optional!(conn, InvitationRow, FIND_INVITATION, code)
}

pub async fn list_invitations(
    conn: &mut Conn,
    organization_id: &str,
    after: &str,
    limit: i64,
) -> SqlResult<Vec<InvitationRow>> {
    fetch_all!(conn, InvitationRow, LIST_INVITATIONS, organization_id, after, limit)
}

/// Uses an invitation once more, if it still can be used.
pub async fn use_invitation(conn: &mut Conn, id: &str, now: i64) -> SqlResult<bool> {
    Ok(execute!(conn, USE_INVITATION, id, now)? == 1)
}

/// Notes who used it; false when the person had done so before.
pub async fn insert_invitation_use(conn: &mut Conn, id: &str, person_id: &str, now: i64) -> SqlResult<bool> {
    Ok(execute!(conn, INSERT_INVITATION_USE, id, person_id, now)? == 1)
}

pub async fn revoke_invitation(conn: &mut Conn, organization_id: &str, id: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, REVOKE_INVITATION, organization_id, id, now)
}
