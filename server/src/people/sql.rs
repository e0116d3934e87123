//! Persons, identities, roles and invitations in storage.

use super::service::Identity;
use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_one, fetch_optional};
use sqlx::FromRow;

const TOUCH_IDENTITY: &str = "UPDATE identities SET last_login_at = $4, unionid = COALESCE($5, unionid)
    WHERE organization_id = $1 AND appid = $2 AND openid = $3 RETURNING person_id";
const PERSON_BY_UNIONID: &str =
    "SELECT person_id FROM identities WHERE organization_id = $1 AND unionid = $2 ORDER BY id LIMIT 1";
const INSERT_PERSON: &str = "INSERT INTO persons (id, organization_id, created_at) VALUES ($1, $2, $3)";
const UPSERT_IDENTITY: &str = "INSERT INTO identities
    (id, organization_id, person_id, appid, openid, unionid, created_at, last_login_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
    ON CONFLICT (organization_id, appid, openid) DO UPDATE SET last_login_at = excluded.last_login_at
    RETURNING person_id";
const ROLES: &str = "SELECT role FROM person_roles WHERE person_id = $1";
const GRANT: &str = "INSERT INTO person_roles (person_id, organization_id, role, granted_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING";
const WITHDRAW: &str = "DELETE FROM person_roles WHERE organization_id = $1 AND person_id = $2 AND role = $3";
const SET_PHONE: &str = "UPDATE persons SET phone = $3 WHERE organization_id = $1 AND id = $2";
const FIND_PERSON: &str = "SELECT id, name, phone, created_at FROM persons WHERE organization_id = $1 AND id = $2";
const WITH_ROLE: &str = "SELECT p.id, p.name, p.phone, p.created_at FROM persons p
    JOIN person_roles r ON r.person_id = p.id
    WHERE p.organization_id = $1 AND r.role = $2 AND p.id > $3 ORDER BY p.id LIMIT $4";
const INSERT_INVITATION: &str = "INSERT INTO invitations
    (id, organization_id, code, role, uses, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const FIND_INVITATION: &str = "SELECT id, organization_id, code, role, uses, used, expires_at, revoked_at, created_at
    FROM invitations WHERE code = $1";
const LIST_INVITATIONS: &str = "SELECT id, organization_id, code, role, uses, used, expires_at, revoked_at, created_at
    FROM invitations WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3";
const USE_INVITATION: &str = "UPDATE invitations SET used = used + 1
    WHERE id = $1 AND revoked_at IS NULL AND (uses IS NULL OR used < uses)
    AND (expires_at IS NULL OR expires_at > $2)";
const INSERT_INVITATION_USE: &str = "INSERT INTO invitation_uses (invitation_id, person_id, used_at)
    VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const REVOKE_INVITATION: &str =
    "UPDATE invitations SET revoked_at = $3 WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL";

/// A person.
#[derive(FromRow)]
pub struct PersonRow {
    pub id: String,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub created_at: i64,
}

/// An invitation.
#[derive(FromRow)]
pub struct InvitationRow {
    pub id: String,
    pub organization_id: String,
    pub code: String,
    pub role: String,
    pub uses: Option<i64>,
    pub used: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
    pub created_at: i64,
}

/// Notes a login; answers the person where the identity is known.
pub async fn touch_identity(
    conn: &mut Conn,
    organization_id: &str,
    identity: &Identity,
    now: i64,
) -> SqlResult<Option<String>> {
    let Identity { appid, openid, unionid } = identity;
    let row: Option<(String,)> =
        fetch_optional!(conn, (String,), TOUCH_IDENTITY, organization_id, appid, openid, now, unionid)?;
    Ok(row.map(|(person_id,)| person_id))
}

pub async fn person_by_unionid(conn: &mut Conn, organization_id: &str, unionid: &str) -> SqlResult<Option<String>> {
    let row: Option<(String,)> = fetch_optional!(conn, (String,), PERSON_BY_UNIONID, organization_id, unionid)?;
    Ok(row.map(|(person_id,)| person_id))
}

pub async fn insert_person(conn: &mut Conn, id: &str, organization_id: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, INSERT_PERSON, id, organization_id, now)
}

pub async fn upsert_identity(
    conn: &mut Conn,
    id: &str,
    organization_id: &str,
    person_id: &str,
    identity: &Identity,
    now: i64,
) -> SqlResult<String> {
    let Identity { appid, openid, unionid } = identity;
    let (person_id,): (String,) =
        fetch_one!(conn, (String,), UPSERT_IDENTITY, id, organization_id, person_id, appid, openid, unionid, now)?;
    Ok(person_id)
}

pub async fn roles(conn: &mut Conn, person_id: &str) -> SqlResult<Vec<String>> {
    let rows: Vec<(String,)> = fetch_all!(conn, (String,), ROLES, person_id)?;
    Ok(rows.into_iter().map(|(role,)| role).collect())
}

pub async fn grant(conn: &mut Conn, organization_id: &str, person_id: &str, role: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, GRANT, person_id, organization_id, role, now)
}

pub async fn withdraw(conn: &mut Conn, organization_id: &str, person_id: &str, role: &str) -> SqlResult<u64> {
    execute!(conn, WITHDRAW, organization_id, person_id, role)
}

pub async fn set_phone(conn: &mut Conn, organization_id: &str, person_id: &str, phone: &str) -> SqlResult<u64> {
    execute!(conn, SET_PHONE, organization_id, person_id, phone)
}

pub async fn find_person(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<PersonRow>> {
    fetch_optional!(conn, PersonRow, FIND_PERSON, organization_id, id)
}

pub async fn with_role(
    conn: &mut Conn,
    organization_id: &str,
    role: &str,
    after: &str,
    limit: i64,
) -> SqlResult<Vec<PersonRow>> {
    fetch_all!(conn, PersonRow, WITH_ROLE, organization_id, role, after, limit)
}

pub async fn insert_invitation(conn: &mut Conn, row: &InvitationRow) -> SqlResult<u64> {
    execute!(
        conn,
        INSERT_INVITATION,
        &row.id,
        &row.organization_id,
        &row.code,
        &row.role,
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
