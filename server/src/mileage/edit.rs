//! What somebody says about a leg, instead of what was computed.

use super::people::is_forgotten;
use super::proof::only_of_kind;
use super::sql::days;
use super::sql::legs::{self, LegRow};
use super::{day, sql};
use crate::audit::{self, Actor, Change};
use crate::media::{self, MediaRow, Owner, Subject};
use crate::problem::Problem;
use crate::storage::Conn;
use paifang_core::problem::{FieldError, ProblemCode};
use paifang_core::work_order::mileage::{Edit, Method};
use serde_json::json;

/// The most photos of one leg.
const MOST_PHOTOS: usize = 9;

/// What somebody says about a leg.
pub struct LegEdit {
    pub version: i64,
    pub method: Method,
    pub meters: Option<i64>,
    pub odometer_start_meters: Option<i64>,
    pub odometer_end_meters: Option<i64>,
    pub photo_ids: Vec<String>,
    pub reason: String,
}

/// Changes a leg that the caller may see, unless its day is approved. Sending the same again changes nothing.
pub async fn change(
    conn: &mut Conn,
    actor: &Actor,
    owner: &Owner,
    leg_id: &str,
    edit: LegEdit,
    now: i64,
) -> Result<LegRow, Problem> {
    let organization_id = actor.organization_id.as_str();
    let found = legs::find(conn, organization_id, leg_id).await?.ok_or_else(Problem::not_found)?;
    let locked = days::lock(conn, organization_id, &found.engineer_id, &found.day).await?;
    let mut locked = locked.ok_or_else(Problem::not_found)?;
    // Read again: whoever held the lock may have changed it.
    let before = legs::find(conn, organization_id, leg_id).await?.ok_or_else(Problem::not_found)?;
    let after = edited(&before, actor, &edit);
    let photos = media::of_subjects(conn, organization_id, &[&before.id]).await?;
    let is_shown = |id: &String| photos.iter().any(|photo| photo.id == *id);
    let same = before == LegRow { version: before.version, ..after.clone() } && edit.photo_ids.iter().all(is_shown);
    if same && edit.version.checked_add(1) == Some(before.version) {
        return Ok(before);
    }
    if locked.status == "approved" {
        return Err(ProblemCode::MileageApproved.into());
    }
    if is_forgotten(conn, organization_id, &before.engineer_id).await? {
        return Err(Problem::new(ProblemCode::Conflict).detail("the engineer was forgotten: the figures stay"));
    }
    let shown = day::read(conn, organization_id, &before.engineer_id, &before.day).await?;
    let Some(current) = shown.figures.legs.iter().find(|leg| leg.id == before.id) else {
        return Err(Problem::new(ProblemCode::Conflict).detail("another stop lies between: this is no leg any more"));
    };
    if before.version != edit.version {
        return Err(Problem::new(ProblemCode::VersionStale).with("current", json!(current)));
    }
    check(&before, &edit, &photos)?;
    let subject = Subject { kind: "leg", id: &before.id };
    media::attach(conn, organization_id, owner, &edit.photo_ids, "photo_ids", subject, now).await?;
    let wanted: Vec<_> = edit.photo_ids.iter().map(|id| (id.as_str(), "photo", "photo_ids")).collect();
    only_of_kind(conn, organization_id, &before.id, &wanted).await?;
    legs::save(conn, organization_id, &after).await?;
    locked.version += 1;
    sql::days::save(conn, organization_id, &locked).await?;
    // The reason may say where somebody lives, and the log is kept when they are forgotten.
    let shown = |row: &LegRow| {
        json!({ "method": row.method, "meters": row.meters, "odometer_start": row.odometer_start,
            "odometer_end": row.odometer_end })
    };
    let change = Change { action: "mileage_leg.update", subject_id: &before.id, at: now };
    audit::record(conn, actor, change, Some(&shown(&before)), Some(&shown(&after))).await?;
    Ok(after)
}

/// The leg as the edit leaves it; figures of other methods are dropped.
fn edited(before: &LegRow, actor: &Actor, edit: &LegEdit) -> LegRow {
    let odometer = edit.method == Method::Odometer;
    LegRow {
        method: edit.method.as_str().to_owned(),
        meters: edit.meters.filter(|_| edit.method == Method::Manual),
        odometer_start: edit.odometer_start_meters.filter(|_| odometer),
        odometer_end: edit.odometer_end_meters.filter(|_| odometer),
        reason: Some(edit.reason.clone()),
        changed_by: Some(actor.id.clone()),
        version: before.version + 1,
        ..before.clone()
    }
}

fn check(before: &LegRow, edit: &LegEdit, known: &[MediaRow]) -> Result<(), Problem> {
    let said = Edit {
        from: before.from_stop.clone(),
        to: before.to_stop.clone(),
        method: edit.method,
        meters: edit.meters,
        odometer_start_meters: edit.odometer_start_meters,
        odometer_end_meters: edit.odometer_end_meters,
    };
    let mut wrong = said.check().err().unwrap_or_default();
    let new = edit.photo_ids.iter().filter(|id| !known.iter().any(|known| known.id == **id)).count();
    if edit.method == Method::Odometer && known.is_empty() && edit.photo_ids.is_empty() {
        wrong.push(FieldError::new("photo_ids", "required", "an odometer is shown by a photo"));
    }
    if known.len() + new > MOST_PHOTOS {
        wrong.push(FieldError::new("photo_ids", "length", format!("at most {MOST_PHOTOS} photos")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Problem::fields(wrong)) }
}
