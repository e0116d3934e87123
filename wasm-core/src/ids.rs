//! Identifiers: UUIDs for tenants, people and things; short base62 codes for what is printed or put into a scene.

use std::fmt;

/// Length of a [`ShortId`]: 62^10 is about 8 × 10^17, so random ones do not meet by chance.
pub const SHORT_ID_LENGTH: usize = 10;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A short random base62 name for something that is printed or carried in a mini program `scene`
/// (at most 32 characters there).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ShortId(String);

impl ShortId {
    /// Makes one from random bytes. Bytes of 248 and above would favor the first digits and are skipped, so give
    /// some more bytes than needed; `None` when they do not suffice.
    pub fn from_random(bytes: &[u8]) -> Option<Self> {
        let digits: String = bytes
            .iter()
            .filter(|byte| **byte < 248)
            .filter_map(|byte| BASE62.get(usize::from(byte % 62)))
            .take(SHORT_ID_LENGTH)
            .map(|digit| char::from(*digit))
            .collect();
        (digits.len() == SHORT_ID_LENGTH).then_some(Self(digits))
    }

    /// Reads one; `None` unless it is exactly ten base62 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == SHORT_ID_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        well_formed.then(|| Self(text.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `text` may serve as the nonce of a check-in: 16 to 64 of `[A-Za-z0-9_-]`.
pub fn is_nonce(text: &str) -> bool {
    (16..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
