//! Imports of followers over HTTP.

use super::sql::{self, FollowerImportRow};
use crate::accounts::{OFFICIAL_ACCOUNT, service as accounts};
use crate::app::App;
use crate::audit::Actor;
use crate::http::page::Page;
use crate::http::{Admin, Moment, ProblemDocument};
use crate::problem::Problem;
use actix_web::{HttpResponse, get, post, web};
use futures_util::FutureExt;
use serde::Serialize;
use utoipa::ToSchema;

/// An import of the followers that an account has already.
#[derive(Serialize, ToSchema)]
pub struct FollowerImport {
    id: String,
    /// `running`, `done` or `failed`.
    status: String,
    /// How many followers WeChat says there are; absent until it was asked.
    total: Option<i64>,
    /// How many were looked at.
    processed: i64,
    /// How many of them were not known before.
    created: i64,
    /// Why it pauses or failed.
    last_error: Option<String>,
    started_at: Moment,
    finished_at: Option<Moment>,
}

/// Starts an import of the followers that an official account has already.
#[utoipa::path(tag = "accounts",
    responses((status = 201, body = FollowerImport), (status = "default", body = ProblemDocument)))]
#[post("/accounts/{id}/follower-imports")]
pub async fn start_follower_import(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let row = app.db.write(move |conn| {
        async move {
            let used = accounts::find(conn, &actor.organization_id, &id).await?;
            if used.account.kind != OFFICIAL_ACCOUNT {
                return Err(Problem::not_found());
            }
            super::start(conn, &actor, &used, now).await
        }
        .boxed()
    });
    Ok(HttpResponse::Created().json(FollowerImport::from(row.await?)))
}

/// The latest imports of an account, the newest first.
#[utoipa::path(tag = "accounts",
    responses((status = 200, body = Page<FollowerImport>), (status = "default", body = ProblemDocument)))]
#[get("/accounts/{id}/follower-imports")]
pub async fn list_follower_imports(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
) -> Result<web::Json<Page<FollowerImport>>, Problem> {
    let mut conn = app.db.read().await?;
    let used = accounts::find(&mut conn, &caller.organization_id, &id).await?;
    let rows = sql::of_account(&mut conn, &caller.organization_id, &used.account.appid).await?;
    Ok(web::Json(Page::whole(rows.into_iter().map(FollowerImport::from))))
}

impl From<FollowerImportRow> for FollowerImport {
    fn from(row: FollowerImportRow) -> Self {
        Self {
            id: row.id,
            status: row.status,
            total: row.total,
            processed: row.processed,
            created: row.created,
            last_error: row.last_error,
            started_at: Moment(row.started_at),
            finished_at: row.finished_at.map(Moment),
        }
    }
}
