//! Health, readiness, metrics and the OpenAPI document.

use super::metrics::Metrics;
use crate::app::App;
use crate::problem::Problem;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;

/// Health of the process.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`: whoever answers is alive.
    status: &'static str,
}

/// The process is alive.
#[utoipa::path(tag = "operations", security(()), responses((status = 200, body = Health)))]
#[get("/healthz")]
pub async fn healthz() -> web::Json<Health> {
    web::Json(Health { status: "ok" })
}

/// The process can serve: database and session store answer.
#[utoipa::path(tag = "operations", security(()),
    responses((status = 200, body = Health), (status = 503, body = super::ProblemDocument)))]
#[get("/readyz")]
pub async fn readyz(app: web::Data<App>) -> Result<web::Json<Health>, Problem> {
    app.db.ping().await?;
    app.kv.ping().await?;
    Ok(web::Json(Health { status: "ok" }))
}

/// Prometheus metrics.
#[utoipa::path(tag = "operations", security(()), responses((status = 200, body = String)))]
#[get("/metrics")]
pub async fn metrics(metrics: web::Data<Metrics>) -> Result<HttpResponse, Problem> {
    let text = metrics.render().map_err(|error| Problem::internal(error.to_string()))?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text))
}

/// This API, as OpenAPI 3.1.
#[utoipa::path(tag = "operations", security(()), responses((status = 200, body = Object)))]
#[get("/openapi.json")]
pub async fn openapi_document(document: web::Data<OpenApi>) -> web::Json<web::Data<OpenApi>> {
    web::Json(document)
}
