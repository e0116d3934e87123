//! What an official account is told about a person.

use reqwest::Method;
use serde_json::{Value, json};
use wechat_sim::{App, WechatSim};

use crate::support::*;

const INFO: &str = "/cgi-bin/user/info";
const BATCH: &str = "/cgi-bin/user/info/batchget";
const ALONE: &str = "wx0000000000000004";

async fn info(sim: &WechatSim, openid: &str) -> Value {
    get_as(sim, OFFICIAL, INFO, &[("openid", openid)]).await
}

async fn batch(sim: &WechatSim, user_list: Value) -> Value {
    post_as(sim, OFFICIAL, BATCH, json!({"user_list": user_list}).to_string()).await
}

#[tokio::test]
async fn a_follower_has_the_documented_fields() {
    let sim = start();
    sim.follow(OFFICIAL, "alice").unwrap();
    let openid = sim.openid(OFFICIAL, "alice");
    let body = info(&sim, &openid).await;
    let since = body["subscribe_time"].as_i64().unwrap();
    assert!((sim.now_ms() / 1000 - since).abs() < 5);
    let expected = json!({"subscribe": 1, "openid": openid, "unionid": sim.unionid(APPID, "alice"), "nickname": "",
        "sex": 0, "city": "", "province": "", "country": "", "headimgurl": "", "language": "zh_CN",
        "subscribe_time": since, "remark": "", "groupid": 0, "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_SEARCH", "qr_scene": 0, "qr_scene_str": ""});
    assert_eq!(body, expected);
    let body = get_as(&sim, OFFICIAL, INFO, &[("openid", &openid), ("lang", "en")]).await;
    assert_eq!(body["language"], "en");
}

#[tokio::test]
async fn who_does_not_follow_is_not_described() {
    let sim = start();
    sim.follow(OFFICIAL, "alice").unwrap();
    sim.unfollow(OFFICIAL, "alice").unwrap();
    log_in(&sim, APPID, "bob").await;
    for user in ["alice", "bob"] {
        let openid = sim.openid(OFFICIAL, user);
        assert_eq!(info(&sim, &openid).await, json!({"subscribe": 0, "openid": openid}));
    }
}

#[tokio::test]
async fn a_code_leads_to_the_account() {
    let sim = start();
    for (user, scene, number, text) in [("alice", "door", 0, "door"), ("bob", "17", 17, "")] {
        sim.follow_event(OFFICIAL, user, Some(scene)).unwrap();
        let body = info(&sim, &sim.openid(OFFICIAL, user)).await;
        assert_eq!(body["subscribe_scene"], "ADD_SCENE_QR_CODE");
        assert_eq!((&body["qr_scene"], &body["qr_scene_str"]), (&json!(number), &json!(text)));
    }
}

#[tokio::test]
async fn a_population_is_the_same_people_in_every_bound_account() {
    let sim = start();
    sim.add_app(App::official_account(ALONE, SECRET));
    sim.populate_followers(OFFICIAL, 10).unwrap();
    sim.populate_followers(ALONE, 10).unwrap();
    let name = WechatSim::population_member(7);
    let described = info(&sim, &sim.openid(OFFICIAL, &name)).await;
    assert_eq!(described["unionid"].as_str().unwrap().len(), 28);
    assert_eq!(described["unionid"], log_in(&sim, APPID, &name).await["unionid"]);
    let alone = get_as(&sim, ALONE, INFO, &[("openid", &sim.openid(ALONE, &name))]).await;
    assert_eq!((&alone["subscribe"], alone.get("unionid")), (&json!(1), None));
    assert_errcode(&info(&sim, &sim.openid(ALONE, &name)).await, 40003);
    assert_errcode(&info(&sim, &sim.openid(OFFICIAL, "population-10")).await, 40003);
}

#[tokio::test]
async fn wrong_questions_get_their_errcodes() {
    let sim = start();
    sim.follow(OFFICIAL, "alice").unwrap();
    let openid = sim.openid(OFFICIAL, "alice");
    for (appid, query, errcode) in [
        (APPID, vec![("openid", openid.as_str())], 48001),
        (OFFICIAL, vec![], 41009),
        (OFFICIAL, vec![("openid", "")], 41009),
        (OFFICIAL, vec![("openid", "unknown")], 40003),
        (OFFICIAL, vec![("openid", &sim.openid(APPID, "alice"))], 40003),
        (OFFICIAL, vec![("openid", &sim.openid(OFFICIAL, "nobody"))], 40003),
        (OFFICIAL, vec![("openid", openid.as_str()), ("lang", "fr")], 40035),
    ] {
        assert_errcode(&get_as(&sim, appid, INFO, &query).await, errcode);
    }
    assert_errcode(&post_as(&sim, OFFICIAL, INFO, "{}").await, 43001);
}

#[tokio::test]
async fn a_batch_describes_up_to_a_hundred() {
    let sim = start();
    sim.populate_followers(OFFICIAL, 200).unwrap();
    sim.add_user(wechat_sim::User::new("bob"));
    let one = |number: u32| json!({"openid": sim.openid(OFFICIAL, &WechatSim::population_member(number))});
    let mut wanted: Vec<Value> = (0..99).map(one).collect();
    wanted.push(json!({"openid": sim.openid(OFFICIAL, "bob"), "lang": "zh_TW"}));
    let body = batch(&sim, json!(wanted)).await;
    let people = body["user_info_list"].as_array().unwrap();
    assert_eq!(people.len(), 100);
    assert_eq!((&people[5]["openid"], &people[5]["subscribe"]), (&wanted[5]["openid"], &json!(1)));
    assert_eq!(people[99], json!({"subscribe": 0, "openid": sim.openid(OFFICIAL, "bob")}));
    wanted.push(one(100));
    assert_errcode(&batch(&sim, json!(wanted)).await, 40035);
}

#[tokio::test]
async fn wrong_batches_get_their_errcodes() {
    let sim = start();
    sim.follow(OFFICIAL, "alice").unwrap();
    let openid = sim.openid(OFFICIAL, "alice");
    for (user_list, errcode) in [
        (json!([]), 40035),
        (json!([{"openid": openid, "lang": "fr"}]), 40035),
        (json!([{"openid": openid}, {"openid": sim.openid(APPID, "alice")}]), 40003),
        (json!([{"openid": openid, "lang": 1}]), 47001),
        (json!([{"openid": 1}]), 47001),
        (json!([{}]), 47001),
        (json!([openid]), 47001),
        (json!({"openid": openid}), 47001),
        (Value::Null, 47001),
    ] {
        assert_errcode(&batch(&sim, user_list).await, errcode);
    }
    for (text, errcode) in [("", 44002), ("{}", 47001), ("[]", 47001), ("user_list", 47001)] {
        assert_errcode(&post_as(&sim, OFFICIAL, BATCH, text).await, errcode);
    }
    assert_errcode(&post_as(&sim, APPID, BATCH, "{}").await, 48001);
    assert_errcode(&get_as(&sim, OFFICIAL, BATCH, &[]).await, 43002);
}

#[tokio::test]
async fn scripts_decide_who_follows() {
    let sim = start();
    let send = async |method: Method, path: &str, body: Value| {
        let response = client().request(method, format!("{}/_sim{path}", sim.base_url())).json(&body).send().await;
        let response = response.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap_or_default())
    };
    let alice = json!({"appid": OFFICIAL, "user": "alice"});
    let (status, body) = send(Method::POST, "/followers", alice.clone()).await;
    let openid = sim.openid(OFFICIAL, "alice");
    let event = json!({"ToUserName": sim.original_id(OFFICIAL), "FromUserName": openid, "MsgType": "event",
        "CreateTime": body["event"]["CreateTime"], "Event": "subscribe", "EventKey": ""});
    assert_eq!((status, &body["event"]), (200, &event));
    assert_eq!(info(&sim, &openid).await["subscribe"], 1);
    let (status, body) = send(Method::DELETE, "/followers", alice).await;
    assert_eq!((status, &body["event"]["Event"]), (200, &json!("unsubscribe")));
    assert_eq!(info(&sim, &openid).await["subscribe"], 0);
    let coded = json!({"appid": OFFICIAL, "user": "bob", "scene": "door"});
    let (_, body) = send(Method::POST, "/followers", coded).await;
    assert_eq!(body["event"]["EventKey"], "qrscene_door");
    assert!(body["event"]["Ticket"].is_string());
    let scan = sim.scan_event(OFFICIAL, "bob", "door").unwrap();
    assert_eq!((&scan["Event"], &scan["EventKey"]), (&json!("SCAN"), &json!("door")));
    assert_eq!(scan["Ticket"], body["event"]["Ticket"]);
    assert_eq!(send(Method::POST, "/followers/population", json!({"appid": OFFICIAL, "count": 9})).await.0, 204);
    assert_eq!(send(Method::POST, "/followers/page", json!({"size": 4})).await.0, 204);
    let body = get_as(&sim, OFFICIAL, "/cgi-bin/user/get", &[]).await;
    assert_eq!((&body["total"], &body["count"]), (&json!(10), &json!(4)));
    for (appid, refused) in [(APPID, 409), ("wx8", 404)] {
        let body = json!({"appid": appid, "user": "alice", "count": 1});
        assert_eq!(send(Method::POST, "/followers", body.clone()).await.0, refused);
        assert_eq!(send(Method::DELETE, "/followers", body.clone()).await.0, refused);
        assert_eq!(send(Method::POST, "/followers/population", body).await.0, refused);
    }
}
