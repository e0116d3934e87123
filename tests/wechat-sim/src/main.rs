//! The simulator as a program, for `scripts/run` and for development by hand.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use wechat_sim::{App, Config, Kind, WechatSim};

/// A strict stand-in for https://api.weixin.qq.com
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8090")]
    bind: SocketAddr,
    /// An app, as APPID:SECRET[:mini_program|official_account[:OPEN_PLATFORM]]; may be repeated
    #[arg(long = "app", value_parser = parse_app)]
    apps: Vec<App>,
    /// A JSON file in which apps and users survive a restart
    #[arg(long)]
    state: Option<PathBuf>,
    /// For how many milliseconds after a login another one keeps the session key
    #[arg(long, default_value_t = 0)]
    session_key_reuse_ms: u64,
}

fn parse_app(text: &str) -> Result<App, String> {
    let parts: Vec<&str> = text.split(':').collect();
    let (appid, secret, kind, open_platform) = match parts[..] {
        [appid, secret] => (appid, secret, "mini_program", None),
        [appid, secret, kind] => (appid, secret, kind, None),
        [appid, secret, kind, open_platform] => (appid, secret, kind, Some(open_platform.to_owned())),
        _ => return Err("expected APPID:SECRET[:KIND[:OPEN_PLATFORM]]".to_owned()),
    };
    let kind = match kind {
        "mini_program" => Kind::MiniProgram,
        "official_account" => Kind::OfficialAccount,
        _ => return Err(format!("{kind} is neither mini_program nor official_account")),
    };
    Ok(App { appid: appid.to_owned(), secret: secret.to_owned(), kind, open_platform })
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    // Before the address is printed, so that whoever waits for the line can end the program at once.
    let mut terminate = signal(SignalKind::terminate()).context("cannot watch for SIGTERM")?;
    let sim = WechatSim::start(Config {
        bind: arguments.bind,
        apps: arguments.apps,
        session_key_reuse: Duration::from_millis(arguments.session_key_reuse_ms),
        state_file: arguments.state,
    })?;
    writeln!(std::io::stdout(), "{}", sim.base_url())?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended.context("cannot watch for Ctrl-C")?,
        _ = terminate.recv() => {}
    }
    sim.stop();
    Ok(())
}
