//! Uploads of videos in parts over HTTP.

use super::super::sql::{MediaRow, PartRow};
use super::super::uploader::check_key;
use super::super::videos::{self, LIMIT};
use super::super::view::{Media, view};
use super::{DraftQuery, receive};
use crate::app::App;
use crate::http::fields::Fields;
use crate::http::page::Query;
use crate::http::{Body, MaybeCaller, ProblemDocument};
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, post, put, web};
use paifang_core::problem::ProblemCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A video that will be uploaded.
#[derive(Deserialize, ToSchema)]
pub struct NewVideo {
    /// 16 to 64 of `A-Za-z0-9_-`, made by the client; the same key again finds the same upload.
    upload_key: String,
    /// Size of the file in bytes, at most 104857600.
    size: i64,
    /// SHA-256 of the file in 64 hexadecimal digits.
    sha256: String,
}

/// Where the upload of a video stands.
#[derive(Serialize, ToSchema)]
pub struct VideoUpload {
    /// Its id.
    id: String,
    /// Size of each part in bytes; the last one may be shorter.
    part_size: i64,
    /// Numbers of the parts that were received, the first is 1.
    parts: Vec<i64>,
    /// `receiving`, or `ready` once it is complete.
    status: String,
}

impl VideoUpload {
    fn of(row: MediaRow, parts: &[PartRow]) -> Self {
        let parts = parts.iter().map(|part| part.number).collect();
        Self { part_size: row.part_size.unwrap_or(videos::PART_SIZE), id: row.id, parts, status: row.status }
    }
}

/// Begins the upload of a video, or answers (200) where it stands: at most 60 seconds and 100 MiB, MP4 or MOV. What is
/// attached to nothing within seven days is removed.
#[utoipa::path(tag = "media", params(DraftQuery), security((), ("bearer" = [])), request_body = NewVideo,
    responses((status = 201, body = VideoUpload), (status = 200, body = VideoUpload),
        (status = "default", body = ProblemDocument)))]
#[post("/media/videos")]
pub async fn begin_video(
    app: web::Data<App>,
    caller: MaybeCaller,
    query: Query<DraftQuery>,
    request: HttpRequest,
    body: Body<NewVideo>,
) -> Result<HttpResponse, Problem> {
    let uploader = query.0.uploader(&app, caller, &request).await?;
    let NewVideo { upload_key, size, sha256 } = body.value;
    check_key("upload_key", &upload_key)?;
    let mut fields = Fields::default();
    if size < 1 {
        fields.wrong("size", "range", "must be at least 1");
    }
    if sha256.len() != 64 || !sha256.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        fields.wrong("sha256", "format", "needs 64 hexadecimal digits");
    }
    fields.finish()?;
    if size > LIMIT {
        return Err(Problem::new(ProblemCode::BodyTooLarge).detail(format!("at most {LIMIT} bytes")));
    }
    let sha256 = sha256.to_ascii_lowercase();
    let (row, parts, is_new) = videos::begin(&app, uploader, upload_key, size, sha256).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status).json(VideoUpload::of(row, &parts)))
}

/// Sends one part of a video, as raw bytes; the first is number 1. In any order, and as often as needed: the same bytes
/// again change nothing, other bytes are refused. What is answered is kept, whatever happens to phone or server.
#[utoipa::path(tag = "media", params(DraftQuery), security((), ("bearer" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = VideoUpload), (status = "default", body = ProblemDocument)))]
#[put("/media/{id}/parts/{number}")]
pub async fn put_part(
    app: web::Data<App>,
    caller: MaybeCaller,
    path: web::Path<(String, String)>,
    query: Query<DraftQuery>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<web::Json<VideoUpload>, Problem> {
    let (id, number) = path.into_inner();
    let uploader = query.0.uploader(&app, caller, &request).await?;
    let (row, parts) = videos::find(&app, &uploader, &id).await?;
    let number: i64 = number.parse().map_err(|_| Problem::new(ProblemCode::MalformedParameter).detail("number"))?;
    let no_such = || Problem::field("number", "range", "the file has no such part");
    let range = videos::range_of(&row, number).ok_or_else(no_such)?;
    let length = usize::try_from(range.end - range.start).unwrap_or_default();
    let part = receive::raw(payload, length, app.media.memory.file(&uploader.share, uploader.is_stranger())).await?;
    let parts = videos::keep_part(&app, &uploader, &row, &parts, number, part).await?;
    Ok(web::Json(VideoUpload::of(row, &parts)))
}

/// Puts the parts of a video together. Missing parts answer 409 with their numbers (`missing`); what is not what was
/// announced begins anew. What says where, when and with what the video was taken is erased from it.
#[utoipa::path(tag = "media", params(DraftQuery), security((), ("bearer" = [])),
    responses((status = 200, body = Media), (status = "default", body = ProblemDocument)))]
#[post("/media/{id}/complete")]
pub async fn complete_video(
    app: web::Data<App>,
    caller: MaybeCaller,
    id: web::Path<String>,
    query: Query<DraftQuery>,
    request: HttpRequest,
) -> Result<web::Json<Media>, Problem> {
    let uploader = query.0.uploader(&app, caller, &request).await?;
    let (row, _) = videos::find(&app, &uploader, &id).await?;
    let row = videos::complete(&app, row).await?;
    Ok(web::Json(view(&app, &row, app.clock.now())))
}
