//! Phone numbers, kept in E.164 form (ITU-T E.164): a plus sign, the country code, the number.

use std::fmt;

/// A phone number in E.164 form. Numbers without a country code are taken as Chinese (+86).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads a number as people and WeChat write it: spaces, hyphens, dots and brackets are ignored; `+`, `00` or
    /// nothing may stand in front of the country code 86. `None` when it can be no phone number.
    pub fn parse(raw: &str) -> Option<Self> {
        let mut digits = String::with_capacity(16);
        let mut international = false;
        for (position, c) in raw.trim().chars().enumerate() {
            match c {
                '+' | '＋' if position == 0 => international = true,
                '0'..='9' => digits.push(c),
                ' ' | '-' | '.' | '(' | ')' | '\u{a0}' => {}
                _ => return None,
            }
        }
        if !international && let Some(rest) = digits.strip_prefix("00") {
            digits = rest.to_owned();
            international = true;
        }
        if !international {
            digits = match digits.strip_prefix("86") {
                Some(mobile) if is_chinese_mobile(mobile) => digits,
                _ => format!("86{}", digits.strip_prefix('0').unwrap_or(&digits)),
            };
        }
        let well_formed = match digits.strip_prefix("86") {
            Some(national) if national.starts_with('1') => {
                is_chinese_mobile(national) || national.starts_with("10") && national.len() == 10
            }
            _ => (8..=15).contains(&digits.len()) && !digits.starts_with('0'),
        };
        well_formed.then(|| Self(format!("+{digits}")))
    }

    /// The number in E.164 form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number for people who may not see all of it: the last four digits.
    pub fn masked(&self) -> String {
        let tail: String = self.0.chars().skip(self.0.chars().count().saturating_sub(4)).collect();
        format!("***{tail}")
    }
}

/// Never shows the number: it would end in a log.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(***)")
    }
}

fn is_chinese_mobile(digits: &str) -> bool {
    digits.len() == 11
        && digits.starts_with('1')
        && digits.as_bytes().get(1).is_some_and(|second| (b'3'..=b'9').contains(second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_however_it_is_written() {
        for written in ["13800138000", "+86 138 0013 8000", "86-13800138000", "0086 13800138000", "138-0013-8000"] {
            assert_eq!(Phone::parse(written).expect(written).as_str(), "+8613800138000");
        }
        assert_eq!(Phone::parse("+1 (415) 555-2671").map(|p| p.as_str().to_owned()), Some("+14155552671".into()));
        assert_eq!(Phone::parse("010-65529988").map(|p| p.as_str().to_owned()), Some("+861065529988".into()));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for wrong in ["", "1380013800", "138001380001", "12800138000", "abc", "+0123456789", "138 0013 8000x"] {
            assert!(Phone::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn debug_and_masked_forms_hide_the_number() {
        let phone = Phone::parse("13800138000").unwrap();
        assert_eq!(format!("{phone:?} {}", phone.masked()), "Phone(***) ***8000");
    }
}
