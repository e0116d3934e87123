//! Encrypted pushes (safe mode): AES-256-CBC under the account's EncodingAESKey, whose first half is the IV as well.
//! The plaintext is 16 random bytes, the message's length (4, big-endian), the message, and the appid it was made
//! for; PKCS#7 fills it up to blocks of **32** bytes, twice the cipher's own.

use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::NoPadding};
use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD, STANDARD};
use std::fmt;

/// What the padding fills up to. An unpadder for the cipher's 16 refuses about half of all messages.
const PADDED_TO: usize = 32;
const BLOCK: usize = 16;
const RANDOM: usize = 16;

/// The 43rd character carries 4 bits of the key and 2 of nothing, and WeChat does not clear those.
const KEY_BASE64: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, NO_PAD.with_decode_allow_trailing_bits(true));

/// The key behind an account's EncodingAESKey.
#[derive(Clone)]
pub struct MessageKey([u8; 32]);

/// Why an encrypted message could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageError {
    /// It is not what WeChat sends: bad base64 or a wrong length.
    Malformed,
    /// The key does not fit: the EncodingAESKey was changed, or it is another account's.
    WrongKey,
    /// The message was made for another app.
    ForeignAppid,
}

impl fmt::Debug for MessageKey {
    /// Never shows the key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MessageKey(…)")
    }
}

impl MessageKey {
    /// Reads an EncodingAESKey: 43 letters and digits.
    pub fn parse(encoding_aes_key: &str) -> Option<Self> {
        let has_shape =
            encoding_aes_key.len() == 43 && encoding_aes_key.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let key = has_shape.then(|| KEY_BASE64.decode(encoding_aes_key).ok())??;
        key.try_into().ok().map(Self)
    }

    /// Opens `Encrypt` (base64) and checks that it was made for `appid`. The padding and the length say that the key
    /// is right, not that nobody changed the text: verify the signature over `Encrypt` first.
    pub fn open(&self, encrypted: &str, appid: &str) -> Result<Vec<u8>, MessageError> {
        let ciphertext = STANDARD.decode(encrypted.trim()).map_err(|_| MessageError::Malformed)?;
        if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(BLOCK) {
            return Err(MessageError::Malformed);
        }
        let plain = cbc::Decryptor::<aes::Aes256>::new(&self.0.into(), &self.iv().into())
            .decrypt_padded_vec::<NoPadding>(&ciphertext)
            .map_err(|_| MessageError::Malformed)?;
        let (message, made_for) = unpadded(&plain).and_then(parts).ok_or(MessageError::WrongKey)?;
        if made_for == appid.as_bytes() { Ok(message.to_vec()) } else { Err(MessageError::ForeignAppid) }
    }

    /// Seals `message` for `appid`, as WeChat does and as it wants replies. `random` leads it and must not repeat.
    pub fn seal(&self, random: [u8; RANDOM], message: &[u8], appid: &str) -> String {
        // A longer message does not fit the format; no memory holds one.
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
        let mut plain = [&random, length.to_be_bytes().as_slice(), message, appid.as_bytes()].concat();
        let padding = PADDED_TO - plain.len() % PADDED_TO;
        plain.resize(plain.len() + padding, u8::try_from(padding).unwrap_or_default());
        let sealer = cbc::Encryptor::<aes::Aes256>::new(&self.0.into(), &self.iv().into());
        STANDARD.encode(sealer.encrypt_padded_vec::<NoPadding>(&plain))
    }

    fn iv(&self) -> [u8; BLOCK] {
        self.0.first_chunk().copied().unwrap_or_default()
    }
}

/// What is before the padding. Always looks at as many bytes, so that time does not tell which of them was wrong.
fn unpadded(plain: &[u8]) -> Option<&[u8]> {
    let padding = *plain.last()?;
    let tail = plain.get(plain.len().saturating_sub(PADDED_TO)..)?;
    let wrong = (1..).zip(tail.iter().rev()).fold(0, |wrong, (position, byte)| {
        let counts = u8::from(position <= padding).wrapping_neg();
        wrong | ((byte ^ padding) & counts)
    });
    let in_range = (1..=PADDED_TO).contains(&usize::from(padding));
    if wrong != 0 || !in_range {
        return None;
    }
    plain.get(..plain.len().checked_sub(usize::from(padding))?)
}

/// The message and the appid.
fn parts(plain: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_random, rest) = plain.split_first_chunk::<RANDOM>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests;
