//! The HTTP server, in a thread with a runtime of its own.

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::{App, HttpServer, web};
use anyhow::Context as _;

use crate::simulator::Simulator;
use crate::{connection, control, dispatch};

/// As long as a common front end keeps an idle connection: clients pool them, and a short time would break calls at
/// random.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// A server that stops when dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    server: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(crate) fn start(sim: Arc<Simulator>, bind: SocketAddr) -> anyhow::Result<Self> {
        let (report, started) = mpsc::channel();
        let thread = std::thread::Builder::new().name("wechat-sim".to_owned()).spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                match listen(sim, bind) {
                    Ok((address, server)) => {
                        // If nobody waits for the report any more, the server ends with its handle.
                        let _ = report.send(Ok((address, server.handle())));
                        if let Err(error) = server.await {
                            tracing::error!(%error, "the simulator broke off");
                        }
                    }
                    Err(error) => drop(report.send(Err(error))),
                }
            });
        })?;
        let (address, server) = started.recv().context("the simulator's thread ended early")??;
        Ok(Self { address, server, thread: Some(thread) })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The command is sent by the call; the thread's end says that it was carried out.
        drop(self.server.stop(false));
        if let Some(thread) = self.thread.take() {
            // A panic in there was printed already.
            let _ = thread.join();
        }
    }
}

fn listen(sim: Arc<Simulator>, bind: SocketAddr) -> anyhow::Result<(SocketAddr, Server)> {
    let sim = web::Data::from(sim);
    let server = HttpServer::new(move || {
        App::new().app_data(sim.clone()).configure(control::routes).default_service(web::to(dispatch::dispatch))
    })
    .workers(1)
    .keep_alive(KEEP_ALIVE)
    .disable_signals()
    .on_connect(connection::remember)
    .bind(bind)
    .with_context(|| format!("cannot listen on {bind}"))?;
    let address = server.addrs().first().copied().context("the simulator listens nowhere")?;
    Ok((address, server.run()))
}
