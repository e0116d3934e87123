//! Redis or PostgreSQL away: a clear 503 with `Retry-After`, and recovery without a restart. The connections go
//! through a proxy of the test, which can be cut.

use super::cluster::simulator;
use paifang_tests::process::{Server, prepare};
use paifang_tests::{APPID, Stack, Stores, event_with_tickets, nonce};
use serde_json::json;
use std::time::Duration;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A TCP proxy in front of a store.
struct Proxy {
    port: u16,
    up: watch::Sender<bool>,
}

impl Proxy {
    async fn to(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (up, is_up) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (target, mut is_up) = (target.clone(), is_up.clone());
                tokio::spawn(async move {
                    if !*is_up.borrow() {
                        return;
                    }
                    let Ok(mut server) = TcpStream::connect(target).await else { return };
                    tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => {}
                        _ = is_up.wait_for(|up| !up) => {}
                    }
                });
            }
        });
        Self { port, up }
    }

    fn cut(&self) {
        self.up.send_replace(false);
    }

    fn mend(&self) {
        self.up.send_replace(true);
    }
}

/// Replaces the host and port in a store's address.
async fn behind_proxy(url: &str) -> (String, Proxy) {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (authority, path) = rest.split_once('/').unwrap();
    let (user, host) = authority.rsplit_once('@').map_or(("", authority), |(user, host)| (user, host));
    let proxy = Proxy::to(host.to_owned()).await;
    let at = if user.is_empty() { "" } else { "@" };
    (format!("{scheme}://{user}{at}127.0.0.1:{}/{path}", proxy.port), proxy)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_said_clearly_and_ends_by_itself() {
    let direct = Stack::Postgres.make().await;
    let sim = simulator();
    let token = prepare(&direct, &sim.base_url());
    let (database, postgres) = behind_proxy(&direct.database).await;
    let (redis_url, redis) = behind_proxy(direct.redis.as_deref().unwrap()).await;
    let stores = Stores { database, redis: Some(redis_url), folder: direct.folder };
    let server = Server::start(&stores, &sim.base_url()).await;
    let admin = server.actor(Some(&token));
    let (list, codes) = event_with_tickets(&admin, 3).await;
    let path = format!("/api/v1/check-in-lists/{list}/check-ins");
    let login = json!({ "appid": APPID, "code": sim.mint_code(APPID, "alice") });
    let login = server.actor(None).post("/api/v1/sessions", &login).await.expect(201);
    let alice = server.actor(login["access_token"].as_str());

    let scan = json!({ "code": codes[0], "nonce": nonce(), "type": "entry" });
    postgres.cut();
    for _ in 0..3 {
        let answer = admin.post(&path, &scan).await;
        assert!(answer.headers.contains_key("retry-after"));
        answer.problem(503, "storage_unavailable");
    }
    server.actor(None).get("/healthz").await.expect(200);
    server.actor(None).get("/readyz").await.problem(503, "storage_unavailable");
    postgres.mend();
    server.ready().await;
    // A connection that died in the pool may answer 503 once more.
    let mut answer = admin.post(&path, &scan).await;
    for _ in 0..20 {
        if answer.status == 200 {
            break;
        }
        answer.problem(503, "storage_unavailable");
        answer = admin.post(&path, &scan).await;
    }
    assert_eq!(answer.expect(200)["status"], "ok");

    alice.get("/api/v1/me").await.expect(200);
    redis.cut();
    for _ in 0..3 {
        let answer = alice.get("/api/v1/me").await;
        assert!(answer.headers.contains_key("retry-after"));
        answer.problem(503, "session_store_unavailable");
    }
    redis.mend();
    server.ready().await;
    for _ in 0..40 {
        if alice.get("/api/v1/me").await.status == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    alice.get("/api/v1/me").await.expect(200);
    let stats = admin.get(&format!("/api/v1/check-in-lists/{list}/stats")).await.expect(200);
    assert_eq!(stats["entered"], 1);
}
