//! Warranties: they hold until the end of their last day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Where the last day ends.
const TIME_ZONE: &str = "Asia/Shanghai";

/// Reads a day as `2027-01-31`; spreadsheets also write `2027/1/31`, or midnight behind it.
pub fn parse_day(text: &str) -> Option<String> {
    let day = text.trim().replace('/', "-");
    let day = day.strip_suffix("00:00:00").map_or(day.as_str(), str::trim_end);
    let mut parts = day.split('-').map(str::parse::<i16>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let date = Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    (parts.next().is_none() && (1970..=9999).contains(&year)).then(|| date.to_string())
}

/// Whether a warranty until that day holds at `now` (UTC epoch milliseconds); none never does.
pub fn holds(until: Option<&str>, now: i64) -> bool {
    let today = || {
        let zone = TimeZone::get(TIME_ZONE).ok()?;
        Some(Timestamp::from_millisecond(now).ok()?.to_zoned(zone).date())
    };
    let until = until.and_then(|day| day.parse::<Date>().ok());
    until.zip(today()).is_some_and(|(until, today)| until >= today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use paifang_core::time::parse_rfc3339;

    #[test]
    fn a_warranty_holds_until_the_end_of_its_last_day() {
        let at = |text| parse_rfc3339(text).unwrap();
        assert!(holds(Some("2027-01-31"), at("2027-01-31T15:59:59Z")));
        assert!(!holds(Some("2027-01-31"), at("2027-01-31T16:00:00Z")));
        assert!(!holds(None, 0));
    }

    #[test]
    fn days_are_read_as_spreadsheets_write_them() {
        for text in ["2027-01-31", "2027/1/31", " 2027-1-31 ", "2027-01-31 00:00:00"] {
            assert_eq!(parse_day(text).as_deref(), Some("2027-01-31"), "{text}");
        }
        for text in ["2027-02-30", "31.1.2027", "2027-01", "2027-01-31-1", "soon", "", "0001-01-01", "2027-01-31 18:00"]
        {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }
}
