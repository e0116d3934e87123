//! What an admin does with a connected account: look whether WeChat answers, and print its portal code.

use crate::accounts::{MINI_PROGRAM, calls, credentials, service};
use crate::app::App;
use crate::http::{Admin, Moment, ProblemDocument};
use crate::organizations;
use crate::problem::Problem;
use crate::sessions::scene_of;
use crate::wechat::refused_address;
use actix_web::{HttpResponse, get, post, web};
use serde::Serialize;
use utoipa::ToSchema;

/// The page that a portal code opens.
const PORTAL_PAGE: &str = "pages/tabs/home/index";

/// Whether WeChat answers calls on behalf of an account.
#[derive(Serialize, ToSchema)]
pub struct AccountCheck {
    /// `ok` or `error`.
    status: &'static str,
    /// WeChat's code, where it refused.
    errcode: Option<i64>,
    /// WeChat's text, with the `rid` of the call.
    errmsg: Option<String>,
    /// The address of this server that WeChat does not accept, where that is the reason.
    address: Option<String>,
    /// What went wrong where WeChat gave no code.
    problem: Option<String>,
    checked_at: Moment,
}

/// Calls WeChat on behalf of the account, with its token. A refusal is an answer.
#[utoipa::path(tag = "accounts",
    responses((status = 200, body = AccountCheck), (status = "default", body = ProblemDocument)))]
#[post("/accounts/{id}/check")]
pub async fn check_account(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
) -> Result<web::Json<AccountCheck>, Problem> {
    let used = service::find(&mut app.db.read().await?, &caller.organization_id, &id).await?;
    let result = app.access.check(&credentials(&app, &used.account)?).await;
    let refusal = result.as_ref().err().and_then(|error| error.refusal());
    let check = AccountCheck {
        status: if result.is_ok() { "ok" } else { "error" },
        errcode: refusal.map(|(errcode, _)| errcode),
        errmsg: refusal.map(|(_, errmsg)| errmsg.to_owned()),
        address: refusal.and_then(|(_, errmsg)| refused_address(errmsg)),
        problem: result.as_ref().err().filter(|_| refusal.is_none()).map(ToString::to_string),
        checked_at: Moment(app.clock.now()),
    };
    // What is to be mended is noted, and a success clears it, whoever noted it; the answer stays the same.
    app.trouble.set(&used.account.id, true);
    let _ = calls::outcome(&app, &used.account, result).await;
    Ok(web::Json(check))
}

/// The picture of the mini program code that opens this organization's portal.
#[utoipa::path(tag = "accounts",
    responses((status = 200, content_type = "image/png", body = Vec<u8>), (status = "default", body = ProblemDocument)))]
#[get("/accounts/{id}/portal-code")]
pub async fn get_portal_code(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut conn = app.db.read().await?;
    let used = service::find(&mut conn, &caller.organization_id, &id).await?;
    if used.account.kind != MINI_PROGRAM {
        return Err(Problem::not_found());
    }
    let organization = organizations::sql::find(&mut conn, &caller.organization_id).await?;
    let organization = organization.ok_or_else(Problem::not_found)?;
    drop(conn);
    let who = credentials(&app, &used.account)?;
    let picture = app.access.mini_program_code(&who, PORTAL_PAGE, &scene_of(&organization)).await;
    let picture = calls::outcome(&app, &used.account, picture).await?;
    let content_type = if picture.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    Ok(HttpResponse::Ok().content_type(content_type).body(picture))
}
