//! When something happened, by a phone whose clock may be off, and on which day of the organization that was.

use crate::http::fields::Fields;
use crate::problem::Problem;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use paifang_core::ids::is_nonce;
use paifang_core::work_order::visit::{self, Timing};

/// Checks what a phone calls something, so that sending it again has no second effect.
pub fn read_key(fields: &mut Fields, field: &str, key: &str) {
    if !is_nonce(key) {
        fields.wrong(field, "format", "16 to 64 of A-Z a-z 0-9 _ -");
    }
}

/// Checks a day that a phone says, as `2026-11-21`.
pub fn read_day(fields: &mut Fields, field: &str, day: Option<&str>) {
    if day.is_some_and(|day| !day.parse::<Date>().is_ok_and(|date| date.to_string() == day)) {
        fields.wrong(field, "format", "is no date as 2026-11-21");
    }
}

/// Judges the times of an upload that arrives now (all UTC epoch milliseconds).
pub fn timing(at: i64, sent_at: i64, now: i64) -> Result<Timing, Problem> {
    let wrong = || Problem::field("at", "range", "seven days back to five minutes ahead");
    visit::timing(at, sent_at, now).ok_or_else(wrong)
}

/// The time zone of an organization.
#[derive(Clone, Debug)]
pub struct Zone(pub TimeZone);

impl Zone {
    /// The day on the local calendar, as `2026-11-21`.
    pub fn day(&self, at: i64) -> Result<String, Problem> {
        Ok(self.local(at)?.date().to_string())
    }

    /// The working day of what happened at `at`: the local one, unless the phone says that it belongs to the one before,
    /// which goes on after midnight.
    pub fn working_day(&self, at: i64, said: Option<String>) -> Result<String, Problem> {
        let local = self.day(at)?;
        match said {
            Some(day) if day != local && !is_eve(&day, &local) => {
                Err(Problem::field("day", "range", "is the day of `at`, or the one before"))
            }
            Some(day) => Ok(day),
            None => Ok(local),
        }
    }

    /// Local date and time to the minute, for people: `2026-11-21 18:30`.
    pub fn minute(&self, at: i64) -> Result<String, Problem> {
        Ok(self.local(at)?.strftime("%Y-%m-%d %H:%M").to_string())
    }

    fn local(&self, at: i64) -> Result<jiff::Zoned, Problem> {
        let at = Timestamp::from_millisecond(at).map_err(|error| Problem::internal(error.to_string()))?;
        Ok(at.to_zoned(self.0.clone()))
    }
}

/// Whether `day` is the day before `other`, both as `2026-11-21`.
fn is_eve(day: &str, other: &str) -> bool {
    let parse = |text: &str| text.parse::<Date>().ok();
    parse(day).zip(parse(other)).is_some_and(|(day, other)| day.tomorrow().is_ok_and(|next| next == other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_organization_s() {
        // 2026-11-21T16:30:00Z is half past midnight in Shanghai.
        let at = 1_795_278_600_000;
        let shanghai = Zone(TimeZone::get("Asia/Shanghai").unwrap());
        assert_eq!(shanghai.day(at).unwrap(), "2026-11-22");
        assert_eq!(shanghai.minute(at).unwrap(), "2026-11-22 00:30");
        assert_eq!(Zone(TimeZone::UTC).day(at).unwrap(), "2026-11-21");
        let said = |day: &str| shanghai.working_day(at, Some(day.to_owned()));
        assert_eq!(said("2026-11-21").unwrap(), "2026-11-21");
        assert!(said("2026-11-20").is_err() && said("2026-11-23").is_err());
    }

    #[test]
    fn an_eve_is_the_day_before() {
        assert!(is_eve("2026-11-30", "2026-12-01") && is_eve("2024-02-29", "2024-03-01"));
        assert!(!is_eve("2026-12-01", "2026-12-01") && !is_eve("x", "2026-12-01"));
    }
}
