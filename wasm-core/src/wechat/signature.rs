//! WeChat's signature of a push: SHA-1 over the account's token, `timestamp`, `nonce` and, for an encrypted message,
//! its `Encrypt` text. Only the form with `Encrypt` (`msg_signature`) covers the body.

use data_encoding::HEXLOWER;
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

/// The signature of `parts`: they are sorted as byte strings, joined and hashed; 40 lower-case hexadecimal digits.
pub fn sign(parts: &[&str]) -> String {
    let mut sorted = parts.to_vec();
    sorted.sort_unstable();
    HEXLOWER.encode(&Sha1::digest(sorted.concat()))
}

/// Whether `signature` is that of `parts`. WeChat writes lower case, so nothing else is taken. How long this lasts
/// does not tell how much of a guess was right.
pub fn verify(signature: &str, parts: &[&str]) -> bool {
    sign(parts).as_bytes().ct_eq(signature.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_url_verification_and_plain_push_verify() {
        let url = ["AAAAA", "1714036504", "1514711492"];
        assert!(verify("f464b24fc39322e44b38aa78f5edd27bd1441696", &url));
        assert!(verify("899cf89e464efb63f54ddac96b0a0a235f53aa78", &["AAAAA", "1714037059", "486452656"]));
        assert_eq!(sign(&url), "f464b24fc39322e44b38aa78f5edd27bd1441696");
    }

    #[test]
    fn the_order_of_the_parts_does_not_matter_their_values_do() {
        let signature = sign(&["token", "1714036504", "nonce"]);
        assert!(verify(&signature, &["nonce", "token", "1714036504"]));
        assert!(!verify(&signature, &["nonce", "token", "1714036505"]));
        assert!(!verify(&signature, &["nonce", "token"]));
    }

    #[test]
    fn byte_order_decides_not_the_order_of_a_language() {
        // Upper case before lower case, and both before Chinese.
        assert_eq!(sign(&["派", "a", "B"]), HEXLOWER.encode(&Sha1::digest("Ba派")));
    }

    #[test]
    fn nothing_but_the_forty_digits_passes() {
        let parts = ["AAAAA", "1714036504", "1514711492"];
        let right = sign(&parts);
        let longer = format!("{right}0");
        for wrong in ["", "f464", &right[..39], &longer, &right.to_uppercase(), &format!(" {}", &right[1..])] {
            assert!(!verify(wrong, &parts), "{wrong:?}");
        }
    }
}
