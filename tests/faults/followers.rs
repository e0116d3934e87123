//! An import of followers goes on after `kill -9`, and counts nobody twice.

use super::cluster::Cluster;
use paifang_tests::{Actor, OFFICIAL, Stack, connect_official};
use serde_json::{Value, json};
use std::time::Duration;

const FOLLOWERS: u32 = 20_000;

/// Waits until the import is as wanted.
async fn until(admin: &Actor, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..1200 {
        let import = admin.get(path).await.expect(200)["items"][0].clone();
        if wanted(&import) {
            return import;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the import stands still: {}", admin.get(path).await.expect(200));
}

async fn interrupted(stack: Stack) {
    let mut cluster = Cluster::start(stack, 1).await;
    let (sim, server) = (&cluster.sim, &mut cluster.servers[0]);
    let admin = server.actor(Some(&cluster.token));
    let account = connect_official(sim, &admin, &server.base).await;
    sim.populate_followers(OFFICIAL, FOLLOWERS).unwrap();
    let path = format!("/api/v1/accounts/{account}/follower-imports");
    admin.post(&path, &json!({})).await.expect(201);
    let half_way = until(&admin, &path, |import| import["processed"].as_i64() > Some(2000)).await;
    server.kill();
    assert_eq!(half_way["status"], "running");
    server.restart().await;
    let done = until(&admin, &path, |import| import["finished_at"].is_string()).await;
    let all = json!(FOLLOWERS);
    assert_eq!((&done["status"], &done["processed"], &done["created"]), (&json!("done"), &all, &all), "{done}");
    let pages = sim.calls().iter().filter(|call| call.path == "/cgi-bin/user/get").count();
    assert!(pages <= 5, "it did not begin anew: {pages} pages");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_on_where_it_was_on_sqlite() {
    interrupted(Stack::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_on_where_it_was_on_postgres() {
    interrupted(Stack::Postgres).await;
}
