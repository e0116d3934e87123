use super::*;

const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

fn callback(mode: PushMode, format: PushFormat) -> Callback {
    Callback {
        url: "http://127.0.0.1/push".to_owned(),
        token: "AAAAA".to_owned(),
        aes_key: Some(KEY.to_owned()),
        mode,
        format,
    }
}

fn push(mode: PushMode, format: PushFormat) -> Push {
    let event = json!({"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": 1});
    let fresh = Fresh { now: 1_714_037_059, nonce: "486452656".to_owned(), random: *b"aaaabbbbccccdddd" };
    sign(&callback(mode, format), "wx1", event.as_object().unwrap(), &fresh).unwrap()
}

fn names(push: &Push) -> Vec<&str> {
    push.query.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn a_plain_push_has_the_fields_and_a_published_signature() {
    let push = push(PushMode::Plain, PushFormat::Xml);
    assert_eq!(names(&push), ["signature", "timestamp", "nonce", "openid"]);
    assert_eq!(push.query[0].1, "899cf89e464efb63f54ddac96b0a0a235f53aa78");
    let xml = "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>\
        <CreateTime>1</CreateTime></xml>";
    assert_eq!((push.body.as_str(), push.content_type.as_str()), (xml, "text/xml"));
}

#[test]
fn a_safe_push_shows_nobody_but_the_recipient() {
    let push = push(PushMode::Safe, PushFormat::Json);
    assert_eq!(names(&push), ["signature", "timestamp", "nonce", "openid", "encrypt_type", "msg_signature"]);
    assert_eq!((push.query[3].1.as_str(), push.query[4].1.as_str()), ("o1", "aes"));
    let body: Map<String, Value> = serde_json::from_str(&push.body).unwrap();
    let encrypted = body["Encrypt"].as_str().unwrap();
    assert_eq!((body.len(), &body["ToUserName"]), (2, &json!("gh_1")));
    assert_eq!(push.query[5].1, envelope::signature(["AAAAA", "1714037059", "486452656", encrypted]));
    let clear = document::write(
        PushFormat::Json,
        json!({"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": 1}).as_object().unwrap(),
    );
    let key = envelope::key(KEY).unwrap();
    let sealed = envelope::seal(&key, "wx1", clear.unwrap().as_bytes(), *b"aaaabbbbccccdddd");
    assert_eq!(encrypted, sealed.unwrap());
}

#[test]
fn a_compatible_push_shows_both() {
    let push = push(PushMode::Compatible, PushFormat::Xml);
    assert_eq!(names(&push), ["signature", "timestamp", "nonce", "openid", "encrypt_type", "msg_signature"]);
    assert!(push.body.contains("<CreateTime>1</CreateTime><Encrypt><![CDATA["), "{}", push.body);
}

#[test]
fn the_console_refuses_bad_settings() {
    let good = callback(PushMode::Safe, PushFormat::Xml);
    assert!(good.check().is_ok());
    assert!(Callback { aes_key: None, mode: PushMode::Plain, ..good.clone() }.check().is_ok());
    for bad in [
        Callback { url: "nowhere".to_owned(), ..good.clone() },
        Callback { url: "ftp://127.0.0.1/".to_owned(), ..good.clone() },
        Callback { token: "AB".to_owned(), ..good.clone() },
        Callback { token: "A".repeat(33), ..good.clone() },
        Callback { token: "AAA_A".to_owned(), ..good.clone() },
        Callback { aes_key: None, ..good.clone() },
        Callback { aes_key: Some("short".to_owned()), mode: PushMode::Plain, ..good.clone() },
    ] {
        assert!(bad.check().is_err(), "{bad:?}");
    }
}
