//! Uploads of photos and signatures, which come whole.

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
    file: Bytes,
) -> Result<(MediaRow, bool), Problem> {
    let now = app.clock.now();
    let new = NewUpload {
        id: random::id(now),
        organization_id: uploader.organization_id,
        owner: uploader.owner,
        upload_key,
        kind: if purpose == Purpose::Photo { "photo" } else { "signature" },
        source_size: i64::try_from(file.len()).unwrap_or(i64::MAX),
        source_sha256: body::hash(&file),
        part_size: None,
        now,
    };
    let mut conn = app.db.read().await?;
    let known = sql::by_upload_key(&mut conn, &new.organization_id, &new.owner, &new.upload_key).await?;
    drop(conn);
    if let Some(row) = known.map(|row| uploader::same(row, &new)).transpose()?
        && row.status == "ready"
    {
        return Ok((row, false));
    }
    let picture = rewrite(app, purpose, file).await?;
    let row = app.db.write(move |conn| async move { uploader::reserve(conn, &new).await }.boxed()).await?.0;
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

/// Makes an upload ready, once its object is durable; whether it was this call.
pub async fn finish(app: &App, id: String, finished: Finished) -> Result<(MediaRow, bool), Problem> {
    let now = app.clock.now();
    app.db
        .write(move |conn| {
            async move {
                let changed = sql::finish(conn, &id, &finished, now).await?;
                // Given up while it was being written: its objects go with the row.
                let row = sql::ready(conn, &id).await?.ok_or_else(Problem::not_found)?;
                Ok::<_, Problem>((row, changed == 1))
            }
            .boxed()
        })
        .await
}

async fn rewrite(app: &App, purpose: Purpose, file: Bytes) -> Result<Picture, Problem> {
    let header = photo::header(&file, purpose)?;
    let _memory = app.media.decoding(header.megapixels).await?;
    let rewritten = tokio::task::spawn_blocking(move || photo::rewrite(&file, header, purpose)).await;
    // A decoder that panics has met a file that no camera writes.
    rewritten.map_err(|error| Problem::new(ProblemCode::MediaBroken).because(error.to_string()))?
}
