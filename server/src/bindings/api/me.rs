//! The user's side over HTTP: I am that user of the business; I am no longer.

use crate::app::App;
use crate::audit::Actor;
use crate::bindings::proof::GivenProof;
use crate::bindings::service::{Effects, Unbound, detach};
use crate::bindings::{prove, redeem};
use crate::http::limits::{self, Limit};
use crate::http::{Body, Guest, ProblemDocument};
use crate::organizations;
use crate::people::RoleSet;
use crate::people::sql::{find_person, identities};
use crate::problem::Problem;
use crate::storage::Conn;
use actix_web::{HttpResponse, delete, post, web};
use futures_util::FutureExt;
use serde::Serialize;
use utoipa::ToSchema;

/// Who I am.
#[derive(Serialize, ToSchema)]
pub struct MyBinding {
    /// What the business calls me.
    userid: String,
    /// My person, which may be another than before: the one whom the business knew has everything now.
    person_id: String,
}

/// Binds me to a user of the business, with the code (`userid` and `code`) or the link (`token`) that it has sent.
#[utoipa::path(tag = "bindings", request_body = GivenProof,
    responses((status = 200, body = MyBinding), (status = "default", body = ProblemDocument)))]
#[post("/me/binding")]
pub async fn bind_me(
    app: web::Data<App>,
    caller: Guest,
    body: Body<GivenProof>,
) -> Result<web::Json<MyBinding>, Problem> {
    let session = caller.session()?.clone();
    let given = body.value.check("")?;
    limits::hit(&app, Limit::Guess, &session.person_id).await?;
    let (organization_id, now) = (caller.organization_id.clone(), app.clock.now());
    let proof = prove(&app, &organization_id, (&session.appid, &session.openid), given).await?;
    let person_id = match proof {
        None => session.person_id,
        Some(proof) => {
            let written = app.db.write(move |conn| {
                async move {
                    organizations::sql::lock(conn, &organization_id).await?;
                    let user = (session.appid.as_str(), session.openid.as_str());
                    redeem(conn, &organization_id, &session.person_id, user, &proof, now).await
                }
                .boxed()
            });
            let (person_id, effects) = written.await?;
            effects.follow(&app).await?;
            person_id
        }
    };
    let person = find_person(&mut app.db.read().await?, &caller.organization_id, &person_id).await?;
    let (person_id, userid) = person.map(|person| (person.id, person.userid)).unwrap_or_default();
    Ok(web::Json(MyBinding { userid: userid.ok_or_else(Problem::not_found)?, person_id }))
}

/// Unbinds me: I am a new person, of whom nothing is known. Where the organization lets guests in, my session goes on
/// as that person; else it ends.
#[utoipa::path(tag = "bindings", responses((status = 204), (status = "default", body = ProblemDocument)))]
#[delete("/me/binding")]
pub async fn unbind_me(app: web::Data<App>, caller: Guest) -> Result<HttpResponse, Problem> {
    let session = caller.session()?.clone();
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let written = app
        .db
        .write(move |conn| async move { unbind(conn, &actor, (&session.appid, &session.openid), now).await }.boxed());
    let (unbound, guests_allowed) = written.await?;
    if guests_allowed {
        for Unbound { from, into, appid, openid } in &unbound {
            app.sessions.move_person(from, into, Some((appid, openid)), RoleSet::default()).await?;
        }
    } else {
        Effects { merges: Vec::new(), unbound }.follow(&app).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

async fn unbind(
    conn: &mut Conn,
    actor: &Actor,
    (appid, openid): (&str, &str),
    now: i64,
) -> Result<(Vec<Unbound>, bool), Problem> {
    let organization_id = actor.organization_id.as_str();
    organizations::sql::lock(conn, organization_id).await?;
    let identity = identities::find(conn, organization_id, appid, openid).await?.ok_or_else(Problem::not_found)?;
    let person = find_person(conn, organization_id, &identity.person_id).await?.ok_or_else(Problem::not_found)?;
    if person.userid.is_none() {
        return Err(Problem::not_found());
    }
    let unbound = detach(conn, actor, &identity, true, now).await?;
    let organization = organizations::sql::find(conn, organization_id).await?.ok_or_else(Problem::not_found)?;
    Ok((unbound, organization.guests_allowed))
}
