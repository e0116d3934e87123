//! Secrets at rest: AES-256-GCM under the master key, bound to the place where they are kept.

use crate::problem::Problem;
use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use data_encoding::BASE64;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use std::sync::Arc;

/// Version of the sealed form; it stands before the base64 text.
const VERSION: &str = "1.";
const NONCE_LENGTH: usize = 12;

/// Seals secrets with the master key and opens them again.
#[derive(Clone)]
pub struct Sealer {
    key: Arc<SecretBox<[u8; 32]>>,
}

impl Sealer {
    /// Seals with `key`.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key: Arc::new(SecretBox::new(Box::new(key))) }
    }

    /// Reads a master key: 32 bytes in base64.
    pub fn parse_key(base64: &str) -> Option<[u8; 32]> {
        BASE64.decode(base64.trim().as_bytes()).ok()?.try_into().ok()
    }

    /// Seals `secret`. `place` names where it is kept, as `accounts.secret`; it opens only under the same name.
    pub fn seal(&self, place: &str, secret: &[u8]) -> Result<String, Problem> {
        let mut bytes = secret.to_vec();
        let nonce = self
            .cipher()?
            .seal_in_place_append_tag(Aad::from(place.as_bytes()), &mut bytes)
            .map_err(|_| Problem::internal("sealing failed"))?;
        Ok(format!("{VERSION}{}", BASE64.encode(&[nonce.as_ref().as_slice(), &bytes].concat())))
    }

    /// Opens what was sealed for the same `place` under the same master key.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Vec<u8>, Problem> {
        let wrong = || Problem::internal(format!("{place} does not open: wrong master key, or damaged"));
        let bytes = sealed.strip_prefix(VERSION).and_then(|text| BASE64.decode(text.as_bytes()).ok());
        let mut bytes = bytes.ok_or_else(wrong)?;
        let nonce = bytes.get(..NONCE_LENGTH).ok_or_else(wrong)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong())?;
        let ciphertext = bytes.get_mut(NONCE_LENGTH..).ok_or_else(wrong)?;
        let plain =
            self.cipher()?.open_in_place(nonce, Aad::from(place.as_bytes()), ciphertext).map_err(|_| wrong())?;
        Ok(plain.to_vec())
    }

    /// Opens a secret that is text.
    pub fn open_text(&self, place: &str, sealed: &str) -> Result<SecretString, Problem> {
        let text = String::from_utf8(self.open(place, sealed)?);
        Ok(text.map_err(|_| Problem::internal(format!("{place} is not text")))?.into())
    }

    fn cipher(&self) -> Result<RandomizedNonceKey, Problem> {
        RandomizedNonceKey::new(&AES_256_GCM, self.key.expose_secret()).map_err(|_| Problem::internal("bad key"))
    }
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
}
