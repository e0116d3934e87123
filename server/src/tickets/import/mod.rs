//! Import of attendee lists. A dry run reports every bad row at once; by default a file is taken whole or not at
//! all; the same file again changes nothing.

mod row;

use super::service::{self, Content, Issuer, Place};
use super::sql::{self, TicketRow};
use crate::audit::{self, Actor, Change};
use crate::events::sql::{EventRow, ProductRow};
use crate::events::{keys, sql as event_sql};
use crate::problem::Problem;
use crate::seal::Sealer;
use crate::sheets::{self, ImportReport, Table};
use crate::storage::Conn;
use row::Row;
use serde::Deserialize;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use utoipa::IntoParams;

/// How a file is imported.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
pub struct ImportOptions {
    /// Only report what would be done.
    #[serde(default)]
    pub dry_run: bool,
    /// Take the good rows although others are bad.
    #[serde(default)]
    pub skip_bad_rows: bool,
}

/// Imports a table into an event.
pub async fn import(
    conn: &mut Conn,
    sealer: &Sealer,
    actor: &Actor,
    event: &EventRow,
    table: &Table,
    options: ImportOptions,
    now: i64,
) -> Result<ImportReport, Problem> {
    let products = event_sql::products(conn, &actor.organization_id, &event.id).await?;
    let (rows, errors) = row::read_all(table, event, &products)?;
    if !errors.is_empty() && !options.dry_run && !options.skip_bad_rows {
        return Err(sheets::refused(&errors));
    }
    let mut known = Known::load(conn, actor, event).await?;
    let signer = keys::signer(conn, sealer, &event.id).await?;
    let issuer = Issuer { actor, event, signer: &signer, now };
    let mut report = ImportReport::new(options.dry_run, errors);
    for row in rows {
        let product = product_of(&products, &row)?;
        let content = content(&row, known.find(&row));
        match known.find(&row) {
            None => {
                report.created += 1;
                if !options.dry_run {
                    let position = known.take_position(&row);
                    let place = Place { order_code: row.order_code, reference: row.reference, position };
                    service::issue(conn, &issuer, product, place, content).await?;
                }
            }
            Some(before) if service::content_of(before)? == content => report.unchanged += 1,
            Some(before) => {
                report.updated += 1;
                if !options.dry_run {
                    service::change(conn, &issuer, product, before, content).await?;
                }
            }
        }
    }
    if !options.dry_run && report.created + report.updated > 0 {
        let change = Change { action: "ticket.import", subject_id: &event.id, at: now };
        let after = json!({ "created": report.created, "updated": report.updated, "bad_rows": report.errors.len() });
        audit::created(conn, actor, change, &after).await?;
    }
    Ok(report)
}

/// The tickets that a row may mean: by reference, else by order code and position.
struct Known {
    by_reference: HashMap<String, TicketRow>,
    by_place: HashMap<(String, i64), TicketRow>,
    /// Places that this import has filled.
    taken: HashSet<(String, i64)>,
}

impl Known {
    async fn load(conn: &mut Conn, actor: &Actor, event: &EventRow) -> Result<Self, Problem> {
        let mut known = Self { by_reference: HashMap::new(), by_place: HashMap::new(), taken: HashSet::new() };
        for row in sql::of_event(conn, &actor.organization_id, &event.id).await? {
            if let Some(reference) = &row.reference {
                known.by_reference.insert(reference.clone(), row.clone());
            }
            known.by_place.insert((row.order_code.clone(), row.position), row);
        }
        Ok(known)
    }

    fn find(&self, row: &Row) -> Option<&TicketRow> {
        match &row.reference {
            Some(reference) => self.by_reference.get(reference),
            None => self.by_place.get(&(row.order_code.clone(), row.position)),
        }
    }

    /// The place for a new ticket: the row's own, or the next free one where a ticket with another reference has it.
    fn take_position(&mut self, row: &Row) -> i64 {
        let mut place = (row.order_code.clone(), row.position);
        while self.by_place.contains_key(&place) || !self.taken.insert(place.clone()) {
            place.1 += 1;
        }
        place.1
    }
}

fn product_of<'a>(products: &'a [ProductRow], row: &Row) -> Result<&'a ProductRow, Problem> {
    let product = products.iter().find(|product| product.id == row.product_id);
    product.ok_or_else(|| Problem::internal("an import row lost its product"))
}

/// The file says nothing about state: a new ticket is valid, a known one keeps its own.
fn content(row: &Row, before: Option<&TicketRow>) -> Content {
    let status = before.and_then(|before| service::parse_status(&before.status)).map(service::status_name);
    Content {
        product_id: row.product_id.clone(),
        attendee_name: row.attendee_name.clone(),
        phone: row.phone.clone(),
        seat: row.seat.clone(),
        status: status.unwrap_or("valid"),
        needs_approval: before.is_some_and(|before| before.needs_approval),
        valid_from: row.valid_from,
        valid_until: row.valid_until,
    }
}
