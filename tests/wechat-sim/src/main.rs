//! The simulator as a program, for `scripts/run` and for development by hand.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use wechat_sim::{App, Callback, Config, PushFormat, PushMode, WechatSim};

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
    /// Where an app is pushed to, as APPID=URL,TOKEN,[AES_KEY],safe|compatible|plain,xml|json; may be repeated
    #[arg(long = "callback", value_parser = parse_callback)]
    callbacks: Vec<(String, Callback)>,
    /// A JSON file in which apps, their callbacks, users and followers survive a restart
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
        [appid, secret, kind, open_platform] => (appid, secret, kind, Some(open_platform)),
        _ => return Err("expected APPID:SECRET[:KIND[:OPEN_PLATFORM]]".to_owned()),
    };
    let app = match kind {
        "mini_program" => App::mini_program(appid, secret),
        "official_account" => App::official_account(appid, secret),
        _ => return Err(format!("{kind} is neither mini_program nor official_account")),
    };
    Ok(match open_platform {
        Some(open_platform) => app.bound_to(open_platform),
        None => app,
    })
}

fn parse_callback(text: &str) -> Result<(String, Callback), String> {
    let shape = "expected APPID=URL,TOKEN,[AES_KEY],safe|compatible|plain,xml|json";
    let (appid, rest) = text.split_once('=').ok_or(shape)?;
    // From the end, because a URL may hold commas.
    let parts: Vec<&str> = rest.rsplitn(5, ',').collect();
    let [format, mode, aes_key, token, url] = parts[..] else { return Err(shape.to_owned()) };
    let mode = match mode {
        "safe" => PushMode::Safe,
        "compatible" => PushMode::Compatible,
        "plain" => PushMode::Plain,
        _ => return Err(format!("{mode} is neither safe nor compatible nor plain")),
    };
    let format = match format {
        "xml" => PushFormat::Xml,
        "json" => PushFormat::Json,
        _ => return Err(format!("{format} is neither xml nor json")),
    };
    let aes_key = Some(aes_key.to_owned()).filter(|key| !key.is_empty());
    Ok((appid.to_owned(), Callback { url: url.to_owned(), token: token.to_owned(), aes_key, mode, format }))
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
        ..Config::default()
    })?;
    for (appid, callback) in arguments.callbacks {
        sim.set_callback(&appid, callback).with_context(|| format!("--callback of {appid}"))?;
    }
    writeln!(std::io::stdout(), "{}", sim.base_url())?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended.context("cannot watch for Ctrl-C")?,
        _ = terminate.recv() => {}
    }
    sim.stop();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apps_are_read() {
        let bound = App::official_account("wx1", "s").bound_to("shop");
        for (text, app) in [
            ("wx1:s", App::mini_program("wx1", "s")),
            ("wx1:s:official_account", App::official_account("wx1", "s")),
            ("wx1:s:official_account:shop", bound),
        ] {
            assert_eq!(parse_app(text), Ok(app));
        }
        assert!(["wx1", "wx1:s:web", "wx1:s:mini_program:shop:more"].iter().all(|text| parse_app(text).is_err()));
    }

    #[test]
    fn callbacks_are_read() {
        let (appid, callback) = parse_callback("wx1=http://a/?b=c,d,AAAAA,,plain,json").unwrap();
        let url = "http://a/?b=c,d".to_owned();
        let token = "AAAAA".to_owned();
        let expected = Callback { url, token, aes_key: None, mode: PushMode::Plain, format: PushFormat::Json };
        assert_eq!((appid.as_str(), &callback), ("wx1", &expected));
        let (_, callback) = parse_callback("wx1=http://a/,AAAAA,KEY,safe,xml").unwrap();
        assert_eq!((callback.aes_key.as_deref(), callback.mode), (Some("KEY"), PushMode::Safe));
        for text in ["wx1", "wx1=http://a/,AAAAA,plain,json", "wx1=u,t,k,open,xml", "wx1=u,t,k,safe,yaml"] {
            assert!(parse_callback(text).is_err(), "{text}");
        }
    }
}
