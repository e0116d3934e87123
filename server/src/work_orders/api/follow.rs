//! Following an order without login, over HTTP.

use super::super::follow;
use super::super::sql::WorkOrderRow;
use super::super::views::{self, Entry, Offered, Targets, WorkOrder};
use super::super::{Sight, Viewer};
use super::moves::{NewMove, make_move, needs_current};
use super::{Follow, follower};
use crate::app::App;
use crate::audit::Actor;
use crate::equipment;
use crate::events::api::UtcOffset;
use crate::http::limits::{self, Limit};
use crate::http::{Body, Guest, Moment, ProblemDocument};
use crate::problem::Problem;
use actix_web::{HttpRequest, get, post, web};
use futures_util::FutureExt;
use paifang_core::phone::Phone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An order, for whoever follows it without login.
#[derive(Serialize, ToSchema)]
pub struct FollowedOrder {
    number: String,
    version: i64,
    state: String,
    submitted_at: Moment,
    equipment: FollowedUnit,
    fault_type: String,
    text: String,
    targets: Targets,
    /// The offsets of the business's time zone, by which times are shown.
    utc_offsets: Vec<UtcOffset>,
    /// What has happened, oldest first.
    entries: Vec<Entry>,
    /// What may be done now.
    moves: Vec<Offered>,
    rating: Option<i64>,
    follow: Follow,
}

/// The unit that an order is about.
#[derive(Serialize, ToSchema)]
pub struct FollowedUnit {
    code: String,
    model: String,
}

/// An order to find by what was noted down.
#[derive(Deserialize, ToSchema)]
pub struct FindFollowed {
    /// The order's number.
    number: String,
    /// The phone number that was given with the report.
    phone: String,
    /// The code of the unit: it says whose order it is.
    equipment_code: Option<String>,
    /// The organization, where the unit's code is not at hand.
    organization_id: Option<String>,
}

/// An order to take over.
#[derive(Deserialize, ToSchema)]
pub struct ClaimFollowed {
    follow_code: String,
}

/// The code and the page by which an order is followed.
pub fn of(app: &App, order: &WorkOrderRow) -> Follow {
    Follow { url: follow::page_of(app, order), code: order.follow_code.clone() }
}

async fn shown(app: &App, order: &WorkOrderRow) -> Result<FollowedOrder, Problem> {
    let viewer = Viewer::follower(order);
    let whole = views::whole(app, &mut app.db.read().await?, &viewer, order, Sight::Reported).await?;
    let WorkOrder { order: listed, utc_offsets, mut entries, moves, .. } = whole;
    for Entry { by, .. } in &mut entries {
        by.id = None;
        by.name = by.name.take().filter(|_| by.acting != "customer");
    }
    Ok(FollowedOrder {
        number: listed.number,
        version: listed.version,
        state: listed.state,
        submitted_at: listed.submitted_at,
        equipment: FollowedUnit { code: listed.equipment.code, model: listed.equipment.model },
        fault_type: listed.fault_type,
        text: listed.text,
        targets: listed.targets,
        utc_offsets,
        entries,
        moves,
        rating: listed.rating,
        follow: of(app, order),
    })
}

async fn find(app: &App, request: &HttpRequest, code: &str) -> Result<WorkOrderRow, Problem> {
    limits::hit(app, Limit::OpenByAddress, &limits::client_address(app, request)).await?;
    follow::find(&mut app.db.read().await?, code).await
}

/// An order, by its follow code.
#[utoipa::path(tag = "work orders", security(()),
    responses((status = 200, body = FollowedOrder), (status = "default", body = ProblemDocument)))]
#[get("/followed/{code}")]
pub async fn get_followed(
    app: web::Data<App>,
    request: HttpRequest,
    code: web::Path<String>,
) -> Result<web::Json<FollowedOrder>, Problem> {
    let order = find(&app, &request, &code).await?;
    Ok(web::Json(shown(&app, &order).await?))
}

/// An order, by its number and the phone number that was given with the report.
#[utoipa::path(tag = "work orders", security(()), request_body = FindFollowed,
    responses((status = 200, body = FollowedOrder), (status = "default", body = ProblemDocument)))]
#[post("/followed")]
pub async fn find_followed(
    app: web::Data<App>,
    request: HttpRequest,
    body: Body<FindFollowed>,
) -> Result<web::Json<FollowedOrder>, Problem> {
    limits::hit(&app, Limit::Guess, &format!("followed:{}", limits::client_address(&app, &request))).await?;
    let FindFollowed { number, phone, equipment_code, organization_id } = body.value;
    let phone = Phone::parse(&phone).ok_or_else(|| Problem::field("phone", "format", "is no phone number"))?;
    let mut conn = app.db.read().await?;
    let organization_id = match (equipment_code, organization_id) {
        (Some(code), _) => {
            equipment::find_labeled(&mut conn, &code).await?.ok_or_else(Problem::not_found)?.organization_id
        }
        (None, Some(id)) => id,
        (None, None) => {
            return Err(Problem::field("equipment_code", "required", "is needed, or organization_id"));
        }
    };
    let order = follow::find_by_phone(&mut conn, &organization_id, &number, &phone).await?;
    drop(conn);
    Ok(web::Json(shown(&app, &order).await?))
}

/// Confirms, reopens or cancels an order that is followed.
#[utoipa::path(tag = "work orders", security(()), request_body = NewMove,
    responses((status = 200, body = FollowedOrder), (status = "default", body = ProblemDocument)))]
#[post("/followed/{code}/moves")]
pub async fn move_followed(
    app: web::Data<App>,
    request: HttpRequest,
    code: web::Path<String>,
    body: Body<NewMove>,
) -> Result<web::Json<FollowedOrder>, Problem> {
    let order = find(&app, &request, &code).await?;
    let made = body.value.request()?;
    match make_move(&app, follower(&order), &Viewer::follower(&order), &order.id, made).await {
        Ok(order) => Ok(web::Json(shown(&app, &order).await?)),
        Err(problem) if needs_current(&problem) => {
            let order = follow::find(&mut app.db.read().await?, &code).await?;
            let shown = serde_json::to_value(shown(&app, &order).await?);
            Err(problem.with("work_order", shown.map_err(|error| Problem::internal(error.to_string()))?))
        }
        Err(problem) => Err(problem),
    }
}

/// Takes over an order that was reported without login; from then on it is among my orders.
#[utoipa::path(tag = "work orders", request_body = ClaimFollowed,
    responses((status = 200, body = WorkOrder), (status = "default", body = ProblemDocument)))]
#[post("/me/work-orders/claim")]
pub async fn claim_work_order(
    app: web::Data<App>,
    caller: Guest,
    body: Body<ClaimFollowed>,
) -> Result<web::Json<WorkOrder>, Problem> {
    let (mut actor, now) = (Actor::from(&*caller), app.clock.now());
    caller.session()?;
    let mut conn = app.db.read().await?;
    let mut viewer = Viewer::of(&mut conn, &caller).await?;
    drop(conn);
    let claimed = app.db.write(move |conn| {
        async move {
            viewer.hold(conn, &mut actor).await?;
            let order = follow::claim(conn, &actor, &viewer, &body.value.follow_code, now).await?;
            Ok::<_, Problem>((order, viewer))
        }
        .boxed()
    });
    let (order, viewer) = claimed.await?;
    let sight = viewer.sight(&order).ok_or_else(Problem::not_found)?;
    Ok(web::Json(views::whole(&app, &mut app.db.read().await?, &viewer, &order, sight).await?))
}
