//! What becomes of stops and mileage when persons become one, or ask to be forgotten.

use crate::storage::{Conn, SqlResult, execute, fetch_all};

const DAYS: &str = "SELECT day FROM mileage_days WHERE organization_id = $1 AND engineer_id = $2";
const APPROVED_BY_EITHER: &str = "SELECT d.day FROM mileage_days d JOIN persons p ON p.id = d.decided_by
    WHERE d.organization_id = $1 AND d.engineer_id = $3 AND d.status = 'approved'
        AND (p.id IN ($2, $3) OR p.merged_into IN ($2, $3))
    ORDER BY d.day";
const MOVES: [&str; 4] = [
    "UPDATE visits SET engineer_id = $3 WHERE organization_id = $1 AND engineer_id = $2",
    "UPDATE day_points SET engineer_id = $3 WHERE organization_id = $1 AND engineer_id = $2",
    "UPDATE mileage_legs SET engineer_id = $3 WHERE organization_id = $1 AND engineer_id = $2",
    "UPDATE mileage_days SET engineer_id = $3 WHERE organization_id = $1 AND engineer_id = $2",
];
/// Hashes go too: with everything else that went into them at hand, a position is found by trying. A check-out is known by
/// its hash, so that one stays there, empty.
const BLUR: [&str; 3] = [
    "UPDATE visits SET in_hash = '', in_lat_e6 = NULL, in_lng_e6 = NULL, in_accuracy = NULL, in_fixed_at = NULL,
        in_reason = NULL, out_hash = CASE WHEN out_hash IS NULL THEN NULL ELSE '' END, out_lat_e6 = NULL,
        out_lng_e6 = NULL, out_accuracy = NULL, out_fixed_at = NULL, out_reason = NULL
        WHERE organization_id = $1 AND engineer_id = $2",
    "UPDATE day_points SET request_hash = '', lat_e6 = NULL, lng_e6 = NULL, accuracy = NULL, fixed_at = NULL,
        address = NULL WHERE organization_id = $1 AND engineer_id = $2",
    "UPDATE mileage_legs SET reason = NULL WHERE organization_id = $1 AND engineer_id = $2",
];

/// The days of `into` that were approved by `from`, by `into`, or by who became a part of either before; in order.
pub async fn approved_by_either(
    conn: &mut Conn,
    organization_id: &str,
    from: &str,
    into: &str,
) -> SqlResult<Vec<String>> {
    let rows = fetch_all!(conn, (String,), APPROVED_BY_EITHER, organization_id, from, into)?;
    Ok(rows.into_iter().map(|(day,)| day).collect())
}

/// The days on which an engineer has stops.
pub async fn days(conn: &mut Conn, organization_id: &str, engineer_id: &str) -> SqlResult<Vec<String>> {
    let rows = fetch_all!(conn, (String,), DAYS, organization_id, engineer_id)?;
    Ok(rows.into_iter().map(|(day,)| day).collect())
}

/// Moves all stops, days and legs of `from` to `into`, who has none of these days.
pub async fn move_all(conn: &mut Conn, organization_id: &str, from: &str, into: &str) -> SqlResult<()> {
    for statement in MOVES {
        execute!(&mut *conn, statement, organization_id, from, into)?;
    }
    Ok(())
}

/// Removes where the engineer was, and what was written about it.
pub async fn blur(conn: &mut Conn, organization_id: &str, engineer_id: &str) -> SqlResult<()> {
    for statement in BLUR {
        execute!(&mut *conn, statement, organization_id, engineer_id)?;
    }
    Ok(())
}
