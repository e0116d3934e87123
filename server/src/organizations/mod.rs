//! Organizations and their API tokens.

pub mod api;
pub mod settings;
pub(crate) mod sql;

use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::http::body::hash;
use crate::people::Role;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use serde_json::json;

pub use sql::{ApiTokenRow, OrganizationRow};

/// How API tokens begin, so that they are told from access tokens (and found by secret scanners).
pub const API_TOKEN_PREFIX: &str = "pfat_";

/// The actor for what is done from the command line.
pub fn command_line(organization_id: &str) -> Actor {
    Actor { organization_id: organization_id.to_owned(), kind: "system", id: "command-line".to_owned() }
}

/// Whether `slug` may name an organization: 1 to 40 of `[a-z0-9-]`.
pub fn is_slug(slug: &str) -> bool {
    (1..=40).contains(&slug.len()) && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Finds the organization, or creates it under its slug as its name.
pub async fn find_or_create(conn: &mut Conn, slug: &str, now: i64) -> Result<OrganizationRow, Problem> {
    if let Some(found) = sql::find_by_slug(conn, slug).await? {
        return Ok(found);
    }
    let organization = OrganizationRow {
        id: random::id(now),
        slug: slug.to_owned(),
        short_id: random::short_id()?.to_string(),
        name: slug.to_owned(),
        guests_allowed: true,
    };
    sql::insert(conn, &organization, now).await?;
    let change = Change { action: "organization.create", subject_id: &organization.id, at: now };
    audit::created(conn, &command_line(&organization.id), change, &json!({ "slug": slug })).await?;
    Ok(organization)
}

/// Makes an API token and answers it; only its hash is kept.
pub async fn create_api_token(conn: &mut Conn, organization_id: &str, role: Role, now: i64) -> Result<String, Problem> {
    let token = format!("{API_TOKEN_PREFIX}{}", random::secret()?);
    let id = random::id(now);
    sql::insert_api_token(conn, &id, organization_id, role.as_str(), &hash(token.as_bytes()), now).await?;
    let change = Change { action: "api_token.create", subject_id: &id, at: now };
    audit::created(conn, &command_line(organization_id), change, &json!({ "role": role })).await?;
    Ok(token)
}

/// The API token, unless it is unknown or revoked.
pub async fn find_api_token(app: &App, token: &str) -> Result<Option<ApiTokenRow>, Problem> {
    let mut conn = app.db.read().await?;
    Ok(sql::find_api_token(&mut conn, &hash(token.as_bytes())).await?)
}
