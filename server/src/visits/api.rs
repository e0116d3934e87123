//! Visits over HTTP.

use super::check_in::{self, CheckIn, Written};
use super::check_out::{self, CheckOut, Ending};
use super::sql;
use super::view::{self, Visit};
use super::work::{self, Labor, Part};
use crate::app::App;
use crate::audit::Actor;
use crate::fixes::{self, FixBody, Zone};
use crate::http::fields::Fields;
use crate::http::page::{Page, Query};
use crate::http::{Body, Caller, Engineer, Guest, Moment, ProblemDocument};
use crate::problem::Problem;
use crate::work_orders::views::{self, WorkOrder};
use crate::work_orders::{self, ServiceSettings, Viewer};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web};
use futures_util::FutureExt;
use jiff::civil::Date;
use paifang_core::text;
use paifang_core::work_order::moves::{REASON, TEXT};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The longest reason for having no fix, in characters.
const SKIP_REASON: usize = 200;
/// The most photos of a check-out.
const MOST_PHOTOS: usize = 9;

/// A check-in.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewVisit)]
pub struct CheckInBody {
    /// What the phone calls it: 16 to 64 of `[A-Za-z0-9_-]`. Sending it again has no second effect.
    visit_key: String,
    /// The day that it belongs to, as `2026-11-21`: the local day of `at` (also when absent), or the one before, for
    /// who works past midnight.
    day: Option<String>,
    /// When it happened, by the phone's clock. Seven days back to five minutes ahead.
    at: Moment,
    /// When this request is sent, by the phone's clock.
    sent_at: Moment,
    fix: Option<FixBody>,
    /// Why there is no fix, or none inside; 1 to 200 characters.
    skip_reason: Option<String>,
    /// A photo that was uploaded.
    photo_id: Option<String>,
    /// Whether there was no network then.
    #[serde(default)]
    offline: bool,
}

/// A check-out.
#[derive(Deserialize, ToSchema)]
#[schema(as = VisitCheckOut)]
pub struct CheckOutBody {
    /// The version of the visit that was seen; any when absent.
    version: Option<i64>,
    /// When it happened, by the phone's clock.
    at: Moment,
    /// When this request is sent, by the phone's clock.
    sent_at: Moment,
    fix: Option<FixBody>,
    /// Why there is no fix, or none inside; 1 to 200 characters.
    skip_reason: Option<String>,
    #[serde(default)]
    offline: bool,
    /// `done`, `paused` or `unfinished`.
    result: String,
    /// What was done, 1 to 2,000 characters.
    text: String,
    /// Why; where it is paused. 1 to 500 characters.
    reason: Option<String>,
    #[serde(default)]
    parts: Vec<Part>,
    #[serde(default)]
    labor: Vec<Labor>,
    /// The customer's signature, uploaded.
    signature_id: Option<String>,
    /// Who signed, 1 to 100 characters.
    signer_name: Option<String>,
    /// At most nine.
    #[serde(default)]
    photo_ids: Vec<String>,
}

/// A visit, and its order as it is now.
#[derive(Serialize, ToSchema)]
pub struct VisitAndOrder {
    visit: Visit,
    /// Absent where it is another engineer's now.
    #[serde(skip_serializing_if = "Option::is_none")]
    work_order: Option<WorkOrder>,
    /// Why the order did not move along: `not_from_this_state` or `not_yours`.
    #[serde(skip_serializing_if = "Option::is_none")]
    work_order_conflict: Option<String>,
}

/// Which day.
#[derive(Deserialize, IntoParams)]
pub struct DayQuery {
    /// As `2026-11-21`, on the organization's calendar; today when absent.
    day: Option<String>,
}

/// Checks in on site: the engineer of the order, or who was until it was given to somebody else. Makes the move `arrive`
/// where it is allowed.
#[utoipa::path(tag = "visits", request_body = CheckInBody,
    responses((status = 201, body = VisitAndOrder),
        (status = 200, body = VisitAndOrder, description = "It was there already."),
        (status = "default", body = ProblemDocument)))]
#[post("/work-orders/{id}/visits")]
pub async fn create_visit(
    app: web::Data<App>,
    caller: Engineer,
    id: web::Path<String>,
    body: Body<CheckInBody>,
) -> Result<HttpResponse, Problem> {
    caller.session()?;
    let CheckInBody { visit_key, day, at, sent_at, fix, skip_reason, photo_id, offline } = body.value;
    let mut fields = Fields::default();
    fixes::read_key(&mut fields, "visit_key", &visit_key);
    fixes::read_day(&mut fields, "day", day.as_deref());
    let fix = fix.and_then(|fix| fix.read(&mut fields, "fix"));
    let skip_reason = fields.optional_label("skip_reason", skip_reason.as_deref(), SKIP_REASON);
    fields.finish()?;
    let check_in = CheckIn {
        work_order_id: id.into_inner(),
        visit_key,
        day,
        at: at.0,
        sent_at: sent_at.0,
        fix,
        skip_reason,
        photo_id,
        offline,
    };
    let (mut actor, now) = (Actor::from(&*caller), app.clock.now());
    let mut viewer = Viewer::of(&mut app.db.read().await?, &caller).await?;
    let written = app
        .db
        .write(move |conn| {
            async move {
                viewer.hold(conn, &mut actor).await?;
                check_in::write(conn, &actor, &viewer, check_in, now).await
            }
            .boxed()
        })
        .await?;
    let status = if written.new { StatusCode::CREATED } else { StatusCode::OK };
    let conflict = written.visit.in_conflict.clone();
    Ok(HttpResponse::build(status).json(answer(&app, &caller, written, conflict).await?))
}

/// Checks out: what was done. `{visit}` is the visit's id or its `visit_key`. Makes the move `finish` or `pause` where it
/// is allowed.
#[utoipa::path(tag = "visits", request_body = CheckOutBody,
    responses((status = 200, body = VisitAndOrder), (status = "default", body = ProblemDocument)))]
#[patch("/work-orders/{id}/visits/{visit}")]
pub async fn check_out_of_visit(
    app: web::Data<App>,
    caller: Engineer,
    path: web::Path<(String, String)>,
    body: Body<CheckOutBody>,
) -> Result<web::Json<VisitAndOrder>, Problem> {
    caller.session()?;
    let (work_order_id, visit) = path.into_inner();
    let check_out = body.value.read(work_order_id, visit)?;
    let (mut actor, now) = (Actor::from(&*caller), app.clock.now());
    let mut viewer = Viewer::of(&mut app.db.read().await?, &caller).await?;
    let written = app
        .db
        .write(move |conn| {
            async move {
                viewer.hold(conn, &mut actor).await?;
                check_out::write(conn, &actor, &viewer, check_out, now).await
            }
            .boxed()
        })
        .await?;
    let conflict = written.visit.out_conflict.clone();
    Ok(web::Json(answer(&app, &caller, written, conflict).await?))
}

impl CheckOutBody {
    fn read(self, work_order_id: String, visit: String) -> Result<CheckOut, Problem> {
        let mut fields = Fields::default();
        let ending = Ending::parse(&self.result);
        if ending.is_none() {
            fields.wrong("result", "unknown", "is `done`, `paused` or `unfinished`");
        }
        let fix = self.fix.and_then(|fix| fix.read(&mut fields, "fix"));
        let skip_reason = fields.optional_label("skip_reason", self.skip_reason.as_deref(), SKIP_REASON);
        let mut passage = |field: &str, value: &str, longest: usize| {
            let read = text::passage(value, longest);
            if read.is_none() {
                fields.wrong(field, "length", format!("needs 1 to {longest} characters"));
            }
            read.unwrap_or_default()
        };
        let text = passage("text", &self.text, TEXT);
        let reason = self.reason.as_deref().map(|reason| passage("reason", reason, REASON));
        if ending == Some(Ending::Paused) && reason.is_none() {
            fields.wrong("reason", "required", "is missing");
        }
        let parts = work::read_parts(&mut fields, self.parts);
        let labor = work::read_labor(&mut fields, self.labor);
        let signer_name = fields.optional_label("signer_name", self.signer_name.as_deref(), 100);
        if self.photo_ids.len() > MOST_PHOTOS {
            fields.wrong("photo_ids", "length", format!("at most {MOST_PHOTOS} photos"));
        }
        fields.finish()?;
        Ok(CheckOut {
            work_order_id,
            visit,
            version: self.version,
            at: self.at.0,
            sent_at: self.sent_at.0,
            fix,
            skip_reason,
            offline: self.offline,
            ending: ending.unwrap_or(Ending::Unfinished),
            text,
            reason,
            parts,
            labor,
            signature_id: self.signature_id,
            signer_name,
            photo_ids: self.photo_ids,
        })
    }
}

async fn answer(
    app: &App,
    caller: &Caller,
    written: Written,
    work_order_conflict: Option<String>,
) -> Result<VisitAndOrder, Problem> {
    let mut conn = app.db.read().await?;
    let mut viewer = Viewer::of(&mut conn, caller).await?;
    viewer.person_id = Some(written.visit.engineer_id.clone());
    let row = work_orders::sql::find(&mut conn, &caller.organization_id, &written.visit.work_order_id).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    let work_order = match viewer.sight(&row) {
        Some(sight) => Some(views::whole(app, &mut conn, &viewer, &row, sight).await?),
        None => None,
    };
    let visit = view::show(app, &mut conn, vec![written.visit], |_| true).await?.pop();
    let visit = visit.ok_or_else(|| Problem::internal("a visit was not shown"))?;
    Ok(VisitAndOrder { visit, work_order, work_order_conflict })
}

/// The visits of an order, in order of time. Customers do not see where the engineer was, only what that proved;
/// engineers to whom the order may go see their own visits.
#[utoipa::path(tag = "visits",
    responses((status = 200, body = Page<Visit>), (status = "default", body = ProblemDocument)))]
#[get("/work-orders/{id}/visits")]
pub async fn list_visits(
    app: web::Data<App>,
    caller: Guest,
    id: web::Path<String>,
) -> Result<web::Json<Page<Visit>>, Problem> {
    let mut conn = app.db.read().await?;
    let viewer = Viewer::of(&mut conn, &caller).await?;
    let (row, sight) = work_orders::find_for(&mut conn, &viewer, &id).await?;
    let party = viewer.party(&row);
    let mut rows = sql::of_order(&mut conn, &caller.organization_id, &id).await?;
    let own = |visit: &sql::VisitRow| Some(&visit.engineer_id) == viewer.person_id.as_ref();
    if sight == work_orders::Sight::Waiting {
        rows.retain(own);
    }
    let all = party.dispatcher || party.own_engineer;
    let shown = view::show(&app, &mut conn, rows, |visit| all || own(visit)).await?;
    Ok(web::Json(Page::whole(shown.into_iter())))
}

/// My visits of a day, in order of time.
#[utoipa::path(tag = "visits", params(DayQuery),
    responses((status = 200, body = Page<Visit>), (status = "default", body = ProblemDocument)))]
#[get("/me/visits")]
pub async fn list_my_visits(
    app: web::Data<App>,
    caller: Engineer,
    query: Query<DayQuery>,
) -> Result<web::Json<Page<Visit>>, Problem> {
    let person_id = caller.session()?.person_id.clone();
    let mut conn = app.db.read().await?;
    let day = match query.0.day {
        Some(day) if day.parse::<Date>().is_ok_and(|date| date.to_string() == day) => day,
        Some(_) => return Err(Problem::field("day", "format", "is no date as 2026-11-21")),
        None => {
            let settings = ServiceSettings::of(&mut conn, &caller.organization_id).await?;
            Zone(settings.zone()).day(app.clock.now())?
        }
    };
    let rows = sql::of_day(&mut conn, &caller.organization_id, &person_id, &day).await?;
    let shown = view::show(&app, &mut conn, rows, |_| true).await?;
    Ok(web::Json(Page::whole(shown.into_iter())))
}
