//! Pushes under `kill -9`: what was answered `success` is there, and everything has one effect.

use super::cluster::{Cluster, simulator};
use futures_util::future::join_all;
use paifang_tests::process::{Server, prepare};
use paifang_tests::{APP_SECRET, APPID, Actor, OFFICIAL, Stack, connect_official};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::sync::Mutex;
use std::time::Duration;
use wechat_sim::{App, Push};

const FANS: usize = 400;

async fn send(base: &str, push: &Push) -> bool {
    let request = Client::new().post(format!("{base}/wechat/callback/{OFFICIAL}")).query(&push.query);
    let Ok(response) = request.body(push.body.clone()).send().await else { return false };
    response.status() == StatusCode::OK && response.text().await.is_ok_and(|text| text == "success")
}

async fn drained(admin: &Actor) {
    for _ in 0..600 {
        let waiting = admin.get("/api/v1/pushes?status=waiting&limit=1").await.expect(200);
        if waiting["items"] == json!([]) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("pushes still wait");
}

/// The number of rows of a list, page by page.
async fn count(admin: &Actor, path: &str) -> usize {
    let (mut number, mut cursor) = (0, String::new());
    loop {
        let page: Value = admin.get(&format!("{path}?limit=200{cursor}")).await.expect(200);
        number += page["items"].as_array().unwrap().len();
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return number,
        }
    }
}

async fn killed(stack: Stack, processes: usize) {
    let mut cluster = Cluster::start(stack, processes).await;
    let (sim, token, servers) = (&cluster.sim, &cluster.token, &mut cluster.servers);
    let admin = servers[0].actor(Some(token));
    connect_official(sim, &admin, &servers[0].base).await;
    let pushes: Vec<Push> = (0..FANS)
        .map(|fan| sim.sign_push(OFFICIAL, &sim.follow_event(OFFICIAL, &format!("fan{fan}"), None).unwrap()).unwrap())
        .collect();
    let bases: Vec<_> = servers.iter().map(|server| server.base.clone()).collect();
    let acknowledged = Mutex::new(0);
    let sending = pushes.chunks(FANS / 8).enumerate().map(|(number, chunk)| {
        let (base, acknowledged) = (&bases[number % processes], &acknowledged);
        async move {
            for push in chunk {
                if send(base, push).await {
                    *acknowledged.lock().unwrap() += 1;
                }
            }
        }
    });
    let killing = async {
        while *acknowledged.lock().unwrap() < FANS / 4 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        servers[0].kill();
    };
    tokio::join!(join_all(sending), killing);
    servers[0].restart().await;
    let acknowledged = *acknowledged.lock().unwrap();
    assert!((FANS / 4..FANS).contains(&acknowledged), "{acknowledged} before the kill");
    assert!(count(&admin, "/api/v1/pushes").await >= acknowledged, "none that was answered is lost");
    // WeChat repeats what it got no answer for; here it repeats everything, everywhere, twice at once.
    for push in &pushes {
        let sends = bases.iter().chain(&bases).map(|base| send(base, push));
        assert!(join_all(sends).await.into_iter().all(|accepted| accepted));
    }
    drained(&admin).await;
    assert_eq!(count(&admin, "/api/v1/pushes").await, FANS);
    assert_eq!(count(&admin, "/api/v1/pushes").await, count(&admin, "/api/v1/persons").await, "one effect each");
    let failed = admin.get("/api/v1/pushes?status=failed").await.expect(200);
    assert_eq!(failed["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    killed(Stack::Sqlite, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_over_two_processes_on_postgres() {
    killed(Stack::Postgres, 2).await;
}

/// On PostgreSQL neither of two transactions sees what the other has not committed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_appears_in_three_accounts_at_the_same_moment_is_one_person() {
    const SECOND: &str = "wx00000000000000d4";
    let (stores, sim) = (Stack::Postgres.make().await, simulator());
    for appid in [APPID, SECOND] {
        sim.add_app(App::mini_program(appid, APP_SECRET).bound_to("expo"));
    }
    let token = prepare(&stores, &sim.base_url());
    let (one, other) = (Server::start(&stores, &sim.base_url()).await, Server::start(&stores, &sim.base_url()).await);
    let admin = one.actor(Some(&token));
    let mini = json!({ "kind": "mini_program", "appid": SECOND, "secret": APP_SECRET });
    admin.post("/api/v1/accounts", &mini).await.expect(201);
    connect_official(&sim, &admin, &one.base).await;
    for number in 0..60 {
        let user = format!("user{number}");
        let push = sim.sign_push(OFFICIAL, &sim.follow_event(OFFICIAL, &user, None).unwrap()).unwrap();
        let logins = [(&one, APPID), (&other, SECOND)].map(|(server, appid)| {
            let (actor, code) = (server.actor(None), sim.mint_code(appid, &user));
            async move { actor.post("/api/v1/sessions", &json!({ "appid": appid, "code": code })).await.expect(201) }
        });
        let (pushed, _) = tokio::join!(send(&other.base, &push), join_all(logins));
        assert!(pushed);
    }
    drained(&admin).await;
    assert_eq!(count(&admin, "/api/v1/persons").await, 60);
}
