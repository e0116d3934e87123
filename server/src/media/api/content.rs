//! The bytes of media, for whoever has a signed address.

use super::super::{links, sql};
use crate::app::App;
use crate::http::ProblemDocument;
use crate::http::page::Query;
use crate::problem::Problem;
use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_SECURITY_POLICY, ETAG, Header, IF_NONE_MATCH, IF_RANGE, Range,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, get, web};
use paifang_core::problem::ProblemCode;
use serde::Deserialize;
use utoipa::IntoParams;

/// The signature of an address.
#[derive(Deserialize, IntoParams)]
pub struct LinkQuery {
    /// Until when it is good (Unix seconds).
    expires: i64,
    /// That we have made it.
    signature: String,
}

/// The bytes of a photo, a video or a signature. The address comes with whatever shows the media, is good for at least
/// 15 minutes, and needs no login; an expired or changed one answers 403. A single range of bytes is served as such.
#[utoipa::path(tag = "media", params(LinkQuery), security(()),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 206),
        (status = 304), (status = 416), (status = "default", body = ProblemDocument)))]
#[get("/media/{id}/content")]
pub async fn get_media_content(
    app: web::Data<App>,
    id: web::Path<String>,
    query: Query<LinkQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let LinkQuery { expires, signature } = query.0;
    let left = links::left(&app, &id, expires, &signature, app.clock.now());
    let left = left.ok_or_else(|| Problem::new(ProblemCode::Forbidden).detail("this address has expired"))?;
    let row = sql::ready(&mut app.db.read().await?, &id).await?.ok_or_else(Problem::not_found)?;
    let (Some(object), Some(content_type)) = (row.object, row.content_type) else { return Err(Problem::not_found()) };
    let size = u64::try_from(row.size.unwrap_or_default()).unwrap_or_default();
    let tag = format!("\"{id}\"");
    let sent = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CACHE_CONTROL, format!("private, max-age={}, immutable", left / 1000)))
        .insert_header((ETAG, tag.as_str()))
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'"))
        .content_type(content_type);
    if sent(IF_NONE_MATCH).is_some_and(|known| known == "*" || known.split(',').any(|known| known.trim() == tag)) {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    let asked = Range::parse(&request).ok().filter(|_| sent(IF_RANGE).is_none_or(|known| known == tag));
    let (start, end) = match asked {
        Some(Range::Bytes(specs)) if specs.len() == 1 => {
            let range = specs.first().and_then(|spec| spec.to_satisfiable_range(size));
            let Some((first, last)) = range else {
                answer.insert_header((CONTENT_RANGE, format!("bytes */{size}")));
                return Ok(answer.status(StatusCode::RANGE_NOT_SATISFIABLE).finish());
            };
            answer.status(StatusCode::PARTIAL_CONTENT);
            answer.insert_header((CONTENT_RANGE, format!("bytes {first}-{last}/{size}")));
            (first, last + 1)
        }
        _ => (0, size),
    };
    let pieces = app.media.pieces(&object, Some(start..end)).await?;
    Ok(answer.body(SizedStream::new(end - start, pieces)))
}
