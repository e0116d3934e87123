use serde_json::{Value, json};
use wechat_sim::{User, WechatSim};

use crate::support::*;

const PATH: &str = "/wxa/business/getuserphonenumber";

fn start_with_phone() -> WechatSim {
    let sim = start();
    sim.add_user(User { phone: Some("13800138000".to_owned()), ..User::new("alice") });
    sim
}

async fn number(sim: &WechatSim, appid: &str, request: Value) -> Value {
    post_as(sim, appid, PATH, request.to_string()).await
}

#[tokio::test]
async fn a_code_gives_the_number_once() {
    let sim = start_with_phone();
    let code = sim.mint_phone_code(APPID, "alice").unwrap();
    let body = number(&sim, APPID, json!({"code": code, "openid": sim.openid(APPID, "alice")})).await;
    let timestamp = body["phone_info"]["watermark"]["timestamp"].as_i64().unwrap();
    assert!((sim.now_ms() / 1000 - timestamp).abs() < 5);
    let expected = json!({"errcode": 0, "errmsg": "ok", "phone_info": {
        "phoneNumber": "13800138000", "purePhoneNumber": "13800138000", "countryCode": "86",
        "watermark": {"timestamp": timestamp, "appid": APPID}}});
    assert_eq!(body, expected);
    assert_errcode(&number(&sim, APPID, json!({"code": code})).await, 40029);
}

#[tokio::test]
async fn a_foreign_number_begins_with_the_country() {
    let sim = start();
    sim.add_user(User { phone: Some("61234567".to_owned()), country_code: "852".to_owned(), ..User::new("bob") });
    let code = sim.mint_phone_code(APPID, "bob").unwrap();
    let body = number(&sim, APPID, json!({"code": code})).await;
    let info = &body["phone_info"];
    assert_eq!((&info["phoneNumber"], &info["purePhoneNumber"]), (&json!("85261234567"), &json!("61234567")));
    assert_eq!(info["countryCode"], "852");
}

#[tokio::test]
async fn a_refused_call_does_not_consume_the_code() {
    let sim = start_with_phone();
    let code = sim.mint_phone_code(APPID, "alice").unwrap();
    assert_errcode(&number(&sim, UNBOUND, json!({"code": code})).await, 40013);
    assert_errcode(&number(&sim, OFFICIAL, json!({"code": code})).await, 48001);
    for openid in [sim.openid(UNBOUND, "alice"), sim.openid(APPID, "bob")] {
        assert_errcode(&number(&sim, APPID, json!({"code": code, "openid": openid})).await, 40003);
    }
    for (request, errcode) in [
        (json!({}).to_string(), 40029),
        (json!({"code": ""}).to_string(), 40029),
        (json!({"code": "unknown"}).to_string(), 40029),
        (json!({"code": sim.mint_code(APPID, "alice")}).to_string(), 40029),
        (json!({"code": 1}).to_string(), 47001),
        (json!({"code": code, "openid": 1}).to_string(), 47001),
        (json!([code]).to_string(), 47001),
        (format!("code={code}"), 47001),
        (String::new(), 44002),
    ] {
        assert_errcode(&post_as(&sim, APPID, PATH, request).await, errcode);
    }
    let url = format!("{}{PATH}", sim.base_url());
    assert_errcode(&body(client().get(&url).send().await.unwrap()).await, 43002);
    let request = json!({"code": code}).to_string();
    assert_errcode(&body(client().post(&url).body(request).send().await.unwrap()).await, 41001);
    assert_eq!(number(&sim, APPID, json!({"code": code})).await["errcode"], 0);
}

#[tokio::test]
async fn a_code_lives_five_minutes_and_is_no_login_code() {
    let sim = start_with_phone();
    let (good, late) = (sim.mint_phone_code(APPID, "alice").unwrap(), sim.mint_phone_code(APPID, "alice").unwrap());
    assert_errcode(&login(&sim, APPID, &good).await, 40029);
    sim.advance(5 * 60 * 1000 - 30_000);
    assert_eq!(number(&sim, APPID, json!({"code": good})).await["errcode"], 0);
    sim.advance(30_001);
    assert_errcode(&number(&sim, APPID, json!({"code": late})).await, 40029);
}

#[tokio::test]
async fn only_somebody_with_a_number_taps_the_button() {
    let sim = start_with_phone();
    sim.mint_code(APPID, "bob");
    for (appid, user) in [(APPID, "bob"), (APPID, "nobody"), (OFFICIAL, "alice"), ("wx8", "alice")] {
        assert!(sim.mint_phone_code(appid, user).is_err(), "{appid} {user}");
    }
    let url = format!("{}/_sim/phone-codes", sim.base_url());
    for (appid, user, status) in [(APPID, "alice", 200), (APPID, "bob", 409), ("wx8", "alice", 404)] {
        let response = client().post(&url).json(&json!({"appid": appid, "user": user})).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{appid} {user}");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["code"].is_string(), status == 200, "{body}");
    }
}
