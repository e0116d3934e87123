//! Monthly statements over HTTP: JSON, CSV and XLSX of the same lines.

use super::whose;
use crate::app::App;
use crate::fixes::Zone;
use crate::http::page::Query;
use crate::http::{Guest, ProblemDocument};
use crate::mileage::day::{self, DayState, LegFigures};
use crate::mileage::statement::{self, Cell, HEADER, Line};
use crate::problem::Problem;
use crate::sheets;
use crate::work_orders::ServiceSettings;
use crate::work_orders::views::Named;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use jiff::civil::Date;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::{IntoParams, ToSchema};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// In which form.
#[derive(Deserialize, IntoParams)]
pub struct StatementQuery {
    /// `json` (when absent), `csv` or `xlsx`.
    format: Option<String>,
}

/// The mileage of an engineer's month.
#[derive(Serialize, ToSchema)]
#[schema(as = MileageStatement)]
pub struct StatementView {
    /// As `2026-11`, on the organization's calendar.
    month: String,
    engineer: Named,
    /// The days that have stops.
    days: Vec<StatementDay>,
    /// Of all days.
    total_meters: i64,
    /// Of the approved days.
    approved_meters: i64,
    /// Days with legs that are not approved.
    days_open: usize,
    /// Whether every leg of every day has a length.
    complete: bool,
}

/// A day of a statement.
#[derive(Serialize, ToSchema)]
pub struct StatementDay {
    day: String,
    status: String,
    total_meters: i64,
    complete: bool,
    legs: Vec<StatementLeg>,
}

/// A leg of a statement.
#[derive(Serialize, ToSchema)]
pub struct StatementLeg {
    /// Where it starts, for people: the work order's number, or what the engineer wrote.
    from_place: String,
    /// Where it ends.
    to_place: String,
    #[serde(flatten)]
    figures: LegFigures,
}

/// The statement of a month: one's own (`me` or the id), or anybody's for who approves. Times in files are those of the
/// organization's time zone, lengths are kilometers.
#[utoipa::path(tag = "mileage", params(StatementQuery),
    responses((status = 200, body = StatementView), (status = 200, content_type = "text/csv", body = String),
        (status = "default", body = ProblemDocument)))]
#[get("/mileage-statements/{engineer}/{month}")]
pub async fn get_statement(
    app: web::Data<App>,
    caller: Guest,
    path: web::Path<(String, String)>,
    query: Query<StatementQuery>,
) -> Result<HttpResponse, Problem> {
    let (engineer, month) = path.into_inner();
    let mut conn = app.db.read().await?;
    let (engineer_id, name) = whose(&mut conn, &caller, &engineer).await?;
    let (first, last) = days_of(&month).ok_or_else(Problem::not_found)?;
    let days = day::between(&mut conn, &caller.organization_id, &engineer_id, (&first, &last)).await?;
    let settings = ServiceSettings::of(&mut conn, &caller.organization_id).await?;
    let lines = || statement::lines(&days, &Zone(settings.zone()));
    match query.0.format.as_deref().unwrap_or("json") {
        "json" => Ok(HttpResponse::Ok().json(view(month, engineer_id, name, &days))),
        "csv" => Ok(file("text/csv; charset=utf-8", &format!("mileage-{month}.csv"), csv(&lines()?)?)),
        "xlsx" => Ok(file(XLSX, &format!("mileage-{month}.xlsx"), xlsx(&month, &lines()?)?)),
        _ => Err(Problem::field("format", "unknown", "is `json`, `csv` or `xlsx`")),
    }
}

/// The first and last day of a month as `2026-11`.
fn days_of(month: &str) -> Option<(String, String)> {
    let first = format!("{month}-01").parse::<Date>().ok().filter(|first| first.to_string().starts_with(month))?;
    (month.len() == 7).then(|| (first.to_string(), first.last_of_month().to_string()))
}

fn view(month: String, engineer_id: String, name: Option<String>, days: &[DayState]) -> StatementView {
    let sums = statement::sums(days);
    let place = |day: &DayState, stop: &str| {
        let stop = day.stops.iter().find(|row| row.stop_key == stop);
        stop.map(statement::place).unwrap_or_default()
    };
    let of_day = |day: &DayState| StatementDay {
        day: day.day.clone(),
        status: day.status().to_owned(),
        total_meters: day.figures.total_meters,
        complete: day.figures.complete,
        legs: day
            .figures
            .legs
            .iter()
            .map(|leg| StatementLeg {
                from_place: place(day, &leg.from),
                to_place: place(day, &leg.to),
                figures: leg.clone(),
            })
            .collect(),
    };
    StatementView {
        month,
        engineer: Named { id: engineer_id, name },
        days: days.iter().map(of_day).collect(),
        total_meters: sums.total_meters,
        approved_meters: sums.approved_meters,
        days_open: sums.days_open,
        complete: sums.complete,
    }
}

fn file(content_type: &str, name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes)
}

/// With a byte order mark, without which spreadsheets misread Chinese.
fn csv(lines: &[Line]) -> Result<Vec<u8>, Problem> {
    let head = std::iter::once(HEADER.map(Cow::from));
    let rows = sheets::csv(head.chain(lines.iter().map(|line| line.each_ref().map(Cell::text))))?;
    Ok([&b"\xef\xbb\xbf"[..], &rows].concat())
}

fn xlsx(month: &str, lines: &[Line]) -> Result<Vec<u8>, Problem> {
    workbook(month, lines).map_err(|error| Problem::internal(error.to_string()))
}

/// Words are written as words, so that none of them is a formula.
fn workbook(month: &str, lines: &[Line]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (bold, kilometers) = (Format::new().set_bold(), Format::new().set_num_format("0.000"));
    let sheet = workbook.add_worksheet().set_name(month)?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, name) in (0..).zip(HEADER) {
        sheet.write_string_with_format(0, column, name, &bold)?;
        sheet.set_column_width(column, 18)?;
    }
    for (row, line) in (1..).zip(lines) {
        for (column, cell) in (0..).zip(line) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    sheet.write_string(row, column, text)?;
                }
                Cell::Meters(meters) => {
                    sheet.write_number_with_format(row, column, *meters as f64 / 1000.0, &kilometers)?;
                }
            }
        }
    }
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::days_of;

    #[test]
    fn a_month_is_its_days() {
        let of = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
        assert_eq!(days_of("2024-02"), of("2024-02-01", "2024-02-29"));
        assert_eq!(days_of("2026-12"), of("2026-12-01", "2026-12-31"));
        for wrong in ["2026-13", "2026-1", "2026", "2026-011", "x", "26-11-0"] {
            assert_eq!(days_of(wrong), None, "{wrong}");
        }
    }
}
