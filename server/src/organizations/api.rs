//! API tokens over HTTP: they are made on the command line, listed and revoked here.

use super::sql;
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::http::page::Page;
use crate::http::{Admin, Moment, ProblemDocument};
use crate::problem::Problem;
use actix_web::{HttpResponse, delete, get, web};
use futures_util::FutureExt;
use serde::Serialize;
use utoipa::ToSchema;

/// An API token, without the token.
#[derive(Serialize, ToSchema)]
pub struct ApiToken {
    id: String,
    role: String,
    created_at: Moment,
}

/// The API tokens of the organization.
#[utoipa::path(tag = "operations",
    responses((status = 200, body = Page<ApiToken>), (status = "default", body = ProblemDocument)))]
#[get("/api-tokens")]
pub async fn list_api_tokens(app: web::Data<App>, caller: Admin) -> Result<web::Json<Page<ApiToken>>, Problem> {
    let mut conn = app.db.read().await?;
    let rows = sql::list_api_tokens(&mut conn, &caller.organization_id).await?;
    let tokens =
        rows.into_iter().map(|row| ApiToken { id: row.id, role: row.role, created_at: Moment(row.created_at) });
    Ok(web::Json(Page::whole(tokens)))
}

/// Revokes an API token, at once.
#[utoipa::path(tag = "operations",
    responses((status = 204), (status = "default", body = ProblemDocument)))]
#[delete("/api-tokens/{id}")]
pub async fn revoke_api_token(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    app.db
        .write(move |conn| {
            async move {
                if sql::revoke_api_token(conn, &actor.organization_id, &id, now).await? == 0 {
                    return Err(Problem::not_found());
                }
                let change = Change { action: "api_token.revoke", subject_id: &id, at: now };
                audit::record::<(), ()>(conn, &actor, change, None, None).await
            }
            .boxed()
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
