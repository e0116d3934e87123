//! Import of bindings from a file: all mistakes at once, all or nothing, and the same file again changes nothing. A
//! filled cell says which openid is the user's in that channel; an empty one says nothing.

mod plan;
mod row;
mod write;

use super::By;
use super::channels::Channels;
use super::service::{Binder, Effects};
use super::verify::{self, Facts};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::problem::Problem;
use crate::sheets::{self, ImportReport, Table};
use crate::storage::Conn;
use futures_util::FutureExt;
use plan::{Kind, State};
use row::Sheet;
use serde_json::json;
use std::collections::HashSet;

/// Imports a table, or (with `dry_run`) only says what it would do.
pub async fn import(
    app: &App,
    actor: &Actor,
    table: &Table,
    channel: Option<&str>,
    dry_run: bool,
) -> Result<ImportReport, Problem> {
    let channels = Channels::load(&mut app.db.read().await?, &actor.organization_id).await?;
    let sheet = row::read(table, &channels, channel)?;
    let wanted = sheet.rows.iter().flat_map(|row| &row.openids);
    let wanted = wanted.map(|(appid, openid)| (appid.as_str(), openid.as_str()));
    let facts = verify::verify(app, &actor.organization_id, &channels, wanted).await?;
    let (actor, now) = (actor.clone(), app.clock.now());
    if dry_run {
        let mut conn = app.db.read().await?;
        return dry(&mut conn, &actor, sheet, &facts).await;
    }
    let written = app.db.write(move |conn| async move { take(conn, &actor, sheet, &facts, now).await }.boxed());
    let (report, effects) = written.await?;
    effects.follow(app).await?;
    Ok(report)
}

async fn dry(conn: &mut Conn, actor: &Actor, mut sheet: Sheet, facts: &Facts) -> Result<ImportReport, Problem> {
    let state = State::load(conn, &actor.organization_id, &sheet).await?;
    let kinds = plan::plan(&mut sheet, &state, facts);
    Ok(report(sheet, &kinds, true))
}

async fn take(
    conn: &mut Conn,
    actor: &Actor,
    mut sheet: Sheet,
    facts: &Facts,
    now: i64,
) -> Result<(ImportReport, Effects), Problem> {
    let binder = Binder { actor, by: By::Import, facts, now };
    let openids = sheet.rows.iter().flat_map(|row| &row.openids);
    binder.lock(conn, openids.map(|(appid, openid)| (appid.as_str(), openid.as_str()))).await?;
    let state = State::load(conn, &actor.organization_id, &sheet).await?;
    let kinds = plan::plan(&mut sheet, &state, facts);
    if !sheet.cells.errors.is_empty() {
        return Err(sheets::refused(&sheet.cells.errors));
    }
    let effects = write::write(conn, &binder, &sheet, &state, &kinds).await?;
    let report = report(sheet, &kinds, false);
    if report.created + report.updated > 0 {
        let change = Change { action: "binding.import", subject_id: &actor.organization_id, at: now };
        audit::created(conn, actor, change, &json!({ "created": report.created, "updated": report.updated })).await?;
    }
    Ok((report, effects))
}

/// Counts the rows without a mistake.
fn report(sheet: Sheet, kinds: &[Kind], dry_run: bool) -> ImportReport {
    let bad: HashSet<usize> = sheet.cells.errors.iter().map(|error| error.line).collect();
    let good = || sheet.rows.iter().zip(kinds).filter(|(row, _)| !bad.contains(&row.line));
    let count = |kind: Kind| good().filter(|(_, of_row)| **of_row == kind).count();
    let (created, updated, unchanged) = (count(Kind::Created), count(Kind::Updated), count(Kind::Unchanged));
    ImportReport { dry_run, created, updated, unchanged, errors: sheet.cells.errors }
}
