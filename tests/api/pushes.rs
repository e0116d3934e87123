//! WeChat's pushes: verified, stored, answered, processed, replayed.

use crate::official::{AES_KEY, OFFICIAL, TOKEN, connect_with_pushes, drained};
use paifang_core::wechat::message::MessageKey;
use paifang_core::wechat::signature::sign;
use paifang_tests::{Actor, Answer, TestApp, both};
use reqwest::Method;
use serde_json::{Value, json};
use wechat_sim::{PushFormat, PushMode};

const CALLBACK: &str = "/wechat/callback/wx00000000000000c3";

async fn send(app: &TestApp, push: &wechat_sim::Push) -> Answer {
    let request = app.anonymous().request(Method::POST, CALLBACK).query(&push.query);
    Actor::send(request.header("content-type", push.content_type.clone()).body(push.body.clone())).await
}

async fn entries(app: &TestApp) -> Vec<Value> {
    app.admin.get("/api/v1/pushes").await.expect(200)["items"].as_array().unwrap().clone()
}

both!(every_mode_and_format_is_understood_and_a_repeat_has_one_effect, |app| {
    connect_with_pushes(&app, PushMode::Plain, PushFormat::Xml, json!({})).await;
    let url = format!("{}{CALLBACK}", app.base);
    let mut number = 0;
    for mode in [PushMode::Safe, PushMode::Compatible, PushMode::Plain] {
        for format in [PushFormat::Xml, PushFormat::Json] {
            let aes_key = (mode != PushMode::Plain).then(|| AES_KEY.to_owned());
            let callback = wechat_sim::Callback { url: url.clone(), token: TOKEN.to_owned(), aes_key, mode, format };
            app.sim.set_callback(OFFICIAL, callback).unwrap();
            app.sim.verify_url(OFFICIAL).await.unwrap();
            number += 1;
            let event = app.sim.follow_event(OFFICIAL, &format!("fan{number}"), Some("o=1")).unwrap();
            for _ in 0..3 {
                let delivery = app.sim.deliver(OFFICIAL, &event).await.unwrap();
                assert_eq!((delivery.attempts, delivery.body.as_str()), (1, "success"), "{mode:?} {format:?}");
            }
        }
    }
    drained(&app).await;
    let entries = entries(&app).await;
    assert_eq!(entries.len(), 6, "three times each, once each: {entries:?}");
    assert!(entries.iter().all(|entry| entry["status"] == "done" && entry["event"] == "subscribe"));
    assert_eq!(app.admin.get("/api/v1/persons").await.expect(200)["items"].as_array().unwrap().len(), 6);
});

both!(what_is_not_wechats_is_refused_and_leaves_nothing, |app| {
    connect_with_pushes(&app, PushMode::Safe, PushFormat::Json, json!({})).await;
    let event = app.sim.follow_event(OFFICIAL, "fan", None).unwrap();
    let good = app.sim.sign_push(OFFICIAL, &event).unwrap();
    let changed = |name: &str, value: &str| {
        let mut push = good.clone();
        push.query.retain(|(known, _)| known != name);
        push.query.push((name.to_owned(), value.to_owned()));
        push
    };
    let zeros = "0".repeat(40);
    let mut bad = vec![
        changed("msg_signature", &zeros),
        changed("msg_signature", ""),
        changed("nonce", "1"),
        changed("timestamp", "1"),
        changed("timestamp", "soon"),
    ];
    // The plain signature does not cover the body: in safe mode it does not count.
    let mut plain = good.clone();
    plain.query.retain(|(known, _)| known != "msg_signature");
    plain.body = event.to_string();
    bad.push(plain);
    // Sealed with our key for another app.
    let foreign = MessageKey::parse(AES_KEY).unwrap().seal([1; 16], event.to_string().as_bytes(), "wx00000000000000dd");
    let value = |name: &str| good.query.iter().find(|(known, _)| known == name).unwrap().1.clone();
    let signature = sign(&[TOKEN, &value("timestamp"), &value("nonce"), &foreign]);
    let mut foreigner = changed("msg_signature", &signature);
    foreigner.body = json!({ "ToUserName": "gh", "Encrypt": foreign }).to_string();
    bad.push(foreigner);
    for push in &bad {
        send(&app, push).await.problem(403, "push_refused");
    }
    for body in
        ["", "{", "<xml>", "\u{0}", "[]", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><xml>&e;</xml>"]
    {
        let mut push = good.clone();
        push.body = body.to_owned();
        send(&app, &push).await.problem(403, "push_refused");
    }
    let mut huge = good.clone();
    huge.body = "x".repeat(300 * 1024);
    send(&app, &huge).await.problem(413, "body_too_large");
    let unknown = app.anonymous().request(Method::POST, "/wechat/callback/wx0000000000000000").query(&good.query);
    Actor::send(unknown.body(good.body.clone())).await.problem(404, "not_found");
    assert_eq!(entries(&app).await, Vec::<Value>::new());
    let metrics = app.anonymous().get("/metrics").await;
    let text = metrics.body.as_str().unwrap();
    let refused = bad.len() + 6;
    assert!(text.contains(&format!("paifang_pushes_total{{outcome=\"refused\"}} {refused}")), "{text}");
    send(&app, &good).await.expect(200);
});

both!(in_compatible_mode_only_what_is_encrypted_counts, |app| {
    connect_with_pushes(&app, PushMode::Compatible, PushFormat::Json, json!({})).await;
    let event = app.sim.follow_event(OFFICIAL, "fan", None).unwrap();
    let mut push = app.sim.sign_push(OFFICIAL, &event).unwrap();
    let mut body: Value = serde_json::from_str(&push.body).unwrap();
    body["FromUserName"] = json!("oAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    body["Event"] = json!("unsubscribe");
    push.body = body.to_string();
    send(&app, &push).await.expect(200);
    drained(&app).await;
    assert_eq!(entries(&app).await[0]["event"], "subscribe");
});

both!(plain_mode_is_only_there_when_switched_on, |app| {
    connect_with_pushes(&app, PushMode::Safe, PushFormat::Json, json!({})).await;
    let url = format!("{}{CALLBACK}", app.base);
    let callback = wechat_sim::Callback {
        url,
        token: TOKEN.to_owned(),
        aes_key: None,
        mode: PushMode::Plain,
        format: PushFormat::Json,
    };
    app.sim.set_callback(OFFICIAL, callback).unwrap();
    let event = app.sim.follow_event(OFFICIAL, "fan", None).unwrap();
    let push = app.sim.sign_push(OFFICIAL, &event).unwrap();
    send(&app, &push).await.problem(403, "push_refused");
});

both!(the_published_verification_is_answered_verbatim, |app| {
    connect_with_pushes(&app, PushMode::Safe, PushFormat::Json, json!({})).await;
    let query = [
        ("signature", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("timestamp", "1714036504"),
        ("nonce", "1514711492"),
        ("echostr", "4375120948345356249"),
    ];
    let answer = app.anonymous().request(Method::GET, CALLBACK).query(&query).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, "4375120948345356249"));
    let wrong = [("signature", "0"), ("timestamp", "1714036504"), ("nonce", "1514711492"), ("echostr", "x")];
    Actor::send(app.anonymous().request(Method::GET, CALLBACK).query(&wrong)).await.problem(403, "push_refused");
    Actor::send(app.anonymous().request(Method::GET, CALLBACK)).await.problem(403, "push_refused");
});

both!(stored_pushes_are_replayed_and_still_have_one_effect, |app| {
    connect_with_pushes(&app, PushMode::Safe, PushFormat::Xml, json!({})).await;
    let event = app.sim.follow_event(OFFICIAL, "fan", Some("42")).unwrap();
    app.sim.deliver(OFFICIAL, &event).await.unwrap();
    let click = json!({ "FromUserName": event["FromUserName"], "MsgType": "event", "Event": "CLICK", "EventKey": "k" });
    app.sim.deliver(OFFICIAL, &click).await.unwrap();
    drained(&app).await;
    let statuses =
        |entries: &[Value]| entries.iter().map(|e| e["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(statuses(&entries(&app).await), ["ignored", "done"]);
    let body = json!({ "from": "2020-01-01T00:00:00Z", "appid": OFFICIAL });
    assert_eq!(app.admin.post("/api/v1/pushes/replay", &body).await.expect(200)["pushes"], 2);
    assert_eq!(app.foreign_admin.post("/api/v1/pushes/replay", &body).await.expect(200)["pushes"], 0);
    drained(&app).await;
    let persons = app.admin.get("/api/v1/persons").await.expect(200)["items"].clone();
    assert_eq!(persons.as_array().unwrap().len(), 1);
    let path = format!("/api/v1/persons/{}/activities", persons[0]["id"].as_str().unwrap());
    assert_eq!(app.admin.get(&path).await.expect(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.foreign_admin.get("/api/v1/pushes").await.expect(200)["items"], json!([]));
});
