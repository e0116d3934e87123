//! Rotating tickets: the holder's device signs the time step over the issued code, so that a screenshot is refused
//! once it is 45 seconds old, with no network on either side.
//!
//! Proof: the low 16 bits of the step (big-endian), then an Ed25519 signature by the device key.

use super::code::SignedCode;
use data_encoding::BASE32_NOPAD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// Length of one time step, in milliseconds.
pub const STEP: i64 = 15_000;
/// Bytes of the proof.
pub(super) const PROOF_LENGTH: usize = 2 + 64;
/// A code made in this many steps before the current one still counts: two, so it dies before it is 45 s old.
const OLDEST: i64 = 2;
/// How many steps the holder's clock may be ahead.
const AHEAD: i64 = 1;
const DOMAIN: &[u8] = b"paifang step 1\0";

/// The code to show at `at` (UTC epoch milliseconds) for an issued rotating code; `None` when `issued` is not one,
/// or names another device.
pub fn show(issued: &str, device: &SigningKey, at: i64) -> Option<String> {
    let code = SignedCode::parse(issued)?;
    if code.code.device_key? != device.verifying_key().to_bytes() {
        return None;
    }
    let mut bytes = code.issued_bytes();
    let step = at.div_euclid(STEP);
    let signature = device.sign(&message(&bytes, step));
    bytes.extend_from_slice(&low_bits(step).to_be_bytes());
    bytes.extend_from_slice(&signature.to_bytes());
    Some(BASE32_NOPAD.encode(&bytes))
}

/// Whether the code is no rotating one, or carries a proof that its device made less than 45 s before `at`.
pub fn is_fresh(code: &SignedCode, at: i64) -> bool {
    let Some(device_key) = code.code.device_key else { return true };
    let Some((step_bytes, signature)) = code.proof.split_first_chunk::<2>() else { return false };
    let Ok(signature) = Signature::from_slice(signature) else { return false };
    let Ok(device) = VerifyingKey::from_bytes(&device_key) else { return false };
    let shown = u16::from_be_bytes(*step_bytes);
    let now = at.div_euclid(STEP);
    (now - OLDEST..=now + AHEAD)
        .filter(|step| low_bits(*step) == shown)
        .any(|step| device.verify_strict(&message(&code.issued_bytes(), step), &signature).is_ok())
}

fn low_bits(step: i64) -> u16 {
    (step & 0xffff) as u16
}

fn message(issued: &[u8], step: i64) -> Vec<u8> {
    [DOMAIN, &step.to_be_bytes(), issued].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::code::{EventKey, TicketCode, public_key_hex};
    use uuid::Uuid;

    const NOW: i64 = 1_780_000_000_000;

    fn issued(device: &SigningKey, event: &SigningKey) -> String {
        TicketCode {
            key_number: 1,
            event_tag: 9,
            ticket_id: Uuid::from_u128(1),
            product_number: 1,
            valid_from: Some(1),
            valid_until: Some(u32::MAX),
            device_key: Some(device.verifying_key().to_bytes()),
        }
        .sign(event)
    }

    #[test]
    fn a_shown_code_fits_qr_version_10_and_dies_before_it_is_45_seconds_old() {
        let (device, event) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let text = show(&issued(&device, &event), &device, NOW).unwrap();
        assert_eq!(text.len(), 311);
        let code = SignedCode::parse(&text).unwrap();
        assert!(code.is_signed_by(&[EventKey { number: 1, public_key: public_key_hex(&event) }]));
        for (age, fresh) in [(0, true), (30_000 - STEP, true), (45_000, false), (-STEP, true), (-3 * STEP, false)] {
            assert_eq!(is_fresh(&code, NOW + age), fresh, "{age} ms later");
        }
        for offset in 0..STEP / 1000 {
            let made = NOW + offset * 1000;
            let code = SignedCode::parse(&show(&issued(&device, &event), &device, made).unwrap()).unwrap();
            assert!(is_fresh(&code, made + 29_000) && !is_fresh(&code, made + 45_000), "made {offset} s into a step");
        }
    }

    #[test]
    fn the_bare_code_and_another_devices_proof_are_not_fresh() {
        let (device, event) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let bare = issued(&device, &event);
        assert!(!is_fresh(&SignedCode::parse(&bare).unwrap(), NOW));
        assert_eq!(show(&bare, &event, NOW), None);
    }
}
