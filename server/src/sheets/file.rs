//! Files of rows: XLSX, and CSV in UTF-8 (with or without a byte order mark) or GB18030.

use super::rows::Rows;
use super::workbook;
use crate::problem::Problem;
use csv::StringRecord;
use paifang_core::problem::ProblemCode;
use std::borrow::Cow;
use tokio::sync::Semaphore;

/// Files that are read at the same time; one that is made to take much takes a few hundred MB.
static READING: Semaphore = Semaphore::const_new(2);

/// A header and its rows, every cell as trimmed text. A row ends with its last cell that is not empty.
pub struct Table {
    /// The first row that is not empty.
    pub header: Vec<String>,
    /// Rows with their line in the file; empty lines are left out.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Reads a file as [`read`] does, on a thread that serves no requests.
pub async fn read_apart(bytes: impl AsRef<[u8]> + Send + 'static) -> Result<Table, Problem> {
    let permit = READING.acquire().await.map_err(|error| Problem::internal(error.to_string()))?;
    let table = tokio::task::spawn_blocking(move || {
        // It stays here until the file is read, also when the request is dropped meanwhile.
        let _permit = permit;
        read(bytes.as_ref())
    });
    // A reader that panics has met a file that no program writes.
    table.await.map_err(|error| malformed("the file cannot be read").because(error.to_string()))?
}

/// Reads a file of either kind, told apart by its first bytes. Takes long where somebody has made it so.
pub fn read(bytes: &[u8]) -> Result<Table, Problem> {
    let mut rows = Rows::default();
    if bytes.starts_with(b"PK\x03\x04") {
        workbook::read(bytes, &mut rows)?;
    } else {
        read_csv(&decode(bytes)?, &mut rows)?;
    }
    rows.into_table()
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.into());
    }
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    text.ok_or_else(|| malformed("the file is neither UTF-8 nor GB18030"))
}

fn read_csv(text: &str, rows: &mut Rows) -> Result<(), Problem> {
    let first_line = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|delimiter| {
        first_line.bytes().filter(|byte| byte == delimiter).count() * 2 + usize::from(*delimiter == b',')
    });
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let broken = |error: csv::Error| malformed(format!("the CSV cannot be read: {error}"));
    let (mut record, mut line, mut counted) = (StringRecord::new(), 1, 0);
    while reader.read_record(&mut record).map_err(broken)? {
        // The reader says where it was before it passed over the second half of a line's end, and over empty lines.
        let begun = record.position().map_or(counted, |position| usize::try_from(position.byte()).unwrap_or(counted));
        let passed = text.as_bytes().get(begun..).unwrap_or_default();
        let begun = begun + passed.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        line += line_ends(text.as_bytes().get(counted..begun).unwrap_or_default());
        counted = begun;
        record.iter().enumerate().try_for_each(|(column, cell)| rows.put(line, column, cell))?;
    }
    Ok(())
}

/// How many lines end in `bytes`, which do not begin or end within a line's end.
fn line_ends(bytes: &[u8]) -> usize {
    let returns = bytes.iter().filter(|byte| **byte == b'\r').count();
    let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
    returns + feeds - bytes.windows(2).filter(|pair| pair == b"\r\n").count()
}

pub(super) fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::MalformedBody).detail(detail)
}

pub(super) fn too_large(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::BodyTooLarge).detail(detail)
}
