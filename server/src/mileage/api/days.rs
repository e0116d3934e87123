//! Days over HTTP.

use super::{DayView, approves, day_of, view, whose};
use crate::app::App;
use crate::audit::Actor;
use crate::http::fields::Fields;
use crate::http::page::{Page, Query};
use crate::http::{Body, Caller, Guest, Moment, OptionalBody, ProblemDocument};
use crate::mileage::decide::{self, Decision};
use crate::mileage::sql::days;
use crate::problem::Problem;
use crate::work_orders::views::Named;
use actix_web::{get, post, web};
use futures_util::FutureExt;
use paifang_core::problem::ProblemCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The most days of one list.
const MOST_DAYS: i64 = 500;

/// Which days.
#[derive(Deserialize, IntoParams)]
pub struct DaysQuery {
    /// `open`, `submitted` (when absent), `approved` or `rejected`.
    status: Option<String>,
    /// The first day, as `2026-11-01`.
    from: Option<String>,
    /// The last day.
    until: Option<String>,
}

/// A day in a list.
#[derive(Serialize, ToSchema)]
pub struct MileageDayItem {
    day: String,
    engineer: Named,
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    submitted_at: Option<Moment>,
}

/// What is submitted.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = MileageSubmission)]
pub struct SubmissionBody {
    /// The version of the day that was looked at; any when absent.
    version: Option<i64>,
}

/// What is decided about a day.
#[derive(Deserialize, ToSchema)]
#[schema(as = MileageDecision)]
pub struct DecisionBody {
    /// `approve` or `reject`.
    decision: String,
    /// Why; a rejection needs it. 1 to 200 characters.
    reason: Option<String>,
    /// The version of the day that was looked at; any when absent.
    version: Option<i64>,
}

/// Everybody's days in a status, the oldest first, at most 500: what waits for approval, where nothing else is asked.
#[utoipa::path(tag = "mileage", params(DaysQuery),
    responses((status = 200, body = Page<MileageDayItem>), (status = "default", body = ProblemDocument)))]
#[get("/mileage-days")]
pub async fn list_days(
    app: web::Data<App>,
    caller: Guest,
    query: Query<DaysQuery>,
) -> Result<web::Json<Page<MileageDayItem>>, Problem> {
    if !approves(&caller) {
        return Err(ProblemCode::Forbidden.into());
    }
    let DaysQuery { status, from, until } = query.0;
    let wrong = |name: &'static str| move |_| Problem::field(name, "format", "is no date as 2026-11-21");
    let first = from.map(|day| day_of(&day)).transpose().map_err(wrong("from"))?.unwrap_or_default();
    let last = until.map(|day| day_of(&day)).transpose().map_err(wrong("until"))?.unwrap_or_else(|| "9999".to_owned());
    let status = status.unwrap_or_else(|| "submitted".to_owned());
    if !["open", "submitted", "approved", "rejected"].contains(&status.as_str()) {
        return Err(Problem::field("status", "unknown", "is `open`, `submitted`, `approved` or `rejected`"));
    }
    let mut conn = app.db.read().await?;
    let rows = days::in_status(&mut conn, &caller.organization_id, &status, (&first, &last), MOST_DAYS).await?;
    let item = |row: days::ListedDay| MileageDayItem {
        day: row.day,
        engineer: Named { id: row.engineer_id, name: row.name },
        status: row.status,
        submitted_at: row.submitted_at.map(Moment),
    };
    Ok(web::Json(Page::whole(rows.into_iter().map(item))))
}

/// The mileage of a day: one's own (`me` or the id), or anybody's for who approves.
#[utoipa::path(tag = "mileage",
    responses((status = 200, body = DayView), (status = "default", body = ProblemDocument)))]
#[get("/mileage-days/{engineer}/{day}")]
pub async fn get_day(
    app: web::Data<App>,
    caller: Guest,
    path: web::Path<(String, String)>,
) -> Result<web::Json<DayView>, Problem> {
    let (engineer, day) = path.into_inner();
    show(&app, &caller, &engineer, &day_of(&day)?).await
}

/// Submits the mileage of a day for approval: its engineer, or who approves, for an engineer who was forgotten. Every leg
/// needs a length.
#[utoipa::path(tag = "mileage", request_body = Option<SubmissionBody>,
    responses((status = 200, body = DayView), (status = "default", body = ProblemDocument)))]
#[post("/mileage-days/{engineer}/{day}/submit")]
pub async fn submit_day(
    app: web::Data<App>,
    caller: Guest,
    path: web::Path<(String, String)>,
    body: OptionalBody<SubmissionBody>,
) -> Result<web::Json<DayView>, Problem> {
    let About { asked, engineer_id, day } = about(&app, &caller, path).await?;
    let SubmissionBody { version } = body.0;
    let (actor, now, of_day) = (Actor::from(&*caller), app.clock.now(), day.clone());
    app.db
        .write(move |conn| {
            async move { decide::submit(conn, actor, (&engineer_id, &of_day), version, now).await }.boxed()
        })
        .await?;
    show(&app, &caller, &asked, &day).await
}

/// Approves or rejects the mileage of a day. Nobody decides about their own. An approved day opens again by a
/// rejection only.
#[utoipa::path(tag = "mileage", request_body = DecisionBody,
    responses((status = 200, body = DayView), (status = "default", body = ProblemDocument)))]
#[post("/mileage-days/{engineer}/{day}/decision")]
pub async fn decide_day(
    app: web::Data<App>,
    caller: Guest,
    path: web::Path<(String, String)>,
    body: Body<DecisionBody>,
) -> Result<web::Json<DayView>, Problem> {
    if !approves(&caller) {
        return Err(ProblemCode::Forbidden.into());
    }
    let About { asked, engineer_id, day } = about(&app, &caller, path).await?;
    let DecisionBody { decision, reason, version } = body.value;
    let mut fields = Fields::default();
    let approve = decision == "approve";
    if !approve && decision != "reject" {
        fields.wrong("decision", "unknown", "is `approve` or `reject`");
    }
    if decision == "reject" && reason.is_none() {
        fields.wrong("reason", "required", "is missing");
    }
    let reason = fields.optional_label("reason", reason.as_deref(), 200);
    fields.finish()?;
    let (actor, now, of_day) = (Actor::from(&*caller), app.clock.now(), day.clone());
    let decision = Decision { approve, reason, version };
    app.db
        .write(move |conn| {
            async move { decide::decide(conn, actor, (&engineer_id, &of_day), decision, now).await }.boxed()
        })
        .await?;
    show(&app, &caller, &asked, &day).await
}

/// Which day an address names.
struct About {
    /// `me` or an id, as it was asked for.
    asked: String,
    /// Who that is.
    engineer_id: String,
    day: String,
}

async fn about(app: &App, caller: &Caller, path: web::Path<(String, String)>) -> Result<About, Problem> {
    let (asked, day) = path.into_inner();
    let (engineer_id, _) = whose(&mut app.db.read().await?, caller, &asked).await?;
    Ok(About { asked, engineer_id, day: day_of(&day)? })
}

/// The day as it is now, of whoever the address means now.
async fn show(app: &App, caller: &Caller, asked: &str, day: &str) -> Result<web::Json<DayView>, Problem> {
    let mut conn = app.db.read().await?;
    let who = whose(&mut conn, caller, asked).await?;
    Ok(web::Json(view::show(app, &mut conn, caller, who, day).await?))
}
