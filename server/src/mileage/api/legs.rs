//! Legs over HTTP.

use super::{DayView, approves, view, whose};
use crate::app::App;
use crate::audit::Actor;
use crate::http::fields::Fields;
use crate::http::{Body, Guest, ProblemDocument};
use crate::media::Owner;
use crate::mileage::edit::{self, LegEdit};
use crate::mileage::sql::legs;
use crate::people::Role;
use crate::problem::Problem;
use actix_web::{patch, web};
use futures_util::FutureExt;
use paifang_core::problem::ProblemCode;
use paifang_core::work_order::mileage::Method;
use serde::Deserialize;
use utoipa::ToSchema;

/// What somebody says about a leg.
#[derive(Deserialize, ToSchema)]
#[schema(as = LegChange)]
pub struct LegBody {
    /// The version of the leg that was looked at.
    version: i64,
    /// `great_circle`, `odometer` or `manual`.
    method: String,
    /// Its length, where the method is `manual`: 0 to 3,000,000.
    meters: Option<i64>,
    /// What the odometer read at its start, where the method is `odometer`.
    odometer_start_meters: Option<i64>,
    /// What it read at its end.
    odometer_end_meters: Option<i64>,
    /// Photos of the odometer, at most nine; at least one where the method is `odometer`.
    #[serde(default)]
    photo_ids: Vec<String>,
    /// Why, 1 to 200 characters.
    reason: String,
}

impl LegBody {
    fn read(self) -> Result<LegEdit, Problem> {
        let mut fields = Fields::default();
        let method = Method::parse(&self.method);
        if method.is_none() {
            fields.wrong("method", "unknown", "is `great_circle`, `odometer` or `manual`");
        }
        let reason = fields.label("reason", &self.reason, 200);
        fields.finish()?;
        Ok(LegEdit {
            version: self.version,
            method: method.unwrap_or(Method::GreatCircle),
            meters: self.meters,
            odometer_start_meters: self.odometer_start_meters,
            odometer_end_meters: self.odometer_end_meters,
            photo_ids: self.photo_ids,
            reason,
        })
    }
}

/// Changes how the length of a leg is found: its engineer, or who approves, until the day is approved. Answers the day.
#[utoipa::path(tag = "mileage", request_body = LegBody,
    responses((status = 200, body = DayView), (status = "default", body = ProblemDocument)))]
#[patch("/mileage-legs/{id}")]
pub async fn change_leg(
    app: web::Data<App>,
    caller: Guest,
    id: web::Path<String>,
    body: Body<LegBody>,
) -> Result<web::Json<DayView>, Problem> {
    if !caller.may(Role::Engineer) && !approves(&caller) {
        return Err(ProblemCode::Forbidden.into());
    }
    let mut conn = app.db.read().await?;
    let leg = legs::find(&mut conn, &caller.organization_id, &id).await?.ok_or_else(Problem::not_found)?;
    let who = whose(&mut conn, &caller, &leg.engineer_id).await?;
    drop(conn);
    let said = body.value.read()?;
    let (actor, owner, now) = (Actor::from(&*caller), Owner::of(&caller), app.clock.now());
    let changed = app
        .db
        .write(move |conn| async move { edit::change(conn, &actor, &owner, &id, said, now).await }.boxed())
        .await?;
    let mut conn = app.db.read().await?;
    Ok(web::Json(view::show(&app, &mut conn, &caller, who, &changed.day).await?))
}
