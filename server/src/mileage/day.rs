//! A day as it stands: its stops in storage, its figures by the rule, what was settled when it was approved.

use super::sql::days::{self, DayRow};
use super::sql::legs::{self, LegRow};
use super::sql::stops::{self, StopRow};
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use crate::work_orders::ServiceSettings;
use paifang_core::problem::ProblemCode;
use paifang_core::work_order::mileage::{self, Day, Edit, Leg, Method, Stop, StopKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};
use utoipa::ToSchema;

/// A leg with its figures, as it is shown, and kept when a day is approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LegFigures {
    /// Its id.
    pub id: String,
    /// The `id` of the stop where it starts.
    pub from: String,
    /// The `id` of the stop where it ends.
    pub to: String,
    /// `great_circle`, `odometer` or `manual`.
    pub method: String,
    /// The straight line in meters, where both stops have a fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub straight_meters: Option<i64>,
    /// The straight line times the detour factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computed_meters: Option<i64>,
    /// What counts; null as long as it is not known.
    pub meters: Option<i64>,
    /// Whether somebody must say its length.
    pub needs_manual: bool,
    /// What is odd: `odometer_backwards`, `too_short` or `too_long` beside the straight line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspicion: Option<String>,
    /// What the odometer read at its start, in meters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odometer_start: Option<i64>,
    /// What it read at its end, in meters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odometer_end: Option<i64>,
    /// Why the method is this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Counts its changes, from 1.
    pub version: i64,
}

/// The legs of a day and their sum.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub legs: Vec<LegFigures>,
    pub total_meters: i64,
    pub complete: bool,
    pub odometer_meters: Option<i64>,
    pub odometer_suspicion: Option<String>,
}

/// A day.
#[derive(Clone, Debug)]
pub struct DayState {
    /// As `2026-11-21`.
    pub day: String,
    /// Nothing, where it has no stops.
    pub row: Option<DayRow>,
    /// In order of time.
    pub stops: Vec<StopRow>,
    /// Its figures: those that were settled, where it is approved.
    pub figures: Figures,
    /// Whether stops that came after the approval would change them.
    pub late_stops: bool,
}

impl DayState {
    /// `open`, `submitted`, `approved` or `rejected`.
    pub fn status(&self) -> &str {
        self.row.as_ref().map_or("open", |row| row.status.as_str())
    }

    /// Its version; 0 where it has no stops.
    pub fn version(&self) -> i64 {
        self.row.as_ref().map_or(0, |row| row.version)
    }
}

/// The most stops that a day takes: nobody is at so many places, and every change of a day reads all of it.
const MOST_STOPS: usize = 200;

/// Notes that a day has got a stop: counts the change, and writes the legs that are new. One too many is refused.
pub async fn note_stop(
    conn: &mut Conn,
    organization_id: &str,
    engineer_id: &str,
    day: &str,
    settings: &ServiceSettings,
    now: i64,
) -> Result<(), Problem> {
    let stops = note_stops(conn, organization_id, engineer_id, day, settings, now).await?;
    if stops > MOST_STOPS {
        return Err(Problem::new(ProblemCode::Conflict).detail(format!("a day has at most {MOST_STOPS} stops")));
    }
    Ok(())
}

/// Notes that a day has got stops, however many: those of somebody else too, after a merge. Answers how many it has.
pub async fn note_stops(
    conn: &mut Conn,
    organization_id: &str,
    engineer_id: &str,
    day: &str,
    settings: &ServiceSettings,
    now: i64,
) -> Result<usize, Problem> {
    let row = days::touch(conn, organization_id, engineer_id, day, settings.detour_permille).await?;
    let stops = stops::between(conn, organization_id, engineer_id, day, day).await?;
    write_legs(conn, organization_id, &row, &stops, now).await?;
    Ok(stops.len())
}

/// Writes the legs of the day that are not there.
async fn write_legs(
    conn: &mut Conn,
    organization_id: &str,
    row: &DayRow,
    stops: &[StopRow],
    now: i64,
) -> Result<(), Problem> {
    let (engineer_id, day) = (row.engineer_id.as_str(), row.day.as_str());
    let known = legs::between(conn, organization_id, engineer_id, day, day).await?;
    let known: HashSet<_> = known.iter().map(LegRow::ends).collect();
    let legs = compute(stops, &[], row.detour_permille).legs;
    for leg in legs.iter().filter(|leg| !known.contains(&leg.ends())) {
        let id = random::id(now);
        legs::insert(conn, organization_id, (engineer_id, day), &id, leg.ends()).await?;
    }
    Ok(())
}

/// One day.
pub async fn read(conn: &mut Conn, organization_id: &str, engineer_id: &str, day: &str) -> Result<DayState, Problem> {
    let mut days = between(conn, organization_id, engineer_id, (day, day)).await?;
    let empty = || DayState {
        day: day.to_owned(),
        row: None,
        stops: Vec::new(),
        figures: Figures { complete: true, ..Figures::default() },
        late_stops: false,
    };
    Ok(days.pop().unwrap_or_else(empty))
}

/// The days from the first to the last that have stops, in order.
pub async fn between(
    conn: &mut Conn,
    organization_id: &str,
    engineer_id: &str,
    (first, last): (&str, &str),
) -> Result<Vec<DayState>, Problem> {
    let rows = days::between(conn, organization_id, engineer_id, first, last).await?;
    let mut stops_by_day: BTreeMap<String, Vec<StopRow>> = BTreeMap::new();
    for stop in stops::between(conn, organization_id, engineer_id, first, last).await? {
        stops_by_day.entry(stop.day.clone()).or_default().push(stop);
    }
    let mut legs_by_day: BTreeMap<String, Vec<LegRow>> = BTreeMap::new();
    for leg in legs::between(conn, organization_id, engineer_id, first, last).await? {
        legs_by_day.entry(leg.day.clone()).or_default().push(leg);
    }
    let state = |row: DayRow| {
        let mut stops = stops_by_day.remove(&row.day).unwrap_or_default();
        stops.sort_by(|one, other| order(one).cmp(&order(other)));
        let said = legs_by_day.remove(&row.day).unwrap_or_default();
        let current = figures(&stops, &said, row.detour_permille);
        let settled = row.settled.as_deref().map(serde_json::from_str::<Figures>).transpose();
        let settled = settled.map_err(|error| Problem::internal(error.to_string()))?;
        let ends = |figures: &Figures| -> Vec<(String, String)> {
            figures.legs.iter().map(|leg| (leg.from.clone(), leg.to.clone())).collect()
        };
        let late_stops = settled.as_ref().is_some_and(|settled| ends(settled) != ends(&current));
        let figures = settled.unwrap_or(current);
        Ok(DayState { day: row.day.clone(), row: Some(row), stops, figures, late_stops })
    };
    let mut states = rows.into_iter().map(state).collect::<Result<Vec<_>, Problem>>()?;
    states.sort_by(|one, other| one.day.cmp(&other.day));
    Ok(states)
}

fn order(stop: &StopRow) -> (i64, Option<StopKind>, &str) {
    (stop.counted_at, StopKind::parse(&stop.kind), &stop.stop_key)
}

fn compute(stops: &[StopRow], edits: &[Edit], detour_permille: i64) -> Day {
    let stop = |row: &StopRow| {
        Some(Stop {
            id: row.stop_key.clone(),
            kind: StopKind::parse(&row.kind)?,
            at: row.counted_at,
            // By the phone's clock, as the fix itself: the rule of check-ins.
            position: row.fix().fix().filter(|fix| fix.is_usable(Some(row.at))).map(|fix| fix.position),
            odometer_meters: row.odometer_meters,
        })
    };
    mileage::day(stops.iter().filter_map(stop).collect(), edits, detour_permille)
}

fn figures(stops: &[StopRow], said: &[LegRow], detour_permille: i64) -> Figures {
    let edits: Vec<Edit> = said.iter().filter_map(edit).collect();
    let day = compute(stops, &edits, detour_permille);
    let said: HashMap<_, _> = said.iter().map(|row| (row.ends(), row)).collect();
    let shown = |leg: &Leg| {
        let row = said.get(&leg.ends())?;
        Some(LegFigures {
            id: row.id.clone(),
            from: leg.from.clone(),
            to: leg.to.clone(),
            method: leg.method.as_str().to_owned(),
            straight_meters: leg.straight_meters,
            computed_meters: leg.computed_meters,
            meters: leg.meters,
            needs_manual: leg.needs_manual,
            suspicion: leg.suspicion.map(|suspicion| suspicion.as_str().to_owned()),
            odometer_start: row.odometer_start,
            odometer_end: row.odometer_end,
            reason: row.reason.clone(),
            version: row.version,
        })
    };
    Figures {
        legs: day.legs.iter().filter_map(shown).collect(),
        total_meters: day.total_meters,
        complete: day.complete,
        odometer_meters: day.odometer_meters,
        odometer_suspicion: day.odometer_suspicion.map(|suspicion| suspicion.as_str().to_owned()),
    }
}

/// What is said about a leg, for the rule.
pub fn edit(row: &LegRow) -> Option<Edit> {
    Some(Edit {
        from: row.from_stop.clone(),
        to: row.to_stop.clone(),
        method: Method::parse(&row.method)?,
        meters: row.meters,
        odometer_start_meters: row.odometer_start,
        odometer_end_meters: row.odometer_end,
    })
}
