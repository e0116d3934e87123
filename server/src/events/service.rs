//! Making events.

use super::keys;
use super::sql::{self, EventRow};
use crate::audit::{self, Actor, Change};
use crate::http::fields::Fields;
use crate::problem::Problem;
use crate::random;
use crate::seal::Sealer;
use crate::storage::Conn;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use paifang_core::time::{DAY, OffsetChange};
use serde_json::json;

/// Offset changes are kept from so long before an event until so long after it: scans may arrive late.
const MARGIN: i64 = 30 * DAY;
/// The longest event: five years.
const LONGEST: i64 = 5 * 366 * DAY;

/// An event to make.
pub struct NewEvent {
    pub name: String,
    pub starts_at: i64,
    pub ends_at: i64,
    pub time_zone: String,
    pub offsets: Vec<OffsetChange>,
}

impl NewEvent {
    /// Checks the fields.
    pub fn check(name: &str, starts_at: i64, ends_at: i64, time_zone: &str) -> Result<Self, Problem> {
        let mut fields = Fields::default();
        let name = fields.label("name", name, 200);
        fields.period("ends_at", Some(starts_at), Some(ends_at));
        if ends_at - starts_at > LONGEST {
            fields.wrong("ends_at", "range", "an event lasts five years at most");
        }
        let zone = TimeZone::get(time_zone);
        let zone = zone.inspect_err(|_| fields.wrong("time_zone", "unknown", "is no IANA time zone")).ok();
        fields.finish()?;
        let offsets = zone.map(|zone| offset_changes(&zone, starts_at - MARGIN, ends_at + MARGIN)).unwrap_or_default();
        Ok(Self { name, starts_at, ends_at, time_zone: time_zone.to_owned(), offsets })
    }
}

/// The zone's offset at `from` and its changes until `until`, so that phones need no time-zone database.
pub fn offset_changes(zone: &TimeZone, from: i64, until: i64) -> Vec<OffsetChange> {
    let Ok(start) = Timestamp::from_millisecond(from) else { return Vec::new() };
    let at = |from: i64, offset: Offset| OffsetChange { from, seconds: offset.seconds() };
    let following = zone.following(start).map(|change| at(change.timestamp().as_millisecond(), change.offset()));
    std::iter::once(at(from, zone.to_offset(start)))
        .chain(following.take_while(|change| change.from <= until))
        .collect()
}

/// Makes an event with its first signing key.
pub async fn create(
    conn: &mut Conn,
    sealer: &Sealer,
    actor: &Actor,
    new: NewEvent,
    now: i64,
) -> Result<EventRow, Problem> {
    let event = EventRow {
        id: random::id(now),
        organization_id: actor.organization_id.clone(),
        tag: i64::from(u32::from_be_bytes(random::bytes()?)),
        name: new.name,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        time_zone: new.time_zone,
        offsets: serde_json::to_string(&new.offsets).map_err(|error| Problem::internal(error.to_string()))?,
        created_at: now,
    };
    sql::insert_event(conn, &event).await?;
    keys::add(conn, sealer, actor, &event, now).await?;
    let change = Change { action: "event.create", subject_id: &event.id, at: now };
    audit::created(conn, actor, change, &json!({ "name": event.name, "time_zone": event.time_zone })).await?;
    Ok(event)
}

/// The event, if it is the organization's.
pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> Result<EventRow, Problem> {
    sql::find_event(conn, organization_id, id).await?.ok_or_else(Problem::not_found)
}
