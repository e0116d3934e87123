//! Writing CSV that a spreadsheet opens without running anything.

use crate::problem::Problem;
use bytes::Bytes;
use std::borrow::Cow;

/// Rows as CSV (RFC 4180, UTF-8). A spreadsheet would take a cell that begins with `=`, `+`, `-` or `@` for a formula:
/// such a cell gets an apostrophe in front.
pub fn csv<'a, const N: usize>(rows: impl Iterator<Item = [Cow<'a, str>; N]>) -> Result<Bytes, Problem> {
    let broken = |error: csv::Error| Problem::internal(error.to_string());
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell)).map(|cell| cell.into_owned())).map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|error| Problem::internal(error.to_string()))?;
    Ok(bytes.into())
}

fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}").into() } else { cell.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_and_commas_are_harmless() {
        let rows = [["=1+1", "a,b"], ["-x", "say \"hi\"\nthere"], ["'=", "好"]];
        let written = csv(rows.into_iter().map(|row| row.map(Cow::from))).unwrap();
        assert_eq!(written, "'=1+1,\"a,b\"\r\n'-x,\"say \"\"hi\"\"\nthere\"\r\n'=,好\r\n".as_bytes());
    }
}
