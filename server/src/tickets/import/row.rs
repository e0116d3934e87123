//! From cells to rows, with every mistake named by line and column.

use crate::events::sql::{EventRow, ProductRow};
use crate::problem::Problem;
use crate::sheets::{Cells, RowError, Table};
use crate::tickets::service::whole_seconds;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use paifang_core::time::parse_rfc3339;
use std::collections::{HashMap, HashSet};

/// A good row.
pub struct Row {
    pub order_code: String,
    pub reference: Option<String>,
    /// Place within the order, from 1, in the order of the file.
    pub position: i64,
    pub product_id: String,
    pub attendee_name: String,
    pub phone: Option<String>,
    pub seat: Option<String>,
    pub valid_from: Option<i64>,
    pub valid_until: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Column {
    OrderCode,
    Product,
    AttendeeName,
    Phone,
    Reference,
    Seat,
    ValidFrom,
    ValidUntil,
}

impl Column {
    /// Columns with the names that they may have; the first is the one that is documented.
    const NAMES: [(Self, &'static [&'static str]); 8] = [
        (Self::OrderCode, &["order_code", "order code", "order", "订单号", "订单编号"]),
        (Self::Product, &["product", "ticket type", "票种", "产品", "票类"]),
        (Self::AttendeeName, &["attendee_name", "attendee name", "name", "姓名", "参会人", "观众姓名"]),
        (Self::Phone, &["phone", "mobile", "手机", "手机号", "电话"]),
        (Self::Reference, &["reference", "ticket reference", "票号", "票据编号"]),
        (Self::Seat, &["seat", "座位", "座位号"]),
        (Self::ValidFrom, &["valid_from", "valid from", "有效期起", "生效时间"]),
        (Self::ValidUntil, &["valid_until", "valid until", "有效期止", "失效时间"]),
    ];

    fn named(header: &str) -> Option<Self> {
        let header = header.to_lowercase();
        Self::NAMES.into_iter().find(|(_, names)| names.contains(&header.as_str())).map(|(column, _)| column)
    }
}

/// Reads all rows; what is wrong with them, and the good ones.
pub fn read_all(
    table: &Table,
    event: &EventRow,
    products: &[ProductRow],
) -> Result<(Vec<Row>, Vec<RowError>), Problem> {
    let required =
        [(Column::OrderCode, "order_code"), (Column::Product, "product"), (Column::AttendeeName, "attendee_name")];
    let cells = Cells::new(&table.header, Column::named, &required)?;
    let zone = TimeZone::get(&event.time_zone).map_err(|error| Problem::internal(error.to_string()))?;
    let mut reader = Reader { cells, zone, products };
    let mut positions: HashMap<String, i64> = HashMap::new();
    let mut references: HashSet<String> = HashSet::new();
    let mut rows = Vec::new();
    for (line, cells) in &table.rows {
        let before = reader.cells.errors.len();
        let mut row = reader.read(*line, cells);
        let position = positions.entry(row.order_code.clone()).or_default();
        *position += 1;
        row.position = *position;
        if let Some(reference) = &row.reference
            && !references.insert(reference.clone())
        {
            reader.cells.wrong(*line, &Column::Reference, "duplicate", "stands in an earlier row too");
        }
        if reader.cells.errors.len() == before {
            rows.push(row);
        }
    }
    Ok((rows, reader.cells.errors))
}

struct Reader<'a> {
    cells: Cells<Column>,
    zone: TimeZone,
    products: &'a [ProductRow],
}

impl Reader<'_> {
    fn read(&mut self, line: usize, cells: &[String]) -> Row {
        let order_code = self.cells.text(line, cells, &Column::OrderCode, 64).unwrap_or_default();
        let product = self.cells.text(line, cells, &Column::Product, 100);
        let known = product.as_ref().and_then(|name| self.products.iter().find(|product| product.name == *name));
        if let Some(name) = product.filter(|_| known.is_none()) {
            self.cells.wrong(line, &Column::Product, "unknown", format!("the event has no product {name:?}"));
        }
        let attendee_name = self.cells.text(line, cells, &Column::AttendeeName, 100).unwrap_or_default();
        let valid_from = self.moment(line, cells, Column::ValidFrom);
        let valid_until = self.moment(line, cells, Column::ValidUntil);
        if valid_from.zip(valid_until).is_some_and(|(from, until)| from >= until) {
            self.cells.wrong(line, &Column::ValidUntil, "range", "must be after the start");
        }
        Row {
            order_code,
            reference: self.cells.optional(line, cells, &Column::Reference, 64),
            position: 0,
            product_id: known.map(|product| product.id.clone()).unwrap_or_default(),
            attendee_name,
            phone: self.cells.phone(line, cells, &Column::Phone),
            seat: self.cells.optional(line, cells, &Column::Seat, 60),
            valid_from,
            valid_until,
        }
    }

    /// RFC 3339, or a date (with a time) on the event's calendar; a date alone means the whole day.
    fn moment(&mut self, line: usize, cells: &[String], column: Column) -> Option<i64> {
        let text = self.cells.cell(cells, &column)?.replace('/', "-");
        let local = || {
            let whole_day = text.parse::<Date>().ok().filter(|_| text.len() <= 10).map(|date| match column {
                Column::ValidUntil => date.at(23, 59, 59, 0),
                _ => date.at(0, 0, 0, 0),
            });
            let at = whole_day.or_else(|| text.replace(' ', "T").parse::<DateTime>().ok())?;
            Some(at.to_zoned(self.zone.clone()).ok()?.timestamp().as_millisecond())
        };
        let moment = parse_rfc3339(&text).or_else(local).map(whole_seconds);
        let in_range = moment.filter(|at| (0..i64::from(u32::MAX) * 1000).contains(at));
        if in_range.is_none() {
            self.cells.wrong(line, &column, "format", "is no date; write 2026-05-01 or 2026-05-01 18:00");
        }
        in_range
    }
}
