//! Two persons who turn out to be one. Everything of the younger moves to the elder (to the one whom the business
//! knows, where only one is known to it), and the audit log says what moved.

use super::service;
use super::sql::{self, PersonRow, merge as rows, phones};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::mileage;
use crate::problem::Problem;
use crate::storage::Conn;
use serde_json::json;

/// A merge that was made: whose sessions must follow once it is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The person who is no more.
    pub from: String,
    /// The person who has everything now.
    pub into: String,
}

/// Merges two persons; nothing when both are known to the business, under different ids.
pub async fn merge(
    conn: &mut Conn,
    actor: &Actor,
    one: &str,
    other: &str,
    why: &str,
    now: i64,
) -> Result<Option<Merge>, Problem> {
    let organization_id = actor.organization_id.as_str();
    if one == other || !rows::lock(conn, organization_id, one, other).await? {
        return Ok(None);
    }
    let one = sql::find_person(conn, organization_id, one).await?.ok_or_else(Problem::not_found)?;
    let other = sql::find_person(conn, organization_id, other).await?.ok_or_else(Problem::not_found)?;
    let Some((into, from)) = elder_first(one, other) else { return Ok(None) };
    let phone_taken = into.phone.is_none() && from.phone.is_some();
    let moved = rows::move_all(conn, organization_id, &from.id, &into.id, now).await?;
    mileage::carry(conn, actor, &from.id, &into.id, now).await?;
    rows::close(conn, organization_id, &from.id, &into.id, phone_taken).await?;
    let userid = into.userid.as_deref().or(from.userid.as_deref());
    let phone = into.phone.as_deref().or(from.phone.as_deref());
    let name = into.name.as_deref().or(from.name.as_deref());
    rows::take_names(conn, organization_id, &into.id, userid, phone, name).await?;
    phones::clear_notices(conn, organization_id, now).await?;
    let before = json!({ "person_id": from.id, "userid": from.userid, "identities": moved.identities,
        "tickets": moved.tickets });
    let after = json!({ "merged_into": into.id, "why": why });
    let change = Change { action: "person.merge", subject_id: &into.id, at: now };
    audit::record(conn, actor, change, Some(&before), Some(&after)).await?;
    Ok(Some(Merge { from: from.id, into: into.id }))
}

/// Who stays, and who goes.
fn elder_first(one: PersonRow, other: PersonRow) -> Option<(PersonRow, PersonRow)> {
    match (&one.userid, &other.userid) {
        (Some(_), Some(_)) => None,
        (Some(_), None) => Some((one, other)),
        (None, Some(_)) => Some((other, one)),
        (None, None) if (one.created_at, &one.id) <= (other.created_at, &other.id) => Some((one, other)),
        (None, None) => Some((other, one)),
    }
}

/// Lets the sessions that still name `person_id` follow to who that is by now, as what has just been written says.
pub async fn catch_up(app: &App, person_id: &str, by_now: &str) -> Result<(), Problem> {
    if person_id == by_now {
        return Ok(());
    }
    follow(app, &[Merge { from: person_id.to_owned(), into: by_now.to_owned() }]).await
}

/// Lets the sessions of merged persons follow. Called once the merges are committed; sessions that a crash in between
/// leaves behind see an empty person until they expire, log in again or [`catch_up`].
pub async fn follow(app: &App, merges: &[Merge]) -> Result<(), Problem> {
    for Merge { from, into } in merges {
        let roles = service::roles_of(&mut app.db.read().await?, into).await?;
        app.sessions.move_person(from, into, None, roles).await?;
    }
    Ok(())
}
