//! The simulator as a running server.

use crate::faults::{self, Fault};
use crate::state::{App, Call, State};
use crate::user_data::{self, EncryptedUserData};
use crate::{control, login, token};
use actix_web::dev::ServerHandle;
use actix_web::{HttpRequest, HttpResponse, HttpServer, web};
use anyhow::Context;
use serde_json::Value;
use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// How to start it.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 for any free one.
    pub bind: SocketAddr,
}

impl Default for Config {
    fn default() -> Self {
        Self { bind: SocketAddr::from(([127, 0, 0, 1], 0)) }
    }
}

/// A running simulator; it stops when dropped.
pub struct WechatSim {
    address: SocketAddr,
    shared: Shared,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

/// The state, shared by all calls.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<State>>);

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WechatSim {
    /// Starts it in a thread of its own, so that it serves whatever runtime the caller uses.
    pub fn start(config: Config) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(config.bind).with_context(|| format!("listening on {}", config.bind))?;
        let address = listener.local_addr()?;
        let shared = Shared::default();
        let state = shared.clone();
        let (sender, receiver) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let served = actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    actix_web::App::new()
                        .app_data(web::Data::new(state.clone()))
                        .service(web::scope("/_sim").configure(control::configure))
                        .default_service(web::to(answer))
                })
                .workers(1)
                .disable_signals()
                .shutdown_timeout(0)
                .listen(listener)?
                .run();
                let _ = sender.send(server.handle());
                server.await
            });
            if let Err(error) = served {
                tracing::error!(%error, "the simulator ended");
            }
        });
        let handle = receiver.recv().context("the simulator did not start")?;
        Ok(Self { address, shared, handle, thread: Some(thread) })
    }

    /// What `PAIFANG_WECHAT_API_BASE` is set to.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes WeChat know an app, or another secret of it.
    pub fn add_app(&self, app: App) {
        self.shared.lock().apps.insert(app.appid.clone(), app);
    }

    /// A code as `wx.login` gives one to this user in this app.
    pub fn mint_code(&self, appid: &str, user: &str) -> String {
        self.shared.lock().mint_code(appid, user)
    }

    /// Lets WeChat regard the user as a risk (40226).
    pub fn block_user(&self, user: &str) {
        self.shared.lock().blocked_users.push(user.to_owned());
    }

    /// Injects a fault.
    pub fn inject(&self, fault: Fault) {
        self.shared.lock().faults.push(fault);
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// Moves the simulator's clock ahead by so many milliseconds.
    pub fn advance(&self, millis: i64) {
        self.shared.lock().clock_offset += millis;
    }

    /// All calls so far.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.lock().calls.clone()
    }

    /// The user's current session_key in an app. Fails where the user has not logged in.
    pub fn session_key(&self, appid: &str, user: &str) -> anyhow::Result<String> {
        user_data::session_key(&self.shared.lock(), appid, user)
    }

    /// Encrypts user data under the user's current session_key. Fails where the user has not logged in.
    pub fn encrypt(&self, appid: &str, user: &str, data: &Value) -> anyhow::Result<EncryptedUserData> {
        let state = self.shared.lock();
        user_data::encrypt(&state, &user_data::session_key(&state, appid, user)?, appid, data)
    }

    /// Encrypts a phone number as the phone-number button does.
    pub fn encrypt_phone(&self, appid: &str, user: &str, number: &str) -> anyhow::Result<EncryptedUserData> {
        self.encrypt(appid, user, &user_data::phone(number))
    }

    /// Encrypts user data under a given session_key. Fails when that is none.
    pub fn encrypt_with(&self, session_key: &str, appid: &str, data: &Value) -> anyhow::Result<EncryptedUserData> {
        user_data::encrypt(&self.shared.lock(), session_key, appid, data)
    }

    /// Waits until somebody else stops the process.
    pub fn join(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for WechatSim {
    fn drop(&mut self) {
        // The stop is carried out by the server's own thread.
        drop(self.handle.stop(false));
    }
}

/// Answers one call of WeChat's API.
async fn answer(request: HttpRequest, shared: web::Data<Shared>, body: web::Bytes) -> HttpResponse {
    let path = request.path().to_owned();
    let method = request.method().to_string();
    let query = web::Query::<HashMap<String, String>>::from_query(request.query_string());
    let query = query.map(web::Query::into_inner).unwrap_or_default();
    let (fault, outcome) = {
        let mut state = shared.lock();
        let fault = faults::take(&mut state.faults, &path);
        let carried_out = faults::is_carried_out(fault.as_ref());
        let outcome = carried_out.then(|| match path.as_str() {
            "/sns/jscode2session" => login::jscode2session(&mut state, &method, &query),
            "/cgi-bin/stable_token" => token::stable_token(&mut state, &method, &body),
            _ => crate::answer::Outcome::failure(40066, "invalid url"),
        });
        let errcode = outcome.as_ref().map(|outcome| outcome.errcode);
        state.calls.push(Call { method, path, js_code: query.get("js_code").cloned(), errcode });
        (fault, outcome)
    };
    faults::respond(fault, outcome.as_ref()).await
}
