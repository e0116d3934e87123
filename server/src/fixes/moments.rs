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
pub fn is_eve(day: &str, other: &str) -> bool {
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
    }

    #[test]
    fn an_eve_is_the_day_before() {
        assert!(is_eve("2026-11-30", "2026-12-01") && is_eve("2024-02-29", "2024-03-01"));
        assert!(!is_eve("2026-12-01", "2026-12-01") && !is_eve("x", "2026-12-01"));
    }
}
