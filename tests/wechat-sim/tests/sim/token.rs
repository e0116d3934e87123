use serde_json::{Value, json};
use wechat_sim::WechatSim;

use crate::support::*;

/// Calls an interface that needs a token.
async fn use_token(sim: &WechatSim, token: &str) -> Value {
    let request = client().get(format!("{}/cgi-bin/getcallbackip", sim.base_url())).query(&[("access_token", token)]);
    body(request.send().await.unwrap()).await
}

#[tokio::test]
async fn the_same_token_comes_back_with_what_is_left_of_it() {
    let sim = start();
    let (first, life) = stable_token(&sim).await;
    assert_eq!((first.len(), life), (512, 7200));
    sim.advance(3600 * 1000);
    let (second, life) = stable_token(&sim).await;
    assert_eq!(second, first);
    assert!((3590..=3600).contains(&life), "{life}");
}

#[tokio::test]
async fn the_last_five_minutes_bring_a_new_token_beside_the_old() {
    let sim = start();
    let (old, _) = stable_token(&sim).await;
    sim.advance(6900 * 1000);
    let (new, life) = stable_token(&sim).await;
    assert_ne!(new, old);
    assert_eq!(life, 7200);
    assert!(use_token(&sim, &old).await.get("ip_list").is_some());
    sim.advance(300 * 1000);
    assert_errcode(&use_token(&sim, &old).await, 42001);
    assert!(use_token(&sim, &new).await.get("ip_list").is_some());
}

#[tokio::test]
async fn a_forced_refresh_kills_the_old_token_at_once() {
    let sim = start();
    let (old, _) = stable_token(&sim).await;
    let new = force_refresh(&sim).await["access_token"].as_str().unwrap().to_owned();
    assert_errcode(&use_token(&sim, &old).await, 40001);
    assert!(use_token(&sim, &new).await.get("ip_list").is_some());
    assert_eq!(stable_token(&sim).await.0, new);
}

#[tokio::test]
async fn forced_refreshes_have_an_interval_and_a_daily_quota() {
    let sim = start();
    // From just after midnight in China, so that no day ends among the refreshes.
    let day_ms = 24 * 3600 * 1000;
    let into_day_ms = (sim.now_ms() + 8 * 3600 * 1000) % day_ms;
    sim.advance(u64::try_from(day_ms - into_day_ms).unwrap());
    assert!(force_refresh(&sim).await.get("access_token").is_some());
    assert_errcode(&force_refresh(&sim).await, 45011);
    for _ in 1..20 {
        sim.advance(30_000);
        assert!(force_refresh(&sim).await.get("access_token").is_some());
    }
    let (token, _) = stable_token(&sim).await;
    sim.advance(30_000);
    assert_errcode(&force_refresh(&sim).await, 45009);
    assert_eq!(stable_token(&sim).await.0, token, "a refused refresh must not touch the token");
    sim.advance(u64::try_from(day_ms).unwrap());
    assert!(force_refresh(&sim).await.get("access_token").is_some());
}

#[tokio::test]
async fn wrong_bodies_get_their_errcodes() {
    let sim = start();
    let with = |name: &str, value: Value| {
        let mut request = token_request();
        request[name] = value;
        request.to_string()
    };
    let without = |name: &str| {
        let mut request = token_request();
        request.as_object_mut().unwrap().remove(name);
        request.to_string()
    };
    for (text, errcode) in [
        (String::new(), 44002),
        ("{\"appid\":".to_owned(), 47001),
        ("[]".to_owned(), 47001),
        (format!("grant_type=client_credential&appid={APPID}&secret={SECRET}"), 47001),
        (with("force_refresh", json!("true")), 47001),
        (with("force_refresh", json!(1)), 47001),
        (with("force_refresh", Value::Null), 47001),
        (with("appid", json!(1)), 47001),
        (with("grant_type", json!("authorization_code")), 40002),
        (without("grant_type"), 40002),
        (without("appid"), 41002),
        (without("secret"), 41004),
        (with("appid", json!("wxffffffffffffffff")), 40013),
        (with("secret", json!("wrong")), 40125),
    ] {
        assert_errcode(&post_token(&sim, text).await, errcode);
    }
}

#[tokio::test]
async fn a_token_is_checked() {
    let sim = start();
    let (token, _) = stable_token(&sim).await;
    assert_errcode(&use_token(&sim, "").await, 41001);
    assert_errcode(&use_token(&sim, "unknown").await, 40014);
    sim.kill_tokens(APPID);
    assert_errcode(&use_token(&sim, &token).await, 40001);
    assert_ne!(stable_token(&sim).await.0, token);
}
