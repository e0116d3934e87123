//! Login: `wx.login` code, code2session, identity, person, session.

use super::keys::Claims;
use crate::accounts::{self, AccountRow};
use crate::app::App;
use crate::bindings::{self, Effects, Given};
use crate::equipment;
use crate::http::limits::{self, Limit};
use crate::organizations::{self, OrganizationRow};
use crate::people::service::Recognized;
use crate::people::{self, invitations};
use crate::problem::Problem;
use crate::random;
use crate::session::{SESSION_LIFETIME, Session};
use crate::wechat::Code2Session;
use crate::work_orders::follow;
use futures_util::FutureExt;
use paifang_core::ids::ShortId;
use paifang_core::problem::ProblemCode;
use serde_json::json;

/// A login that the mini program asks for.
pub struct Login {
    pub appid: String,
    pub code: String,
    pub scene: Option<String>,
    pub invitation_code: Option<String>,
    pub binding: Option<Given>,
}

/// A login that succeeded.
pub struct LoggedIn {
    pub access_token: String,
    pub session: Session,
    pub organization: OrganizationRow,
}

/// Logs a user in. The organization is settled first, because the code works only once.
pub async fn log_in(app: &App, login: Login) -> Result<LoggedIn, Problem> {
    let (account, organization) = settle(app, &login).await?;
    let secret = accounts::secret(app, &account)?;
    let identity = app.wechat.code2session(&account.appid, &secret, &login.code).await;
    let identity = accounts::outcome(app, &account, identity).await?;
    let now = app.clock.now();

    let Code2Session { openid, unionid, session_key } = identity;
    let (appid, organization_id, openid_) = (account.appid.clone(), organization.id.clone(), openid.clone());
    let invitation_code = login.invitation_code;
    let guests_allowed = organization.guests_allowed;
    let proof = match login.binding {
        Some(given) => {
            limits::hit(app, Limit::Guess, &format!("{appid}:{openid}")).await?;
            bindings::prove(app, &organization_id, (&appid, &openid), given).await?
        }
        None => None,
    };
    let (person_id, roles, effects) = app
        .db
        .write(move |conn| {
            async move {
                let mut effects = Effects::default();
                if proof.is_some() {
                    organizations::sql::lock(conn, &organization_id).await?;
                }
                let identity = people::service::Identity { appid, openid: openid_, unionid };
                let Recognized { mut person_id, merge } =
                    people::service::recognize(conn, &organization_id, &identity, now).await?;
                effects.merges.extend(merge);
                if let Some(proof) = &proof {
                    let user = (identity.appid.as_str(), identity.openid.as_str());
                    let bound = bindings::redeem(conn, &organization_id, &person_id, user, proof, now).await?;
                    person_id = bound.0;
                    effects.extend(bound.1);
                }
                if let Some(code) = invitation_code {
                    invitations::accept(conn, &organization_id, &person_id, &code, now).await?;
                }
                follow::claim_own(conn, &organization_id, &person_id, now).await?;
                // The error undoes what was noted of a guest who may not come in.
                if !guests_allowed && !people::service::is_known(conn, &organization_id, &person_id).await? {
                    return Err(ProblemCode::GuestsNotAllowed.into());
                }
                let roles = people::service::roles_of(conn, &person_id).await?;
                Ok::<_, Problem>((person_id, roles, effects))
            }
            .boxed()
        })
        .await?;
    app.sessions.remember_key(&account.appid, &openid, &session_key, now).await?;
    effects.follow(app).await?;

    let session = Session {
        id: random::id(now),
        organization_id: organization.id.clone(),
        person_id,
        appid: account.appid,
        openid,
        roles,
        expires_at: now + SESSION_LIFETIME,
    };
    let claims = Claims {
        sid: session.id.clone(),
        sub: session.person_id.clone(),
        org: organization.id.clone(),
        iat: now / 1000,
        exp: session.expires_at / 1000,
    };
    let access_token = app.tokens.issue(app, &claims, now).await?;
    app.sessions.put(&session, now).await?;
    // A role that was withdrawn, or an identity that went to another person, while this login was under way must not
    // live on in its session.
    let (appid, openid) = (session.appid.as_str(), session.openid.as_str());
    let who = people::service::who(&mut app.db.read().await?, &organization.id, appid, openid).await?;
    let Some((person_id, roles)) = who else {
        app.sessions.end(&session.id).await?;
        return Err(ProblemCode::Unauthenticated.into());
    };
    if person_id != session.person_id {
        app.sessions.move_person(&session.person_id, &person_id, Some((appid, openid)), roles).await?;
    } else if roles != session.roles {
        app.sessions.change_roles(&session.person_id, roles).await?;
    }
    let session = Session { roles, person_id, ..session };
    Ok(LoggedIn { access_token, session, organization })
}

/// Which account and organization a login is for. A shared mini program is told by the scene (the organization's, or
/// that of a unit), the invitation or the link.
async fn settle(app: &App, login: &Login) -> Result<(AccountRow, OrganizationRow), Problem> {
    let linked_to = match &login.binding {
        Some(Given::Token(token)) => Some(bindings::organization_of(app, token, app.clock.now()).await?),
        _ => None,
    };
    let mut conn = app.db.read().await?;
    let account = accounts::sql::find(&mut conn, &login.appid).await?;
    let account = account.filter(|account| account.kind == "mini_program");
    let account =
        account.ok_or_else(|| Problem::field("appid", "unknown", "no mini program with this AppID is connected"))?;
    let mut served = accounts::sql::organizations(&mut conn, &account.id).await?;
    let invited_to = match &login.invitation_code {
        Some(code) => invitations::organization_of(&mut conn, code).await?,
        None => None,
    };
    let in_scene = login.scene.as_deref().and_then(organization_in_scene);
    let of_unit = match &login.scene {
        Some(scene) => equipment::in_scene(&mut conn, scene).await?.map(|unit| unit.organization_id),
        None => None,
    };
    let chosen = served.iter().position(|organization| {
        let id = Some(&organization.id);
        let told = [&invited_to, &linked_to, &of_unit].into_iter().any(|told| told.as_ref() == id);
        told || in_scene.as_deref() == Some(&organization.short_id)
    });
    let organization = match chosen {
        Some(index) => served.swap_remove(index),
        None if served.len() == 1 => served.swap_remove(0),
        None => {
            let choices: Vec<_> = served.iter().map(|o| json!({ "name": o.name, "scene": scene_of(o) })).collect();
            return Err(Problem::new(ProblemCode::OrganizationRequired).with("organizations", choices.into()));
        }
    };
    Ok((account, organization))
}

/// The scene that leads to an organization: `o=` and its short id.
pub fn scene_of(organization: &OrganizationRow) -> String {
    format!("o={}", organization.short_id)
}

fn organization_in_scene(scene: &str) -> Option<String> {
    let short_id = scene.split('&').find_map(|part| part.strip_prefix("o="))?;
    ShortId::parse(short_id).map(|id| id.to_string())
}
