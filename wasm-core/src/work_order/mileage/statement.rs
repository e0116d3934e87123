//! The monthly statement: what every day amounts to, and what of it is approved.

use serde::{Deserialize, Serialize};

/// One day of the month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTotal {
    /// Whether a supervisor has approved it.
    pub approved: bool,
    /// Sum of its legs in meters.
    pub total_meters: i64,
    /// Whether every leg has a length.
    pub complete: bool,
    /// Whether it has legs: a single stop is no way, and nothing of it is submitted or approved.
    pub has_legs: bool,
}

/// The sums of a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Of all days, in meters.
    pub total_meters: i64,
    /// Of the approved days, in meters.
    pub approved_meters: i64,
    /// Days with legs that are not approved.
    pub days_open: usize,
    /// Whether every leg of every day has a length.
    pub complete: bool,
}

/// Sums up days.
pub fn statement<'a>(days: impl Iterator<Item = &'a DayTotal>) -> Statement {
    let empty = Statement { complete: true, ..Statement::default() };
    days.fold(empty, |sums, day| Statement {
        total_meters: sums.total_meters.saturating_add(day.total_meters),
        approved_meters: sums.approved_meters.saturating_add(if day.approved { day.total_meters } else { 0 }),
        days_open: sums.days_open + usize::from(day.has_legs && !day.approved),
        complete: sums.complete && day.complete,
    })
}
