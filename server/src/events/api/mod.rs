//! Events over HTTP.

pub mod lists;
pub mod products;

use super::keys;
use super::service::{self, NewEvent};
use super::sql::{self, EventRow};
use crate::app::App;
use crate::audit::Actor;
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Admin, Body, Moment, ProblemDocument, Staff};
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use futures_util::FutureExt;
use paifang_core::ticket::EventKey;
use paifang_core::time::OffsetChange;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An event to make.
#[derive(Deserialize, ToSchema)]
pub struct NewEventBody {
    /// Its name, 1 to 200 characters.
    name: String,
    starts_at: Moment,
    ends_at: Moment,
    /// IANA name, as `Asia/Shanghai`.
    time_zone: String,
}

/// An event.
#[derive(Serialize, ToSchema)]
pub struct Event {
    id: String,
    name: String,
    starts_at: Moment,
    ends_at: Moment,
    time_zone: String,
    /// What the time zone's clocks show around the event, for clients without a time-zone database.
    utc_offsets: Vec<UtcOffset>,
    created_at: Moment,
}

/// How far the clocks of a time zone are ahead of UTC, from a moment on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UtcOffset {
    /// First moment with this offset; what lies before the first entry has the first one's.
    from: Moment,
    seconds: i32,
}

impl From<OffsetChange> for UtcOffset {
    fn from(change: OffsetChange) -> Self {
        Self { from: Moment(change.from), seconds: change.seconds }
    }
}

/// Reads the offsets as they are stored with an event.
pub fn utc_offsets(stored: &str) -> Vec<UtcOffset> {
    let changes: Vec<OffsetChange> = serde_json::from_str(stored).unwrap_or_default();
    changes.into_iter().map(UtcOffset::from).collect()
}

/// A public key that verifies ticket codes of an event.
#[derive(Serialize, ToSchema)]
pub struct EventKeyView {
    /// Number within the event.
    number: u8,
    /// Ed25519, hexadecimal digits.
    public_key: String,
}

/// Makes an event, with its first signing key.
#[utoipa::path(tag = "events", request_body = NewEventBody,
    responses((status = 201, body = Event), (status = "default", body = ProblemDocument)))]
#[post("/events")]
pub async fn create_event(
    app: web::Data<App>,
    caller: Admin,
    key: IdempotencyKey,
    body: Body<NewEventBody>,
) -> Result<HttpResponse, Problem> {
    let NewEventBody { name, starts_at, ends_at, time_zone } = body.value;
    let new = NewEvent::check(&name, starts_at.0, ends_at.0, &time_zone)?;
    let (actor, sealer, now) = (Actor::from(&*caller), app.sealer.clone(), app.clock.now());
    idempotency::create(&app, &caller, key, &body.digest, StatusCode::CREATED, move |conn| {
        async move { Ok(Event::from(service::create(conn, &sealer, &actor, new, now).await?)) }.boxed()
    })
    .await
}

/// The events of the organization.
#[utoipa::path(tag = "events", params(PageQuery),
    responses((status = 200, body = Page<Event>), (status = "default", body = ProblemDocument)))]
#[get("/events")]
pub async fn list_events(
    app: web::Data<App>,
    caller: Staff,
    page: Query<PageQuery>,
) -> Result<web::Json<Page<Event>>, Problem> {
    let (limit, after) = (page.0.limit()?, page.0.after()?);
    let rows = sql::list_events(&mut app.db.read().await?, &caller.organization_id, &after, limit + 1).await?;
    let items = rows.into_iter().map(Event::from).collect();
    Ok(web::Json(Page::new(items, limit, |event: &Event| &event.id)))
}

/// One event.
#[utoipa::path(tag = "events", responses((status = 200, body = Event), (status = "default", body = ProblemDocument)))]
#[get("/events/{id}")]
pub async fn get_event(app: web::Data<App>, caller: Staff, id: web::Path<String>) -> Result<web::Json<Event>, Problem> {
    let event = service::find(&mut app.db.read().await?, &caller.organization_id, &id).await?;
    Ok(web::Json(event.into()))
}

/// The public keys of an event.
#[utoipa::path(tag = "events",
    responses((status = 200, body = Page<EventKeyView>), (status = "default", body = ProblemDocument)))]
#[get("/events/{id}/keys")]
pub async fn list_event_keys(
    app: web::Data<App>,
    caller: Staff,
    id: web::Path<String>,
) -> Result<web::Json<Page<EventKeyView>>, Problem> {
    let mut conn = app.db.read().await?;
    let event = service::find(&mut conn, &caller.organization_id, &id).await?;
    let keys = keys::public(&sql::keys(&mut conn, &event.id).await?);
    Ok(web::Json(Page::whole(keys.into_iter().map(EventKeyView::from))))
}

/// Adds a signing key; codes made with the older ones stay good.
#[utoipa::path(tag = "events",
    responses((status = 201, body = EventKeyView), (status = "default", body = ProblemDocument)))]
#[post("/events/{id}/keys")]
pub async fn create_event_key(
    app: web::Data<App>,
    caller: Admin,
    key: IdempotencyKey,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (actor, sealer, now) = (Actor::from(&*caller), app.sealer.clone(), app.clock.now());
    idempotency::create(&app, &caller, key, "", StatusCode::CREATED, move |conn| {
        async move {
            let event = service::find(conn, &actor.organization_id, &id).await?;
            Ok(EventKeyView::from(keys::add(conn, &sealer, &actor, &event, now).await?))
        }
        .boxed()
    })
    .await
}

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            starts_at: Moment(row.starts_at),
            ends_at: Moment(row.ends_at),
            utc_offsets: utc_offsets(&row.offsets),
            time_zone: row.time_zone,
            created_at: Moment(row.created_at),
        }
    }
}

impl From<EventKey> for EventKeyView {
    fn from(key: EventKey) -> Self {
        Self { number: key.number, public_key: key.public_key }
    }
}
