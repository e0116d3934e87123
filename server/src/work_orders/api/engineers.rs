//! To whom a dispatcher can assign, over HTTP.

use super::super::near::parse_origin;
use super::super::sql::engineers::{self as sql, FixRow};
use crate::app::App;
use crate::http::page::{Page, Query};
use crate::http::{Coordinates, Dispatcher, Moment, ProblemDocument};
use crate::problem::Problem;
use actix_web::{get, web};
use paifang_core::position::Position;
use paifang_core::time::{DAY, format_date};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

/// From where distances are wanted.
#[derive(Debug, Deserialize, IntoParams)]
pub struct EngineersQuery {
    /// Degrees in GCJ-02, as `31.2304,121.4737`.
    near: Option<String>,
}

/// Somebody who works on orders.
#[derive(Serialize, ToSchema)]
pub struct EngineerLoad {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Open orders that are assigned.
    open_work_orders: i64,
    /// Where the engineer was last, today or yesterday.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_fix: Option<LastFix>,
    /// From `near` to there, in meters.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_meters: Option<i64>,
}

/// Where somebody was.
#[derive(Serialize, ToSchema)]
pub struct LastFix {
    #[serde(flatten)]
    position: Coordinates,
    /// In meters.
    #[serde(skip_serializing_if = "Option::is_none")]
    accuracy: Option<i64>,
    fixed_at: Moment,
}

/// The engineers of the organization, those with the least to do first, and where they were at their last check-in,
/// check-out, start or end of a day.
#[utoipa::path(tag = "work orders", params(EngineersQuery),
    responses((status = 200, body = Page<EngineerLoad>), (status = "default", body = ProblemDocument)))]
#[get("/engineers")]
pub async fn list_engineers(
    app: web::Data<App>,
    caller: Dispatcher,
    query: Query<EngineersQuery>,
) -> Result<web::Json<Page<EngineerLoad>>, Problem> {
    let origin = query.0.near.as_deref().map(parse_origin).transpose()?;
    let mut conn = app.db.read().await?;
    // Days are those of the organization; a day more covers every time zone.
    let since = format_date(app.clock.now() / DAY - 2);
    let fixes = sql::fixes(&mut conn, &caller.organization_id, &since).await?;
    let mut last: HashMap<String, FixRow> = fixes.into_iter().map(|fix| (fix.engineer_id.clone(), fix)).collect();
    let rows = sql::engineers(&mut conn, &caller.organization_id).await?;
    let shown = rows.into_iter().map(|row| {
        let fix = last.remove(&row.id);
        let fix = fix.and_then(|fix| Some((Position::from_e6(fix.lat_e6, fix.lng_e6)?, fix)));
        let distance = origin.zip(fix.as_ref()).map(|(origin, (position, _))| origin.distance_to(*position));
        EngineerLoad {
            id: row.id,
            name: row.name,
            open_work_orders: row.open,
            distance_meters: distance,
            last_fix: fix.map(|(position, fix)| LastFix {
                position: Coordinates::from(position),
                accuracy: fix.accuracy,
                fixed_at: Moment(fix.fixed_at),
            }),
        }
    });
    Ok(web::Json(Page::whole(shown)))
}
