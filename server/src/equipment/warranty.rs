//! Warranties: they hold until the end of their last day.

use jiff::civil::Date;

/// Reads a day as `2027-01-31`; spreadsheets also write `2027/1/31`, or midnight behind it.
pub fn parse_day(text: &str) -> Option<String> {
    let day = text.trim().replace('/', "-");
    let day = day.strip_suffix("00:00:00").map_or(day.as_str(), str::trim_end);
    let mut parts = day.split('-').map(str::parse::<i16>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let date = Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    (parts.next().is_none() && (1970..=9999).contains(&year)).then(|| date.to_string())
}

/// Whether a warranty until that day holds on the business's `today`; none never does.
pub fn holds(until: Option<&str>, today: Date) -> bool {
    until.and_then(|day| day.parse::<Date>().ok()).is_some_and(|until| until >= today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_warranty_holds_until_the_end_of_its_last_day() {
        assert!(holds(Some("2027-01-31"), date(2027, 1, 31)));
        assert!(!holds(Some("2027-01-31"), date(2027, 2, 1)));
        assert!(!holds(None, date(1970, 1, 1)));
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
