//! The simulator as a program: `wechat-sim --bind 127.0.0.1:8090 --app wx…:secret`.

use anyhow::Context;
use clap::Parser;
use std::io::Write;
use std::net::SocketAddr;
use wechat_sim::{App, Config, WechatSim};

/// A strict stand-in for WeChat's API.
#[derive(Parser)]
struct Cli {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8090")]
    bind: SocketAddr,
    /// A mini program that WeChat knows, as `appid:secret`; may be repeated.
    #[arg(long)]
    app: Vec<String>,
}

fn main() -> anyhow::Result<()> {
    let Cli { bind, app } = Cli::parse();
    let sim = WechatSim::start(Config { bind })?;
    for app in app {
        let (appid, secret) = app.split_once(':').context("--app takes appid:secret")?;
        sim.add_app(App::mini_program(appid, secret));
    }
    writeln!(std::io::stdout(), "{}", sim.base_url())?;
    sim.join();
    Ok(())
}
