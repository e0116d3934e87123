//! Who scans where: the phones at work on a list.

use crate::app::App;
use crate::check_in::sql;
use crate::events::lists;
use crate::http::page::Page;
use crate::http::{Moment, ProblemDocument, Supervisor};
use crate::problem::Problem;
use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

/// One phone in one person's hand, at the gate where it scanned last.
#[derive(Serialize, ToSchema)]
pub struct DeviceRecord {
    device_id: Option<String>,
    /// The person or API token that scans.
    actor_id: String,
    actor_name: Option<String>,
    gate: Option<String>,
    /// All of its scans on this list, at any gate.
    scans: i64,
    /// Of them, those that let somebody through.
    admitted: i64,
    latest_scan_at: Moment,
}

/// The phones that have scanned on a list, the latest first.
#[utoipa::path(tag = "check-in",
    responses((status = 200, body = Page<DeviceRecord>), (status = "default", body = ProblemDocument)))]
#[get("/check-in-lists/{id}/devices")]
pub async fn list_devices(
    app: web::Data<App>,
    caller: Supervisor,
    id: web::Path<String>,
) -> Result<web::Json<Page<DeviceRecord>>, Problem> {
    let mut conn = app.db.read().await?;
    lists::find(&mut conn, &caller.organization_id, &id).await?;
    let mut devices: Vec<DeviceRecord> = Vec::new();
    for row in sql::devices(&mut conn, &caller.organization_id, &id).await? {
        let same = |known: &&mut DeviceRecord| known.device_id == row.device_id && known.actor_id == row.actor_id;
        match devices.iter_mut().find(same) {
            // The rows come latest first, so the gate that is kept is where the phone is now.
            Some(known) => {
                known.scans += row.scans;
                known.admitted += row.admitted;
            }
            None => devices.push(DeviceRecord {
                device_id: row.device_id,
                actor_id: row.actor_id,
                actor_name: row.actor_name,
                gate: row.gate,
                scans: row.scans,
                admitted: row.admitted,
                latest_scan_at: Moment(row.latest),
            }),
        }
    }
    Ok(web::Json(Page::whole(devices.into_iter())))
}
