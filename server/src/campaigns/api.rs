//! Campaigns over HTTP.

use super::find;
use super::sql::{self, CampaignRow};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::http::fields::Fields;
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Admin, Body, Moment, ProblemDocument};
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::random;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, put, web};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A campaign to make, or to put in the place of one.
#[derive(Deserialize, ToSchema)]
pub struct NewCampaign {
    /// Its name, 1 to 200 characters.
    name: String,
    starts_at: Moment,
    ends_at: Moment,
}

/// A campaign.
#[derive(Serialize, ToSchema)]
pub struct Campaign {
    id: String,
    name: String,
    starts_at: Moment,
    ends_at: Moment,
    /// The scene of a parametric QR code whose scans are booked here.
    scene: String,
    created_at: Moment,
}

/// A campaign and what was booked on it.
#[derive(Serialize, ToSchema)]
pub struct CampaignWithActivity {
    #[serde(flatten)]
    campaign: Campaign,
    /// How often, by kind: `subscribe`, `unsubscribe`, `scan` and others.
    activities: BTreeMap<String, i64>,
}

impl NewCampaign {
    fn check(&self) -> Result<String, Problem> {
        let mut fields = Fields::default();
        let name = fields.label("name", &self.name, 200);
        fields.period("ends_at", Some(self.starts_at.0), Some(self.ends_at.0));
        fields.finish()?;
        Ok(name)
    }
}

/// Makes a campaign.
#[utoipa::path(tag = "campaigns", request_body = NewCampaign,
    responses((status = 201, body = Campaign), (status = "default", body = ProblemDocument)))]
#[post("/campaigns")]
pub async fn create_campaign(
    app: web::Data<App>,
    caller: Admin,
    key: IdempotencyKey,
    body: Body<NewCampaign>,
) -> Result<HttpResponse, Problem> {
    let name = body.value.check()?;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let row = CampaignRow {
        id: random::id(now),
        organization_id: actor.organization_id.clone(),
        code: random::short_id()?.to_string(),
        name,
        starts_at: body.value.starts_at.0,
        ends_at: body.value.ends_at.0,
        created_at: now,
    };
    idempotency::create(&app, &caller, key, &body.digest, StatusCode::CREATED, move |conn| {
        async move {
            sql::insert(conn, &row).await?;
            let change = Change { action: "campaign.create", subject_id: &row.id, at: now };
            audit::created(conn, &actor, change, &json!({ "name": row.name })).await?;
            Ok(Campaign::from(row))
        }
        .boxed()
    })
    .await
}

/// The campaigns of the organization.
#[utoipa::path(tag = "campaigns", params(PageQuery),
    responses((status = 200, body = Page<Campaign>), (status = "default", body = ProblemDocument)))]
#[get("/campaigns")]
pub async fn list_campaigns(
    app: web::Data<App>,
    caller: Admin,
    page: Query<PageQuery>,
) -> Result<web::Json<Page<Campaign>>, Problem> {
    let (limit, after) = (page.0.limit()?, page.0.after()?);
    let rows = sql::page(&mut app.db.read().await?, &caller.organization_id, &after, limit + 1).await?;
    let items = rows.into_iter().map(Campaign::from).collect();
    Ok(web::Json(Page::new(items, limit, |campaign: &Campaign| &campaign.id)))
}

/// One campaign, and what was booked on it.
#[utoipa::path(tag = "campaigns",
    responses((status = 200, body = CampaignWithActivity), (status = "default", body = ProblemDocument)))]
#[get("/campaigns/{id}")]
pub async fn get_campaign(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
) -> Result<web::Json<CampaignWithActivity>, Problem> {
    let mut conn = app.db.read().await?;
    let row = find(&mut conn, &caller.organization_id, &id).await?;
    let booked = sql::booked(&mut conn, &caller.organization_id, &row.id).await?;
    let activities = booked.into_iter().map(|booked| (booked.kind, booked.number)).collect();
    Ok(web::Json(CampaignWithActivity { campaign: row.into(), activities }))
}

/// Renames a campaign, or prolongs it.
#[utoipa::path(tag = "campaigns", request_body = NewCampaign,
    responses((status = 200, body = Campaign), (status = "default", body = ProblemDocument)))]
#[put("/campaigns/{id}")]
pub async fn replace_campaign(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
    body: Body<NewCampaign>,
) -> Result<web::Json<Campaign>, Problem> {
    let name = body.value.check()?;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let (starts_at, ends_at) = (body.value.starts_at.0, body.value.ends_at.0);
    let changed = app.db.write(move |conn| {
        async move {
            let before = find(conn, &actor.organization_id, &id).await?;
            let after = CampaignRow { name, starts_at, ends_at, ..before.clone() };
            sql::change(conn, &after).await?;
            if ends_at > now + super::ENDING {
                notices::clear(conn, &actor.organization_id, NoticeKind::CampaignEnding, &id, now).await?;
            }
            let shown =
                |row: &CampaignRow| json!({ "name": row.name, "starts_at": row.starts_at, "ends_at": row.ends_at });
            let change = Change { action: "campaign.update", subject_id: &id, at: now };
            audit::record(conn, &actor, change, Some(&shown(&before)), Some(&shown(&after))).await?;
            Ok::<_, Problem>(after)
        }
        .boxed()
    });
    Ok(web::Json(changed.await?.into()))
}

impl From<CampaignRow> for Campaign {
    fn from(row: CampaignRow) -> Self {
        Self {
            scene: format!("c={}", row.code),
            id: row.id,
            name: row.name,
            starts_at: Moment(row.starts_at),
            ends_at: Moment(row.ends_at),
            created_at: Moment(row.created_at),
        }
    }
}
