//! `/_sim/callbacks` and `/_sim/pushes`: what WeChat pushes to accounts.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::Value;

use super::{OfApp, Sim, done, failed};
use crate::push::Callback;

#[derive(Deserialize)]
pub(super) struct Settings {
    appid: String,
    #[serde(flatten)]
    callback: Callback,
}

pub(super) async fn set(sim: Sim, settings: web::Json<Settings>) -> HttpResponse {
    let Settings { appid, callback } = settings.into_inner();
    sim.set_callback(&appid, callback).map_or_else(|error| failed(&error), |()| done())
}

pub(super) async fn verify(sim: Sim, of: web::Json<OfApp>) -> HttpResponse {
    sim.verify_url(&of.appid).await.map_or_else(|error| failed(&error), |()| done())
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    appid: String,
    event: Value,
}

/// Answers what the account's server answered.
pub(super) async fn push(sim: Sim, wanted: web::Json<Wanted>) -> HttpResponse {
    match sim.deliver(&wanted.appid, &wanted.event).await {
        Ok(delivery) => HttpResponse::Ok().json(delivery),
        Err(error) => failed(&error),
    }
}
