//! Codes and links over HTTP: the business makes them and sends them to its user.

use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::bindings::links::{self, Link};
use crate::bindings::{codes, userid};
use crate::http::fields::Fields;
use crate::http::{Admin, Body, Moment, ProblemDocument};
use crate::problem::Problem;
use crate::random;
use actix_web::{HttpResponse, post, web};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::ops::RangeInclusive;
use utoipa::ToSchema;

/// Seconds that a code may live, and how many it does.
const CODE_LIFE: RangeInclusive<i64> = 60..=86_400;
const USUAL_CODE_LIFE: i64 = 600;
/// Seconds that a link may live, and how many it does.
const LINK_LIFE: RangeInclusive<i64> = 60..=links::LONGEST / 1000;
const USUAL_LINK_LIFE: i64 = 86_400;

/// For whom, and for how long.
#[derive(Deserialize, ToSchema)]
pub struct NewProof {
    /// What the business calls the user, 1 to 64 characters.
    userid: String,
    /// Seconds: for a code 60 to 86,400, 600 when absent; for a link 60 to 2,592,000, 86,400 when absent.
    expires_in: Option<i64>,
}

/// A code.
#[derive(Serialize, ToSchema)]
pub struct BindingCode {
    userid: String,
    /// Eight digits that the user types in the mini program; shown only now.
    code: String,
    expires_at: Moment,
}

/// A link.
#[derive(Serialize, ToSchema)]
pub struct BindingLink {
    userid: String,
    /// What the link carries; shown only now.
    token: String,
    /// The page of the mini program that the link must open.
    path: String,
    expires_at: Moment,
}

impl NewProof {
    /// The userid, and when the proof ends: at a whole second.
    fn check(&self, life: RangeInclusive<i64>, usual: i64, now: i64) -> Result<(String, i64), Problem> {
        let mut fields = Fields::default();
        let userid = userid(&self.userid);
        if userid.is_none() {
            fields.wrong("userid", "length", "needs 1 to 64 visible characters");
        }
        let seconds = self.expires_in.unwrap_or(usual);
        if !life.contains(&seconds) {
            fields.wrong("expires_in", "range", format!("{} to {} seconds", life.start(), life.end()));
        }
        fields.finish()?;
        Ok((userid.unwrap_or_default(), (now / 1000).saturating_add(seconds).saturating_mul(1000)))
    }
}

/// Makes a code with which a user proves to be `userid`; older codes of that user are worth nothing any more, and five
/// wrong tries end this one.
#[utoipa::path(tag = "bindings", request_body = NewProof,
    responses((status = 201, body = BindingCode), (status = "default", body = ProblemDocument)))]
#[post("/binding-codes")]
pub async fn create_binding_code(
    app: web::Data<App>,
    caller: Admin,
    body: Body<NewProof>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let (userid, expires_at) = body.value.check(CODE_LIFE, USUAL_CODE_LIFE, now)?;
    let of_user = userid.clone();
    let made =
        app.db.write(move |conn| async move { codes::create(conn, &actor, &of_user, expires_at, now).await }.boxed());
    let code = made.await?;
    Ok(HttpResponse::Created().json(BindingCode { userid, code, expires_at: Moment(expires_at) }))
}

/// Makes a link that binds who opens it first to `userid`.
#[utoipa::path(tag = "bindings", request_body = NewProof,
    responses((status = 201, body = BindingLink), (status = "default", body = ProblemDocument)))]
#[post("/binding-links")]
pub async fn create_binding_link(
    app: web::Data<App>,
    caller: Admin,
    body: Body<NewProof>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let (userid, expires_at) = body.value.check(LINK_LIFE, USUAL_LINK_LIFE, now)?;
    let id = random::id(now);
    let link = Link::new(id.clone(), actor.organization_id.clone(), userid.clone(), now, expires_at);
    let token = app.tokens.issue(&app, &link, now).await?;
    let after = json!({ "userid": userid, "expires_at": expires_at });
    let noted = app.db.write(move |conn| {
        async move {
            let change = Change { action: "binding_link.create", subject_id: &id, at: now };
            audit::created(conn, &actor, change, &after).await
        }
        .boxed()
    });
    noted.await?;
    let path = links::path(&token);
    Ok(HttpResponse::Created().json(BindingLink { userid, token, path, expires_at: Moment(expires_at) }))
}
