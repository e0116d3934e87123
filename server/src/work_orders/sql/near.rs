//! Waiting orders by their cells: what the search for the nearest asks. Each filter that can leave few orders over has
//! an index in the order of the cells.

use crate::storage::{Conn, SqlResult, fetch_all, fetch_one};
use sqlx::FromRow;

/// `by_filter!(statement)`: the statement for each filter, by whether it asks for due times, a skill and a state.
/// A due time that is compared alone is looked for within the index; behind an `OR` it would cost a row each.
macro_rules! by_filter {
    ($statement:ident) => {
        |filter: &Filter| match (filter.due_before.is_some(), filter.skill.is_some(), filter.state.is_some()) {
            (false, false, false) => $statement!(),
            (false, false, true) => $statement!(" AND state = (SELECT $4)"),
            (false, true, false) => $statement!(" AND skill = (SELECT $3)"),
            (false, true, true) => $statement!(" AND skill = (SELECT $3) AND state = (SELECT $4)"),
            (true, false, false) => $statement!(" AND resolution_due_at <= (SELECT $2)"),
            (true, false, true) => $statement!(" AND resolution_due_at <= (SELECT $2) AND state = (SELECT $4)"),
            (true, true, false) => $statement!(" AND resolution_due_at <= (SELECT $2) AND skill = (SELECT $3)"),
            (true, true, true) => {
                $statement!(" AND resolution_due_at <= (SELECT $2) AND skill = (SELECT $3) AND state = (SELECT $4)")
            }
        }
    };
}

/// `in_range!(name, from, until, after, filter)`: those from one cell to another. Parameters stand in `SELECT`s of their
/// own: PostgreSQL does not know their values when it plans, and so keeps one plan. It would make one for each search
/// otherwise, which takes longer than the search.
macro_rules! in_range {
    ($name:literal, $from:literal, $until:literal, $after:literal $(, $filter:literal)?) => {
        concat!(
            "SELECT id, cell FROM (SELECT id, cell FROM work_orders WHERE organization_id = (SELECT $1) AND is_waiting",
            " AND cell >= (SELECT ", $from, ") AND cell < (SELECT ", $until, ") AND id > (SELECT ", $after, ")"
            $(, $filter)?,
            " ORDER BY cell, id LIMIT (SELECT $5)) AS ",
            $name
        )
    };
}

/// `in_ranges!(filter)`: those of [`RANGES`] ranges.
macro_rules! in_ranges {
    ($($filter:literal)?) => {
        concat!(
            in_range!("one", "$6", "$7", "$8" $(, $filter)?),
            " UNION ALL ",
            in_range!("two", "$9", "$10", "$11" $(, $filter)?),
            " UNION ALL ",
            in_range!("three", "$12", "$13", "$14" $(, $filter)?),
            " UNION ALL ",
            in_range!("four", "$15", "$16", "$17" $(, $filter)?)
        )
    };
}

/// `nowhere!(filter)`: those without a cell.
macro_rules! nowhere {
    ($($filter:literal)?) => {
        concat!(
            "SELECT id, cell FROM work_orders WHERE organization_id = $1 AND is_waiting AND cell IS NULL AND id > $6"
            $(, $filter)?,
            " ORDER BY id LIMIT $5"
        )
    };
}

/// Ranges of cells in one statement: statements are what a search from far away takes.
pub const RANGES: usize = 4;

const IN_RANGES: fn(&Filter) -> &'static str = by_filter!(in_ranges);
const NOWHERE: fn(&Filter) -> &'static str = by_filter!(nowhere);
const HOW_MANY_DUE: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM work_orders WHERE organization_id = $1 AND is_waiting
    AND resolution_due_at <= $2 LIMIT $3) AS due";
const DUE: &str = "SELECT id, cell, skill, state FROM work_orders WHERE organization_id = $1 AND is_waiting
    AND resolution_due_at <= $2";

/// Which waiting orders are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of that skill.
    pub skill: Option<String>,
    /// In that state.
    pub state: Option<String>,
    /// Due until then (UTC epoch milliseconds).
    pub due_before: Option<i64>,
}

/// An order's id and cell.
pub type Placed = (String, i64);
/// The same, where it may have none.
pub type MaybePlaced = (String, Option<i64>);

/// Cells to look through: from the first, before the second, ids after the third.
pub type Cells<'a> = (i64, i64, &'a str);

/// The orders of these cells, of each range so many, the first in the order of cells and ids.
pub async fn in_ranges(
    conn: &mut Conn,
    organization_id: &str,
    [one, two, three, four]: [Cells<'_>; RANGES],
    filter: &Filter,
    limit: i64,
) -> SqlResult<Vec<Placed>> {
    fetch_all!(
        conn,
        Placed,
        IN_RANGES(filter),
        organization_id,
        filter.due_before,
        &filter.skill,
        &filter.state,
        limit,
        one.0,
        one.1,
        one.2,
        two.0,
        two.1,
        two.2,
        three.0,
        three.1,
        three.2,
        four.0,
        four.1,
        four.2
    )
}

/// Orders without a position.
pub async fn nowhere(
    conn: &mut Conn,
    organization_id: &str,
    after: &str,
    filter: &Filter,
    limit: i64,
) -> SqlResult<Vec<MaybePlaced>> {
    let Filter { due_before, skill, state } = filter;
    fetch_all!(conn, MaybePlaced, NOWHERE(filter), organization_id, due_before, skill, state, limit, after)
}

/// A waiting order that is due, and what the filter asks of it.
#[derive(FromRow)]
pub struct DueRow {
    pub id: String,
    pub cell: Option<i64>,
    skill: Option<String>,
    state: String,
}

impl Filter {
    /// Whether it lets the order pass.
    pub fn takes(&self, row: &DueRow) -> bool {
        self.skill.as_ref().is_none_or(|skill| row.skill.as_ref() == Some(skill))
            && self.state.as_ref().is_none_or(|state| row.state == *state)
    }
}

/// Whether more than `few` are due, of all skills and in all states.
pub async fn are_many_due(conn: &mut Conn, organization_id: &str, until: i64, few: i64) -> SqlResult<bool> {
    let counted: (i64,) = fetch_one!(conn, (i64,), HOW_MANY_DUE, organization_id, until, few + 1)?;
    Ok(counted.0 > few)
}

/// Those that are due, of all skills and in all states.
pub async fn due(conn: &mut Conn, organization_id: &str, until: i64) -> SqlResult<Vec<DueRow>> {
    fetch_all!(conn, DueRow, DUE, organization_id, until)
}
