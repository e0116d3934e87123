//! What WeChat forbids an app by its tokens, by address and by number.

use reqwest::Method;
use serde_json::{Value, json};
use wechat_sim::WechatSim;

use crate::support::*;

const PATH: &str = "/cgi-bin/getcallbackip";
const STABLE_TOKEN: &str = "/cgi-bin/stable_token";

async fn use_token(sim: &WechatSim, token: &str) -> Value {
    let request = client().get(format!("{}{PATH}", sim.base_url())).query(&[("access_token", token)]);
    body(request.send().await.unwrap()).await
}

async fn ask(sim: &WechatSim) -> Value {
    post_token(sim, token_request().to_string()).await
}

async fn control(sim: &WechatSim, method: Method, path: &str, body: Value) -> u16 {
    let request = client().request(method, format!("{}/_sim{path}", sim.base_url())).json(&body);
    request.send().await.unwrap().status().as_u16()
}

fn is_token(body: &Value) -> bool {
    body.get("access_token").is_some()
}

#[tokio::test]
async fn an_expired_token_is_followed_by_another() {
    let sim = start();
    let killed = token_of(&sim, APPID).await;
    sim.kill_tokens(APPID);
    let expired = token_of(&sim, APPID).await;
    let other = token_of(&sim, OFFICIAL).await;
    sim.expire_token(APPID);
    assert_errcode(&use_token(&sim, &expired).await, 42001);
    assert_errcode(&use_token(&sim, &killed).await, 40001);
    assert!(use_token(&sim, &other).await.get("ip_list").is_some());
    let next = token_of(&sim, APPID).await;
    assert_ne!(next, expired);
    let status = control(&sim, Method::DELETE, &format!("/tokens?appid={APPID}&how=expire"), json!({})).await;
    assert_eq!(status, 204);
    assert_errcode(&use_token(&sim, &next).await, 42001);
    let last = token_of(&sim, APPID).await;
    assert_eq!(control(&sim, Method::DELETE, &format!("/tokens?appid={APPID}&how=kill"), json!({})).await, 204);
    assert_errcode(&use_token(&sim, &last).await, 40001);
    assert_eq!(control(&sim, Method::DELETE, &format!("/tokens?appid={APPID}&how=lose"), json!({})).await, 400);
}

#[tokio::test]
async fn only_listed_addresses_get_and_use_tokens() {
    let sim = start();
    let token = token_of(&sim, APPID).await;
    for others in [vec![], vec!["10.0.0.1".to_owned(), "::1".to_owned()]] {
        sim.set_allowed_ips(APPID, Some(others)).unwrap();
        for refused in [ask(&sim).await, use_token(&sim, &token).await] {
            assert_errcode(&refused, 40164);
            let text = "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: ";
            assert!(refused["errmsg"].as_str().unwrap().starts_with(text), "{refused}");
        }
    }
    assert!(log_in(&sim, APPID, "alice").await.get("openid").is_some(), "a login needs no token");
    assert!(!token_of(&sim, OFFICIAL).await.is_empty(), "another app has a list of its own");
    let mut wrong = token_request();
    wrong["secret"] = json!("wrong");
    assert_errcode(&post_token(&sim, wrong.to_string()).await, 40125);
    for allowed in [Some(vec!["10.0.0.1".to_owned(), "127.0.0.1".to_owned()]), None] {
        sim.set_allowed_ips(APPID, allowed).unwrap();
        assert!(is_token(&ask(&sim).await) && use_token(&sim, &token).await.get("ip_list").is_some());
    }
    assert!(sim.set_allowed_ips("wx8", None).is_err());
    assert!(sim.set_allowed_ips(APPID, Some(vec!["localhost".to_owned()])).is_err());
    let calls = sim.calls();
    assert_eq!(calls.iter().filter(|call| call.errcode == Some(40164)).count(), 4, "refused calls are logged");
}

#[tokio::test]
async fn a_frozen_secret_gives_no_token() {
    let sim = start();
    let token = token_of(&sim, APPID).await;
    sim.set_frozen(APPID, true).unwrap();
    assert_errcode(&ask(&sim).await, 40243);
    assert!(use_token(&sim, &token).await.get("ip_list").is_some());
    sim.set_frozen(APPID, false).unwrap();
    assert_eq!(token_of(&sim, APPID).await, token);
    assert!(sim.set_frozen("wx8", true).is_err());
}

#[tokio::test]
async fn calls_beyond_the_quota_are_refused() {
    let sim = start();
    // From just after midnight in China, so that neither a minute nor a day ends among the calls.
    let day_ms = 24 * 3600 * 1000;
    let into_day_ms = (sim.now_ms() + 8 * 3600 * 1000) % day_ms;
    sim.advance(u64::try_from(day_ms - into_day_ms).unwrap());
    let token = token_of(&sim, APPID).await;
    sim.set_quota(APPID, PATH, Some(2), Some(3)).unwrap();
    sim.set_quota(APPID, STABLE_TOKEN, Some(2), None).unwrap();
    sim.set_quota(APPID, "/sns/jscode2session", None, Some(1)).unwrap();
    for errcode in [0, 0, 45011] {
        assert_eq!(use_token(&sim, &token).await["errcode"].as_i64().unwrap_or(0), errcode);
    }
    assert!(is_token(&ask(&sim).await), "the first of this minute was the one above");
    assert_errcode(&ask(&sim).await, 45011);
    assert!(log_in(&sim, APPID, "alice").await.get("openid").is_some());
    assert_errcode(&log_in(&sim, APPID, "alice").await, 45009);
    assert!(log_in(&sim, UNBOUND, "alice").await.get("openid").is_some());
    sim.advance(60_000);
    for errcode in [0, 45009] {
        assert_eq!(use_token(&sim, &token).await["errcode"].as_i64().unwrap_or(0), errcode);
    }
    sim.set_quota(APPID, PATH, None, None).unwrap();
    assert!(use_token(&sim, &token).await.get("ip_list").is_some());
    assert_eq!(sim.calls().last().unwrap().errcode, Some(0));
    assert!(sim.calls().iter().any(|call| call.errcode == Some(45011) && call.path == PATH));
    assert!(sim.set_quota("wx8", PATH, None, None).is_err());
}

#[tokio::test]
async fn scripts_forbid_too() {
    let sim = start();
    for (path, mut body, errcode, lifted) in [
        ("/quotas", json!({"path": STABLE_TOKEN, "per_minute": 0}), 45011, json!({"path": STABLE_TOKEN})),
        ("/quotas", json!({"path": STABLE_TOKEN, "per_day": 0}), 45009, json!({"path": STABLE_TOKEN})),
        ("/allowed-ips", json!({"allowed_ips": ["10.0.0.1"]}), 40164, json!({"allowed_ips": null})),
        ("/frozen", json!({"frozen": true}), 40243, json!({"frozen": false})),
    ] {
        body["appid"] = json!(APPID);
        assert_eq!(control(&sim, Method::POST, path, body.clone()).await, 204, "{path}");
        assert_errcode(&ask(&sim).await, errcode);
        body["appid"] = json!("wx8");
        assert_eq!(control(&sim, Method::POST, path, body).await, 404, "{path}");
        let mut lifted = lifted;
        lifted["appid"] = json!(APPID);
        assert_eq!(control(&sim, Method::POST, path, lifted).await, 204, "{path}");
        assert!(is_token(&ask(&sim).await), "{path}");
    }
}
