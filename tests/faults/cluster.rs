//! Server processes on the same stores, with the simulator.

use paifang_tests::process::{Server, prepare};
use paifang_tests::{APP_SECRET, APPID, Actor, Stack, Stores};
use wechat_sim::{App, Config, WechatSim};

/// A simulator that knows the mini program of the tests.
pub fn simulator() -> WechatSim {
    let sim = WechatSim::start(Config::default()).unwrap();
    sim.add_app(App::mini_program(APPID, APP_SECRET));
    sim
}

/// Processes that are killed and started again.
pub struct Cluster {
    pub stores: Stores,
    pub sim: WechatSim,
    /// Of an admin.
    pub token: String,
    pub servers: Vec<Server>,
}

impl Cluster {
    pub async fn start(stack: Stack, processes: usize) -> Self {
        let (stores, sim) = (stack.make().await, simulator());
        let token = prepare(&stores, &sim.base_url());
        let mut servers = Vec::new();
        for _ in 0..processes {
            servers.push(Server::start(&stores, &sim.base_url()).await);
        }
        Self { stores, sim, token, servers }
    }

    /// An admin at each of the processes.
    pub fn admins(&self) -> Vec<Actor> {
        self.servers.iter().map(|server| server.actor(Some(&self.token))).collect()
    }
}
