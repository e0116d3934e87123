//! The boxes of which MP4 and QuickTime files are made.

use super::broken;
use crate::problem::Problem;
use mp4_atom::{Decode, Header};
use std::ops::Range;

/// The most boxes within another; a telephone writes a few dozen.
const MOST: usize = 10_000;

/// A box within a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub kind: [u8; 4],
    /// Where it begins in the file.
    pub at: u64,
    /// Where in the file its content is.
    pub body: Range<u64>,
}

impl Found {
    /// Its content within `bytes`, which begin at `base` in the file.
    pub fn content<'a>(&self, bytes: &'a [u8], base: u64) -> &'a [u8] {
        let index = |position: u64| usize::try_from(position.saturating_sub(base)).unwrap_or(usize::MAX);
        bytes.get(index(self.body.start)..index(self.body.end)).unwrap_or_default()
    }
}

/// The box that begins with `bytes`, at `at` in the file; nothing where it does not end by `end`.
pub fn first(bytes: &[u8], at: u64, end: u64) -> Option<Found> {
    let header = Header::decode(&mut &*bytes).ok()?;
    let long = bytes.get(..4)? == [0, 0, 0, 1];
    let start = at + if long { 16 } else { 8 };
    let stop = match header.size {
        Some(size) => start.checked_add(size as u64)?,
        None => end,
    };
    (start <= stop && stop <= end).then(|| Found { kind: header.kind.into(), at, body: start..stop })
}

/// The boxes that fill `bytes`, which begin at `base` in the file. QuickTime may end a list of boxes with four zeros.
pub fn children(bytes: &[u8], base: u64) -> Result<Vec<Found>, Problem> {
    let end = base + bytes.len() as u64;
    let (mut found, mut rest) = (Vec::new(), bytes);
    while !rest.is_empty() && rest != [0; 4] {
        let next = first(rest, end - rest.len() as u64, end).ok_or_else(|| broken("a box is cut off"))?;
        let left = usize::try_from(end - next.body.end).unwrap_or_default();
        rest = bytes.get(bytes.len() - left..).unwrap_or_default();
        if found.len() == MOST {
            return Err(broken("too many boxes"));
        }
        found.push(next);
    }
    Ok(found)
}
