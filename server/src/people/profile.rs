//! What is known of a person: in which accounts, whether they follow, and under which names the organization keeps
//! that.

use super::sql::identities::{self, IdentityRow};
use crate::accounts::{UsedAccountRow, sql as accounts};
use crate::http::Moment;
use crate::problem::Problem;
use crate::storage::Conn;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Who a person is in one account.
#[derive(Serialize, ToSchema)]
pub struct AccountIdentity {
    /// The account's AppID.
    appid: String,
    /// The account's kind; absent when it is no longer connected.
    kind: Option<String>,
    /// The account's name.
    display_name: Option<String>,
    /// The account's description.
    description: Option<String>,
    openid: String,
    unionid: Option<String>,
    /// `subscribed` or `unsubscribed`, of official accounts; absent where nothing is known.
    subscription_status: Option<&'static str>,
    /// When that changed last.
    subscription_at: Option<Moment>,
    last_activity_at: Option<Moment>,
    /// When it was bound to a business user.
    bound_at: Option<Moment>,
    /// How: `api`, `import`, `code` or `link`.
    bound_by: Option<String>,
}

/// What WeChat's accounts know of a person.
#[derive(Serialize, ToSchema)]
pub struct Profile {
    /// Each account in which the person is known.
    identities: Vec<AccountIdentity>,
    /// Whether the person follows any official account.
    subscribed: bool,
    /// The last activity in any account.
    last_activity_at: Option<Moment>,
    /// The same under the names that the organization gave (`attributes` of its accounts).
    attributes: BTreeMap<String, String>,
}

fn status(identity: &IdentityRow) -> Option<&'static str> {
    identity.subscribed.map(|subscribed| if subscribed { "subscribed" } else { "unsubscribed" })
}

/// The profile of a person.
pub async fn read(conn: &mut Conn, organization_id: &str, person_id: &str) -> Result<Profile, Problem> {
    let accounts = accounts::used(conn, organization_id).await?;
    let identities = identities::of_person(conn, organization_id, person_id).await?;
    let account_of = |identity: &IdentityRow| accounts.iter().find(|used| used.account.appid == identity.appid);
    let mut attributes = BTreeMap::new();
    for identity in &identities {
        if let Some(used) = account_of(identity) {
            note_attributes(&mut attributes, used, identity);
        }
    }
    let last_activity_at = identities.iter().filter_map(|identity| identity.last_activity_at).max().map(Moment);
    let subscribed = identities.iter().any(|identity| identity.subscribed == Some(true));
    let identities = identities
        .into_iter()
        .map(|identity| {
            let used = account_of(&identity);
            let name = |used: &UsedAccountRow| used.display_name.clone().unwrap_or_else(|| used.account.appid.clone());
            AccountIdentity {
                kind: used.map(|used| used.account.kind.clone()),
                display_name: used.map(name),
                description: used.and_then(|used| used.description.clone()),
                subscription_status: status(&identity),
                subscription_at: identity.subscription_at.map(Moment),
                last_activity_at: identity.last_activity_at.map(Moment),
                bound_at: identity.bound_at.map(Moment),
                appid: identity.appid,
                openid: identity.openid,
                unionid: identity.unionid,
                bound_by: identity.bound_by,
            }
        })
        .collect();
    Ok(Profile { identities, subscribed, last_activity_at, attributes })
}

fn note_attributes(attributes: &mut BTreeMap<String, String>, used: &UsedAccountRow, identity: &IdentityRow) {
    let active = identity.last_activity_at.map(paifang_core::time::format_rfc3339);
    let pairs = [
        (&used.openid_attribute, Some(identity.openid.clone())),
        (&used.unionid_attribute, identity.unionid.clone()),
        (&used.subscription_attribute, status(identity).map(str::to_owned)),
        (&used.activity_attribute, active),
    ];
    for (name, value) in pairs {
        if let (Some(name), Some(value)) = (name, value) {
            attributes.insert(name.clone(), value);
        }
    }
}
