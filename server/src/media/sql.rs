//! Media in storage.

use super::uploader::Uploader;
use super::{Owner, Subject};
use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_in, fetch_one, fetch_optional};
use sqlx::FromRow;

const RESERVE: &str = "INSERT INTO media (id, organization_id, owner_kind, owner_id, upload_key, kind, status,
        source_size, source_sha256, part_size, created_at, touched_at)
    VALUES ($1, $2, $3, $4, $5, $6, 'receiving', $7, $8, $9, $10, $10)
    ON CONFLICT (organization_id, owner_kind, owner_id, upload_key) DO UPDATE SET touched_at = excluded.touched_at
    WHERE media.subject_id IS NULL AND media.status <> 'removing'";
const BY_UPLOAD_KEY: &str = "SELECT id, organization_id, kind, status, source_size, source_sha256, part_size, attempt,
    object, content_type, size, width, height, duration_ms, subject_kind, subject_id, position, touched_at FROM media
    WHERE organization_id = $1 AND owner_kind = $2 AND owner_id = $3 AND upload_key = $4";
const OWNED: &str = "SELECT id, organization_id, kind, status, source_size, source_sha256, part_size, attempt,
    object, content_type, size, width, height, duration_ms, subject_kind, subject_id, position, touched_at FROM media
    WHERE organization_id = $1 AND owner_kind = $2 AND owner_id = $3 AND id = $4 AND status <> 'removing'";
const READY: &str = "SELECT id, organization_id, kind, status, source_size, source_sha256, part_size, attempt,
    object, content_type, size, width, height, duration_ms, subject_kind, subject_id, position, touched_at FROM media
    WHERE id = $1 AND status = 'ready'";
const BY_ID: &str = "SELECT id, organization_id, kind, status, source_size, source_sha256, part_size, attempt,
    object, content_type, size, width, height, duration_ms, subject_kind, subject_id, position, touched_at FROM media
    WHERE id = $1 AND status <> 'removing'";
const UNATTACHED: &str = "SELECT COUNT(*) FROM media
    WHERE organization_id = $1 AND owner_kind = $2 AND owner_id = $3 AND subject_id IS NULL AND status <> 'removing'";
const HELD_OF_OWNER: &str = "SELECT CAST(COALESCE(SUM(CASE WHEN held < $4 THEN $4 ELSE held END), 0) AS BIGINT)
    FROM media WHERE organization_id = $1 AND owner_kind = $2 AND owner_id = $3 AND subject_id IS NULL";
const HELD_OF_DRAFTS: &str = "SELECT CAST(COALESCE(SUM(CASE WHEN held < $2 THEN $2 ELSE held END), 0) AS BIGINT)
    FROM media WHERE organization_id = $1 AND owner_kind = 'draft' AND subject_id IS NULL";
const FINISH: &str =
    "UPDATE media SET status = 'ready', object = $2, content_type = $3, size = $4, held = $4, width = $5,
    height = $6, duration_ms = $7, touched_at = $8 WHERE id = $1 AND status = 'receiving'";
const TOUCH: &str = "UPDATE media SET touched_at = $3
    WHERE id = $1 AND attempt = $2 AND subject_id IS NULL AND status = 'receiving'";
const HOLD: &str = "UPDATE media SET held = held + $2 WHERE id = $1";
const BEGIN_ANEW: &str = "UPDATE media SET attempt = attempt + 1, held = 0
    WHERE id = $1 AND attempt = $2 AND status = 'receiving'";
const PARTS: &str = "SELECT number, sha256 FROM media_parts WHERE media_id = $1 ORDER BY number";
const INSERT_PART: &str =
    "INSERT INTO media_parts (media_id, number, sha256) VALUES ($1, $2, $3) ON CONFLICT (media_id, number) DO NOTHING";
const FORGET_PARTS: &str = "DELETE FROM media_parts WHERE media_id = $1";
const GIVE_UP_OLD: &str = "UPDATE media SET status = 'removing' WHERE subject_id IS NULL AND touched_at < $1";
const GIVE_UP_OF_PERSON: &str = "UPDATE media SET status = 'removing', touched_at = 0
    WHERE organization_id = $1 AND owner_kind = 'person' AND owner_id = $2 AND subject_id IS NULL";
const GIVEN_UP: &str = "SELECT id, organization_id, touched_at FROM media
    WHERE subject_id IS NULL AND touched_at < $1 AND (touched_at, id) > ($2, $3) AND status = 'removing'
    ORDER BY touched_at, id LIMIT $4";
const DELETE: &str = "DELETE FROM media WHERE id = $1 AND status = 'removing'";
const ATTACH: &str = "UPDATE media SET subject_kind = $5, subject_id = $6,
        position = COALESCE(position, $7), touched_at = CASE WHEN subject_id IS NULL THEN $8 ELSE touched_at END
    WHERE organization_id = $1 AND owner_kind = $2 AND owner_id = $3 AND id = $4 AND status = 'ready'
    AND (subject_id IS NULL OR subject_kind = $5 AND subject_id = $6)
    RETURNING kind";
const OF_SUBJECTS: &str = "SELECT id, organization_id, kind, status, source_size, source_sha256, part_size, attempt,
    object, content_type, size, width, height, duration_ms, subject_kind, subject_id, position, touched_at FROM media
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
    /// How often its parts were sent for nothing.
    pub attempt: i64,
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
    pub uploader: Uploader,
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

/// An upload that is to be removed.
#[derive(Clone, Debug, FromRow)]
pub struct GivenUp {
    pub id: String,
    pub organization_id: String,
    pub touched_at: i64,
}

/// Where and when something is attached.
pub struct Place<'a> {
    pub subject: Subject<'a>,
    pub position: i64,
    pub now: i64,
}

/// Writes the upload, or renews the one with the same key; its row then is locked.
pub async fn reserve(conn: &mut Conn, new: &NewUpload) -> SqlResult<u64> {
    let NewUpload { id, uploader, upload_key, kind, source_size, source_sha256, part_size, now } = new;
    let Uploader { organization_id, owner, .. } = uploader;
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

/// The upload with the same key.
pub async fn by_upload_key(conn: &mut Conn, new: &NewUpload) -> SqlResult<Option<MediaRow>> {
    let NewUpload { uploader: Uploader { organization_id, owner, .. }, upload_key, .. } = new;
    fetch_optional!(conn, MediaRow, BY_UPLOAD_KEY, organization_id, owner.kind(), owner.id(), upload_key)
}

pub async fn owned(conn: &mut Conn, organization_id: &str, owner: &Owner, id: &str) -> SqlResult<Option<MediaRow>> {
    fetch_optional!(conn, MediaRow, OWNED, organization_id, owner.kind(), owner.id(), id)
}

/// A finished one of any organization: for whoever has its signed address.
pub async fn ready(conn: &mut Conn, id: &str) -> SqlResult<Option<MediaRow>> {
    fetch_optional!(conn, MediaRow, READY, id)
}

/// One that was not given up, of any organization: for whoever has been found to own it.
pub async fn by_id(conn: &mut Conn, id: &str) -> SqlResult<Option<MediaRow>> {
    fetch_optional!(conn, MediaRow, BY_ID, id)
}

/// How many uploads of the owner are attached to nothing.
pub async fn unattached(conn: &mut Conn, organization_id: &str, owner: &Owner) -> SqlResult<i64> {
    let row: (i64,) = fetch_one!(conn, (i64,), UNATTACHED, organization_id, owner.kind(), owner.id())?;
    Ok(row.0)
}

/// Bytes that are kept and attached to nothing: the owner's, or those of all drafts. Each upload counts as `least`
/// bytes at least: a row and its files take room as well, and the sum of few rows is quick.
pub async fn held(conn: &mut Conn, organization_id: &str, owner: &Owner, least: i64) -> SqlResult<i64> {
    let row: (i64,) = match owner {
        Owner::Draft(_) => fetch_one!(conn, (i64,), HELD_OF_DRAFTS, organization_id, least)?,
        _ => fetch_one!(conn, (i64,), HELD_OF_OWNER, organization_id, owner.kind(), owner.id(), least)?,
    };
    Ok(row.0)
}

/// Makes an upload ready; 0 when somebody else has just done so.
pub async fn finish(conn: &mut Conn, id: &str, finished: &Finished, now: i64) -> SqlResult<u64> {
    let Finished { object, content_type, size, width, height, duration_ms } = finished;
    execute!(conn, FINISH, id, object, *content_type, *size, *width, *height, *duration_ms, now)
}

/// Renews an upload that waits for parts; 0 where it does not, or its attempt is over.
pub async fn touch(conn: &mut Conn, id: &str, attempt: i64, now: i64) -> SqlResult<u64> {
    execute!(conn, TOUCH, id, attempt, now)
}

pub async fn parts(conn: &mut Conn, id: &str) -> SqlResult<Vec<PartRow>> {
    fetch_all!(conn, PartRow, PARTS, id)
}

/// Writes down a part of `length` bytes; 0 where there is one of that number.
pub async fn insert_part(conn: &mut Conn, id: &str, part: &PartRow, length: i64) -> SqlResult<u64> {
    let inserted = execute!(&mut *conn, INSERT_PART, id, part.number, &part.sha256)?;
    if inserted == 1 {
        execute!(conn, HOLD, id, length)?;
    }
    Ok(inserted)
}

/// Forgets the parts of an attempt; 0 where it is over already.
pub async fn begin_anew(conn: &mut Conn, id: &str, attempt: i64) -> SqlResult<u64> {
    let begun = execute!(&mut *conn, BEGIN_ANEW, id, attempt)?;
    if begun == 1 {
        execute!(conn, FORGET_PARTS, id)?;
    }
    Ok(begun)
}

/// Marks what nobody has attached since `before`: from then on nobody can.
pub async fn give_up_old(conn: &mut Conn, before: i64) -> SqlResult<u64> {
    execute!(conn, GIVE_UP_OLD, before)
}

pub async fn give_up_of_person(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<u64> {
    execute!(conn, GIVE_UP_OF_PERSON, organization_id, person_id)
}

/// What was given up, by the time of its last upload and its id, from behind those of `after`.
pub async fn given_up(conn: &mut Conn, before: i64, after: &(i64, String), limit: i64) -> SqlResult<Vec<GivenUp>> {
    fetch_all!(conn, GivenUp, GIVEN_UP, before, after.0, &after.1, limit)
}

pub async fn delete(conn: &mut Conn, id: &str) -> SqlResult<u64> {
    execute!(&mut *conn, FORGET_PARTS, id)?;
    execute!(conn, DELETE, id)
}

/// Attaches one upload, and answers its kind; nothing where that cannot be.
pub async fn attach(
    conn: &mut Conn,
    organization_id: &str,
    owner: &Owner,
    id: &str,
    at: &Place<'_>,
) -> SqlResult<Option<String>> {
    let Place { subject, position, now } = at;
    let (kind, owner_id) = (owner.kind(), owner.id());
    let row: Option<(String,)> = fetch_optional!(
        conn,
        (String,),
        ATTACH,
        organization_id,
        kind,
        owner_id,
        id,
        subject.kind,
        subject.id,
        *position,
        *now
    )?;
    Ok(row.map(|row| row.0))
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
