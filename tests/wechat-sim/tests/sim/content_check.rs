//! The content check.

use serde_json::{Value, json};
use wechat_sim::{Suggestion, WechatSim};

use crate::support::*;

const PATH: &str = "/wxa/msg_sec_check";
const HOUR: u64 = 60 * 60 * 1000;

async fn check(sim: &WechatSim, request: Value) -> Value {
    post_as(sim, APPID, PATH, request.to_string()).await
}

fn request(sim: &WechatSim, content: &str) -> Value {
    json!({"content": content, "version": 2, "scene": 2, "openid": sim.openid(APPID, "alice")})
}

#[tokio::test]
async fn words_that_were_named_are_found_and_the_worst_counts() {
    let sim = start();
    log_in(&sim, APPID, "alice").await;
    sim.set_word("骂人", Suggestion::Risky);
    sim.set_word("可疑", Suggestion::Review);
    for (text, suggest, label) in
        [("机器坏了", "pass", 100), ("有点可疑", "review", 21000), ("可疑的骂人话", "risky", 20003)]
    {
        let body = check(&sim, request(&sim, text)).await;
        assert_eq!((&body["errcode"], &body["errmsg"]), (&json!(0), &json!("ok")), "0 even when it is risky");
        assert_eq!(body["result"], json!({"suggest": suggest, "label": label}), "{text}");
        assert!(body["trace_id"].as_str().is_some_and(|id| !id.is_empty()));
        assert_eq!(body["detail"][0]["strategy"], "content_model");
        assert_eq!(body["detail"][1]["keyword"].is_string(), suggest != "pass");
    }
    let mut titled = request(&sim, "机器坏了");
    titled["title"] = json!("骂人");
    assert_eq!(check(&sim, titled).await["result"]["suggest"], "risky");
    sim.set_word("骂人", Suggestion::Pass);
    assert_eq!(check(&sim, request(&sim, "骂人")).await["result"]["suggest"], "pass");
}

#[tokio::test]
async fn the_writer_has_visited_within_two_hours() {
    let sim = start();
    assert_errcode(&check(&sim, request(&sim, "x")).await, 40003);
    sim.mint_code(APPID, "alice");
    assert_errcode(&check(&sim, request(&sim, "x")).await, 61010);
    log_in(&sim, APPID, "alice").await;
    sim.advance(2 * HOUR - 60_000);
    assert_eq!(check(&sim, request(&sim, "x")).await["errcode"], 0);
    sim.advance(61_000);
    assert_errcode(&check(&sim, request(&sim, "x")).await, 61010);
    log_in(&sim, UNBOUND, "alice").await;
    let mut foreign = request(&sim, "x");
    foreign["openid"] = json!(sim.openid(UNBOUND, "alice"));
    assert_errcode(&check(&sim, foreign).await, 43104);
}

#[tokio::test]
async fn wrong_requests_get_their_errcodes() {
    let sim = start();
    log_in(&sim, APPID, "alice").await;
    assert_eq!(check(&sim, request(&sim, &"字".repeat(2500))).await["errcode"], 0);
    for (name, value, errcode) in [
        ("content", json!("字".repeat(2501)), 40035),
        ("content", json!(""), 40035),
        ("content", json!(1), 47001),
        ("version", json!(1), 40035),
        ("version", json!("2"), 47001),
        ("version", Value::Null, 47001),
        ("scene", json!(0), 40129),
        ("scene", json!(5), 40129),
        ("openid", json!(""), 40003),
        ("openid", json!("nobody"), 40003),
        ("signature", json!("only of a profile"), 40035),
        ("nickname", json!(7), 47001),
    ] {
        let mut wrong = request(&sim, "x");
        wrong[name] = value.clone();
        assert_errcode(&check(&sim, wrong).await, errcode);
    }
    let mut profile = request(&sim, "x");
    (profile["scene"], profile["signature"]) = (json!(1), json!("my words"));
    assert_eq!(check(&sim, profile).await["errcode"], 0);
    assert_errcode(&post_as(&sim, APPID, PATH, "content=x").await, 47001);
    assert_errcode(&post_as(&sim, APPID, PATH, "").await, 44002);
    assert_errcode(&get_as(&sim, APPID, PATH, &[]).await, 43002);
    assert_errcode(&post_as(&sim, OFFICIAL, PATH, request(&sim, "x").to_string()).await, 48001);
}

#[tokio::test]
async fn a_minute_and_a_day_have_their_quota() {
    let sim = start();
    log_in(&sim, APPID, "alice").await;
    let wanted = request(&sim, "x");
    sim.set_quota(APPID, PATH, Some(0), None).unwrap();
    assert_errcode(&check(&sim, wanted.clone()).await, 44991);
    sim.set_quota(APPID, PATH, None, Some(0)).unwrap();
    assert_errcode(&check(&sim, wanted.clone()).await, 45009);
    sim.set_quota(APPID, PATH, Some(1000), Some(1000)).unwrap();
    assert_eq!(check(&sim, wanted).await["errcode"], 0);
}

#[tokio::test]
async fn control_names_words() {
    let sim = start();
    log_in(&sim, APPID, "alice").await;
    let url = format!("{}/_sim/words", sim.base_url());
    for (body, status) in
        [(json!({"word": "骂人", "suggest": "risky"}), 204), (json!({"word": "x", "suggest": "awful"}), 400)]
    {
        assert_eq!(client().post(&url).json(&body).send().await.unwrap().status().as_u16(), status);
    }
    assert_eq!(check(&sim, request(&sim, "骂人")).await["result"]["suggest"], "risky");
}
