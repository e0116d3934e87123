//! Control over HTTP, for callers in other processes: scripts and the browser preview.

use crate::faults::Fault;
use crate::server::Shared;
use crate::state::App;
use crate::user_data;
use actix_web::{HttpResponse, delete, get, post, web};
use serde::Deserialize;
use serde_json::{Value, json};

/// A user of an app.
#[derive(Deserialize)]
struct User {
    appid: String,
    user: String,
}

#[derive(Deserialize)]
struct UserData {
    appid: String,
    user: String,
    /// Any user data.
    data: Option<Value>,
    /// A Chinese phone number, instead of `data`.
    phone: Option<String>,
}

#[derive(Deserialize)]
struct Advance {
    advance_ms: i64,
}

/// Routes under `/_sim`.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(add_app)
        .service(mint_code)
        .service(encrypt)
        .service(inject)
        .service(clear_faults)
        .service(advance)
        .service(calls);
}

#[post("/apps")]
async fn add_app(shared: web::Data<Shared>, app: web::Json<App>) -> HttpResponse {
    let app = app.into_inner();
    shared.lock().apps.insert(app.appid.clone(), app);
    HttpResponse::NoContent().finish()
}

#[post("/codes")]
async fn mint_code(shared: web::Data<Shared>, user: web::Json<User>) -> HttpResponse {
    let mut state = shared.lock();
    if !state.apps.contains_key(&user.appid) {
        return HttpResponse::UnprocessableEntity().json(json!({ "detail": "unknown appid" }));
    }
    HttpResponse::Ok().json(json!({ "code": state.mint_code(&user.appid, &user.user) }))
}

#[post("/encrypted-data")]
async fn encrypt(shared: web::Data<Shared>, asked: web::Json<UserData>) -> HttpResponse {
    let state = shared.lock();
    let data = asked.data.clone().or_else(|| asked.phone.as_deref().map(user_data::phone)).unwrap_or_else(|| json!({}));
    let key = user_data::session_key(&state, &asked.appid, &asked.user);
    match key.and_then(|key| user_data::encrypt(&state, &key, &asked.appid, &data)) {
        Ok(encrypted) => HttpResponse::Ok().json(encrypted),
        Err(error) => HttpResponse::UnprocessableEntity().json(json!({ "detail": error.to_string() })),
    }
}

#[post("/faults")]
async fn inject(shared: web::Data<Shared>, fault: web::Json<Fault>) -> HttpResponse {
    shared.lock().faults.push(fault.into_inner());
    HttpResponse::NoContent().finish()
}

#[delete("/faults")]
async fn clear_faults(shared: web::Data<Shared>) -> HttpResponse {
    shared.lock().faults.clear();
    HttpResponse::NoContent().finish()
}

#[post("/clock")]
async fn advance(shared: web::Data<Shared>, advance: web::Json<Advance>) -> HttpResponse {
    shared.lock().clock_offset += advance.advance_ms;
    HttpResponse::NoContent().finish()
}

#[get("/calls")]
async fn calls(shared: web::Data<Shared>) -> HttpResponse {
    HttpResponse::Ok().json(&shared.lock().calls)
}
