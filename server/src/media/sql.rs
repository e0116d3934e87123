//! Media in storage.

use super::{Owner, Subject};
use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_in, fetch_one, fetch_optional};
use sqlx::FromRow;

const RESERVE: &str = "INSERT INTO media (id, organization_id, owner_kind, owner_id, upload_key, kind, status,
        source_size, source_sha256, part_size, created_at, touched_at)
    VALUES ($1, $2, $3, $4, $5, $6, 'receiving', $7, $8, $9, $10, $10)
    ON CONFLICT (organization_id, owner_kind, owner_id, upload_key) DO UPDATE SET touched_at = excluded.touched_at
    WHERE media.subject_id IS NULL AND media.status <> 'removing'";
const BY_UPLOAD_KEY: &str = "SELECT id, organization_id, kind, status, source_size, source_sha256, part_size, object,
    content_type, size, width, height, duration_ms, subject_kind, subject_id, position, touched_at FROM media
    WHERE organization_id = $1 AND owner_kind = $2 AND owner_id = $3 AND upload_key = $4";
const OWNED: &str = "SELECT id, organization_id, kind, status, source_size, source_sha256, part_size, object,
    content_type, size, width, height, duration_ms, subject_kind, subject_id, position, touched_at FROM media
    WHERE organization_id = $1 AND owner_kind = $2 AND owner_id = $3 AND id = $4 AND status <> 'removing'";
const READY: &str = "SELECT id, organization_id, kind, status, source_size, source_sha256, part_size, object,
    content_type, size, width, height, duration_ms, subject_kind, subject_id, position, touched_at FROM media
    WHERE id = $1 AND status = 'ready'";
const UNATTACHED: &str = "SELECT COUNT(*) FROM media
    WHERE organization_id = $1 AND owner_kind = $2 AND owner_id = $3 AND subject_id IS NULL AND status <> 'removing'";
const FINISH: &str = "UPDATE media SET status = 'ready', object = $2, content_type = $3, size = $4, width = $5,
    height = $6, duration_ms = $7, touched_at = $8 WHERE id = $1 AND status = 'receiving'";
const TOUCH: &str = "UPDATE media SET touched_at = $2 WHERE id = $1 AND subject_id IS NULL AND status <> 'removing'";
const PARTS: &str = "SELECT number, sha256 FROM media_parts WHERE media_id = $1 ORDER BY number";
const INSERT_PART: &str =
    "INSERT INTO media_parts (media_id, number, sha256) VALUES ($1, $2, $3) ON CONFLICT (media_id, number) DO NOTHING";
const FORGET_PARTS: &str = "DELETE FROM media_parts WHERE media_id = $1";
const GIVE_UP_OLD: &str = "UPDATE media SET status = 'removing' WHERE subject_id IS NULL AND touched_at < $1";
const GIVE_UP_OF_PERSON: &str = "UPDATE media SET status = 'removing', touched_at = 0
    WHERE organization_id = $1 AND owner_kind = 'person' AND owner_id = $2 AND subject_id IS NULL";
const GIVEN_UP: &str = "SELECT id, organization_id FROM media
    WHERE subject_id IS NULL AND touched_at < $1 AND status = 'removing' ORDER BY touched_at LIMIT $2";
const DELETE: &str = "DELETE FROM media WHERE id = $1 AND status = 'removing'";
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

/// An upload that begins.
#[derive(Clone, Debug)]
pub struct NewUpload {
    pub id: String,
    pub organization_id: String,
    pub owner: Owner,
    pub upload_key: String,
    pub kind: &'static str,
    pub source_size: i64,
    pub source_sha256: String,
    pub part_size: Option<i64>,
    pub now: i64,
}

/// What an upload has become.
#[derive(Clone, Debug)]
pub struct Finished {
    pub object: String,
    pub content_type: &'static str,
    pub size: i64,
    pub width: i64,
    pub height: i64,
    pub duration_ms: Option<i64>,
}

/// A part that was received.
#[derive(Clone, Debug, FromRow)]
pub struct PartRow {
    pub number: i64,
    pub sha256: String,
}

/// Where and when something is attached.
pub struct Place<'a> {
    pub subject: Subject<'a>,
    pub position: i64,
    pub now: i64,
}

/// Writes the upload, or renews the one with the same key; its row then is locked.
pub async fn reserve(conn: &mut Conn, new: &NewUpload) -> SqlResult<u64> {
    let NewUpload { id, organization_id, owner, upload_key, kind, source_size, source_sha256, part_size, now } = new;
    let (owner_kind, owner_id) = (owner.kind(), owner.id());
    execute!(
        conn,
        RESERVE,
        id,
        organization_id,
        owner_kind,
        owner_id,
        upload_key,
        *kind,
        *source_size,
        source_sha256,
        *part_size,
        *now
    )
}

pub async fn by_upload_key(
    conn: &mut Conn,
    organization_id: &str,
    owner: &Owner,
    upload_key: &str,
) -> SqlResult<Option<MediaRow>> {
    fetch_optional!(conn, MediaRow, BY_UPLOAD_KEY, organization_id, owner.kind(), owner.id(), upload_key)
}

pub async fn owned(conn: &mut Conn, organization_id: &str, owner: &Owner, id: &str) -> SqlResult<Option<MediaRow>> {
    fetch_optional!(conn, MediaRow, OWNED, organization_id, owner.kind(), owner.id(), id)
}

/// A finished one of any organization: for whoever has its signed address.
pub async fn ready(conn: &mut Conn, id: &str) -> SqlResult<Option<MediaRow>> {
    fetch_optional!(conn, MediaRow, READY, id)
}

/// How many uploads of the owner are attached to nothing.
pub async fn unattached(conn: &mut Conn, organization_id: &str, owner: &Owner) -> SqlResult<i64> {
    let row: (i64,) = fetch_one!(conn, (i64,), UNATTACHED, organization_id, owner.kind(), owner.id())?;
    Ok(row.0)
}

/// Makes an upload ready; 0 when somebody else has just done so.
pub async fn finish(conn: &mut Conn, id: &str, finished: &Finished, now: i64) -> SqlResult<u64> {
    let Finished { object, content_type, size, width, height, duration_ms } = finished;
    execute!(conn, FINISH, id, object, *content_type, *size, *width, *height, *duration_ms, now)
}

pub async fn touch(conn: &mut Conn, id: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, TOUCH, id, now)
}

pub async fn parts(conn: &mut Conn, id: &str) -> SqlResult<Vec<PartRow>> {
    fetch_all!(conn, PartRow, PARTS, id)
}

pub async fn insert_part(conn: &mut Conn, id: &str, part: &PartRow) -> SqlResult<u64> {
    execute!(conn, INSERT_PART, id, part.number, &part.sha256)
}

pub async fn forget_parts(conn: &mut Conn, id: &str) -> SqlResult<u64> {
    execute!(conn, FORGET_PARTS, id)
}

/// Marks what nobody has attached since `before`: from then on nobody can.
pub async fn give_up_old(conn: &mut Conn, before: i64) -> SqlResult<u64> {
    execute!(conn, GIVE_UP_OLD, before)
}

pub async fn give_up_of_person(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<u64> {
    execute!(conn, GIVE_UP_OF_PERSON, organization_id, person_id)
}

/// Pairs of id and organization of what was given up.
pub async fn given_up(conn: &mut Conn, before: i64, limit: i64) -> SqlResult<Vec<(String, String)>> {
    fetch_all!(conn, (String, String), GIVEN_UP, before, limit)
}

pub async fn delete(conn: &mut Conn, id: &str) -> SqlResult<u64> {
    execute!(&mut *conn, FORGET_PARTS, id)?;
    execute!(conn, DELETE, id)
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
