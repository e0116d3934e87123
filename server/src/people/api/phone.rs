//! The phone number that WeChat confirms, over HTTP.

use crate::accounts::{self, sql};
use crate::app::App;
use crate::audit::Actor;
use crate::http::limits::{self, Limit};
use crate::http::{Body, Caller, Guest, ProblemDocument};
use crate::people::merge;
use crate::people::phone::{PhoneOutcome, confirm};
use crate::problem::Problem;
use crate::session::Session;
use crate::wechat::{ConfirmedPhone, ErrcodeClass, WechatError};
use actix_web::{post, web};
use futures_util::FutureExt;
use paifang_core::phone::Phone;
use paifang_core::problem::ProblemCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the phone-number button gave.
#[derive(Deserialize, ToSchema)]
pub struct PhoneCode {
    /// The code, five minutes old at most; not the one of `wx.login`.
    code: String,
}

/// The number that is bound now.
#[derive(Serialize, ToSchema)]
pub struct BoundPhone {
    /// All but the last digits hidden.
    phone: String,
    /// Who the caller is now: a number that the business knew has made two persons one.
    person_id: String,
}

/// Binds the phone number behind the code of the phone-number button.
#[utoipa::path(tag = "people", request_body = PhoneCode,
    responses((status = 200, body = BoundPhone), (status = "default", body = ProblemDocument)))]
#[post("/me/phone")]
pub async fn bind_phone(
    app: web::Data<App>,
    caller: Guest,
    body: Body<PhoneCode>,
) -> Result<web::Json<BoundPhone>, Problem> {
    let session = caller.session()?;
    let code = &body.value.code;
    if !(1..=512).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Problem::field("code", "format", "is no code of the phone-number button"));
    }
    limits::hit(&app, Limit::Guess, &session.person_id).await?;
    let phone = redeem(&app, session, code).await?;
    let person_id = keep(&app, &caller, session, &phone).await?;
    Ok(web::Json(BoundPhone { phone: phone.masked(), person_id }))
}

async fn redeem(app: &App, session: &Session, code: &str) -> Result<Phone, Problem> {
    let account = sql::find(&mut app.db.read().await?, &session.appid).await?.ok_or_else(Problem::not_found)?;
    let who = accounts::credentials(app, &account)?;
    let answer = app.access.phone_number(&who, code, &session.openid).await;
    // A code of somebody else is refused with a code that WeChat does not document: whatever blames the call does.
    // "Invalid appid" means that the code was made in another mini program.
    let blames_the_code = |error: &WechatError| {
        let class = error.class();
        error.refusal().is_some_and(|(errcode, _)| errcode == 40013)
            || matches!(class, Some(ErrcodeClass::Relogin | ErrcodeClass::Permanent))
    };
    if let Err(error) = &answer
        && blames_the_code(error)
    {
        return Err(Problem::new(ProblemCode::PhoneCodeInvalid).because(error.to_string()));
    }
    let ConfirmedPhone { pure_phone_number, country_code } = accounts::outcome(app, &account, answer).await?;
    let phone = Phone::parse(&format!("+{country_code}{pure_phone_number}"));
    phone.ok_or_else(|| Problem::new(ProblemCode::WechatFailed).because("WeChat confirmed what is no phone number"))
}

/// Keeps a confirmed number; the caller's sessions follow where it made two persons one.
pub async fn keep(app: &App, caller: &Caller, session: &Session, phone: &Phone) -> Result<String, Problem> {
    let (actor, person_id) = (Actor::from(caller), session.person_id.clone());
    let (confirmed, now) = (phone.clone(), app.clock.now());
    let outcome = app
        .db
        .write(move |conn| async move { confirm(conn, &actor, &person_id, &confirmed, now).await }.boxed())
        .await?;
    match outcome {
        PhoneOutcome::Conflict => Err(ProblemCode::PhoneTaken.into()),
        PhoneOutcome::Set { person_id, merge: made } => {
            merge::follow(app, made.as_slice()).await?;
            merge::catch_up(app, &session.person_id, &person_id).await?;
            Ok(person_id)
        }
    }
}
