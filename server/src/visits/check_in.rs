//! Check-in: the engineer is on site.

use super::orders;
use super::sql::{self, Mark, NewVisit, VisitRow};
use crate::audit::{self, Actor, Change};
use crate::fixes::{self, FixColumns, Zone};
use crate::http::body;
use crate::media::{self, Owner, Subject};
use crate::mileage::{self, only_of_kind};
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use crate::work_orders::{ServiceSettings, Viewer, WorkOrderRow};
use paifang_core::problem::ProblemCode;
use paifang_core::work_order::visit::{self, Judged, Presence, Timing};
use paifang_core::work_order::{Fields, Fix, Move};
use serde_json::json;

/// A check-in whose fields were checked.
pub struct CheckIn {
    pub work_order_id: String,
    pub visit_key: String,
    /// The day that it belongs to, where the phone says so.
    pub day: Option<String>,
    pub at: i64,
    pub sent_at: i64,
    pub fix: Option<Fix>,
    pub skip_reason: Option<String>,
    pub photo_id: Option<String>,
    pub offline: bool,
}

/// The most visits that an order takes: its page shows all of them.
const MOST_OF_ORDER: i64 = 150;

/// A visit after a check-in or check-out.
pub struct Written {
    pub visit: VisitRow,
    /// Whether this request made it so.
    pub new: bool,
}

/// Writes the visit of the actor, moves the order along, and answers the visit; the same one again has no second effect.
pub async fn write(
    conn: &mut Conn,
    actor: &Actor,
    viewer: &Viewer,
    check_in: CheckIn,
    now: i64,
) -> Result<Written, Problem> {
    let organization_id = actor.organization_id.as_str();
    let hash = check_in.hash();
    orders::lock(conn, organization_id, &check_in.work_order_id).await?;
    if let Some(stored) = sql::by_key(conn, organization_id, &check_in.visit_key).await? {
        let same = stored.engineer_id == actor.id && stored.in_hash == hash;
        return if same { Ok(Written { visit: stored, new: false }) } else { Err(ProblemCode::KeyReused.into()) };
    }
    let order = orders::of_engineer(conn, viewer, &check_in.work_order_id).await?;
    if sql::count_of_order(conn, organization_id, &check_in.work_order_id).await? >= MOST_OF_ORDER {
        let detail = format!("a work order has at most {MOST_OF_ORDER} visits");
        return Err(Problem::new(ProblemCode::Conflict).detail(detail));
    }
    let settings = ServiceSettings::of(conn, organization_id).await?;
    let timing = fixes::timing(check_in.at, check_in.sent_at, now)?;
    let judged = judge(&check_in, &order.row, &settings)?;
    let id = random::id(now);
    let (row, conflict) =
        orders::follow(conn, actor, viewer, order, (Move::Arrive, Fields::default()), timing.counted_at, now).await?;
    let new = check_in.visit(actor, id, hash, &judged, &timing, conflict, &settings, now)?;
    if !sql::insert(conn, organization_id, &new).await? {
        // Another order's visit of the same key was faster.
        return Err(ProblemCode::KeyReused.into());
    }
    if let Some(photo_id) = &new.photo_id {
        let owner = Owner::Person(new.engineer_id.clone());
        let subject = Subject { kind: "visit", id: &new.id };
        media::attach(conn, organization_id, &owner, std::slice::from_ref(photo_id), "photo_id", subject, now).await?;
        only_of_kind(conn, organization_id, &new.id, &[(photo_id, "photo", "photo_id")]).await?;
    }
    mileage::note_stop(conn, organization_id, &new.engineer_id, &new.day, &settings, now).await?;
    let detail = json!({ "visit_id": new.id, "event": "check_in", "outcome": new.mark.outcome });
    orders::note(conn, actor, &row, &detail, timing.counted_at, now).await?;
    let change = Change { action: "visit.check_in", subject_id: &new.id, at: now };
    let audited = json!({ "work_order_id": row.id, "outcome": new.mark.outcome, "offline": new.mark.offline });
    audit::created(conn, actor, change, &audited).await?;
    let visit = sql::find(conn, organization_id, &new.id).await?.ok_or_else(Problem::not_found)?;
    Ok(Written { visit, new: true })
}

impl CheckIn {
    /// What its key stands for; how and when it was sent is no part of it.
    fn hash(&self) -> String {
        let fix = fixes::hashed(self.fix.as_ref());
        let what = json!([self.work_order_id, self.day, self.at, fix, self.skip_reason, self.photo_id]);
        body::hash(what.to_string().as_bytes())
    }

    #[expect(clippy::too_many_arguments, reason = "everything that was found out about it")]
    fn visit(
        self,
        actor: &Actor,
        id: String,
        hash: String,
        judged: &Judged,
        timing: &Timing,
        conflict: Option<String>,
        settings: &ServiceSettings,
        now: i64,
    ) -> Result<NewVisit, Problem> {
        Ok(NewVisit {
            id,
            day: Zone(settings.zone()).working_day(timing.counted_at, self.day)?,
            mark: Mark {
                hash,
                at: self.at,
                counted_at: timing.counted_at,
                received_at: now,
                clock_skew: timing.clock_skew_ms,
                offline: self.offline,
                fix: FixColumns::from(self.fix.as_ref()),
                outcome: judged.outcome.as_str(),
                distance: judged.distance_meters,
                reason: self.skip_reason,
                conflict,
            },
            work_order_id: self.work_order_id,
            engineer_id: actor.id.clone(),
            visit_key: self.visit_key,
            photo_id: self.photo_id,
        })
    }
}

/// Judges where the engineer was, and asks for what the organization wants; never of what happened without network.
fn judge(check_in: &CheckIn, row: &WorkOrderRow, settings: &ServiceSettings) -> Result<Judged, Problem> {
    let presence = Presence {
        site: row.position(),
        fix: check_in.fix.as_ref(),
        at: Some(check_in.at),
        geofence_meters: settings.geofence_meters,
        offline: check_in.offline,
        skip_reason: check_in.skip_reason.as_deref(),
    };
    let judged = visit::judge(&presence);
    if settings.geofence_blocks && visit::is_blocked(&judged, &presence) {
        let problem = Problem::new(ProblemCode::OutsideGeofence).with("outcome", json!(judged.outcome));
        return Err(problem.with("distance_meters", json!(judged.distance_meters)));
    }
    if settings.check_in_photo && check_in.photo_id.is_none() && !check_in.offline {
        return Err(Problem::field("photo_id", "required", "a check-in needs a photo here"));
    }
    Ok(judged)
}
