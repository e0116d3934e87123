//! Activities over HTTP.

use super::sql::{self, ActivityRow};
use crate::app::App;
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Admin, Moment, ProblemDocument};
use crate::people;
use crate::problem::Problem;
use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

/// Something that somebody did.
#[derive(Serialize, ToSchema)]
pub struct Activity {
    id: String,
    appid: String,
    /// `subscribe`, `unsubscribe`, `scan` and others.
    kind: String,
    /// Where it is booked.
    campaign_id: Option<String>,
    /// The scene of the code that was scanned.
    scene: Option<String>,
    at: Moment,
}

/// What a person did, the newest first.
#[utoipa::path(tag = "people", params(PageQuery),
    responses((status = 200, body = Page<Activity>), (status = "default", body = ProblemDocument)))]
#[get("/persons/{id}/activities")]
pub async fn list_activities(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
    page: Query<PageQuery>,
) -> Result<web::Json<Page<Activity>>, Problem> {
    let (limit, before) = (page.0.limit()?, page.0.after()?);
    let mut conn = app.db.read().await?;
    let person = people::sql::find_person(&mut conn, &caller.organization_id, &id).await?;
    let person = person.ok_or_else(Problem::not_found)?;
    let rows = sql::of_person(&mut conn, &caller.organization_id, &person.id, &before, limit + 1).await?;
    let items = rows.into_iter().map(Activity::from).collect();
    Ok(web::Json(Page::new(items, limit, |activity: &Activity| &activity.id)))
}

impl From<ActivityRow> for Activity {
    fn from(row: ActivityRow) -> Self {
        let ActivityRow { id, appid, kind, campaign_id, scene, at } = row;
        Self { id, appid, kind, campaign_id, scene, at: Moment(at) }
    }
}
