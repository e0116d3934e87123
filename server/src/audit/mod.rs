//! The audit log: every change of state, who made it, and how things were before and after.

pub mod api;
pub(crate) mod sql;

use crate::http::Caller;
use crate::problem::Problem;
use crate::storage::Conn;
use serde::Serialize;

/// Who changes something, taken along into a transaction.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The organization.
    pub organization_id: String,
    /// `person`, `api_token` or `system`.
    pub kind: &'static str,
    /// The id of the person or API token; for the system, the part of it.
    pub id: String,
}

impl From<&Caller> for Actor {
    fn from(caller: &Caller) -> Self {
        Self { organization_id: caller.organization_id.clone(), kind: caller.kind(), id: caller.id().to_owned() }
    }
}

/// What was changed.
pub struct Change<'a> {
    /// What was done, as `ticket.update`.
    pub action: &'a str,
    /// The id of what it was done to.
    pub subject_id: &'a str,
    /// When (UTC epoch milliseconds).
    pub at: i64,
}

/// Writes an entry within the transaction that makes the change. Secrets and phone numbers do not belong in it.
pub async fn record<B: Serialize, A: Serialize>(
    conn: &mut Conn,
    actor: &Actor,
    change: Change<'_>,
    before: Option<&B>,
    after: Option<&A>,
) -> Result<(), Problem> {
    let json = |error: serde_json::Error| Problem::internal(error.to_string());
    let before = before.map(serde_json::to_string).transpose().map_err(json)?;
    let after = after.map(serde_json::to_string).transpose().map_err(json)?;
    sql::insert(conn, actor, &change, before.as_deref(), after.as_deref()).await?;
    Ok(())
}

/// [`record`] of something new.
pub async fn created<A: Serialize>(
    conn: &mut Conn,
    actor: &Actor,
    change: Change<'_>,
    after: &A,
) -> Result<(), Problem> {
    record::<(), A>(conn, actor, change, None, Some(after)).await
}

/// [`created`] of many things of one kind at once, as pairs of the id and what it is; at most a thousand.
pub async fn created_many(
    conn: &mut Conn,
    actor: &Actor,
    action: &str,
    entries: &[(&str, serde_json::Value)],
    at: i64,
) -> Result<(), Problem> {
    if entries.is_empty() {
        return Ok(());
    }
    let entries: Vec<_> = entries.iter().map(|(id, after)| (*id, after.to_string())).collect();
    sql::insert_many(conn, actor, action, &entries, at).await?;
    Ok(())
}
