//! Signed addresses of media: whoever has one sees the bytes until it expires, without logging in, because an image on
//! a page sends no credential.

use crate::app::App;

/// An address is good for this long at least, in milliseconds, and for twice as long at most: it stays the same for
/// this long, so that what a phone has loaded stays in its cache.
pub const LIFETIME: i64 = 15 * 60 * 1000;
const PURPOSE: &str = "media.url";

/// Where the bytes of `id` are, relative to the server.
pub fn url(app: &App, id: &str, now: i64) -> String {
    let expires = (now / LIFETIME + 2) * LIFETIME / 1000;
    let signature = app.sealer.sign(PURPOSE, message(id, expires).as_bytes());
    format!("/api/v1/media/{id}/content?expires={expires}&signature={signature}")
}

/// Milliseconds that are left of an address; nothing when it has expired or we have not signed it.
pub fn left(app: &App, id: &str, expires: i64, signature: &str, now: i64) -> Option<i64> {
    let left = expires.checked_mul(1000)?.checked_sub(now)?;
    let ours = app.sealer.verifies(PURPOSE, message(id, expires).as_bytes(), signature);
    (ours && left > 0).then_some(left)
}

fn message(id: &str, expires: i64) -> String {
    format!("{id} {expires}")
}
