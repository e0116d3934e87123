//! Bodies that connect or change an account, checked field by field.

use crate::accounts::service::{Callback, Given, Provider};
use crate::accounts::{AccountRow, Attributes, MINI_PROGRAM, OFFICIAL_ACCOUNT, Settings, is_appid};
use crate::app::App;
use crate::http::fields::Fields;
use crate::problem::Problem;
use paifang_core::wechat::message::MessageKey;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

/// The message push of an account, as it is set in WeChat's console.
#[derive(Deserialize, ToSchema)]
pub struct CallbackBody {
    /// 3 to 32 letters and digits.
    token: String,
    /// 43 letters and digits; absent keeps the one that is known.
    encoding_aes_key: Option<String>,
    /// `safe`, `compatible` or `plain`. The signature of plain pushes does not cover their body: it must be asked for.
    #[serde(default = "safe")]
    mode: String,
    /// `xml` or `json`; both are understood.
    #[serde(default = "json")]
    format: String,
}

fn safe() -> String {
    "safe".to_owned()
}

fn json() -> String {
    "json".to_owned()
}

/// A company's own token server, in the place of WeChat's.
#[derive(Deserialize, ToSchema)]
pub struct TokenProviderBody {
    /// `GET url?appid=…` answers `{"access_token", "expires_in"}`; it must lie under `PAIFANG_TOKEN_PROVIDERS`.
    url: String,
    /// Sent as a bearer token; absent keeps the one that is known for the same address.
    secret: Option<String>,
}

/// A body with what can be set of an account. Flattening would lose the names of wrong fields.
macro_rules! account_body {
    ($(#[$about:meta])* $name:ident { $($(#[$of_field:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$about])*
        #[derive(Deserialize, ToSchema)]
        pub struct $name {
            $($(#[$of_field])* $field: $type,)*
            /// The message push.
            callback: Option<CallbackBody>,
            /// A company's own token server; absent means WeChat itself.
            token_provider: Option<TokenProviderBody>,
            /// The name that is shown wherever an account is chosen; the AppID when absent.
            display_name: Option<String>,
            /// Shown with the name, for those who cannot read it.
            description: Option<String>,
            /// The IANA time zone in which messages show times; Asia/Shanghai when absent.
            time_zone: Option<String>,
            /// Where activity is booked that belongs to no campaign.
            default_campaign_id: Option<String>,
            /// What business systems call the account: 1 to 32 of `[A-Za-z0-9_-]`.
            channel_code: Option<String>,
            /// Names of attributes.
            #[serde(default)]
            attributes: Attributes,
            /// The persons who may use the account; everybody with the right when absent or empty.
            person_ids: Option<Vec<String>>,
            /// `subscription` or `service`; required for an official account.
            official_account_type: Option<String>,
            /// The open platform account that the account is bound to.
            open_platform: Option<String>,
        }

        impl $name {
            fn settings(&mut self) -> Settings {
                Settings {
                    display_name: self.display_name.take(),
                    description: self.description.take(),
                    time_zone: self.time_zone.take(),
                    default_campaign_id: self.default_campaign_id.take(),
                    channel_code: self.channel_code.take(),
                    attributes: std::mem::take(&mut self.attributes),
                    person_ids: self.person_ids.take(),
                    official_account_type: self.official_account_type.take(),
                    open_platform: self.open_platform.take(),
                }
            }
        }
    };
}

account_body! {
    /// An account to connect.
    NewAccountBody {
        /// `mini_program` or `official_account`.
        kind: String,
        /// The AppID.
        appid: String,
        /// The AppSecret. An official account with a token provider does without.
        secret: Option<String>,
    }
}

account_body! {
    /// An account's settings, to put in the place of those it has.
    AccountChange {
        /// The AppSecret; absent keeps it.
        secret: Option<String>,
    }
}

impl NewAccountBody {
    /// The kind, the AppID, and what was given.
    pub fn check(mut self, app: &App) -> Result<(&'static str, String, Given), Problem> {
        let mut fields = Fields::default();
        let kind = [MINI_PROGRAM, OFFICIAL_ACCOUNT].into_iter().find(|kind| *kind == self.kind);
        if kind.is_none() {
            fields.wrong("kind", "unknown", "must be mini_program or official_account");
        }
        if !is_appid(&self.appid) {
            fields.wrong("appid", "format", "must be wx and 16 hexadecimal digits");
        }
        if self.secret.is_none() && (kind == Some(MINI_PROGRAM) || self.token_provider.is_none()) {
            fields.wrong("secret", "required", "is missing");
        }
        let kind = kind.unwrap_or(MINI_PROGRAM);
        let settings = self.settings();
        let given = check(app, kind, self.secret, self.callback, self.token_provider, settings, &mut fields);
        fields.finish()?;
        Ok((kind, self.appid, given))
    }
}

impl AccountChange {
    /// What was given.
    pub fn check(mut self, app: &App, account: &AccountRow) -> Result<Given, Problem> {
        let mut fields = Fields::default();
        let kind = account.kind.as_str();
        let settings = self.settings();
        let given = check(app, kind, self.secret, self.callback, self.token_provider, settings, &mut fields);
        fields.finish()?;
        Ok(given)
    }
}

fn check(
    app: &App,
    kind: &str,
    secret: Option<String>,
    callback: Option<CallbackBody>,
    provider: Option<TokenProviderBody>,
    mut settings: Settings,
    fields: &mut Fields,
) -> Given {
    settings.check(kind, fields);
    let visible =
        |text: &str, max: usize| (1..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if secret.as_deref().is_some_and(|secret| !visible(secret.trim(), 128)) {
        fields.wrong("secret", "format", "is no AppSecret");
    }
    if let Some(callback) = &callback {
        if !(3..=32).contains(&callback.token.len()) || !callback.token.bytes().all(|b| b.is_ascii_alphanumeric()) {
            fields.wrong("callback.token", "format", "needs 3 to 32 letters and digits");
        }
        if callback.encoding_aes_key.as_deref().is_some_and(|key| MessageKey::parse(key).is_none()) {
            fields.wrong("callback.encoding_aes_key", "format", "needs 43 letters and digits");
        }
        if !["safe", "compatible", "plain"].contains(&callback.mode.as_str()) {
            fields.wrong("callback.mode", "unknown", "must be safe, compatible or plain");
        }
        if !["xml", "json"].contains(&callback.format.as_str()) {
            fields.wrong("callback.format", "unknown", "must be xml or json");
        }
    }
    if let Some(provider) = &provider {
        let url = reqwest::Url::parse(&provider.url).ok();
        let plain = url.filter(|url| url.query().is_none() && url.fragment().is_none() && url.as_str() == provider.url);
        let below =
            |url: reqwest::Url| app.config.token_providers.iter().any(|allowed| url.as_str().starts_with(allowed));
        if !plain.is_some_and(below) {
            let sentence = "the operator does not allow this address (PAIFANG_TOKEN_PROVIDERS)";
            fields.wrong("token_provider.url", "refused", sentence);
        }
        if provider.secret.as_deref().is_some_and(|secret| !visible(secret, 512)) {
            fields.wrong("token_provider.secret", "format", "needs visible ASCII characters");
        }
    }
    Given {
        secret: secret.map(|secret| SecretString::from(secret.trim())),
        callback: callback.map(|callback| Callback {
            token: callback.token.into(),
            aes_key: callback.encoding_aes_key.map(SecretString::from),
            mode: callback.mode,
            format: callback.format,
        }),
        provider: provider
            .map(|provider| Provider { url: provider.url, secret: provider.secret.map(SecretString::from) }),
        settings,
    }
}
