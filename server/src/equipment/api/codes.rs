//! What is printed: mini program codes, QR codes and sheets of labels.

use crate::accounts::{self, MINI_PROGRAM, UsedAccountRow};
use crate::app::App;
use crate::equipment::sql::{self, EquipmentRow, Filter};
use crate::equipment::{find, labels, landing_address, qr, scene_of};
use crate::http::page::Query;
use crate::http::{Dispatcher, ProblemDocument};
use crate::organizations;
use crate::problem::Problem;
use crate::storage::Conn;
use actix_web::http::header::X_CONTENT_TYPE_OPTIONS;
use actix_web::{HttpResponse, get, web};
use paifang_core::problem::ProblemCode;
use serde::Deserialize;
use std::collections::HashMap;
use utoipa::IntoParams;

/// The page that a unit's code opens.
const UNIT_PAGE: &str = "pages/service/unit/index";
/// The most labels of one sheet.
const MOST_LABELS: usize = 200;
/// Labels beside each other, where nothing is said.
const COLUMNS: u8 = 3;

/// With which account a code is made.
#[derive(Deserialize, IntoParams)]
pub struct MiniProgramCodeQuery {
    /// The mini program; the first that is connected when absent.
    account_id: Option<String>,
}

/// Which labels.
#[derive(Deserialize, IntoParams)]
pub struct LabelQuery {
    /// Ids of units, with commas between, at most 200.
    ids: Option<String>,
    /// All units of this customer, at most 200.
    customer_id: Option<String>,
    /// Labels beside each other, 1 to 4; 3 when absent.
    columns: Option<u8>,
}

/// The picture of the mini program code that opens the unit's page.
#[utoipa::path(tag = "equipment", params(MiniProgramCodeQuery),
    responses((status = 200, content_type = "image/png", body = Vec<u8>), (status = "default", body = ProblemDocument)))]
#[get("/equipment/{id}/mini-program-code")]
pub async fn get_equipment_mini_program_code(
    app: web::Data<App>,
    caller: Dispatcher,
    id: web::Path<String>,
    query: Query<MiniProgramCodeQuery>,
) -> Result<HttpResponse, Problem> {
    let mut conn = app.db.read().await?;
    let unit = find(&mut conn, &caller.organization_id, &id).await?;
    let used = mini_program(&mut conn, &caller.organization_id, query.0.account_id.as_deref()).await?;
    drop(conn);
    let who = accounts::credentials(&app, &used.account)?;
    let picture = app.access.mini_program_code(&who, UNIT_PAGE, &scene_of(&unit)).await;
    let picture = accounts::outcome(&app, &used.account, picture).await?;
    let content_type = if picture.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    Ok(HttpResponse::Ok().content_type(content_type).body(picture))
}

async fn mini_program(
    conn: &mut Conn,
    organization_id: &str,
    account_id: Option<&str>,
) -> Result<UsedAccountRow, Problem> {
    let accounts = accounts::sql::used(conn, organization_id).await?;
    let mut usable = accounts.into_iter().filter(|used| {
        used.account.kind == MINI_PROGRAM && account_id.is_none_or(|account_id| used.account.id == account_id)
    });
    usable.next().ok_or_else(|| Problem::new(ProblemCode::Conflict).detail("no such mini program is connected"))
}

/// The plain QR code of the unit, which leads to its page on this server, and from WeChat into the mini program.
#[utoipa::path(tag = "equipment",
    responses((status = 200, content_type = "image/svg+xml", body = String), (status = "default", body = ProblemDocument)))]
#[get("/equipment/{id}/qr-code.svg")]
pub async fn get_equipment_qr_code(
    app: web::Data<App>,
    caller: Dispatcher,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let unit = find(&mut app.db.read().await?, &caller.organization_id, &id).await?;
    let drawn = qr::svg(&landing_address(&app, &unit.code))?;
    let mut response = HttpResponse::Ok();
    response.insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
    Ok(response.content_type("image/svg+xml").body(drawn))
}

/// A page of labels to print on A4 and cut: QR code, organization, model and serial number.
#[utoipa::path(tag = "equipment", params(LabelQuery),
    responses((status = 200, content_type = "text/html", body = String), (status = "default", body = ProblemDocument)))]
#[get("/equipment/labels")]
pub async fn get_equipment_labels(
    app: web::Data<App>,
    caller: Dispatcher,
    query: Query<LabelQuery>,
) -> Result<HttpResponse, Problem> {
    let LabelQuery { ids, customer_id, columns } = query.0;
    let columns = columns.unwrap_or(COLUMNS);
    if !(1..=4).contains(&columns) {
        return Err(Problem::field("columns", "range", "1 to 4"));
    }
    let mut conn = app.db.read().await?;
    let units = match (&ids, &customer_id) {
        (Some(ids), None) => by_ids(&mut conn, &caller.organization_id, ids).await?,
        (None, Some(customer_id)) => of_customer(&mut conn, &caller.organization_id, customer_id).await?,
        _ => return Err(Problem::field("ids", "required", "either ids or customer_id says which labels")),
    };
    let organization = organizations::sql::find(&mut conn, &caller.organization_id).await?;
    let organization = organization.ok_or_else(Problem::not_found)?;
    labels::sheet(&app, &organization.name, &units, columns)
}

/// The units in the order in which they were named.
async fn by_ids(conn: &mut Conn, organization_id: &str, ids: &str) -> Result<Vec<EquipmentRow>, Problem> {
    let ids: Vec<&str> = ids.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    if ids.is_empty() || ids.len() > MOST_LABELS {
        return Err(Problem::field("ids", "range", format!("1 to {MOST_LABELS} units")));
    }
    let units = sql::by_ids(conn, organization_id, &ids).await?;
    let units: HashMap<_, _> = units.into_iter().map(|unit| (unit.id.clone(), unit)).collect();
    ids.iter().map(|id| units.get(*id).cloned().ok_or_else(Problem::not_found)).collect()
}

async fn of_customer(conn: &mut Conn, organization_id: &str, customer_id: &str) -> Result<Vec<EquipmentRow>, Problem> {
    let customer = crate::customers::find(conn, organization_id, customer_id).await?;
    let filter = Filter { customer_id: &customer.id, ..Filter::default() };
    let most = i64::try_from(MOST_LABELS).unwrap_or_default();
    let units = sql::page(conn, organization_id, &filter, "", most + 1).await?;
    if units.len() > MOST_LABELS {
        let detail = format!("has more than {MOST_LABELS} units; name them by ids");
        return Err(Problem::field("customer_id", "range", detail));
    }
    Ok(units)
}
