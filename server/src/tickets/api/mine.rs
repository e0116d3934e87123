//! The attendee's own tickets.

use crate::app::App;
use crate::audit::Actor;
use crate::events::api::{UtcOffset, utc_offsets};
use crate::events::service as events;
use crate::http::fields::Fields;
use crate::http::limits::{self, Limit};
use crate::http::page::Page;
use crate::http::{Body, Guest, Moment, ProblemDocument};
use crate::problem::Problem;
use crate::storage::Conn;
use crate::tickets::claim::{self, Claim};
use crate::tickets::service;
use crate::tickets::sql::{self, TicketRow};
use actix_web::{get, post, web};
use futures_util::FutureExt;
use paifang_core::phone::Phone;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;

/// A ticket, for its holder.
#[derive(Serialize, ToSchema)]
pub struct MyTicket {
    id: String,
    event: MyEvent,
    product_name: String,
    order_code: String,
    attendee_name: String,
    seat: Option<String>,
    status: String,
    valid_from: Option<Moment>,
    valid_until: Option<Moment>,
    /// What the QR code shows; on a rotating ticket, what the phone adds its proof to.
    code: String,
    /// The phone adds a fresh proof to the code.
    rotating: bool,
    /// For typing by hand.
    short_code: String,
}

/// The event of a ticket.
#[derive(Clone, Serialize, ToSchema)]
pub struct MyEvent {
    id: String,
    name: String,
    starts_at: Moment,
    ends_at: Moment,
    time_zone: String,
    /// What the time zone's clocks show around the event, for clients without a time-zone database.
    utc_offsets: Vec<UtcOffset>,
}

/// How somebody shows that tickets are theirs: `order_code` with `attendee_name` or `phone`, or `phone` alone when
/// WeChat confirmed it.
#[derive(Deserialize, ToSchema)]
pub struct ClaimBody {
    order_code: Option<String>,
    attendee_name: Option<String>,
    phone: Option<String>,
    /// Public key of this phone (Ed25519, hexadecimal), for rotating tickets.
    device_key: Option<String>,
}

impl ClaimBody {
    fn read(self) -> Result<(Claim, Option<String>), Problem> {
        let mut fields = Fields::default();
        let device_key = self.device_key.map(|key| key.to_lowercase());
        if device_key.as_deref().is_some_and(|key| service::parse_device_key(key).is_none()) {
            fields.wrong("device_key", "format", "is no Ed25519 public key in hexadecimal digits");
        }
        let order_code = fields.optional_label("order_code", self.order_code.as_deref(), 64);
        let attendee_name = fields.optional_label("attendee_name", self.attendee_name.as_deref(), 100);
        let phone = self.phone.as_deref().map(Phone::parse);
        if phone == Some(None) {
            fields.wrong("phone", "format", "is no phone number");
        }
        fields.finish()?;
        let missing = |field: &str, what: &str| Err(Problem::field(field, "required", what));
        let claim = match (order_code, attendee_name, phone.flatten()) {
            (Some(order_code), Some(attendee_name), _) => Claim::OrderAndName { order_code, attendee_name },
            (Some(order_code), None, Some(phone)) => Claim::OrderAndPhone { order_code, phone },
            (None, _, Some(phone)) => Claim::ConfirmedPhone(phone),
            (Some(_), None, None) => return missing("attendee_name", "a name or a phone number"),
            (None, _, None) => return missing("order_code", "an order code or a confirmed phone number"),
        };
        Ok((claim, device_key))
    }
}

/// The caller's tickets.
#[utoipa::path(tag = "tickets",
    responses((status = 200, body = Page<MyTicket>), (status = "default", body = ProblemDocument)))]
#[get("/me/tickets")]
pub async fn list_my_tickets(app: web::Data<App>, caller: Guest) -> Result<web::Json<Page<MyTicket>>, Problem> {
    let session = caller.session()?;
    let mut conn = app.db.read().await?;
    let rows = sql::of_person(&mut conn, &session.organization_id, &session.person_id).await?;
    Ok(web::Json(with_events(&mut conn, &session.organization_id, rows).await?))
}

/// Claims tickets; each can be claimed by one person.
#[utoipa::path(tag = "tickets", request_body = ClaimBody,
    responses((status = 200, body = Page<MyTicket>), (status = "default", body = ProblemDocument)))]
#[post("/me/tickets/claim")]
pub async fn claim_tickets(
    app: web::Data<App>,
    caller: Guest,
    body: Body<ClaimBody>,
) -> Result<web::Json<Page<MyTicket>>, Problem> {
    let session = caller.session()?;
    let (wanted, device_key) = body.value.read()?;
    limits::hit(&app, Limit::Guess, &session.person_id).await?;
    let (actor, sealer, now) = (Actor::from(&*caller), app.sealer.clone(), app.clock.now());
    let answer = app.db.write(move |conn| {
        async move {
            let rows = claim::claim(conn, &sealer, &actor, wanted, device_key.as_deref(), now).await?;
            with_events(conn, &actor.organization_id, rows).await
        }
        .boxed()
    });
    Ok(web::Json(answer.await?))
}

async fn with_events(conn: &mut Conn, organization_id: &str, rows: Vec<TicketRow>) -> Result<Page<MyTicket>, Problem> {
    let mut known: HashMap<String, MyEvent> = HashMap::new();
    let mut tickets = Vec::with_capacity(rows.len());
    for row in rows {
        let event = match known.get(&row.event_id) {
            Some(event) => event.clone(),
            None => {
                let event = events::find(conn, organization_id, &row.event_id).await?;
                let event = MyEvent {
                    id: event.id,
                    name: event.name,
                    starts_at: Moment(event.starts_at),
                    ends_at: Moment(event.ends_at),
                    utc_offsets: utc_offsets(&event.offsets),
                    time_zone: event.time_zone,
                };
                known.insert(row.event_id.clone(), event.clone());
                event
            }
        };
        tickets.push(MyTicket {
            id: row.id,
            event,
            product_name: row.product_name,
            order_code: row.order_code,
            attendee_name: row.attendee_name,
            seat: row.seat,
            status: row.status,
            valid_from: row.valid_from.map(Moment),
            valid_until: row.valid_until.map(Moment),
            code: row.code,
            rotating: row.device_key.is_some(),
            short_code: row.short_code,
        });
    }
    Ok(Page::whole(tickets.into_iter()))
}
