//! Secrets at rest: AES-256-GCM under the master key, bound to the place where they are kept. Also signatures of what
//! leaves and comes back, under keys that are derived from it.

use crate::problem::Problem;
use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use std::sync::Arc;

/// Version of the sealed form; it stands before the base64 text.
const VERSION: &str = "1.";
const NONCE_LENGTH: usize = 12;

/// Seals secrets with the newest master key, and opens them with that one or an older.
#[derive(Clone)]
pub struct Sealer {
    newest: Arc<SecretBox<[u8; 32]>>,
    older: Arc<[SecretBox<[u8; 32]>]>,
}

impl Sealer {
    /// Seals with `key`.
    pub fn new(key: [u8; 32]) -> Self {
        Self::with_older(key, Vec::new())
    }

    /// Seals with `key`; what was sealed with `older` keys still opens.
    pub fn with_older(key: [u8; 32], older: Vec<[u8; 32]>) -> Self {
        let boxed = |key: [u8; 32]| SecretBox::new(Box::new(key));
        Self { newest: Arc::new(boxed(key)), older: older.into_iter().map(boxed).collect() }
    }

    /// Reads a master key: 32 bytes in base64.
    pub fn parse_key(base64: &str) -> Option<[u8; 32]> {
        BASE64.decode(base64.trim().as_bytes()).ok()?.try_into().ok()
    }

    /// Seals `secret`. `place` names where it is kept, as `accounts.secret`; it opens only under the same name.
    pub fn seal(&self, place: &str, secret: &[u8]) -> Result<String, Problem> {
        let mut bytes = secret.to_vec();
        let nonce = cipher(&self.newest)?
            .seal_in_place_append_tag(Aad::from(place.as_bytes()), &mut bytes)
            .map_err(|_| Problem::internal("sealing failed"))?;
        Ok(format!("{VERSION}{}", BASE64.encode(&[nonce.as_ref().as_slice(), &bytes].concat())))
    }

    /// Opens what was sealed for the same `place` under one of the master keys.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Vec<u8>, Problem> {
        let opened = open_with(&self.newest, place, sealed);
        let opened = opened.or_else(|| self.older.iter().find_map(|key| open_with(key, place, sealed)));
        opened.ok_or_else(|| Problem::internal(format!("{place} does not open: wrong master key, or damaged")))
    }

    /// Seals anew, with the newest key, what an older one sealed; nothing where the newest did.
    pub fn reseal(&self, place: &str, sealed: &str) -> Result<Option<String>, Problem> {
        if open_with(&self.newest, place, sealed).is_some() {
            return Ok(None);
        }
        self.seal(place, &self.open(place, sealed)?).map(Some)
    }

    /// Signs `message` (HMAC-SHA-256, base64url) for `purpose`, as `media.url`; for another purpose it is worth nothing.
    pub fn sign(&self, purpose: &str, message: &[u8]) -> String {
        BASE64URL_NOPAD.encode(hmac::sign(&signing_key(&self.newest, purpose), message).as_ref())
    }

    /// Whether one of the master keys signed `message` for `purpose`.
    pub fn verifies(&self, purpose: &str, message: &[u8], signature: &str) -> bool {
        let Ok(signature) = BASE64URL_NOPAD.decode(signature.as_bytes()) else { return false };
        let mut keys = std::iter::once(&*self.newest).chain(self.older.iter());
        keys.any(|key| hmac::verify(&signing_key(key, purpose), message, &signature).is_ok())
    }

    /// Opens a secret that is text.
    pub fn open_text(&self, place: &str, sealed: &str) -> Result<SecretString, Problem> {
        let text = String::from_utf8(self.open(place, sealed)?);
        Ok(text.map_err(|_| Problem::internal(format!("{place} is not text")))?.into())
    }
}

fn cipher(key: &SecretBox<[u8; 32]>) -> Result<RandomizedNonceKey, Problem> {
    RandomizedNonceKey::new(&AES_256_GCM, key.expose_secret()).map_err(|_| Problem::internal("bad key"))
}

fn signing_key(key: &SecretBox<[u8; 32]>, purpose: &str) -> hmac::Key {
    let master = hmac::Key::new(hmac::HMAC_SHA256, key.expose_secret());
    hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&master, purpose.as_bytes()).as_ref())
}

fn open_with(key: &SecretBox<[u8; 32]>, place: &str, sealed: &str) -> Option<Vec<u8>> {
    let mut bytes = BASE64.decode(sealed.strip_prefix(VERSION)?.as_bytes()).ok()?;
    let nonce = Nonce::try_assume_unique_for_key(bytes.get(..NONCE_LENGTH)?).ok()?;
    let ciphertext = bytes.get_mut(NONCE_LENGTH..)?;
    let plain = cipher(key).ok()?.open_in_place(nonce, Aad::from(place.as_bytes()), ciphertext).ok()?;
    Some(plain.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_with_its_key_and_in_its_place() {
        let sealer = Sealer::new([1; 32]);
        let sealed = sealer.seal("accounts.secret", b"s3cret").unwrap();
        assert_ne!(sealed, sealer.seal("accounts.secret", b"s3cret").unwrap());
        assert_eq!(sealer.open("accounts.secret", &sealed).unwrap(), b"s3cret");
        assert!(sealer.open("accounts.token", &sealed).is_err());
        assert!(Sealer::new([2; 32]).open("accounts.secret", &sealed).is_err());
        assert!(sealer.open("accounts.secret", "1.AAAA").is_err());
    }

    #[test]
    fn a_signature_is_good_for_its_purpose_and_message_under_any_known_key() {
        let signature = Sealer::new([1; 32]).sign("media.url", b"a");
        let both = Sealer::with_older([2; 32], vec![[1; 32]]);
        assert!(both.verifies("media.url", b"a", &signature));
        assert!(!both.verifies("media.url", b"b", &signature));
        assert!(!both.verifies("other", b"a", &signature));
        assert!(!Sealer::new([2; 32]).verifies("media.url", b"a", &signature));
        assert!(!both.verifies("media.url", b"a", "!"));
    }

    #[test]
    fn an_older_key_still_opens_and_what_it_sealed_is_sealed_anew_once() {
        let sealed = Sealer::new([1; 32]).seal("accounts.secret", b"s3cret").unwrap();
        let both = Sealer::with_older([2; 32], vec![[1; 32]]);
        assert_eq!(both.open("accounts.secret", &sealed).unwrap(), b"s3cret");
        let anew = both.reseal("accounts.secret", &sealed).unwrap().unwrap();
        assert_eq!(Sealer::new([2; 32]).open("accounts.secret", &anew).unwrap(), b"s3cret");
        assert_eq!(both.reseal("accounts.secret", &anew).unwrap(), None);
        assert!(both.reseal("accounts.token", &sealed).is_err());
    }
}
