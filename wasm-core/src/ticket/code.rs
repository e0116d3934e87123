//! The signed ticket code: Ed25519 over a compact payload, written in upper-case Base32 (RFC 4648, no padding), so
//! that the alphanumeric mode of QR serves and no scanner mangles it.
//!
//! Payload: version and flags (1 byte), key number (1), event tag (4), ticket id (16), product number (2),
//! `valid_from` and `valid_until` where given (4 each, Unix seconds), device key of a rotating ticket (32).
//! Numbers are big-endian; the signature (64) follows. With both times a code has 154 characters: QR version 6 at
//! level M. A rotating one has 311: version 10 at level M.

use data_encoding::BASE32_NOPAD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Version of the layout, in the upper half of the first byte.
const VERSION: u8 = 1;
const HAS_VALID_FROM: u8 = 1;
const HAS_VALID_UNTIL: u8 = 2;
const IS_ROTATING: u8 = 4;
const SIGNATURE_LENGTH: usize = 64;
/// Keeps these signatures apart from any other use of the same key.
const DOMAIN: &[u8] = b"paifang ticket 1\0";

/// What a ticket code says, before its signature was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketCode {
    /// Number of the signing key within the event.
    pub key_number: u8,
    /// The event, by its random tag.
    pub event_tag: u32,
    /// The ticket.
    pub ticket_id: Uuid,
    /// Number of the product within the event.
    pub product_number: u16,
    /// First second of validity (Unix).
    pub valid_from: Option<u32>,
    /// Last second of validity (Unix).
    pub valid_until: Option<u32>,
    /// Ed25519 public key of the holder's device, for a rotating ticket.
    pub device_key: Option<[u8; 32]>,
}

/// A public key of an event; an event has several while keys rotate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventKey {
    /// Number within the event.
    pub number: u8,
    /// Ed25519 public key, 64 hexadecimal digits.
    pub public_key: String,
}

/// A code whose parts were read; `payload` is what the signature covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCode {
    /// What it says.
    pub code: TicketCode,
    payload: Vec<u8>,
    signature: [u8; SIGNATURE_LENGTH],
    /// What follows the signature: the time proof of a rotating ticket.
    pub(super) proof: Vec<u8>,
}

impl TicketCode {
    /// Signs the code with the event's key and writes it in Base32.
    pub fn sign(&self, key: &SigningKey) -> String {
        let mut bytes = self.payload();
        let signature = key.sign(&message(&bytes));
        bytes.extend_from_slice(&signature.to_bytes());
        BASE32_NOPAD.encode(&bytes)
    }

    fn payload(&self) -> Vec<u8> {
        let mut flags = 0;
        let mut tail = Vec::with_capacity(40);
        for (bit, seconds) in [(HAS_VALID_FROM, self.valid_from), (HAS_VALID_UNTIL, self.valid_until)] {
            if let Some(seconds) = seconds {
                flags |= bit;
                tail.extend_from_slice(&seconds.to_be_bytes());
            }
        }
        if let Some(key) = &self.device_key {
            flags |= IS_ROTATING;
            tail.extend_from_slice(key);
        }
        let mut payload = vec![VERSION << 4 | flags, self.key_number];
        payload.extend_from_slice(&self.event_tag.to_be_bytes());
        payload.extend_from_slice(self.ticket_id.as_bytes());
        payload.extend_from_slice(&self.product_number.to_be_bytes());
        payload.extend_from_slice(&tail);
        payload
    }
}

impl SignedCode {
    /// Reads a code from Base32 in upper or lower case. `None` when it is no ticket code of a known version.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok()?;
        let mut rest = bytes.as_slice();
        let header = u8::from_be_bytes(take(&mut rest)?);
        let flags = header & 0x0f;
        if header >> 4 != VERSION || flags & !(HAS_VALID_FROM | HAS_VALID_UNTIL | IS_ROTATING) != 0 {
            return None;
        }
        let code = TicketCode {
            key_number: u8::from_be_bytes(take(&mut rest)?),
            event_tag: u32::from_be_bytes(take(&mut rest)?),
            ticket_id: Uuid::from_bytes(take(&mut rest)?),
            product_number: u16::from_be_bytes(take(&mut rest)?),
            valid_from: optional(flags & HAS_VALID_FROM, &mut rest)?.map(u32::from_be_bytes),
            valid_until: optional(flags & HAS_VALID_UNTIL, &mut rest)?.map(u32::from_be_bytes),
            device_key: optional(flags & IS_ROTATING, &mut rest)?,
        };
        let payload = bytes.get(..bytes.len() - rest.len())?.to_vec();
        let signature = take(&mut rest)?;
        let proof_fits = rest.is_empty() || code.device_key.is_some() && rest.len() == super::rotating::PROOF_LENGTH;
        proof_fits.then(|| Self { code, payload, signature, proof: rest.to_vec() })
    }

    /// Whether one of the event's keys signed this code (strict verification, RFC 8032).
    pub fn is_signed_by(&self, keys: &[EventKey]) -> bool {
        let signature = Signature::from_bytes(&self.signature);
        keys.iter()
            .filter(|key| key.number == self.code.key_number)
            .filter_map(|key| verifying_key(&key.public_key))
            .any(|key| key.verify_strict(&message(&self.payload), &signature).is_ok())
    }

    /// The code without the time proof, as the server issued it.
    pub fn issued(&self) -> String {
        BASE32_NOPAD.encode(&self.issued_bytes())
    }

    pub(super) fn issued_bytes(&self) -> Vec<u8> {
        let mut bytes = self.payload.clone();
        bytes.extend_from_slice(&self.signature);
        bytes
    }
}

/// Reads a public key from hexadecimal digits.
pub fn verifying_key(hex: &str) -> Option<VerifyingKey> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?;
    VerifyingKey::from_bytes(&bytes.try_into().ok()?).ok()
}

/// Writes the public half of `key` in hexadecimal digits.
pub fn public_key_hex(key: &SigningKey) -> String {
    data_encoding::HEXLOWER.encode(key.verifying_key().as_bytes())
}

fn message(payload: &[u8]) -> Vec<u8> {
    [DOMAIN, payload].concat()
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

/// The outer `None` says that the input ended too early.
fn optional<const N: usize>(present: u8, rest: &mut &[u8]) -> Option<Option<[u8; N]>> {
    if present == 0 { Some(None) } else { take(rest).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> TicketCode {
        TicketCode {
            key_number: 2,
            event_tag: 0xdead_beef,
            ticket_id: Uuid::from_u128(7),
            product_number: 3,
            valid_from: Some(1_780_000_000),
            valid_until: Some(1_790_000_000),
            device_key: None,
        }
    }

    #[test]
    fn a_signed_code_is_read_again_and_verified() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let text = sample().sign(&key);
        assert_eq!(text.len(), 154);
        let read = SignedCode::parse(&text.to_lowercase()).unwrap();
        assert_eq!(read.code, sample());
        assert_eq!(read.issued(), text);
        let right = EventKey { number: 2, public_key: public_key_hex(&key) };
        let other_number = EventKey { number: 1, ..right.clone() };
        let other_key = EventKey { number: 2, public_key: public_key_hex(&SigningKey::from_bytes(&[8; 32])) };
        assert!(read.is_signed_by(&[other_key.clone(), right]));
        assert!(!read.is_signed_by(&[other_number, other_key]));
    }

    #[test]
    fn every_single_changed_character_is_noticed() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let keys = [EventKey { number: 2, public_key: public_key_hex(&key) }];
        let text = sample().sign(&key);
        for position in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let accepted = SignedCode::parse(&changed).is_some_and(|code| code.is_signed_by(&keys));
            assert!(!accepted, "position {position}");
        }
    }
}
