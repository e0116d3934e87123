//! Media as the API shows them.

use super::links;
use super::sql::MediaRow;
use crate::app::App;
use serde::Serialize;
use utoipa::ToSchema;

/// A photo, a video or a signature.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Media {
    /// Its id.
    pub id: String,
    /// `photo`, `video` or `signature`.
    pub kind: String,
    /// The media type, as `image/jpeg`.
    pub content_type: String,
    /// Size in bytes.
    pub size: i64,
    /// Width in pixels, as shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<i64>,
    /// Height in pixels, as shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<i64>,
    /// Length of a video in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<i64>,
    /// Where the bytes are, relative to the server; good for 15 minutes at least, for whoever has it.
    pub url: String,
}

/// What the API shows of finished media; the address in it is signed.
pub fn view(app: &App, row: &MediaRow, now: i64) -> Media {
    Media {
        id: row.id.clone(),
        kind: row.kind.clone(),
        content_type: row.content_type.clone().unwrap_or_default(),
        size: row.size.unwrap_or_default(),
        width: row.width,
        height: row.height,
        duration_ms: row.duration_ms,
        url: links::url(app, &row.id, now),
    }
}
