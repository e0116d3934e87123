//! The command line.

use anyhow::{Context, bail};
use clap::{Parser, Subcommand, ValueEnum};
use futures_util::FutureExt;
use paifang_server::accounts::{self, NewAccount};
use paifang_server::app::{self, App};
use paifang_server::clock::Clock;
use paifang_server::config::Config;
use paifang_server::master_key;
use paifang_server::organizations;
use paifang_server::people::Role;
use paifang_server::problem::Problem;
use paifang_server::{seed, sessions, telemetry};
use secrecy::SecretString;
use std::io::{BufRead, Write};
use std::path::PathBuf;

/// The gateway between a business and its people inside WeChat. Configured by environment variables; see README.md.
#[derive(Parser)]
#[command(name = "paifang", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API until SIGINT or SIGTERM.
    Serve,
    /// Bring the schema up to date.
    Migrate,
    /// Plant demonstration data; running it again changes nothing.
    Seed {
        /// Folder with demo.json and its files.
        #[arg(long, default_value = "scripts/demo")]
        from: PathBuf,
    },
    /// Connected WeChat accounts.
    #[command(subcommand)]
    Account(AccountCommand),
    /// API tokens for business systems.
    #[command(subcommand)]
    ApiToken(ApiTokenCommand),
    /// Make a new key for signing access tokens; the older ones verify on.
    RotateJwtKey,
    /// Seal all secrets at rest with the newest master key (PAIFANG_MASTER_KEY); PAIFANG_MASTER_KEY_PREVIOUS opens
    /// those that an older one sealed.
    RotateMasterKey,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Connect an account: AppSecret on the first line of standard input, EncodingAESKey on the second where there
    /// is one.
    Add {
        /// Slug of the organization; made when missing.
        #[arg(long)]
        organization: String,
        /// What it is.
        #[arg(long)]
        kind: Kind,
        /// Its AppID.
        #[arg(long)]
        appid: String,
        /// Token of the message push.
        #[arg(long)]
        callback_token: Option<String>,
        /// Mode of the message push.
        #[arg(long, default_value = "safe")]
        callback_mode: Mode,
        /// Format of the message push.
        #[arg(long, default_value = "json")]
        callback_format: Format,
    },
}

#[derive(Subcommand)]
enum ApiTokenCommand {
    /// Make a token and print it, alone, on standard output; it is not shown again.
    Create {
        /// Slug of the organization; made when missing.
        #[arg(long)]
        organization: String,
        /// What the token may do.
        #[arg(long)]
        role: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    MiniProgram,
    OfficialAccount,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mode {
    Safe,
    Compatible,
    Plain,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Xml,
    Json,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let command = Cli::parse().command;
    let config = Config::load()?;
    telemetry::start(config.log_json);
    let app = App::build(config, Clock::system()).await?;
    match command {
        Command::Serve => return app::start(app).await?.until_signal().await,
        Command::Migrate => {}
        Command::Seed { from } => seed::seed(&app, &from).await?,
        Command::Account(command) => add_account(&app, command).await?,
        Command::ApiToken(command) => create_api_token(&app, command).await?,
        Command::RotateMasterKey => {
            let rotation = master_key::rotate(&app).await?;
            writeln!(std::io::stdout(), "sealed anew: {}, already new: {}", rotation.resealed, rotation.kept)?;
        }
        Command::RotateJwtKey => sessions::rotate(&app, app.clock.now()).await?,
    }
    app.db.close().await;
    Ok(())
}

async fn add_account(app: &App, command: AccountCommand) -> anyhow::Result<()> {
    let AccountCommand::Add { organization, kind, appid, callback_token, callback_mode, callback_format } = command;
    check_slug(&organization)?;
    if !accounts::is_appid(&appid) {
        bail!("--appid must be wx and 16 hexadecimal digits");
    }
    let mut lines = std::io::stdin().lock().lines();
    let mut next = || lines.next().transpose().map(|line| line.map(|line| line.trim().to_owned()));
    let secret = next()?.filter(|line| !line.is_empty()).context("the AppSecret is missing on standard input")?;
    let aes_key = next()?.filter(|line| !line.is_empty());
    if aes_key.as_ref().is_some_and(|key| key.len() != 43 || !key.bytes().all(|b| b.is_ascii_alphanumeric())) {
        bail!("an EncodingAESKey has 43 letters and digits");
    }
    let account = NewAccount {
        kind: match kind {
            Kind::MiniProgram => "mini_program",
            Kind::OfficialAccount => "official_account",
        },
        appid,
        secret: secret.into(),
        callback_token: callback_token.map(SecretString::from),
        callback_aes_key: aes_key.map(SecretString::from),
        callback_mode: callback_mode.to_possible_value().context("mode")?.get_name().to_owned(),
        callback_format: callback_format.to_possible_value().context("format")?.get_name().to_owned(),
    };
    let (app_, now) = (app.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            async move {
                let organization = organizations::find_or_create(conn, &organization, now).await?;
                accounts::add(&app_, conn, &organization, &account, now).await
            }
            .boxed()
        })
        .await?;
    Ok(())
}

async fn create_api_token(app: &App, command: ApiTokenCommand) -> anyhow::Result<()> {
    let ApiTokenCommand::Create { organization, role } = command;
    check_slug(&organization)?;
    let role = Role::parse(&role).with_context(|| format!("--role must be one of {}", role_names()))?;
    let now = app.clock.now();
    let token: String = app
        .db
        .write(move |conn| {
            async move {
                let organization = organizations::find_or_create(conn, &organization, now).await?;
                organizations::create_api_token(conn, &organization.id, role, now).await
            }
            .boxed()
        })
        .await
        .map_err(|problem: Problem| anyhow::anyhow!(problem))?;
    writeln!(std::io::stdout(), "{token}")?;
    Ok(())
}

fn check_slug(slug: &str) -> anyhow::Result<()> {
    if organizations::is_slug(slug) { Ok(()) } else { bail!("--organization must be 1 to 40 of a-z 0-9 -") }
}

fn role_names() -> String {
    Role::ALL.map(Role::as_str).join(", ")
}
