//! The statement of a month: a line for each leg, and the sums.

use super::day::{DayState, LegFigures};
use super::sql::stops::StopRow;
use crate::fixes::Zone;
use crate::problem::Problem;
use paifang_core::work_order::mileage::{DayTotal, Statement, statement};
use std::borrow::Cow;

/// The columns, in Chinese, for the people who do the accounts.
pub const HEADER: [&str; COLUMNS] = [
    "日期",
    "状态",
    "出发时间",
    "出发地点",
    "到达时间",
    "到达地点",
    "计算方式",
    "直线距离（公里）",
    "里程表起（公里）",
    "里程表止（公里）",
    "里程（公里）",
    "说明",
];
/// How many columns there are.
pub const COLUMNS: usize = 12;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A length in meters; people read kilometers.
    Meters(i64),
}

impl Cell {
    /// As words.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => "".into(),
            Self::Text(text) => text.into(),
            Self::Meters(meters) => format!("{}.{:03}", meters / 1000, meters % 1000).into(),
        }
    }
}

/// A line of the statement.
pub type Line = [Cell; COLUMNS];

/// The sums of a month.
pub fn sums(days: &[DayState]) -> Statement {
    let totals: Vec<DayTotal> = days.iter().map(total).collect();
    statement(totals.iter())
}

fn total(day: &DayState) -> DayTotal {
    DayTotal {
        approved: day.status() == "approved",
        total_meters: day.figures.total_meters,
        complete: day.figures.complete,
        has_legs: !day.figures.legs.is_empty(),
    }
}

/// The lines below the header: each leg, then the sums.
pub fn lines(days: &[DayState], zone: &Zone) -> Result<Vec<Line>, Problem> {
    let mut lines = Vec::new();
    for day in days {
        for leg in &day.figures.legs {
            lines.push(line(day, leg, zone)?);
        }
    }
    let sums = sums(days);
    for (name, meters) in [("合计", sums.total_meters), ("其中已审批", sums.approved_meters)] {
        let mut line = [const { Cell::Empty }; COLUMNS];
        let [first, .., sum, _] = &mut line;
        *first = Cell::Text(name.to_owned());
        *sum = Cell::Meters(meters);
        lines.push(line);
    }
    Ok(lines)
}

fn line(day: &DayState, leg: &LegFigures, zone: &Zone) -> Result<Line, Problem> {
    let meters = |meters: Option<i64>| meters.map_or(Cell::Empty, Cell::Meters);
    let (left, from) = end(day, &leg.from, zone)?;
    let (reached, to) = end(day, &leg.to, zone)?;
    Ok([
        Cell::Text(day.day.clone()),
        Cell::Text(status(day.status()).to_owned()),
        left,
        from,
        reached,
        to,
        Cell::Text(method(&leg.method).to_owned()),
        meters(leg.straight_meters),
        meters(leg.odometer_start),
        meters(leg.odometer_end),
        meters(leg.meters),
        leg.reason.clone().map_or(Cell::Empty, Cell::Text),
    ])
}

/// When and where a leg starts or ends; nothing where the stop is no more.
fn end(day: &DayState, stop: &str, zone: &Zone) -> Result<(Cell, Cell), Problem> {
    let Some(stop) = day.stops.iter().find(|row| row.stop_key == stop) else { return Ok((Cell::Empty, Cell::Empty)) };
    Ok((Cell::Text(zone.minute(stop.counted_at)?), Cell::Text(place(stop))))
}

/// What a stop is called: by the work order's number, or what the engineer wrote.
pub fn place(stop: &StopRow) -> String {
    let kind = match stop.kind.as_str() {
        "start" => "出发",
        "end" => "收工",
        _ => "上门",
    };
    let more = stop.number.as_deref().or(stop.address.as_deref());
    more.map_or_else(|| kind.to_owned(), |more| format!("{kind} {more}"))
}

fn status(status: &str) -> &'static str {
    match status {
        "submitted" => "待审批",
        "approved" => "已审批",
        "rejected" => "已退回",
        _ => "未提交",
    }
}

fn method(method: &str) -> &'static str {
    match method {
        "odometer" => "里程表",
        "manual" => "手工填写",
        _ => "直线估算",
    }
}
