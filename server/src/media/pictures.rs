//! Uploads of photos and signatures, which come whole.

use super::memory::{Held, Received};
use super::photo::{self, Picture, Purpose};
use super::sql::{self, Finished, MediaRow, NewUpload};
use super::uploader::{self, Uploader};
use crate::app::App;
use crate::http::body;
use crate::problem::Problem;
use crate::random;
use bytes::Bytes;
use futures_util::FutureExt;
use paifang_core::problem::ProblemCode;

/// Keeps a photo or a signature; whether it is new. Repeated under the same key, it is the one that is there.
pub async fn keep(
    app: &App,
    uploader: Uploader,
    purpose: Purpose,
    upload_key: String,
    file: Received,
) -> Result<(MediaRow, bool), Problem> {
    let now = app.clock.now();
    let (file, held) = file.finish();
    let new = NewUpload {
        id: random::id(now),
        uploader,
        upload_key,
        kind: if purpose == Purpose::Photo { "photo" } else { "signature" },
        source_size: i64::try_from(file.len()).unwrap_or(i64::MAX),
        source_sha256: body::hash(&file),
        part_size: None,
        now,
    };
    let mut conn = app.db.read().await?;
    let before = sql::by_upload_key(&mut conn, &new).await?.map(|row| uploader::same(row, &new)).transpose()?;
    if before.is_none() {
        new.uploader.check_room(&mut conn).await?;
    }
    drop(conn);
    if before.is_some_and(|row| row.status == "ready") {
        // Sent again, it is wanted: it waits from now on.
        let (row, _) = reserve(app, new.clone()).await?;
        if row.status == "ready" {
            return Ok((row, false));
        }
    }
    let picture = rewrite(app, purpose, file, held).await?;
    let (row, _) = reserve(app, new).await?;
    if row.status == "ready" {
        return Ok((row, false));
    }
    let (name, content_type) = match purpose {
        Purpose::Photo => ("photo.jpg", "image/jpeg"),
        Purpose::Signature => ("signature.png", "image/png"),
    };
    let finished = Finished {
        object: format!("{}/{}/{name}", row.organization_id, row.id),
        content_type,
        size: i64::try_from(picture.bytes.len()).unwrap_or(i64::MAX),
        width: i64::from(picture.width),
        height: i64::from(picture.height),
        duration_ms: None,
    };
    app.media.put(&finished.object, picture.bytes).await?;
    finish(app, row.id, finished).await
}

async fn reserve(app: &App, new: NewUpload) -> Result<(MediaRow, bool), Problem> {
    app.db.write(move |conn| async move { uploader::reserve(conn, &new).await }.boxed()).await
}

/// Makes an upload ready, once its object is durable; whether it was this call.
pub async fn finish(app: &App, id: String, finished: Finished) -> Result<(MediaRow, bool), Problem> {
    let (now, object) = (app.clock.now(), finished.object.clone());
    let done = app
        .db
        .write(move |conn| {
            async move {
                let changed = sql::finish(conn, &id, &finished, now).await?;
                let row = sql::ready(conn, &id).await?.ok_or_else(Problem::not_found)?;
                Ok::<_, Problem>((row, changed == 1))
            }
            .boxed()
        })
        .await;
    if done.as_ref().is_err_and(|problem| problem.code() == ProblemCode::NotFound) {
        // Given up while it was being written, and perhaps removed before this object was there.
        app.media.remove(&object).await?;
    }
    done
}

/// `held` is the file's share of the memory.
async fn rewrite(app: &App, purpose: Purpose, file: Bytes, held: Held) -> Result<Picture, Problem> {
    let header = photo::header(&file, purpose)?;
    let decoding = app.media.memory.decoding(header.megapixels).await?;
    let rewritten = tokio::task::spawn_blocking(move || {
        // They stay here until it is done, also when the request is dropped meanwhile.
        let _memory = (decoding, held);
        photo::rewrite(&file, header, purpose)
    });
    // A decoder that panics has met a file that no camera writes.
    rewritten.await.map_err(|error| Problem::new(ProblemCode::MediaBroken).because(error.to_string()))?
}
