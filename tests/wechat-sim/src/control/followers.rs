//! `/_sim/followers`: who follows official accounts.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::{Sim, done, failed};

#[derive(Deserialize)]
pub(super) struct Follower {
    appid: String,
    user: String,
    /// Of the QR code that led to the account.
    #[serde(default)]
    scene: Option<String>,
}

/// Answers the event that WeChat would push, for `/_sim/pushes`.
pub(super) async fn follow(sim: Sim, one: web::Json<Follower>) -> HttpResponse {
    match sim.follow_event(&one.appid, &one.user, one.scene.as_deref()) {
        Ok(event) => HttpResponse::Ok().json(json!({"event": event})),
        Err(error) => failed(&error),
    }
}

/// The same.
pub(super) async fn unfollow(sim: Sim, one: web::Json<Follower>) -> HttpResponse {
    match sim.unfollow_event(&one.appid, &one.user) {
        Ok(event) => HttpResponse::Ok().json(json!({"event": event})),
        Err(error) => failed(&error),
    }
}

#[derive(Deserialize)]
pub(super) struct Population {
    appid: String,
    count: u32,
}

pub(super) async fn populate(sim: Sim, wanted: web::Json<Population>) -> HttpResponse {
    sim.populate_followers(&wanted.appid, wanted.count).map_or_else(|error| failed(&error), |()| done())
}

#[derive(Deserialize)]
pub(super) struct Page {
    size: usize,
}

pub(super) async fn page(sim: Sim, wanted: web::Json<Page>) -> HttpResponse {
    sim.set_follower_page(wanted.size);
    done()
}
