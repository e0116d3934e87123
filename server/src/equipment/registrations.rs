//! Registrations: a person has a unit, and says where it stands. The organization verifies it, which brings the position
//! and the address to the unit, or rejects it.

use super::sql::registrations::{self as sql, Decided, RegistrationRow};
use super::sql::{EquipmentRow, folded_serial};
use super::{find, find_by_code, service};
use crate::audit::{self, Actor, Change};
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use paifang_core::position::Position;
use paifang_core::problem::ProblemCode;
use serde_json::json;

/// Which unit somebody means.
pub struct Named<'a> {
    /// Its serial number.
    pub serial_number: &'a str,
    /// What its label says, where it was scanned.
    pub code: Option<&'a str>,
}

/// Where somebody says that a unit stands; checked.
#[derive(Clone)]
pub struct Place {
    pub address: Option<String>,
    pub position: Option<Position>,
    pub accuracy_meters: Option<i64>,
}

/// The unit of that serial number in the organization; with a code, it must be the one that carries it.
pub async fn identify(conn: &mut Conn, organization_id: &str, named: &Named<'_>) -> Result<EquipmentRow, Problem> {
    let unit = match named.code {
        Some(code) => find_by_code(conn, code).await?.filter(|unit| {
            let same = folded_serial(&unit.serial_number) == folded_serial(named.serial_number);
            same && unit.organization_id == organization_id
        }),
        None => super::sql::find_by_serial(conn, organization_id, named.serial_number).await?,
    };
    unit.ok_or_else(|| ProblemCode::SerialUnknown.into())
}

/// Registers a unit for a person; says whether this is new. Another place has to be looked at again, and without one
/// what is known stays.
pub async fn register(
    conn: &mut Conn,
    actor: &Actor,
    unit: &EquipmentRow,
    place: Place,
    now: i64,
) -> Result<(RegistrationRow, bool), Problem> {
    let row = RegistrationRow {
        id: random::id(now),
        organization_id: actor.organization_id.clone(),
        equipment_id: unit.id.clone(),
        person_id: actor.id.clone(),
        address: place.address.clone(),
        position_lat_e6: place.position.map(Position::latitude_e6),
        position_lng_e6: place.position.map(Position::longitude_e6),
        accuracy_meters: place.accuracy_meters,
        status: "pending".to_owned(),
        version: 1,
        reason: None,
        created_at: now,
        updated_at: now,
    };
    if sql::insert(conn, &row).await? {
        note(conn, actor, "equipment_registration.create", None, &row, now).await?;
        return Ok((row, true));
    }
    let before = sql::of_unit(conn, &actor.organization_id, &actor.id, &unit.id).await?;
    let before = before.ok_or_else(Problem::not_found)?;
    let after = RegistrationRow {
        address: row.address.or_else(|| before.address.clone()),
        position_lat_e6: row.position_lat_e6.or(before.position_lat_e6),
        position_lng_e6: row.position_lng_e6.or(before.position_lng_e6),
        accuracy_meters: if place.position.is_some() { row.accuracy_meters } else { before.accuracy_meters },
        status: row.status,
        reason: None,
        ..before.clone()
    };
    if after.address == before.address && after.position() == before.position() {
        return Ok((before, false));
    }
    let after = write(conn, after, None, now).await?;
    note(conn, actor, "equipment_registration.update", Some(&before), &after, now).await?;
    Ok((after, false))
}

/// What the organization makes of a registration.
pub struct Decision {
    /// Verified, else rejected.
    pub verify: bool,
    /// Why; checked.
    pub reason: Option<String>,
    /// The version that was looked at.
    pub version: Option<i64>,
}

/// Decides on a registration. The same decision again changes nothing.
pub async fn decide(
    conn: &mut Conn,
    actor: &Actor,
    id: &str,
    decision: Decision,
    now: i64,
) -> Result<RegistrationRow, Problem> {
    let before = sql::find(conn, &actor.organization_id, id).await?.ok_or_else(Problem::not_found)?;
    let status = if decision.verify { "verified" } else { "rejected" };
    if before.status == status {
        return Ok(before);
    }
    if decision.version.is_some_and(|version| version != before.version) {
        return Err(Problem::new(ProblemCode::VersionStale).with("current", json!({ "version": before.version })));
    }
    let after = RegistrationRow { status: status.to_owned(), reason: decision.reason, ..before.clone() };
    let after = write(conn, after, Some(Decided { by: &actor.id, at: now }), now).await?;
    note(conn, actor, "equipment_registration.decide", Some(&before), &after, now).await?;
    if decision.verify {
        let unit = find(conn, &actor.organization_id, &after.equipment_id).await?;
        let place = after.position();
        let verified = EquipmentRow {
            address: after.address.clone().or_else(|| unit.address.clone()),
            position_lat_e6: place.map(Position::latitude_e6).or(unit.position_lat_e6),
            position_lng_e6: place.map(Position::longitude_e6).or(unit.position_lng_e6),
            ..unit.clone()
        };
        service::write(conn, actor, &unit, verified, now).await?;
    }
    Ok(after)
}

async fn write(
    conn: &mut Conn,
    row: RegistrationRow,
    decided: Option<Decided<'_>>,
    now: i64,
) -> Result<RegistrationRow, Problem> {
    if !sql::update(conn, &row, decided.as_ref(), now).await? {
        return Err(ProblemCode::VersionStale.into());
    }
    Ok(RegistrationRow { version: row.version + 1, updated_at: now, ..row })
}

/// Where somebody has something is theirs to be forgotten, so the audit log only says that it is known.
async fn note(
    conn: &mut Conn,
    actor: &Actor,
    action: &str,
    before: Option<&RegistrationRow>,
    after: &RegistrationRow,
    now: i64,
) -> Result<(), Problem> {
    let shown = |row: &RegistrationRow| {
        json!({ "equipment_id": row.equipment_id, "person_id": row.person_id, "status": row.status,
            "has_position": row.position().is_some(), "has_address": row.address.is_some(), "reason": row.reason })
    };
    let change = Change { action, subject_id: &after.id, at: now };
    audit::record(conn, actor, change, before.map(shown).as_ref(), Some(&shown(after))).await
}
