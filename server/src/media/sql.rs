//! Media in storage.

use super::{Owner, Subject};
use crate::storage::{Conn, SqlResult, execute, fetch_in};
use sqlx::FromRow;

const ATTACH: &str = "UPDATE media SET subject_kind = $5, subject_id = $6,
        position = COALESCE(position, $7), touched_at = CASE WHEN subject_id IS NULL THEN $8 ELSE touched_at END
    WHERE organization_id = $1 AND owner_kind = $2 AND owner_id = $3 AND id = $4 AND status = 'ready'
    AND (subject_id IS NULL OR subject_kind = $5 AND subject_id = $6)";
const OF_SUBJECTS: &str = "SELECT id, organization_id, kind, status, source_size, source_sha256, part_size, object,
    content_type, size, width, height, duration_ms, subject_kind, subject_id, position, touched_at FROM media
    WHERE organization_id = ";

/// A photo, a video or a signature.
#[derive(Clone, Debug, FromRow)]
pub struct MediaRow {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub organization_id: String,
    /// `photo`, `video` or `signature`.
    pub kind: String,
    /// `receiving`, `ready` or `removing`.
    pub status: String,
    /// Size of what is uploaded, in bytes.
    pub source_size: i64,
    /// SHA-256 of what is uploaded, in hexadecimal digits.
    pub source_sha256: String,
    /// Size of a part of a video, in bytes.
    pub part_size: Option<i64>,
    /// Where the finished bytes are in the object store.
    pub object: Option<String>,
    /// Media type of the finished bytes.
    pub content_type: Option<String>,
    /// Size of the finished bytes.
    pub size: Option<i64>,
    /// Width in pixels, as shown.
    pub width: Option<i64>,
    /// Height in pixels, as shown.
    pub height: Option<i64>,
    /// Length of a video in milliseconds.
    pub duration_ms: Option<i64>,
    /// What kind of thing it is attached to.
    pub subject_kind: Option<String>,
    /// The thing that it is attached to.
    pub subject_id: Option<String>,
    /// Its place among what was attached together.
    pub position: Option<i64>,
    /// When it was last uploaded to, or attached (UTC epoch milliseconds).
    pub touched_at: i64,
}

/// Where and when something is attached.
pub struct Place<'a> {
    pub subject: Subject<'a>,
    pub position: i64,
    pub now: i64,
}

/// Attaches one upload; 0 where that cannot be.
pub async fn attach(conn: &mut Conn, organization_id: &str, owner: &Owner, id: &str, at: &Place<'_>) -> SqlResult<u64> {
    let Place { subject, position, now } = at;
    let (kind, owner_id) = (owner.kind(), owner.id());
    execute!(conn, ATTACH, organization_id, kind, owner_id, id, subject.kind, subject.id, *position, *now)
}

pub async fn of_subjects(conn: &mut Conn, organization_id: &str, subject_ids: &[&str]) -> SqlResult<Vec<MediaRow>> {
    fetch_in!(
        conn,
        MediaRow,
        OF_SUBJECTS,
        organization_id,
        " AND status = ",
        "ready",
        " AND subject_id IN ",
        subject_ids
    )
}
