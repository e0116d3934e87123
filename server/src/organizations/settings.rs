//! The organization's own settings over HTTP.

use super::sql::{self, OrganizationRow};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::http::fields::Fields;
use crate::http::{Admin, Body, ProblemDocument};
use crate::problem::Problem;
use crate::sessions::scene_of;
use actix_web::{get, put, web};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// An organization.
#[derive(Serialize, ToSchema)]
pub struct Organization {
    id: String,
    slug: String,
    name: String,
    /// The scene that leads to it in a shared mini program.
    scene: String,
    /// Whether somebody without a role or a bound account may log in.
    guests_allowed: bool,
}

/// What an organization sets for itself.
#[derive(Deserialize, ToSchema)]
pub struct OrganizationSettings {
    /// Its name for people, 1 to 100 characters.
    name: String,
    /// Whether somebody without a role or a bound account may log in. Sessions that run go on.
    guests_allowed: bool,
}

/// The organization.
#[utoipa::path(tag = "organization",
    responses((status = 200, body = Organization), (status = "default", body = ProblemDocument)))]
#[get("/organization")]
pub async fn get_organization(app: web::Data<App>, caller: Admin) -> Result<web::Json<Organization>, Problem> {
    let row = sql::find(&mut app.db.read().await?, &caller.organization_id).await?.ok_or_else(Problem::not_found)?;
    Ok(web::Json(row.into()))
}

/// Renames the organization, lets guests in or not.
#[utoipa::path(tag = "organization", request_body = OrganizationSettings,
    responses((status = 200, body = Organization), (status = "default", body = ProblemDocument)))]
#[put("/organization")]
pub async fn replace_organization(
    app: web::Data<App>,
    caller: Admin,
    body: Body<OrganizationSettings>,
) -> Result<web::Json<Organization>, Problem> {
    let mut fields = Fields::default();
    let name = fields.label("name", &body.value.name, 100);
    fields.finish()?;
    let guests_allowed = body.value.guests_allowed;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let changed = app.db.write(move |conn| {
        async move {
            let before = sql::find(conn, &actor.organization_id).await?.ok_or_else(Problem::not_found)?;
            sql::change(conn, &before.id, &name, guests_allowed).await?;
            let after = OrganizationRow { name, guests_allowed, ..before.clone() };
            let shown = |row: &OrganizationRow| json!({ "name": row.name, "guests_allowed": row.guests_allowed });
            let change = Change { action: "organization.update", subject_id: &before.id, at: now };
            audit::record(conn, &actor, change, Some(&shown(&before)), Some(&shown(&after))).await?;
            Ok::<_, Problem>(after)
        }
        .boxed()
    });
    Ok(web::Json(changed.await?.into()))
}

impl From<OrganizationRow> for Organization {
    fn from(row: OrganizationRow) -> Self {
        Self { scene: scene_of(&row), id: row.id, slug: row.slug, name: row.name, guests_allowed: row.guests_allowed }
    }
}
