//! The caller over HTTP: who am I, where am I known, forget me.

use crate::app::App;
use crate::audit::Actor;
use crate::customers;
use crate::customers::api::CustomerName;
use crate::http::page::Page;
use crate::http::{Guest, ProblemDocument};
use crate::organizations::OrganizationRow;
use crate::people::Role;
use crate::people::forget::{self, Forgotten};
use crate::people::profile::{self, Profile};
use crate::people::sql::{self, identities};
use crate::problem::Problem;
use crate::sessions::scene_of;
use actix_web::{delete, get, web};
use futures_util::FutureExt;
use paifang_core::phone::Phone;
use serde::Serialize;
use utoipa::ToSchema;

/// The caller.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The person's or API token's id.
    id: String,
    /// `person` or `api_token`.
    kind: &'static str,
    organization_id: String,
    roles: Vec<Role>,
    name: Option<String>,
    /// The phone number that WeChat confirmed, all but its last digits hidden.
    phone: Option<String>,
    /// What the business calls the person, where the account is bound.
    userid: Option<String>,
    /// The customers of which the person is a member.
    customers: Vec<CustomerName>,
}

/// Who am I.
#[utoipa::path(tag = "people", responses((status = 200, body = Me), (status = "default", body = ProblemDocument)))]
#[get("/me")]
pub async fn get_me(app: web::Data<App>, caller: Guest) -> Result<web::Json<Me>, Problem> {
    let mut conn = app.db.read().await?;
    let person = sql::find_person(&mut conn, &caller.organization_id, caller.id()).await?;
    let customers = customers::sql::of_person(&mut conn, &caller.organization_id, caller.id()).await?;
    let phone = person.as_ref().and_then(|person| person.phone.as_deref()).and_then(Phone::parse);
    let (name, userid) = person.map(|person| (person.name, person.userid)).unwrap_or_default();
    Ok(web::Json(Me {
        id: caller.id().to_owned(),
        kind: caller.kind(),
        organization_id: caller.organization_id.clone(),
        roles: caller.roles.iter().collect(),
        phone: phone.map(|phone| phone.masked()),
        name,
        userid,
        customers: customers.into_iter().map(CustomerName::from).collect(),
    }))
}

/// In which accounts I am known here.
#[utoipa::path(tag = "people", responses((status = 200, body = Profile), (status = "default", body = ProblemDocument)))]
#[get("/me/profile")]
pub async fn get_my_profile(app: web::Data<App>, caller: Guest) -> Result<web::Json<Profile>, Problem> {
    let session = caller.session()?;
    let mut conn = app.db.read().await?;
    Ok(web::Json(profile::read(&mut conn, &caller.organization_id, &session.person_id).await?))
}

/// An organization in which the caller is known.
#[derive(Serialize, ToSchema)]
pub struct MyOrganization {
    id: String,
    name: String,
    /// The scene with which logging in leads to it.
    scene: String,
    /// Whether the caller is logged in there.
    current: bool,
}

/// The organizations in which I am known through this mini program; logging in with a scene switches.
#[utoipa::path(tag = "people",
    responses((status = 200, body = Page<MyOrganization>), (status = "default", body = ProblemDocument)))]
#[get("/me/organizations")]
pub async fn list_my_organizations(
    app: web::Data<App>,
    caller: Guest,
) -> Result<web::Json<Page<MyOrganization>>, Problem> {
    let session = caller.session()?;
    let mut conn = app.db.read().await?;
    let known = identities::organizations(&mut conn, &session.appid, &session.openid).await?;
    let shown = |row: OrganizationRow| MyOrganization {
        scene: scene_of(&row),
        current: row.id == caller.organization_id,
        id: row.id,
        name: row.name,
    };
    Ok(web::Json(Page::whole(known.into_iter().map(shown))))
}

/// Forgets me: who I am in WeChat, my phone number, my roles and what I did. Tickets stay with their orders, and scans
/// stay counted, without me. All my sessions end.
#[utoipa::path(tag = "people", responses((status = 200, body = Forgotten), (status = "default", body = ProblemDocument)))]
#[delete("/me")]
pub async fn forget_me(app: web::Data<App>, caller: Guest) -> Result<web::Json<Forgotten>, Problem> {
    let session = caller.session()?;
    let (actor, person_id, now) = (Actor::from(&*caller), session.person_id.clone(), app.clock.now());
    let forgotten = app
        .db
        .write(move |conn| async move { forget::forget(conn, &actor, &person_id, "", now).await }.boxed())
        .await?;
    for (appid, openid) in &forgotten.accounts {
        app.sessions.forget_key(appid, openid).await?;
    }
    for person_id in [&session.person_id, &forgotten.person_id] {
        app.sessions.end_all(person_id, None).await?;
    }
    Ok(web::Json(forgotten))
}
