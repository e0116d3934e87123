//! `kill -9` under load: every acknowledged check-in is there, none twice.

use super::cluster::Cluster;
use futures_util::future::join_all;
use paifang_tests::{Actor, Stack, event_with_tickets, nonce};
use reqwest::Method;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const TICKETS: usize = 600;
const IN_FLIGHT: usize = 16;

async fn kill_under_load(stack: Stack) {
    let mut cluster = Cluster::start(stack, 1).await;
    let server = &mut cluster.servers[0];
    let admin = server.actor(Some(&cluster.token));
    let (list, codes) = event_with_tickets(&admin, TICKETS).await;
    let path = format!("/api/v1/check-in-lists/{list}/check-ins");
    let scans: Arc<Vec<_>> = Arc::new(codes.into_iter().map(|code| (code, nonce())).collect());
    let (next, acknowledged) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let phones: Vec<_> = (0..IN_FLIGHT)
        .map(|_| {
            let (admin, path, scans) = (admin.clone(), path.clone(), Arc::clone(&scans));
            let (next, acknowledged) = (Arc::clone(&next), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                let mut mine = HashMap::new();
                while let Some((code, nonce)) = scans.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let body = json!({ "code": code, "nonce": nonce, "type": "entry" });
                    let answer = Actor::try_send(admin.request(Method::POST, &path).json(&body)).await;
                    if let Ok(answer) = answer {
                        assert_eq!(answer.status, 200, "{}", answer.body);
                        acknowledged.fetch_add(1, Ordering::SeqCst);
                        mine.insert(nonce.clone(), answer.body["check_in_id"].clone());
                    }
                }
                mine
            })
        })
        .collect();
    while acknowledged.load(Ordering::SeqCst) < TICKETS / 4 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    server.kill();
    let acknowledged: HashMap<_, _> = join_all(phones).await.into_iter().flat_map(Result::unwrap).collect();
    assert!(acknowledged.len() < TICKETS, "the kill came too late to prove anything");

    server.restart().await;
    let mut repeated = 0;
    for (code, nonce) in scans.iter() {
        let body = json!({ "code": code, "nonce": nonce, "type": "entry" });
        let answer = admin.post(&path, &body).await.expect(200);
        assert_eq!(answer["status"], "ok", "a repeated scan is the same scan");
        if let Some(id) = acknowledged.get(nonce) {
            assert_eq!(&answer["check_in_id"], id, "an acknowledged check-in is there");
            repeated += 1;
        }
    }
    assert_eq!(repeated, acknowledged.len());
    let stats = admin.get(&format!("/api/v1/check-in-lists/{list}/stats")).await.expect(200);
    assert_eq!(stats["entries_by_gate"], json!({ "": TICKETS }), "none twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_check_in_is_lost_on_sqlite() {
    kill_under_load(Stack::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_check_in_is_lost_on_postgres() {
    kill_under_load(Stack::Postgres).await;
}
