//! Work orders over HTTP.

pub mod engineers;
pub mod follow;
pub mod lists;
pub mod moves;
pub mod settings;

use super::additions::{self, AddedBy, Addition};
use super::report::{self, Submitted};
use super::sql::{self, WorkOrderRow};
use super::views::{self, ListedWorkOrder, WorkOrder};
use super::{ServiceSettings, Sight, Viewer, content, find_for};
use crate::app::App;
use crate::audit::Actor;
use crate::http::limits::{self, Limit};
use crate::http::{Body, Caller, Coordinates, Guest, MaybeCaller, Moment, Object, ProblemDocument};
use crate::media::Owner;
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use futures_util::FutureExt;
use paifang_core::problem::ProblemCode;
use paifang_core::work_order::Report;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How an order is followed without login.
#[derive(Serialize, ToSchema)]
pub struct Follow {
    /// Whoever has it may follow the order, confirm, reopen and cancel it.
    pub code: String,
    /// A page that shows the order.
    pub url: String,
}

/// A work order that was reported.
#[derive(Serialize, ToSchema)]
pub struct ReportedWorkOrder {
    #[serde(flatten)]
    order: WorkOrder,
    /// For reports without login.
    #[serde(skip_serializing_if = "Option::is_none")]
    follow: Option<Follow>,
}

/// A report of a fault.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes `paifang_core::work_order::Report` in the document")]
pub struct NewReport {
    /// Made on the phone: 16 to 64 of `[A-Za-z0-9_-]`. A report is sent once however often it is retried.
    draft_id: String,
    /// The code on the unit.
    equipment_code: String,
    /// The code of a fault type of the organization.
    fault_type: String,
    /// What is wrong, 1 to 2,000 characters.
    text: String,
    /// Uploaded photos (at most nine) and a video.
    #[serde(default)]
    media_ids: Vec<String>,
    #[serde(default)]
    contact: NewContact,
    preferred: Option<NewPeriod>,
    /// GCJ-02.
    position: Option<Coordinates>,
    address: Option<String>,
    /// Report it although another order for the unit is open.
    #[serde(default)]
    separate: bool,
}

/// Whom to ask; reports without login need a phone number.
#[derive(Default, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes `paifang_core::work_order::report::Contact` in the document")]
pub struct NewContact {
    name: Option<String>,
    phone: Option<String>,
}

/// A period.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes `paifang_core::work_order::report::Preferred` in the document")]
pub struct NewPeriod {
    from: Moment,
    until: Moment,
}

/// Something to add to an order of a unit that was scanned.
#[derive(Deserialize, ToSchema)]
pub struct UnitAddition {
    /// The number of the order.
    number: String,
    /// Made on the phone: 16 to 64 of `[A-Za-z0-9_-]`.
    draft_id: String,
    /// 1 to 2,000 characters.
    text: String,
    /// Uploaded photos and videos.
    #[serde(default)]
    media_ids: Vec<String>,
}

/// What was added.
#[derive(Serialize, ToSchema)]
pub struct Added {
    number: String,
    added_at: Moment,
}

/// Reports a fault of a unit; anybody may, where the organization lets them. The same draft again answers the same
/// order.
#[utoipa::path(tag = "work orders", security(("bearer" = []), ()), request_body = NewReport,
    responses((status = 201, body = ReportedWorkOrder), (status = 200, body = ReportedWorkOrder),
        (status = "default", body = ProblemDocument)))]
#[post("/work-orders")]
pub async fn create_work_order(
    app: web::Data<App>,
    caller: MaybeCaller,
    request: HttpRequest,
    body: Body<Object<Report>>,
) -> Result<HttpResponse, Problem> {
    let Object(report) = body.value;
    let unit = report::unit_of(&app, &report.equipment_code).await?;
    let caller = caller.within(&unit.organization_id);
    limit_strangers(&app, &request, caller).await?;
    let (Submitted { order, viewer, created }, settings) = report::submit(&app, caller, unit, report).await?;
    let follow = order.reporter_id.is_none().then(|| follow::of(&app, &order));
    let sight = viewer.sight(&order).unwrap_or(Sight::Reported);
    let mut conn = app.db.read().await?;
    let order = views::whole_by(&app, &mut conn, &settings, &viewer, &order, sight).await?;
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status).json(ReportedWorkOrder { order, follow }))
}

/// A work order, with its timeline and the moves that the caller may make now.
#[utoipa::path(tag = "work orders",
    responses((status = 200, body = WorkOrder), (status = "default", body = ProblemDocument)))]
#[get("/work-orders/{id}")]
pub async fn get_work_order(
    app: web::Data<App>,
    caller: Guest,
    id: web::Path<String>,
) -> Result<web::Json<WorkOrder>, Problem> {
    let mut conn = app.db.read().await?;
    let viewer = Viewer::of(&mut conn, &caller).await?;
    let (order, sight) = find_for(&mut conn, &viewer, &id).await?;
    Ok(web::Json(views::whole(&app, &mut conn, &viewer, &order, sight).await?))
}

/// Somebody who is not logged in where the unit belongs is nobody there, and counted by address.
async fn limit_strangers(app: &App, request: &HttpRequest, caller: Option<&Caller>) -> Result<(), Problem> {
    match caller {
        Some(_) => Ok(()),
        None => limits::hit(app, Limit::OpenReport, &limits::client_address(app, request)).await,
    }
}

/// Adds something to an open order.
#[utoipa::path(tag = "work orders", request_body = Addition,
    responses((status = 200, body = WorkOrder), (status = "default", body = ProblemDocument)))]
#[post("/work-orders/{id}/additions")]
pub async fn add_to_work_order(
    app: web::Data<App>,
    caller: Guest,
    id: web::Path<String>,
    body: Body<Addition>,
) -> Result<web::Json<WorkOrder>, Problem> {
    body.value.check()?;
    let (mut actor, owner, now) = (Actor::from(&*caller), Owner::of(&caller), app.clock.now());
    let mut conn = app.db.read().await?;
    let viewer = Viewer::of(&mut conn, &caller).await?;
    let (order, sight) = find_for(&mut conn, &viewer, &id).await?;
    let settings = ServiceSettings::of(&mut conn, &order.organization_id).await?;
    let is_new = additions::before(&mut conn, &order, &body.value).await?.is_none();
    drop(conn);
    if is_new {
        let content_check = content::check(&app, Some(&caller), &settings, &body.value.text).await?;
        let (addition, mut by, id) = (body.value, viewer.clone(), order.id.clone());
        app.db
            .write(move |conn| {
                async move {
                    by.hold(conn, &mut actor).await?;
                    let (order, _) = find_for(conn, &by, &id).await?;
                    let acting = acting(by.party(&order));
                    let by = AddedBy { owner: &owner.held(&actor), actor: &actor, acting, content_check };
                    additions::add(conn, by, &order, &addition, now).await
                }
                .boxed()
            })
            .await?;
    }
    let mut conn = app.db.read().await?;
    Ok(web::Json(views::whole(&app, &mut conn, &viewer, &order, sight).await?))
}

fn acting(party: paifang_core::work_order::Party) -> &'static str {
    match () {
        () if party.own_engineer => "engineer",
        () if party.dispatcher => "dispatcher",
        () if party.engineer && !party.customer => "engineer",
        () => "customer",
    }
}

/// Adds something to an open order of a unit; whoever has scanned it may, without seeing the order.
#[utoipa::path(tag = "work orders", security(("bearer" = []), ()), request_body = UnitAddition,
    responses((status = 200, body = Added), (status = "default", body = ProblemDocument)))]
#[post("/equipment/{code}/additions")]
pub async fn add_by_unit(
    app: web::Data<App>,
    caller: MaybeCaller,
    request: HttpRequest,
    code: web::Path<String>,
    body: Body<UnitAddition>,
) -> Result<web::Json<Added>, Problem> {
    let UnitAddition { number, draft_id, text, media_ids } = body.value;
    let addition = Addition { draft_id, text, media_ids };
    addition.check()?;
    let unit = report::unit_of(&app, &code).await?;
    let caller = caller.within(&unit.organization_id);
    limit_strangers(&app, &request, caller).await?;
    let mut conn = app.db.read().await?;
    let order = sql::of_unit_by_number(&mut conn, &unit.id, &number).await?.ok_or_else(Problem::not_found)?;
    let viewer = match caller {
        Some(caller) => Some(Viewer::of(&mut conn, caller).await?),
        None => None,
    };
    let settings = ServiceSettings::of(&mut conn, &unit.organization_id).await?;
    let is_new = additions::before(&mut conn, &order, &addition).await?.is_none();
    drop(conn);
    let may_see = viewer.as_ref().is_some_and(|viewer| viewer.sight(&order).is_some());
    let mut content_check = content::UNCHECKED;
    if is_new {
        report::check_in_use(&unit)?;
        if let Some(why) = report::why_not(&settings, &unit, caller, viewer.as_ref()).filter(|_| !may_see) {
            return Err(Problem::new(ProblemCode::ReportNotAllowed).with("why_not", why.into()));
        }
        content_check = content::check(&app, caller, &settings, &addition.text).await?;
    }
    let (mut actor, owner) = match caller {
        Some(caller) => (Actor::from(caller), Owner::of(caller)),
        None => (follower(&order), Owner::Draft(addition.draft_id.clone())),
    };
    let acting = viewer.as_ref().map_or("customer", |viewer| acting(viewer.party(&order)));
    let now = app.clock.now();
    let added = app.db.write(move |conn| {
        async move {
            if let Some(mut viewer) = viewer {
                viewer.hold(conn, &mut actor).await?;
            }
            let order = sql::find(conn, &order.organization_id, &order.id).await?.ok_or_else(Problem::not_found)?;
            let by = AddedBy { owner: &owner.held(&actor), actor: &actor, acting, content_check };
            additions::add(conn, by, &order, &addition, now).await
        }
        .boxed()
    });
    Ok(web::Json(Added { number, added_at: Moment(added.await?) }))
}

/// Who acts with the follow code of an order, or by having scanned its unit.
pub(super) fn follower(order: &WorkOrderRow) -> Actor {
    Actor { organization_id: order.organization_id.clone(), kind: "follower", id: order.id.clone() }
}

/// Orders in a list, as the viewer may see them.
pub(super) fn listed(viewer: &Viewer, rows: &[WorkOrderRow], now: i64) -> Vec<ListedWorkOrder> {
    let shown = |row: &WorkOrderRow| Some(views::listed(row, viewer.sight(row)?, now));
    rows.iter().filter_map(shown).collect()
}
