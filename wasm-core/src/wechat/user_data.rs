//! Encrypted user data of a mini program (`wx.getUserInfo`, the phone-number button and others): AES-128-CBC with
//! the `session_key`, PKCS#7 padding, and a watermark inside that names the appid.

use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::Pkcs7};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

/// Why encrypted data could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecryptError {
    /// `encrypted_data` or `iv` is not what WeChat sends: bad base64 or a wrong length.
    Malformed,
    /// The key does not fit: the user has logged in again meanwhile.
    WrongKey,
    /// The data was made for another app.
    ForeignWatermark,
}

/// Encrypted data and its `iv`, decoded from base64. A `+` that form encoding turned into a space is mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptedData {
    ciphertext: Vec<u8>,
    iv: [u8; 16],
}

impl EncryptedData {
    /// Decodes what the mini program passed on.
    pub fn parse(encrypted_data: &str, iv: &str) -> Result<Self, DecryptError> {
        let decode = |text: &str| STANDARD.decode(text.trim().replace(' ', "+")).map_err(|_| DecryptError::Malformed);
        let ciphertext = decode(encrypted_data)?;
        let iv = decode(iv)?.try_into().map_err(|_| DecryptError::Malformed)?;
        let whole_blocks = !ciphertext.is_empty() && ciphertext.len().is_multiple_of(16);
        if whole_blocks { Ok(Self { ciphertext, iv }) } else { Err(DecryptError::Malformed) }
    }

    /// Opens the data with a `session_key` (base64, as WeChat gave it) and checks that it was made for `appid`.
    /// Unknown fields are kept: WeChat adds some.
    pub fn open(&self, session_key: &str, appid: &str) -> Result<Value, DecryptError> {
        let key: [u8; 16] =
            STANDARD.decode(session_key).ok().and_then(|key| key.try_into().ok()).ok_or(DecryptError::WrongKey)?;
        let plain = cbc::Decryptor::<aes::Aes128>::new(&key.into(), &self.iv.into())
            .decrypt_padded_vec::<Pkcs7>(&self.ciphertext)
            .map_err(|_| DecryptError::WrongKey)?;
        let value: Value = serde_json::from_slice(&plain).map_err(|_| DecryptError::WrongKey)?;
        match value.pointer("/watermark/appid").and_then(Value::as_str) {
            Some(watermark) if watermark == appid => Ok(value),
            _ => Err(DecryptError::ForeignWatermark),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sample that Tencent published with its demo code.
    const SESSION_KEY: &str = "tiihtNczf5v6AKRyjwEUhQ==";
    const IV: &str = "r7BXXKkLb8qrSNn05n0qiA==";
    const DATA: &str = "CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew==";
    const APPID: &str = "wx4f4bc4dec97d474b";

    #[test]
    fn the_published_sample_opens() {
        let value = EncryptedData::parse(DATA, IV).unwrap().open(SESSION_KEY, APPID).unwrap();
        assert_eq!(value["nickName"], "Band");
        assert_eq!(value["unionId"], "ocMvos6NjeKLIBqg5Mr9QjxrP1FA");
        let mended = EncryptedData::parse(&DATA.replace('+', " "), IV).unwrap();
        assert!(mended.open(SESSION_KEY, APPID).is_ok());
    }

    #[test]
    fn another_key_app_or_shape_is_told_apart() {
        let data = EncryptedData::parse(DATA, IV).unwrap();
        assert_eq!(data.open("HyVFkGl5F5OQWJZZaNzBBg==", APPID), Err(DecryptError::WrongKey));
        assert_eq!(data.open(SESSION_KEY, "wx0000000000000000"), Err(DecryptError::ForeignWatermark));
        assert_eq!(EncryptedData::parse("AAAA", IV), Err(DecryptError::Malformed));
        assert_eq!(EncryptedData::parse("", IV), Err(DecryptError::Malformed));
        assert_eq!(EncryptedData::parse(DATA, "AAAA"), Err(DecryptError::Malformed));
    }
}
