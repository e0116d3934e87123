//! Invitation codes: how somebody takes a role.

use super::Role;
use super::sql::{self, InvitationRow};
use crate::audit::{self, Actor, Change};
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use paifang_core::ids::ShortId;
use paifang_core::problem::ProblemCode;
use serde_json::json;

/// Makes an invitation.
pub async fn create(
    conn: &mut Conn,
    actor: &Actor,
    role: Role,
    uses: Option<i64>,
    expires_at: Option<i64>,
    now: i64,
) -> Result<InvitationRow, Problem> {
    let row = InvitationRow {
        id: random::id(now),
        organization_id: actor.organization_id.clone(),
        code: random::short_id()?.to_string(),
        role: role.as_str().to_owned(),
        uses,
        used: 0,
        expires_at,
        revoked_at: None,
        created_at: now,
    };
    sql::insert_invitation(conn, &row).await?;
    let change = Change { action: "invitation.create", subject_id: &row.id, at: now };
    audit::created(conn, actor, change, &json!({ "role": role, "uses": uses })).await?;
    Ok(row)
}

/// The organization that an invitation leads to, whether or not it can still be used.
pub async fn organization_of(conn: &mut Conn, code: &str) -> Result<Option<String>, Problem> {
    let Some(code) = ShortId::parse(code.trim()) else { return Ok(None) };
    Ok(sql::find_invitation(conn, code.as_str()).await?.map(|invitation| invitation.organization_id))
}

/// Gives the person the role of the invitation. Somebody who used it before just has it; an unknown, used-up,
/// expired or revoked one is refused.
pub async fn accept(
    conn: &mut Conn,
    organization_id: &str,
    person_id: &str,
    code: &str,
    now: i64,
) -> Result<Role, Problem> {
    let invalid = || Problem::new(ProblemCode::InvitationInvalid);
    let code = ShortId::parse(code.trim()).ok_or_else(invalid)?;
    let invitation = sql::find_invitation(conn, code.as_str()).await?;
    let invitation = invitation.filter(|found| found.organization_id == organization_id).ok_or_else(invalid)?;
    let role = Role::parse(&invitation.role).ok_or_else(|| Problem::internal("unknown role"))?;
    if !sql::insert_invitation_use(conn, &invitation.id, person_id, now).await? {
        // Used before: has the role, unless it was withdrawn; then the old invitation does not bring it back.
        let held = sql::roles(conn, person_id).await?;
        return if held.contains(&invitation.role) { Ok(role) } else { Err(invalid()) };
    }
    if !sql::use_invitation(conn, &invitation.id, now).await? {
        return Err(invalid());
    }
    sql::grant(conn, organization_id, person_id, role.as_str(), now).await?;
    let actor = Actor { organization_id: organization_id.to_owned(), kind: "person", id: person_id.to_owned() };
    let change = Change { action: "person.take_role", subject_id: person_id, at: now };
    audit::created(conn, &actor, change, &json!({ "role": role, "invitation_id": invitation.id })).await?;
    Ok(role)
}
