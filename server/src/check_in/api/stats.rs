//! Live numbers of a list, derived from what is stored, never counted along.

use crate::app::App;
use crate::check_in::sql;
use crate::events::lists;
use crate::http::{Moment, ProblemDocument, Staff};
use crate::problem::Problem;
use actix_web::{get, web};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Live numbers.
#[derive(Serialize, ToSchema)]
pub struct Stats {
    /// Tickets that belong to the list.
    expected: i64,
    /// Tickets that have entered.
    entered: i64,
    /// Of them, those that have not left.
    inside: i64,
    /// Refused scans, by reason.
    refused: BTreeMap<String, i64>,
    /// Admitted entries, by gate; scans without a gate under the empty name.
    entries_by_gate: BTreeMap<String, i64>,
    /// The last scan.
    latest_scan_at: Option<Moment>,
}

/// Live numbers of a list.
#[utoipa::path(tag = "check-in", responses((status = 200, body = Stats), (status = "default", body = ProblemDocument)))]
#[get("/check-in-lists/{id}/stats")]
pub async fn get_stats(app: web::Data<App>, caller: Staff, id: web::Path<String>) -> Result<web::Json<Stats>, Problem> {
    let mut conn = app.db.read().await?;
    let row = lists::find(&mut conn, &caller.organization_id, &id).await?;
    let list = lists::settings_of(&row)?;
    let tickets = sql::expected(&mut conn, &caller.organization_id, &row.event_id).await?;
    let belongs = |product_id: &str, status: &str| {
        list.lets_in(product_id) && (status == "valid" || status == "pending" && list.include_pending)
    };
    let expected = tickets.iter().filter(|(product, status, _)| belongs(product, status)).map(|(_, _, n)| n).sum();
    let (entered, inside) = sql::presence(&mut conn, &id).await?;
    let mut stats = Stats {
        expected,
        entered,
        inside,
        refused: BTreeMap::new(),
        entries_by_gate: BTreeMap::new(),
        latest_scan_at: None,
    };
    for total in sql::totals(&mut conn, &id).await? {
        stats.latest_scan_at = stats.latest_scan_at.max(total.latest.map(Moment));
        match total.reason {
            Some(reason) if total.status == "error" => *stats.refused.entry(reason).or_default() += total.number,
            _ if total.status == "ok" && total.direction == "entry" => {
                *stats.entries_by_gate.entry(total.gate.unwrap_or_default()).or_default() += total.number;
            }
            _ => {}
        }
    }
    Ok(web::Json(stats))
}
