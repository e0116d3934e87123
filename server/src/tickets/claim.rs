//! Attendees take their tickets: by order code and name or phone number, or by the phone number that WeChat
//! confirmed. A ticket can be claimed once.

use super::service::{self, Issuer};
use super::sql::{self, TicketRow};
use crate::audit::{self, Actor, Change};
use crate::events::{keys, products, service as events};
use crate::people;
use crate::problem::Problem;
use crate::seal::Sealer;
use crate::storage::Conn;
use paifang_core::phone::Phone;
use paifang_core::problem::ProblemCode;
use paifang_core::text::folded_name;

/// How somebody shows that tickets are theirs.
pub enum Claim {
    /// By the order and the name on the ticket.
    OrderAndName { order_code: String, attendee_name: String },
    /// By the order and the phone number on the ticket.
    OrderAndPhone { order_code: String, phone: Phone },
    /// By the person's confirmed phone number alone.
    ConfirmedPhone(Phone),
}

/// Gives the person the tickets; the same person may repeat it, also with another phone. Rotating tickets then name
/// the phone with `device_key`.
pub async fn claim(
    conn: &mut Conn,
    sealer: &Sealer,
    actor: &Actor,
    claim: Claim,
    device_key: Option<&str>,
    now: i64,
) -> Result<Vec<TicketRow>, Problem> {
    let organization_id = actor.organization_id.as_str();
    let found = match &claim {
        Claim::OrderAndName { order_code, attendee_name } => {
            let folded = folded_name(attendee_name);
            sql::of_order(conn, organization_id, order_code, &folded, "").await?
        }
        Claim::OrderAndPhone { order_code, phone } => {
            sql::of_order(conn, organization_id, order_code, "", phone.as_str()).await?
        }
        Claim::ConfirmedPhone(phone) => {
            let person = people::sql::find_person(conn, organization_id, &actor.id).await?;
            if person.and_then(|person| person.phone).as_deref() != Some(phone.as_str()) {
                return Err(ProblemCode::PhoneNotVerified.into());
            }
            sql::of_phone(conn, organization_id, phone.as_str()).await?
        }
    };
    if found.is_empty() {
        return Err(Problem::not_found());
    }
    let mut mine = Vec::new();
    for ticket in found {
        if ticket.person_id.as_deref() == Some(actor.id.as_str()) {
            mine.push(ticket);
        } else if sql::claim(conn, organization_id, &ticket.id, &actor.id, now).await? {
            let change = Change { action: "ticket.claim", subject_id: &ticket.id, at: now };
            audit::record::<(), ()>(conn, actor, change, None, None).await?;
            mine.push(TicketRow { person_id: Some(actor.id.clone()), claimed_at: Some(now), ..ticket });
        }
    }
    if mine.is_empty() {
        return Err(ProblemCode::TicketClaimed.into());
    }
    let mut held = Vec::with_capacity(mine.len());
    for ticket in mine {
        held.push(with_device(conn, sealer, actor, ticket, device_key, now).await?);
    }
    Ok(held)
}

async fn with_device(
    conn: &mut Conn,
    sealer: &Sealer,
    actor: &Actor,
    ticket: TicketRow,
    device_key: Option<&str>,
    now: i64,
) -> Result<TicketRow, Problem> {
    let product = products::find(conn, actor, &ticket.event_id, &ticket.product_id).await?;
    match device_key {
        _ if !product.rotating => Ok(ticket),
        None => Err(Problem::field("device_key", "required", "this ticket is shown by one phone only")),
        Some(key) if ticket.device_key.as_deref() == Some(key) => Ok(ticket),
        Some(key) => {
            let event = events::find(conn, &actor.organization_id, &ticket.event_id).await?;
            let signer = keys::signer(conn, sealer, &event.id).await?;
            let issuer = Issuer { actor, event: &event, signer: &signer, now };
            service::bind_device(conn, &issuer, &product, ticket, key).await
        }
    }
}
