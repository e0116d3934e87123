//! Check-in lists over HTTP.

use crate::app::App;
use crate::audit::Actor;
use crate::events::sql::{self, ListRow};
use crate::events::{lists, service};
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::page::Page;
use crate::http::{Admin, Body, Moment, ProblemDocument, Staff};
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, put, web};
use futures_util::FutureExt;
use paifang_core::ticket::CheckInList;
use paifang_core::ticket::rules::Rule;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A check-in list to make, or to put in the place of one.
#[derive(Deserialize, ToSchema)]
pub struct NewCheckInList {
    /// Its name, 1 to 200 characters.
    name: String,
    /// The products let in; all when absent.
    product_ids: Option<Vec<String>>,
    /// Entries before are `list_closed`.
    starts_at: Option<Moment>,
    /// Entries from then on are `list_closed`.
    ends_at: Option<Moment>,
    /// Every valid scan is an entry.
    #[serde(default)]
    allow_multiple_entries: bool,
    /// Who has left may come in again.
    #[serde(default)]
    allow_entry_after_exit: bool,
    /// Pending tickets may be let in with `ignore_unpaid`.
    #[serde(default)]
    include_pending: bool,
    /// One scan admits all tickets of the same order.
    #[serde(default)]
    admit_order: bool,
    /// Names of gates; when there are any, a scan must name one.
    #[serde(default)]
    gates: Vec<String>,
    /// Custom rules: a subset of JsonLogic.
    #[schema(value_type = Option<Object>)]
    rules: Option<Value>,
}

/// A check-in list.
#[derive(Serialize, ToSchema)]
pub struct CheckInListView {
    id: String,
    event_id: String,
    name: String,
    product_ids: Option<Vec<String>>,
    starts_at: Option<Moment>,
    ends_at: Option<Moment>,
    allow_multiple_entries: bool,
    allow_entry_after_exit: bool,
    include_pending: bool,
    admit_order: bool,
    gates: Vec<String>,
    #[schema(value_type = Option<Object>)]
    rules: Option<Value>,
    created_at: Moment,
}

impl NewCheckInList {
    fn read(self) -> Result<(String, CheckInList), Problem> {
        let rules = self.rules.map(Rule::try_from).transpose();
        let rules = rules.map_err(|mistake| Problem::field("rules", "format", mistake))?;
        let list = CheckInList {
            product_ids: self.product_ids,
            starts_at: self.starts_at.map(|at| at.0),
            ends_at: self.ends_at.map(|at| at.0),
            allow_multiple_entries: self.allow_multiple_entries,
            allow_entry_after_exit: self.allow_entry_after_exit,
            include_pending: self.include_pending,
            admit_order: self.admit_order,
            gates: self.gates,
            rules,
        };
        Ok((self.name, list))
    }
}

/// Makes a check-in list.
#[utoipa::path(tag = "events", request_body = NewCheckInList,
    responses((status = 201, body = CheckInListView), (status = "default", body = ProblemDocument)))]
#[post("/events/{id}/check-in-lists")]
pub async fn create_check_in_list(
    app: web::Data<App>,
    caller: Admin,
    key: IdempotencyKey,
    id: web::Path<String>,
    body: Body<NewCheckInList>,
) -> Result<HttpResponse, Problem> {
    let (name, list) = body.value.read()?;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    idempotency::create(&app, &caller, key, &body.digest, StatusCode::CREATED, move |conn| {
        async move {
            let event = service::find(conn, &actor.organization_id, &id).await?;
            CheckInListView::read(lists::create(conn, &actor, &event, &name, list, now).await?)
        }
        .boxed()
    })
    .await
}

/// The check-in lists of an event.
#[utoipa::path(tag = "events",
    responses((status = 200, body = Page<CheckInListView>), (status = "default", body = ProblemDocument)))]
#[get("/events/{id}/check-in-lists")]
pub async fn list_check_in_lists(
    app: web::Data<App>,
    caller: Staff,
    id: web::Path<String>,
) -> Result<web::Json<Page<CheckInListView>>, Problem> {
    let mut conn = app.db.read().await?;
    let event = service::find(&mut conn, &caller.organization_id, &id).await?;
    let rows = sql::lists(&mut conn, &caller.organization_id, &event.id).await?;
    let lists = rows.into_iter().map(CheckInListView::read).collect::<Result<Vec<_>, _>>()?;
    Ok(web::Json(Page::whole(lists.into_iter())))
}

/// One check-in list.
#[utoipa::path(tag = "events",
    responses((status = 200, body = CheckInListView), (status = "default", body = ProblemDocument)))]
#[get("/check-in-lists/{id}")]
pub async fn get_check_in_list(
    app: web::Data<App>,
    caller: Staff,
    id: web::Path<String>,
) -> Result<web::Json<CheckInListView>, Problem> {
    let row = lists::find(&mut app.db.read().await?, &caller.organization_id, &id).await?;
    Ok(web::Json(CheckInListView::read(row)?))
}

/// Replaces a check-in list's name and settings; the next scan follows them.
#[utoipa::path(tag = "events", request_body = NewCheckInList,
    responses((status = 200, body = CheckInListView), (status = "default", body = ProblemDocument)))]
#[put("/check-in-lists/{id}")]
pub async fn replace_check_in_list(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
    body: Body<NewCheckInList>,
) -> Result<web::Json<CheckInListView>, Problem> {
    let (name, list) = body.value.read()?;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let row =
        app.db.write(move |conn| async move { lists::replace(conn, &actor, &id, &name, list, now).await }.boxed());
    Ok(web::Json(CheckInListView::read(row.await?)?))
}

impl CheckInListView {
    fn read(row: ListRow) -> Result<Self, Problem> {
        let list = lists::settings_of(&row)?;
        Ok(Self {
            id: row.id,
            event_id: row.event_id,
            name: row.name,
            product_ids: list.product_ids,
            starts_at: list.starts_at.map(Moment),
            ends_at: list.ends_at.map(Moment),
            allow_multiple_entries: list.allow_multiple_entries,
            allow_entry_after_exit: list.allow_entry_after_exit,
            include_pending: list.include_pending,
            admit_order: list.admit_order,
            gates: list.gates,
            rules: list.rules.map(Value::from),
            created_at: Moment(row.created_at),
        })
    }
}
