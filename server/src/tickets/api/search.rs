//! Finding tickets. Door staff find by exact order code or short code only, and see no codes and no phone numbers.

use super::Ticket;
use crate::app::App;
use crate::events::service as events;
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{ProblemDocument, Staff};
use crate::people::Role;
use crate::problem::Problem;
use crate::tickets::sql::{self, Search, TicketRow};
use actix_web::{get, web};
use paifang_core::text::folded_name;
use paifang_core::ticket::ShortCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which tickets.
#[derive(Deserialize, IntoParams)]
pub struct TicketQuery {
    /// An order code, a short code, or (supervisors) a part of a name.
    q: Option<String>,
    /// Only tickets in this state.
    status: Option<String>,
    /// Only tickets of this product.
    product_id: Option<String>,
    /// Rows per page.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A ticket, for door staff.
#[derive(Serialize, ToSchema)]
pub struct FoundTicket {
    id: String,
    product_name: String,
    order_code: String,
    attendee_name: String,
    seat: Option<String>,
    status: String,
    /// For checking in by hand.
    short_code: String,
}

/// What was found, as much of it as the caller may see.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum FoundTickets {
    /// For supervisors.
    Full(Page<Ticket>),
    /// For door staff.
    Exact(Page<FoundTicket>),
}

/// Finds tickets of an event.
#[utoipa::path(tag = "tickets", params(TicketQuery),
    responses((status = 200, body = FoundTickets), (status = "default", body = ProblemDocument)))]
#[get("/events/{id}/tickets")]
pub async fn search_tickets(
    app: web::Data<App>,
    caller: Staff,
    id: web::Path<String>,
    query: Query<TicketQuery>,
) -> Result<web::Json<FoundTickets>, Problem> {
    let TicketQuery { q, status, product_id, limit, cursor } = query.0;
    let page = PageQuery { limit, cursor };
    let (limit, after) = (page.limit()?, page.after()?);
    let wanted = q.as_deref().map(str::trim).unwrap_or_default();
    let short_code = ShortCode::parse(wanted).map(|code| code.as_str().to_owned()).unwrap_or_default();
    let mut conn = app.db.read().await?;
    let event = events::find(&mut conn, &caller.organization_id, &id).await?;
    if !caller.may(Role::Supervisor) {
        if wanted.is_empty() {
            return Err(Problem::field("q", "required", "an order code or a short code"));
        }
        let rows = sql::exact(&mut conn, &caller.organization_id, &event.id, wanted, &short_code).await?;
        let items = rows.into_iter().map(FoundTicket::from).collect();
        return Ok(web::Json(FoundTickets::Exact(Page { items, next_cursor: None })));
    }
    let name_pattern = match folded_name(wanted) {
        folded if folded.is_empty() => String::new(),
        folded => format!("%{}%", folded.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")),
    };
    let search = Search {
        after: &after,
        status: status.as_deref().unwrap_or_default(),
        product_id: product_id.as_deref().unwrap_or_default(),
        name_pattern: &name_pattern,
        order_code: wanted,
        short_code: &short_code,
        limit: limit + 1,
    };
    let rows = sql::search(&mut conn, &caller.organization_id, &event.id, &search).await?;
    let items = rows.into_iter().map(Ticket::from).collect();
    Ok(web::Json(FoundTickets::Full(Page::new(items, limit, |ticket: &Ticket| &ticket.id))))
}

impl From<TicketRow> for FoundTicket {
    fn from(row: TicketRow) -> Self {
        Self {
            id: row.id,
            product_name: row.product_name,
            order_code: row.order_code,
            attendee_name: row.attendee_name,
            seat: row.seat,
            status: row.status,
            short_code: row.short_code,
        }
    }
}
