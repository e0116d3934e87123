//! Organizations and API tokens in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_optional};
use sqlx::FromRow;

const FIND_BY_SLUG: &str = "SELECT id, slug, short_id, name, guests_allowed FROM organizations
    WHERE slug = $1";
const FIND: &str = "SELECT id, slug, short_id, name, guests_allowed FROM organizations WHERE id = $1";
const CHANGE: &str = "UPDATE organizations SET name = $2, guests_allowed = $3 WHERE id = $1";
/// Others wait for the row until the transaction ends.
const LOCK: &str = "UPDATE organizations SET slug = slug WHERE id = $1";
const INSERT: &str = "INSERT INTO organizations (id, slug, short_id, name, created_at) VALUES ($1, $2, $3, $4, $5)";
const INSERT_TOKEN: &str =
    "INSERT INTO api_tokens (id, organization_id, role, token_hash, created_at) VALUES ($1, $2, $3, $4, $5)";
const FIND_TOKEN: &str = "SELECT id, organization_id, role, created_at FROM api_tokens
    WHERE token_hash = $1 AND revoked_at IS NULL";
const LIST_TOKENS: &str = "SELECT id, organization_id, role, created_at FROM api_tokens
    WHERE organization_id = $1 AND revoked_at IS NULL ORDER BY id";
const REVOKE_TOKEN: &str =
    "UPDATE api_tokens SET revoked_at = $3 WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL";

/// An organization.
#[derive(Clone, Debug, FromRow)]
pub struct OrganizationRow {
    /// Its id.
    pub id: String,
    /// Its name on the command line.
    pub slug: String,
    /// Its name in a scene.
    pub short_id: String,
    /// Its name for people.
    pub name: String,
    /// Whether somebody without a role or a bound account may log in.
    pub guests_allowed: bool,
}

/// An API token; the token itself is not kept.
#[derive(Clone, Debug, FromRow)]
pub struct ApiTokenRow {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub organization_id: String,
    /// What it may do.
    pub role: String,
    /// When it was made (UTC epoch milliseconds).
    pub created_at: i64,
}

pub async fn find_by_slug(conn: &mut Conn, slug: &str) -> SqlResult<Option<OrganizationRow>> {
    fetch_optional!(conn, OrganizationRow, FIND_BY_SLUG, slug)
}

pub async fn find(conn: &mut Conn, id: &str) -> SqlResult<Option<OrganizationRow>> {
    fetch_optional!(conn, OrganizationRow, FIND, id)
}

pub async fn change(conn: &mut Conn, id: &str, name: &str, guests_allowed: bool) -> SqlResult<u64> {
    execute!(conn, CHANGE, id, name, guests_allowed)
}

/// Makes other writers who lock the organization wait until this transaction ends.
pub async fn lock(conn: &mut Conn, id: &str) -> SqlResult<u64> {
    execute!(conn, LOCK, id)
}

pub async fn insert(conn: &mut Conn, row: &OrganizationRow, now: i64) -> SqlResult<u64> {
    execute!(conn, INSERT, &row.id, &row.slug, &row.short_id, &row.name, now)
}

pub async fn insert_api_token(
    conn: &mut Conn,
    id: &str,
    organization_id: &str,
    role: &str,
    token_hash: &str,
    now: i64,
) -> SqlResult<u64> {
    execute!(conn, INSERT_TOKEN, id, organization_id, role, token_hash, now)
}

pub async fn find_api_token(conn: &mut Conn, token_hash: &str) -> SqlResult<Option<ApiTokenRow>> {
    fetch_optional!(conn, ApiTokenRow, FIND_TOKEN, token_hash)
}

pub async fn list_api_tokens(conn: &mut Conn, organization_id: &str) -> SqlResult<Vec<ApiTokenRow>> {
    fetch_all!(conn, ApiTokenRow, LIST_TOKENS, organization_id)
}

pub async fn revoke_api_token(conn: &mut Conn, organization_id: &str, id: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, REVOKE_TOKEN, organization_id, id, now)
}
