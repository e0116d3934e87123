//! People over HTTP: invitations here; the caller, phone numbers and persons beside it.

pub mod conflicts;
pub mod me;
pub mod persons;
pub mod phone;

use super::invitations::{self, Accepted};
use super::sql::{self, InvitationRow};
use super::{Role, merge, service};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::customers::api::CustomerName;
use crate::http::fields::Fields;
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::limits::{self, Limit};
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Admin, Body, Guest, Moment, ProblemDocument};
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, post, web};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An invitation to accept.
#[derive(Deserialize, ToSchema)]
pub struct AcceptInvitation {
    /// The code.
    code: String,
}

/// What was taken.
#[derive(Serialize, ToSchema)]
pub struct AcceptedInvitation {
    role: Role,
    /// The customer that was joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<CustomerName>,
}

/// Takes the role of an invitation; running sessions have it at once.
#[utoipa::path(tag = "people", request_body = AcceptInvitation,
    responses((status = 200, body = AcceptedInvitation), (status = "default", body = ProblemDocument)))]
#[post("/me/invitations")]
pub async fn accept_invitation(
    app: web::Data<App>,
    caller: Guest,
    body: Body<AcceptInvitation>,
) -> Result<web::Json<AcceptedInvitation>, Problem> {
    let session = caller.session()?;
    limits::hit(&app, Limit::Guess, &session.person_id).await?;
    let (organization_id, person_id) = (session.organization_id.clone(), session.person_id.clone());
    let now = app.clock.now();
    let (person_id, Accepted { role, customer }, roles) = app
        .db
        .write(move |conn| {
            async move {
                let person_id = service::hold(conn, &organization_id, &person_id).await?;
                let accepted = invitations::accept(conn, &organization_id, &person_id, &body.value.code, now).await?;
                let roles = service::roles_of(conn, &person_id).await?;
                Ok::<_, Problem>((person_id, accepted, roles))
            }
            .boxed()
        })
        .await?;
    app.sessions.change_roles(&person_id, roles).await?;
    merge::catch_up(&app, &session.person_id, &person_id).await?;
    Ok(web::Json(AcceptedInvitation { role, customer: customer.map(CustomerName::from) }))
}

/// An invitation to make.
#[derive(Deserialize, ToSchema)]
pub struct NewInvitation {
    /// The role that it gives.
    role: Role,
    /// The customer that whoever takes it joins; the role is `member` then.
    customer_id: Option<String>,
    /// How many people may use it; any number when absent.
    uses: Option<i64>,
    /// When it ends; never when absent.
    expires_at: Option<Moment>,
}

/// An invitation.
#[derive(Serialize, ToSchema)]
pub struct Invitation {
    id: String,
    /// What the invited person types or scans.
    code: String,
    role: String,
    customer_id: Option<String>,
    uses: Option<i64>,
    used: i64,
    expires_at: Option<Moment>,
    revoked_at: Option<Moment>,
    created_at: Moment,
}

/// Makes an invitation to a role.
#[utoipa::path(tag = "people", request_body = NewInvitation,
    responses((status = 201, body = Invitation), (status = "default", body = ProblemDocument)))]
#[post("/invitations")]
pub async fn create_invitation(
    app: web::Data<App>,
    caller: Admin,
    key: IdempotencyKey,
    body: Body<NewInvitation>,
) -> Result<HttpResponse, Problem> {
    let NewInvitation { role, customer_id, uses, expires_at } = body.value;
    let now = app.clock.now();
    let mut fields = Fields::default();
    if uses.is_some_and(|uses| !(1..=100_000).contains(&uses)) {
        fields.wrong("uses", "range", "1 to 100000");
    }
    if expires_at.is_some_and(|at| at.0 <= now) {
        fields.wrong("expires_at", "range", "must lie ahead");
    }
    if customer_id.is_some() && role != Role::Member {
        fields.wrong("role", "range", "people of a customer are members");
    }
    fields.finish()?;
    let new = invitations::NewInvitation { role, customer_id, uses, expires_at: expires_at.map(|at| at.0) };
    let actor = Actor::from(&*caller);
    idempotency::create(&app, &caller, key, &body.digest, StatusCode::CREATED, move |conn| {
        async move {
            let row = invitations::create(conn, &actor, new, now).await?;
            Ok(Invitation::from(row))
        }
        .boxed()
    })
    .await
}

/// The invitations of the organization.
#[utoipa::path(tag = "people", params(PageQuery),
    responses((status = 200, body = Page<Invitation>), (status = "default", body = ProblemDocument)))]
#[get("/invitations")]
pub async fn list_invitations(
    app: web::Data<App>,
    caller: Admin,
    page: Query<PageQuery>,
) -> Result<web::Json<Page<Invitation>>, Problem> {
    let (limit, after) = (page.0.limit()?, page.0.after()?);
    let mut conn = app.db.read().await?;
    let rows = sql::list_invitations(&mut conn, &caller.organization_id, &after, limit + 1).await?;
    let items = rows.into_iter().map(Invitation::from).collect();
    Ok(web::Json(Page::new(items, limit, |invitation: &Invitation| &invitation.id)))
}

/// Revokes an invitation; roles already taken stay.
#[utoipa::path(tag = "people", responses((status = 204), (status = "default", body = ProblemDocument)))]
#[delete("/invitations/{id}")]
pub async fn revoke_invitation(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    app.db
        .write(move |conn| {
            async move {
                if sql::revoke_invitation(conn, &actor.organization_id, &id, now).await? == 0 {
                    return Err(Problem::not_found());
                }
                let change = Change { action: "invitation.revoke", subject_id: &id, at: now };
                audit::record::<(), ()>(conn, &actor, change, None, None).await
            }
            .boxed()
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<InvitationRow> for Invitation {
    fn from(row: InvitationRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            role: row.role,
            customer_id: row.customer_id,
            uses: row.uses,
            used: row.used,
            expires_at: row.expires_at.map(Moment),
            revoked_at: row.revoked_at.map(Moment),
            created_at: Moment(row.created_at),
        }
    }
}
