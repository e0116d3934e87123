//! Persons over HTTP, for admins.

use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Admin, Moment, ProblemDocument};
use crate::people::profile::{self, Profile};
use crate::people::sql::{self, PersonRow};
use crate::people::{Role, service};
use crate::problem::Problem;
use actix_web::{HttpResponse, delete, get, web};
use futures_util::FutureExt;
use paifang_core::phone::Phone;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

/// Which persons.
#[derive(Deserialize, IntoParams)]
pub struct PersonQuery {
    /// The role that they have; all persons when absent.
    role: Option<Role>,
    /// Rows per page.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A person.
#[derive(Serialize, ToSchema)]
pub struct Person {
    id: String,
    name: Option<String>,
    /// What the business system calls the person.
    userid: Option<String>,
    /// All but the last digits hidden.
    phone: Option<String>,
    created_at: Moment,
}

/// A person, with what WeChat's accounts know.
#[derive(Serialize, ToSchema)]
pub struct PersonWithProfile {
    #[serde(flatten)]
    person: Person,
    roles: Vec<Role>,
    #[serde(flatten)]
    profile: Profile,
}

/// The persons of the organization.
#[utoipa::path(tag = "people", params(PersonQuery),
    responses((status = 200, body = Page<Person>), (status = "default", body = ProblemDocument)))]
#[get("/persons")]
pub async fn list_persons(
    app: web::Data<App>,
    caller: Admin,
    query: Query<PersonQuery>,
) -> Result<web::Json<Page<Person>>, Problem> {
    let PersonQuery { role, limit, cursor } = query.0;
    let page = PageQuery { limit, cursor };
    let (limit, after) = (page.limit()?, page.after()?);
    let role = role.map(Role::as_str).unwrap_or_default();
    let rows = sql::page(&mut app.db.read().await?, &caller.organization_id, role, &after, limit + 1).await?;
    let items = rows.into_iter().map(Person::from).collect();
    Ok(web::Json(Page::new(items, limit, |person: &Person| &person.id)))
}

/// One person, in all accounts. A person who was merged into another is found under both ids.
#[utoipa::path(tag = "people",
    responses((status = 200, body = PersonWithProfile), (status = "default", body = ProblemDocument)))]
#[get("/persons/{id}")]
pub async fn get_person(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
) -> Result<web::Json<PersonWithProfile>, Problem> {
    let mut conn = app.db.read().await?;
    let person = sql::find_person(&mut conn, &caller.organization_id, &id).await?;
    let person = person.filter(|person| person.deleted_at.is_none()).ok_or_else(Problem::not_found)?;
    let profile = profile::read(&mut conn, &caller.organization_id, &person.id).await?;
    let roles = service::roles_of(&mut conn, &person.id).await?.iter().collect();
    Ok(web::Json(PersonWithProfile { person: person.into(), roles, profile }))
}

/// Withdraws a role; running sessions lose it at once. Repeating it is harmless, also after a 503 half-way.
#[utoipa::path(tag = "people", responses((status = 204), (status = "default", body = ProblemDocument)))]
#[delete("/persons/{id}/roles/{role}")]
pub async fn withdraw_role(
    app: web::Data<App>,
    caller: Admin,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (person_id, role) = path.into_inner();
    let role = Role::parse(&role).ok_or_else(Problem::not_found)?;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let (person_id, roles) = app
        .db
        .write(move |conn| {
            async move {
                let person = sql::find_person(conn, &actor.organization_id, &person_id).await?;
                let person = person.ok_or_else(Problem::not_found)?;
                if sql::withdraw(conn, &actor.organization_id, &person.id, role.as_str()).await? > 0 {
                    let change = Change { action: "person.withdraw_role", subject_id: &person.id, at: now };
                    audit::record::<_, ()>(conn, &actor, change, Some(&json!({ "role": role })), None).await?;
                }
                let roles = service::roles_of(conn, &person.id).await?;
                Ok::<_, Problem>((person.id, roles))
            }
            .boxed()
        })
        .await?;
    app.sessions.change_roles(&person_id, roles).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl Person {
    /// The id, by which lists are paged.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        let phone = row.phone.as_deref().and_then(Phone::parse);
        Self {
            id: row.id,
            name: row.name,
            userid: row.userid,
            phone: phone.map(|phone| phone.masked()),
            created_at: Moment(row.created_at),
        }
    }
}
