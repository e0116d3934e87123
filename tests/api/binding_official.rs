//! Openids of official accounts are shown to WeChat before they are bound.

use crate::bindings::{openid, openids, send, send_ok};
use crate::official::{OFFICIAL, connect_with};
use paifang_server::clock::Clock;
use paifang_tests::{APPID, Stack, TestApp, both};
use serde_json::json;
use wechat_sim::{Fault, FaultKind, WechatSim};

const CHANNEL: &str = "wechatoa1";
const NOW: i64 = 1_780_000_000_000;

async fn prepare(app: &TestApp) {
    connect_with(app, OFFICIAL, json!({ "channel_code": CHANNEL })).await.expect(201);
    app.sim.clear_calls();
}

fn calls(app: &TestApp, path: &str) -> usize {
    app.sim.calls().iter().filter(|call| call.path == path).count()
}

both!(a_foreign_openid_is_refused_and_the_others_are_bound, |app| {
    prepare(&app).await;
    app.sim.populate_followers(OFFICIAL, 250).unwrap();
    let member = |n: u32| app.sim.openid(OFFICIAL, &WechatSim::population_member(n));
    let mut users: Vec<_> =
        (0..250).map(|n| json!({ "userid": format!("u{n}"), "set": { CHANNEL: member(n) } })).collect();
    users.push(json!({ "userid": "foreign", "set": { CHANNEL: app.sim.openid(APPID, "alice") } }));
    users.push(json!({ "userid": "two", "add": { CHANNEL: [member(0), openid(1)] } }));
    let results = send(&app, json!(users)).await;
    for result in results.iter().take(250) {
        assert_eq!(result["status"], "ok", "{result}");
    }
    assert_eq!((&results[250]["code"], &results[251]["code"]), (&json!("openid_refused"), &json!("openid_refused")));
    assert_eq!(results[251]["openid"], openid(1));
    assert_eq!(calls(&app, "/cgi-bin/user/info/batchget"), 3);
    assert!(calls(&app, "/cgi-bin/user/info") <= 200, "only the batches with a foreign one are asked one by one");
    app.sim.clear_calls();
    users.truncate(250);
    send_ok(&app, json!(users)).await;
    assert_eq!(app.sim.calls().len(), 0, "who is known is not shown again");
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_wechat_is_silent_openids_are_taken_and_shown_to_it_later() {
    for stack in [Stack::Sqlite, Stack::Postgres] {
        let clock = Clock::manual(NOW);
        let app = TestApp::start_with(stack, clock.clone(), &[]).await;
        prepare(&app).await;
        app.sim.follow(OFFICIAL, "alice").unwrap();
        let (good, foreign) = (app.sim.openid(OFFICIAL, "alice"), app.sim.openid(APPID, "alice"));
        app.sim.inject(Fault { path: "/cgi-bin/user".to_owned(), kind: FaultKind::Status(502), times: None });
        let users =
            json!([{ "userid": "a", "set": { CHANNEL: good } }, { "userid": "b", "set": { CHANNEL: foreign } }]);
        send_ok(&app, users).await;
        assert_eq!((openids(&app, "a").await, openids(&app, "b").await), (vec![good.clone()], vec![foreign]));
        app.sim.clear_faults();
        clock.set(NOW + 60_000);
        for _ in 0..200 {
            if openids(&app, "b").await.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!((openids(&app, "a").await, openids(&app, "b").await), (vec![good], vec![]));
        let person = app.admin.get("/api/v1/bindings?userid=a").await.expect(200)["items"][0]["person_id"].clone();
        let person = app.admin.get(&format!("/api/v1/persons/{}", person.as_str().unwrap())).await.expect(200);
        assert!(person["identities"][0]["unionid"].is_string(), "{person}");
    }
}
