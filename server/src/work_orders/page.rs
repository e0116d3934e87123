//! The page by which an order is followed in a browser: where it stands and what has happened, nothing to change.

use super::State;
use super::settings::ServiceSettings;
use super::sql::{self, entries};
use crate::app::App;
use crate::http::html::{self, STYLE, Words};
use crate::http::limits::{self, Limit};
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, web};
use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;

const NO_ORDER: Words = Words {
    heading: "没有找到这份报修",
    hint: "这个链接没有对应的工单：地址可能不完整。请打开完整的链接，或者在小程序里用工单号和手机号查询。",
};
const NO_ORDER_ENGLISH: Words = Words {
    heading: "No such report",
    hint: "This link leads to no work order: the address may be incomplete. Please open the whole link, or look it up in \
        the mini program by its number and your phone number.",
};

#[derive(Template)]
#[template(path = "followed.html")]
struct Followed<'a> {
    style: &'a str,
    number: &'a str,
    model: &'a str,
    text: &'a str,
    state: (&'static str, &'static str),
    lines: Vec<Line>,
}

/// A change of the state.
struct Line {
    at: String,
    state: (&'static str, &'static str),
    reason: String,
}

/// A page that shows an order to whoever has its follow code.
#[utoipa::path(tag = "pages", security(()), responses((status = 200, content_type = "text/html"),
    (status = 404, content_type = "text/html")))]
#[get("/f/{code}")]
pub async fn show_followed(
    app: web::Data<App>,
    request: HttpRequest,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    limits::hit(&app, Limit::OpenByAddress, &limits::client_address(&app, &request)).await?;
    let mut conn = app.db.read().await?;
    let Some(order) = sql::by_follow_code(&mut conn, &code).await? else {
        return html::nothing(NO_ORDER, NO_ORDER_ENGLISH);
    };
    let zone = ServiceSettings::of(&mut conn, &order.organization_id).await?.zone();
    let rows = entries::of_order(&mut conn, &order.organization_id, &order.id).await?;
    let lines = rows.iter().filter_map(|row| {
        let detail: serde_json::Value = serde_json::from_str(&row.detail).ok()?;
        let reason = detail.get("reason").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        Some(Line { at: local(row.at, &zone), state: name(State::parse(row.to_state.as_deref()?)?), reason })
    });
    let page = Followed {
        style: STYLE,
        number: &order.number,
        model: &order.unit_model,
        text: &order.text,
        state: name(order.state()),
        lines: lines.collect(),
    };
    html::page(StatusCode::OK, &page, STYLE)
}

fn local(at: i64, zone: &TimeZone) -> String {
    let at = Timestamp::from_millisecond(at).map(|at| at.to_zoned(zone.clone()));
    at.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

/// What customers call a state, in Chinese and English.
const fn name(state: State) -> (&'static str, &'static str) {
    match state {
        State::Submitted => ("已提交", "Submitted"),
        State::Accepted => ("已受理", "Accepted"),
        State::Assigned => ("已派工程师", "Engineer assigned"),
        State::OnTheWay => ("工程师已出发", "Engineer on the way"),
        State::OnSite => ("工程师已到场", "Engineer on site"),
        State::Paused => ("已暂停", "Paused"),
        State::Done => ("已完成，待确认", "Done, to be confirmed"),
        State::Confirmed => ("已确认", "Confirmed"),
        State::Closed => ("已关闭", "Closed"),
        State::Canceled => ("已取消", "Canceled"),
        State::Reopened => ("已重新打开", "Reopened"),
    }
}
