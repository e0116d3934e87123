//! Pushes of WeChat: accepted per second beside `pgbench` with the same insert, while the backlog drains.

use crate::pgbench;
use futures_util::future::join_all;
use paifang_tests::process::{Server, prepare};
use paifang_tests::{OFFICIAL, Stores, connect_official};
use reqwest::Client;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use wechat_sim::{Push, WechatSim};

const PUSHES: usize = 20_000;
const IN_FLIGHT: usize = 64;

/// The insert of one push, as the server writes it.
const SCRIPT: &str = "INSERT INTO pushes (id, appid, openid, dedup_key, body, received_at, status, due_at) VALUES
(CAST(gen_random_uuid() AS TEXT), 'wx', repeat('o', 28), repeat('a', 28) || CAST(gen_random_uuid() AS TEXT), repeat('x', 300), 1, 'waiting', 1)
ON CONFLICT DO NOTHING;
";

/// Sends pushes of new followers, all different, and prints how many were taken in and how many processed meanwhile.
pub async fn run(stores: &Stores, sim: &WechatSim) {
    let token = prepare(stores, &sim.base_url());
    let server = Server::start(stores, &sim.base_url()).await;
    let admin = server.actor(Some(&token));
    connect_official(sim, &admin, &server.base).await;
    let sign = |number: usize| {
        let event = sim.follow_event(OFFICIAL, &format!("fan{number}"), None).expect("an event");
        sim.sign_push(OFFICIAL, &event).expect("a push")
    };
    let pushes: Arc<Vec<Push>> = Arc::new((0..PUSHES).map(sign).collect());
    let (next, url) = (Arc::new(AtomicUsize::new(0)), format!("{}/wechat/callback/{OFFICIAL}", server.base));
    let client = Client::new();
    let started = Instant::now();
    let senders = (0..IN_FLIGHT).map(|_| {
        let (pushes, next, url, client) = (Arc::clone(&pushes), Arc::clone(&next), url.clone(), client.clone());
        tokio::spawn(async move {
            let mut latencies = Vec::new();
            while let Some(push) = pushes.get(next.fetch_add(1, Ordering::Relaxed)) {
                let sent = Instant::now();
                let answer =
                    client.post(&url).query(&push.query).body(push.body.clone()).send().await.expect("an answer");
                assert_eq!(answer.text().await.expect("a text"), "success");
                latencies.push(sent.elapsed());
            }
            latencies
        })
    });
    let mut latencies: Vec<Duration> = join_all(senders).await.into_iter().flat_map(Result::unwrap).collect();
    let elapsed = started.elapsed().as_secs_f64();
    let drained = pgbench::count(&stores.database, "pushes WHERE status = 'done'").await;
    latencies.sort_unstable();
    let at = |share: f64| latencies[(latencies.len() as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!(
        "| push accepted, {drained} of {PUSHES} processed meanwhile | {IN_FLIGHT} | {:.0} | {:.2} | {:.2} | | |",
        PUSHES as f64 / elapsed,
        at(0.5),
        at(0.99)
    );
    while pgbench::count(&stores.database, "pushes WHERE status = 'done'").await < PUSHES as i64 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let all = started.elapsed().as_secs_f64();
    println!("| push processed | | {:.0} | | | | |", PUSHES as f64 / all);
    drop(server);
    pgbench::script("pgbench, the same insert", SCRIPT, &stores.database, &[IN_FLIGHT], "1");
}
