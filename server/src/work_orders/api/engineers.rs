//! To whom a dispatcher can assign, over HTTP.

use super::super::sql::engineers as sql;
use crate::app::App;
use crate::http::page::Page;
use crate::http::{Dispatcher, ProblemDocument};
use crate::problem::Problem;
use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody who works on orders.
#[derive(Serialize, ToSchema)]
pub struct EngineerLoad {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Open orders that are assigned.
    open_work_orders: i64,
}

/// The engineers of the organization, those with the least to do first.
#[utoipa::path(tag = "work orders",
    responses((status = 200, body = Page<EngineerLoad>), (status = "default", body = ProblemDocument)))]
#[get("/engineers")]
pub async fn list_engineers(app: web::Data<App>, caller: Dispatcher) -> Result<web::Json<Page<EngineerLoad>>, Problem> {
    let rows = sql::engineers(&mut app.db.read().await?, &caller.organization_id).await?;
    let shown = |row: sql::EngineerRow| EngineerLoad { id: row.id, name: row.name, open_work_orders: row.open };
    Ok(web::Json(Page::whole(rows.into_iter().map(shown))))
}
