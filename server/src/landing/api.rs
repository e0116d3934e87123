//! What a QR code's address answers.

use super::{files, sql};
use crate::app::App;
use crate::equipment::view::masked;
use crate::equipment::{find_by_code, landing_address, qr};
use crate::http::ProblemDocument;
use crate::http::html::{self, STYLE, Words};
use crate::http::limits::{self, Limit};
use crate::organizations;
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, web};
use askama::Template;

const NO_UNIT: Words = Words {
    heading: "没有找到这台设备",
    hint: "这个二维码没有对应的设备：设备可能已经停用，或者地址不完整。请联系为您服务的公司。",
};
const NO_UNIT_ENGLISH: Words = Words {
    heading: "No such unit",
    hint: "This code leads to no unit: it may be out of service, or the address is incomplete. Please ask the company \
        that serves you.",
};

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
        return html::nothing(NO_UNIT, NO_UNIT_ENGLISH);
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
