//! The sheet of labels: a page to print and cut.

use super::sql::EquipmentRow;
use super::{landing_address, qr};
use crate::app::App;
use crate::http::html;
use crate::problem::Problem;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

const STYLE: &str = include_str!("../../templates/labels.css");

#[derive(Template)]
#[template(path = "labels.html")]
struct Sheet<'a> {
    style: &'static str,
    columns: u8,
    organization: &'a str,
    labels: Vec<Label<'a>>,
}

struct Label<'a> {
    /// Where its code leads.
    address: String,
    /// An SVG element.
    qr_code: String,
    model: &'a str,
    serial_number: &'a str,
}

/// The labels of units, in their order.
pub fn sheet(app: &App, organization: &str, units: &[EquipmentRow], columns: u8) -> Result<HttpResponse, Problem> {
    let label = |unit: &'_ EquipmentRow| {
        let address = landing_address(app, &unit.code);
        Ok((qr::svg(&address)?, address))
    };
    let drawn = units.iter().map(label).collect::<Result<Vec<_>, Problem>>()?;
    let labels = units.iter().zip(drawn).map(|(unit, (qr_code, address))| Label {
        address,
        qr_code,
        model: &unit.model,
        serial_number: &unit.serial_number,
    });
    html::page(StatusCode::OK, &Sheet { style: STYLE, columns, organization, labels: labels.collect() }, STYLE)
}
