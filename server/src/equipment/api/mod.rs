//! Equipment over HTTP: the list that the organization keeps here; what scanners see, codes, files and registrations
//! beside it.

mod body;
pub mod codes;
pub mod import;
pub mod me;
pub mod registrations;

use super::sql::{self, Filter};
use super::view::{Equipment, EquipmentView, Viewer};
use super::{find, find_by_code, service};
use crate::app::App;
use crate::audit::Actor;
use crate::customers::{self, api::CustomerName};
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::limits::{self, Limit};
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Admin, Body, Dispatcher, MaybeCaller, ProblemDocument};
use crate::people::Role;
use crate::problem::Problem;
use crate::work_orders::reporting::Reporting;
use crate::work_orders::settings::ServiceSettings;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use body::NewEquipment;
use futures_util::FutureExt;
use paifang_core::ids::ShortId;
use paifang_core::problem::ProblemCode;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// The longest text to search for, in characters.
const LONGEST_SEARCH: usize = 100;

/// Which units.
#[derive(Deserialize, IntoParams)]
pub struct EquipmentQuery {
    /// A part of the serial number, the model, the site or the address.
    search: Option<String>,
    /// Only units of this customer.
    customer_id: Option<String>,
    /// Rows per page.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A unit, as much of it as the caller may see.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum FoundEquipment {
    /// For whoever scans its label.
    Scanned(Box<ScannedEquipment>),
    /// For dispatchers, by its id.
    Full(Box<Equipment>),
}

/// A unit that was scanned, and what may be reported of it.
#[derive(Serialize, ToSchema)]
pub struct ScannedEquipment {
    #[serde(flatten)]
    unit: EquipmentView,
    #[serde(flatten)]
    reporting: Reporting,
}

/// Makes a unit; it gets a code for its label.
#[utoipa::path(tag = "equipment", request_body = NewEquipment,
    responses((status = 201, body = Equipment), (status = "default", body = ProblemDocument)))]
#[post("/equipment")]
pub async fn create_equipment(
    app: web::Data<App>,
    caller: Dispatcher,
    key: IdempotencyKey,
    body: Body<NewEquipment>,
) -> Result<HttpResponse, Problem> {
    let content = body.value.check()?;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    idempotency::create(&app, &caller, key, &body.digest, StatusCode::CREATED, move |conn| {
        async move {
            let row = service::create(conn, &actor, content, now).await?;
            Equipment::load(conn, row, now).await
        }
        .boxed()
    })
    .await
}

/// The units of the organization.
#[utoipa::path(tag = "equipment", params(EquipmentQuery),
    responses((status = 200, body = Page<Equipment>), (status = "default", body = ProblemDocument)))]
#[get("/equipment")]
pub async fn list_equipment(
    app: web::Data<App>,
    caller: Dispatcher,
    query: Query<EquipmentQuery>,
) -> Result<web::Json<Page<Equipment>>, Problem> {
    let EquipmentQuery { search, customer_id, limit, cursor } = query.0;
    let page = PageQuery { limit, cursor };
    let (limit, after) = (page.limit()?, page.after()?);
    let (search, customer_id) = (search.unwrap_or_default(), customer_id.unwrap_or_default());
    if search.chars().count() > LONGEST_SEARCH {
        return Err(Problem::new(ProblemCode::MalformedParameter).detail("search has at most 100 characters"));
    }
    let filter = Filter { search: &search, customer_id: &customer_id };
    let mut conn = app.db.read().await?;
    let rows = sql::page(&mut conn, &caller.organization_id, &filter, &after, limit + 1).await?;
    let ids: Vec<&str> = rows.iter().filter_map(|row| row.customer_id.as_deref()).collect();
    let customers = customers::sql::by_ids(&mut conn, &caller.organization_id, &ids).await?;
    let names: HashMap<_, _> = customers.into_iter().map(|row| (row.id.clone(), CustomerName::from(row))).collect();
    let today = ServiceSettings::of(&mut conn, &caller.organization_id).await?.day_of(app.clock.now());
    let shown = rows.into_iter().map(|row| {
        let customer = row.customer_id.as_ref().and_then(|id| names.get(id).cloned());
        Equipment::new(row, customer, today)
    });
    Ok(web::Json(Page::new(shown.collect(), limit, |unit: &Equipment| &unit.id)))
}

/// One unit. By the code of its label anybody sees what it is, and its people and those who serve it more; by its id
/// dispatchers see all of it.
#[utoipa::path(tag = "equipment", security((), ("bearer" = [])),
    responses((status = 200, body = FoundEquipment), (status = "default", body = ProblemDocument)))]
#[get("/equipment/{id}")]
pub async fn get_equipment(
    app: web::Data<App>,
    request: HttpRequest,
    caller: MaybeCaller,
    id: web::Path<String>,
) -> Result<web::Json<FoundEquipment>, Problem> {
    let now = app.clock.now();
    if ShortId::parse(&id).is_none() {
        let caller = caller.as_ref().ok_or(ProblemCode::Unauthenticated)?;
        caller.require(Role::Dispatcher)?;
        let mut conn = app.db.read().await?;
        let row = find(&mut conn, &caller.organization_id, &id).await?;
        return Ok(web::Json(FoundEquipment::Full(Box::new(Equipment::load(&mut conn, row, now).await?))));
    }
    if caller.is_none() {
        limits::hit(&app, Limit::OpenByAddress, &limits::client_address(&app, &request)).await?;
    }
    let mut conn = app.db.read().await?;
    let row = find_by_code(&mut conn, &id).await?.ok_or_else(Problem::not_found)?;
    let viewer = Viewer::of(&mut conn, caller.as_ref(), &row).await?;
    let reporting = Reporting::of(&mut conn, caller.within(&row.organization_id), &row).await?;
    let unit = EquipmentView::load(&mut conn, row, &viewer, now).await?;
    Ok(web::Json(FoundEquipment::Scanned(Box::new(ScannedEquipment { unit, reporting }))))
}

/// Changes a unit. Who has read an older version gets it as it is now (409 `version_stale`, `current`).
#[utoipa::path(tag = "equipment", request_body = NewEquipment,
    responses((status = 200, body = Equipment), (status = "default", body = ProblemDocument)))]
#[put("/equipment/{id}")]
pub async fn replace_equipment(
    app: web::Data<App>,
    caller: Dispatcher,
    id: web::Path<String>,
    body: Body<NewEquipment>,
) -> Result<web::Json<Equipment>, Problem> {
    let version = body.value.version.ok_or_else(|| Problem::field("version", "required", "is missing"))?;
    let content = body.value.check()?;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let changed = app.db.write(move |conn| {
        async move {
            let row = service::change(conn, &actor, &id, content, version, now).await?;
            Equipment::load(conn, row, now).await
        }
        .boxed()
    });
    Ok(web::Json(changed.await?))
}

/// Retires a unit: scanners find nothing any more, what was done for it stays, and its serial number is free again.
#[utoipa::path(tag = "equipment", responses((status = 204), (status = "default", body = ProblemDocument)))]
#[delete("/equipment/{id}")]
pub async fn retire_equipment(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    app.db.write(move |conn| async move { service::retire(conn, &actor, &id, now).await }.boxed()).await?;
    Ok(HttpResponse::NoContent().finish())
}
