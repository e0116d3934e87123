//! What happened on a list: all scans, and the conflicts among them.

use crate::app::App;
use crate::check_in::sql::{self, CheckInRow};
use crate::events::lists;
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Moment, ProblemDocument, Staff, Supervisor};
use crate::problem::Problem;
use crate::tickets::sql as tickets;
use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which scans, and how many.
#[derive(Deserialize, IntoParams)]
pub struct HistoryQuery {
    /// Only those that let somebody through (`ok`), or only those that did not (`error`).
    status: Option<String>,
    /// Rows per page, 1 to 200; 50 when absent.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A scan and what came of it.
#[derive(Serialize, ToSchema)]
pub struct CheckInRecord {
    id: String,
    nonce: String,
    ticket_id: Option<String>,
    /// `entry` or `exit`.
    #[serde(rename = "type")]
    direction: String,
    status: String,
    reason: Option<String>,
    forced: bool,
    /// What the supervisor gave as the reason for letting the guest in all the same.
    force_reason: Option<String>,
    attendee_name: Option<String>,
    product_name: Option<String>,
    gate: Option<String>,
    device_id: Option<String>,
    /// The person or API token that scanned.
    actor_id: String,
    scanned_at: Moment,
    received_at: Moment,
    conflict: bool,
    annulled_at: Option<Moment>,
    annul_reason: Option<String>,
}

/// A guest whom a phone let in, although the server would not have.
#[derive(Serialize, ToSchema)]
pub struct ConflictRecord {
    check_in: CheckInRecord,
    attendee_name: Option<String>,
    /// Every check-in of the same ticket on this list: which gates, when, by whom.
    check_ins: Vec<CheckInRecord>,
}

/// The scans on a list, newest first, refusals too.
#[utoipa::path(tag = "check-in", params(HistoryQuery),
    responses((status = 200, body = Page<CheckInRecord>), (status = "default", body = ProblemDocument)))]
#[get("/check-in-lists/{id}/check-ins")]
pub async fn list_check_ins(
    app: web::Data<App>,
    caller: Staff,
    id: web::Path<String>,
    query: Query<HistoryQuery>,
) -> Result<web::Json<Page<CheckInRecord>>, Problem> {
    let HistoryQuery { status, limit, cursor } = query.0;
    let page = PageQuery { limit, cursor };
    let (limit, after) = (page.limit()?, page.after()?);
    let status = status.unwrap_or_default();
    if !["", "ok", "error"].contains(&status.as_str()) {
        return Err(Problem::field("status", "unknown", "is `ok` or `error`"));
    }
    let mut conn = app.db.read().await?;
    lists::find(&mut conn, &caller.organization_id, &id).await?;
    let rows = sql::page(&mut conn, &caller.organization_id, &id, &after, false, &status, limit + 1).await?;
    let items = rows.into_iter().map(CheckInRecord::from).collect();
    Ok(web::Json(Page::new(items, limit, |record: &CheckInRecord| &record.id)))
}

/// Guests whom phones let in offline although the server would have refused them, newest first.
#[utoipa::path(tag = "check-in", params(PageQuery),
    responses((status = 200, body = Page<ConflictRecord>), (status = "default", body = ProblemDocument)))]
#[get("/check-in-lists/{id}/conflicts")]
pub async fn list_conflicts(
    app: web::Data<App>,
    caller: Supervisor,
    id: web::Path<String>,
    page: Query<PageQuery>,
) -> Result<web::Json<Page<ConflictRecord>>, Problem> {
    let (limit, after) = (page.0.limit()?, page.0.after()?);
    let mut conn = app.db.read().await?;
    lists::find(&mut conn, &caller.organization_id, &id).await?;
    let mut items = Vec::new();
    for row in sql::page(&mut conn, &caller.organization_id, &id, &after, true, "", limit + 1).await? {
        let (mut attendee_name, mut check_ins) = (None, Vec::new());
        if let Some(ticket_id) = &row.ticket_id {
            let ticket = tickets::find(&mut conn, &caller.organization_id, ticket_id).await?;
            attendee_name = ticket.map(|ticket| ticket.attendee_name);
            check_ins = sql::of_ticket(&mut conn, &id, ticket_id).await?;
        }
        let check_ins = check_ins.into_iter().map(CheckInRecord::from).collect();
        items.push(ConflictRecord { check_in: row.into(), attendee_name, check_ins });
    }
    Ok(web::Json(Page::new(items, limit, |conflict: &ConflictRecord| &conflict.check_in.id)))
}

impl From<CheckInRow> for CheckInRecord {
    fn from(row: CheckInRow) -> Self {
        Self {
            id: row.id,
            nonce: row.nonce,
            ticket_id: row.ticket_id,
            direction: row.direction,
            status: row.status,
            reason: row.reason,
            forced: row.forced,
            force_reason: row.force_reason,
            attendee_name: row.attendee_name,
            product_name: row.product_name,
            gate: row.gate,
            device_id: row.device_id,
            actor_id: row.actor_id,
            scanned_at: Moment(row.scanned_at),
            received_at: Moment(row.received_at),
            conflict: row.conflict,
            annulled_at: row.annulled_at.map(Moment),
            annul_reason: row.annul_reason,
        }
    }
}
