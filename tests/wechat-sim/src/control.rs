//! `/_sim`: the handle's abilities over HTTP, for scripts and for the browser preview.

mod content_check;
mod followers;
mod limits;
mod pushes;

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpResponse, guard, web};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::crypt::EncryptedUserData;
use crate::faults::Fault;
use crate::identity::openid;
use crate::simulator::Simulator;
use crate::state::{App, NoSuchApp, User};

type Sim = web::Data<Simulator>;

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    let cors = DefaultHeaders::new()
        .add((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .add((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE"))
        .add((header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"));
    let scope = web::scope("/_sim")
        // `curl -d` names a form; what counts is the body.
        .app_data(web::JsonConfig::default().content_type_required(false))
        .wrap(cors)
        // A browser asks first; this stands before the resources, which know no OPTIONS.
        .service(web::resource("/{path:.*}").guard(guard::Options()).to(allow))
        .service(web::resource("/apps").route(web::post().to(add_app)))
        .service(web::resource("/users").route(web::post().to(add_user)))
        .service(web::resource("/codes").route(web::post().to(mint_code)))
        .service(web::resource("/phone-codes").route(web::post().to(mint_phone_code)))
        .service(
            web::resource("/followers")
                .route(web::post().to(followers::follow))
                .route(web::delete().to(followers::unfollow)),
        )
        .service(web::resource("/followers/population").route(web::post().to(followers::populate)))
        .service(web::resource("/followers/page").route(web::post().to(followers::page)))
        .service(web::resource("/callbacks").route(web::post().to(pushes::set)))
        .service(web::resource("/callbacks/verification").route(web::post().to(pushes::verify)))
        .service(web::resource("/pushes").route(web::post().to(pushes::push)))
        .service(web::resource("/faults").route(web::post().to(inject)).route(web::delete().to(clear_faults)))
        .service(web::resource("/clock").route(web::post().to(advance_clock)))
        .service(web::resource("/tokens").route(web::delete().to(limits::end_tokens)))
        .service(web::resource("/quotas").route(web::post().to(limits::set_quota)))
        .service(web::resource("/allowed-ips").route(web::post().to(limits::set_allowed_ips)))
        .service(web::resource("/frozen").route(web::post().to(limits::set_frozen)))
        .service(web::resource(["/log", "/calls"]).route(web::get().to(log)).route(web::delete().to(clear_log)))
        .service(web::resource("/words").route(web::post().to(content_check::set_word)))
        .service(web::resource("/encrypted-data").route(web::post().to(encrypt)))
        .default_service(web::to(no_such_path));
    config.service(scope);
}

async fn add_app(sim: Sim, app: web::Json<App>) -> HttpResponse {
    sim.add_app(app.into_inner());
    done()
}

/// Answers who the person is in each app, which scripts print.
async fn add_user(sim: Sim, user: web::Json<User>) -> HttpResponse {
    let user = user.into_inner();
    sim.add_user(user.clone());
    let state = sim.state();
    let identities: BTreeMap<_, _> = state
        .apps
        .keys()
        .map(|appid| {
            let identity = json!({"openid": openid(appid, &user.name), "unionid": state.unionid(appid, &user.name)});
            (appid, identity)
        })
        .collect();
    HttpResponse::Ok().json(json!({"user": user, "identities": identities}))
}

#[derive(Deserialize)]
struct CodeWanted {
    appid: String,
    user: String,
}

/// Refuses an unknown app, because a person at a keyboard mistypes.
async fn mint_code(sim: Sim, wanted: web::Json<CodeWanted>) -> HttpResponse {
    if let Err(error) = sim.state().app(&wanted.appid) {
        return failed(&error);
    }
    HttpResponse::Ok().json(json!({"code": sim.mint_code(&wanted.appid, &wanted.user)}))
}

async fn mint_phone_code(sim: Sim, wanted: web::Json<CodeWanted>) -> HttpResponse {
    match sim.mint_phone_code(&wanted.appid, &wanted.user) {
        Ok(code) => HttpResponse::Ok().json(json!({"code": code})),
        Err(error) => failed(&error),
    }
}

async fn inject(sim: Sim, rule: web::Json<Fault>) -> HttpResponse {
    sim.state().faults.inject(rule.into_inner());
    done()
}

async fn clear_faults(sim: Sim) -> HttpResponse {
    sim.state().faults.clear();
    done()
}

#[derive(Deserialize)]
struct Advance {
    advance_ms: u64,
}

async fn advance_clock(sim: Sim, by: web::Json<Advance>) -> HttpResponse {
    sim.clock.advance(Duration::from_millis(by.advance_ms));
    HttpResponse::Ok().json(json!({"now_ms": sim.clock.now_ms()}))
}

#[derive(Deserialize)]
struct OfApp {
    appid: String,
}

async fn log(sim: Sim) -> HttpResponse {
    HttpResponse::Ok().json(sim.state().log.entries())
}

async fn clear_log(sim: Sim) -> HttpResponse {
    sim.state().log.clear();
    done()
}

/// `true` for the number the user has, or any other number of mainland China.
#[derive(Deserialize)]
#[serde(untagged)]
enum Phone {
    Own(bool),
    Number(String),
}

#[derive(Deserialize)]
struct DataWanted {
    appid: String,
    user: String,
    #[serde(default)]
    data: Option<Value>,
    #[serde(default)]
    phone: Option<Phone>,
    #[serde(default)]
    session_key: Option<String>,
}

async fn encrypt(sim: Sim, wanted: web::Json<DataWanted>) -> HttpResponse {
    match encrypted(&sim, wanted.into_inner()) {
        Ok(data) => HttpResponse::Ok().json(data),
        Err(error) => failed(&error),
    }
}

fn encrypted(sim: &Simulator, wanted: DataWanted) -> anyhow::Result<EncryptedUserData> {
    let (appid, user) = (wanted.appid.as_str(), wanted.user.as_str());
    match (wanted.data, wanted.phone, wanted.session_key) {
        (Some(data), None, None) => sim.encrypt(appid, user, &data),
        (Some(data), None, Some(key)) => sim.encrypt_with(&key, appid, &data),
        (None, Some(Phone::Own(true)), None) => sim.encrypt_own_phone(appid, user),
        (None, Some(Phone::Number(number)), None) => sim.encrypt_phone(appid, user, &number),
        _ => anyhow::bail!("give either `data`, with or without `session_key`, or `phone`"),
    }
}

async fn allow() -> HttpResponse {
    done()
}

async fn no_such_path() -> HttpResponse {
    refuse(StatusCode::NOT_FOUND, "no such path or method under /_sim")
}

fn done() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// A mistyped appid is not found; anything else does not fit the state.
fn failed(error: &anyhow::Error) -> HttpResponse {
    let status = if error.is::<NoSuchApp>() { StatusCode::NOT_FOUND } else { StatusCode::CONFLICT };
    refuse(status, &format!("{error:#}"))
}

fn refuse(status: StatusCode, error: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({"error": error}))
}
