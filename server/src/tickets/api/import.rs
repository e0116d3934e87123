//! Import over HTTP: the file is the body.

use crate::app::App;
use crate::audit::Actor;
use crate::events::service as events;
use crate::http::page::Query;
use crate::http::{Admin, ProblemDocument, body};
use crate::problem::Problem;
use crate::sheets::{self, ImportReport};
use crate::tickets::import::{self, ImportOptions};
use actix_web::{post, web};
use futures_util::FutureExt;

/// Imports attendees from a CSV (UTF-8, GB18030) or XLSX file of at most 10 MiB and 20,000 rows. A bad row refuses
/// the whole file unless `skip_bad_rows` is set; `dry_run` only reports.
#[utoipa::path(tag = "tickets", params(ImportOptions),
    request_body(content = Vec<u8>, content_type = "text/csv"),
    responses((status = 200, body = ImportReport), (status = "default", body = ProblemDocument)))]
#[post("/events/{id}/tickets/import")]
pub async fn import_tickets(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
    options: Query<ImportOptions>,
    payload: web::Payload,
) -> Result<web::Json<ImportReport>, Problem> {
    // Whose event it is comes before what is wrong with the file.
    let table = sheets::read_apart(body::read(payload.into_inner(), sheets::LIMIT).await?).await;
    let (actor, sealer, now) = (Actor::from(&*caller), app.sealer.clone(), app.clock.now());
    let report = app.db.write(move |conn| {
        async move {
            let event = events::find(conn, &actor.organization_id, &id).await?;
            import::import(conn, &sealer, &actor, &event, &table?, options.0, now).await
        }
        .boxed()
    });
    Ok(web::Json(report.await?))
}
