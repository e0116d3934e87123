//! Issuing and changing tickets.

use super::sql::{self, TicketRow};
use crate::audit::{self, Actor, Change};
use crate::events::keys::Signer;
use crate::events::sql::{EventRow, ProductRow};
use crate::problem::Problem;
use crate::random;
use crate::storage::{Conn, is_unique_violation};
use paifang_core::problem::ProblemCode;
use paifang_core::text::folded_name;
use paifang_core::ticket::code::verifying_key;
use paifang_core::ticket::{TicketCode, TicketStatus};
use serde_json::{Value, json};
use uuid::Uuid;

/// What a ticket says, apart from its codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub product_id: String,
    pub attendee_name: String,
    pub phone: Option<String>,
    pub seat: Option<String>,
    pub status: &'static str,
    pub needs_approval: bool,
    /// UTC epoch milliseconds, whole seconds.
    pub valid_from: Option<i64>,
    /// UTC epoch milliseconds, whole seconds.
    pub valid_until: Option<i64>,
}

/// Where a ticket stands within its order.
pub struct Place {
    pub order_code: String,
    pub reference: Option<String>,
    pub position: i64,
}

/// Who issues tickets of which event, with which key, when.
pub struct Issuer<'a> {
    pub actor: &'a Actor,
    pub event: &'a EventRow,
    pub signer: &'a Signer,
    pub now: i64,
}

/// The name of a ticket's state in storage and on the wire.
pub const fn status_name(status: TicketStatus) -> &'static str {
    match status {
        TicketStatus::Valid => "valid",
        TicketStatus::Pending => "pending",
        TicketStatus::Canceled => "canceled",
        TicketStatus::Blocked => "blocked",
        TicketStatus::Revoked => "revoked",
    }
}

/// Reads the name of a ticket's state.
pub fn parse_status(name: &str) -> Option<TicketStatus> {
    use TicketStatus::{Blocked, Canceled, Pending, Revoked, Valid};
    [Valid, Pending, Canceled, Blocked, Revoked].into_iter().find(|status| status_name(*status) == name)
}

/// Signed codes count validity in whole seconds, and so does storage.
pub const fn whole_seconds(at: i64) -> i64 {
    at - at.rem_euclid(1000)
}

/// Issues a ticket with a signed code and a short code.
pub async fn issue(
    conn: &mut Conn,
    issuer: &Issuer<'_>,
    product: &ProductRow,
    place: Place,
    content: Content,
) -> Result<TicketRow, Problem> {
    let Issuer { actor, event, signer, now } = *issuer;
    let id = random::id(now);
    let row = TicketRow {
        code: sign(signer, event, product, &id, &content, None)?,
        id,
        event_id: event.id.clone(),
        product_id: content.product_id,
        product_name: product.name.clone(),
        order_code: place.order_code,
        reference: place.reference,
        position: place.position,
        attendee_name: content.attendee_name,
        phone: content.phone,
        seat: content.seat,
        status: content.status.to_owned(),
        needs_approval: content.needs_approval,
        valid_from: content.valid_from,
        valid_until: content.valid_until,
        short_code: random::short_code()?.as_str().to_owned(),
        device_key: None,
        person_id: None,
        claimed_at: None,
        last_scanned_at: None,
        created_at: now,
    };
    match sql::insert(conn, &actor.organization_id, &row, &folded_name(&row.attendee_name), now).await {
        Err(error) if is_unique_violation(&error) => {
            Err(Problem::new(ProblemCode::AlreadyExists).detail("the reference is taken"))
        }
        inserted => Ok(inserted.map(|_| row)?),
    }
}

/// Changes a ticket. Another product or validity makes a new code, and the old one answers `revoked`.
pub async fn change(
    conn: &mut Conn,
    issuer: &Issuer<'_>,
    product: &ProductRow,
    before: &TicketRow,
    content: Content,
) -> Result<TicketRow, Problem> {
    let Issuer { actor, event, signer, now } = *issuer;
    if before.status == "revoked" && content.status != "revoked" {
        return Err(Problem::new(ProblemCode::Conflict).detail("a revoked ticket stays revoked"));
    }
    let reissue = before.product_id != content.product_id
        || before.valid_from != content.valid_from
        || before.valid_until != content.valid_until;
    let code = if reissue {
        sign(signer, event, product, &before.id, &content, before.device_key.as_deref())?
    } else {
        before.code.clone()
    };
    let row = TicketRow {
        code,
        product_id: content.product_id,
        product_name: product.name.clone(),
        attendee_name: content.attendee_name,
        phone: content.phone,
        seat: content.seat,
        status: content.status.to_owned(),
        needs_approval: content.needs_approval,
        valid_from: content.valid_from,
        valid_until: content.valid_until,
        ..before.clone()
    };
    sql::update(conn, &actor.organization_id, &row, &folded_name(&row.attendee_name), now).await?;
    let change = Change { action: "ticket.update", subject_id: &row.id, at: now };
    audit::record(conn, actor, change, Some(&summary(before)), Some(&summary(&row))).await?;
    Ok(row)
}

/// Names the holder's phone in the code of a rotating ticket; codes without it, or of another phone, are `revoked`.
pub async fn bind_device(
    conn: &mut Conn,
    issuer: &Issuer<'_>,
    product: &ProductRow,
    before: TicketRow,
    device_key: &str,
) -> Result<TicketRow, Problem> {
    let content = content_of(&before)?;
    let code = sign(issuer.signer, issuer.event, product, &before.id, &content, Some(device_key))?;
    let row = TicketRow { code, device_key: Some(device_key.to_owned()), ..before };
    sql::update(conn, &issuer.actor.organization_id, &row, &folded_name(&row.attendee_name), issuer.now).await?;
    let change = Change { action: "ticket.bind_device", subject_id: &row.id, at: issuer.now };
    audit::created(conn, issuer.actor, change, &json!({ "device_key": device_key })).await?;
    Ok(row)
}

/// Reads a phone's public key: Ed25519, 64 hexadecimal digits.
pub fn parse_device_key(hex: &str) -> Option<[u8; 32]> {
    verifying_key(hex).map(|key| key.to_bytes())
}

/// What the audit log keeps of a ticket: no codes, no phone number.
pub fn summary(row: &TicketRow) -> Value {
    json!({
        "product_id": row.product_id,
        "order_code": row.order_code,
        "attendee_name": row.attendee_name,
        "seat": row.seat,
        "status": row.status,
        "needs_approval": row.needs_approval,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
    })
}

/// What a ticket says now.
pub fn content_of(row: &TicketRow) -> Result<Content, Problem> {
    let status = parse_status(&row.status).ok_or_else(|| Problem::internal("unknown ticket status"))?;
    Ok(Content {
        product_id: row.product_id.clone(),
        attendee_name: row.attendee_name.clone(),
        phone: row.phone.clone(),
        seat: row.seat.clone(),
        status: status_name(status),
        needs_approval: row.needs_approval,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
    })
}

fn sign(
    signer: &Signer,
    event: &EventRow,
    product: &ProductRow,
    ticket_id: &str,
    content: &Content,
    device_key: Option<&str>,
) -> Result<String, Problem> {
    let wrong = || Problem::internal("a ticket does not fit its code");
    let seconds = |at: Option<i64>| at.map(|at| u32::try_from(at / 1000).map_err(|_| wrong())).transpose();
    let code = TicketCode {
        key_number: signer.number,
        event_tag: u32::try_from(event.tag).map_err(|_| wrong())?,
        ticket_id: Uuid::parse_str(ticket_id).map_err(|_| wrong())?,
        product_number: u16::try_from(product.number).map_err(|_| wrong())?,
        valid_from: seconds(content.valid_from)?,
        valid_until: seconds(content.valid_until)?,
        device_key: device_key.map(|key| parse_device_key(key).ok_or_else(wrong)).transpose()?,
    };
    Ok(code.sign(&signer.key))
}
