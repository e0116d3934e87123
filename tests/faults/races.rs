//! Many phones, one ticket, several server processes.

use super::cluster::Cluster;
use futures_util::future::join_all;
use paifang_tests::{APPID, Stack, event_with_tickets, nonce};
use serde_json::json;

const RACES: usize = 200;
const AT_ONCE: usize = 8;

async fn race(stack: Stack, processes: usize) {
    let cluster = Cluster::start(stack, processes).await;
    let actors = cluster.admins();
    let (list, codes) = event_with_tickets(&actors[0], RACES).await;
    let path = format!("/api/v1/check-in-lists/{list}/check-ins");
    for (number, code) in codes.iter().enumerate() {
        let scans = (0..AT_ONCE).map(|phone| {
            let body = json!({ "code": code, "nonce": nonce(), "type": "entry", "device_id": format!("d{phone}") });
            let (actor, path) = (&actors[phone % processes], &path);
            async move { actor.post(path, &body).await.expect(200) }
        });
        let verdicts = join_all(scans).await;
        let winners = verdicts.iter().filter(|verdict| verdict["status"] == "ok").count();
        let losers = verdicts.iter().filter(|verdict| verdict["reason"] == "already_redeemed").count();
        assert_eq!((winners, losers), (1, AT_ONCE - 1), "race {number}");
    }
    let stats = actors[0].get(&format!("/api/v1/check-in-lists/{list}/stats")).await.expect(200);
    assert_eq!((&stats["entered"], &stats["inside"]), (&json!(RACES), &json!(RACES)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_winner_each_over_two_processes_on_postgres() {
    race(Stack::Postgres, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_winner_each_on_sqlite() {
    race(Stack::Sqlite, 1).await;
}

async fn same_nonce(stack: Stack, processes: usize) {
    let cluster = Cluster::start(stack, processes).await;
    let actors = cluster.admins();
    let (list, codes) = event_with_tickets(&actors[0], 20).await;
    let path = format!("/api/v1/check-in-lists/{list}/check-ins");
    for code in &codes {
        let body = json!({ "code": code, "nonce": nonce(), "type": "entry" });
        let scans = (0..AT_ONCE).map(|phone| actors[phone % processes].post(&path, &body));
        let verdicts: Vec<_> = join_all(scans).await.into_iter().map(|answer| answer.expect(200)).collect();
        assert_eq!(verdicts[0]["status"], "ok");
        assert!(verdicts.iter().all(|verdict| *verdict == verdicts[0]), "{verdicts:?}");
    }
    let rows = actors[0].get(&format!("{path}?limit=200")).await.expect(200);
    assert_eq!(rows["items"].as_array().unwrap().len(), codes.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_nonce_at_once_is_one_row_on_postgres() {
    same_nonce(Stack::Postgres, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_nonce_at_once_is_one_row_on_sqlite() {
    same_nonce(Stack::Sqlite, 1).await;
}

/// Logout on one process kills the token on the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_logout_counts_on_every_process() {
    let cluster = Cluster::start(Stack::Postgres, 2).await;
    let (one, two) = (&cluster.servers[0], &cluster.servers[1]);
    let login = json!({ "appid": APPID, "code": cluster.sim.mint_code(APPID, "alice") });
    let answer = one.actor(None).post("/api/v1/sessions", &login).await.expect(201);
    let token = answer["access_token"].as_str();
    two.actor(token).get("/api/v1/me").await.expect(200);
    assert_eq!(one.actor(token).delete("/api/v1/sessions/current").await.status, 204);
    two.actor(token).get("/api/v1/me").await.problem(401, "unauthenticated");
}
