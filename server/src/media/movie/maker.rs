//! With what a track was recorded: makers write their names into boxes that picture and sound need.

use super::boxes::{Found, children, first};
use crate::problem::Problem;
use std::ops::Range;

/// What of a track says who made it.
#[derive(Default)]
pub struct Marks {
    /// Bytes that become zero.
    pub bytes: Vec<Range<u64>>,
    /// Boxes that neither picture nor sound need.
    pub strange: Vec<Found>,
}

/// What the handler `found`, of a track or (QuickTime) of its data, says after version, flags and the types of component
/// and track: manufacturer and name. Zeros are an empty name, both where a zero ends it and where its length begins it.
pub fn of_handler(found: &Found) -> Range<u64> {
    within(found, 12..u64::MAX)
}

/// The marks in the media information `found` of a track, in `index`, which begins at `base` in the file.
pub fn of_information(found: &Found, index: &[u8], base: u64, is_picture: bool) -> Result<Marks, Problem> {
    let mut marks = Marks::default();
    for part in children(found.content(index, base), found.body.start)? {
        match &part.kind {
            b"hdlr" => marks.bytes.push(of_handler(&part)),
            b"dinf" => {
                for references in named(b"dref", &part, index, base)? {
                    // The samples are in this file: that is said by flags, and needs no path.
                    let each = entries(&references, index, base)?;
                    marks.bytes.extend(each.iter().map(|reference| within(reference, 4..u64::MAX)));
                }
            }
            b"stbl" => {
                for descriptions in named(b"stsd", &part, index, base)? {
                    for description in entries(&descriptions, index, base)? {
                        marks.add_description(&description, index, base, is_picture);
                    }
                }
            }
            b"vmhd" | b"smhd" => {}
            _ => marks.strange.push(part),
        }
    }
    Ok(marks)
}

impl Marks {
    /// How samples are encoded. That of pictures and that of sound both have a vendor; that of pictures has the name of
    /// the encoder in 32 bytes, and ends with boxes.
    fn add_description(&mut self, found: &Found, index: &[u8], base: u64, is_picture: bool) {
        self.bytes.push(within(found, 12..16));
        if !is_picture {
            return;
        }
        self.bytes.push(within(found, 42..74));
        let (mut at, end) = (found.body.start + 78, found.body.end);
        let next = |at| first(Found { body: at..end, ..*found }.content(index, base), at, end);
        // Some end with a few bytes that are no box.
        while let Some(part) = next(at) {
            at = part.body.end;
            if matches!(&part.kind, b"udta" | b"meta" | b"uuid") {
                self.strange.push(part);
            }
        }
    }
}

/// A range of what `found` holds, as far as it goes.
fn within(found: &Found, range: Range<u64>) -> Range<u64> {
    let place = |offset: u64| found.body.start.saturating_add(offset).min(found.body.end);
    place(range.start)..place(range.end)
}

/// The boxes of that name directly within `found`.
fn named(kind: &[u8; 4], found: &Found, index: &[u8], base: u64) -> Result<Vec<Found>, Problem> {
    let mut parts = children(found.content(index, base), found.body.start)?;
    parts.retain(|part| part.kind == *kind);
    Ok(parts)
}

/// The boxes within `found` that come after version, flags and their number.
fn entries(found: &Found, index: &[u8], base: u64) -> Result<Vec<Found>, Problem> {
    let content = found.content(index, base).get(8..).unwrap_or_default();
    children(content, found.body.end - content.len() as u64)
}
