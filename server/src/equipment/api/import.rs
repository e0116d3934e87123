//! Import over HTTP: the file is the body.

use crate::app::App;
use crate::audit::Actor;
use crate::equipment::import;
use crate::http::page::Query;
use crate::http::{Admin, ProblemDocument, body};
use crate::problem::Problem;
use crate::sheets::{self, ImportReport};
use actix_web::{post, web};
use futures_util::FutureExt;
use serde::Deserialize;
use utoipa::IntoParams;

/// How a file is imported.
#[derive(Deserialize, IntoParams)]
pub struct EquipmentImportOptions {
    /// Only report what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// Imports units from a CSV (UTF-8, GB18030) or XLSX file of at most 10 MiB and 20,000 rows, one row for each unit:
/// `serial_number`, `model`, `customer` (by name; made where it is new), `site`, `address`, `latitude`, `longitude`,
/// `datum` (`gcj02`, `wgs84` or `bd09`), `warranty_until`. A known serial number changes what the row fills in. A
/// mistake refuses the whole file, and all are reported at once; `dry_run` only reports.
#[utoipa::path(tag = "equipment", params(EquipmentImportOptions),
    request_body(content = Vec<u8>, content_type = "text/csv"),
    responses((status = 200, body = ImportReport), (status = "default", body = ProblemDocument)))]
#[post("/equipment/import")]
pub async fn import_equipment(
    app: web::Data<App>,
    caller: Admin,
    options: Query<EquipmentImportOptions>,
    payload: web::Payload,
) -> Result<web::Json<ImportReport>, Problem> {
    let table = sheets::read_apart(body::read(payload.into_inner(), sheets::LIMIT).await?).await?;
    let (actor, now, dry_run) = (Actor::from(&*caller), app.clock.now(), options.0.dry_run);
    if dry_run {
        let mut conn = app.db.read().await?;
        return Ok(web::Json(import::import(&mut conn, &actor, &table, dry_run, now).await?));
    }
    let report =
        app.db.write(move |conn| async move { import::import(conn, &actor, &table, dry_run, now).await }.boxed());
    Ok(web::Json(report.await?))
}
