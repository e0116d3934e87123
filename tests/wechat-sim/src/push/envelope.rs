//! Signatures, and the encryption of pushes: AES-256-CBC over padded blocks of 32 bytes.

use aes::cipher::{BlockModeEncrypt, KeyIvInit, block_padding::NoPadding};
use anyhow::{Context as _, ensure};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

/// WeChat pads to two blocks of AES.
const BLOCK: usize = 32;

/// The 43rd character of a key may say more than the 32 bytes need.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The key in an EncodingAESKey.
pub(super) fn key(encoding_aes_key: &str) -> anyhow::Result<[u8; 32]> {
    let letters = encoding_aes_key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    ensure!(letters && encoding_aes_key.len() == 43, "an EncodingAESKey has 43 letters and digits");
    let key = LENIENT.decode(format!("{encoding_aes_key}=")).context("the EncodingAESKey is not Base64")?;
    key.try_into().ok().context("an AES key has 32 bytes")
}

/// The SHA-1 of the sorted parts, in lower-case hexadecimal.
pub(super) fn signature<const N: usize>(mut parts: [&str; N]) -> String {
    parts.sort_unstable();
    let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, parts.concat().as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `Encrypt`: 16 random bytes, the message's length, the message and the appid, encrypted and in Base64.
pub(super) fn seal(key: &[u8; 32], appid: &str, message: &[u8], random: [u8; 16]) -> anyhow::Result<String> {
    let length = u32::try_from(message.len())?;
    let mut text = [&random[..], &length.to_be_bytes(), message, appid.as_bytes()].concat();
    // A full block more if the text fills its last one.
    let pad = BLOCK - text.len() % BLOCK;
    text.extend(std::iter::repeat_n(u8::try_from(pad)?, pad));
    let iv = key.first_chunk::<16>().context("an AES key has 32 bytes")?;
    let cipher = cbc::Encryptor::<aes::Aes256>::new(key.into(), iv.into());
    Ok(STANDARD.encode(cipher.encrypt_padded_vec::<NoPadding>(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    #[test]
    fn a_published_reply_comes_out_the_same() {
        let key = key(&"A".repeat(43)).unwrap();
        assert_eq!(key, [0; 32]);
        let encrypted =
            seal(&key, "wxba5fad812f8e6fb9", br#"{"demo_resp":"good luck"}"#, *b"707722b803182950").unwrap();
        let expected = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==";
        assert_eq!(encrypted, expected);
        let signed = signature(["AAAAA", "1713424427", "415670741", expected]);
        assert_eq!(signed, "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1");
    }

    #[test]
    fn a_published_message_under_a_key_with_trailing_bits_comes_out_the_same() {
        let key = key(CHINESE_KEY).unwrap();
        let encrypted = seal(&key, "wxb11529c136998cb6", "我是中文abcd123".as_bytes(), *b"aaaabbbbccccdddd").unwrap();
        let expected = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==";
        assert_eq!(encrypted, expected);
    }

    #[test]
    fn published_signatures_come_out_the_same() {
        let verification = signature(["AAAAA", "1714036504", "1514711492"]);
        assert_eq!(verification, "f464b24fc39322e44b38aa78f5edd27bd1441696");
        assert_eq!(signature(["AAAAA", "1714037059", "486452656"]), "899cf89e464efb63f54ddac96b0a0a235f53aa78");
    }

    #[test]
    fn every_length_fills_blocks_of_32_bytes() {
        let key = key(CHINESE_KEY).unwrap();
        for length in 0..70 {
            let encrypted = seal(&key, "wx1", &vec![b'x'; length], [0; 16]).unwrap();
            assert_eq!(STANDARD.decode(encrypted).unwrap().len(), (23 + length) / BLOCK * BLOCK + BLOCK, "{length}");
        }
    }

    #[test]
    fn other_keys_are_refused() {
        for bad in ["", "short", &"A".repeat(42), &"A".repeat(44), &format!("{}+", "A".repeat(42))] {
            assert!(key(bad).is_err(), "{bad}");
        }
    }
}
