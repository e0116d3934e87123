use super::*;
use crate::wechat::signature::{sign, verify};

/// The account of the samples in WeChat's documentation of message pushes.
const TOKEN: &str = "AAAAA";
const APPID: &str = "wxba5fad812f8e6fb9";
const COMPONENT: &str = "wx134c8103faa5a59e";

const PUSHED_MESSAGE: &str = r#"{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}"#;
const PUSHED: &str = "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=";

/// A push for an authorised app, made with the third-party platform's key and appid; its padding is 22 bytes.
const COMPONENT_PUSHED: &str = "D7yzvUNAL930rd28wf21s4hvXhz0L6Uit/p2Di6C5DHyYGpEgdBRnKjBec34JwoQXicwaZC7fOVihW80F4VtsdvE//1vr7oAbqjDv8KenVp+ajKYpJnyQ4zMRhIC+a31fCVOMC03FfzV/QuC94kBP55a+Za3sJgvAn+ZbsNqZI5DkyuzkhQN8OBqCzFhizGmy0xpM0MEA4agpvE+RuNO1rhHTtuJB5yltw1FiYzecSXJ+y/D2r81VkRn2eYjh2ltsoyfbDR7Is6ookXIFxTfyeNyeHxMeT4KN5WpCDmSbTcUYrbBUlkGLJ9n/rU8YOywma6G7aTb7KZKOqCxgfoUlYEZPk4FUL/TK7ShriFDMVCLyjQJ15Ob++agDWtcxhfUfe6HIoIpRW8mKNBQiY/Jd1svvuskA1wLef1RTtzKfMpagSCX/laZINmdnX4zrF6kIaR9P4xQrWXbsTFHTYe0Mg==";

const REPLY: &str = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==";
const COMPONENT_REPLY: &str = "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZbSvPT9t/o11MI7d6WELwqrGd7jMnV0zv3Zc9Nq7";

/// The sample of WeChat's demo code, whose key ends in bits that mean nothing.
const DEMO_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const DEMO: &str = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==";
const DEMO_APPID: &str = "wxb11529c136998cb6";

fn key() -> MessageKey {
    MessageKey::parse(&"A".repeat(43)).unwrap()
}

/// Encrypts any bytes, padded rightly or not.
fn encrypt(plain: &[u8]) -> String {
    let sealer = cbc::Encryptor::<aes::Aes256>::new(&key().0.into(), &key().iv().into());
    STANDARD.encode(sealer.encrypt_padded_vec::<NoPadding>(plain))
}

#[test]
fn the_published_pushes_verify_and_open() {
    assert!(verify("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", &[TOKEN, "1714112445", "415670741", PUSHED]));
    assert_eq!(key().open(PUSHED, APPID).unwrap(), PUSHED_MESSAGE.as_bytes());

    let parts = [TOKEN, "1715943329", "1590219412", COMPONENT_PUSHED];
    assert!(verify("6c12a4205838198b8fa631b3220723bb07f1015c", &parts));
    let message = String::from_utf8(key().open(COMPONENT_PUSHED, COMPONENT).unwrap()).unwrap();
    assert_eq!(message.len(), 292);
    assert!(message.starts_with("<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName>"));
    assert_eq!(key().open(COMPONENT_PUSHED, APPID), Err(MessageError::ForeignAppid));
}

#[test]
fn the_published_samples_are_sealed_alike() {
    assert_eq!(key().seal(*b"a8eedb185eb2fecf", PUSHED_MESSAGE.as_bytes(), APPID), PUSHED);
    assert_eq!(key().seal(*b"707722b803182950", br#"{"demo_resp":"good luck"}"#, APPID), REPLY);
    let signature = sign(&[TOKEN, "1713424427", "415670741", REPLY]);
    assert_eq!(signature, "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1");

    let reply = "<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>";
    assert_eq!(key().seal(*b"999951349e8ee746", reply.as_bytes(), COMPONENT), COMPONENT_REPLY);
    let signature = sign(&[TOKEN, "1713424427", "415670741", COMPONENT_REPLY]);
    assert_eq!(signature, "03e0812039325c2712ef5f0f980fd14c70d6e307");

    let demo = MessageKey::parse(DEMO_KEY).unwrap();
    assert_eq!(demo.seal(*b"aaaabbbbccccdddd", "我是中文abcd123".as_bytes(), DEMO_APPID), DEMO);
    assert_eq!(demo.open(DEMO, DEMO_APPID).unwrap(), "我是中文abcd123".as_bytes());
}

#[test]
fn the_key_is_43_letters_and_digits_whatever_its_last_bits() {
    for last in ["A", "C", "G", "9", "z"] {
        assert!(MessageKey::parse(&("a".repeat(42) + last)).is_some(), "{last}");
    }
    let marked = "a".repeat(42);
    for wrong in
        ["", &marked, &format!("{marked}aa"), &format!("{marked}="), &format!("{marked}+"), &format!("{marked}/")]
    {
        assert!(MessageKey::parse(wrong).is_none(), "{wrong}");
    }
    assert_eq!(format!("{:?}", key()), "MessageKey(…)");
}

#[test]
fn another_key_another_app_and_a_broken_text_are_told_apart() {
    let other = MessageKey::parse(DEMO_KEY).unwrap();
    assert_eq!(other.open(PUSHED, APPID), Err(MessageError::WrongKey));
    for foreign in ["", "wxba5fad812f8e6fb", "wxba5fad812f8e6fb99", COMPONENT] {
        assert_eq!(key().open(PUSHED, foreign), Err(MessageError::ForeignAppid), "{foreign:?}");
    }
    let whole = STANDARD.decode(PUSHED).unwrap();
    for length in 0..whole.len() {
        let opened = key().open(&STANDARD.encode(&whole[..length]), APPID);
        let expected = if length > 0 && length % 16 == 0 { MessageError::WrongKey } else { MessageError::Malformed };
        assert_eq!(opened, Err(expected), "{length}");
    }
    for malformed in ["", "=", "****", &PUSHED[1..], &PUSHED.replace('+', " ")] {
        assert_eq!(key().open(malformed, APPID), Err(MessageError::Malformed), "{malformed}");
    }
    assert!(key().open(&format!("\n {PUSHED} \n"), APPID).is_ok());
}

#[test]
fn every_byte_of_the_padding_counts() {
    let message = [b"0123456789abcdef\0\0\0\x02ok".as_slice(), APPID.as_bytes()].concat();
    let padding = PADDED_TO - message.len() % PADDED_TO;
    let padded = [message.clone(), vec![u8::try_from(padding).unwrap(); padding]].concat();
    assert_eq!(key().open(&encrypt(&padded), APPID).unwrap(), b"ok");
    for position in message.len()..padded.len() {
        let mut changed = padded.clone();
        changed[position] ^= 1;
        assert_eq!(key().open(&encrypt(&changed), APPID), Err(MessageError::WrongKey), "{position}");
    }
    for wrong in [0, 33, 64, 255] {
        let mut changed = padded.clone();
        changed[message.len()..].fill(wrong);
        assert_eq!(key().open(&encrypt(&changed), APPID), Err(MessageError::WrongKey), "{wrong}");
    }
    // A padding that is longer than the whole, and one that leaves too little for the two lengths.
    assert_eq!(key().open(&encrypt(&[32; 16]), APPID), Err(MessageError::WrongKey));
    assert_eq!(key().open(&encrypt(&[32; 32]), APPID), Err(MessageError::WrongKey));
    assert_eq!(key().open(&encrypt(&[13; 32]), APPID), Err(MessageError::WrongKey));
}

#[test]
fn a_length_beyond_the_text_is_refused() {
    for length in [21_u32, 27, 28, 1 << 31, u32::MAX] {
        let mut plain = [b"0123456789abcdef".as_slice(), &length.to_be_bytes(), b"ok", APPID.as_bytes()].concat();
        let padding = PADDED_TO - plain.len() % PADDED_TO;
        plain.resize(plain.len() + padding, u8::try_from(padding).unwrap());
        assert_eq!(key().open(&encrypt(&plain), APPID), Err(MessageError::WrongKey), "{length}");
    }
    assert_eq!(key().open(&key().seal([0; 16], b"", ""), "").unwrap(), b"");
}
