//! The list of followers, page by page.

use std::time::Instant;

use serde_json::{Value, json};
use wechat_sim::{Config, WechatSim};

use crate::support::*;

const PATH: &str = "/cgi-bin/user/get";

async fn page(sim: &WechatSim, next_openid: &str) -> Value {
    get_as(sim, OFFICIAL, PATH, &[("next_openid", next_openid)]).await
}

/// The openids of all pages; their sizes are checked on the way.
async fn all(sim: &WechatSim, size: usize) -> Vec<String> {
    let (mut openids, mut next) = (Vec::new(), String::new());
    loop {
        let body = page(sim, &next).await;
        let count = usize::try_from(body["count"].as_u64().unwrap()).unwrap();
        if count == 0 {
            assert_eq!((body.get("data"), &body["next_openid"]), (None, &json!("")), "{body}");
            assert_eq!(body["total"], openids.len());
            return openids;
        }
        let page: Vec<String> = serde_json::from_value(body["data"]["openid"].clone()).unwrap();
        assert!(page.len() == count && count <= size, "{count}");
        assert_eq!(page.last().unwrap(), body["next_openid"].as_str().unwrap());
        next.clone_from(page.last().unwrap());
        openids.extend(page);
    }
}

fn member(sim: &WechatSim, number: u32) -> String {
    sim.openid(OFFICIAL, &WechatSim::population_member(number))
}

#[tokio::test]
async fn an_account_without_followers_gets_no_data() {
    let sim = start();
    assert_eq!(page(&sim, "").await, json!({"total": 0, "count": 0, "next_openid": ""}));
    assert_eq!(get_as(&sim, OFFICIAL, PATH, &[]).await["total"], 0);
}

#[tokio::test]
async fn people_come_and_go_between_pages() {
    let sim = start();
    sim.set_follower_page(2);
    for user in ["alice", "bob", "carol", "dave", "alice"] {
        sim.follow(OFFICIAL, user).unwrap();
    }
    let openid = |user: &str| sim.openid(OFFICIAL, user);
    assert_eq!(all(&sim, 2).await, ["alice", "bob", "carol", "dave"].map(openid));
    sim.unfollow(OFFICIAL, "bob").unwrap();
    sim.unfollow(OFFICIAL, "bob").unwrap();
    let rest = page(&sim, &openid("bob")).await;
    assert_eq!(rest["data"]["openid"], json!([openid("carol"), openid("dave")]), "a page may end with who then leaves");
    sim.follow(OFFICIAL, "bob").unwrap();
    assert_eq!(all(&sim, 2).await, ["alice", "carol", "dave", "bob"].map(openid));
}

#[tokio::test]
async fn a_population_is_listed_before_the_people() {
    let sim = start();
    sim.set_follower_page(3);
    sim.follow(OFFICIAL, "alice").unwrap();
    sim.follow(OFFICIAL, &WechatSim::population_member(4)).unwrap();
    sim.populate_followers(OFFICIAL, 7).unwrap();
    sim.unfollow(OFFICIAL, &WechatSim::population_member(2)).unwrap();
    let mut expected: Vec<String> = [0, 1, 3, 4, 5, 6].iter().map(|number| member(&sim, *number)).collect();
    expected.push(sim.openid(OFFICIAL, "alice"));
    assert_eq!(all(&sim, 3).await, expected);
    assert_errcode(&page(&sim, &member(&sim, 7)).await, 40003);
    sim.follow(OFFICIAL, &WechatSim::population_member(2)).unwrap();
    assert_eq!(page(&sim, "").await["total"], 8);
}

#[tokio::test]
async fn a_million_followers_are_no_burden() {
    let sim = start();
    sim.populate_followers(OFFICIAL, 1_000_000).unwrap();
    sim.set_follower_page(20_000);
    let begin = Instant::now();
    let first = page(&sim, "").await;
    assert_eq!((&first["total"], &first["count"]), (&json!(1_000_000), &json!(10_000)));
    let last = page(&sim, &member(&sim, 999_998)).await;
    assert_eq!(last["data"]["openid"], json!([member(&sim, 999_999)]));
    assert_eq!(last["next_openid"], member(&sim, 999_999));
    assert_eq!(page(&sim, &member(&sim, 999_999)).await["count"], 0);
    assert!(begin.elapsed().as_secs() < 3, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn wrong_calls_get_their_errcodes() {
    let sim = start();
    sim.add_user(wechat_sim::User::new("bob"));
    sim.populate_followers(OFFICIAL, 5).unwrap();
    assert_errcode(&get_as(&sim, APPID, PATH, &[]).await, 48001);
    let foreign = sim.openid(APPID, "population-1");
    for openid in ["unknown", &foreign, &sim.openid(OFFICIAL, "bob")] {
        assert_errcode(&page(&sim, openid).await, 40003);
    }
    assert_errcode(&post_as(&sim, OFFICIAL, PATH, "{}").await, 43001);
    let url = format!("{}{PATH}", sim.base_url());
    assert_errcode(&body(client().get(url).send().await.unwrap()).await, 41001);
}

#[tokio::test]
async fn a_mini_program_has_no_followers() {
    let sim = start();
    for appid in [APPID, "wx8"] {
        assert!(sim.follow(appid, "alice").is_err() && sim.unfollow(appid, "alice").is_err());
        assert!(sim.populate_followers(appid, 1).is_err() && sim.scan_event(appid, "alice", "1").is_err());
        assert!(sim.follow_event(appid, "alice", None).is_err() && sim.unfollow_event(appid, "alice").is_err());
    }
}

#[tokio::test]
async fn followers_survive_a_restart() {
    let path = std::env::temp_dir().join(format!("wechat-sim-followers-{}.json", std::process::id()));
    let config = Config { state_file: Some(path.clone()), ..Config::default() };
    let sim = start_with(config.clone());
    sim.populate_followers(OFFICIAL, 3).unwrap();
    sim.follow(OFFICIAL, "alice").unwrap();
    sim.unfollow(OFFICIAL, "population-1").unwrap();
    let before = all(&sim, 10_000).await;
    sim.stop();
    let sim = WechatSim::start(config).unwrap();
    assert_eq!(all(&sim, 10_000).await, before);
    std::fs::remove_file(&path).unwrap();
}
