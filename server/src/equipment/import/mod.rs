//! Import of units from a file: all mistakes at once, all or nothing, and the same file again changes nothing. A filled
//! cell says something, an empty one says nothing; customers that are not known yet are made.

mod row;

use super::service::{self, Content};
use super::sql::import::{self as sql, GROUP};
use super::sql::{EquipmentRow, folded_serial};
use crate::audit::{self, Actor, Change};
use crate::customers;
use crate::problem::Problem;
use crate::sheets::{self, ImportReport, Table};
use crate::storage::Conn;
use row::{Column, Row, Sheet};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Imports a table, or (with `dry_run`) only says what it would do.
pub async fn import(
    conn: &mut Conn,
    actor: &Actor,
    table: &Table,
    dry_run: bool,
    now: i64,
) -> Result<ImportReport, Problem> {
    let mut sheet = row::read_all(table)?;
    let known = Known::load(conn, actor, &sheet).await?;
    for row in &sheet.rows {
        if row.model.is_none() && known.unit(row).is_none() && !sheet.cells.is_wrong(row.line, &Column::Model) {
            missing_model(&mut sheet.cells, row.line);
        }
    }
    if !sheet.cells.errors.is_empty() && !dry_run {
        return Err(sheets::refused(&sheet.into_errors()));
    }
    let bad: HashSet<usize> = sheet.cells.errors.iter().map(|error| error.line).collect();
    let mut writer = Writer { actor, known, new: Vec::new(), dry_run, now };
    let mut report = ImportReport::new(dry_run, Vec::new());
    for row in sheet.rows.iter().filter(|row| !bad.contains(&row.line)) {
        writer.take(conn, row, &mut report).await?;
    }
    writer.flush(conn).await?;
    report.errors = sheet.into_errors();
    if !dry_run && report.created + report.updated > 0 {
        let change = Change { action: "equipment.import", subject_id: &actor.organization_id, at: now };
        audit::created(conn, actor, change, &json!({ "created": report.created, "updated": report.updated })).await?;
    }
    Ok(report)
}

fn missing_model(cells: &mut sheets::Cells<Column>, line: usize) {
    let column = if cells.has(&Column::Model) { Column::Model } else { Column::SerialNumber };
    cells.wrong(line, &column, "required", "a unit that is new needs a model");
}

/// What is known of the units and customers in a file.
struct Known {
    /// By folded serial number.
    units: HashMap<String, EquipmentRow>,
    /// Ids by name.
    customers: HashMap<String, String>,
}

impl Known {
    async fn load(conn: &mut Conn, actor: &Actor, sheet: &Sheet) -> Result<Self, Problem> {
        let serials: Vec<String> = sheet.rows.iter().map(|row| folded_serial(&row.serial_number)).collect();
        let serials: Vec<&str> = serials.iter().map(String::as_str).collect();
        let units = sql::by_serials(conn, &actor.organization_id, &serials).await?;
        let customers = customers::sql::all(conn, &actor.organization_id).await?;
        Ok(Self {
            units: units.into_iter().map(|unit| (folded_serial(&unit.serial_number), unit)).collect(),
            customers: customers.into_iter().map(|customer| (customer.name, customer.id)).collect(),
        })
    }

    fn unit(&self, row: &Row) -> Option<&EquipmentRow> {
        self.units.get(&folded_serial(&row.serial_number))
    }
}

struct Writer<'a> {
    actor: &'a Actor,
    known: Known,
    /// Units that wait to be written together.
    new: Vec<EquipmentRow>,
    dry_run: bool,
    now: i64,
}

impl Writer<'_> {
    async fn take(&mut self, conn: &mut Conn, row: &Row, report: &mut ImportReport) -> Result<(), Problem> {
        let new_customer = row.customer.as_ref().filter(|name| !self.known.customers.contains_key(*name));
        if let Some(name) = new_customer.filter(|_| !self.dry_run) {
            let customer = customers::create(conn, self.actor, name, self.now).await?;
            self.known.customers.insert(customer.name, customer.id);
        }
        let customer_id = row.customer.as_ref().and_then(|name| self.known.customers.get(name).cloned());
        let Some(before) = self.known.unit(row) else {
            report.created += 1;
            if !self.dry_run {
                self.new.push(row.content(customer_id).into_row(&self.actor.organization_id, self.now)?);
            }
            if self.new.len() == GROUP {
                self.flush(conn).await?;
            }
            return Ok(());
        };
        let after = merged(row, customer_id, before).applied_to(before);
        if after == *before && (new_customer.is_none() || !self.dry_run) {
            report.unchanged += 1;
            return Ok(());
        }
        report.updated += 1;
        if !self.dry_run {
            service::write(conn, self.actor, before, after, self.now).await?;
        }
        Ok(())
    }

    async fn flush(&mut self, conn: &mut Conn) -> Result<(), Problem> {
        sql::insert(conn, &self.new).await.map_err(service::serial_taken)?;
        let entries: Vec<_> = self.new.iter().map(|unit| (unit.id.as_str(), service::summary(unit))).collect();
        audit::created_many(conn, self.actor, "equipment.create", &entries, self.now).await?;
        self.new.clear();
        Ok(())
    }
}

/// What is known of a unit, with what the row says.
fn merged(row: &Row, customer_id: Option<String>, before: &EquipmentRow) -> Content {
    let said = row.content(customer_id);
    Content {
        // The same number written differently: the first spelling stays.
        serial_number: before.serial_number.clone(),
        model: row.model.clone().unwrap_or_else(|| before.model.clone()),
        customer_id: said.customer_id.or_else(|| before.customer_id.clone()),
        site: said.site.or_else(|| before.site.clone()),
        address: said.address.or_else(|| before.address.clone()),
        position: said.position.or_else(|| before.position()),
        warranty_until: said.warranty_until.or_else(|| before.warranty_until.clone()),
    }
}
