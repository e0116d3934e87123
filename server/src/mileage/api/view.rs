//! A day as the API shows it.

use crate::app::App;
use crate::fixes::FixBody;
use crate::http::{Caller, Moment};
use crate::media::{self, Media};
use crate::mileage::day::{self, DayState, LegFigures};
use crate::mileage::sql::stops::StopRow;
use crate::problem::Problem;
use crate::storage::Conn;
use crate::work_orders::views::Named;
use paifang_core::work_order::visit::CLOCK_TOLERANCE;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A stop of a day.
#[derive(Serialize, ToSchema)]
#[schema(as = Stop)]
pub struct StopView {
    /// Its `point_key` or `visit_key`: what the phone named it.
    pub id: String,
    /// `start`, `visit` or `end`.
    pub kind: String,
    /// The day to which it belongs, as `2026-11-21`.
    pub day: String,
    /// When, as the phone said.
    pub at: Moment,
    /// When, with a suspect clock put right; gives the order.
    pub counted_at: Moment,
    /// How far the phone's clock was ahead.
    pub clock_skew_ms: i64,
    /// Whether that is too much.
    pub clock_suspect: bool,
    /// Whether there was no network.
    pub offline: bool,
    /// Where the phone was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<FixBody>,
    /// In the engineer's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What the odometer read, in meters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odometer_meters: Option<i64>,
    /// Of the odometer, at the start or end of a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<Media>,
    /// The visit that it is, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<StopVisit>,
}

/// The visit that a stop is.
#[derive(Serialize, ToSchema)]
pub struct StopVisit {
    /// The visit's id.
    pub id: String,
    /// The work order's id.
    pub work_order_id: String,
    /// The number of the work order.
    pub number: String,
    /// What the check-in proved about where.
    pub outcome: String,
}

/// A leg of a day.
#[derive(Serialize, ToSchema)]
#[schema(as = Leg)]
pub struct LegView {
    /// Its length, and how that was found.
    #[serde(flatten)]
    pub figures: LegFigures,
    /// Of the odometer.
    pub photos: Vec<Media>,
}

/// The mileage of an engineer's day.
#[derive(Serialize, ToSchema)]
#[schema(as = MileageDay)]
pub struct DayView {
    /// As `2026-11-21`, on the organization's calendar.
    pub day: String,
    /// Whose day it is.
    pub engineer: Named,
    /// `open`, `submitted`, `approved` or `rejected`.
    pub status: String,
    /// In order of time.
    pub stops: Vec<StopView>,
    /// Between neighboring stops.
    pub legs: Vec<LegView>,
    /// Sum of the legs whose length is known.
    pub total_meters: i64,
    /// Whether every leg has a length.
    pub complete: bool,
    /// By the odometer, from its first to its last reading of the day, without the way from an end to the next start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odometer_meters: Option<i64>,
    /// What is odd about that figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odometer_suspicion: Option<String>,
    /// Road for each 1,000 meters of straight line, as it was when the day began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detour_permille: Option<i64>,
    /// Whether stops came after the approval that do not count; rejecting the day lets them count.
    pub late_stops: bool,
    /// When it was submitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<Moment>,
    /// When it was approved or rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Moment>,
    /// The person or API token that approved or rejected it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// Why it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Counts its changes, from 1; 0 where there are no stops.
    pub version: i64,
}

/// The day, read for showing.
pub async fn show(
    app: &App,
    conn: &mut Conn,
    caller: &Caller,
    (engineer_id, name): (String, Option<String>),
    day: &str,
) -> Result<DayView, Problem> {
    let state = day::read(conn, &caller.organization_id, &engineer_id, day).await?;
    let mut photos = photos(app, conn, caller, &state).await?;
    let mut take = |id: &str| photos.remove(id).unwrap_or_default();
    let stops = state.stops.iter().map(|row| stop(row, take(&row.id).pop())).collect();
    let leg = |figures: LegFigures| LegView { photos: take(&figures.id), figures };
    let (status, version) = (state.status().to_owned(), state.version());
    let row = state.row.as_ref();
    Ok(DayView {
        stops,
        status,
        version,
        engineer: Named { id: engineer_id, name },
        total_meters: state.figures.total_meters,
        complete: state.figures.complete,
        odometer_meters: state.figures.odometer_meters,
        odometer_suspicion: state.figures.odometer_suspicion.clone(),
        detour_permille: row.map(|row| row.detour_permille),
        late_stops: state.late_stops,
        submitted_at: row.and_then(|row| row.submitted_at).map(Moment),
        decided_at: row.and_then(|row| row.decided_at).map(Moment),
        decided_by: row.and_then(|row| row.decided_by.clone()),
        reason: row.and_then(|row| row.reason.clone()),
        legs: state.figures.legs.into_iter().map(leg).collect(),
        day: state.day,
    })
}

/// The photos of the day's points and legs, by what they are attached to.
async fn photos(
    app: &App,
    conn: &mut Conn,
    caller: &Caller,
    state: &DayState,
) -> Result<HashMap<String, Vec<Media>>, Problem> {
    let points = state.stops.iter().filter(|stop| stop.kind != "visit").map(|stop| stop.id.as_str());
    let ids: Vec<&str> = points.chain(state.figures.legs.iter().map(|leg| leg.id.as_str())).collect();
    let now = app.clock.now();
    let mut photos: HashMap<String, Vec<Media>> = HashMap::new();
    for row in media::of_subjects(conn, &caller.organization_id, &ids).await? {
        let shown = media::view(app, &row, now);
        photos.entry(row.subject_id.unwrap_or_default()).or_default().push(shown);
    }
    Ok(photos)
}

fn stop(row: &StopRow, photo: Option<Media>) -> StopView {
    let visit = row.work_order_id.clone().map(|work_order_id| StopVisit {
        id: row.id.clone(),
        work_order_id,
        number: row.number.clone().unwrap_or_default(),
        outcome: row.outcome.clone().unwrap_or_default(),
    });
    StopView {
        id: row.stop_key.clone(),
        kind: row.kind.clone(),
        day: row.day.clone(),
        at: Moment(row.at),
        counted_at: Moment(row.counted_at),
        clock_skew_ms: row.clock_skew,
        clock_suspect: row.clock_skew.abs() > CLOCK_TOLERANCE,
        offline: row.offline,
        fix: row.fix().fix().map(FixBody::from),
        address: row.address.clone(),
        odometer_meters: row.odometer_meters,
        photo,
        visit,
    }
}
