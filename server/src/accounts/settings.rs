//! What an organization sets for an account, checked.

use super::sql::{self, UsedAccountRow};
use super::{MINI_PROGRAM, OFFICIAL_ACCOUNT};
use crate::app::App;
use crate::campaigns;
use crate::http::fields::Fields;
use crate::people;
use crate::problem::Problem;
use crate::storage::Conn;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Names of the attributes under which what WeChat knows is kept on a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attributes {
    /// For the openid.
    pub openid: Option<String>,
    /// For the unionid.
    pub unionid: Option<String>,
    /// For the subscription status: `subscribed`, `unsubscribed` or nothing.
    pub subscription_status: Option<String>,
    /// For the time of the last activity.
    pub last_activity: Option<String>,
}

impl Attributes {
    fn names(&self) -> [(&'static str, &Option<String>); 4] {
        [
            ("attributes.openid", &self.openid),
            ("attributes.unionid", &self.unionid),
            ("attributes.subscription_status", &self.subscription_status),
            ("attributes.last_activity", &self.last_activity),
        ]
    }
}

/// What an organization sets for an account.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The name that is shown wherever an account is chosen; the AppID when absent.
    pub display_name: Option<String>,
    /// Shown with the name, for those who cannot read it.
    pub description: Option<String>,
    /// The IANA time zone in which messages show times; Asia/Shanghai when absent.
    pub time_zone: Option<String>,
    /// Where activity is booked that belongs to no campaign.
    pub default_campaign_id: Option<String>,
    /// What business systems call the account: 1 to 32 of `[A-Za-z0-9_-]`.
    pub channel_code: Option<String>,
    /// Names of attributes.
    pub attributes: Attributes,
    /// The persons who may use the account; everybody with the right when absent or empty.
    pub person_ids: Option<Vec<String>>,
    /// `subscription` or `service`; required for an official account.
    pub official_account_type: Option<String>,
    /// The open platform account that the account is bound to.
    pub open_platform: Option<String>,
}

fn is_code(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn is_attribute(text: &str) -> bool {
    is_code(text) || (1..=64).contains(&text.chars().count()) && !text.chars().any(|c| c.is_control() || c == '.')
}

impl Settings {
    /// Checks and cleans what can be checked without the database, for an account of `kind`.
    pub fn check(&mut self, kind: &str, fields: &mut Fields) {
        self.display_name = fields.optional_label("display_name", self.display_name.as_deref(), 64);
        self.description = fields.optional_label("description", self.description.as_deref(), 200);
        self.open_platform = fields.optional_label("open_platform", self.open_platform.as_deref(), 64);
        if self.time_zone.as_deref().is_some_and(|zone| TimeZone::get(zone).is_err()) {
            fields.wrong("time_zone", "unknown", "is no IANA time zone");
        }
        // `all` means every channel where such a body comes from.
        if self.channel_code.as_deref().is_some_and(|code| !is_code(code) || code == "all") {
            fields.wrong("channel_code", "format", "needs 1 to 32 letters, digits, _ or -");
        }
        for (field, name) in self.attributes.names() {
            if name.as_deref().is_some_and(|name| !is_attribute(name)) {
                fields.wrong(field, "format", "needs 1 to 64 characters without a dot");
            }
        }
        let one_of = ["subscription", "service"];
        match (kind, self.official_account_type.as_deref()) {
            (OFFICIAL_ACCOUNT, Some(given)) if one_of.contains(&given) => {}
            (OFFICIAL_ACCOUNT, _) => {
                fields.wrong("official_account_type", "required", "must be subscription or service");
            }
            (MINI_PROGRAM, None) => {}
            _ => fields.wrong("official_account_type", "unknown", "only an official account has one"),
        }
        if self.person_ids.as_ref().is_some_and(|ids| ids.len() > 500) {
            fields.wrong("person_ids", "length", "at most 500");
        }
    }

    /// Writes the settings for the account of `used`, after checking them against the organization's other things.
    /// The caller has locked the organization.
    pub async fn apply(&self, app: &App, conn: &mut Conn, used: &UsedAccountRow) -> Result<UsedAccountRow, Problem> {
        let (organization_id, account) = (&used.organization_id, &used.account);
        let mut fields = Fields::default();
        if let Some(id) = &self.default_campaign_id
            && campaigns::sql::find(conn, organization_id, id).await?.is_none()
        {
            fields.wrong("default_campaign_id", "unknown", "is no campaign of this organization");
        }
        for other in sql::used(conn, organization_id).await?.iter().filter(|other| other.account.id != account.id) {
            if self.channel_code.is_some() && other.channel_code == self.channel_code {
                fields.wrong("channel_code", "duplicate", "another account has it");
            }
            if self.attributes.openid.is_some() && other.openid_attribute == self.attributes.openid {
                fields.wrong("attributes.openid", "duplicate", "another account keeps its openid there");
            }
        }
        let person_ids = self.person_ids.clone().unwrap_or_default();
        for (index, id) in person_ids.iter().enumerate() {
            if people::sql::find_person(conn, organization_id, id).await?.is_none() {
                fields.wrong(&format!("person_ids[{index}]"), "unknown", "is no person of this organization");
            }
        }
        fields.finish()?;
        if let (OFFICIAL_ACCOUNT, Some(platform)) = (account.kind.as_str(), &self.open_platform) {
            let limit = app.config.open_platform_accounts;
            let there = sql::on_platform(conn, organization_id, platform, &account.id).await?;
            if usize::try_from(there).unwrap_or(usize::MAX) >= limit {
                let problem = Problem::new(paifang_core::problem::ProblemCode::OpenPlatformFull);
                let sentence = format!("an open platform account holds at most {limit} official accounts");
                return Err(problem.detail(sentence).with("limit", limit.into()));
            }
        }
        let after = UsedAccountRow {
            account: account.clone(),
            organization_id: organization_id.clone(),
            display_name: self.display_name.clone(),
            description: self.description.clone(),
            time_zone: self.time_zone.clone(),
            default_campaign_id: self.default_campaign_id.clone(),
            channel_code: self.channel_code.clone(),
            openid_attribute: self.attributes.openid.clone(),
            unionid_attribute: self.attributes.unionid.clone(),
            subscription_attribute: self.attributes.subscription_status.clone(),
            activity_attribute: self.attributes.last_activity.clone(),
        };
        sql::set(conn, &after).await?;
        sql::set_persons(conn, &account.id, organization_id, &person_ids).await?;
        Ok(after)
    }
}
