//! Videos: MP4 and QuickTime files, told by their boxes. Their bytes stay as they are, but for what does not belong to
//! picture or sound: a telephone writes there where, when and with what the video was taken. Such boxes become free
//! space of the same size, so that nothing else moves, and names in boxes that are needed become zeros.

mod boxes;
mod erased;
mod maker;
mod track;

use crate::problem::Problem;
use boxes::{Found, children};
use bytes::Bytes;
use erased::Erased;
use mp4_atom::{Atom, Mvhd};
use paifang_core::problem::ProblemCode;
use std::future::Future;
use std::ops::Range;

/// The longest video, in milliseconds.
const LONGEST: u64 = 60_000;
/// What an encoder adds to a video that was stopped at the limit, in milliseconds.
const TOLERANCE: u64 = 1_000;
/// The largest table of contents, in bytes; that of a minute has less than a tenth of it.
const LARGEST_INDEX: u64 = 8 * 1024 * 1024;
/// The most boxes at the top of a file.
const MOST_BOXES: usize = 200;

/// What a file says about itself, and what must not stay in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Movie {
    /// Media type.
    pub content_type: &'static str,
    /// Length in milliseconds.
    pub duration_ms: u64,
    /// Width in pixels, as shown.
    pub width: u32,
    /// Height in pixels, as shown.
    pub height: u32,
    erased: Erased,
}

impl Movie {
    /// Erases what must not stay from a piece of the file that begins at `at`.
    pub fn clean(&self, at: u64, piece: &mut [u8]) {
        self.erased.clean(at, piece);
    }
}

/// Whether a file begins as an MP4 or QuickTime video does.
pub fn begins(bytes: &[u8]) -> Result<(), Problem> {
    if bytes.get(4..8) == Some(b"ftyp") { Ok(()) } else { Err(refused("a video is MP4 or MOV")) }
}

/// Reads the boxes of a file of `size` bytes; `read` answers any range of it.
pub async fn inspect<R, F>(size: u64, read: R) -> Result<Movie, Problem>
where
    R: Fn(Range<u64>) -> F,
    F: Future<Output = Result<Bytes, Problem>>,
{
    let mut erased = Erased::default();
    let (mut brand, mut index, mut media) = (None, None, false);
    let mut at = 0;
    for _ in 0..MOST_BOXES {
        if at >= size {
            break;
        }
        let head = read(at..size.min(at + 16)).await?;
        let found = boxes::first(&head, at, size).ok_or_else(|| broken("a box is cut off"))?;
        at = found.body.end;
        match &found.kind {
            b"ftyp" if found.at == 0 => {
                brand = Some(read(found.body.start..found.body.end.min(found.body.start + 4)).await?)
            }
            b"moov" if index.is_none() && found.body.end - found.body.start <= LARGEST_INDEX => index = Some(found),
            b"moov" => return Err(broken("its table of contents cannot be used")),
            b"mdat" => media = true,
            b"moof" | b"mfra" => return Err(refused("a video in fragments")),
            _ => erased.erase(&found)?,
        }
    }
    let brand = brand.ok_or_else(|| refused("a video is MP4 or MOV"))?;
    let index = index.filter(|_| media && at == size).ok_or_else(|| broken("it has no picture or no end"))?;
    let content = read(index.body.clone()).await?;
    // Takes long where somebody has made it so.
    let read =
        tokio::task::spawn_blocking(move || read_index(&content, &index, &mut erased).map(|read| (read, erased)));
    let (read, erased) = read.await.map_err(|error| Problem::internal(error.to_string()))??;
    if read.duration_ms > LONGEST + TOLERANCE {
        let detail = format!("at most {} seconds", LONGEST / 1000);
        return Err(Problem::new(ProblemCode::BodyTooLarge).detail(detail));
    }
    let content_type = if brand.as_ref() == b"qt  " { "video/quicktime" } else { "video/mp4" };
    Ok(Movie {
        content_type,
        duration_ms: read.duration_ms,
        width: read.width,
        height: read.height,
        erased: erased.within(size),
    })
}

struct Index {
    duration_ms: u64,
    width: u32,
    height: u32,
}

fn read_index(content: &[u8], index: &Found, erased: &mut Erased) -> Result<Index, Problem> {
    let (mut length, mut timescale, mut size) = (0, 0, None);
    for found in children(content, index.body.start)? {
        match &found.kind {
            b"mvhd" => {
                let header = Mvhd::decode_body(&mut found.content(content, index.body.start)).map_err(unreadable)?;
                (length, timescale) = (length.max(header.duration), header.timescale);
                erased.zero(track::times(&found, content, index.body.start))?;
            }
            b"trak" => {
                let track = track::read(content, index.body.start, &found)?;
                match track.kind {
                    track::Kind::Picture { width, height } => {
                        size = size.or(Some((width, height)));
                        length = length.max(track.duration);
                    }
                    track::Kind::Sound => length = length.max(track.duration),
                    // Positions, texts: whatever else was recorded.
                    track::Kind::Other(samples) => {
                        erased.erase(&found)?;
                        samples.into_iter().try_for_each(|range| erased.zero(range))?;
                        continue;
                    }
                }
                track.strange.iter().try_for_each(|found| erased.erase(found))?;
                track.told.into_iter().try_for_each(|range| erased.zero(range))?;
            }
            b"mvex" => return Err(refused("a video in fragments")),
            b"iods" => {}
            _ => erased.erase(&found)?,
        }
    }
    let (width, height) = size.ok_or_else(|| refused("a video without a picture"))?;
    let duration_ms = length.saturating_mul(1000).checked_div(u64::from(timescale));
    let duration_ms = duration_ms.filter(|length| *length > 0).ok_or_else(|| broken("it has no length"))?;
    Ok(Index { duration_ms, width, height })
}

fn refused(detail: &str) -> Problem {
    Problem::new(ProblemCode::MediaTypeRefused).detail(detail)
}

fn broken(detail: &str) -> Problem {
    Problem::new(ProblemCode::MediaBroken).detail(detail)
}

fn unreadable(error: mp4_atom::Error) -> Problem {
    Problem::new(ProblemCode::MediaBroken).because(error.to_string())
}

#[cfg(test)]
mod tests;
