//! `/_sim/tokens`, `/_sim/quotas`, `/_sim/allowed-ips` and `/_sim/frozen`: what WeChat forbids an app.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::{Sim, done, failed};
use crate::quotas::Limits;

/// How tokens end.
#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum End {
    /// As not the latest (40001).
    #[default]
    Kill,
    /// As expired (42001).
    Expire,
}

#[derive(Deserialize)]
pub(super) struct Tokens {
    appid: String,
    #[serde(default)]
    how: End,
}

pub(super) async fn end_tokens(sim: Sim, of: web::Query<Tokens>) -> HttpResponse {
    let now_ms = sim.clock.now_ms();
    let tokens = &mut sim.state().tokens;
    match of.how {
        End::Kill => tokens.kill(&of.appid),
        End::Expire => tokens.expire(&of.appid, now_ms),
    }
    done()
}

#[derive(Deserialize)]
pub(super) struct Quota {
    appid: String,
    path: String,
    #[serde(default)]
    per_minute: Option<u32>,
    #[serde(default)]
    per_day: Option<u32>,
}

pub(super) async fn set_quota(sim: Sim, quota: web::Json<Quota>) -> HttpResponse {
    let limits = Limits { per_minute: quota.per_minute, per_day: quota.per_day };
    sim.set_quota(&quota.appid, &quota.path, limits).map_or_else(|error| failed(&error), |()| done())
}

#[derive(Deserialize)]
pub(super) struct AllowedIps {
    appid: String,
    #[serde(default)]
    allowed_ips: Option<Vec<String>>,
}

pub(super) async fn set_allowed_ips(sim: Sim, of: web::Json<AllowedIps>) -> HttpResponse {
    let AllowedIps { appid, allowed_ips } = of.into_inner();
    sim.set_allowed_ips(&appid, allowed_ips).map_or_else(|error| failed(&error), |()| done())
}

#[derive(Deserialize)]
pub(super) struct Frozen {
    appid: String,
    frozen: bool,
}

pub(super) async fn set_frozen(sim: Sim, of: web::Json<Frozen>) -> HttpResponse {
    sim.change_app(&of.appid, |app| app.frozen = of.frozen).map_or_else(|error| failed(&error), |()| done())
}
