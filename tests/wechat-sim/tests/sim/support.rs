use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::{Value, json};
use wechat_sim::{App, Config, WechatSim};

pub const APPID: &str = "wx0000000000000001";
pub const UNBOUND: &str = "wx0000000000000002";
pub const OFFICIAL: &str = "wx0000000000000003";
pub const SECRET: &str = "0123456789abcdef";

pub fn start() -> WechatSim {
    start_with(Config::default())
}

/// Two mini programs, the first bound to an open platform account with an official account.
pub fn start_with(mut config: Config) -> WechatSim {
    config.apps.push(App::mini_program(APPID, SECRET).bound_to("shop"));
    config.apps.push(App::official_account(OFFICIAL, SECRET).bound_to("shop"));
    config.apps.push(App::mini_program(UNBOUND, SECRET));
    WechatSim::start(config).unwrap()
}

pub fn client() -> Client {
    Client::builder().timeout(Duration::from_secs(5)).build().unwrap()
}

pub fn login_query<'a>(appid: &'a str, code: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("appid", appid), ("secret", SECRET), ("js_code", code), ("grant_type", "authorization_code")]
}

pub async fn send_login(sim: &WechatSim, query: &[(&str, &str)]) -> reqwest::Result<Response> {
    client().get(format!("{}/sns/jscode2session", sim.base_url())).query(query).send().await
}

/// Like WeChat's JSON, the simulator's is called plain text.
pub async fn body(response: Response) -> Value {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/plain");
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

pub async fn login(sim: &WechatSim, appid: &str, code: &str) -> Value {
    body(send_login(sim, &login_query(appid, code)).await.unwrap()).await
}

pub async fn log_in(sim: &WechatSim, appid: &str, user: &str) -> Value {
    login(sim, appid, &sim.mint_code(appid, user)).await
}

pub fn token_request() -> Value {
    json!({"grant_type": "client_credential", "appid": APPID, "secret": SECRET})
}

pub async fn post_token(sim: &WechatSim, text: impl Into<String>) -> Value {
    let request = client().post(format!("{}/cgi-bin/stable_token", sim.base_url())).body(text.into());
    body(request.send().await.unwrap()).await
}

pub async fn stable_token(sim: &WechatSim) -> (String, i64) {
    let body = post_token(sim, token_request().to_string()).await;
    (body["access_token"].as_str().unwrap().to_owned(), body["expires_in"].as_i64().unwrap())
}

/// A token of any of the apps.
pub async fn token_of(sim: &WechatSim, appid: &str) -> String {
    let mut request = token_request();
    request["appid"] = json!(appid);
    post_token(sim, request.to_string()).await["access_token"].as_str().unwrap().to_owned()
}

/// Posts to an interface with a token of this app.
pub async fn post_as(sim: &WechatSim, appid: &str, path: &str, text: impl Into<String>) -> Value {
    let token = token_of(sim, appid).await;
    let request = client().post(format!("{}{path}", sim.base_url())).query(&[("access_token", token)]);
    body(request.body(text.into()).send().await.unwrap()).await
}

/// Gets from an interface with a token of this app.
pub async fn get_as(sim: &WechatSim, appid: &str, path: &str, query: &[(&str, &str)]) -> Value {
    let token = token_of(sim, appid).await;
    let request = client().get(format!("{}{path}", sim.base_url())).query(&[("access_token", token)]).query(query);
    body(request.send().await.unwrap()).await
}

pub async fn force_refresh(sim: &WechatSim) -> Value {
    let mut request = token_request();
    request["force_refresh"] = json!(true);
    post_token(sim, request.to_string()).await
}

#[track_caller]
pub fn assert_errcode(body: &Value, errcode: i64) {
    assert_eq!(body["errcode"], errcode, "{body}");
    let (_, rid) = body["errmsg"].as_str().unwrap().rsplit_once(" rid: ").unwrap();
    let words: Vec<&str> = rid.split('-').collect();
    assert!(words.len() == 3 && words.iter().all(|word| word.len() == 8), "{body}");
}
