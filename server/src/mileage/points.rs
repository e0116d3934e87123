//! Where a day starts and ends.

use super::day;
use super::proof::only_of_kind;
use super::sql::stops::{self, NewPoint, StoredPoint};
use crate::audit::{self, Actor, Change};
use crate::fixes::{self, FixColumns, Zone};
use crate::http::body;
use crate::media::{self, Owner, Subject};
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use crate::work_orders::ServiceSettings;
use paifang_core::problem::ProblemCode;
use paifang_core::work_order::Fix;
use paifang_core::work_order::mileage::StopKind;
use serde_json::json;

/// A day point whose fields were checked.
pub struct Point {
    pub point_key: String,
    pub kind: StopKind,
    /// The day that it belongs to, where the phone says so.
    pub day: Option<String>,
    pub at: i64,
    pub sent_at: i64,
    pub offline: bool,
    pub fix: Option<Fix>,
    pub address: Option<String>,
    pub odometer_meters: Option<i64>,
    pub photo_id: Option<String>,
}

impl Point {
    /// What its key stands for; how it was sent is no part of it.
    fn hash(&self) -> String {
        let fix = fixes::hashed(self.fix.as_ref());
        let what = json!([self.kind, self.day, self.at, fix, self.address, self.odometer_meters, self.photo_id]);
        body::hash(what.to_string().as_bytes())
    }
}

/// Writes it as the actor's, and answers its day, and whether it is new: the same one again is not.
pub async fn write(conn: &mut Conn, actor: &Actor, point: Point, now: i64) -> Result<(String, bool), Problem> {
    let organization_id = actor.organization_id.as_str();
    let request_hash = point.hash();
    if let Some(stored) = stops::by_key(conn, organization_id, &point.point_key).await? {
        return again(stored, &actor.id, &request_hash);
    }
    let timing = fixes::timing(point.at, point.sent_at, now)?;
    let settings = ServiceSettings::of(conn, organization_id).await?;
    let day = Zone(settings.zone()).working_day(timing.counted_at, point.day)?;
    let new = NewPoint {
        id: random::id(now),
        engineer_id: actor.id.clone(),
        point_key: point.point_key,
        request_hash,
        kind: point.kind.as_str(),
        day,
        at: point.at,
        counted_at: timing.counted_at,
        received_at: now,
        clock_skew: timing.clock_skew_ms,
        offline: point.offline,
        fix: FixColumns::from(point.fix.as_ref()),
        address: point.address,
        odometer_meters: point.odometer_meters,
    };
    if !stops::insert(conn, organization_id, &new).await? {
        let stored = stops::by_key(conn, organization_id, &new.point_key).await?;
        let stored = stored.ok_or_else(|| Problem::internal("a key that is taken has no day point"))?;
        return again(stored, &new.engineer_id, &new.request_hash);
    }
    if let Some(photo_id) = point.photo_id {
        let owner = Owner::Person(new.engineer_id.clone());
        let subject = Subject { kind: "day_point", id: &new.id };
        let ids = [photo_id];
        media::attach(conn, organization_id, &owner, &ids, "photo_id", subject, now).await?;
        let wanted = ids.each_ref().map(|id| (id.as_str(), "photo", "photo_id"));
        only_of_kind(conn, organization_id, &new.id, &wanted).await?;
    }
    day::note_stop(conn, organization_id, &new.engineer_id, &new.day, &settings, now).await?;
    let change = Change { action: "day_point.create", subject_id: &new.id, at: now };
    audit::created(conn, actor, change, &json!({ "kind": new.kind, "day": new.day })).await?;
    Ok((new.day, true))
}

fn again(stored: StoredPoint, engineer_id: &str, request_hash: &str) -> Result<(String, bool), Problem> {
    let same = stored.engineer_id == engineer_id && stored.request_hash == request_hash;
    if same { Ok((stored.day, false)) } else { Err(ProblemCode::KeyReused.into()) }
}
