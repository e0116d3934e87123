//! Time: UTC epoch milliseconds inside, RFC 3339 at the edge, and the civil calendar of a zone whose offset changes
//! are given (no time-zone database here).

use serde::{Deserialize, Serialize};

/// Milliseconds in a minute.
pub const MINUTE: i64 = 60_000;
/// Milliseconds in a day without a change of offset.
pub const DAY: i64 = 86_400_000;
/// The last moment that RFC 3339 can write: 9999-12-31T23:59:59.999Z.
pub const MAX: i64 = 253_402_300_799_999;

/// From `from` (UTC epoch milliseconds) on, clocks in the zone are `seconds` ahead of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffsetChange {
    /// First moment with this offset, in UTC epoch milliseconds.
    pub from: i64,
    /// Seconds that local clocks are ahead of UTC.
    pub seconds: i32,
}

/// Seconds that local clocks are ahead of UTC at `at`; zero where `changes` (ascending) say nothing.
pub fn offset_at(changes: &[OffsetChange], at: i64) -> i32 {
    let reached = changes.iter().rev().find(|change| change.from <= at);
    reached.or(changes.first()).map_or(0, |change| change.seconds)
}

/// Days since 1970-01-01 on the local calendar at `at`.
pub fn local_day(changes: &[OffsetChange], at: i64) -> i64 {
    (at + i64::from(offset_at(changes, at)) * 1000).div_euclid(DAY)
}

/// ISO weekday on the local calendar at `at`: Monday is 1, Sunday is 7.
pub fn local_weekday(changes: &[OffsetChange], at: i64) -> i64 {
    (local_day(changes, at) + 3).rem_euclid(7) + 1
}

/// The moment of local `minutes` after midnight, on the local day of `at`.
pub fn local_time_of_day(changes: &[OffsetChange], at: i64, minutes: i64) -> i64 {
    local_day(changes, at) * DAY + minutes * MINUTE - i64::from(offset_at(changes, at)) * 1000
}

/// The moment at which local clocks show `minutes` after midnight of the local day `day`; where the clocks are changed
/// just then, one of the moments that come next to it.
pub fn local_moment(changes: &[OffsetChange], day: i64, minutes: i64) -> i64 {
    let clock = day * DAY + minutes * MINUTE;
    let guess = clock - i64::from(offset_at(changes, clock)) * 1000;
    clock - i64::from(offset_at(changes, guess)) * 1000
}

/// Reads a date as `2026-05-01` (RFC 3339 `full-date`), as days since 1970-01-01.
pub fn parse_date(text: &str) -> Option<i64> {
    parse_rfc3339(&format!("{text}T00:00:00Z")).filter(|_| text.len() == 10).map(|at| at / DAY)
}

/// Writes days since 1970-01-01 as a date.
pub fn format_date(day: i64) -> String {
    format_rfc3339(day * DAY).chars().take(10).collect()
}

/// Reads an RFC 3339 date-time; fractions beyond milliseconds are cut off. `None` when it is not one, or lies
/// before 1970 or after 9999.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, offset) = match clock.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, 0),
        None => {
            let at = clock.rfind(['+', '-'])?;
            let (clock, offset) = clock.split_at_checked(at)?;
            let [hours, minutes] = numbers(offset.get(1..)?, ':', [2, 2])?;
            let magnitude = (hours < 24 && minutes < 60).then_some((hours * 60 + minutes) * MINUTE)?;
            (clock, if offset.starts_with('-') { -magnitude } else { magnitude })
        }
    };
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(clock, f)| (clock, Some(f)));
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let millis = fraction.map_or(Some(0), milliseconds)?;
    let in_range = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let at = days_from_civil(year, month, day) * DAY + ((hour * 60 + minute) * 60 + second) * 1000 + millis - offset;
    (in_range && (0..=MAX).contains(&at)).then_some(at)
}

/// Writes `at` in RFC 3339, in UTC, with milliseconds where there are any.
pub fn format_rfc3339(at: i64) -> String {
    let at = at.clamp(0, MAX);
    let (year, month, day) = civil_from_days(at.div_euclid(DAY));
    let second_of_day = at.rem_euclid(DAY) / 1000;
    let (hour, minute, second) = (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
    let date = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    match at.rem_euclid(1000) {
        0 => format!("{date}Z"),
        millis => format!("{date}.{millis:03}Z"),
    }
}

/// Local date and time of day to the minute, for people: `2026-05-01 18:30`.
pub fn format_local(changes: &[OffsetChange], at: i64) -> String {
    let local = format_rfc3339(at + i64::from(offset_at(changes, at)) * 1000);
    local.chars().take(16).collect::<String>().replace('T', " ")
}

fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut values = [0; N];
    for (value, width) in values.iter_mut().zip(widths) {
        let part = parts.next()?;
        let digits = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
        *value = digits.then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(values)
}

fn milliseconds(fraction: &str) -> Option<i64> {
    let digits = (1..=12).contains(&fraction.len()) && fraction.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| format!("{fraction}00").get(..3)?.parse().ok())?
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March, so that the
/// leap day comes last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_is_read_and_written() {
        assert_eq!(parse_rfc3339("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(
            parse_rfc3339("2026-05-01T18:30:00.5+08:00").map(format_rfc3339).unwrap(),
            "2026-05-01T10:30:00.500Z"
        );
        assert_eq!(parse_rfc3339("2024-02-29T00:00:00Z").map(format_rfc3339).unwrap(), "2024-02-29T00:00:00Z");
        assert_eq!(parse_rfc3339("9999-12-31T23:59:59.999Z"), Some(MAX));
    }

    #[test]
    fn what_is_no_date_time_is_refused() {
        for wrong in [
            "",
            "2026-05-01",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-05-01T24:00:00Z",
            "2026-05-01T10:00:00",
            "2026-05-01T10:00:00.Z",
            "1969-12-31T23:59:59Z",
            "2026-05-01T10:00:00+24:00",
            "2026-5-1T10:00:00Z",
            "２０２６-05-01T10:00:00Z",
            "+026-05-01T10:00:00Z",
        ] {
            assert_eq!(parse_rfc3339(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dates_are_days() {
        assert_eq!(parse_date("1970-01-02"), Some(1));
        assert_eq!(parse_date("2026-05-01").map(format_date).as_deref(), Some("2026-05-01"));
        for wrong in ["2026-02-30", "2026-5-1", "2026-05-01T00", "20260501"] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_zone_with_a_change_of_offset() {
        // Berlin, the night to 2026-03-29: 01:00 UTC is 02:00, and becomes 03:00.
        let change = parse_rfc3339("2026-03-29T01:00:00Z").unwrap();
        let zone = [OffsetChange { from: 0, seconds: 3600 }, OffsetChange { from: change, seconds: 7200 }];
        assert_eq!(format_local(&zone, change - 1), "2026-03-29 01:59");
        assert_eq!(format_local(&zone, change), "2026-03-29 03:00");
        assert_eq!(local_weekday(&zone, change), 7);
        assert_eq!(format_local(&zone, local_time_of_day(&zone, change, 18 * 60)), "2026-03-29 18:00");
        let day = parse_date("2026-03-29").unwrap();
        assert_eq!(format_local(&zone, local_moment(&zone, day, 60)), "2026-03-29 01:00");
        assert_eq!(format_local(&zone, local_moment(&zone, day, 180)), "2026-03-29 03:00");
    }
}
