//! From cells to rows, with every mistake named by line and column.

use crate::customers::LONGEST_NAME;
use crate::equipment::service::Content;
use crate::equipment::sql::folded_serial;
use crate::equipment::{LONGEST_ADDRESS, LONGEST_LABEL, warranty};
use crate::problem::Problem;
use crate::sheets::{Cells, RowError, Table};
use paifang_core::position::{Datum, Position};
use std::collections::HashSet;

/// A good row. What it does not say, is not changed.
pub struct Row {
    pub serial_number: String,
    pub model: Option<String>,
    /// The name of a customer.
    pub customer: Option<String>,
    pub site: Option<String>,
    pub address: Option<String>,
    pub position: Option<Position>,
    pub warranty_until: Option<String>,
    /// Where it stands in the file.
    pub line: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    SerialNumber,
    Model,
    Customer,
    Site,
    Address,
    Latitude,
    Longitude,
    Datum,
    WarrantyUntil,
}

impl Column {
    /// Columns with the names that they may have; the first is the one that is documented.
    const NAMES: [(Self, &'static [&'static str]); 9] = [
        (Self::SerialNumber, &["serial_number", "serial number", "serial", "序列号", "设备序列号", "设备编号"]),
        (Self::Model, &["model", "型号", "设备型号"]),
        (Self::Customer, &["customer", "customer name", "客户", "客户名称"]),
        (Self::Site, &["site", "location", "安装地点", "地点", "站点"]),
        (Self::Address, &["address", "地址", "安装地址"]),
        (Self::Latitude, &["latitude", "lat", "纬度"]),
        (Self::Longitude, &["longitude", "lng", "lon", "经度"]),
        (Self::Datum, &["datum", "坐标系"]),
        (Self::WarrantyUntil, &["warranty_until", "warranty until", "质保到期", "保修到期", "保修截止"]),
    ];

    fn named(header: &str) -> Option<Self> {
        let header = header.to_lowercase();
        Self::NAMES.into_iter().find(|(_, names)| names.contains(&header.as_str())).map(|(column, _)| column)
    }
}

/// A file that was read: the rows whose serial number is good, and the mistakes.
pub struct Sheet {
    pub rows: Vec<Row>,
    pub cells: Cells<Column>,
}

/// Reads all rows.
pub fn read_all(table: &Table) -> Result<Sheet, Problem> {
    let cells = Cells::new(&table.header, Column::named, &[(Column::SerialNumber, "serial_number")])?;
    let mut reader = Reader { cells, serials: HashSet::new() };
    let rows = table.rows.iter().filter_map(|(line, cells)| reader.read(*line, cells)).collect();
    Ok(Sheet { rows, cells: reader.cells })
}

impl Sheet {
    /// The mistakes, by line.
    pub fn into_errors(self) -> Vec<RowError> {
        let mut errors = self.cells.errors;
        errors.sort_by_key(|error| error.line);
        errors
    }
}

impl Row {
    /// What the row says of a unit that is new; its customer is given by id.
    pub fn content(&self, customer_id: Option<String>) -> Content {
        Content {
            serial_number: self.serial_number.clone(),
            model: self.model.clone().unwrap_or_default(),
            customer_id,
            site: self.site.clone(),
            address: self.address.clone(),
            position: self.position,
            warranty_until: self.warranty_until.clone(),
        }
    }
}

struct Reader {
    cells: Cells<Column>,
    serials: HashSet<String>,
}

impl Reader {
    fn read(&mut self, line: usize, cells: &[String]) -> Option<Row> {
        let serial_number = self.cells.text(line, cells, &Column::SerialNumber, LONGEST_LABEL);
        if serial_number.as_ref().is_some_and(|serial| !self.serials.insert(folded_serial(serial))) {
            self.cells.wrong(line, &Column::SerialNumber, "duplicate", "stands in an earlier row too");
        }
        let row = Row {
            model: self.cells.optional(line, cells, &Column::Model, LONGEST_LABEL),
            customer: self.cells.optional(line, cells, &Column::Customer, LONGEST_NAME),
            site: self.cells.optional(line, cells, &Column::Site, LONGEST_LABEL),
            address: self.cells.optional(line, cells, &Column::Address, LONGEST_ADDRESS),
            position: self.position(line, cells),
            warranty_until: self.day(line, cells),
            line,
            serial_number: String::new(),
        };
        Some(Row { serial_number: serial_number?, ..row })
    }

    fn position(&mut self, line: usize, cells: &[String]) -> Option<Position> {
        let datum = match self.cells.cell(cells, &Column::Datum) {
            None => Some(Datum::default()),
            Some(name) => Datum::parse(&name.to_lowercase().replace(['-', ' '], "")),
        };
        if datum.is_none() {
            self.cells.wrong(line, &Column::Datum, "unknown", "is gcj02, wgs84 or bd09");
        }
        let latitude = self.degrees(line, cells, Column::Latitude, 90.0);
        let longitude = self.degrees(line, cells, Column::Longitude, 180.0);
        let given = |column| self.cells.cell(cells, &column).is_some();
        let missing = match (given(Column::Latitude), given(Column::Longitude)) {
            (true, false) => Some((Column::Longitude, Column::Latitude)),
            (false, true) => Some((Column::Latitude, Column::Longitude)),
            _ => None,
        };
        if let Some((column, other)) = missing {
            // Where the file has no such column at all, the mistake is shown at the one that it has.
            let column = if self.cells.has(&column) { column } else { other };
            self.cells.wrong(line, &column, "required", "a position needs both latitude and longitude");
        }
        datum?.position(latitude?, longitude?)
    }

    fn degrees(&mut self, line: usize, cells: &[String], column: Column, most: f64) -> Option<f64> {
        let number: Option<f64> = self.cells.cell(cells, &column)?.parse().ok();
        match number {
            None => self.cells.wrong(line, &column, "format", "is no number of degrees; write 31.2304"),
            Some(degrees) if (-most..=most).contains(&degrees) => return number,
            Some(_) => self.cells.wrong(line, &column, "range", format!("is -{most} to {most} degrees")),
        }
        None
    }

    fn day(&mut self, line: usize, cells: &[String]) -> Option<String> {
        let day = warranty::parse_day(self.cells.cell(cells, &Column::WarrantyUntil)?);
        if day.is_none() {
            self.cells.wrong(line, &Column::WarrantyUntil, "format", "is no day; write 2027-01-31");
        }
        day
    }
}
