//! Where a day starts and ends, over HTTP.

use super::{DayView, view};
use crate::app::App;
use crate::audit::Actor;
use crate::fixes::{self, FixBody};
use crate::http::fields::Fields;
use crate::http::{Body, Engineer, Moment, ProblemDocument};
use crate::mileage::points::{self, Point};
use crate::people::{self, service};
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use futures_util::FutureExt;
use paifang_core::work_order::mileage::{StopKind, is_odometer};
use serde::Deserialize;
use utoipa::ToSchema;

/// Where and when a day starts or ends.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewDayPoint)]
pub struct PointBody {
    /// What the phone calls it: 16 to 64 of `[A-Za-z0-9_-]`. Sending it again has no second effect.
    point_key: String,
    /// `start` or `end`.
    kind: String,
    /// The day that it belongs to, as `2026-11-21`: the local day of `at` (also when absent), or the one before, for
    /// who comes home after midnight.
    day: Option<String>,
    /// When it happened, by the phone's clock. Seven days back to five minutes ahead.
    at: Moment,
    /// When this request is sent, by the phone's clock.
    sent_at: Moment,
    fix: Option<FixBody>,
    /// In words, where somebody gives it; 1 to 200 characters.
    address: Option<String>,
    odometer_meters: Option<i64>,
    /// A photo of the odometer.
    photo_id: Option<String>,
    /// Whether there was no network then.
    #[serde(default)]
    offline: bool,
}

impl PointBody {
    fn read(self) -> Result<Point, Problem> {
        let mut fields = Fields::default();
        fixes::read_key(&mut fields, "point_key", &self.point_key);
        let kind = StopKind::parse(&self.kind).filter(|kind| *kind != StopKind::Visit);
        if kind.is_none() {
            fields.wrong("kind", "unknown", "is `start` or `end`");
        }
        fixes::read_day(&mut fields, "day", self.day.as_deref());
        if self.odometer_meters.is_some_and(|meters| !is_odometer(meters)) {
            fields.wrong("odometer_meters", "range", "is no odometer's figure");
        }
        let fix = self.fix.as_ref().and_then(|fix| fix.read(&mut fields, "fix"));
        let address = fields.optional_label("address", self.address.as_deref(), 200);
        fields.finish()?;
        Ok(Point {
            point_key: self.point_key,
            kind: kind.unwrap_or(StopKind::Start),
            day: self.day,
            at: self.at.0,
            sent_at: self.sent_at.0,
            offline: self.offline,
            fix,
            address,
            odometer_meters: self.odometer_meters,
            photo_id: self.photo_id,
        })
    }
}

/// Starts or ends my day. Answers the day as it is now.
#[utoipa::path(tag = "mileage", request_body = PointBody,
    responses((status = 201, body = DayView), (status = 200, body = DayView, description = "It was there already."),
        (status = "default", body = ProblemDocument)))]
#[post("/me/day-points")]
pub async fn create_day_point(
    app: web::Data<App>,
    caller: Engineer,
    body: Body<PointBody>,
) -> Result<HttpResponse, Problem> {
    caller.session()?;
    let point = body.value.read()?;
    let (mut actor, now) = (Actor::from(&*caller), app.clock.now());
    let (engineer_id, (day, new)) = app
        .db
        .write(move |conn| {
            async move {
                // The session may still name one who has become part of somebody else.
                actor.id = service::hold(conn, &actor.organization_id, &actor.id).await?;
                let written = points::write(conn, &actor, point, now).await?;
                Ok::<_, Problem>((actor.id, written))
            }
            .boxed()
        })
        .await?;
    let mut conn = app.db.read().await?;
    let person = people::sql::find_person(&mut conn, &caller.organization_id, &engineer_id).await?;
    let who = (engineer_id, person.and_then(|person| person.name));
    let shown = view::show(&app, &mut conn, &caller, who, &day).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status).json(shown))
}
