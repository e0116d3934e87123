use reqwest::{Method, Response};
use serde_json::{Value, json};
use wechat_sim::{Config, User, WechatSim};

use crate::support::*;

async fn send(sim: &WechatSim, method: Method, path: &str, body: Value) -> Response {
    client().request(method, format!("{}/_sim{path}", sim.base_url())).json(&body).send().await.unwrap()
}

async fn post(sim: &WechatSim, path: &str, body: Value) -> (u16, Value) {
    let response = send(sim, Method::POST, path, body).await;
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

#[tokio::test]
async fn a_script_can_play_a_whole_login() {
    let sim = start();
    let app = json!({"appid": "wx9", "secret": SECRET, "kind": "mini_program", "open_platform": "shop"});
    assert_eq!(post(&sim, "/apps", app).await.0, 204);
    let (status, user) = post(&sim, "/users", json!({"name": "carol", "phone": "13800138000"})).await;
    assert_eq!((status, &user["identities"]["wx9"]["openid"]), (200, &json!(sim.openid("wx9", "carol"))));
    let wanted = json!({"appid": "wx9", "user": "carol", "phone": true});
    assert_eq!(post(&sim, "/encrypted-data", wanted.clone()).await.0, 409, "nobody has logged in yet");
    let (_, code) = post(&sim, "/codes", json!({"appid": "wx9", "user": "carol"})).await;
    assert!(login(&sim, "wx9", code["code"].as_str().unwrap()).await.get("unionid").is_some());
    let (status, data) = post(&sim, "/encrypted-data", wanted).await;
    assert!(status == 200 && data["encrypted_data"].is_string() && data["iv"].is_string(), "{data}");
    let (status, _) = post(&sim, "/encrypted-data", json!({"appid": "wx9", "user": "carol"})).await;
    assert_eq!(status, 409);
}

#[tokio::test]
async fn codes_are_minted_by_post_for_known_apps_only() {
    let sim = start();
    assert_eq!(post(&sim, "/codes", json!({"appid": "wx8", "user": "carol"})).await.0, 404);
    let path = format!("/codes?appid={APPID}&user=carol");
    assert_eq!(send(&sim, Method::GET, &path, json!({})).await.status(), 405);
    assert_eq!(post(&sim, "/nothing", json!({})).await.0, 404);
    assert_eq!(post(&sim, "/apps", json!({"appid": "wx8"})).await.0, 400);
}

#[tokio::test]
async fn faults_clock_and_tokens_obey() {
    let sim = start();
    let fault = json!({"path": "/sns/", "kind": {"errcode": 45011}});
    assert_eq!(post(&sim, "/faults", fault).await.0, 204);
    assert_errcode(&log_in(&sim, APPID, "alice").await, 45011);
    assert_eq!(send(&sim, Method::DELETE, "/faults", json!({})).await.status(), 204);
    assert!(log_in(&sim, APPID, "alice").await.get("openid").is_some());

    let (token, _) = stable_token(&sim).await;
    let before = sim.now_ms();
    let (_, clock) = post(&sim, "/clock", json!({"advance_ms": 1_000_000})).await;
    assert!(clock["now_ms"].as_i64().unwrap() >= before + 1_000_000);
    let path = format!("/tokens?appid={APPID}");
    assert_eq!(send(&sim, Method::DELETE, &path, json!({})).await.status(), 204);
    assert_ne!(stable_token(&sim).await.0, token);
}

#[tokio::test]
async fn the_log_shows_codes_but_no_secrets() {
    let sim = start();
    let code = sim.mint_code(APPID, "alice");
    login(&sim, APPID, &code).await;
    stable_token(&sim).await;
    let log = send(&sim, Method::GET, "/log", json!({})).await.text().await.unwrap();
    assert!(!log.contains(SECRET), "{log}");
    let log: Value = serde_json::from_str(&log).unwrap();
    assert_eq!((&log[0]["query"]["js_code"], &log[0]["errcode"]), (&json!(code), &json!(0)));
    assert_eq!((&log[1]["method"], &log[1]["body"]["appid"]), (&json!("POST"), &json!(APPID)));
    assert_eq!(send(&sim, Method::DELETE, "/log", json!({})).await.status(), 204);
    assert!(sim.calls().is_empty());
}

#[tokio::test]
async fn a_page_of_any_origin_may_ask() {
    let sim = start();
    let preflight = send(&sim, Method::OPTIONS, "/codes", json!({})).await;
    assert_eq!(preflight.status(), 204);
    for response in [preflight, send(&sim, Method::POST, "/codes", json!({})).await] {
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        assert_eq!(response.headers()["access-control-allow-headers"], "content-type");
    }
}

#[tokio::test]
async fn apps_and_users_survive_a_restart() {
    let path = std::env::temp_dir().join(format!("wechat-sim-{}.json", std::process::id()));
    let config = Config { state_file: Some(path.clone()), ..Config::default() };
    let sim = start_with(config.clone());
    sim.add_user(User { phone: Some("13800138000".to_owned()), ..User::new("dave") });
    sim.stop();
    let sim = WechatSim::start(config.clone()).unwrap();
    log_in(&sim, APPID, "dave").await;
    assert!(sim.encrypt_own_phone(APPID, "dave").is_ok());
    sim.stop();
    std::fs::write(&path, "no JSON").unwrap();
    assert!(WechatSim::start(config).is_err());
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn it_starts_without_a_runtime_and_refuses_a_taken_address() {
    let sim = start();
    let bind = sim.base_url().replace("http://", "").parse().unwrap();
    assert!(WechatSim::start(Config { bind, ..Config::default() }).is_err());
}
