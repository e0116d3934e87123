//! Accounts over HTTP.

mod given;
pub mod tools;
mod view;

use super::dependents::{self, Dependent};
use super::service;
use super::sql;
use crate::app::App;
use crate::audit::Actor;
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::page::{Page, Query};
use crate::http::{Admin, Body, Guest, ProblemDocument};
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, post, put, web};
use futures_util::FutureExt;
use given::{AccountChange, NewAccountBody};
use serde::Deserialize;
use utoipa::IntoParams;
use view::{Account, AccountChoice};

/// Whether to go on although other things depend on the account.
#[derive(Deserialize, IntoParams)]
pub struct Confirm {
    #[serde(default)]
    confirm: bool,
}

/// Connects an account. WeChat, or the token provider, is asked whether it accepts the credentials.
#[utoipa::path(tag = "accounts", request_body = NewAccountBody,
    responses((status = 201, body = Account), (status = "default", body = ProblemDocument)))]
#[post("/accounts")]
pub async fn create_account(
    app: web::Data<App>,
    caller: Admin,
    key: IdempotencyKey,
    body: Body<NewAccountBody>,
) -> Result<HttpResponse, Problem> {
    let (kind, appid, given) = body.value.check(&app)?;
    let now = app.clock.now();
    let row = service::new_row(&app, kind, &appid, &given, now)?;
    service::verify(&app, &row).await?;
    let (parts, actor) = (app.clone(), Actor::from(&*caller));
    let created = idempotency::create(&app, &caller, key, &body.digest, StatusCode::CREATED, move |conn| {
        async move {
            let used = service::connect(&parts, conn, &actor, row, &given.settings, now).await?;
            let persons = sql::persons(conn, &actor.organization_id).await?;
            Ok(Account::read(used, &persons))
        }
        .boxed()
    });
    let created = created.await?;
    app.access.forget(&appid).await?;
    Ok(created)
}

/// The accounts of the organization, with their settings.
#[utoipa::path(tag = "accounts",
    responses((status = 200, body = Page<Account>), (status = "default", body = ProblemDocument)))]
#[get("/accounts")]
pub async fn list_accounts(app: web::Data<App>, caller: Admin) -> Result<web::Json<Page<Account>>, Problem> {
    let mut conn = app.db.read().await?;
    let accounts = sql::used(&mut conn, &caller.organization_id).await?;
    let persons = sql::persons(&mut conn, &caller.organization_id).await?;
    Ok(web::Json(Page::whole(accounts.into_iter().map(|used| Account::read(used, &persons)))))
}

/// The accounts that the caller may choose from: none for guests and members.
#[utoipa::path(tag = "accounts",
    responses((status = 200, body = Page<AccountChoice>), (status = "default", body = ProblemDocument)))]
#[get("/me/accounts")]
pub async fn list_my_accounts(app: web::Data<App>, caller: Guest) -> Result<web::Json<Page<AccountChoice>>, Problem> {
    let accounts = service::usable(&mut app.db.read().await?, &caller).await?;
    Ok(web::Json(Page::whole(accounts.iter().map(AccountChoice::from))))
}

/// One account with its settings.
#[utoipa::path(tag = "accounts",
    responses((status = 200, body = Account), (status = "default", body = ProblemDocument)))]
#[get("/accounts/{id}")]
pub async fn get_account(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
) -> Result<web::Json<Account>, Problem> {
    let mut conn = app.db.read().await?;
    let used = service::find(&mut conn, &caller.organization_id, &id).await?;
    let persons = sql::persons(&mut conn, &caller.organization_id).await?;
    Ok(web::Json(Account::read(used, &persons)))
}

/// What depends on an account, and would need attention after a change or deletion.
#[utoipa::path(tag = "accounts",
    responses((status = 200, body = Page<Dependent>), (status = "default", body = ProblemDocument)))]
#[get("/accounts/{id}/dependents")]
pub async fn list_dependents(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
) -> Result<web::Json<Page<Dependent>>, Problem> {
    let mut conn = app.db.read().await?;
    let used = service::find(&mut conn, &caller.organization_id, &id).await?;
    Ok(web::Json(Page::whole(dependents::of(&mut conn, &used, app.clock.now()).await?.into_iter())))
}

/// Replaces an account's settings. Secrets that are absent stay. Where other things depend on what changes, the answer
/// is 409 `account_in_use` with `dependents`, until `confirm=true`; these then have a notice.
#[utoipa::path(tag = "accounts", params(Confirm), request_body = AccountChange,
    responses((status = 200, body = Account), (status = "default", body = ProblemDocument)))]
#[put("/accounts/{id}")]
pub async fn replace_account(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
    confirm: Query<Confirm>,
    body: Body<AccountChange>,
) -> Result<web::Json<Account>, Problem> {
    let before = service::find(&mut app.db.read().await?, &caller.organization_id, &id).await?;
    let given = body.value.check(&app, &before.account)?;
    let after = given.over(&app, &before.account)?;
    let access_changed = given.secret.is_some() || after.provider_url != before.account.provider_url;
    if access_changed || given.provider.as_ref().is_some_and(|provider| provider.secret.is_some()) {
        service::verify(&app, &after).await?;
    }
    let (parts, actor, now, appid) = (app.clone(), Actor::from(&*caller), app.clock.now(), after.appid.clone());
    let confirmed = confirm.0.confirm;
    let changed = app.db.write(move |conn| {
        async move {
            let wanted = service::Wanted { id: before.account.id, given, confirmed };
            let used = service::change(&parts, conn, &actor, wanted, now).await?;
            let persons = sql::persons(conn, &actor.organization_id).await?;
            Ok::<_, Problem>(Account::read(used, &persons))
        }
        .boxed()
    });
    let changed = changed.await?;
    app.access.forget(&appid).await?;
    Ok(web::Json(changed))
}

/// Takes an account from the organization. Where other things depend on it, the answer is 409 `account_in_use` with
/// `dependents`, until `confirm=true`; these then have a notice.
#[utoipa::path(tag = "accounts", params(Confirm),
    responses((status = 204), (status = "default", body = ProblemDocument)))]
#[delete("/accounts/{id}")]
pub async fn remove_account(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
    confirm: Query<Confirm>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, confirmed) = (Actor::from(&*caller), app.clock.now(), confirm.0.confirm);
    let used = service::find(&mut app.db.read().await?, &caller.organization_id, &id).await?;
    app.db.write(move |conn| async move { service::remove(conn, &actor, &id, confirmed, now).await }.boxed()).await?;
    app.access.forget(&used.account.appid).await?;
    Ok(HttpResponse::NoContent().finish())
}
