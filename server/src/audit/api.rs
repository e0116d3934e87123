//! Reading the audit log.

use super::sql::{self, EntryRow};
use crate::app::App;
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Admin, Moment, ProblemDocument};
use crate::problem::Problem;
use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// One change of state.
#[derive(Serialize, ToSchema)]
pub struct AuditEntry {
    id: String,
    at: Moment,
    actor_kind: String,
    actor_id: String,
    action: String,
    subject_kind: String,
    subject_id: String,
    before: Option<Value>,
    after: Option<Value>,
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
pub struct AuditQuery {
    /// Only changes of this thing.
    subject_id: Option<String>,
    /// Rows per page.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Changes of state, newest first.
#[utoipa::path(tag = "operations", params(AuditQuery),
    responses((status = 200, body = Page<AuditEntry>), (status = "default", body = ProblemDocument)))]
#[get("/audit-log")]
pub async fn list_audit_log(
    app: web::Data<App>,
    caller: Admin,
    query: Query<AuditQuery>,
) -> Result<web::Json<Page<AuditEntry>>, Problem> {
    let AuditQuery { subject_id, limit, cursor } = query.0;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let mut conn = app.db.read().await?;
    let subject = subject_id.unwrap_or_default();
    let rows = sql::page(&mut conn, &caller.organization_id, &page.after()?, &subject, limit + 1).await?;
    let items = rows.into_iter().map(AuditEntry::from).collect();
    Ok(web::Json(Page::new(items, limit, |entry: &AuditEntry| &entry.id)))
}

impl From<EntryRow> for AuditEntry {
    fn from(row: EntryRow) -> Self {
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Self {
            id: row.id,
            at: Moment(row.at),
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            action: row.action,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            before: json(row.before),
            after: json(row.after),
        }
    }
}
