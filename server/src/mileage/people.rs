//! Persons who become one, or ask to be forgotten.

use super::sql::days::{self, DayRow};
use super::sql::people as rows;
use super::{day, decide};
use crate::audit::{self, Actor, Change};
use crate::people;
use crate::problem::Problem;
use crate::storage::Conn;
use crate::work_orders::ServiceSettings;
use serde_json::json;

/// Moves visits, day points, days and legs of `from` to `into`; days of both have legs between the stops of both. Nothing
/// stays approved that one of them had approved for the other.
pub async fn carry(conn: &mut Conn, actor: &Actor, from: &str, into: &str, now: i64) -> Result<(), Problem> {
    let organization_id = actor.organization_id.as_str();
    let moved = rows::days(conn, organization_id, from).await?;
    let mut of_both = Vec::new();
    for day in &moved {
        let Some(kept) = days::lock(conn, organization_id, into, day).await? else { continue };
        let dropped = days::lock(conn, organization_id, from, day).await?;
        days::drop(conn, organization_id, from, day).await?;
        of_both.extend(dropped.map(|dropped| (kept, dropped)));
    }
    rows::move_all(conn, organization_id, from, into).await?;
    if !moved.is_empty() {
        let settings = ServiceSettings::of(conn, organization_id).await?;
        for day in moved {
            day::note_stops(conn, organization_id, into, &day, &settings, now).await?;
        }
    }
    for (kept, dropped) in of_both {
        join(conn, actor, &kept, &dropped, now).await?;
    }
    for day in rows::approved_by_either(conn, organization_id, from, into).await? {
        take_back(conn, actor, into, &day, now).await?;
    }
    Ok(())
}

/// A day that turns out to have been approved by its own engineer is to be approved by somebody else.
async fn take_back(conn: &mut Conn, actor: &Actor, engineer_id: &str, day: &str, now: i64) -> Result<(), Problem> {
    let Some(row) = days::lock(conn, &actor.organization_id, engineer_id, day).await? else { return Ok(()) };
    let approved = row.clone();
    let again = undecided(conn, &actor.organization_id, row, approved.submitted_at).await?;
    record(conn, actor, &[&approved], &again, now).await
}

/// A day of both has other legs than either had, so what was decided about one of them does not hold for it: it is to be
/// decided again, where either was submitted and all its legs have a length.
async fn join(conn: &mut Conn, actor: &Actor, kept: &DayRow, dropped: &DayRow, now: i64) -> Result<(), Problem> {
    let organization_id = actor.organization_id.as_str();
    let Some(row) = days::lock(conn, organization_id, &kept.engineer_id, &kept.day).await? else { return Ok(()) };
    let was_submitted = |row: &DayRow| matches!(row.status.as_str(), "submitted" | "approved");
    let after = if was_submitted(kept) || was_submitted(dropped) {
        undecided(conn, organization_id, row, kept.submitted_at.max(dropped.submitted_at)).await?
    } else {
        row
    };
    record(conn, actor, &[kept, dropped], &after, now).await
}

/// Writes and answers the day as if nobody had decided about it: submitted, or open where a leg has no length.
async fn undecided(
    conn: &mut Conn,
    organization_id: &str,
    row: DayRow,
    submitted_at: Option<i64>,
) -> Result<DayRow, Problem> {
    let open = DayRow { settled: None, version: row.version + 1, ..row };
    days::save(conn, organization_id, &open).await?;
    let state = day::read(conn, organization_id, &open.engineer_id, &open.day).await?;
    let status = if state.figures.complete { "submitted" } else { "open" };
    let again = DayRow {
        status: status.to_owned(),
        submitted_at: submitted_at.filter(|_| state.figures.complete),
        decided_at: None,
        decided_by: None,
        reason: None,
        ..open
    };
    days::save(conn, organization_id, &again).await?;
    Ok(again)
}

async fn record(conn: &mut Conn, actor: &Actor, of: &[&DayRow], after: &DayRow, now: i64) -> Result<(), Problem> {
    let shown = |row: &&DayRow| {
        json!({ "engineer_id": row.engineer_id, "status": row.status, "reason": row.reason,
            "decided_by": row.decided_by, "settled_meters": decide::settled_meters(row) })
    };
    let before = json!({ "day": after.day, "of": of.iter().map(shown).collect::<Vec<_>>() });
    let subject_id = after.engineer_id.as_str();
    let after = json!({ "day": after.day, "status": after.status });
    let change = Change { action: "mileage_day.merge", subject_id, at: now };
    audit::record(conn, actor, change, Some(&before), Some(&after)).await
}

/// Whether the engineer has asked to be forgotten: the figures stay as they were then, for nothing is left to compute
/// them from.
pub async fn is_forgotten(conn: &mut Conn, organization_id: &str, engineer_id: &str) -> Result<bool, Problem> {
    let person = people::sql::find_person(conn, organization_id, engineer_id).await?;
    Ok(person.is_some_and(|person| person.deleted_at.is_some()))
}

/// Forgets where the engineer was, and what was written about the way there. What the visits proved, and the mileage,
/// stay: orders and accounts need them.
pub async fn forget(conn: &mut Conn, organization_id: &str, engineer_id: &str) -> Result<(), Problem> {
    for day in rows::days(conn, organization_id, engineer_id).await? {
        let Some(mut row) = days::lock(conn, organization_id, engineer_id, &day).await? else { continue };
        let mut state = day::read(conn, organization_id, engineer_id, &day).await?;
        for leg in &mut state.figures.legs {
            leg.reason = None;
        }
        row.settled = Some(decide::settled(&state)?);
        row.reason = None;
        days::save(conn, organization_id, &row).await?;
    }
    rows::blur(conn, organization_id, engineer_id).await?;
    Ok(())
}
