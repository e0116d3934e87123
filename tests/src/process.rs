//! Servers as processes of their own, as an operator starts them: for races between them, and to kill them.

use crate::{APP_SECRET, APPID, Actor, Stores};
use serde_json::json;
use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use wechat_sim::WechatSim;

/// A `paifang serve` that is running; it is killed when dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub base: String,
    command: Command,
}

/// The program that `cargo build --workspace` made beside this one (tests lie one folder deeper).
fn program() -> PathBuf {
    let this = std::env::current_exe().expect("this program");
    let beside = this.ancestors().skip(1).take(2).map(|folder| folder.join("paifang"));
    beside.into_iter().find(|program| program.exists()).expect("cargo build --workspace comes first")
}

/// A command of the program, configured for these stores.
fn command(stores: &Stores, wechat: &str) -> Command {
    let mut command = Command::new(program());
    command.env("DATABASE_URL", &stores.database).env("PAIFANG_DATA_DIR", &stores.folder);
    command.env("PAIFANG_WECHAT_API_BASE", wechat).env("PAIFANG_RATE_LIMITS", "off").env("RUST_LOG", "error");
    if let Some(redis) = &stores.redis {
        command.env("REDIS_URL", redis);
    }
    command
}

/// Connects the mini program to `acme` and makes an admin's API token, on the command line.
pub fn prepare(stores: &Stores, wechat: &str) -> String {
    let mut add = command(stores, wechat)
        .args(["account", "add", "--organization", "acme", "--kind", "mini-program", "--appid", APPID])
        .stdin(Stdio::piped())
        .spawn()
        .expect("paifang account add");
    let mut input = add.stdin.take().expect("its input");
    input.write_all(format!("{APP_SECRET}\n").as_bytes()).expect("the AppSecret");
    drop(input);
    assert!(add.wait().expect("paifang account add").success());
    let made = command(stores, wechat)
        .args(["api-token", "create", "--organization", "acme", "--role", "admin"])
        .output()
        .expect("paifang api-token create");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).expect("a token").trim().to_owned()
}

impl Server {
    /// Starts a server on a free port and waits until it is ready.
    pub async fn start(stores: &Stores, wechat: &str) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        let mut command = command(stores, wechat);
        command.arg("serve").env("PAIFANG_BIND", free.to_string()).env("PAIFANG_WORKERS", "2");
        let child = command.spawn().expect("paifang serve");
        let server = Self { child, base: format!("http://{free}"), command };
        server.ready().await;
        server
    }

    /// Waits until the server is ready, at most 20 seconds.
    pub async fn ready(&self) {
        let actor = self.actor(None);
        for _ in 0..400 {
            let answer = Actor::try_send(actor.request(reqwest::Method::GET, "/readyz")).await;
            if answer.is_ok_and(|answer| answer.status == 200) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server is not ready");
    }

    /// A caller of this server.
    pub fn actor(&self, token: Option<&str>) -> Actor {
        Actor::new(&self.base, token.map(str::to_owned))
    }

    /// Logs a WeChat user in whom the admin invites to a role.
    pub async fn login(&self, sim: &WechatSim, admin: &Actor, user: &str, role: &str) -> Actor {
        let invitation = admin.post("/api/v1/invitations", &json!({ "role": role })).await.expect(201);
        let login =
            json!({ "appid": APPID, "code": sim.mint_code(APPID, user), "invitation_code": invitation["code"] });
        let login = self.actor(None).post("/api/v1/sessions", &login).await.expect(201);
        self.actor(login["access_token"].as_str())
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`, as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().expect("kill");
        self.child.wait().expect("its end");
    }

    /// Starts it again on the same port.
    pub async fn restart(&mut self) {
        self.child = self.command.spawn().expect("paifang serve");
        self.ready().await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
