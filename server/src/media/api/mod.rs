//! Media over HTTP.

mod content;
mod receive;
pub mod videos;

use super::photo::Purpose;
use super::pictures;
use super::uploader::{Uploader, check_key};
use super::view::{Media, view};
use crate::app::App;
use crate::http::limits::client_address;
use crate::http::page::Query;
use crate::http::{MaybeCaller, ProblemDocument};
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

pub use content::*;

/// What is uploaded whole.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UploadKind {
    /// A photo: JPEG, PNG or WebP.
    Photo,
    /// A signature: PNG.
    Signature,
}

/// Which upload it is, and whose.
#[derive(Deserialize, IntoParams)]
pub struct UploadQuery {
    /// What it is.
    #[param(inline)]
    kind: UploadKind,
    /// 16 to 64 of `A-Za-z0-9_-`, made by the client; the same key again answers the same.
    upload_key: String,
    /// The draft of the report, where nobody has logged in.
    draft_id: Option<String>,
    /// The code of the unit that the report is about; needed where nobody has logged in.
    equipment_code: Option<String>,
}

/// Whose upload it is.
#[derive(Deserialize, IntoParams)]
pub struct DraftQuery {
    /// The draft of the report, where nobody has logged in.
    draft_id: Option<String>,
    /// The code of the unit that the report is about; needed where nobody has logged in.
    equipment_code: Option<String>,
}

impl DraftQuery {
    async fn uploader(&self, app: &App, caller: MaybeCaller, request: &HttpRequest) -> Result<Uploader, Problem> {
        let address = client_address(app, request);
        let (draft_id, code) = (self.draft_id.as_deref(), self.equipment_code.as_deref());
        Uploader::of(app, caller.into_inner(), draft_id, code, &address).await
    }
}

/// Uploads a photo or a signature: `multipart/form-data` with one part `file` of at most 10 MiB and 50 megapixels. What
/// it is, is told by its bytes. A photo is turned upright and written anew as JPEG with at most 2560 pixels a side, a
/// signature as PNG, both without metadata. Repeated with the same key it answers 200 and the same. What is attached to
/// nothing within seven days is removed.
#[utoipa::path(tag = "media", params(UploadQuery), security((), ("bearer" = [])),
    request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 201, body = Media), (status = 200, body = Media), (status = "default", body = ProblemDocument)))]
#[post("/media")]
pub async fn upload_media(
    app: web::Data<App>,
    caller: MaybeCaller,
    query: Query<UploadQuery>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let UploadQuery { kind, upload_key, draft_id, equipment_code } = query.0;
    let uploader = DraftQuery { draft_id, equipment_code }.uploader(&app, caller, &request).await?;
    check_key("upload_key", &upload_key)?;
    let file = receive::form(&request, payload, app.media.memory.file(&uploader.share, uploader.is_stranger())).await?;
    let purpose = match kind {
        UploadKind::Photo => Purpose::Photo,
        UploadKind::Signature => Purpose::Signature,
    };
    let (row, is_new) = pictures::keep(&app, uploader, purpose, upload_key, file).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status).json(view(&app, &row, app.clock.now())))
}
