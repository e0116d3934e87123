//! What a scan is answered with; stored as it is given, so that the same nonce gets the same answer for ever.

use super::sql::PastRow;
use crate::http::Moment;
use crate::tickets::sql::TicketRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The answer to a scan.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CheckInAnswer {
    /// `ok` or `error`.
    pub status: String,
    /// Why it was refused; with `forced`, why it would have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// A sentence for the guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    pub check_in_id: String,
    /// `force` was needed.
    pub forced: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<CheckedTicket>,
    /// Earlier check-ins of the ticket on this list.
    pub previous: Vec<Previous>,
    /// All tickets of the order, on a list that admits orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Vec<OrderTicket>>,
    /// The phone let the guest in where the server would not have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Conflict>,
    /// The check-in was annulled since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annulled_at: Option<Moment>,
}

/// The ticket that was scanned.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CheckedTicket {
    pub id: String,
    pub attendee_name: String,
    pub product_name: String,
    pub order_code: String,
    pub seat: Option<String>,
    pub status: String,
}

/// An earlier check-in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Previous {
    /// `entry` or `exit`.
    #[serde(rename = "type")]
    pub direction: String,
    pub scanned_at: Moment,
    pub gate: Option<String>,
    pub device_id: Option<String>,
}

/// One ticket of an order that was scanned as a whole.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderTicket {
    pub ticket: CheckedTicket,
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Why the server would have refused what a phone let in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Conflict {
    pub reason: String,
}

impl From<&TicketRow> for CheckedTicket {
    fn from(row: &TicketRow) -> Self {
        Self {
            id: row.id.clone(),
            attendee_name: row.attendee_name.clone(),
            product_name: row.product_name.clone(),
            order_code: row.order_code.clone(),
            seat: row.seat.clone(),
            status: row.status.clone(),
        }
    }
}

impl From<&PastRow> for Previous {
    fn from(row: &PastRow) -> Self {
        Self {
            direction: row.direction.clone(),
            scanned_at: Moment(row.scanned_at),
            gate: row.gate.clone(),
            device_id: row.device_id.clone(),
        }
    }
}
