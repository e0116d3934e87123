//! What moves when two persons become one.

use crate::storage::{Conn, SqlResult, execute, fetch_all};

const LOCK: &str = "UPDATE persons SET created_at = created_at
    WHERE organization_id = $1 AND id IN ($2, $3) AND merged_into IS NULL AND deleted_at IS NULL";
const IDENTITIES: &str =
    "UPDATE identities SET person_id = $3 WHERE organization_id = $1 AND person_id = $2 RETURNING id";
const TICKETS: &str = "UPDATE tickets SET person_id = $3 WHERE organization_id = $1 AND person_id = $2 RETURNING id";
const MOVES: [&str; 16] = [
    "INSERT INTO person_roles (person_id, organization_id, role, granted_at)
        SELECT $3, organization_id, role, granted_at FROM person_roles WHERE organization_id = $1 AND person_id = $2
        ON CONFLICT DO NOTHING",
    "DELETE FROM person_roles WHERE organization_id = $1 AND person_id = $2 AND $3 <> ''",
    "INSERT INTO account_persons (account_id, organization_id, person_id)
        SELECT account_id, organization_id, $3 FROM account_persons WHERE organization_id = $1 AND person_id = $2
        ON CONFLICT DO NOTHING",
    "DELETE FROM account_persons WHERE organization_id = $1 AND person_id = $2 AND $3 <> ''",
    "INSERT INTO customer_members (customer_id, organization_id, person_id, joined_at)
        SELECT customer_id, organization_id, $3, joined_at FROM customer_members
        WHERE organization_id = $1 AND person_id = $2 ON CONFLICT DO NOTHING",
    "DELETE FROM customer_members WHERE organization_id = $1 AND person_id = $2 AND $3 <> ''",
    // Where both registered a unit, a registration that was verified stays, else that of the person who stays.
    "DELETE FROM equipment_registrations WHERE organization_id = $1 AND person_id = $3 AND status <> 'verified'
        AND equipment_id IN (SELECT o.equipment_id FROM equipment_registrations o
            WHERE o.organization_id = $1 AND o.person_id = $2 AND o.status = 'verified')",
    "DELETE FROM equipment_registrations WHERE organization_id = $1 AND person_id = $2 AND equipment_id IN
        (SELECT o.equipment_id FROM equipment_registrations o WHERE o.organization_id = $1 AND o.person_id = $3)",
    "UPDATE equipment_registrations SET person_id = $3 WHERE organization_id = $1 AND person_id = $2",
    "UPDATE media SET owner_id = $3 WHERE organization_id = $1 AND owner_kind = 'person' AND owner_id = $2
        AND NOT EXISTS (SELECT 1 FROM media o WHERE o.organization_id = $1 AND o.owner_kind = 'person'
            AND o.owner_id = $3 AND o.upload_key = media.upload_key)",
    "UPDATE work_orders SET reporter_id = $3 WHERE organization_id = $1 AND reporter_id = $2",
    "UPDATE work_orders SET engineer_id = $3 WHERE organization_id = $1 AND engineer_id = $2",
    "UPDATE activities SET person_id = $3 WHERE organization_id = $1 AND person_id = $2",
    "UPDATE phone_conflicts SET owner_id = $3 WHERE organization_id = $1 AND owner_id = $2",
    "UPDATE phone_conflicts SET claimant_id = $3 WHERE organization_id = $1 AND claimant_id = $2
        AND NOT EXISTS (SELECT 1 FROM phone_conflicts o WHERE o.organization_id = $1 AND o.claimant_id = $3
            AND o.phone = phone_conflicts.phone AND o.resolved_at IS NULL)",
    "UPDATE persons SET merged_into = $3 WHERE organization_id = $1 AND merged_into = $2",
];
const INVITATIONS: [&str; 2] = [
    "INSERT INTO invitation_uses (invitation_id, person_id, used_at)
        SELECT invitation_id, $2, used_at FROM invitation_uses WHERE person_id = $1 ON CONFLICT DO NOTHING",
    "DELETE FROM invitation_uses WHERE person_id = $1 AND $2 <> ''",
];
const SETTLE_CONFLICTS: &str = "UPDATE phone_conflicts SET resolved_at = $3, resolution = 'merge'
    WHERE organization_id = $1 AND owner_id = $2 AND claimant_id = $2 AND resolved_at IS NULL";
const CLEAR_NAMES: &str =
    "UPDATE persons SET merged_into = $3, userid = NULL, phone = CASE WHEN $4 THEN NULL ELSE phone END
    WHERE organization_id = $1 AND id = $2";
const TAKE_NAMES: &str = "UPDATE persons SET userid = $3, phone = $4, name = $5 WHERE organization_id = $1 AND id = $2";

/// Locks both rows; false unless both are persons of today.
pub async fn lock(conn: &mut Conn, organization_id: &str, one: &str, other: &str) -> SqlResult<bool> {
    Ok(execute!(conn, LOCK, organization_id, one, other)? == 2)
}

/// What was moved, by id.
pub struct Moved {
    pub identities: Vec<String>,
    pub tickets: Vec<String>,
}

/// Moves everything of `from` to `into`.
pub async fn move_all(conn: &mut Conn, organization_id: &str, from: &str, into: &str, now: i64) -> SqlResult<Moved> {
    let ids = |rows: Vec<(String,)>| rows.into_iter().map(|(id,)| id).collect::<Vec<_>>();
    let identities = ids(fetch_all!(conn, (String,), IDENTITIES, organization_id, from, into)?);
    let tickets = ids(fetch_all!(conn, (String,), TICKETS, organization_id, from, into)?);
    for statement in MOVES {
        execute!(conn, statement, organization_id, from, into)?;
    }
    for statement in INVITATIONS {
        execute!(conn, statement, from, into)?;
    }
    execute!(conn, SETTLE_CONFLICTS, organization_id, into, now)?;
    Ok(Moved { identities, tickets })
}

/// Marks `from` as merged. Its phone number stays with it unless the other person takes it, so that nobody else can
/// have it.
pub async fn close(
    conn: &mut Conn,
    organization_id: &str,
    from: &str,
    into: &str,
    phone_taken: bool,
) -> SqlResult<u64> {
    execute!(conn, CLEAR_NAMES, organization_id, from, into, phone_taken)
}

pub async fn take_names(
    conn: &mut Conn,
    organization_id: &str,
    id: &str,
    userid: Option<&str>,
    phone: Option<&str>,
    name: Option<&str>,
) -> SqlResult<u64> {
    execute!(conn, TAKE_NAMES, organization_id, id, userid, phone, name)
}
