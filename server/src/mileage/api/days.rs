//! Days over HTTP.

use super::{DayView, approves, day_of, view, whose};
use crate::app::App;
use crate::audit::Actor;
use crate::http::fields::Fields;
use crate::http::page::{Page, Query};
use crate::http::{Body, Caller, Guest, Moment, ProblemDocument};
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
    let mut conn = app.db.read().await?;
    let who = whose(&mut conn, &caller, &engineer).await?;
    Ok(web::Json(view::show(&app, &mut conn, &caller, who, &day_of(&day)?).await?))
}

/// Submits the mileage of a day for approval. Every leg needs a length.
#[utoipa::path(tag = "mileage",
    responses((status = 200, body = DayView), (status = "default", body = ProblemDocument)))]
#[post("/mileage-days/{engineer}/{day}/submit")]
pub async fn submit_day(
    app: web::Data<App>,
    caller: Guest,
    path: web::Path<(String, String)>,
) -> Result<web::Json<DayView>, Problem> {
    let (who, day) = about(&app, &caller, path).await?;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let (engineer_id, of_day) = (who.0.clone(), day.clone());
    app.db
        .write(move |conn| async move { decide::submit(conn, &actor, (&engineer_id, &of_day), now).await }.boxed())
        .await?;
    let mut conn = app.db.read().await?;
    Ok(web::Json(view::show(&app, &mut conn, &caller, who, &day).await?))
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
    let (who, day) = about(&app, &caller, path).await?;
    if who.0 == caller.id() {
        return Err(Problem::new(ProblemCode::Forbidden).detail("nobody decides about their own mileage"));
    }
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
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let decision = Decision { approve, reason, version };
    let (engineer_id, of_day) = (who.0.clone(), day.clone());
    app.db
        .write(move |conn| {
            async move { decide::decide(conn, &actor, (&engineer_id, &of_day), decision, now).await }.boxed()
        })
        .await?;
    let mut conn = app.db.read().await?;
    Ok(web::Json(view::show(&app, &mut conn, &caller, who, &day).await?))
}

/// Whose day an address names, and which.
async fn about(
    app: &App,
    caller: &Caller,
    path: web::Path<(String, String)>,
) -> Result<((String, Option<String>), String), Problem> {
    let (engineer, day) = path.into_inner();
    let who = whose(&mut app.db.read().await?, caller, &engineer).await?;
    Ok((who, day_of(&day)?))
}
