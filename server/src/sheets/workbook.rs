//! The first sheet of an XLSX workbook, cell by cell.

use super::file::malformed;
use super::package;
use super::rows::Rows;
use crate::problem::Problem;
use calamine::{Data, DataRef, Reader, Xlsx, XlsxError};
use std::borrow::Cow;
use std::io::Cursor;

/// Reads the cells of the first sheet.
pub fn read(bytes: &[u8], rows: &mut Rows) -> Result<(), Problem> {
    package::check(bytes)?;
    let broken = |error: XlsxError| malformed(format!("the workbook cannot be read: {error}"));
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheet = workbook.sheet_names().into_iter().next().ok_or_else(|| malformed("the workbook has no sheet"))?;
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(broken)?;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        rows.put(row as usize + 1, column as usize, &text(cell.get_value()))?;
    }
    Ok(())
}

/// Numbers that are whole (phone numbers, order codes) are written without a fraction.
fn text<'c>(cell: &'c DataRef<'_>) -> Cow<'c, str> {
    match cell {
        DataRef::SharedString(text) => (*text).into(),
        DataRef::String(text) => text.into(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}").into(),
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}").into()
        }
        other => Data::from(other.clone()).to_string().into(),
    }
}
