//! What a scanner sent: a signed code, a short code, or nothing of ours.

use super::code::SignedCode;
use super::short_code::ShortCode;
use crate::text::strip_scanner_noise;

/// A scanned text, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// A signed ticket code; its signature was not looked at yet.
    Signed(Box<SignedCode>),
    /// A short code.
    Short(ShortCode),
}

/// Reads what a scanner sent. White space, line ends and the like are stripped; `None` when it is no code of ours
/// (a database id is none).
pub fn read(raw: &str) -> Option<Scanned> {
    let text = strip_scanner_noise(raw);
    ShortCode::parse(&text)
        .map(Scanned::Short)
        .or_else(|| SignedCode::parse(&text).map(|code| Scanned::Signed(Box::new(code))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_stripped_and_ids_are_refused() {
        assert!(matches!(read(" 0A1B-2C3D\r\n-4E5F\t"), Some(Scanned::Short(_))));
        assert_eq!(read("0190b8c4-7b1e-7cc3-8a5f-3f2a1b4c5d6e"), None);
        assert_eq!(read(""), None);
        assert_eq!(read("https://example.com/q/abc"), None);
    }
}
