//! How an organization runs its service, over HTTP.

use super::super::settings::ServiceSettings;
use super::super::sql::settings as sql;
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::http::{Admin, Body, Guest, Object, ProblemDocument};
use crate::problem::Problem;
use actix_web::{get, put, web};
use futures_util::FutureExt;

/// How the organization runs its service.
#[utoipa::path(tag = "work orders",
    responses((status = 200, body = ServiceSettings), (status = "default", body = ProblemDocument)))]
#[get("/service-settings")]
pub async fn get_service_settings(app: web::Data<App>, caller: Guest) -> Result<web::Json<ServiceSettings>, Problem> {
    let mut conn = app.db.read().await?;
    Ok(web::Json(ServiceSettings::of(&mut conn, &caller.organization_id).await?))
}

/// Changes how the organization runs its service; what is left out gets its default. Targets of orders that are there
/// already stay as they were promised.
#[utoipa::path(tag = "work orders", request_body = ServiceSettings,
    responses((status = 200, body = ServiceSettings), (status = "default", body = ProblemDocument)))]
#[put("/service-settings")]
pub async fn replace_service_settings(
    app: web::Data<App>,
    caller: Admin,
    body: Body<Object<ServiceSettings>>,
) -> Result<web::Json<ServiceSettings>, Problem> {
    let Object(settings) = body.value;
    settings.check()?;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let changed = app.db.write(move |conn| {
        async move {
            let before = ServiceSettings::of(conn, &actor.organization_id).await?;
            let stored = serde_json::to_string(&settings).map_err(|error| Problem::internal(error.to_string()))?;
            sql::replace(conn, &actor.organization_id, &stored, now).await?;
            let change = Change { action: "service_settings.update", subject_id: &actor.organization_id, at: now };
            audit::record(conn, &actor, change, Some(&before), Some(&settings)).await?;
            Ok::<_, Problem>(settings)
        }
        .boxed()
    });
    Ok(web::Json(changed.await?))
}
