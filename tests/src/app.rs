//! A server under test.

use crate::actor::{Actor, Answer};
use crate::stack::{Stack, Stores};
use paifang_server::accounts::{self, NewAccount};
use paifang_server::app::{self, App, Running};
use paifang_server::clock::Clock;
use paifang_server::config::Config;
use paifang_server::organizations;
use paifang_server::people::Role;
use paifang_server::problem::Problem;
use serde_json::{Value, json};
use wechat_sim::WechatSim;

/// The mini program of the organization `acme`.
pub const APPID: &str = "wx00000000000000a1";
/// Its AppSecret.
pub const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";
/// The mini program of the organization `other`.
const OTHER_APPID: &str = "wx00000000000000b2";

/// A server with two organizations, `acme` and `other`, each with a mini program.
pub struct TestApp {
    /// Where the server listens.
    pub base: String,
    /// WeChat.
    pub sim: WechatSim,
    /// Its stores.
    pub stores: Stores,
    /// The running server.
    pub running: Running,
    /// An API token of `acme` with the role of an admin.
    pub admin: Actor,
    /// An API token of `other` with the role of an admin.
    pub foreign_admin: Actor,
}

impl TestApp {
    /// Starts a server by the system's clock.
    pub async fn start(stack: Stack) -> Self {
        Self::start_with(stack, Clock::system(), &[]).await
    }

    /// Starts a server by `clock`, with more settings (`("PAIFANG_…", "value")`).
    pub async fn start_with(stack: Stack, clock: Clock, settings: &[(&str, &str)]) -> Self {
        let stores = stack.make().await;
        let sim = simulator();
        let config = config(&stores, &sim, settings);
        let parts = App::build(config, clock).await.expect("the server's parts");
        let admin = prepare(&parts, "acme", APPID).await;
        let foreign_admin = prepare(&parts, "other", OTHER_APPID).await;
        let running = app::start(parts).await.expect("the server");
        let base = format!("http://{}", running.address);
        let actor = |token: String| Actor::new(&base, Some(token));
        Self { admin: actor(admin), foreign_admin: actor(foreign_admin), base, sim, stores, running }
    }

    /// Somebody without a credential.
    pub fn anonymous(&self) -> Actor {
        Actor::new(&self.base, None)
    }

    /// Sends a login of a WeChat user to `acme`.
    pub async fn try_login(&self, user: &str, more: Value) -> Answer {
        let code = self.sim.mint_code(APPID, user);
        let mut body = json!({ "appid": APPID, "code": code });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        self.anonymous().post("/api/v1/sessions", &body).await
    }

    /// Logs a WeChat user in to `acme`.
    pub async fn login(&self, user: &str) -> Actor {
        let answer = self.try_login(user, json!({})).await;
        self.actor(&answer)
    }

    /// Logs a WeChat user in who takes a role by invitation.
    pub async fn login_as(&self, user: &str, role: Role) -> Actor {
        let invitation = self.admin.post("/api/v1/invitations", &json!({ "role": role })).await.expect(201);
        let answer = self.try_login(user, json!({ "invitation_code": invitation["code"] })).await;
        self.actor(&answer)
    }

    /// The person of a successful login.
    pub fn actor(&self, login: &Answer) -> Actor {
        assert_eq!(login.status, 201, "{}", login.body);
        Actor::new(&self.base, login.body["access_token"].as_str().map(str::to_owned))
    }

    /// An event with one product and one list that takes everything; answers their ids as `event`, `product`, `list`.
    pub async fn event(&self) -> Value {
        self.event_with(json!({})).await
    }

    /// Like [`TestApp::event`], with settings of the list.
    pub async fn event_with(&self, list: Value) -> Value {
        let now = self.running.app.clock.now();
        let day = 86_400_000;
        let at = paifang_core::time::format_rfc3339;
        let event = json!({ "name": "年会", "starts_at": at(now - day), "ends_at": at(now + day),
            "time_zone": "Asia/Shanghai" });
        let event = self.admin.post("/api/v1/events", &event).await.expect(201);
        let path = format!("/api/v1/events/{}", event["id"].as_str().expect("id"));
        let product = self.admin.post(&format!("{path}/products"), &json!({ "name": "普通票" })).await.expect(201);
        let mut body = json!({ "name": "主入口" });
        if let (Some(body), Some(list)) = (body.as_object_mut(), list.as_object()) {
            body.extend(list.clone());
        }
        let list = self.admin.post(&format!("{path}/check-in-lists"), &body).await.expect(201);
        json!({ "event": event["id"], "product": product["id"], "list": list["id"] })
    }

    /// Issues a ticket of [`TestApp::event`]'s product, with more fields.
    pub async fn ticket(&self, event: &Value, more: Value) -> Value {
        let mut body = json!({ "product_id": event["product"], "order_code": "D1", "attendee_name": "王小明" });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        let path = format!("/api/v1/events/{}/tickets", event["event"].as_str().expect("event"));
        self.admin.post(&path, &body).await.expect(201)
    }

    /// Scans `code` on the list of `event` as `staff`, with more fields.
    pub async fn scan(&self, staff: &Actor, event: &Value, code: &Value, more: Value) -> Answer {
        let mut body = json!({ "code": code, "nonce": crate::nonce(), "type": "entry" });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        staff.post(&scan_path(event), &body).await
    }
}

/// Where scans on the list of `event` go.
pub fn scan_path(event: &Value) -> String {
    format!("/api/v1/check-in-lists/{}/check-ins", event["list"].as_str().expect("list"))
}

/// A simulator with the mini programs of both organizations.
fn simulator() -> WechatSim {
    let sim = WechatSim::start(wechat_sim::Config::default()).expect("the simulator");
    for appid in [APPID, OTHER_APPID] {
        sim.add_app(wechat_sim::App::mini_program(appid, APP_SECRET));
    }
    sim
}

fn config(stores: &Stores, sim: &WechatSim, settings: &[(&str, &str)]) -> Config {
    let base = sim.base_url();
    let folder = stores.folder.display().to_string();
    Config::from_lookup(|name| {
        let given = settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        given.or_else(|| match name {
            "PAIFANG_BIND" => Some("127.0.0.1:0".to_owned()),
            "PAIFANG_DATA_DIR" => Some(folder.clone()),
            "DATABASE_URL" => Some(stores.database.clone()),
            "REDIS_URL" => stores.redis.clone(),
            "PAIFANG_WECHAT_API_BASE" => Some(base.clone()),
            "PAIFANG_WORKERS" => Some("2".to_owned()),
            _ => None,
        })
    })
    .expect("a good configuration")
}

/// Makes `acme` with its mini program.
pub async fn add_mini_program(app: &App) {
    prepare(app, "acme", APPID).await;
}

/// A connected account.
pub async fn find_account(app: &App, appid: &'static str) -> accounts::AccountRow {
    let found: Result<_, Problem> = app
        .db
        .write(move |conn| Box::pin(async move { Ok(accounts::find(conn, appid).await?.expect("the account")) }))
        .await;
    found.expect("the account")
}

/// Makes an organization with its mini program; answers an admin's API token.
async fn prepare(app: &App, slug: &'static str, appid: &'static str) -> String {
    let (parts, now) = (app.clone(), app.clock.now());
    let made: Result<String, Problem> = app
        .db
        .write(move |conn| {
            Box::pin(async move {
                let organization = organizations::find_or_create(conn, slug, now).await?;
                let account = NewAccount {
                    kind: "mini_program",
                    appid: appid.to_owned(),
                    secret: APP_SECRET.into(),
                    callback_token: None,
                    callback_aes_key: None,
                    callback_mode: "safe".to_owned(),
                    callback_format: "json".to_owned(),
                };
                accounts::add(&parts, conn, &organization, &account, now).await?;
                organizations::create_api_token(conn, &organization.id, Role::Admin, now).await
            })
        })
        .await;
    made.expect("an organization")
}
