//! Waiting orders by their cells: what the search for the nearest asks. Each filter that can leave few orders over has
//! an index in the order of the cells.

use crate::storage::{Conn, SqlResult, fetch_all, fetch_one};
use sqlx::FromRow;

/// `waiting!("…")`: the cells of waiting orders.
macro_rules! waiting {
    ($($rest:literal),+) => {
        concat!("SELECT id, cell FROM work_orders WHERE organization_id = $1 AND is_waiting ", $($rest),+)
    };
}

/// `in_range!("…")`: those from one cell to another, with a filter.
macro_rules! in_range {
    ($filter:literal) => {
        waiting!(
            "AND cell >= $2 AND cell < $3 AND id > $4 AND ($5 = 9223372036854775807 OR resolution_due_at <= $5)",
            $filter,
            " ORDER BY cell, id LIMIT $6"
        )
    };
}

/// `nowhere!("…")`: those without a cell, with a filter.
macro_rules! nowhere {
    ($filter:literal) => {
        waiting!(
            "AND cell IS NULL AND id > $2 AND ($3 = 9223372036854775807 OR resolution_due_at <= $3)",
            $filter,
            " ORDER BY id LIMIT $4"
        )
    };
}

const IN_RANGE: &str = in_range!("");
const OF_SKILL: &str = in_range!(" AND skill = $7");
const IN_STATE: &str = in_range!(" AND state = $7");
const OF_SKILL_IN_STATE: &str = in_range!(" AND skill = $7 AND state = $8");
const NOWHERE: &str = nowhere!("");
const NOWHERE_OF_SKILL: &str = nowhere!(" AND skill = $5");
const NOWHERE_IN_STATE: &str = nowhere!(" AND state = $5");
const NOWHERE_OF_SKILL_IN_STATE: &str = nowhere!(" AND skill = $5 AND state = $6");
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

impl Filter {
    fn due(&self) -> i64 {
        self.due_before.unwrap_or(i64::MAX)
    }
}

/// An order's id and cell.
pub type Placed = (String, i64);
/// The same, where it may have none.
pub type MaybePlaced = (String, Option<i64>);

/// Cells to look through: from the first, before the second, ids after the third.
pub type Cells<'a> = (i64, i64, &'a str);

/// The orders of these cells, in the order of cells and ids.
pub async fn in_range(
    conn: &mut Conn,
    organization_id: &str,
    (from, until, after): Cells<'_>,
    filter: &Filter,
    limit: i64,
) -> SqlResult<Vec<Placed>> {
    let (due, organization) = (filter.due(), organization_id);
    match (&filter.skill, &filter.state) {
        (None, None) => fetch_all!(conn, Placed, IN_RANGE, organization, from, until, after, due, limit),
        (Some(skill), None) => {
            fetch_all!(conn, Placed, OF_SKILL, organization, from, until, after, due, limit, skill)
        }
        (None, Some(state)) => {
            fetch_all!(conn, Placed, IN_STATE, organization, from, until, after, due, limit, state)
        }
        (Some(skill), Some(state)) => {
            fetch_all!(conn, Placed, OF_SKILL_IN_STATE, organization, from, until, after, due, limit, skill, state)
        }
    }
}

/// Orders without a position.
pub async fn nowhere(
    conn: &mut Conn,
    organization_id: &str,
    after: &str,
    filter: &Filter,
    limit: i64,
) -> SqlResult<Vec<MaybePlaced>> {
    let (due, organization) = (filter.due(), organization_id);
    match (&filter.skill, &filter.state) {
        (None, None) => fetch_all!(conn, MaybePlaced, NOWHERE, organization, after, due, limit),
        (Some(skill), None) => {
            fetch_all!(conn, MaybePlaced, NOWHERE_OF_SKILL, organization, after, due, limit, skill)
        }
        (None, Some(state)) => {
            fetch_all!(conn, MaybePlaced, NOWHERE_IN_STATE, organization, after, due, limit, state)
        }
        (Some(skill), Some(state)) => {
            fetch_all!(conn, MaybePlaced, NOWHERE_OF_SKILL_IN_STATE, organization, after, due, limit, skill, state)
        }
    }
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
