//! The mileage of an engineer's day: legs between neighboring stops, each with one method, and their sum.

mod leg;
mod statement;

pub use leg::{Edit, LONGEST_LEG, Leg, Method, Suspicion, is_odometer};
pub use statement::{DayTotal, Statement, statement};

use super::fix::{Fix, FixDocument, moment, optional_moment};
use crate::position::Position;
use crate::problem::FieldError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a stop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopKind {
    /// The day starts.
    Start,
    /// A check-in on site.
    Visit,
    /// The day ends.
    End,
}

impl StopKind {
    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Visit => "visit",
            Self::End => "end",
        }
    }

    /// Reads a name from the wire.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Start, Self::Visit, Self::End].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A place of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// What the phone named it: both sides know it, whatever has been uploaded.
    pub id: String,
    /// What it is.
    pub kind: StopKind,
    /// When (UTC epoch milliseconds).
    pub at: i64,
    /// Where, when there was a usable fix.
    pub position: Option<Position>,
    /// What the odometer read there, in meters.
    pub odometer_meters: Option<i64>,
}

/// The legs of a day and their sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Day {
    /// In order of time.
    pub legs: Vec<Leg>,
    /// Sum of the legs whose length is known.
    pub total_meters: i64,
    /// Whether every leg has a length.
    pub complete: bool,
    /// By the odometer, from the first to the last stop where it was read; what was driven between an end and the next
    /// start is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odometer_meters: Option<i64>,
    /// What is odd about that figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odometer_suspicion: Option<Suspicion>,
}

/// Puts stops in the order of the day: by time, and where two are at the same moment by kind and name, never by
/// which was uploaded first.
pub fn in_order(stops: &mut [Stop]) {
    stops.sort_unstable_by(|one, other| (one.at, one.kind, &one.id).cmp(&(other.at, other.kind, &other.id)));
}

/// The way from where the day ended to where it starts again is the engineer's own: no leg leads there.
fn is_private(from: &Stop, to: &Stop) -> bool {
    from.kind == StopKind::End && to.kind == StopKind::Start
}

/// The legs between neighbors, but for the private ways.
pub fn day(mut stops: Vec<Stop>, edits: &[Edit], detour_permille: i64) -> Day {
    in_order(&mut stops);
    let mut said = BTreeMap::new();
    for edit in edits {
        said.entry((edit.from.as_str(), edit.to.as_str())).or_insert(edit);
    }
    let legs: Vec<Leg> = stops
        .iter()
        .zip(stops.iter().skip(1))
        .filter(|(from, to)| !is_private(from, to))
        .map(|(from, to)| {
            let edit = said.get(&(from.id.as_str(), to.id.as_str())).copied();
            Leg::between(from, to, edit, detour_permille)
        })
        .collect();
    let total_meters = legs.iter().filter_map(|leg| leg.meters).fold(0, i64::saturating_add);
    let complete = legs.iter().all(|leg| leg.meters.is_some());
    let (odometer_meters, odometer_suspicion) = by_odometer(&stops, &legs);
    Day { total_meters, complete, odometer_meters, odometer_suspicion, legs }
}

/// The odometer from the first to the last reading of each stretch without a private way, against the straight lines
/// between the stops there.
fn by_odometer(stops: &[Stop], legs: &[Leg]) -> (Option<i64>, Option<Suspicion>) {
    let (mut meters, mut straight) = (None, Some(0));
    for stretch in stops.chunk_by(|from, to| !is_private(from, to)) {
        let mut readings = stretch.iter().filter_map(|stop| Some((&stop.id, stop.odometer_meters?)));
        let (Some((first, start)), Some((last, end))) = (readings.next(), readings.next_back()) else { continue };
        if end < start {
            return (None, Some(Suspicion::OdometerBackwards));
        }
        meters = Some(end.saturating_sub(start).saturating_add(meters.unwrap_or(0)));
        straight = straight.zip(straight_line(legs, first, last)).map(|(sum, more)| sum + more);
    }
    (meters, meters.zip(straight).and_then(|(meters, straight)| Suspicion::of(meters, straight)))
}

/// The straight lines of the legs from one stop to another; `None` where one of them is not known.
fn straight_line(legs: &[Leg], first: &str, last: &str) -> Option<i64> {
    let from = legs.iter().position(|leg| leg.from == first)?;
    let to = legs.iter().position(|leg| leg.to == last)?;
    legs.get(from..=to)?.iter().map(|leg| leg.straight_meters).sum()
}

/// A day as the mini program asks about it.
#[derive(Deserialize)]
pub struct DayQuestion {
    stops: Vec<StopDocument>,
    #[serde(default)]
    edits: Vec<Edit>,
    detour_permille: i64,
}

/// A stop as the server shows it; more fields than these do not matter here.
#[derive(Deserialize)]
struct StopDocument {
    id: String,
    kind: StopKind,
    /// By the phone's clock, as the fix is.
    #[serde(deserialize_with = "moment")]
    at: i64,
    /// The same with a suspect clock put right.
    #[serde(default, deserialize_with = "optional_moment")]
    counted_at: Option<i64>,
    fix: Option<FixDocument>,
    odometer_meters: Option<i64>,
}

impl DayQuestion {
    /// The figures that the server will find too.
    pub fn answer(self) -> Result<Day, Vec<FieldError>> {
        let read = |(number, stop): (usize, StopDocument)| {
            let field = format!("stops[{number}].fix");
            let fix = stop.fix.map(|fix| Fix::read(&fix, &field)).transpose()?;
            let position = fix.filter(|fix| fix.is_usable(Some(stop.at))).map(|fix| fix.position);
            let StopDocument { id, kind, at, counted_at, odometer_meters, .. } = stop;
            Ok::<_, Vec<FieldError>>(Stop { id, kind, at: counted_at.unwrap_or(at), position, odometer_meters })
        };
        let stops = self.stops.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
        Ok(day(stops, &self.edits, self.detour_permille))
    }
}

#[cfg(test)]
mod tests;
