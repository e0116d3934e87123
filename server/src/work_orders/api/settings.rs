//! How an organization runs its service, over HTTP.

use super::super::settings::ServiceSettings;
use super::super::sql::settings as sql;
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::events::api::UtcOffset;
use crate::http::{Admin, Body, Guest, Object, ProblemDocument};
use crate::problem::Problem;
use actix_web::{get, put, web};
use futures_util::FutureExt;
use serde::Serialize;
use utoipa::ToSchema;

/// How an organization runs its service, and its clocks.
#[derive(Serialize, ToSchema)]
pub struct OrganizationService {
    #[serde(flatten)]
    settings: ServiceSettings,
    /// The offsets of its time zone around now: phones have no time-zone database.
    utc_offsets: Vec<UtcOffset>,
}

impl OrganizationService {
    fn new(settings: ServiceSettings, now: i64) -> Self {
        Self { utc_offsets: settings.utc_offsets(now), settings }
    }
}

/// How the organization runs its service.
#[utoipa::path(tag = "work orders",
    responses((status = 200, body = OrganizationService), (status = "default", body = ProblemDocument)))]
#[get("/service-settings")]
pub async fn get_service_settings(
    app: web::Data<App>,
    caller: Guest,
) -> Result<web::Json<OrganizationService>, Problem> {
    let settings = ServiceSettings::of(&mut app.db.read().await?, &caller.organization_id).await?;
    Ok(web::Json(OrganizationService::new(settings, app.clock.now())))
}

/// Changes how the organization runs its service; what is left out gets its default. Targets of orders that are there
/// already stay as they were promised.
#[utoipa::path(tag = "work orders", request_body = ServiceSettings,
    responses((status = 200, body = OrganizationService), (status = "default", body = ProblemDocument)))]
#[put("/service-settings")]
pub async fn replace_service_settings(
    app: web::Data<App>,
    caller: Admin,
    body: Body<Object<ServiceSettings>>,
) -> Result<web::Json<OrganizationService>, Problem> {
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
    Ok(web::Json(OrganizationService::new(changed.await?, now)))
}
