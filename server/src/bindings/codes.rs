//! Codes that the business sends to a user, who types one into the mini program.

use super::sql::proofs;
use crate::audit::{self, Actor, Change};
use crate::http::body::hash;
use crate::organizations;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use serde_json::json;

/// Digits of a code.
const DIGITS: usize = 8;

/// A new code; those that the user had are worth nothing any more.
pub async fn create(
    conn: &mut Conn,
    actor: &Actor,
    userid: &str,
    expires_at: i64,
    now: i64,
) -> Result<String, Problem> {
    let organization_id = actor.organization_id.as_str();
    organizations::sql::lock(conn, organization_id).await?;
    let number = u64::from_le_bytes(random::bytes()?) % 10_u64.pow(8);
    let code = format!("{number:0DIGITS$}");
    let (id, hashed) = (random::id(now), hashed(organization_id, userid, &code));
    proofs::insert_code(conn, &id, organization_id, userid, &hashed, expires_at, now).await?;
    let change = Change { action: "binding_code.create", subject_id: &id, at: now };
    audit::created(conn, actor, change, &json!({ "userid": userid, "expires_at": expires_at })).await?;
    Ok(code)
}

/// Tries a code, and answers its id where it fits. The caller keeps the transaction also where it does not: the try is
/// counted.
pub async fn attempt(
    conn: &mut Conn,
    organization_id: &str,
    userid: &str,
    code: &str,
    now: i64,
) -> Result<Option<String>, Problem> {
    let expected = hashed(organization_id, userid, code);
    let tried = proofs::try_codes(conn, organization_id, userid, now).await?;
    Ok(tried.into_iter().find(|tried| tried.code_hash == expected).map(|tried| tried.id))
}

/// The digits of what somebody typed, as a code has them.
pub fn parse(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

fn hashed(organization_id: &str, userid: &str, code: &str) -> String {
    hash(format!("binding code\n{organization_id}\n{userid}\n{code}").as_bytes())
}
