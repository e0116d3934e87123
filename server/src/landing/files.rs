//! Verification files over HTTP, for admins.

use super::sql::{self, VerificationFileRow};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::http::{Admin, ProblemDocument, body};
use crate::problem::Problem;
use actix_web::http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpRequest, HttpResponse, delete, get, put, web};
use futures_util::FutureExt;
use paifang_core::problem::ProblemCode;
use serde_json::json;

/// The largest file, in bytes; WeChat's have a few dozen.
const LIMIT: usize = 1024;

/// Whether WeChat may ask for a file of that name: 1 to 64 of `[A-Za-z0-9_-]`, and `.txt`.
pub fn is_name(name: &str) -> bool {
    let stem = name.strip_suffix(".txt").unwrap_or_default();
    (1..=64).contains(&stem.len()) && stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// A file as it is served.
pub fn text(content: String) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
    response.content_type("text/plain; charset=utf-8").body(content)
}

/// Stores a file that WeChat asks for, to be served as `/q/{name}`. The body is the file.
#[utoipa::path(tag = "verification files", request_body(content = String, content_type = "text/plain"),
    responses((status = 204), (status = "default", body = ProblemDocument)))]
#[put("/verification-files/{name}")]
pub async fn put_verification_file(
    app: web::Data<App>,
    caller: Admin,
    request: HttpRequest,
    name: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let declared = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if declared.split(';').next().unwrap_or_default().trim() != "text/plain" {
        return Err(Problem::new(ProblemCode::UnsupportedMediaType).detail("send text/plain"));
    }
    if !is_name(&name) {
        let detail = "a name has 1 to 64 of A-Z, a-z, 0-9, _ and -, and ends with .txt";
        return Err(Problem::new(ProblemCode::MalformedParameter).detail(detail));
    }
    let bytes = body::read(payload.into_inner(), LIMIT).await?;
    let content = std::str::from_utf8(&bytes).ok().map(str::to_owned);
    let content =
        content.filter(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() || b" \r\n".contains(&b)));
    let content = content.ok_or_else(|| Problem::new(ProblemCode::MalformedBody).detail("is no short ASCII text"))?;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let row = VerificationFileRow { name: name.into_inner(), organization_id: actor.organization_id.clone(), content };
    app.db
        .write(move |conn| {
            async move {
                if !sql::put(conn, &row, now).await? {
                    return Err(Problem::new(ProblemCode::AlreadyExists).detail("another organization has this file"));
                }
                let change = Change { action: "verification_file.put", subject_id: &row.name, at: now };
                audit::created(conn, &actor, change, &json!({ "content": row.content })).await
            }
            .boxed()
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A file that was stored.
#[utoipa::path(tag = "verification files",
    responses((status = 200, content_type = "text/plain", body = String), (status = "default", body = ProblemDocument)))]
#[get("/verification-files/{name}")]
pub async fn get_verification_file(
    app: web::Data<App>,
    caller: Admin,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let row = sql::find(&mut app.db.read().await?, &name).await?;
    let row = row.filter(|row| row.organization_id == caller.organization_id).ok_or_else(Problem::not_found)?;
    Ok(text(row.content))
}

/// Takes a file away.
#[utoipa::path(tag = "verification files",
    responses((status = 204), (status = "default", body = ProblemDocument)))]
#[delete("/verification-files/{name}")]
pub async fn delete_verification_file(
    app: web::Data<App>,
    caller: Admin,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    app.db
        .write(move |conn| {
            async move {
                if !sql::delete(conn, &actor.organization_id, &name).await? {
                    return Err(Problem::not_found());
                }
                let change = Change { action: "verification_file.delete", subject_id: &name, at: now };
                audit::record::<(), ()>(conn, &actor, change, None, None).await
            }
            .boxed()
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
