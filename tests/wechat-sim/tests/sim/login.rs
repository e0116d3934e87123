use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use wechat_sim::Config;

use crate::support::*;

#[tokio::test]
async fn a_login_gives_the_identity_and_a_new_key() {
    let sim = start();
    let first = log_in(&sim, APPID, "alice").await;
    assert_eq!(first["openid"], sim.openid(APPID, "alice"));
    assert_eq!(first["unionid"], sim.unionid(APPID, "alice").unwrap());
    assert_eq!(first["session_key"], sim.session_key(APPID, "alice").unwrap());
    assert!(first.get("errcode").is_none());
    let second = log_in(&sim, APPID, "alice").await;
    assert_eq!(second["openid"], first["openid"]);
    assert_ne!(second["session_key"], first["session_key"]);
}

#[tokio::test]
async fn only_a_bound_app_gives_a_unionid() {
    let sim = start();
    let body = log_in(&sim, UNBOUND, "alice").await;
    assert!(body.get("unionid").is_none());
    assert_ne!(body["openid"], sim.openid(APPID, "alice"));
    assert_eq!(sim.openid(APPID, "alice").len(), 28);
    assert_eq!(sim.unionid(APPID, "alice"), sim.unionid(OFFICIAL, "alice"));
}

#[tokio::test]
async fn a_code_serves_once() {
    let sim = start();
    let code = sim.mint_code(APPID, "alice");
    assert!(login(&sim, APPID, &code).await.get("openid").is_some());
    assert_errcode(&login(&sim, APPID, &code).await, 40163);
}

#[tokio::test]
async fn a_code_lives_five_minutes_in_its_own_app() {
    let sim = start();
    let (late, other) = (sim.mint_code(APPID, "alice"), sim.mint_code(UNBOUND, "alice"));
    assert_errcode(&login(&sim, APPID, &other).await, 40029);
    sim.advance(5 * 60 * 1000 - 30_000);
    assert!(login(&sim, UNBOUND, &other).await.get("openid").is_some());
    sim.advance(30_001);
    assert_errcode(&login(&sim, APPID, &late).await, 40029);
}

#[tokio::test]
async fn wrong_queries_get_their_errcodes() {
    let sim = start();
    let code = sim.mint_code(APPID, "alice");
    for (name, value, errcode) in [
        ("appid", None, 41002),
        ("appid", Some(""), 41002),
        ("appid", Some("wxffffffffffffffff"), 40013),
        ("appid", Some(OFFICIAL), 40013),
        ("secret", None, 41004),
        ("secret", Some("wrong"), 40125),
        ("js_code", None, 41008),
        ("js_code", Some("wrong"), 40029),
        ("grant_type", None, 40002),
        ("grant_type", Some("client_credential"), 40002),
    ] {
        let mut query = login_query(APPID, &code);
        query.retain(|pair| pair.0 != name);
        query.extend(value.map(|value| (name, value)));
        assert_errcode(&body(send_login(&sim, &query).await.unwrap()).await, errcode);
    }
    assert!(login(&sim, APPID, &code).await.get("openid").is_some(), "a refused query must not consume the code");
}

#[tokio::test]
async fn a_blocked_user_is_refused() {
    let sim = start();
    sim.block_user("mallory");
    assert_errcode(&log_in(&sim, APPID, "mallory").await, 40226);
}

#[tokio::test]
async fn other_methods_and_paths_are_refused() {
    let sim = start();
    let send = async |method: Method, path: &str| {
        let request = client().request(method, format!("{}{path}", sim.base_url()));
        body(request.json(&json!({})).send().await.unwrap()).await
    };
    assert_errcode(&send(Method::POST, "/sns/jscode2session").await, 43001);
    assert_errcode(&send(Method::GET, "/cgi-bin/stable_token").await, 43002);
    assert_errcode(&send(Method::GET, "/no/such/path").await, 40066);
    assert_errcode(&send(Method::GET, "/sns/jscode2session/").await, 40066);
}

#[tokio::test]
async fn a_key_is_kept_for_a_while_if_so_configured() {
    let sim = start_with(Config { session_key_reuse: Duration::from_secs(60), ..Config::default() });
    let key = log_in(&sim, APPID, "alice").await["session_key"].clone();
    assert_eq!(log_in(&sim, APPID, "alice").await["session_key"], key);
    sim.advance(60_000);
    assert_ne!(log_in(&sim, APPID, "alice").await["session_key"], key);
}
