//! Waiting orders by their cells: what the search for the nearest asks. Each filter that can leave few orders over has
//! an index in the order of the cells.

use crate::storage::{Conn, SqlResult, fetch_all};

/// `waiting!("…")`: the cells of waiting orders.
macro_rules! waiting {
    ($rest:literal) => {
        concat!("SELECT id, cell FROM work_orders WHERE organization_id = $1 AND is_waiting ", $rest)
    };
}

const IN_RANGE: &str = waiting!(
    "AND cell >= $2 AND cell < $3 AND id > $4 AND ($5 = 9223372036854775807 OR resolution_due_at <= $5)
    ORDER BY cell, id LIMIT $6"
);
const OF_SKILL: &str = waiting!(
    "AND cell >= $2 AND cell < $3 AND id > $4 AND ($5 = 9223372036854775807 OR resolution_due_at <= $5)
    AND skill = $7 ORDER BY cell, id LIMIT $6"
);
const IN_STATE: &str = waiting!(
    "AND cell >= $2 AND cell < $3 AND id > $4 AND ($5 = 9223372036854775807 OR resolution_due_at <= $5)
    AND state = $7 ORDER BY cell, id LIMIT $6"
);
const OF_SKILL_IN_STATE: &str = waiting!(
    "AND cell >= $2 AND cell < $3 AND id > $4 AND ($5 = 9223372036854775807 OR resolution_due_at <= $5)
    AND skill = $7 AND state = $8 ORDER BY cell, id LIMIT $6"
);
const NOWHERE: &str = waiting!(
    "AND cell IS NULL AND id > $2 AND ($3 = 9223372036854775807 OR resolution_due_at <= $3)
    AND ($4 = '' OR skill = $4) AND ($5 = '' OR state = $5) ORDER BY id LIMIT $6"
);
const DUE: &str = waiting!(
    "AND resolution_due_at <= $2 AND ($3 = '' OR skill = $3) AND ($4 = '' OR state = $4)
    ORDER BY resolution_due_at LIMIT $5"
);

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

    fn skill(&self) -> &str {
        self.skill.as_deref().unwrap_or_default()
    }

    fn state(&self) -> &str {
        self.state.as_deref().unwrap_or_default()
    }
}

/// An order's id and cell.
pub type Placed = (String, Option<i64>);

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
) -> SqlResult<Vec<Placed>> {
    let (due, skill, state) = (filter.due(), filter.skill(), filter.state());
    fetch_all!(conn, Placed, NOWHERE, organization_id, after, due, skill, state, limit)
}

/// Those that are due first.
pub async fn due(conn: &mut Conn, organization_id: &str, filter: &Filter, limit: i64) -> SqlResult<Vec<Placed>> {
    fetch_all!(conn, Placed, DUE, organization_id, filter.due(), filter.skill(), filter.state(), limit)
}
