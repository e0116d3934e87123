//! Reports of faults: each makes one work order, however often it is sent.

use super::reporting::OpenWorkOrder;
use super::settings::ReportBy;
use super::sql::entries::{self, EntryRow};
use super::sql::{self, NewWorkOrder, WorkOrderRow, lists};
use super::{ServiceSettings, Viewer, content, follow};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::equipment::{self, EquipmentRow};
use crate::http::{Caller, body};
use crate::media::{self, Owner, Subject};
use crate::people::Role;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use futures_util::FutureExt;
use jiff::Timestamp;
use paifang_core::phone::Phone;
use paifang_core::position::Position;
use paifang_core::problem::ProblemCode;
use paifang_core::text;
use paifang_core::time::parse_rfc3339;
use paifang_core::work_order::moves::TEXT;
use paifang_core::work_order::near::cell_of;
use paifang_core::work_order::{BusinessHours, Report};
use serde_json::json;

/// With so many open orders, a unit gets no separate ones.
pub const MOST_OPEN: i64 = 20;
/// How often a number is drawn anew when it is taken.
const DRAWS: usize = 5;

/// What became of a report.
pub struct Submitted {
    /// The order.
    pub order: WorkOrderRow,
    /// Who has reported it.
    pub viewer: Viewer,
    /// Whether it was made just now, not before.
    pub created: bool,
}

/// Why somebody may not report a fault of a unit; nothing where they may.
pub fn why_not(
    settings: &ServiceSettings,
    unit: &EquipmentRow,
    caller: Option<&Caller>,
    viewer: Option<&Viewer>,
) -> Option<&'static str> {
    if settings.report_by == ReportBy::Guest || viewer.is_some_and(Viewer::dispatches) {
        return None;
    }
    let (Some(caller), Some(viewer)) = (caller, viewer) else { return Some("login_required") };
    match settings.report_by {
        ReportBy::Customer if !viewer.belongs_to(unit.customer_id.as_deref()) => Some("customers_only"),
        ReportBy::Member if !caller.may(Role::Member) && !viewer.has_customer() && !viewer.is_engineer() => {
            Some("members_only")
        }
        _ => None,
    }
}

/// Makes a work order of a report, and answers it with the settings that hold. `caller` is who has logged in to the unit's
/// organization, where somebody has.
pub async fn submit(
    app: &App,
    caller: Option<&Caller>,
    unit: EquipmentRow,
    report: Report,
) -> Result<(Submitted, ServiceSettings), Problem> {
    let wrong = report.check(caller.is_none());
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong));
    }
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let mut viewer = match caller {
        Some(caller) => Some(Viewer::of(&mut conn, caller).await?),
        None => None,
    };
    let settings = ServiceSettings::of(&mut conn, &unit.organization_id).await?;
    // Photos are uploaded anew, under other ids, when somebody logs in between two tries.
    let hash = body::hash(json!(Report { media_ids: Vec::new(), ..report.clone() }).to_string().as_bytes());
    if let Some(before) = sql::by_draft(&mut conn, &unit.organization_id, &report.draft_id).await? {
        if let Some(viewer) = &mut viewer {
            viewer.follow_merges(&mut conn).await?;
        }
        return Ok((replay(app, &mut conn, before, &unit.id, viewer, &hash).await?, settings));
    }
    drop(conn);
    check_in_use(&unit)?;
    if let Some(why) = why_not(&settings, &unit, caller, viewer.as_ref()) {
        return Err(Problem::new(ProblemCode::ReportNotAllowed).with("why_not", why.into()));
    }
    let skill = match settings.fault_type(&report.fault_type) {
        Some(fault) => fault.skill.clone(),
        None => return Err(Problem::field("fault_type", "unknown", "is none of the organization's fault types")),
    };
    let person_id = viewer.as_ref().and_then(|viewer| viewer.person_id.clone());
    let new = NewWorkOrder {
        number: String::new(),
        skill,
        content_check: content::check(app, caller, &settings, &report.text).await?,
        follow_code: follow::new_code()?,
        ..new_order(&report, &unit, person_id, &settings.business_time(now), &settings, hash.clone(), now)
    };
    let (actor, owner) = match caller {
        Some(caller) => (Actor::from(caller), Owner::of(caller)),
        None => {
            let id = new.id.clone();
            let organization_id = unit.organization_id.clone();
            (Actor { organization_id, kind: "follower", id }, Owner::Draft(report.draft_id.clone()))
        }
    };
    let day = Timestamp::from_millisecond(now).map(|at| at.to_zoned(settings.zone()).strftime("%y%m%d").to_string());
    let day = day.map_err(|error| Problem::internal(error.to_string()))?;
    let write = Write {
        app: app.clone(),
        new,
        day,
        owner,
        actor,
        media_ids: report.media_ids,
        separate: report.separate,
        viewer,
    };
    let submitted = app.db.write(move |conn| async move { write.run(conn, &hash).await }.boxed()).await?;
    Ok((submitted, settings))
}

/// The order that the same draft made. Whoever sends it with another content, because they never saw the answer, learns
/// which order it made: the person who reported it, and the phone that reported `unit` without login, which alone knows the
/// draft's id.
async fn replay(
    app: &App,
    conn: &mut Conn,
    order: WorkOrderRow,
    unit: &str,
    viewer: Option<Viewer>,
    hash: &str,
) -> Result<Submitted, Problem> {
    let person_id = viewer.as_ref().and_then(|viewer| viewer.person_id.clone());
    let is_nobodys = order.reporter_id.is_none();
    if !is_nobodys && order.reporter_id != person_id {
        return Err(ProblemCode::DraftReused.into());
    }
    let viewer = viewer.filter(|_| !is_nobodys).unwrap_or_else(|| Viewer::follower(&order));
    if order.report_hash == hash {
        return Ok(Submitted { order, viewer, created: false });
    }
    if is_nobodys && (order.equipment_id != unit || !entries::was_reported_openly(conn, &order.id).await?) {
        return Err(ProblemCode::DraftReused.into());
    }
    let follow = is_nobodys.then(|| json!({ "code": order.follow_code, "url": follow::page_of(app, &order) }));
    let shown = json!(OpenWorkOrder::new(order, Some(&viewer)));
    let problem = Problem::new(ProblemCode::DraftReused).with("work_order", shown);
    Err(match follow {
        Some(follow) => problem.with("follow", follow),
        None => problem,
    })
}

fn new_order(
    report: &Report,
    unit: &EquipmentRow,
    reporter_id: Option<String>,
    hours: &BusinessHours,
    settings: &ServiceSettings,
    report_hash: String,
    now: i64,
) -> NewWorkOrder {
    let due = |minutes: Option<i64>| minutes.and_then(|minutes| hours.after(now, minutes));
    let position = report.position.and_then(|at| Position::from_degrees(at.latitude, at.longitude));
    let phone = report.contact.phone.as_deref().and_then(Phone::parse);
    let preferred = report.preferred.as_ref();
    NewWorkOrder {
        id: random::id(now),
        organization_id: unit.organization_id.clone(),
        number: String::new(),
        draft_id: report.draft_id.clone(),
        report_hash,
        follow_code: String::new(),
        equipment_id: unit.id.clone(),
        customer_id: unit.customer_id.clone(),
        reporter_id,
        contact_name: report.contact.name.as_deref().and_then(|name| text::label(name, 100)),
        contact_phone: phone.map(|phone| phone.as_str().to_owned()),
        preferred: preferred.and_then(|period| parse_rfc3339(&period.from).zip(parse_rfc3339(&period.until))),
        fault_type: report.fault_type.clone(),
        skill: None,
        text: text::passage(&report.text, TEXT).unwrap_or_default(),
        content_check: "unchecked",
        cell: position.or_else(|| unit.position()).map(cell_of),
        address: report.address.as_deref().and_then(|address| text::label(address, 200)),
        is_separate: report.separate,
        response_due_at: due(settings.response_minutes),
        resolution_due_at: due(settings.resolution_minutes),
        submitted_at: now,
    }
}

/// What one transaction writes.
struct Write {
    app: App,
    new: NewWorkOrder,
    day: String,
    owner: Owner,
    actor: Actor,
    media_ids: Vec<String>,
    separate: bool,
    viewer: Option<Viewer>,
}

impl Write {
    async fn run(mut self, conn: &mut Conn, hash: &str) -> Result<Submitted, Problem> {
        if let Some(viewer) = &mut self.viewer {
            viewer.hold(conn, &mut self.actor).await?;
            self.new.reporter_id.clone_from(&viewer.person_id);
            self.owner = self.owner.held(&self.actor);
        }
        let unit = self.new.equipment_id.clone();
        let mut open = lists::open_of_unit(conn, &unit, MOST_OPEN).await?;
        let too_many = i64::try_from(open.len()).is_ok_and(|number| number >= MOST_OPEN);
        if !open.is_empty() && (!self.separate || too_many) {
            // The same report, twice at once, comes here too.
            return self.exists(conn, open.swap_remove(0), hash).await;
        }
        for _ in 0..DRAWS {
            let random: String = random::short_code()?.as_str().chars().take(5).collect();
            self.new.number = format!("{}-{random}", self.day);
            if sql::insert(conn, &self.new).await? {
                return self.written(conn).await;
            }
            if let Some(before) = sql::by_draft(conn, &self.new.organization_id, &self.new.draft_id).await? {
                return replay(&self.app, conn, before, &self.new.equipment_id, self.viewer, hash).await;
            }
            if let Some(open) = sql::open_of_unit(conn, &unit).await?.filter(|_| !self.separate) {
                return self.exists(conn, open, hash).await;
            }
        }
        Err(Problem::internal("no number is free"))
    }

    async fn exists(self, conn: &mut Conn, open: WorkOrderRow, hash: &str) -> Result<Submitted, Problem> {
        if let Some(before) = sql::by_draft(conn, &self.new.organization_id, &self.new.draft_id).await? {
            return replay(&self.app, conn, before, &self.new.equipment_id, self.viewer, hash).await;
        }
        let shown = json!(OpenWorkOrder::new(open, self.viewer.as_ref()));
        Err(Problem::new(ProblemCode::OpenWorkOrderExists).with("work_order", shown))
    }

    async fn written(self, conn: &mut Conn) -> Result<Submitted, Problem> {
        let (new, now) = (&self.new, self.new.submitted_at);
        let subject = Subject { kind: "work_order", id: &new.id };
        media::attach(conn, &new.organization_id, &self.owner, &self.media_ids, "media_ids", subject, now).await?;
        let entry = EntryRow {
            id: random::id(now),
            work_order_id: new.id.clone(),
            kind: "report".to_owned(),
            client_key: None,
            request_hash: None,
            made: None,
            from_state: None,
            to_state: Some("submitted".to_owned()),
            actor_kind: self.actor.kind.to_owned(),
            actor_id: self.actor.id.clone(),
            actor_as: "customer".to_owned(),
            detail: "{}".to_owned(),
            at: now,
        };
        entries::insert(conn, &new.organization_id, &entry).await?;
        let change = Change { action: "work_order.submit", subject_id: &new.id, at: now };
        let after = json!({ "number": new.number, "equipment_id": new.equipment_id, "fault_type": new.fault_type });
        audit::created(conn, &self.actor, change, &after).await?;
        let order = sql::find(conn, &new.organization_id, &new.id).await?.ok_or_else(Problem::not_found)?;
        let viewer = self.viewer.unwrap_or_else(|| Viewer::follower(&order));
        Ok(Submitted { order, viewer, created: true })
    }
}

/// The unit that a report names. It may be retired by now: what was said before is answered all the same, and
/// [`check_in_use`] refuses the rest.
pub async fn unit_of(app: &App, code: &str) -> Result<EquipmentRow, Problem> {
    equipment::find_labeled(&mut app.db.read().await?, code).await?.ok_or_else(Problem::not_found)
}

/// Nothing new is said of a unit that is retired.
pub fn check_in_use(unit: &EquipmentRow) -> Result<(), Problem> {
    if unit.retired_at.is_none() { Ok(()) } else { Err(Problem::not_found()) }
}
