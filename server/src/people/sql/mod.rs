//! Persons and their roles in storage.

pub mod identities;
mod invitations;
pub mod merge;
pub mod phones;

pub use invitations::{
    InvitationRow, find_invitation, insert_invitation, insert_invitation_use, list_invitations, revoke_invitation,
    use_invitation,
};

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_optional};
use sqlx::FromRow;

const INSERT_PERSON: &str = "INSERT INTO persons (id, organization_id, created_at) VALUES ($1, $2, $3)";
const DELETE_UNUSED: &str = "DELETE FROM persons WHERE organization_id = $1 AND id = $2";
const ROLES: &str = "SELECT role FROM person_roles WHERE person_id = $1";
const GRANT: &str = "INSERT INTO person_roles (person_id, organization_id, role, granted_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING";
const WITHDRAW: &str = "DELETE FROM person_roles WHERE organization_id = $1 AND person_id = $2 AND role = $3";
/// Others who merge or forget the person wait until the transaction ends.
const HOLD: &str = "UPDATE persons SET created_at = created_at
    WHERE organization_id = $1 AND id = $2 AND merged_into IS NULL AND deleted_at IS NULL";
const SET_PHONE: &str = "UPDATE persons SET phone = $3 WHERE organization_id = $1 AND id = $2";
/// A person who was merged into another is found under both ids.
const FIND_PERSON: &str = "SELECT id, name, phone, userid, created_at, deleted_at FROM persons
    WHERE organization_id = $1 AND id = COALESCE((SELECT m.merged_into FROM persons m
        WHERE m.organization_id = $1 AND m.id = $2), $2)";
const BY_USERID: &str = "SELECT id, name, phone, userid, created_at, deleted_at FROM persons
    WHERE organization_id = $1 AND userid = $2";
const SET_USERID: &str = "UPDATE persons SET userid = $3 WHERE organization_id = $1 AND id = $2";
const SET_NAME: &str = "UPDATE persons SET name = $3 WHERE organization_id = $1 AND id = $2";
const FORGET: &str = "UPDATE persons SET name = NULL, phone = NULL, userid = NULL, deleted_at = $3
    WHERE organization_id = $1 AND (id = $2 OR merged_into = $2)";
const FORGET_ROLES: &str = "DELETE FROM person_roles WHERE person_id = $1";
const FORGET_USE_OF_ACCOUNTS: &str = "DELETE FROM account_persons WHERE person_id = $1";
const PAGE: &str = "SELECT p.id, p.name, p.phone, p.userid, p.created_at, p.deleted_at FROM persons p
    WHERE p.organization_id = $1 AND p.id > $2 AND p.merged_into IS NULL AND p.deleted_at IS NULL
    AND ($3 = '' OR EXISTS (SELECT 1 FROM person_roles r WHERE r.person_id = p.id AND r.role = $3))
    ORDER BY p.id LIMIT $4";
/// A person.
#[derive(FromRow)]
pub struct PersonRow {
    pub id: String,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub userid: Option<String>,
    pub created_at: i64,
    pub deleted_at: Option<i64>,
}

pub async fn insert_person(conn: &mut Conn, id: &str, organization_id: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, INSERT_PERSON, id, organization_id, now)
}

/// Deletes a person who was made a moment ago and is not needed.
pub async fn delete_unused(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<u64> {
    execute!(conn, DELETE_UNUSED, organization_id, id)
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

/// Locks the row of a person of today; false where they were merged or forgotten.
pub async fn hold(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<bool> {
    Ok(execute!(conn, HOLD, organization_id, id)? == 1)
}

pub async fn set_phone(conn: &mut Conn, organization_id: &str, person_id: &str, phone: Option<&str>) -> SqlResult<u64> {
    execute!(conn, SET_PHONE, organization_id, person_id, phone)
}

pub async fn find_person(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<PersonRow>> {
    fetch_optional!(conn, PersonRow, FIND_PERSON, organization_id, id)
}

pub async fn by_userid(conn: &mut Conn, organization_id: &str, userid: &str) -> SqlResult<Option<PersonRow>> {
    fetch_optional!(conn, PersonRow, BY_USERID, organization_id, userid)
}

pub async fn set_userid(conn: &mut Conn, organization_id: &str, id: &str, userid: Option<&str>) -> SqlResult<u64> {
    execute!(conn, SET_USERID, organization_id, id, userid)
}

pub async fn set_name(conn: &mut Conn, organization_id: &str, id: &str, name: &str) -> SqlResult<u64> {
    execute!(conn, SET_NAME, organization_id, id, name)
}

/// Forgets what is known of a person; the row stays, so that what must be kept still has somebody to point to.
pub async fn forget(conn: &mut Conn, organization_id: &str, id: &str, now: i64) -> SqlResult<()> {
    execute!(conn, FORGET_ROLES, id)?;
    execute!(conn, FORGET_USE_OF_ACCOUNTS, id)?;
    execute!(conn, FORGET, organization_id, id, now)?;
    Ok(())
}

/// Persons, of one role or (with an empty `role`) all.
pub async fn page(
    conn: &mut Conn,
    organization_id: &str,
    role: &str,
    after: &str,
    limit: i64,
) -> SqlResult<Vec<PersonRow>> {
    fetch_all!(conn, PersonRow, PAGE, organization_id, after, role, limit)
}
