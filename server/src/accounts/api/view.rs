//! What the API shows of an account: never a secret.

use crate::accounts::{Attributes, UsedAccountRow};
use serde::Serialize;
use utoipa::ToSchema;

/// A connected account.
#[derive(Serialize, ToSchema)]
pub struct Account {
    id: String,
    kind: String,
    appid: String,
    /// The name that is shown wherever an account is chosen.
    display_name: String,
    /// Shown with the name.
    description: Option<String>,
    /// `subscription` or `service`, of an official account.
    official_account_type: Option<String>,
    open_platform: Option<String>,
    time_zone: String,
    default_campaign_id: Option<String>,
    channel_code: Option<String>,
    attributes: Attributes,
    /// Who may use it; everybody with the right when empty.
    person_ids: Vec<String>,
    callback: CallbackView,
    /// The address of the company's own token server.
    token_provider: Option<String>,
}

/// The message push, without its secrets.
#[derive(Serialize, ToSchema)]
pub struct CallbackView {
    /// Where WeChat must send pushes, below this server's address.
    path: String,
    /// Whether a token is set; without one, pushes are refused.
    token_set: bool,
    /// Whether an EncodingAESKey is set.
    encoding_aes_key_set: bool,
    mode: String,
    format: String,
}

/// An account to choose: name and description are shown together.
#[derive(Serialize, ToSchema)]
pub struct AccountChoice {
    id: String,
    kind: String,
    appid: String,
    display_name: String,
    description: Option<String>,
}

/// The zone of an account that sets none.
const DEFAULT_ZONE: &str = "Asia/Shanghai";

impl Account {
    /// The account; `persons` are all pairs of account and person of the organization.
    pub fn read(used: UsedAccountRow, persons: &[(String, String)]) -> Self {
        let of_account = persons.iter().filter(|(account_id, _)| *account_id == used.account.id);
        let person_ids = of_account.map(|(_, person_id)| person_id.clone()).collect();
        let account = used.account;
        Self {
            display_name: used.display_name.unwrap_or_else(|| account.appid.clone()),
            description: used.description,
            time_zone: used.time_zone.unwrap_or_else(|| DEFAULT_ZONE.to_owned()),
            default_campaign_id: used.default_campaign_id,
            channel_code: used.channel_code,
            attributes: Attributes {
                openid: used.openid_attribute,
                unionid: used.unionid_attribute,
                subscription_status: used.subscription_attribute,
                last_activity: used.activity_attribute,
            },
            person_ids,
            callback: CallbackView {
                path: format!("/wechat/callback/{}", account.appid),
                token_set: account.callback_token_sealed.is_some(),
                encoding_aes_key_set: account.callback_aes_key_sealed.is_some(),
                mode: account.callback_mode,
                format: account.callback_format,
            },
            token_provider: account.provider_url,
            id: account.id,
            kind: account.kind,
            appid: account.appid,
            official_account_type: account.official_account_type,
            open_platform: account.open_platform,
        }
    }
}

impl From<&UsedAccountRow> for AccountChoice {
    fn from(used: &UsedAccountRow) -> Self {
        let account = &used.account;
        Self {
            id: account.id.clone(),
            kind: account.kind.clone(),
            appid: account.appid.clone(),
            display_name: used.display_name.clone().unwrap_or_else(|| account.appid.clone()),
            description: used.description.clone(),
        }
    }
}
