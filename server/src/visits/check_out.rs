//! Check-out: what was done, and the customer's signature.

use super::check_in::Written;
use super::orders::{self, Order};
use super::sql::{self, Mark, NewResult, VisitRow};
use super::work::{Labor, Part};
use crate::audit::{self, Actor, Change};
use crate::fixes::{self, FixColumns};
use crate::http::body;
use crate::media::{self, Owner, Subject};
use crate::mileage::only_of_kind;
use crate::problem::Problem;
use crate::storage::Conn;
use crate::work_orders::{self, ServiceSettings, Viewer, WorkOrderRow};
use paifang_core::problem::{FieldError, ProblemCode};
use paifang_core::work_order::visit::{self, Judged, Presence, Timing};
use paifang_core::work_order::{Fields, Fix, Move};
use serde_json::json;

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The work is done.
    Done,
    /// It must wait.
    Paused,
    /// It goes on another time.
    Unfinished,
}

impl Ending {
    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Paused => "paused",
            Self::Unfinished => "unfinished",
        }
    }

    /// Reads a name from the wire.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Done, Self::Paused, Self::Unfinished].into_iter().find(|ending| ending.as_str() == name)
    }
}

/// A check-out whose fields were checked.
pub struct CheckOut {
    pub work_order_id: String,
    /// The id of the visit, or its key.
    pub visit: String,
    pub version: Option<i64>,
    pub at: i64,
    pub sent_at: i64,
    pub fix: Option<Fix>,
    pub skip_reason: Option<String>,
    pub offline: bool,
    pub ending: Ending,
    pub text: String,
    pub reason: Option<String>,
    pub parts: Vec<Part>,
    pub labor: Vec<Labor>,
    pub signature_id: Option<String>,
    pub signer_name: Option<String>,
    pub photo_ids: Vec<String>,
}

/// Writes the actor's check-out, moves the order along, and answers the visit; the same one again has no second effect.
pub async fn write(
    conn: &mut Conn,
    actor: &Actor,
    viewer: &Viewer,
    check_out: CheckOut,
    now: i64,
) -> Result<Written, Problem> {
    let organization_id = actor.organization_id.as_str();
    let hash = check_out.hash();
    orders::lock(conn, organization_id, &check_out.work_order_id).await?;
    let row = work_orders::sql::find(conn, organization_id, &check_out.work_order_id).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    let visit = find(conn, actor, viewer, &row, &check_out.visit).await?;
    if let Some(stored) = &visit.out_hash {
        let same = *stored == hash;
        return if same { Ok(Written { visit, new: false }) } else { Err(ProblemCode::AlreadyCheckedOut.into()) };
    }
    if check_out.version.is_some_and(|version| version != visit.version) {
        let current = json!({ "id": visit.id, "version": visit.version });
        return Err(Problem::new(ProblemCode::VersionStale).with("current", current));
    }
    let settings = ServiceSettings::of(conn, organization_id).await?;
    let timing = fixes::timing(check_out.at, check_out.sent_at, now)?;
    check_out.check(&visit, &timing, &settings)?;
    let judged = check_out.judge(&row, &settings);
    let own = viewer.party(&row).own_engineer;
    let order = Order { row, own };
    let (row, conflict) = match check_out.moves() {
        Some(moves) => orders::follow(conn, actor, viewer, order, moves, timing.counted_at, now).await?,
        None => (order.row, None),
    };
    check_out.attach(conn, actor, &visit.id, now).await?;
    let detail = match check_out.ending {
        // The order did not move: the timeline says what was done all the same.
        Ending::Unfinished => {
            json!({ "visit_id": visit.id, "event": "check_out", "text": check_out.text, "reason": check_out.reason })
        }
        _ => json!({ "visit_id": visit.id, "event": "check_out" }),
    };
    orders::note(conn, actor, &row, &detail, timing.counted_at, now).await?;
    let result = check_out.result(hash, &judged, &timing, conflict, now)?;
    if !sql::check_out(conn, organization_id, &visit.id, &result).await? {
        return Err(ProblemCode::AlreadyCheckedOut.into());
    }
    let change = Change { action: "visit.check_out", subject_id: &visit.id, at: now };
    let audited = json!({ "work_order_id": row.id, "result": result.result, "outcome": result.mark.outcome });
    audit::created(conn, actor, change, &audited).await?;
    let visit = sql::find(conn, organization_id, &visit.id).await?.ok_or_else(Problem::not_found)?;
    Ok(Written { visit, new: true })
}

/// The engineer's own visit of that order, by its id or key.
async fn find(
    conn: &mut Conn,
    actor: &Actor,
    viewer: &Viewer,
    row: &WorkOrderRow,
    id_or_key: &str,
) -> Result<VisitRow, Problem> {
    let by_id = sql::find(conn, &row.organization_id, id_or_key).await?;
    let visit = match by_id {
        Some(visit) => Some(visit),
        None => sql::by_key(conn, &row.organization_id, id_or_key).await?,
    };
    let visit = visit.filter(|visit| visit.work_order_id == row.id).ok_or_else(Problem::not_found)?;
    if visit.engineer_id == actor.id {
        return Ok(visit);
    }
    match viewer.sight(row) {
        None => Err(Problem::not_found()),
        Some(_) => Err(Problem::new(ProblemCode::Forbidden).detail("the visit is another engineer's")),
    }
}

impl CheckOut {
    /// What was said; how and when it was sent is no part of it.
    fn hash(&self) -> String {
        let fix = fixes::hashed(self.fix.as_ref());
        let done = json!([self.ending.as_str(), self.text, self.reason, self.parts, self.labor]);
        let proof = json!([self.signature_id, self.signer_name, self.photo_ids]);
        let what = json!([self.at, fix, self.skip_reason, done, proof]);
        body::hash(what.to_string().as_bytes())
    }

    fn check(&self, visit: &VisitRow, timing: &Timing, settings: &ServiceSettings) -> Result<(), Problem> {
        let mut wrong = Vec::new();
        if !visit::may_follow(visit.in_counted_at, timing.counted_at) {
            wrong.push(FieldError::new("at", "range", "lies before the check-in"));
        }
        let signed = self.signature_id.is_some() || self.offline || self.ending != Ending::Done;
        if settings.signature_required && !signed {
            wrong.push(FieldError::new("signature_id", "required", "the customer has to sign"));
        }
        if wrong.is_empty() { Ok(()) } else { Err(Problem::fields(wrong)) }
    }

    fn judge(&self, row: &WorkOrderRow, settings: &ServiceSettings) -> Judged {
        visit::judge(&Presence {
            site: row.position(),
            fix: self.fix.as_ref(),
            at: Some(self.at),
            geofence_meters: settings.geofence_meters,
            offline: self.offline,
            skip_reason: self.skip_reason.as_deref(),
        })
    }

    /// The move that it means.
    fn moves(&self) -> Option<(Move, Fields)> {
        match self.ending {
            Ending::Done => Some((Move::Finish, Fields { text: Some(self.text.clone()), ..Fields::default() })),
            Ending::Paused => Some((Move::Pause, Fields { reason: self.reason.clone(), ..Fields::default() })),
            Ending::Unfinished => None,
        }
    }

    async fn attach(&self, conn: &mut Conn, actor: &Actor, visit_id: &str, now: i64) -> Result<(), Problem> {
        let organization_id = actor.organization_id.as_str();
        let owner = Owner::Person(actor.id.clone());
        let subject = Subject { kind: "visit", id: visit_id };
        media::attach(conn, organization_id, &owner, &self.photo_ids, "photo_ids", subject, now).await?;
        let mut wanted: Vec<_> = self.photo_ids.iter().map(|id| (id.as_str(), "photo", "photo_ids")).collect();
        if let Some(id) = &self.signature_id {
            media::attach(conn, organization_id, &owner, std::slice::from_ref(id), "signature_id", subject, now)
                .await?;
            wanted.push((id, "signature", "signature_id"));
        }
        only_of_kind(conn, organization_id, visit_id, &wanted).await
    }

    fn result(
        self,
        hash: String,
        judged: &Judged,
        timing: &Timing,
        conflict: Option<String>,
        now: i64,
    ) -> Result<NewResult, Problem> {
        let json = |error: serde_json::Error| Problem::internal(error.to_string());
        Ok(NewResult {
            result: self.ending.as_str(),
            parts: serde_json::to_string(&self.parts).map_err(json)?,
            labor: serde_json::to_string(&self.labor).map_err(json)?,
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
            text: self.text,
            reason: self.reason,
            signature_id: self.signature_id,
            signer_name: self.signer_name,
        })
    }
}
