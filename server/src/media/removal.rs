//! What nobody attaches does not stay. It is marked first, so that nobody can attach it any more, then its objects go,
//! then its row: a crash in between leaves nothing that is not found again.

use super::sql::{self, GivenUp};
use crate::app::App;
use crate::problem::Problem;
use crate::storage::Conn;
use futures_util::FutureExt;
use paifang_core::time::DAY;
use std::time::{Duration, Instant};

/// How long an upload waits to be attached, in milliseconds.
pub const KEEP_UNATTACHED: i64 = 7 * DAY;
/// How many are looked up in one go.
const AT_ONCE: i64 = 1000;
/// How long one run may try in vain: a store that is away answers late, and what else is to be forgotten waits.
const PATIENCE: Duration = Duration::from_secs(60);

/// Removes uploads that were not attached in [`KEEP_UNATTACHED`], rows and objects.
pub async fn purge(app: &App, now: i64) -> Result<(), Problem> {
    let before = now - KEEP_UNATTACHED;
    app.db.write(move |conn| async move { Ok::<_, Problem>(sql::give_up_old(conn, before).await?) }.boxed()).await?;
    let (mut after, mut lost) = ((i64::MIN, String::new()), Duration::ZERO);
    loop {
        let given_up = sql::given_up(&mut app.db.read().await?, before, &after, AT_ONCE).await?;
        let Some(last) = given_up.last() else { return Ok(()) };
        after = (last.touched_at, last.id.clone());
        for GivenUp { id, organization_id, .. } in given_up {
            let tried = Instant::now();
            match app.media.remove_all(&format!("{organization_id}/{id}")).await {
                // One that cannot be removed now holds up no other; the next purge finds it again.
                Err(problem) => {
                    tracing::warn!(%problem, media_id = id, "an upload could not be removed");
                    lost += tried.elapsed();
                    if lost > PATIENCE {
                        return Ok(());
                    }
                }
                Ok(()) => {
                    app.db
                        .write(move |conn| async move { Ok::<_, Problem>(sql::delete(conn, &id).await?) }.boxed())
                        .await?;
                }
            }
        }
    }
}

/// Gives up what a person has uploaded and not attached; what is attached belongs to what it shows.
pub async fn forget(conn: &mut Conn, organization_id: &str, person_id: &str) -> Result<(), Problem> {
    sql::give_up_of_person(conn, organization_id, person_id).await?;
    Ok(())
}
