use super::*;
use rust_xlsxwriter::Workbook;
use std::io::{Cursor, Write};
use std::time::Instant;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const MEBIBYTE: usize = 1024 * 1024;
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook of these cells.
fn workbook(cells: &[(u32, u16, &str)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, column, text) in cells {
        sheet.write(*row, *column, *text).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

/// A workbook with these parts beside what every workbook has, a part in place of its own where the name is the same.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let rels = format!(
        r#"<Relationships><Relationship Type="{RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let of_workbook = format!(
        r#"<Relationships><Relationship Id="r1" Type="{RELATIONSHIPS}/worksheet" Target="sheet.xml"/></Relationships>"#
    );
    let usual = [
        ("_rels/.rels", rels.as_str()),
        ("xl/_rels/workbook.xml.rels", of_workbook.as_str()),
        ("xl/workbook.xml", r#"<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>"#),
        (
            "xl/sheet.xml",
            r#"<worksheet><sheetData><row><c><v>a</v></c></row><row><c><v>b</v></c></row></sheetData></worksheet>"#,
        ),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let unusual = |name: &str| parts.iter().all(|(other, _)| *other != name);
    for (name, text) in usual.iter().filter(|(name, _)| unusual(name)).chain(parts) {
        writer.start_file(*name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[track_caller]
fn refused(file: &[u8], code: ProblemCode) {
    let begun = Instant::now();
    let problem = read(file).map(|table| table.rows.len()).unwrap_err();
    assert_eq!(problem.code(), code, "{:?}", problem.to_document());
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn lines_that_lie_far_apart_take_no_room_in_between() {
    let table = read(&workbook(&[(0, 1, "a"), (0, 99, " b "), (1_048_575, 1, "c"), (7, 3, "  ")])).unwrap();
    assert_eq!((table.header.len(), &*table.header[0], &*table.header[1], &*table.header[99]), (100, "", "a", "b"));
    assert_eq!(table.rows, [(1_048_576, vec![String::new(), "c".to_owned()])]);
    let table = read(&package(&[])).unwrap();
    assert_eq!((table.header, table.rows), (vec!["a".to_owned()], vec![(2, vec!["b".to_owned()])]));
}

#[test]
fn a_cell_far_to_the_right_is_refused() {
    refused(&workbook(&[(0, 0, "a"), (1_048_575, 16_383, "b")]), ProblemCode::MalformedBody);
    refused(&workbook(&[(0, 0, "a"), (0, 100, "b")]), ProblemCode::MalformedBody);
    refused(format!("a{}b\n", ",".repeat(100)).as_bytes(), ProblemCode::MalformedBody);
    let wide = format!("a{}\nb{}\n", ",".repeat(4 * MEBIBYTE), ", ".repeat(MEBIBYTE));
    let table = read(wide.as_bytes()).unwrap();
    assert_eq!((table.header, table.rows), (vec!["a".to_owned()], vec![(2, vec!["b".to_owned()])]));
}

#[test]
fn a_line_is_what_an_editor_shows_however_lines_end() {
    for end in ["\n", "\r\n", "\r"] {
        let file = ["", "a,b", "1,\"x{end}y\"", "", ",", "2,z", "3"].join(end).replace("{end}", end);
        let table = read(file.as_bytes()).unwrap();
        let rows: Vec<_> = table.rows.iter().map(|(line, cells)| (*line, cells[0].as_str(), cells.len())).collect();
        assert_eq!((table.header.len(), rows), (2, vec![(3, "1", 2), (7, "2", 2), (8, "3", 1)]), "{end:?}");
    }
}

#[test]
fn more_rows_than_may_be_are_refused_in_either_kind() {
    let cells = |rows: u32| (0..rows).map(|row| (row, 0, "x")).collect::<Vec<_>>();
    assert_eq!(read(&workbook(&cells(20_001))).unwrap().rows.len(), 20_000);
    refused(&workbook(&cells(20_002)), ProblemCode::BodyTooLarge);
    assert_eq!(read("x\n\n,\n".repeat(20_001).as_bytes()).unwrap().rows.len(), 20_000);
    refused("x\n".repeat(20_002).as_bytes(), ProblemCode::BodyTooLarge);
}

#[test]
fn a_workbook_that_inflates_to_more_than_memory_is_refused() {
    let blank = " ".repeat(65 * MEBIBYTE);
    let mut bomb = package(&[("xl/media/image1.png", &blank)]);
    assert!(bomb.len() < MEBIBYTE);
    refused(&bomb, ProblemCode::BodyTooLarge);
    // What it says of its size is changed to next to nothing.
    let said = u32::try_from(blank.len()).unwrap().to_le_bytes();
    let places: Vec<_> = (0..bomb.len() - 4).filter(|at| bomb[*at..at + 4] == said).collect();
    assert!(!places.is_empty());
    for at in places {
        bomb[at..at + 4].copy_from_slice(&[9, 0, 0, 0]);
    }
    refused(&bomb, ProblemCode::MalformedBody);
    let half = " ".repeat(33 * MEBIBYTE);
    refused(&package(&[("a", &half), ("b", &half)]), ProblemCode::BodyTooLarge);
}

#[test]
fn a_workbook_whose_few_parts_become_many_is_refused() {
    for count in ["9000000000000000", "99999999999999999999999"] {
        let texts = format!(r#"<x><sst count="1" uniqueCount="{count}"><si><t>a</t></si></sst></x>"#);
        refused(&package(&[("xl/sharedStrings.xml", &texts)]), ProblemCode::BodyTooLarge);
    }
    let long = "x".repeat(MEBIBYTE);
    let fonts = format!(r#"<fonts><font><name val="{long}"/></font></fonts>"#);
    let formats = r#"<xf fontId="0"/>"#.repeat(1000);
    let styles = format!("<styleSheet>{fonts}<cellXfs>{formats}</cellXfs></styleSheet>");
    refused(&package(&[("xl/styles.xml", &styles)]), ProblemCode::BodyTooLarge);
    let styles = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(1_000_000));
    refused(&package(&[("xl/styles.xml", &styles)]), ProblemCode::BodyTooLarge);
    let sheets = r#"<sheet name="S" r:id="r1"/>"#.repeat(1000);
    let sheets = format!("<workbook><sheets>{sheets}</sheets></workbook>");
    let rels = format!(
        r#"<Relationships><Relationship Id="r1" Type="{RELATIONSHIPS}/worksheet" Target="{long}"/></Relationships>"#
    );
    refused(
        &package(&[("xl/_rels/workbook.xml.rels", &rels), ("xl/workbook.xml", &sheets)]),
        ProblemCode::BodyTooLarge,
    );

    // One long text in many cells.
    let texts = format!("<sst><si><t>{long}</t></si></sst>");
    let row = format!("<row>{}</row>", r#"<c t="s"><v>0</v></c>"#.repeat(50));
    let cells = format!("<worksheet><sheetData>{}</sheetData></worksheet>", row.repeat(1000));
    let file = package(&[("xl/sharedStrings.xml", &texts), ("xl/sheet.xml", &cells)]);
    assert!(file.len() < MEBIBYTE);
    refused(&file, ProblemCode::BodyTooLarge);
}

#[test]
fn an_ordinary_large_workbook_is_read() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for row in 0..20_001 {
        for column in 0..10 {
            sheet.write(row, column, format!("文字 {row} {column}")).unwrap();
        }
    }
    let table = read(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!((table.header.len(), table.rows.len(), &*table.rows[19_999].1[9]), (10, 20_000, "文字 20000 9"));
}

#[tokio::test]
async fn a_file_at_which_the_reader_gives_up_is_refused() {
    let cells = |dimension: &str| {
        format!(
            r#"<worksheet><dimension ref="{dimension}"/><sheetData><row><c><v>a</v></c></row></sheetData></worksheet>"#
        )
    };
    for dimension in ["B2:A1", "", "A1:", "ZZZZZZZZ1", "A99999999999"] {
        let file = package(&[("xl/sheet.xml", &cells(dimension))]);
        // It is not needed: whatever it says, the cells are read, or it is the file that is wrong.
        let code = read_apart(file).await.map_or_else(|problem| Some(problem.code()), |_| None);
        assert!(code.is_none_or(|code| code == ProblemCode::MalformedBody), "{dimension}: {code:?}");
    }
    assert_eq!(read_apart(&b"PK\x03\x04 broken"[..]).await.map(|_| ()).unwrap_err().code(), ProblemCode::MalformedBody);
}
