//! Tracks: picture, sound, and what else was recorded.

use super::boxes::{Found, children};
use super::{maker, unreadable};
use crate::problem::Problem;
use mp4_atom::{Atom, Co64, Stco, Stsc, Stsz, StszSamples, Tkhd};
use std::ops::Range;

/// What a track is.
pub enum Kind {
    /// Pictures, with their size in pixels as shown.
    Picture {
        /// Width.
        width: u32,
        /// Height.
        height: u32,
    },
    /// Sound.
    Sound,
    /// Something else, and where its samples are in the file.
    Other(Vec<Range<u64>>),
}

/// A track.
pub struct Track {
    /// What it is.
    pub kind: Kind,
    /// Its length in units of the file.
    pub duration: u64,
    /// Boxes in it that neither picture nor sound need.
    pub strange: Vec<Found>,
    /// Where it says when and with what it was recorded.
    pub told: Vec<Range<u64>>,
}

/// Reads the track `found` within `index`, which begins at `base` in the file.
pub fn read(index: &[u8], base: u64, found: &Found) -> Result<Track, Problem> {
    let mut header = Tkhd::default();
    let mut handler = None;
    let (mut strange, mut tables, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for part in children(found.content(index, base), found.body.start)? {
        match &part.kind {
            b"tkhd" => {
                header = Tkhd::decode_body(&mut part.content(index, base)).map_err(unreadable)?;
                told.push(times(&part, index, base));
            }
            b"mdia" => {
                for part in children(part.content(index, base), part.body.start)? {
                    match &part.kind {
                        // Version and flags, the kind of the component (QuickTime), then the kind of the track.
                        b"hdlr" => {
                            handler = part.content(index, base).get(8..12).map(<[u8]>::to_vec);
                            told.push(maker::of_handler(&part));
                        }
                        b"minf" => tables.push(part),
                        b"mdhd" => told.push(times(&part, index, base)),
                        b"elng" => {}
                        _ => strange.push(part),
                    }
                }
            }
            b"edts" | b"tref" | b"tapt" | b"trgr" | b"load" | b"clip" | b"matt" => {}
            _ => strange.push(part),
        }
    }
    let kind = match handler.as_deref() {
        Some(b"vide") => {
            let (width, height) = (u32::from(header.width.integer()), u32::from(header.height.integer()));
            let turned = header.matrix.a == 0 && header.matrix.b != 0;
            if turned { Kind::Picture { width: height, height: width } } else { Kind::Picture { width, height } }
        }
        Some(b"soun") => Kind::Sound,
        _ => Kind::Other(samples(index, base, &tables)?),
    };
    if !matches!(kind, Kind::Other(_)) {
        for part in &tables {
            let marks = maker::of_information(part, index, base, matches!(kind, Kind::Picture { .. }))?;
            told.extend(marks.bytes);
            strange.extend(marks.strange);
        }
    }
    Ok(Track { kind, duration: header.duration, strange, told })
}

/// Where the header `found` of a file, a track or its media says when it was made and changed: after version and flags,
/// in 32 bits each, or 64 from version 1 on.
pub fn times(found: &Found, index: &[u8], base: u64) -> Range<u64> {
    let length = if found.content(index, base).first() == Some(&0) { 8 } else { 16 };
    let start = found.body.start + 4;
    start.min(found.body.end)..(start + length).min(found.body.end)
}

/// Where the samples of a track are, as its tables say.
fn samples(index: &[u8], base: u64, tables: &[Found]) -> Result<Vec<Range<u64>>, Problem> {
    let (mut chunks, mut sizes, mut groups) = (Vec::new(), StszSamples::default(), Vec::new());
    for media in tables {
        for part in children(media.content(index, base), media.body.start)? {
            if &part.kind != b"stbl" {
                continue;
            }
            for table in children(part.content(index, base), part.body.start)? {
                let mut content = table.content(index, base);
                match &table.kind {
                    b"stco" => {
                        let offsets = Stco::decode_body(&mut content).map_err(unreadable)?.entries;
                        chunks = offsets.into_iter().map(u64::from).collect();
                    }
                    b"co64" => chunks = Co64::decode_body(&mut content).map_err(unreadable)?.entries,
                    b"stsz" => sizes = Stsz::decode_body(&mut content).map_err(unreadable)?.samples,
                    b"stsc" => groups = Stsc::decode_body(&mut content).map_err(unreadable)?.entries,
                    _ => {}
                }
            }
        }
    }
    let mut groups = groups.into_iter().peekable();
    let (mut each, mut next) = (0, 0_usize);
    let mut ranges = Vec::new();
    for (number, offset) in (1..).zip(chunks) {
        while let Some(group) = groups.next_if(|group| group.first_chunk <= number) {
            each = group.samples_per_chunk as usize;
        }
        let length = match &sizes {
            StszSamples::Identical { size, .. } => u64::from(*size) * each as u64,
            StszSamples::Different { sizes } => {
                let here = sizes.iter().skip(next).take(each);
                here.map(|size| u64::from(*size)).sum()
            }
        };
        next = next.saturating_add(each);
        ranges.push(offset..offset.saturating_add(length));
    }
    Ok(ranges)
}
