//! Targets of response and resolution, counted in business time.

use crate::time::{DAY, MINUTE, OffsetChange, local_day, local_moment};
use serde::{Deserialize, Serialize};

/// How far ahead a target is looked for, in days: an organization that never opens has none.
const HORIZON: i64 = 1500;

/// A period of the week in which the business works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// ISO weekday: Monday is 1, Sunday is 7.
    pub weekday: i64,
    /// Minutes after local midnight.
    pub from: i64,
    /// Minutes after local midnight, at most 1,440.
    pub until: i64,
}

/// When the business works. Without openings it always does, but for the holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessHours {
    /// The offset changes of the time zone, ascending.
    pub offsets: Vec<OffsetChange>,
    /// The openings of a week; they do not overlap.
    pub openings: Vec<Opening>,
    /// Days on which it does not work, as days since 1970-01-01.
    pub holidays: Vec<i64>,
}

impl BusinessHours {
    /// The moment at which `minutes` of business time have passed since `start`; `None` where that never happens.
    pub fn after(&self, start: i64, minutes: i64) -> Option<i64> {
        self.after_milliseconds(start, minutes.saturating_mul(MINUTE))
    }

    fn after_milliseconds(&self, start: i64, needed: i64) -> Option<i64> {
        if self.runs_always() {
            return Some(start.saturating_add(needed));
        }
        let mut left = needed;
        for (from, until) in self.periods(start, start.saturating_add(HORIZON * DAY)) {
            if until - from >= left {
                return Some(from + left);
            }
            left -= until - from;
        }
        None
    }

    /// Business time between two moments, in milliseconds.
    pub fn between(&self, from: i64, until: i64) -> i64 {
        if self.runs_always() {
            return (until - from).max(0);
        }
        self.periods(from, until).map(|(from, until)| until - from).sum()
    }

    /// A target that was put off from `paused` to `resumed`. One that was missed before stays as it was.
    pub fn put_off(&self, due: i64, paused: i64, resumed: i64) -> i64 {
        if due <= paused {
            return due;
        }
        self.after_milliseconds(resumed, self.between(paused, due)).unwrap_or(due)
    }

    fn runs_always(&self) -> bool {
        self.openings.is_empty() && self.holidays.is_empty()
    }

    /// The openings of a day that is no holiday.
    fn openings_on(&self, weekday: i64) -> Vec<Opening> {
        if self.openings.is_empty() {
            return vec![Opening { weekday, from: 0, until: 1440 }];
        }
        let mut openings: Vec<_> = self.openings.iter().filter(|opening| opening.weekday == weekday).copied().collect();
        openings.sort_by_key(|opening| opening.from);
        openings
    }

    /// The business periods within `from` to `until`, ascending.
    fn periods(&self, from: i64, until: i64) -> impl Iterator<Item = (i64, i64)> {
        let first = local_day(&self.offsets, from);
        let last = local_day(&self.offsets, until).min(first + HORIZON);
        (first..=last).flat_map(move |day| {
            let weekday = (day + 3).rem_euclid(7) + 1;
            let openings = if self.holidays.contains(&day) { Vec::new() } else { self.openings_on(weekday) };
            let moment = |minutes| local_moment(&self.offsets, day, minutes);
            let clipped = openings
                .into_iter()
                .map(|opening| (moment(opening.from).max(from), moment(opening.until).min(until)))
                .filter(|(from, until)| from < until);
            clipped.collect::<Vec<_>>()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_rfc3339;

    fn at(text: &str) -> i64 {
        parse_rfc3339(text).unwrap()
    }

    /// Shanghai, Monday to Friday, 9 to 12 and 13 to 18; 1 October 2026 (a Thursday) is a holiday.
    fn hours() -> BusinessHours {
        let opening = |weekday, from: i64, until: i64| Opening { weekday, from: from * 60, until: until * 60 };
        BusinessHours {
            offsets: vec![OffsetChange { from: 0, seconds: 8 * 3600 }],
            openings: (1..=5).flat_map(|day| [opening(day, 9, 12), opening(day, 13, 18)]).collect(),
            holidays: vec![at("2026-10-01T00:00:00Z") / DAY],
        }
    }

    #[test]
    fn targets_skip_nights_lunch_weekends_and_holidays() {
        let after = |start: &str, minutes| hours().after(at(start), minutes).unwrap();
        assert_eq!(after("2026-09-29T10:00:00+08:00", 60), at("2026-09-29T11:00:00+08:00"));
        assert_eq!(after("2026-09-29T11:30:00+08:00", 60), at("2026-09-29T13:30:00+08:00"));
        assert_eq!(after("2026-09-29T17:00:00+08:00", 120), at("2026-09-30T10:00:00+08:00"));
        assert_eq!(after("2026-09-30T17:00:00+08:00", 120), at("2026-10-02T10:00:00+08:00"));
        assert_eq!(after("2026-10-02T17:00:00+08:00", 120), at("2026-10-05T10:00:00+08:00"));
        assert_eq!(after("2026-10-03T03:00:00+08:00", 480), at("2026-10-05T18:00:00+08:00"));
        assert_eq!(after("2026-09-29T06:00:00+08:00", 0), at("2026-09-29T09:00:00+08:00"));
    }

    #[test]
    fn time_between_is_what_the_targets_count() {
        let start = at("2026-09-29T16:12:00+08:00");
        for minutes in [1, 59, 480, 2000, 9999] {
            let due = hours().after(start, minutes).unwrap();
            assert_eq!(hours().between(start, due), minutes * MINUTE);
        }
        assert_eq!(hours().between(start, start - DAY), 0);
    }

    #[test]
    fn a_pause_puts_a_target_off_but_mends_nothing() {
        let hours = hours();
        let due = at("2026-09-29T17:00:00+08:00");
        let (paused, resumed) = (at("2026-09-29T16:00:00+08:00"), at("2026-09-30T13:00:00+08:00"));
        assert_eq!(hours.put_off(due, paused, resumed), at("2026-09-30T14:00:00+08:00"));
        assert_eq!(hours.put_off(due, due + 1, resumed), due);
    }

    #[test]
    fn without_openings_the_clock_runs_always_and_a_closed_business_has_no_target() {
        assert_eq!(BusinessHours::default().after(5, 1), Some(5 + MINUTE));
        assert_eq!(BusinessHours::default().between(5, 9), 4);
        let closed = BusinessHours { openings: Vec::new(), ..hours() };
        let (eve, after) = (at("2026-09-30T23:00:00+08:00"), at("2026-10-02T01:00:00+08:00"));
        assert_eq!(closed.after(eve, 120), Some(after));
        assert_eq!(closed.between(eve, after), 120 * MINUTE);
        let never = BusinessHours { holidays: (0..60_000).collect(), ..hours() };
        assert_eq!(never.after(at("2026-09-29T10:00:00Z"), 1), None);
    }

    #[test]
    fn a_day_with_a_change_of_the_clocks_has_its_own_length() {
        // Berlin, 29 March 2026: at 2:00 the clocks go to 3:00; a business that is open all day works 23 hours.
        let offsets = vec![
            OffsetChange { from: 0, seconds: 3600 },
            OffsetChange { from: at("2026-03-29T01:00:00Z"), seconds: 7200 },
        ];
        let openings = (1..=7).map(|weekday| Opening { weekday, from: 0, until: 1440 }).collect();
        let hours = BusinessHours { offsets, openings, holidays: Vec::new() };
        let (from, until) = (at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z"));
        assert_eq!(hours.between(from, until), until - from);
    }
}
