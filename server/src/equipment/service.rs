//! Making, changing and retiring units.

use super::sql::{self, EquipmentRow};
use super::{find, view::Equipment};
use crate::audit::{self, Actor, Change};
use crate::customers;
use crate::problem::Problem;
use crate::random;
use crate::storage::{Conn, is_unique_violation};
use crate::work_orders;
use paifang_core::position::Position;
use paifang_core::problem::ProblemCode;
use serde_json::{Value, json};

/// What is said of a unit; checked, apart from the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub serial_number: String,
    pub model: String,
    pub customer_id: Option<String>,
    pub site: Option<String>,
    pub address: Option<String>,
    pub position: Option<Position>,
    /// The last day of the warranty (ISO 8601).
    pub warranty_until: Option<String>,
}

impl Content {
    /// A unit that is new.
    pub fn into_row(self, organization_id: &str, now: i64) -> Result<EquipmentRow, Problem> {
        let row = EquipmentRow {
            id: random::id(now),
            organization_id: organization_id.to_owned(),
            code: random::short_id()?.to_string(),
            serial_number: String::new(),
            model: String::new(),
            customer_id: None,
            site: None,
            address: None,
            position_lat_e6: None,
            position_lng_e6: None,
            warranty_until: None,
            version: 1,
            created_at: now,
            updated_at: now,
            retired_at: None,
        };
        Ok(self.applied_to(&row))
    }

    /// The unit with this said of it.
    pub fn applied_to(self, row: &EquipmentRow) -> EquipmentRow {
        EquipmentRow {
            id: row.id.clone(),
            organization_id: row.organization_id.clone(),
            code: row.code.clone(),
            serial_number: self.serial_number,
            model: self.model,
            customer_id: self.customer_id,
            site: self.site,
            address: self.address,
            position_lat_e6: self.position.map(Position::latitude_e6),
            position_lng_e6: self.position.map(Position::longitude_e6),
            warranty_until: self.warranty_until,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            retired_at: row.retired_at,
        }
    }
}

/// Makes a unit.
pub async fn create(conn: &mut Conn, actor: &Actor, content: Content, now: i64) -> Result<EquipmentRow, Problem> {
    create_labeled(conn, actor, content, random::short_id()?.to_string(), now).await
}

/// Makes a unit whose label was printed before.
pub async fn create_labeled(
    conn: &mut Conn,
    actor: &Actor,
    content: Content,
    code: String,
    now: i64,
) -> Result<EquipmentRow, Problem> {
    check_customer(conn, actor, content.customer_id.as_deref()).await?;
    let row = EquipmentRow { code, ..content.into_row(&actor.organization_id, now)? };
    sql::import::insert(conn, std::slice::from_ref(&row)).await.map_err(serial_taken)?;
    let change = Change { action: "equipment.create", subject_id: &row.id, at: now };
    audit::created(conn, actor, change, &summary(&row)).await?;
    Ok(row)
}

/// Changes a unit as it was in `version`; another version is stale, and answered with the unit of today.
pub async fn change(
    conn: &mut Conn,
    actor: &Actor,
    id: &str,
    content: Content,
    version: i64,
    now: i64,
) -> Result<EquipmentRow, Problem> {
    let before = find(conn, &actor.organization_id, id).await?;
    if before.version != version {
        return Err(stale(conn, &actor.organization_id, id, now).await?);
    }
    check_customer(conn, actor, content.customer_id.as_deref()).await?;
    write(conn, actor, &before, content.applied_to(&before), now).await
}

/// Writes a unit that differs from what it was.
pub async fn write(
    conn: &mut Conn,
    actor: &Actor,
    before: &EquipmentRow,
    after: EquipmentRow,
    now: i64,
) -> Result<EquipmentRow, Problem> {
    if after == *before {
        return Ok(after);
    }
    if !sql::update(conn, &after, before.version, now).await.map_err(serial_taken)? {
        return Err(stale(conn, &before.organization_id, &before.id, now).await?);
    }
    if after.position() != before.position() {
        work_orders::follow_unit(conn, before, &after).await?;
    }
    let change = Change { action: "equipment.update", subject_id: &after.id, at: now };
    audit::record(conn, actor, change, Some(&summary(before)), Some(&summary(&after))).await?;
    Ok(EquipmentRow { version: before.version + 1, updated_at: now, ..after })
}

/// Retires a unit: who scans it finds nothing, and its serial number is free again.
pub async fn retire(conn: &mut Conn, actor: &Actor, id: &str, now: i64) -> Result<(), Problem> {
    let before = find(conn, &actor.organization_id, id).await?;
    if sql::retire(conn, &actor.organization_id, id, now).await? {
        let change = Change { action: "equipment.retire", subject_id: id, at: now };
        audit::record::<_, ()>(conn, actor, change, Some(&summary(&before)), None).await?;
    }
    Ok(())
}

/// What the audit log keeps of a unit. Its place may be the home of somebody who asks to be forgotten, so the log only
/// says whether it is known, and not what it was.
pub fn summary(row: &EquipmentRow) -> Value {
    json!({
        "serial_number": row.serial_number,
        "model": row.model,
        "customer_id": row.customer_id,
        "site": row.site,
        "has_address": row.address.is_some(),
        "has_position": row.position().is_some(),
        "warranty_until": row.warranty_until,
    })
}

async fn check_customer(conn: &mut Conn, actor: &Actor, id: Option<&str>) -> Result<(), Problem> {
    let Some(id) = id else { return Ok(()) };
    let known = customers::sql::find(conn, &actor.organization_id, id).await?;
    known.map(|_| ()).ok_or_else(|| Problem::field("customer_id", "unknown", "is no customer"))
}

async fn stale(conn: &mut Conn, organization_id: &str, id: &str, now: i64) -> Result<Problem, Problem> {
    let row = find(conn, organization_id, id).await?;
    let current = Equipment::load(conn, row, now).await?;
    let current = serde_json::to_value(current).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(Problem::new(ProblemCode::VersionStale).with("current", current))
}

/// A refused unit has a serial number that another one has.
pub fn serial_taken(error: sqlx::Error) -> Problem {
    match is_unique_violation(&error) {
        true => Problem::new(ProblemCode::AlreadyExists).detail("another unit has this serial number"),
        false => error.into(),
    }
}
