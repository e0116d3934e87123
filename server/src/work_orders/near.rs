//! Pages of waiting orders by their distance from a position. The position of the first page travels in the cursor, so
//! that the pages that follow fit to it while the engineer moves.

use super::sql::WorkOrderRow;
use super::sql::lists;
use super::sql::near::{self as rows, Filter, RANGES};
use crate::problem::Problem;
use crate::storage::Conn;
use data_encoding::BASE64URL_NOPAD;
use paifang_core::position::Position;
use paifang_core::problem::ProblemCode;
use paifang_core::work_order::near::{Candidate, Range, Search, position_of};
use std::collections::HashMap;

/// With at most so many orders due, they are sorted directly.
const FEW_DUE: i64 = 5000;
/// The distance of what has no position: it comes last.
const NOWHERE: i64 = i64::MAX;

/// Where a page starts.
#[derive(Clone, Debug)]
pub struct Cursor {
    /// From where distances are measured.
    pub origin: Position,
    /// The last order of the page before.
    pub after: Option<Candidate>,
}

impl Cursor {
    /// Reads a cursor.
    pub fn parse(text: &str) -> Option<Self> {
        let text = String::from_utf8(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok()?;
        let mut parts = text.splitn(4, ' ');
        let origin = Position::from_e6(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?)?;
        let after = Candidate { distance: parts.next()?.parse().ok()?, id: parts.next()?.to_owned() };
        Some(Self { origin, after: Some(after) })
    }

    /// Writes the cursor of the page after `last`.
    fn write(origin: Position, last: &Candidate) -> String {
        let (latitude, longitude) = (origin.latitude_e6(), origin.longitude_e6());
        BASE64URL_NOPAD.encode(format!("{latitude} {longitude} {} {}", last.distance, last.id).as_bytes())
    }
}

/// Reads `near`: degrees as `31.2304,121.4737`.
pub fn parse_origin(near: &str) -> Result<Position, Problem> {
    let (latitude, longitude) = near
        .split_once(',')
        .and_then(|(latitude, longitude)| Some((latitude.trim().parse().ok()?, longitude.trim().parse().ok()?)))
        .ok_or_else(|| Problem::new(ProblemCode::MalformedParameter).detail("near"))?;
    Position::from_degrees(latitude, longitude).ok_or_else(|| Problem::field("near", "range", "lies off the globe"))
}

/// A page of the nearest, with their distances (none where an order has no position), and the cursor of the next.
pub struct Nearest {
    /// The orders, nearest first.
    pub orders: Vec<(WorkOrderRow, Option<i64>)>,
    /// Where the next page starts.
    pub next: Option<String>,
}

/// The next `limit` orders.
pub async fn page(
    conn: &mut Conn,
    organization_id: &str,
    cursor: Cursor,
    filter: &Filter,
    limit: i64,
) -> Result<Nearest, Problem> {
    let wanted = usize::try_from(limit).unwrap_or_default() + 1;
    let mut found = match few_due(conn, organization_id, filter).await? {
        Some(due) => among(&due, &cursor, wanted),
        None => search(conn, organization_id, &cursor, filter, wanted).await?,
    };
    let more = found.len() >= wanted;
    found.truncate(wanted - 1);
    let next = found.last().filter(|_| more).map(|last| Cursor::write(cursor.origin, last));
    let ids: Vec<&str> = found.iter().map(|candidate| candidate.id.as_str()).collect();
    let rows = lists::waiting_by_id(conn, organization_id, &ids).await?;
    let mut by_id: HashMap<String, WorkOrderRow> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
    let placed = |candidate: &Candidate| Some(candidate.distance).filter(|distance| *distance != NOWHERE);
    // What somebody has taken since the search is left out.
    let orders = found.iter().filter_map(|candidate| Some((by_id.remove(&candidate.id)?, placed(candidate)))).collect();
    Ok(Nearest { orders, next })
}

async fn search(
    conn: &mut Conn,
    organization_id: &str,
    cursor: &Cursor,
    filter: &Filter,
    wanted: usize,
) -> Result<Vec<Candidate>, Problem> {
    let mut search = Search::new(cursor.origin, cursor.after.clone(), wanted);
    // With twice as many at once as are wanted, the fewest rows are read in all, by the fewest statements. Where only
    // some are due, each row stands for many that are looked at: then it is better to ask more often for fewer.
    let some = if filter.due_before.is_some() { wanted.div_ceil(4) } else { 2 * wanted };
    loop {
        let ranges = search.next_ranges(RANGES);
        if ranges.is_empty() {
            break;
        }
        let at_once = if ranges.iter().any(Range::is_spot) { some.max(wanted) } else { some };
        let limit = i64::try_from(at_once).unwrap_or(i64::MAX);
        let mut cells = [(0, 0, ""); RANGES];
        for (cells, range) in cells.iter_mut().zip(&ranges) {
            *cells = (range.from, range.until, search.start_in(range));
        }
        let mut rows = rows::in_ranges(conn, organization_id, cells, filter, limit).await?;
        rows.sort_unstable_by(|(one_id, one), (other_id, other)| (one, one_id).cmp(&(other, other_id)));
        for range in ranges {
            let here: Vec<_> = rows.extract_if(.., |(_, cell)| range.holds(*cell)).collect();
            let more = here.len() >= at_once;
            search.read(range, here, more);
        }
    }
    let mut found = search.finish();
    if found.len() < wanted {
        let after = cursor.after.as_ref().filter(|after| after.distance == NOWHERE).map_or("", |after| &after.id);
        let missing = i64::try_from(wanted - found.len()).unwrap_or_default();
        let placeless = rows::nowhere(conn, organization_id, after, filter, missing).await?;
        found.extend(placeless.into_iter().map(|(id, _)| Candidate { distance: NOWHERE, id }));
    }
    Ok(found)
}

/// The orders that are due, where the filter asks for them and they are few: their index is quicker than the cells'.
/// The other filters come after, so that looking for what few orders are costs the same whatever is asked.
async fn few_due(
    conn: &mut Conn,
    organization_id: &str,
    filter: &Filter,
) -> Result<Option<Vec<rows::MaybePlaced>>, Problem> {
    let Some(until) = filter.due_before else { return Ok(None) };
    if rows::are_many_due(conn, organization_id, until, FEW_DUE).await? {
        return Ok(None);
    }
    let due = rows::due(conn, organization_id, until).await?;
    Ok(Some(due.into_iter().filter(|row| filter.takes(row)).map(|row| (row.id, row.cell)).collect()))
}

fn among(rows: &[rows::MaybePlaced], cursor: &Cursor, wanted: usize) -> Vec<Candidate> {
    let distance =
        |cell: &Option<i64>| cell.and_then(position_of).map_or(NOWHERE, |position| cursor.origin.distance_to(position));
    let mut found: Vec<_> =
        rows.iter().map(|(id, cell)| Candidate { distance: distance(cell), id: id.clone() }).collect();
    found.retain(|candidate| cursor.after.as_ref().is_none_or(|after| candidate > after));
    found.sort();
    found.truncate(wanted);
    found
}
