//! Tickets over HTTP.

pub mod import;
pub mod mine;
mod search;

pub use search::*;

use super::service::{self, Content, Issuer, Place};
use super::sql::{self, TicketRow};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::events::{keys, products, service as events};
use crate::http::fields::Fields;
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::{Admin, Body, Moment, ProblemDocument, Supervisor};
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, post, web};
use futures_util::FutureExt;
use paifang_core::ticket::TicketStatus;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// The last second that a ticket code can carry (Unix).
const LAST_SECOND: i64 = u32::MAX as i64;

/// State of a ticket.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Paid and good.
    Valid,
    /// Not paid yet.
    Pending,
    /// Canceled by the buyer or the organizer.
    Canceled,
    /// Blocked for now.
    Blocked,
    /// Withdrawn for good.
    Revoked,
}

/// A ticket to issue.
#[derive(Deserialize, ToSchema)]
pub struct NewTicket {
    product_id: String,
    /// 1 to 64 characters.
    order_code: String,
    /// 1 to 100 characters.
    attendee_name: String,
    phone: Option<String>,
    /// The seller's own name of the ticket, unique within the event.
    reference: Option<String>,
    seat: Option<String>,
    status: Option<Status>,
    /// The order waits for approval.
    #[serde(default)]
    needs_approval: bool,
    valid_from: Option<Moment>,
    valid_until: Option<Moment>,
}

/// Changes of a ticket: what is absent stays, `null` takes away.
#[derive(Deserialize, ToSchema)]
pub struct TicketChange {
    status: Option<Status>,
    product_id: Option<String>,
    attendee_name: Option<String>,
    needs_approval: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    phone: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    seat: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    valid_from: Option<Option<Moment>>,
    #[serde(default, deserialize_with = "given")]
    valid_until: Option<Option<Moment>>,
}

/// A ticket, for those who may see all of it.
#[derive(Serialize, ToSchema)]
pub struct Ticket {
    pub(super) id: String,
    pub(super) event_id: String,
    product_id: String,
    product_name: String,
    order_code: String,
    reference: Option<String>,
    position: i64,
    attendee_name: String,
    phone: Option<String>,
    seat: Option<String>,
    status: String,
    needs_approval: bool,
    valid_from: Option<Moment>,
    valid_until: Option<Moment>,
    /// What the QR code holds.
    code: String,
    /// For typing by hand.
    short_code: String,
    claimed_at: Option<Moment>,
    last_scanned_at: Option<Moment>,
    created_at: Moment,
}

/// Tells `null` from an absent field.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// Issues a ticket.
#[utoipa::path(tag = "tickets", request_body = NewTicket,
    responses((status = 201, body = Ticket), (status = "default", body = ProblemDocument)))]
#[post("/events/{id}/tickets")]
pub async fn create_ticket(
    app: web::Data<App>,
    caller: Admin,
    key: IdempotencyKey,
    id: web::Path<String>,
    body: Body<NewTicket>,
) -> Result<HttpResponse, Problem> {
    let new = body.value;
    let mut fields = Fields::default();
    let order_code = fields.label("order_code", &new.order_code, 64);
    let reference = fields.optional_label("reference", new.reference.as_deref(), 64);
    let content = Content {
        product_id: new.product_id,
        attendee_name: fields.label("attendee_name", &new.attendee_name, 100),
        phone: fields.phone("phone", new.phone.as_deref()),
        seat: fields.optional_label("seat", new.seat.as_deref(), 60),
        status: service::status_name(new.status.unwrap_or(Status::Valid).into()),
        needs_approval: new.needs_approval,
        valid_from: new.valid_from.map(|at| service::whole_seconds(at.0)),
        valid_until: new.valid_until.map(|at| service::whole_seconds(at.0)),
    };
    check_validity(&mut fields, &content);
    fields.finish()?;
    let (actor, sealer, now) = (Actor::from(&*caller), app.sealer.clone(), app.clock.now());
    idempotency::create(&app, &caller, key, &body.digest, StatusCode::CREATED, move |conn| {
        async move {
            let event = events::find(conn, &actor.organization_id, &id).await?;
            let product = find_product(conn, &actor, &event.id, &content.product_id).await?;
            let signer = keys::signer(conn, &sealer, &event.id).await?;
            let position = sql::next_position(conn, &event.id, &order_code).await?;
            let place = Place { order_code, reference, position };
            let issuer = Issuer { actor: &actor, event: &event, signer: &signer, now };
            let row = service::issue(conn, &issuer, &product, place, content).await?;
            let change = Change { action: "ticket.create", subject_id: &row.id, at: now };
            audit::created(conn, &actor, change, &service::summary(&row)).await?;
            Ok(Ticket::from(row))
        }
        .boxed()
    })
    .await
}

/// One ticket.
#[utoipa::path(tag = "tickets", responses((status = 200, body = Ticket), (status = "default", body = ProblemDocument)))]
#[get("/tickets/{id}")]
pub async fn get_ticket(
    app: web::Data<App>,
    caller: Supervisor,
    id: web::Path<String>,
) -> Result<web::Json<Ticket>, Problem> {
    let row = sql::find(&mut app.db.read().await?, &caller.organization_id, &id).await?;
    Ok(web::Json(row.ok_or_else(Problem::not_found)?.into()))
}

/// Changes a ticket; another product or validity makes a new code.
#[utoipa::path(tag = "tickets", request_body = TicketChange,
    responses((status = 200, body = Ticket), (status = "default", body = ProblemDocument)))]
#[patch("/tickets/{id}")]
pub async fn change_ticket(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
    body: Body<TicketChange>,
) -> Result<web::Json<Ticket>, Problem> {
    let change = body.value;
    let (actor, sealer, now) = (Actor::from(&*caller), app.sealer.clone(), app.clock.now());
    let row = app.db.write(move |conn| {
        async move {
            let before = sql::lock(conn, &actor.organization_id, &id).await?.ok_or_else(Problem::not_found)?;
            let content = merged(change, service::content_of(&before)?)?;
            let event = events::find(conn, &actor.organization_id, &before.event_id).await?;
            let product = find_product(conn, &actor, &event.id, &content.product_id).await?;
            let signer = keys::signer(conn, &sealer, &event.id).await?;
            let issuer = Issuer { actor: &actor, event: &event, signer: &signer, now };
            service::change(conn, &issuer, &product, &before, content).await
        }
        .boxed()
    });
    Ok(web::Json(row.await?.into()))
}

fn merged(change: TicketChange, before: Content) -> Result<Content, Problem> {
    let mut fields = Fields::default();
    let name = change.attendee_name.map(|name| fields.label("attendee_name", &name, 100));
    let phone = change.phone.map(|phone| fields.phone("phone", phone.as_deref()));
    let seat = change.seat.map(|seat| fields.optional_label("seat", seat.as_deref(), 60));
    let seconds = |at: Option<Moment>| at.map(|at| service::whole_seconds(at.0));
    let content = Content {
        product_id: change.product_id.unwrap_or(before.product_id),
        attendee_name: name.unwrap_or(before.attendee_name),
        phone: phone.unwrap_or(before.phone),
        seat: seat.unwrap_or(before.seat),
        status: change.status.map_or(before.status, |status| service::status_name(status.into())),
        needs_approval: change.needs_approval.unwrap_or(before.needs_approval),
        valid_from: change.valid_from.map_or(before.valid_from, seconds),
        valid_until: change.valid_until.map_or(before.valid_until, seconds),
    };
    check_validity(&mut fields, &content);
    fields.finish()?;
    Ok(content)
}

fn check_validity(fields: &mut Fields, content: &Content) {
    fields.period("valid_until", content.valid_from, content.valid_until);
    for (field, at) in [("valid_from", content.valid_from), ("valid_until", content.valid_until)] {
        if at.is_some_and(|at| at / 1000 > LAST_SECOND) {
            fields.wrong(field, "range", "lies too far ahead");
        }
    }
}

async fn find_product(
    conn: &mut crate::storage::Conn,
    actor: &Actor,
    event_id: &str,
    id: &str,
) -> Result<crate::events::sql::ProductRow, Problem> {
    let wrong = |_| Problem::field("product_id", "unknown", "is no product of this event");
    products::find(conn, actor, event_id, id).await.map_err(wrong)
}

impl From<Status> for TicketStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Valid => Self::Valid,
            Status::Pending => Self::Pending,
            Status::Canceled => Self::Canceled,
            Status::Blocked => Self::Blocked,
            Status::Revoked => Self::Revoked,
        }
    }
}

impl From<TicketRow> for Ticket {
    fn from(row: TicketRow) -> Self {
        Self {
            id: row.id,
            event_id: row.event_id,
            product_id: row.product_id,
            product_name: row.product_name,
            order_code: row.order_code,
            reference: row.reference,
            position: row.position,
            attendee_name: row.attendee_name,
            phone: row.phone,
            seat: row.seat,
            status: row.status,
            needs_approval: row.needs_approval,
            valid_from: row.valid_from.map(Moment),
            valid_until: row.valid_until.map(Moment),
            code: row.code,
            short_code: row.short_code,
            claimed_at: row.claimed_at.map(Moment),
            last_scanned_at: row.last_scanned_at.map(Moment),
            created_at: Moment(row.created_at),
        }
    }
}
