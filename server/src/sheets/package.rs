//! What a workbook would take to read. It is a ZIP archive of XML parts: a few KB may inflate to gigabytes, announce a
//! table of any length, or have one long text copied for each of many elements.

use super::file::{malformed, too_large};
use crate::problem::Problem;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufRead, BufReader, Cursor, Error, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// All parts together, inflated, in bytes: 20,000 rows of a million cells have less.
const MOST_INFLATED: u64 = 64 * 1024 * 1024;
/// The most shared texts; as many as there is room for.
const MOST_TEXTS: u64 = 5_000_000;
/// The most formats of cells and sheets; spreadsheets themselves take 65,490 formats.
const MOST_COPIES: usize = 70_000;
/// What copies for formats and sheets may take, in bytes.
const MOST_COPIED: usize = 64 * 1024 * 1024;

/// Refuses a workbook that would take too much; nothing of it is kept.
pub fn check(bytes: &[u8]) -> Result<(), Problem> {
    let unreadable = |error: Error| malformed(format!("the workbook cannot be read: {error}"));
    let broken = |error: ZipError| malformed(format!("the workbook cannot be read: {error}"));
    let inflated = || too_large(format!("the workbook has more than {MOST_INFLATED} bytes when it is unpacked"));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let (mut left, mut seen) = (MOST_INFLATED, Seen::default());
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        if part.size() > left {
            return Err(inflated());
        }
        // What a part says about its size need not be so: it is read as far as there is room.
        let mut part = part.take(left + 1);
        seen.scan(BufReader::new(&mut part))?;
        std::io::copy(&mut part, &mut std::io::sink()).map_err(unreadable)?;
        left = part.limit().checked_sub(1).ok_or_else(inflated)?;
    }
    Ok(())
}

/// What makes the reader of workbooks take memory beyond what it reads.
#[derive(Default)]
struct Seen {
    /// Elements for each of which a text from elsewhere is copied.
    copies: usize,
    /// The longest tag, and so the longest text that can be copied.
    longest: usize,
}

impl Seen {
    /// Reads a part as the reader of workbooks does; where that gives up, so does it.
    fn scan(&mut self, part: impl BufRead) -> Result<(), Problem> {
        let mut xml = quick_xml::Reader::from_reader(part);
        let config = xml.config_mut();
        (config.check_end_names, config.expand_empty_elements) = (false, true);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer) {
                Ok(Event::Start(tag)) => self.note(&tag)?,
                Ok(Event::Eof) | Err(_) => return Ok(()),
                Ok(_) => {}
            }
        }
    }

    fn note(&mut self, tag: &BytesStart<'_>) -> Result<(), Problem> {
        self.longest = self.longest.max(tag.len());
        match tag.local_name().as_ref() {
            "xf" | "sheet" => self.copies += 1,
            "sst" if announces_too_many(tag) => return Err(too_large("the workbook has too many texts")),
            _ => {}
        }
        if self.copies > MOST_COPIES || self.copies.saturating_mul(self.longest) > MOST_COPIED {
            return Err(too_large("the workbook has too many formats or sheets"));
        }
        Ok(())
    }
}

/// Memory is taken for as many texts as are announced before the first is read.
fn announces_too_many(tag: &str) -> bool {
    let mut numbers = tag.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| !digits.is_empty());
    numbers.any(|digits| digits.parse::<u64>().map_or(true, |number| number > MOST_TEXTS))
}
