//! Campaigns: what activity is booked on. A parametric QR code whose scene is `c=` and a campaign's code books on
//! that campaign; what names none is booked on the account's default campaign.

pub mod api;
pub(crate) mod sql;

use crate::app::App;
use crate::notices::{self, NoticeKind, Subject};
use crate::problem::Problem;
use crate::storage::Conn;
use futures_util::FutureExt;
use paifang_core::ids::ShortId;
use paifang_core::time::{DAY, format_rfc3339};
use serde_json::json;

pub use sql::CampaignRow;

/// A campaign that ends within this time raises a notice, in milliseconds.
pub const ENDING: i64 = 30 * DAY;

/// The campaign, if it is the organization's.
pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> Result<CampaignRow, Problem> {
    sql::find(conn, organization_id, id).await?.ok_or_else(Problem::not_found)
}

/// The campaign that a scene names.
pub async fn in_scene(conn: &mut Conn, organization_id: &str, scene: &str) -> Result<Option<String>, Problem> {
    let code = scene.split('&').find_map(|part| part.strip_prefix("c=")).and_then(ShortId::parse);
    let Some(code) = code else { return Ok(None) };
    Ok(sql::by_code(conn, organization_id, code.as_str()).await?)
}

/// Raises a notice for each campaign that ends soon, and clears it once the campaign was prolonged or is over.
pub async fn watch(app: &App, now: i64) -> Result<(), Problem> {
    app.db
        .write(move |conn| {
            async move {
                for campaign in sql::ending(conn, now, now + ENDING).await? {
                    let detail = json!({ "name": campaign.name, "ends_at": format_rfc3339(campaign.ends_at) });
                    let subject = Subject { kind: "campaign", id: &campaign.id };
                    let kind = NoticeKind::CampaignEnding;
                    notices::raise(conn, &campaign.organization_id, kind, subject, &detail, now).await?;
                }
                sql::clear_settled(conn, now, now + ENDING).await?;
                Ok::<_, Problem>(())
            }
            .boxed()
        })
        .await
}
