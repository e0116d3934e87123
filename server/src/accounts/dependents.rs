//! What depends on an account. Every feature whose things stop working without the account has a line here; before a
//! change that breaks them the caller is told, and afterwards each of them has a notice.

use super::sql::UsedAccountRow;
use crate::notices::{self, NoticeKind, Subject};
use crate::problem::Problem;
use crate::storage::{Conn, SqlResult, fetch_all};
use serde::Serialize;
use serde_json::json;
use sqlx::FromRow;
use utoipa::ToSchema;

/// Campaigns that are not over and are the account's default, or were booked on through it.
const CAMPAIGNS: &str = "SELECT c.id, c.name FROM campaigns c
    WHERE c.organization_id = $1 AND c.ends_at > $4 AND (c.id = (SELECT o.default_campaign_id
        FROM account_organizations o WHERE o.account_id = $2 AND o.organization_id = $1)
        OR EXISTS (SELECT 1 FROM activities a WHERE a.campaign_id = c.id AND a.appid = $3))
    ORDER BY c.id LIMIT 100";
const BOUND: &str = "SELECT i.id, p.userid AS name FROM identities i JOIN persons p ON p.id = i.person_id
    WHERE i.organization_id = $1 AND i.appid = $3 AND i.bound_at IS NOT NULL AND $2 <> '' AND $4 > 0
    ORDER BY i.id LIMIT 100";
const IMPORTS: &str = "SELECT id, status AS name FROM follower_imports
    WHERE organization_id = $1 AND appid = $3 AND finished_at IS NULL AND $2 <> '' AND $4 > 0 ORDER BY id LIMIT 100";

const BINDING: &str = "binding";

/// The kinds of things that may depend on an account, and how they are found.
const KINDS: [(&str, &str); 3] = [("campaign", CAMPAIGNS), (BINDING, BOUND), ("follower_import", IMPORTS)];

/// A thing that depends on an account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Dependent {
    /// `campaign`, `binding` or `follower_import`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// What people know it by.
    pub name: Option<String>,
}

#[derive(FromRow)]
struct Found {
    id: String,
    name: Option<String>,
}

/// What depends on the account, at most a hundred of each kind.
pub async fn of(conn: &mut Conn, used: &UsedAccountRow, now: i64) -> SqlResult<Vec<Dependent>> {
    let mut dependents = Vec::new();
    for (kind, query) in KINDS {
        let (organization_id, account) = (&used.organization_id, &used.account);
        let found = fetch_all!(conn, Found, query, organization_id, &account.id, &account.appid, now)?;
        dependents.extend(found.into_iter().map(|Found { id, name }| Dependent { kind, id, name }));
    }
    Ok(dependents)
}

/// Marks what depends on the account as needing attention.
pub async fn mark(
    conn: &mut Conn,
    used: &UsedAccountRow,
    dependents: &[Dependent],
    kind: NoticeKind,
    now: i64,
) -> Result<(), Problem> {
    let bindings = dependents.iter().filter(|dependent| dependent.kind == BINDING).count();
    let account = &used.account;
    let detail = json!({ "account_id": account.id, "appid": account.appid, "name": used.display_name });
    for dependent in dependents.iter().filter(|dependent| dependent.kind != BINDING) {
        let subject = Subject { kind: dependent.kind, id: &dependent.id };
        notices::raise(conn, &used.organization_id, kind, subject, &detail, now).await?;
    }
    // One notice says it for all of them: they are mended together, by the business system.
    if bindings > 0 {
        let subject = Subject { kind: "account", id: &account.id };
        let detail = json!({ "account_id": account.id, "appid": account.appid, "name": used.display_name,
            "channel_code": used.channel_code, "bindings": bindings });
        notices::raise(conn, &used.organization_id, kind, subject, &detail, now).await?;
    }
    Ok(())
}
