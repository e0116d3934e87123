//! The composition root: the only place where the parts are put together. The tests start the same server.

use crate::callbacks::{self, CallbackAccounts, PushWriter};
use crate::clock::Clock;
use crate::config::Config;
use crate::http::metrics::Metrics;
use crate::http::routes;
use crate::jobs;
use crate::media::MediaStore;
use crate::seal::Sealer;
use crate::session::{Kv, MemoryKv, RedisKv, SessionStore};
use crate::sessions::AccessTokens;
use crate::storage::Db;
use crate::wechat::{Access, Trouble, WechatClient};
use actix_web::dev::ServerHandle;
use actix_web::{App as Actix, HttpServer, web};
use anyhow::Context;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long a connection without a request is kept. Proxies keep theirs for a minute: were ours the shorter time, they
/// would send a request over a connection that is just being closed, and answer 502.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long requests that were accepted may take to finish when the server stops, in seconds.
const SHUTDOWN_SECONDS: u64 = 30;

/// Everything that a request can need.
#[derive(Clone)]
pub struct App {
    /// The configuration.
    pub config: Arc<Config>,
    /// The clock.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// The short-lived store.
    pub kv: Kv,
    /// Sessions in it.
    pub sessions: SessionStore,
    /// The bytes of photos and videos.
    pub media: MediaStore,
    /// Access tokens and the keys that sign them.
    pub tokens: AccessTokens,
    /// Secrets at rest.
    pub sealer: Sealer,
    /// WeChat's interfaces.
    pub wechat: WechatClient,
    /// Calls to them with an access token.
    pub access: Access,
    /// Which accounts had trouble with them.
    pub trouble: Trouble,
    /// How pushes of each account are opened.
    pub callback_accounts: CallbackAccounts,
    /// Pushes on their way into storage.
    pub pushes: PushWriter,
    /// Metrics.
    pub metrics: Metrics,
}

impl App {
    /// Puts the parts together and brings the schema up to date.
    pub async fn build(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let sealer = config.sealer()?;
        if let crate::config::DatabaseUrl::Sqlite(path) = &config.database
            && let Some(folder) = path.parent()
        {
            std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        let db = Db::open(&config.database).await.context("opening the database")?;
        db.migrate().await.context("bringing the schema up to date")?;
        let kv = match &config.redis {
            Some(url) => Kv::Redis(RedisKv::open(url)?),
            None => Kv::Memory(MemoryKv::default()),
        };
        let media = MediaStore::open(&config.media).context("opening the store of media")?;
        let metrics = Metrics::new()?;
        let wechat = WechatClient::new(config.wechat_api_base.clone(), metrics.clone())?;
        Ok(Self {
            access: Access::new(wechat.clone(), kv.clone(), sealer.clone(), clock.clone()),
            trouble: Trouble::default(),
            callback_accounts: CallbackAccounts::default(),
            pushes: PushWriter::new(db.clone()),
            sessions: SessionStore::new(kv.clone(), sealer.clone()),
            media,
            tokens: AccessTokens::default(),
            wechat,
            config: Arc::new(config),
            clock,
            db,
            kv,
            sealer,
            metrics,
        })
    }
}

/// A server that is running.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its parts.
    pub app: App,
    handle: ServerHandle,
    server: JoinHandle<std::io::Result<()>>,
    jobs: JoinHandle<()>,
    pushes: JoinHandle<()>,
    stop: CancellationToken,
}

impl Running {
    /// Stops: no new connections, what was accepted is finished, jobs are handed back.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.handle.stop(true).await;
        self.server.await??;
        self.jobs.await?;
        self.pushes.await?;
        self.app.db.close().await;
        Ok(())
    }

    /// Waits for SIGINT or SIGTERM, then stops.
    pub async fn until_signal(self) -> anyhow::Result<()> {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
        self.stop().await
    }
}

/// Starts the server and the job runner.
pub async fn start(app: App) -> anyhow::Result<Running> {
    let listener = TcpListener::bind(app.config.bind).with_context(|| format!("listening on {}", app.config.bind))?;
    let address = listener.local_addr()?;
    let state = web::Data::new(app.clone());
    let document = Arc::new(routes::openapi());
    let server = HttpServer::new(move || {
        let document = web::Data::from(Arc::clone(&document));
        Actix::new()
            .app_data(state.clone())
            .app_data(web::Data::new(state.metrics.clone()))
            .app_data(document)
            .configure(routes::configure)
            .wrap(actix_web::middleware::from_fn(crate::http::observe::observe))
    })
    .workers(app.config.workers)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(Duration::from_secs(10))
    .disable_signals()
    .listen(listener)?
    .run();
    let stop = CancellationToken::new();
    let handle = server.handle();
    let server = tokio::spawn(server);
    let background = App { db: app.db.for_background(), ..app.clone() };
    let pushes = tokio::spawn(callbacks::run(background.clone(), stop.clone()));
    let jobs = tokio::spawn(jobs::run(background, stop.clone()));
    let media = app.media.clone();
    tokio::spawn(async move { media.tidy().await });
    tracing::info!(%address, "listening");
    Ok(Running { address, app, handle, server, jobs, pushes, stop })
}
