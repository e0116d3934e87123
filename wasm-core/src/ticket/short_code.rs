//! Short codes: twelve random Crockford Base32 characters (60 bits), for typing by hand, for cards and for handheld
//! scanners.

use serde::{Deserialize, Serialize};

/// Characters of a short code.
pub const LENGTH: usize = 12;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A short code in its one canonical form: upper case, no hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ShortCode(String);

impl ShortCode {
    /// Makes one from twelve random bytes.
    pub fn from_random(bytes: [u8; LENGTH]) -> Self {
        Self(bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32))).map(|c| char::from(*c)).collect())
    }

    /// Reads one as people type it: any case, hyphens anywhere, `O` for zero, `I` or `L` for one.
    pub fn parse(text: &str) -> Option<Self> {
        let mut canonical = String::with_capacity(LENGTH);
        for c in text.chars().filter(|c| *c != '-') {
            let digit = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                upper => upper,
            };
            let known = u8::try_from(digit).is_ok_and(|digit| ALPHABET.contains(&digit));
            if !known || canonical.len() == LENGTH {
                return None;
            }
            canonical.push(digit);
        }
        (canonical.len() == LENGTH).then_some(Self(canonical))
    }

    /// The canonical form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ShortCode {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a short code")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_forms_meet() {
        let code = ShortCode::parse("0A1B-2C3D-4E5F").unwrap();
        assert_eq!(ShortCode::parse("oalb2c3d4e5f"), Some(code.clone()));
        assert_eq!(code.as_str(), "0A1B2C3D4E5F");
    }

    #[test]
    fn what_is_no_short_code_is_refused() {
        for wrong in ["", "0A1B2C3D4E5", "0A1B2C3D4E5F6", "0A1B2C3D4E5U", "0A1B 2C3D 4E5F", "٠A1B2C3D4E5F"] {
            assert_eq!(ShortCode::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn random_bytes_make_a_code_that_can_be_read() {
        let code = ShortCode::from_random([0, 31, 32, 255, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(ShortCode::parse(code.as_str()), Some(code));
    }
}
