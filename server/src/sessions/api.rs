//! Login and logout over HTTP.

use super::service::{self, Login};
use crate::app::App;
use crate::bindings::GivenProof;
use crate::events::api::UtcOffset;
use crate::http::limits::{self, Limit};
use crate::http::{Body, Guest, Moment, ProblemDocument};
use crate::organizations::OrganizationRow;
use crate::people::Role;
use crate::problem::Problem;
use crate::session::Session;
use crate::work_orders::settings::ServiceSettings;
use actix_web::{HttpRequest, HttpResponse, delete, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A login.
#[derive(Deserialize, ToSchema)]
pub struct NewSession {
    /// The AppID of the mini program.
    appid: String,
    /// The code that `wx.login` gave, five minutes ago at most.
    code: String,
    /// The scene with which the mini program was opened.
    scene: Option<String>,
    /// An invitation to a role.
    invitation_code: Option<String>,
    /// Proof of being a user of the business: then the login is that user's, also where guests are not let in.
    binding: Option<GivenProof>,
}

/// Who logged in.
#[derive(Serialize, ToSchema)]
pub struct SessionPerson {
    /// The person's id.
    pub id: String,
    /// What the person may do.
    pub roles: Vec<Role>,
}

/// Where somebody logged in.
#[derive(Serialize, ToSchema)]
pub struct SessionOrganization {
    id: String,
    name: String,
    /// The scene that leads to it.
    scene: String,
    /// The offsets of its time zone around now: phones have no time-zone database.
    utc_offsets: Vec<UtcOffset>,
}

/// A login that succeeded.
#[derive(Serialize, ToSchema)]
pub struct NewSessionAnswer {
    /// Sent as `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds until the session ends.
    expires_in: i64,
    /// When the session ends.
    expires_at: Moment,
    person: SessionPerson,
    organization: SessionOrganization,
}

/// Logs in with a `wx.login` code.
#[utoipa::path(tag = "sessions", security(()), request_body = NewSession,
    responses((status = 201, body = NewSessionAnswer), (status = "default", body = ProblemDocument)))]
#[post("/sessions")]
pub async fn create_session(
    app: web::Data<App>,
    request: HttpRequest,
    body: Body<NewSession>,
) -> Result<HttpResponse, Problem> {
    limits::hit(&app, Limit::LoginByAddress, &limits::client_address(&app, &request)).await?;
    let NewSession { appid, code, scene, invitation_code, binding } = body.value;
    if !(1..=128).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Problem::field("code", "format", "is no wx.login code"));
    }
    let binding = binding.map(|given| given.check("binding.")).transpose()?;
    let done = service::log_in(&app, Login { appid, code, scene, invitation_code, binding }).await?;
    let expires_at = done.session.expires_at;
    let settings = ServiceSettings::of(&mut app.db.read().await?, &done.organization.id).await?;
    Ok(HttpResponse::Created().json(NewSessionAnswer {
        access_token: done.access_token,
        token_type: "Bearer",
        expires_in: (expires_at - app.clock.now()) / 1000,
        expires_at: Moment(expires_at),
        person: SessionPerson::from(&done.session),
        organization: SessionOrganization::new(&done.organization, &settings, app.clock.now()),
    }))
}

/// Logs out; the access token is dead on every node at once.
#[utoipa::path(tag = "sessions", responses((status = 204), (status = "default", body = ProblemDocument)))]
#[delete("/sessions/current")]
pub async fn delete_session(app: web::Data<App>, caller: Guest) -> Result<HttpResponse, Problem> {
    app.sessions.end(&caller.session()?.id).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<&Session> for SessionPerson {
    fn from(session: &Session) -> Self {
        Self { id: session.person_id.clone(), roles: session.roles.iter().collect() }
    }
}

impl SessionOrganization {
    /// The organization with its clocks around `now` (UTC epoch milliseconds).
    pub fn new(organization: &OrganizationRow, settings: &ServiceSettings, now: i64) -> Self {
        Self {
            id: organization.id.clone(),
            name: organization.name.clone(),
            scene: service::scene_of(organization),
            utc_offsets: settings.utc_offsets(now),
        }
    }
}
