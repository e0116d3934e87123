//! Import of the followers of a large official account, and what memory it takes.

use crate::drive::memory;
use paifang_tests::process::{Server, prepare};
use paifang_tests::{OFFICIAL, Stores, connect_official};
use serde_json::json;
use std::time::{Duration, Instant};
use wechat_sim::WechatSim;

const FOLLOWERS: u32 = 1_000_000;

/// Imports them all; prints the pace, and the most memory at a tenth and at the end.
pub async fn run(stores: &Stores, sim: &WechatSim) {
    let token = prepare(stores, &sim.base_url());
    let server = Server::start(stores, &sim.base_url()).await;
    let admin = server.actor(Some(&token));
    let account = connect_official(sim, &admin, &server.base).await;
    sim.populate_followers(OFFICIAL, FOLLOWERS).expect("followers");
    let path = format!("/api/v1/accounts/{account}/follower-imports");
    let started = Instant::now();
    admin.post(&path, &json!({})).await.expect(201);
    let (mut most, mut at_a_tenth) = (0.0_f64, 0.0_f64);
    loop {
        let import = admin.get(&path).await.expect(200)["items"][0].clone();
        most = most.max(memory(server.id()));
        if import["processed"].as_i64() < Some(i64::from(FOLLOWERS / 10)) {
            at_a_tenth = most;
        }
        if import["finished_at"].is_string() {
            // The benchmark of pushes may have left some followers more.
            assert_eq!((&import["status"], &import["created"]), (&json!("done"), &import["total"]), "{import}");
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let elapsed = started.elapsed().as_secs_f64();
    println!(
        "| followers imported: {FOLLOWERS}; memory at a tenth {at_a_tenth:.0} MiB, at most {most:.0} MiB | | {:.0} | | | | |",
        f64::from(FOLLOWERS) / elapsed
    );
}
