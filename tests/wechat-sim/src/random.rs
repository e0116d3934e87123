//! Unguessable values in the shapes WeChat gives them.

use base64::{Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};

const ALPHANUMERIC: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "no input reaches this; without randomness the process cannot go on")]
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system provides randomness");
    bytes
}

/// A `session_key`: the Base64 of 16 bytes.
pub(crate) fn session_key() -> String {
    STANDARD.encode(bytes::<16>())
}

/// A login code: 32 characters, beginning with `0`.
pub(crate) fn code() -> String {
    std::iter::once('0').chain(alphanumeric::<31>().map(char::from)).collect()
}

/// A code of the phone number button: 64 hexadecimal digits, unlike a login code.
pub(crate) fn phone_code() -> String {
    bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Letters and digits.
pub(crate) fn alphanumeric<const N: usize>() -> [u8; N] {
    bytes::<N>().map(|byte| ALPHANUMERIC.get(usize::from(byte) % ALPHANUMERIC.len()).copied().unwrap_or(b'0'))
}

/// A number of so many digits, at most 19, that does not begin with 0.
pub(crate) fn digits(count: u32) -> String {
    let least = 10_u64.pow(count.clamp(1, 19) - 1);
    (least + u64::from_be_bytes(bytes()) % (least * 9)).to_string()
}

/// An access token of 512 characters, the most a client is told to make room for.
pub(crate) fn access_token() -> String {
    format!("76_{}-", URL_SAFE_NO_PAD.encode(bytes::<381>()))
}

/// The request id in an `errmsg`: seconds, then two random words, in hexadecimal.
pub(crate) fn rid(now_seconds: i64) -> String {
    let words = u64::from_be_bytes(bytes());
    format!("{:08x}-{:08x}-{:08x}", now_seconds & 0xffff_ffff, words >> 32, words & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_wechats_lengths() {
        assert_eq!(session_key().len(), 24);
        assert_eq!(code().len(), 32);
        assert_eq!(phone_code().len(), 64);
        assert_eq!(access_token().len(), 512);
        assert_eq!((digits(10).len(), digits(19).len()), (10, 19));
        assert_eq!(rid(1_700_000_000).len(), 26);
    }
}
