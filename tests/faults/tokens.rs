//! Access tokens: one refresh however many callers and processes need it.

use super::cluster::Cluster;
use futures_util::future::join_all;
use paifang_tests::{APPID, Actor, Stack};
use serde_json::json;

const TOKEN: &str = "/cgi-bin/stable_token";
const CALLERS: usize = 50;

struct World {
    cluster: Cluster,
    admins: Vec<Actor>,
    check: String,
}

impl World {
    async fn start(processes: usize) -> Self {
        let cluster = Cluster::start(Stack::Postgres, processes).await;
        let admins = cluster.admins();
        let accounts = admins[0].get("/api/v1/accounts").await.expect(200);
        let check = format!("/api/v1/accounts/{}/check", accounts["items"][0]["id"].as_str().unwrap());
        Self { cluster, admins, check }
    }

    /// Many callers at once, spread over the processes; all must get through.
    async fn all_call(&self) {
        let nothing = json!({});
        let calls = (0..CALLERS).map(|caller| self.admins[caller % self.admins.len()].post(&self.check, &nothing));
        for answer in join_all(calls).await {
            let answer = answer.expect(200);
            assert_eq!(answer["status"], "ok", "{answer}");
        }
    }

    fn refreshes(&self) -> usize {
        self.cluster.sim.calls().iter().filter(|call| call.path == TOKEN).count()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_callers_on_three_processes_refresh_once() {
    let world = World::start(3).await;
    world.all_call().await;
    assert_eq!(world.refreshes(), 1, "no token yet");
    world.all_call().await;
    assert_eq!(world.refreshes(), 1, "a good token");
    world.cluster.sim.expire_token(APPID);
    world.all_call().await;
    assert_eq!(world.refreshes(), 2, "42001");
    world.cluster.sim.kill_tokens(APPID);
    world.all_call().await;
    assert_eq!(world.refreshes(), 3, "40001");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emptied_redis_costs_one_refresh_and_nothing_else() {
    let world = World::start(2).await;
    world.all_call().await;
    let client = redis::Client::open(world.cluster.stores.redis.clone().unwrap()).unwrap();
    let mut conn = client.get_multiplexed_async_connection().await.unwrap();
    let () = redis::cmd("FLUSHDB").query_async(&mut conn).await.unwrap();
    world.all_call().await;
    assert_eq!(world.refreshes(), 2);
    assert_eq!(world.cluster.servers.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_wechat_refuses_for_a_while_is_not_asked_again() {
    let world = World::start(2).await;
    world.all_call().await;
    world.cluster.sim.set_quota(APPID, "/cgi-bin/getcallbackip", Some(0), None).unwrap();
    let before = world.cluster.sim.calls().len();
    let nothing = json!({});
    for round in 0..10 {
        let answer = world.admins[round % 2].post(&world.check, &nothing).await.expect(200);
        assert_eq!(answer["errcode"], 45011, "{answer}");
    }
    let asked = world.cluster.sim.calls().len() - before;
    assert!(asked <= 2, "the minute may end once meanwhile, but not {asked} times");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_address_is_not_asked_about_in_a_loop() {
    let world = World::start(1).await;
    world.cluster.sim.set_allowed_ips(APPID, Some(vec!["203.0.113.9".to_owned()])).unwrap();
    let nothing = json!({});
    let calls = (0..CALLERS).map(|_| world.admins[0].post(&world.check, &nothing));
    for answer in join_all(calls).await {
        let answer = answer.expect(200);
        assert_eq!((&answer["errcode"], &answer["address"]), (&json!(40164), &json!("127.0.0.1")), "{answer}");
    }
    assert_eq!(world.refreshes(), 1);
}
