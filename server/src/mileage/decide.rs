//! A day's mileage is submitted, and somebody else approves or rejects it.

use super::day::{self, DayState, Figures};
use super::people::is_forgotten;
use super::sql::days::{self, DayRow};
use crate::audit::{self, Actor, Change};
use crate::people::{self, service};
use crate::problem::Problem;
use crate::storage::Conn;
use paifang_core::problem::ProblemCode;
use serde_json::{Value, json};

/// What somebody decides about a day.
pub struct Decision {
    pub approve: bool,
    pub reason: Option<String>,
    /// The version that was looked at, where the caller says so.
    pub version: Option<i64>,
}

/// Submits a day: its engineer, or whoever may, for an engineer who was forgotten. One that is submitted or approved stays
/// so. `version` is the one that was looked at, where the caller says so.
pub async fn submit(
    conn: &mut Conn,
    actor: Actor,
    (engineer_id, day): (&str, &str),
    version: Option<i64>,
    now: i64,
) -> Result<(), Problem> {
    let (actor, engineer_id) = as_they_are(conn, actor, engineer_id).await?;
    if actor.id != engineer_id && !is_forgotten(conn, &actor.organization_id, &engineer_id).await? {
        return Err(Problem::new(ProblemCode::Forbidden).detail("only the engineer submits the day"));
    }
    let (mut row, state) = locked(conn, &actor, &engineer_id, day).await?;
    if matches!(row.status.as_str(), "submitted" | "approved") {
        return Ok(());
    }
    seen(&row, version)?;
    if !state.figures.complete || state.figures.legs.is_empty() {
        return Err(ProblemCode::MileageIncomplete.into());
    }
    let before = row.clone();
    "submitted".clone_into(&mut row.status);
    (row.submitted_at, row.decided_at, row.decided_by, row.reason) = (Some(now), None, None, None);
    save(conn, &actor, &before, row, "mileage_day.submit", now).await
}

/// Approves a submitted day, or rejects a submitted or approved one; nobody their own. Its figures stay as they are once
/// it is approved; those of who was forgotten stay in any case.
pub async fn decide(
    conn: &mut Conn,
    actor: Actor,
    (engineer_id, day): (&str, &str),
    decision: Decision,
    now: i64,
) -> Result<(), Problem> {
    let (actor, engineer_id) = as_they_are(conn, actor, engineer_id).await?;
    if actor.id == engineer_id {
        return Err(Problem::new(ProblemCode::Forbidden).detail("nobody decides about their own mileage"));
    }
    let (mut row, state) = locked(conn, &actor, &engineer_id, day).await?;
    let decided = if decision.approve { "approved" } else { "rejected" };
    if row.status == decided && (decision.approve || row.reason == decision.reason) {
        return Ok(());
    }
    seen(&row, decision.version)?;
    let possible = row.status == "submitted" || row.status == "approved" && !decision.approve;
    if !possible {
        return Err(Problem::new(ProblemCode::Conflict).detail(format!("the day is {}", row.status)));
    }
    // Stops may have come after it was submitted.
    if decision.approve && !state.figures.complete {
        return Err(ProblemCode::MileageIncomplete.into());
    }
    let before = row.clone();
    decided.clone_into(&mut row.status);
    (row.decided_at, row.decided_by, row.reason) = (Some(now), Some(actor.id.clone()), decision.reason);
    row.settled = match decision.approve {
        true => Some(settled(&state)?),
        false if is_forgotten(conn, &actor.organization_id, &engineer_id).await? => row.settled,
        false => None,
    };
    save(conn, &actor, &before, row, "mileage_day.decide", now).await
}

/// The figures of a day, as they are kept.
pub fn settled(state: &DayState) -> Result<String, Problem> {
    serde_json::to_string(&state.figures).map_err(|error| Problem::internal(error.to_string()))
}

/// What was settled of a day, in meters.
pub fn settled_meters(row: &DayRow) -> Option<i64> {
    serde_json::from_str::<Figures>(row.settled.as_deref()?).ok().map(|figures| figures.total_meters)
}

/// Who writes, and whose day it is, until the transaction ends: either may have become one with somebody else a moment
/// ago, also with the other.
async fn as_they_are(conn: &mut Conn, mut actor: Actor, engineer_id: &str) -> Result<(Actor, String), Problem> {
    if actor.kind == "person" {
        actor.id = service::hold(conn, &actor.organization_id, &actor.id).await?;
    }
    let engineer = people::sql::find_person(conn, &actor.organization_id, engineer_id).await?;
    Ok((actor, engineer.ok_or_else(Problem::not_found)?.id))
}

async fn locked(conn: &mut Conn, actor: &Actor, engineer_id: &str, day: &str) -> Result<(DayRow, DayState), Problem> {
    let row = days::lock(conn, &actor.organization_id, engineer_id, day).await?;
    // A day without stops has nothing to submit or to decide on.
    let row = row.ok_or(ProblemCode::MileageIncomplete)?;
    let state = day::read(conn, &actor.organization_id, engineer_id, day).await?;
    Ok((row, state))
}

fn seen(row: &DayRow, version: Option<i64>) -> Result<(), Problem> {
    if version.is_none_or(|version| version == row.version) {
        return Ok(());
    }
    let current = json!({ "status": row.status, "version": row.version });
    Err(Problem::new(ProblemCode::VersionStale).with("current", current))
}

async fn save(
    conn: &mut Conn,
    actor: &Actor,
    before: &DayRow,
    row: DayRow,
    action: &str,
    now: i64,
) -> Result<(), Problem> {
    let after = DayRow { version: row.version + 1, ..row };
    days::save(conn, &actor.organization_id, &after).await?;
    let shown = |row: &DayRow| -> Value { json!({ "day": row.day, "status": row.status, "reason": row.reason }) };
    let change = Change { action, subject_id: &after.engineer_id, at: now };
    audit::record(conn, actor, change, Some(&shown(before)), Some(&shown(&after))).await
}
