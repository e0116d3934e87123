//! Notices over HTTP.

use super::sql::{self, NoticeRow};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Admin, Moment, ProblemDocument};
use crate::problem::Problem;
use actix_web::{HttpResponse, delete, get, web};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// What somebody must look at.
#[derive(Serialize, ToSchema)]
pub struct Notice {
    id: String,
    /// `campaign_ending`, `account_changed`, `account_deleted`, `wechat_refused`, `phone_conflict`,
    /// `person_conflict`, `push_failed` or `follower_import_failed`.
    kind: String,
    subject_kind: String,
    subject_id: String,
    /// What is known about it; depends on the kind.
    #[schema(value_type = Object)]
    detail: Value,
    raised_at: Moment,
    /// When it was raised again for the last time.
    seen_at: Moment,
    cleared_at: Option<Moment>,
}

/// Which notices.
#[derive(Deserialize, IntoParams)]
pub struct NoticeQuery {
    /// Also those that were cleared.
    #[serde(default)]
    all: bool,
    /// Rows per page.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What somebody must look at.
#[utoipa::path(tag = "operations", params(NoticeQuery),
    responses((status = 200, body = Page<Notice>), (status = "default", body = ProblemDocument)))]
#[get("/notices")]
pub async fn list_notices(
    app: web::Data<App>,
    caller: Admin,
    query: Query<NoticeQuery>,
) -> Result<web::Json<Page<Notice>>, Problem> {
    let NoticeQuery { all, limit, cursor } = query.0;
    let page = PageQuery { limit, cursor };
    let (limit, after) = (page.limit()?, page.after()?);
    let mut conn = app.db.read().await?;
    let rows = sql::page(&mut conn, &caller.organization_id, &after, all, limit + 1).await?;
    let items = rows.into_iter().map(Notice::from).collect();
    Ok(web::Json(Page::new(items, limit, |notice: &Notice| &notice.id)))
}

/// Clears a notice: somebody has looked. If the reason goes on, it is raised again.
#[utoipa::path(tag = "operations", responses((status = 204), (status = "default", body = ProblemDocument)))]
#[delete("/notices/{id}")]
pub async fn clear_notice(app: web::Data<App>, caller: Admin, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    app.db
        .write(move |conn| {
            async move {
                if sql::clear_one(conn, &actor.organization_id, &id, now).await? == 0 {
                    return Err(Problem::not_found());
                }
                let change = Change { action: "notice.clear", subject_id: &id, at: now };
                audit::record::<(), ()>(conn, &actor, change, None, None).await
            }
            .boxed()
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<NoticeRow> for Notice {
    fn from(row: NoticeRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            detail: serde_json::from_str(&row.detail).unwrap_or_default(),
            raised_at: Moment(row.raised_at),
            seen_at: Moment(row.seen_at),
            cleared_at: row.cleared_at.map(Moment),
        }
    }
}
