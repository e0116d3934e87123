//! WeChat's pushes over HTTP, and the log of them for admins.

use super::decode::Push;
use super::open::{self, PushQuery};
use super::sql::{self, NewPush, PushRow};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Admin, Body, Moment, ProblemDocument, body};
use crate::problem::Problem;
use crate::random;
use actix_web::{HttpResponse, get, post, web};
use futures_util::FutureExt;
use paifang_core::problem::ProblemCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

/// The largest push; WeChat's are far smaller.
const LIMIT: usize = 256 * 1024;

/// WeChat checks that this address is ours: the answer is `echostr`, alone.
#[utoipa::path(tag = "wechat", security(()),
    responses((status = 200, content_type = "text/plain", body = String), (status = "default", body = ProblemDocument)))]
#[get("/wechat/callback/{appid}")]
pub async fn verify_url(
    app: web::Data<App>,
    appid: web::Path<String>,
    query: Query<PushQuery>,
) -> Result<HttpResponse, Problem> {
    let account = app.callback_accounts.find(&app, &appid).await?;
    open::verify_query(&account, &query.0).inspect_err(|_| app.metrics.count_push("refused"))?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(query.0.echostr))
}

/// Takes a push. `success` means that it is stored; a repeated one answers the same.
#[utoipa::path(tag = "wechat", security(()),
    responses((status = 200, content_type = "text/plain", body = String), (status = "default", body = ProblemDocument)))]
#[post("/wechat/callback/{appid}")]
pub async fn take_push(
    app: web::Data<App>,
    appid: web::Path<String>,
    query: Query<PushQuery>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let account = app.callback_accounts.find(&app, &appid).await?;
    let bytes = body::read(payload.into_inner(), LIMIT).await?;
    let now = app.clock.now();
    let opened =
        open::open(&account, &appid, &query.0, &bytes, now).inspect_err(|_| app.metrics.count_push("refused"))?;
    let push = NewPush {
        id: random::id(now),
        appid: appid.into_inner(),
        openid: opened.openid,
        dedup_key: opened.dedup_key,
        body: opened.body,
        received_at: now,
    };
    app.pushes.write(push).await?;
    app.metrics.count_push("accepted");
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("success"))
}

/// A push in the log.
#[derive(Serialize, ToSchema)]
pub struct PushEntry {
    id: String,
    appid: String,
    /// The event in lower case; absent for messages.
    event: Option<String>,
    received_at: Moment,
    /// `waiting`, `done`, `ignored` (nothing deals with its kind) or `failed`.
    status: String,
    attempts: i64,
    processed_at: Option<Moment>,
    last_error: Option<String>,
}

/// Which pushes.
#[derive(Deserialize, IntoParams)]
pub struct PushesQuery {
    /// `waiting`, `done`, `ignored` or `failed`.
    status: Option<String>,
    /// Rows per page.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The pushes to accounts that only this organization uses, the newest first.
#[utoipa::path(tag = "wechat", params(PushesQuery),
    responses((status = 200, body = Page<PushEntry>), (status = "default", body = ProblemDocument)))]
#[get("/pushes")]
pub async fn list_pushes(
    app: web::Data<App>,
    caller: Admin,
    query: Query<PushesQuery>,
) -> Result<web::Json<Page<PushEntry>>, Problem> {
    let PushesQuery { status, limit, cursor } = query.0;
    let status = status.unwrap_or_default();
    if !["", "waiting", "done", "ignored", "failed"].contains(&status.as_str()) {
        return Err(Problem::new(ProblemCode::MalformedParameter).detail("status"));
    }
    let page = PageQuery { limit, cursor };
    let (limit, before) = (page.limit()?, page.after()?);
    let rows = sql::page(&mut app.db.read().await?, &caller.organization_id, &status, &before, limit + 1).await?;
    let items = rows.into_iter().map(PushEntry::from).collect();
    Ok(web::Json(Page::new(items, limit, |entry: &PushEntry| &entry.id)))
}

/// Which pushes to process once more.
#[derive(Deserialize, ToSchema)]
pub struct Replay {
    /// Only those to this account.
    appid: Option<String>,
    /// Received from then on.
    from: Moment,
    /// Received before; until now when absent.
    to: Option<Moment>,
}

/// How many are processed once more.
#[derive(Serialize, ToSchema)]
pub struct Replayed {
    pushes: u64,
}

/// Processes stored pushes once more, after a mistake was mended. What they did already is not done twice.
#[utoipa::path(tag = "wechat", request_body = Replay,
    responses((status = 200, body = Replayed), (status = "default", body = ProblemDocument)))]
#[post("/pushes/replay")]
pub async fn replay_pushes(
    app: web::Data<App>,
    caller: Admin,
    body: Body<Replay>,
) -> Result<web::Json<Replayed>, Problem> {
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let Replay { appid, from, to } = body.value;
    let appid = appid.unwrap_or_default();
    let to = to.map_or(now + 1, |to| to.0);
    let pushes = app.db.write(move |conn| {
        async move {
            let pushes = sql::replay(conn, &actor.organization_id, &appid, from.0, to, now).await?;
            let change = Change { action: "push.replay", subject_id: &appid, at: now };
            audit::created(conn, &actor, change, &json!({ "from": from.0, "to": to, "pushes": pushes })).await?;
            Ok::<_, Problem>(pushes)
        }
        .boxed()
    });
    Ok(web::Json(Replayed { pushes: pushes.await? }))
}

impl From<PushRow> for PushEntry {
    fn from(row: PushRow) -> Self {
        let push = Push::decode(row.body.as_bytes()).ok();
        Self {
            event: push.and_then(|push| push.event()),
            id: row.id,
            appid: row.appid,
            received_at: Moment(row.received_at),
            status: row.status,
            attempts: row.attempts,
            processed_at: row.processed_at.map(Moment),
            last_error: row.last_error,
        }
    }
}
