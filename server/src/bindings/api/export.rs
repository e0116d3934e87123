//! Export over HTTP: page by page, as the client takes it.

use crate::app::App;
use crate::bindings::sql::{self, BindingRow};
use crate::http::{Admin, ProblemDocument};
use crate::problem::Problem;
use crate::sheets;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use bytes::Bytes;
use futures_util::stream;
use paifang_core::time::format_rfc3339;
use std::borrow::Cow;

/// Rows of one page.
const PAGE: i64 = 1000;
const HEADER: [&str; 4] = ["userid", "channel", "openid", "bound_at"];

/// All bindings as CSV (UTF-8): `userid,channel,openid,bound_at`. An account without a channel code is named by its
/// AppID. A cell that a spreadsheet would take for a formula has an apostrophe in front.
#[utoipa::path(tag = "bindings",
    responses((status = 200, content_type = "text/csv", body = String), (status = "default", body = ProblemDocument)))]
#[get("/bindings/export")]
pub async fn export_bindings(app: web::Data<App>, caller: Admin) -> Result<HttpResponse, Problem> {
    let organization_id = caller.organization_id.clone();
    let first = read(&app, &organization_id, "").await?;
    let head = sheets::csv([HEADER.map(Cow::from)].into_iter())?;
    let pages = stream::try_unfold((app, organization_id, Some(first)), |(app, organization_id, page)| async move {
        let Some((rows, after)) = page else { return Ok(None) };
        let next = match after {
            Some(after) => Some(read(&app, &organization_id, &after).await?),
            None => None,
        };
        Ok::<_, Problem>(Some((rows, (app, organization_id, next))))
    });
    let body = futures_util::StreamExt::chain(stream::iter([Ok(head)]), pages);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"bindings.csv\""))
        .streaming(body))
}

/// A page, and after which id the next one starts.
async fn read(app: &App, organization_id: &str, after: &str) -> Result<(Bytes, Option<String>), Problem> {
    let rows = sql::page(&mut app.db.read().await?, organization_id, after, "", PAGE).await?;
    let next = rows.last().filter(|_| i64::try_from(rows.len()).is_ok_and(|length| length == PAGE));
    let next = next.map(|row| row.id.clone());
    Ok((sheets::csv(rows.iter().map(cells))?, next))
}

fn cells(row: &BindingRow) -> [Cow<'_, str>; 4] {
    let channel = row.channel_code.as_ref().unwrap_or(&row.appid);
    [(&row.userid).into(), channel.into(), (&row.openid).into(), format_rfc3339(row.bound_at).into()]
}
