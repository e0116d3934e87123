//! What a QR code's address answers.

use super::{files, sql};
use crate::app::App;
use crate::equipment::view::masked;
use crate::equipment::{find_by_code, landing_address, qr};
use crate::http::limits::{self, Limit};
use crate::http::{ProblemDocument, html};
use crate::organizations;
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, web};
use askama::Template;

const STYLE: &str = include_str!("../../templates/page.css");

#[derive(Template)]
#[template(path = "landing.html")]
struct Landing {
    style: &'static str,
    organization: String,
    model: String,
    serial_number: String,
    /// An SVG element.
    qr_code: String,
}

#[derive(Template)]
#[template(path = "nothing.html")]
struct Nothing {
    style: &'static str,
}

/// The page of a unit for whoever did not come by WeChat: what it is, and how to open it there. WeChat itself opens the
/// mini program instead. A name that ends with `.txt` is a verification file.
#[utoipa::path(tag = "landing", security(()),
    responses((status = 200, content_type = "text/html", body = String), (status = 404, content_type = "text/html", body = String),
        (status = "default", body = ProblemDocument)))]
#[get("/q/{code}")]
pub async fn get_landing_page(
    app: web::Data<App>,
    request: HttpRequest,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    limits::hit(&app, Limit::OpenByAddress, &limits::client_address(&app, &request)).await?;
    let mut conn = app.db.read().await?;
    if files::is_name(&code) {
        let file = sql::find(&mut conn, &code).await?.ok_or_else(Problem::not_found)?;
        return Ok(files::text(file.content));
    }
    let Some(unit) = find_by_code(&mut conn, &code).await? else {
        return html::page(StatusCode::NOT_FOUND, &Nothing { style: STYLE }, STYLE);
    };
    let organization = organizations::sql::find(&mut conn, &unit.organization_id).await?;
    let organization = organization.ok_or_else(|| Problem::internal("a unit without an organization"))?;
    let page = Landing {
        style: STYLE,
        organization: organization.name,
        model: unit.model,
        serial_number: masked(&unit.serial_number),
        qr_code: qr::svg(&landing_address(&app, &unit.code))?,
    };
    html::page(StatusCode::OK, &page, STYLE)
}
