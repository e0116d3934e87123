//! Invitation codes: how somebody takes a role.

use super::Role;
use super::sql::{self, InvitationRow};
use crate::audit::{self, Actor, Change};
use crate::customers::{self, CustomerRow};
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use paifang_core::ids::ShortId;
use paifang_core::problem::ProblemCode;
use serde_json::json;

/// An invitation to make; its fields were checked.
pub struct NewInvitation {
    /// The role that it gives.
    pub role: Role,
    /// The customer that whoever takes it joins.
    pub customer_id: Option<String>,
    /// How many people may use it; any number when absent.
    pub uses: Option<i64>,
    /// When it ends (UTC epoch milliseconds).
    pub expires_at: Option<i64>,
}

/// Makes an invitation.
pub async fn create(conn: &mut Conn, actor: &Actor, new: NewInvitation, now: i64) -> Result<InvitationRow, Problem> {
    let NewInvitation { role, customer_id, uses, expires_at } = new;
    if let Some(customer_id) = &customer_id {
        let customer = customers::sql::find(conn, &actor.organization_id, customer_id).await?;
        customer.ok_or_else(|| Problem::field("customer_id", "unknown", "is no customer"))?;
    }
    let row = InvitationRow {
        id: random::id(now),
        organization_id: actor.organization_id.clone(),
        code: random::short_id()?.to_string(),
        role: role.as_str().to_owned(),
        customer_id,
        uses,
        used: 0,
        expires_at,
        revoked_at: None,
        created_at: now,
    };
    sql::insert_invitation(conn, &row).await?;
    let change = Change { action: "invitation.create", subject_id: &row.id, at: now };
    let after = json!({ "role": role, "uses": uses, "customer_id": row.customer_id });
    audit::created(conn, actor, change, &after).await?;
    Ok(row)
}

/// The organization that an invitation leads to, whether or not it can still be used.
pub async fn organization_of(conn: &mut Conn, code: &str) -> Result<Option<String>, Problem> {
    let Some(code) = ShortId::parse(code.trim()) else { return Ok(None) };
    Ok(sql::find_invitation(conn, code.as_str()).await?.map(|invitation| invitation.organization_id))
}

/// What an invitation brought.
pub struct Accepted {
    /// The role.
    pub role: Role,
    /// The customer that the person joined.
    pub customer: Option<CustomerRow>,
}

/// Gives the person the role of the invitation, and lets them join its customer. Somebody who used it before just has
/// it; an unknown, used-up, expired or revoked one is refused.
pub async fn accept(
    conn: &mut Conn,
    organization_id: &str,
    person_id: &str,
    code: &str,
    now: i64,
) -> Result<Accepted, Problem> {
    let invalid = || Problem::new(ProblemCode::InvitationInvalid);
    let code = ShortId::parse(code.trim()).ok_or_else(invalid)?;
    let invitation = sql::find_invitation(conn, code.as_str()).await?;
    let invitation = invitation.filter(|found| found.organization_id == organization_id).ok_or_else(invalid)?;
    let role = Role::parse(&invitation.role).ok_or_else(|| Problem::internal("unknown role"))?;
    let customer = match &invitation.customer_id {
        Some(id) => Some(customers::find(conn, organization_id, id).await?),
        None => None,
    };
    if !sql::insert_invitation_use(conn, &invitation.id, person_id, now).await? {
        // Used before: has the role and is a member, unless that was withdrawn; then the old invitation does not bring
        // it back.
        let has_role = sql::roles(conn, person_id).await?.contains(&invitation.role);
        let joined = customers::of_person(conn, organization_id, person_id).await?;
        let is_member = customer.as_ref().is_none_or(|customer| joined.contains(&customer.id));
        return if has_role && is_member { Ok(Accepted { role, customer }) } else { Err(invalid()) };
    }
    if !sql::use_invitation(conn, &invitation.id, now).await? {
        return Err(invalid());
    }
    sql::grant(conn, organization_id, person_id, role.as_str(), now).await?;
    let actor = Actor { organization_id: organization_id.to_owned(), kind: "person", id: person_id.to_owned() };
    let change = Change { action: "person.take_role", subject_id: person_id, at: now };
    audit::created(conn, &actor, change, &json!({ "role": role, "invitation_id": invitation.id })).await?;
    if let Some(customer) = &customer {
        customers::join(conn, organization_id, &customer.id, person_id, now).await?;
    }
    Ok(Accepted { role, customer })
}
