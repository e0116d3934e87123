//! Phone numbers that two persons have confirmed, over HTTP: somebody decides.

use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Admin, Body, Moment, ProblemDocument};
use crate::notices::{self, NoticeKind};
use crate::organizations::sql as organizations;
use crate::people::merge::{self, Merge, merge};
use crate::people::sql;
use crate::people::sql::phones::{self, PhoneConflictRow};
use crate::problem::Problem;
use crate::storage::Conn;
use actix_web::{HttpResponse, get, post, web};
use futures_util::FutureExt;
use paifang_core::phone::Phone;
use paifang_core::problem::ProblemCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A number that two persons have confirmed.
#[derive(Serialize, ToSchema)]
pub struct PhoneConflict {
    id: String,
    /// All but the last digits hidden.
    phone: String,
    /// Who has it.
    owner_id: String,
    /// Who confirmed it later.
    claimant_id: String,
    created_at: Moment,
}

/// How a conflict ends.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// The number stays where it is.
    KeepOwner,
    /// The number goes to who confirmed it later.
    MoveToClaimant,
    /// The two are one person.
    Merge,
}

/// The decision.
#[derive(Deserialize, ToSchema)]
pub struct PhoneDecision {
    resolution: Resolution,
}

/// The phone numbers that two persons have confirmed.
#[utoipa::path(tag = "people", params(PageQuery),
    responses((status = 200, body = Page<PhoneConflict>), (status = "default", body = ProblemDocument)))]
#[get("/phone-conflicts")]
pub async fn list_phone_conflicts(
    app: web::Data<App>,
    caller: Admin,
    page: Query<PageQuery>,
) -> Result<web::Json<Page<PhoneConflict>>, Problem> {
    let (limit, after) = (page.0.limit()?, page.0.after()?);
    let rows = phones::page(&mut app.db.read().await?, &caller.organization_id, &after, limit + 1).await?;
    let items = rows.into_iter().map(PhoneConflict::from).collect();
    Ok(web::Json(Page::new(items, limit, |conflict: &PhoneConflict| &conflict.id)))
}

/// Decides who has the number.
#[utoipa::path(tag = "people", request_body = PhoneDecision,
    responses((status = 204), (status = "default", body = ProblemDocument)))]
#[post("/phone-conflicts/{id}/resolve")]
pub async fn resolve_phone_conflict(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
    body: Body<PhoneDecision>,
) -> Result<HttpResponse, Problem> {
    let (actor, now, resolution) = (Actor::from(&*caller), app.clock.now(), body.value.resolution);
    let made =
        app.db.write(move |conn| async move { resolve(conn, &actor, &id, resolution, now).await }.boxed()).await?;
    merge::follow(&app, made.as_slice()).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn resolve(
    conn: &mut Conn,
    actor: &Actor,
    id: &str,
    resolution: Resolution,
    now: i64,
) -> Result<Option<Merge>, Problem> {
    let organization_id = actor.organization_id.as_str();
    organizations::lock(conn, organization_id).await?;
    let conflict = phones::find_conflict(conn, organization_id, id).await?.ok_or_else(Problem::not_found)?;
    let name = serde_json::to_value(resolution).unwrap_or_default();
    if !phones::resolve(conn, organization_id, id, now, name.as_str().unwrap_or_default()).await? {
        return Err(Problem::new(ProblemCode::Conflict).detail("this was decided already"));
    }
    let made = match resolution {
        Resolution::KeepOwner => None,
        Resolution::MoveToClaimant => {
            phones::clear(conn, organization_id, &conflict.phone, &conflict.claimant_id).await?;
            sql::set_phone(conn, organization_id, &conflict.claimant_id, Some(&conflict.phone)).await?;
            None
        }
        Resolution::Merge => {
            let made = merge(conn, actor, &conflict.owner_id, &conflict.claimant_id, "phone_conflict", now).await?;
            let refused = || Problem::new(ProblemCode::Conflict).detail("the business knows both, under two ids");
            Some(made.ok_or_else(refused)?)
        }
    };
    notices::clear(conn, organization_id, NoticeKind::PhoneConflict, id, now).await?;
    let change = Change { action: "phone_conflict.resolve", subject_id: id, at: now };
    let after = json!({ "resolution": name, "owner_id": conflict.owner_id, "claimant_id": conflict.claimant_id });
    audit::created(conn, actor, change, &after).await?;
    Ok(made)
}

impl From<PhoneConflictRow> for PhoneConflict {
    fn from(row: PhoneConflictRow) -> Self {
        Self {
            id: row.id,
            phone: Phone::parse(&row.phone).map(|phone| phone.masked()).unwrap_or_default(),
            owner_id: row.owner_id,
            claimant_id: row.claimant_id,
            created_at: Moment(row.created_at),
        }
    }
}
