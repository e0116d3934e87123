//! Uploads of videos, which come in parts: each is durable once it is answered, in any order, as often as it is sent,
//! over any number of connections and days.

use super::memory::Received;
use super::movie::{self, Movie};
use super::pictures::finish;
use super::sql::{self, Finished, MediaRow, NewUpload, PartRow};
use super::store::LongObject;
use super::uploader::{self, Uploader};
use crate::app::App;
use crate::http::body;
use crate::problem::Problem;
use crate::random;
use aws_lc_rs::digest::{Context, SHA256};
use bytes::{Bytes, BytesMut};
use data_encoding::HEXLOWER;
use futures_util::FutureExt;
use paifang_core::problem::ProblemCode;
use serde_json::json;
use std::ops::Range;
use std::sync::Arc;

/// The largest video, in bytes.
pub const LIMIT: i64 = 100 * 1024 * 1024;
/// The size of a part, in bytes: what a weak network carries in one go.
pub const PART_SIZE: i64 = 1024 * 1024;

/// Begins an upload, or finds where it stands; whether it is new.
pub async fn begin(
    app: &App,
    uploader: Uploader,
    upload_key: String,
    size: i64,
    sha256: String,
) -> Result<(MediaRow, Vec<PartRow>, bool), Problem> {
    let now = app.clock.now();
    let new = NewUpload {
        id: random::id(now),
        uploader,
        upload_key,
        kind: "video",
        source_size: size,
        source_sha256: sha256,
        part_size: Some(PART_SIZE),
        now,
    };
    app.db
        .write(move |conn| {
            async move {
                let (row, is_new) = uploader::reserve(conn, &new).await?;
                let parts = sql::parts(conn, &row.id).await?;
                Ok::<_, Problem>((row, parts, is_new))
            }
            .boxed()
        })
        .await
}

/// The video, if the uploader began it.
pub async fn find(app: &App, uploader: &Uploader, id: &str) -> Result<(MediaRow, Vec<PartRow>), Problem> {
    let mut conn = app.db.read().await?;
    let row = sql::owned(&mut conn, &uploader.organization_id, &uploader.owner, id).await?;
    let row = row.filter(|row| row.kind == "video").ok_or_else(Problem::not_found)?;
    let parts = sql::parts(&mut conn, &row.id).await?;
    Ok((row, parts))
}

/// Which bytes of the file a part holds; nothing where the file has no such part.
pub fn range_of(row: &MediaRow, number: i64) -> Option<Range<i64>> {
    let size = row.part_size.unwrap_or(PART_SIZE);
    let start = number.checked_sub(1).filter(|index| *index >= 0)?.checked_mul(size)?;
    (start < row.source_size).then(|| start..row.source_size.min(start + size))
}

/// Keeps a part; the same bytes once more are no change, others are refused. Answers which parts are there.
pub async fn keep_part(
    app: &App,
    uploader: &Uploader,
    row: &MediaRow,
    parts: &[PartRow],
    number: i64,
    received: Received,
) -> Result<Vec<PartRow>, Problem> {
    // Their memory is held until they are stored.
    let (bytes, _held) = received.finish();
    let part = PartRow { number, sha256: body::hash(&bytes) };
    if let Some(known) = parts.iter().find(|known| known.number == number) {
        check_same(known, &part)?;
        return Ok(parts.to_vec());
    }
    if row.status != "receiving" {
        return Err(Problem::new(ProblemCode::Conflict).detail("this upload is complete"));
    }
    if number == 1 {
        movie::begins(&bytes)?;
    }
    let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    uploader.check_room_for(&mut app.db.read().await?, length).await?;
    let name = part_name(row, &part);
    app.media.put(&name, bytes).await?;
    let (id, attempt, now) = (row.id.clone(), row.attempt, app.clock.now());
    let kept = app
        .db
        .write(move |conn| {
            async move {
                // Given up, begun anew or completed meanwhile: the part would be lost.
                if sql::touch(conn, &id, attempt, now).await? == 0 {
                    return Err(Problem::new(ProblemCode::Conflict).detail("this upload has moved on; ask where it is"));
                }
                sql::insert_part(conn, &id, &part, length).await?;
                let parts = sql::parts(conn, &id).await?;
                let kept = parts.iter().find(|kept| kept.number == part.number).ok_or_else(Problem::not_found)?;
                check_same(kept, &part)?;
                Ok(parts)
            }
            .boxed()
        })
        .await;
    if kept.as_ref().is_err_and(|problem| problem.code() == ProblemCode::Conflict) {
        // Nothing names this object, nor will: those that are kept have another attempt or other bytes in their names.
        app.media.remove(&name).await?;
    }
    kept
}

/// Puts the parts together, checks that they are what was announced and a video, and keeps it without what says where it
/// was taken. Goes on when the phone hangs up meanwhile: it will ask again.
pub async fn complete(app: &App, row: MediaRow) -> Result<MediaRow, Problem> {
    if row.status == "ready" {
        return Ok(row);
    }
    let (this, begun) = (app.clone(), row.id.clone());
    let done = tokio::spawn(async move {
        let _memory = this.media.memory.video().await?;
        // Another request may have completed it, or begun it anew, while this one waited.
        let mut conn = this.db.read().await?;
        let row = sql::by_id(&mut conn, &begun).await?.ok_or_else(Problem::not_found)?;
        let parts = sql::parts(&mut conn, &begun).await?;
        drop(conn);
        if row.status == "ready" { Ok(row) } else { put_together(&this, row, parts).await }
    });
    let failed = match done.await {
        Ok(Ok(ready)) => return Ok(ready),
        Ok(Err(problem)) => problem,
        Err(panicked) => Problem::internal(panicked.to_string()),
    };
    // Another request may have completed it meanwhile, or begun it anew, and removed the parts that this one was reading.
    match sql::by_id(&mut app.db.read().await?, &row.id).await? {
        Some(now) if now.status == "ready" => Ok(now),
        Some(now) if now.attempt != row.attempt => Err(other_bytes()),
        _ => Err(failed),
    }
}

fn other_bytes() -> Problem {
    let detail = "the bytes are not those that were announced; send all parts again";
    Problem::new(ProblemCode::MediaBroken).detail(detail)
}

async fn put_together(app: &App, row: MediaRow, parts: Vec<PartRow>) -> Result<MediaRow, Problem> {
    let missing: Vec<_> = (1..)
        .take_while(|number| range_of(&row, *number).is_some())
        .filter(|number| parts.iter().all(|part| part.number != *number))
        .collect();
    if !missing.is_empty() {
        let problem = Problem::new(ProblemCode::Conflict).detail("some parts are missing");
        return Err(problem.with("missing", json!(missing)));
    }
    let size = u64::try_from(row.source_size).unwrap_or_default();
    let movie = Arc::new(movie::inspect(size, |range| read(app, &row, &parts, range)).await?);
    let extension = if movie.content_type == "video/mp4" { "mp4" } else { "mov" };
    let object = format!("{}/{}/video.{extension}", row.organization_id, row.id);
    let mut long = app.media.begin(&object).await?;
    match copy(app, &row, &parts, &movie, &mut long).await {
        Ok(sha256) if sha256 == row.source_sha256 => long.finish().await?,
        Ok(_) => {
            long.abort().await;
            // Nobody knows which part is wrong, and none can be replaced: the upload begins anew.
            let (id, attempt) = (row.id.clone(), row.attempt);
            app.db
                .write(move |conn| async move { Ok::<_, Problem>(sql::begin_anew(conn, &id, attempt).await?) }.boxed())
                .await?;
            remove_parts(app, &row, &attempt_name(&row)).await;
            return Err(other_bytes());
        }
        Err(problem) => {
            long.abort().await;
            return Err(problem);
        }
    }
    let finished = Finished {
        object,
        content_type: movie.content_type,
        size: row.source_size,
        width: i64::from(movie.width),
        height: i64::from(movie.height),
        duration_ms: Some(i64::try_from(movie.duration_ms).unwrap_or(i64::MAX)),
    };
    let (ready, _) = finish(app, row.id.clone(), finished).await?;
    remove_parts(app, &row, &parts_name(&row)).await;
    Ok(ready)
}

/// Parts that nothing names any more; what cannot be removed now goes with the upload.
async fn remove_parts(app: &App, row: &MediaRow, below: &str) {
    if let Err(problem) = app.media.remove_all(below).await {
        tracing::warn!(%problem, media_id = row.id, "the parts of a video could not be removed");
    }
}

/// Copies the cleaned parts into the object; answers the SHA-256 of what was uploaded.
async fn copy(
    app: &App,
    row: &MediaRow,
    parts: &[PartRow],
    movie: &Arc<Movie>,
    long: &mut LongObject,
) -> Result<String, Problem> {
    let mut hash = Context::new(&SHA256);
    for range in (1..).map_while(|number| range_of(row, number)) {
        let range = u64::try_from(range.start).unwrap_or_default()..u64::try_from(range.end).unwrap_or_default();
        let (at, movie) = (range.start, Arc::clone(movie));
        let bytes = read(app, row, parts, range).await?;
        let worked = tokio::task::spawn_blocking(move || {
            hash.update(&bytes);
            let mut piece = BytesMut::from(bytes);
            movie.clean(at, &mut piece);
            (hash, piece.freeze())
        });
        let piece;
        (hash, piece) = worked.await.map_err(|error| Problem::internal(error.to_string()))?;
        long.add(piece).await?;
    }
    Ok(HEXLOWER.encode(hash.finish().as_ref()))
}

/// A range of the file, out of the parts that hold it.
async fn read(app: &App, row: &MediaRow, parts: &[PartRow], range: Range<u64>) -> Result<Bytes, Problem> {
    let size = u64::try_from(row.part_size.unwrap_or(PART_SIZE)).unwrap_or(1).max(1);
    let mut bytes = BytesMut::new();
    let mut at = range.start;
    while at < range.end {
        let index = at / size;
        let until = range.end.min((index + 1) * size);
        let part = usize::try_from(index).ok().and_then(|index| parts.get(index)).ok_or_else(Problem::not_found)?;
        let within = at - index * size..until - index * size;
        bytes.extend_from_slice(&app.media.range(&part_name(row, part), within).await?);
        at = until;
    }
    Ok(bytes.freeze())
}

fn check_same(known: &PartRow, sent: &PartRow) -> Result<(), Problem> {
    let other = || Problem::new(ProblemCode::Conflict).detail("other bytes are kept under this number");
    if known.sha256 == sent.sha256 { Ok(()) } else { Err(other()) }
}

fn parts_name(row: &MediaRow) -> String {
    format!("{}/{}/parts", row.organization_id, row.id)
}

/// Parts of one attempt are apart from those of the next, so that they can be removed while those arrive.
fn attempt_name(row: &MediaRow) -> String {
    format!("{}/{}", parts_name(row), row.attempt)
}

/// The hash in the name keeps two parts apart that are sent under one number at the same time; a piece of it is enough,
/// and some stores refuse long names.
fn part_name(row: &MediaRow, part: &PartRow) -> String {
    let hash = part.sha256.get(..16).unwrap_or_default();
    format!("{}/{:05}-{hash}", attempt_name(row), part.number)
}
