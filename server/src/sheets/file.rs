//! Files of rows: XLSX, and CSV in UTF-8 (with or without a byte order mark) or GB18030.

use crate::problem::Problem;
use calamine::{Data, Reader, Xlsx};
use paifang_core::problem::ProblemCode;
use std::io::Cursor;

/// The most rows of one file.
const MOST_ROWS: usize = 20_000;

/// A header and its rows, every cell as trimmed text.
pub struct Table {
    /// The first row that is not empty.
    pub header: Vec<String>,
    /// Rows with their line in the file; empty lines are left out.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Reads a file of either kind, told apart by its first bytes.
pub fn read(bytes: &[u8]) -> Result<Table, Problem> {
    let rows = if bytes.starts_with(b"PK\x03\x04") { read_xlsx(bytes)? } else { read_csv(&decode(bytes)?)? };
    let mut rows = rows.into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
    let (_, header) = rows.next().ok_or_else(|| malformed("the file has no rows"))?;
    let rows: Vec<_> = rows.take(MOST_ROWS + 1).collect();
    if rows.len() > MOST_ROWS {
        return Err(Problem::new(ProblemCode::BodyTooLarge).detail(format!("at most {MOST_ROWS} rows in one file")));
    }
    Ok(Table { header, rows })
}

fn decode(bytes: &[u8]) -> Result<String, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    text.map(Into::into).ok_or_else(|| malformed("the file is neither UTF-8 nor GB18030"))
}

fn read_csv(text: &str) -> Result<Vec<(usize, Vec<String>)>, Problem> {
    let first_line = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|delimiter| {
        first_line.bytes().filter(|byte| byte == delimiter).count() * 2 + usize::from(*delimiter == b',')
    });
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| malformed(format!("the CSV cannot be read: {error}")))?;
        let line = record.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or_default());
        rows.push((line, record.iter().map(|cell| cell.trim().to_owned()).collect()));
    }
    Ok(rows)
}

fn read_xlsx(bytes: &[u8]) -> Result<Vec<(usize, Vec<String>)>, Problem> {
    let broken = |error: calamine::XlsxError| malformed(format!("the workbook cannot be read: {error}"));
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheet =
        workbook.worksheet_range_at(0).ok_or_else(|| malformed("the workbook has no sheet"))?.map_err(broken)?;
    let first = sheet.start().map_or(1, |(row, _)| row as usize + 1);
    Ok(sheet.rows().enumerate().map(|(index, row)| (first + index, row.iter().map(cell_text).collect())).collect())
}

/// Numbers that are whole (phone numbers, order codes) are written without a fraction.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        other => other.to_string().trim().to_owned(),
    }
}

fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::MalformedBody).detail(detail)
}
