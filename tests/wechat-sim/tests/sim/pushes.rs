//! Pushes on their way to the server of an account.

use std::time::Duration;

use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::NoPadding};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use wechat_sim::{Callback, Config, PushFormat, PushMode, WechatSim};

use crate::receiver::Receiver;
use crate::support::*;

/// 32 bytes of zeros, and bits to spare that are none.
const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB";

fn callback(url: &str, mode: PushMode, format: PushFormat) -> Callback {
    Callback { url: url.to_owned(), token: "AAAAA".to_owned(), aes_key: Some(KEY.to_owned()), mode, format }
}

fn start_with_receiver(mode: PushMode, format: PushFormat) -> (WechatSim, Receiver) {
    with_receiver(start_with(Config::default()), mode, format)
}

fn with_receiver(sim: WechatSim, mode: PushMode, format: PushFormat) -> (WechatSim, Receiver) {
    let receiver = Receiver::start();
    sim.set_callback(OFFICIAL, callback(&format!("{}/wechat?of=acme", receiver.url), mode, format)).unwrap();
    (sim, receiver)
}

/// The message and the appid in `Encrypt`, under a key of zeros.
fn open(encrypted: &str) -> (String, String) {
    let cipher = cbc::Decryptor::<aes::Aes256>::new(&[0; 32].into(), &[0; 16].into());
    let text = cipher.decrypt_padded_vec::<NoPadding>(&STANDARD.decode(encrypted).unwrap()).unwrap();
    let pad = *text.last().unwrap();
    let (text, padding) = text.split_at(text.len() - usize::from(pad));
    assert!((1..=32).contains(&pad) && padding.iter().all(|byte| *byte == pad));
    let length = u32::from_be_bytes(text[16..20].try_into().unwrap()) as usize;
    let (message, appid) = text[20..].split_at(length);
    (String::from_utf8(message.to_vec()).unwrap(), String::from_utf8(appid.to_vec()).unwrap())
}

#[tokio::test]
async fn a_safe_push_arrives_and_opens() {
    let (sim, receiver) = start_with_receiver(PushMode::Safe, PushFormat::Json);
    let event = sim.follow_event(OFFICIAL, "alice", Some("door")).unwrap();
    let delivery = sim.deliver(OFFICIAL, &event).await.unwrap();
    assert_eq!((delivery.status, delivery.body.as_str(), delivery.attempts), (200, "success", 1));
    assert!(delivery.accepted());
    let arrivals = receiver.arrivals();
    let [arrival] = arrivals.as_slice() else { panic!("{arrivals:?}") };
    assert_eq!((arrival.method.as_str(), arrival.path.as_str()), ("POST", "/wechat"));
    assert_eq!(arrival.content_type.as_deref(), Some("application/json"));
    assert_eq!(arrival.query("of"), Some("acme"), "the URL's own query stays");
    assert_eq!(arrival.query("openid"), Some(sim.openid(OFFICIAL, "alice").as_str()));
    assert_eq!(arrival.query("encrypt_type"), Some("aes"));
    let seconds: i64 = arrival.query("timestamp").unwrap().parse().unwrap();
    assert!((sim.now_ms() / 1000 - seconds).abs() < 5);
    let body: Value = serde_json::from_str(&arrival.body).unwrap();
    let (message, appid) = open(body["Encrypt"].as_str().unwrap());
    assert_eq!((serde_json::from_str::<Value>(&message).unwrap(), appid.as_str()), (event, OFFICIAL));
}

#[tokio::test]
async fn what_is_missing_is_added_and_nothing_is_the_same_twice() {
    let (sim, _) = start_with_receiver(PushMode::Safe, PushFormat::Json);
    let (first, second) = (sim.sign_push(OFFICIAL, &json!({})).unwrap(), sim.sign_push(OFFICIAL, &json!({})).unwrap());
    assert_ne!(first.query, second.query);
    let of = |body: &str| serde_json::from_str::<Value>(body).unwrap()["Encrypt"].as_str().unwrap().to_owned();
    assert_ne!(of(&first.body), of(&second.body));
    let message: Value = serde_json::from_str(&open(&of(&first.body)).0).unwrap();
    assert_eq!(message["ToUserName"], sim.original_id(OFFICIAL));
    assert!(message["CreateTime"].is_i64() && !first.query.iter().any(|(name, _)| name == "openid"));
}

#[tokio::test]
async fn a_push_is_tried_three_times_and_signed_anew() {
    let (sim, receiver) = start_with_receiver(PushMode::Plain, PushFormat::Xml);
    let event = json!({"MsgType": "event", "Event": "SCAN"});
    receiver.reply(&[(0, 500, ""), (0, 200, "no"), (0, 200, "")]);
    let delivery = sim.deliver(OFFICIAL, &event).await.unwrap();
    assert_eq!((delivery.attempts, delivery.body.as_str(), delivery.accepted()), (3, "", true));
    let arrivals = receiver.arrivals();
    assert!(arrivals.len() == 3 && arrivals.iter().all(|arrival| arrival.content_type.as_deref() == Some("text/xml")));
    assert_ne!(arrivals[0].query("nonce"), arrivals[1].query("nonce"));
    assert!(
        arrivals[0].body.contains("<CreateTime>") && arrivals.iter().all(|arrival| arrival.body == arrivals[0].body)
    );
    receiver.reply(&[(0, 302, ""), (0, 200, "success\n"), (0, 503, "busy")]);
    let delivery = sim.deliver(OFFICIAL, &event).await.unwrap();
    assert_eq!((delivery.status, delivery.body.as_str(), delivery.attempts), (503, "busy", 3));
    assert!(!delivery.accepted());
}

#[tokio::test]
async fn a_late_answer_is_none() {
    let sim = start_with(Config { push_timeout: Duration::from_secs(1), ..Config::default() });
    let (sim, receiver) = with_receiver(sim, PushMode::Plain, PushFormat::Json);
    receiver.reply(&[(2000, 200, "success")]);
    assert_eq!(sim.deliver(OFFICIAL, &json!({})).await.unwrap().attempts, 2);
    receiver.reply(&[(2000, 200, ""); 3]);
    assert!(sim.deliver(OFFICIAL, &json!({})).await.is_err());
    assert_eq!(receiver.arrivals().len(), 5);
}

#[tokio::test]
async fn a_url_is_verified_by_its_echo() {
    let (sim, receiver) = start_with_receiver(PushMode::Safe, PushFormat::Xml);
    for (status, body, good) in [
        (200, "{echostr}", true),
        (200, "{echostr}\n", false),
        (200, "success", false),
        (200, "", false),
        (403, "{echostr}", false),
    ] {
        receiver.reply(&[(0, status, body)]);
        assert_eq!(sim.verify_url(OFFICIAL).await.is_ok(), good, "{status} {body}");
        let arrival = receiver.arrivals().remove(0);
        assert_eq!((arrival.method.as_str(), arrival.query("of")), ("GET", Some("acme")));
        assert!(["signature", "timestamp", "nonce"].iter().all(|name| arrival.query(name).is_some()));
        assert_eq!(arrival.query("echostr").unwrap().len(), 19);
    }
}

#[tokio::test]
async fn only_known_apps_with_good_settings_are_pushed_to() {
    let sim = start();
    let good = callback("http://127.0.0.1:1/", PushMode::Safe, PushFormat::Xml);
    assert!(sim.set_callback("wx8", good.clone()).is_err());
    assert!(sim.set_callback(APPID, Callback { aes_key: None, ..good.clone() }).is_err());
    assert!(sim.sign_push(APPID, &json!({})).is_err(), "it has no callback");
    sim.set_callback(APPID, good).unwrap();
    assert!(sim.sign_push(APPID, &json!([])).is_err());
    assert!(sim.sign_push(APPID, &json!({"a b": 1})).is_err());
    assert!(sim.sign_push(APPID, &json!({"MsgType": "text"})).is_ok());
    assert!(sim.deliver(APPID, &json!({})).await.is_err() && sim.verify_url(APPID).await.is_err(), "nobody listens");
}

#[tokio::test]
async fn scripts_push_too() {
    let (sim, receiver) = (start(), Receiver::start());
    let post = async |path: &str, body: Value| {
        let request = client().request(Method::POST, format!("{}/_sim{path}", sim.base_url())).json(&body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap_or_default())
    };
    let settings = |appid: &str, token: &str| {
        json!({"appid": appid, "url": receiver.url, "token": token, "aes_key": KEY, "mode": "compatible",
            "format": "xml"})
    };
    let event = json!({"appid": OFFICIAL, "event": {"MsgType": "event", "Event": "SCAN"}});
    assert_eq!(post("/pushes", event.clone()).await.0, 409, "no callback yet");
    assert_eq!(post("/callbacks", settings("wx8", "AAAAA")).await.0, 404);
    assert_eq!(post("/callbacks", settings(OFFICIAL, "A")).await.0, 409);
    assert_eq!(post("/callbacks", settings(OFFICIAL, "AAAAA")).await.0, 204);
    assert_eq!(post("/callbacks/verification", json!({"appid": OFFICIAL})).await.0, 409);
    receiver.reply(&[(0, 200, "{echostr}")]);
    assert_eq!(post("/callbacks/verification", json!({"appid": OFFICIAL})).await.0, 204);
    receiver.arrivals();
    receiver.reply(&[(0, 200, "success"), (0, 500, "")]);
    let answer = json!({"status": 200, "body": "success", "attempts": 1});
    assert_eq!(post("/pushes", event).await, (200, answer));
    let body = &receiver.arrivals()[0].body;
    assert!(body.contains("<Event><![CDATA[SCAN]]></Event>") && body.contains("<Encrypt>"), "{body}");
}
