//! The work order of a visit: whether the engineer has anything to do with it, and the moves that visits make.

use super::sql;
use crate::audit::Actor;
use crate::people;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use crate::work_orders::content::UNCHECKED;
use crate::work_orders::sql::entries::{self, EntryRow};
use crate::work_orders::{self, MoveRequest, Viewer, WorkOrderRow};
use paifang_core::problem::ProblemCode;
use paifang_core::work_order::visit::OLDEST;
use paifang_core::work_order::{Fields, Move, Refusal, State, decide};
use serde_json::{Value, json};
use std::collections::HashSet;

/// A locked order, and whether it is the engineer's now.
pub struct Order {
    pub row: WorkOrderRow,
    pub own: bool,
}

/// The order, which the caller has locked. It must be the engineer's, or have been: what happened on site is recorded
/// although somebody has given the order to another one meanwhile.
pub async fn of_engineer(conn: &mut Conn, viewer: &Viewer, id: &str) -> Result<Order, Problem> {
    let row = work_orders::sql::find(conn, &viewer.organization_id, id).await?.ok_or_else(Problem::not_found)?;
    if viewer.party(&row).own_engineer {
        return Ok(Order { row, own: true });
    }
    if was_engineer(conn, viewer, &row).await? {
        return Ok(Order { row, own: false });
    }
    match viewer.sight(&row) {
        None => Err(Problem::not_found()),
        Some(_) => Err(Problem::new(ProblemCode::Forbidden).detail("the order is not yours: take it first")),
    }
}

/// Locks the order's row; what is not the organization's is not found.
pub async fn lock(conn: &mut Conn, organization_id: &str, id: &str) -> Result<(), Problem> {
    if sql::lock_order(conn, organization_id, id).await? { Ok(()) } else { Err(Problem::not_found()) }
}

async fn was_engineer(conn: &mut Conn, viewer: &Viewer, row: &WorkOrderRow) -> Result<bool, Problem> {
    let Some(person_id) = &viewer.person_id else { return Ok(false) };
    let entries = entries::of_order(conn, &row.organization_id, &row.id).await?;
    let engineer = |entry: EntryRow| match entry.made.as_deref() {
        Some("take") => Some(entry.actor_id),
        Some("assign") => {
            let detail: Value = serde_json::from_str(&entry.detail).unwrap_or_default();
            detail.get("engineer_id").and_then(Value::as_str).map(str::to_owned)
        }
        _ => None,
    };
    let engineers: HashSet<String> = entries.into_iter().filter_map(engineer).collect();
    if engineers.contains(person_id) {
        return Ok(true);
    }
    // The timeline keeps the ids of that time: one of them may have become a part of this person.
    for id in &engineers {
        let person = people::sql::find_person(conn, &row.organization_id, id).await?;
        if person.is_some_and(|person| person.id == *person_id) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Makes the move that a visit means, where it is allowed; else answers why not. A state that was reached already is
/// no conflict.
pub async fn follow(
    conn: &mut Conn,
    actor: &Actor,
    viewer: &Viewer,
    order: Order,
    (made, fields): (Move, Fields),
    at: i64,
    now: i64,
) -> Result<(WorkOrderRow, Option<String>), Problem> {
    let Order { row, own } = order;
    if !own {
        return Ok((row, Some(reason(Refusal::NotYours))));
    }
    let reached: &[State] = match made {
        Move::Finish => &[State::Done, State::Confirmed, State::Closed],
        Move::Pause => &[State::Paused],
        _ => &[State::OnSite],
    };
    if reached.contains(&row.state()) {
        return Ok((row, None));
    }
    // An order that was paused and resumed since waits for another visit: this one leaves it as it is.
    if made == Move::Pause && row.state() != State::OnSite {
        return Ok((row, Some(reason(Refusal::NotFromThisState))));
    }
    if let Err(refusal) = decide(row.state(), viewer.party(&row), made) {
        return Ok((row, Some(reason(refusal))));
    }
    let at = Some(at.clamp(now - OLDEST, now));
    let request = MoveRequest { made, version: None, at, fields, content_check: UNCHECKED, move_key: None };
    Ok((work_orders::apply(conn, actor, viewer, row, &request, now).await?, None))
}

fn reason(refusal: Refusal) -> String {
    json!(refusal).as_str().unwrap_or_default().to_owned()
}

/// A line of the order's timeline.
pub async fn note(
    conn: &mut Conn,
    actor: &Actor,
    row: &WorkOrderRow,
    detail: &Value,
    at: i64,
    now: i64,
) -> Result<(), Problem> {
    let entry = EntryRow {
        id: random::id(now),
        work_order_id: row.id.clone(),
        kind: "visit".to_owned(),
        client_key: None,
        request_hash: None,
        made: None,
        from_state: None,
        to_state: None,
        actor_kind: actor.kind.to_owned(),
        actor_id: actor.id.clone(),
        actor_as: "engineer".to_owned(),
        detail: detail.to_string(),
        at,
    };
    entries::insert(conn, &row.organization_id, &entry).await?;
    Ok(())
}
