//! Import over HTTP: the file is the body.

use crate::app::App;
use crate::audit::Actor;
use crate::bindings::import;
use crate::http::page::Query;
use crate::http::{Admin, ProblemDocument, body};
use crate::problem::Problem;
use crate::sheets::{self, ImportReport};
use actix_web::{post, web};
use serde::Deserialize;
use utoipa::IntoParams;

/// How a file is imported.
#[derive(Deserialize, IntoParams)]
pub struct BindingImportOptions {
    /// The code of the channel whose openids are in the column `wechatmp_openid`; the only mini program when absent.
    channel: Option<String>,
    /// Only report what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// Imports bindings from a CSV (UTF-8, GB18030) or XLSX file of at most 10 MiB and 20,000 rows, one row for each user:
/// `userid`; `wechatmp_openid` (or `openid`), or columns named by channel codes; `name` and `phone`. A filled cell says
/// which openid is the user's in that channel: another one that the user had there is unbound. An empty cell says
/// nothing. A mistake refuses the whole file, and all are reported at once; `dry_run` only reports.
#[utoipa::path(tag = "bindings", params(BindingImportOptions),
    request_body(content = Vec<u8>, content_type = "text/csv"),
    responses((status = 200, body = ImportReport), (status = "default", body = ProblemDocument)))]
#[post("/bindings/import")]
pub async fn import_bindings(
    app: web::Data<App>,
    caller: Admin,
    options: Query<BindingImportOptions>,
    payload: web::Payload,
) -> Result<web::Json<ImportReport>, Problem> {
    let table = sheets::read_apart(body::read(payload.into_inner(), sheets::LIMIT).await?).await?;
    let BindingImportOptions { channel, dry_run } = options.0;
    let actor = Actor::from(&*caller);
    Ok(web::Json(import::import(&app, &actor, &table, channel.as_deref(), dry_run).await?))
}
