//! Connecting, changing and removing accounts.

use super::dependents::{self, Dependent};
use super::secrets::{self, seal, seal_optional};
use super::settings::Settings;
use super::sql::{self, AccountRow, UsedAccountRow};
use super::{OFFICIAL_ACCOUNT, credentials};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::callbacks;
use crate::http::Caller;
use crate::http::auth::Principal;
use crate::notices::{self, NoticeKind};
use crate::organizations;
use crate::people::Role;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use crate::wechat::{Credentials, WechatError};
use paifang_core::problem::ProblemCode;
use secrecy::SecretString;
use serde_json::{Value, json};

/// The message push of an account.
#[derive(Clone)]
pub struct Callback {
    pub token: SecretString,
    pub aes_key: Option<SecretString>,
    pub mode: String,
    pub format: String,
}

/// A company's own token server.
#[derive(Clone)]
pub struct Provider {
    pub url: String,
    pub secret: Option<SecretString>,
}

/// Secrets and settings that were given; what is absent stays as it is.
#[derive(Clone)]
pub struct Given {
    pub secret: Option<SecretString>,
    pub callback: Option<Callback>,
    pub provider: Option<Provider>,
    pub settings: Settings,
}

impl Given {
    /// The account with what was given in the place of what it had.
    pub fn over(&self, app: &App, before: &AccountRow) -> Result<AccountRow, Problem> {
        let mut row = before.clone();
        if let Some(secret) = &self.secret {
            row.secret_sealed = seal(app, secrets::SECRET, secret)?;
        }
        if let Some(callback) = &self.callback {
            row.callback_token_sealed = Some(seal(app, secrets::CALLBACK_TOKEN, &callback.token)?);
            if callback.aes_key.is_some() {
                row.callback_aes_key_sealed = seal_optional(app, secrets::CALLBACK_AES_KEY, callback.aes_key.as_ref())?;
            }
            row.callback_mode.clone_from(&callback.mode);
            row.callback_format.clone_from(&callback.format);
        }
        row.provider_url = self.provider.as_ref().map(|provider| provider.url.clone());
        row.provider_secret_sealed = match &self.provider {
            Some(Provider { secret: Some(secret), .. }) => Some(seal(app, secrets::PROVIDER_SECRET, secret)?),
            // A secret is for one server: another address needs its own.
            Some(provider) if Some(&provider.url) == before.provider_url.as_ref() => {
                before.provider_secret_sealed.clone()
            }
            _ => None,
        };
        row.official_account_type.clone_from(&self.settings.official_account_type);
        row.open_platform.clone_from(&self.settings.open_platform);
        if row.callback_mode != "plain" && row.callback_token_sealed.is_some() && row.callback_aes_key_sealed.is_none()
        {
            return Err(Problem::field("callback.encoding_aes_key", "required", "only plain mode does without"));
        }
        Ok(row)
    }
}

/// Asks WeChat, or the token provider, whether the account's credentials are good. A refusal names the field.
pub async fn verify(app: &App, row: &AccountRow) -> Result<(), Problem> {
    let who: Credentials = credentials(app, row)?;
    app.access.try_source(&who).await.map_err(|error| match (&error, error.refusal()) {
        (_, Some((40013, _))) => Problem::field("appid", "unknown", "WeChat does not know this AppID"),
        (_, Some((40125, _))) => Problem::field("secret", "refused", "WeChat does not accept this AppSecret"),
        (_, Some((40243, _))) => Problem::field("secret", "refused", "WeChat has frozen this AppSecret"),
        (WechatError::Provider(what), _) => {
            Problem::field("token_provider.url", "refused", format!("the token provider {what}"))
        }
        _ => Problem::from(error),
    })
}

/// Connects an account that WeChat has accepted the secret of. A mini program that another organization uses becomes
/// shared by both; an official account has one organization.
pub async fn connect(
    app: &App,
    conn: &mut Conn,
    actor: &Actor,
    row: AccountRow,
    settings: &Settings,
    now: i64,
) -> Result<UsedAccountRow, Problem> {
    organizations::sql::lock(conn, &actor.organization_id).await?;
    let known = sql::find_locked(conn, &row.appid).await?;
    if let Some(known) = &known {
        let users = sql::organizations(conn, &known.id).await?;
        let ours = users.iter().any(|organization| organization.id == actor.organization_id);
        if ours || known.kind == OFFICIAL_ACCOUNT || known.kind != row.kind {
            return Err(Problem::new(ProblemCode::AlreadyExists).detail("this AppID is connected already"));
        }
    }
    let row = match known {
        // The others' message push and settings stay; only the AppSecret, which WeChat has just accepted, is the newest.
        Some(known) if row.provider_url.is_none() => AccountRow { secret_sealed: row.secret_sealed, ..known },
        Some(_) => return Err(Problem::field("token_provider", "refused", "another organization uses this account")),
        None => {
            sql::upsert(conn, &row, now).await?;
            row
        }
    };
    sql::change(conn, &row, now).await?;
    sql::share(conn, &row.id, &actor.organization_id).await?;
    let used = find(conn, &actor.organization_id, &row.id).await?;
    let used = settings.apply(app, conn, &used).await?;
    let change = Change { action: "account.connect", subject_id: &row.id, at: now };
    audit::created(conn, actor, change, &shown(&used)).await?;
    Ok(used)
}

/// A new account's row, with its secrets sealed.
pub fn new_row(app: &App, kind: &str, appid: &str, given: &Given, now: i64) -> Result<AccountRow, Problem> {
    let nothing = SecretString::from("");
    let empty = AccountRow {
        id: random::id(now),
        kind: kind.to_owned(),
        appid: appid.to_owned(),
        secret_sealed: seal(app, secrets::SECRET, given.secret.as_ref().unwrap_or(&nothing))?,
        callback_token_sealed: None,
        callback_aes_key_sealed: None,
        callback_mode: "safe".to_owned(),
        callback_format: "json".to_owned(),
        official_account_type: None,
        open_platform: None,
        provider_url: None,
        provider_secret_sealed: None,
    };
    given.over(app, &empty)
}

/// A change of an account.
pub struct Wanted {
    pub id: String,
    pub given: Given,
    /// The caller knows what depends on it.
    pub confirmed: bool,
}

/// Changes an account. A change on which other things depend is refused until it is confirmed.
pub async fn change(
    app: &App,
    conn: &mut Conn,
    actor: &Actor,
    wanted: Wanted,
    now: i64,
) -> Result<UsedAccountRow, Problem> {
    let Wanted { id, given, confirmed } = &wanted;
    organizations::sql::lock(conn, &actor.organization_id).await?;
    // Read again under the lock: a master key or another admin may have changed it since it was verified.
    let before = &find(conn, &actor.organization_id, id).await?;
    let locked = sql::find_locked(conn, &before.account.appid).await?.ok_or_else(Problem::not_found)?;
    let before = &UsedAccountRow { account: locked, ..before.clone() };
    let (after, settings) = (&given.over(app, &before.account)?, &given.settings);
    let uses = sql::uses(conn, &before.account.id).await?;
    let touches_others = given.callback.is_some()
        || after.open_platform != before.account.open_platform
        || after.provider_url != before.account.provider_url;
    if uses.len() > 1 && touches_others && given.secret.is_none() {
        let sentence = "other organizations use this account: give its AppSecret to change what is theirs too";
        return Err(Problem::field("secret", "required", sentence));
    }
    let breaks = after.open_platform != before.account.open_platform
        || after.official_account_type != before.account.official_account_type
        || settings.channel_code != before.channel_code;
    if breaks {
        let dependents = dependents::of(conn, before, now).await?;
        confirm(&dependents, *confirmed)?;
        for used in &uses {
            let dependents = dependents::of(conn, used, now).await?;
            dependents::mark(conn, used, &dependents, NoticeKind::AccountChanged, now).await?;
        }
    }
    sql::change(conn, after, now).await?;
    let used = settings.apply(app, conn, &UsedAccountRow { account: after.clone(), ..before.clone() }).await?;
    notices::clear(conn, &actor.organization_id, NoticeKind::WechatRefused, &used.account.id, now).await?;
    let change = Change { action: "account.update", subject_id: &used.account.id, at: now };
    audit::record(conn, actor, change, Some(&shown(before)), Some(&shown(&used))).await?;
    Ok(used)
}

/// Takes the account from the organization; its secrets are gone with the last organization that used it. What people
/// did through it stays.
pub async fn remove(conn: &mut Conn, actor: &Actor, id: &str, confirmed: bool, now: i64) -> Result<(), Problem> {
    organizations::sql::lock(conn, &actor.organization_id).await?;
    let used = find(conn, &actor.organization_id, id).await?;
    let dependents = dependents::of(conn, &used, now).await?;
    confirm(&dependents, confirmed)?;
    dependents::mark(conn, &used, &dependents, NoticeKind::AccountDeleted, now).await?;
    notices::clear(conn, &actor.organization_id, NoticeKind::WechatRefused, id, now).await?;
    if sql::remove(conn, id, &actor.organization_id).await? {
        // Whoever connects it next has nothing to do with what was pushed before.
        callbacks::forget_account(conn, &used.account.appid).await?;
    }
    let change = Change { action: "account.remove", subject_id: id, at: now };
    audit::record::<_, ()>(conn, actor, change, Some(&shown(&used)), None).await
}

fn confirm(dependents: &[Dependent], confirmed: bool) -> Result<(), Problem> {
    if dependents.is_empty() || confirmed {
        return Ok(());
    }
    let listed = serde_json::to_value(dependents).unwrap_or_default();
    Err(Problem::new(ProblemCode::AccountInUse).with("dependents", listed))
}

/// The account, if the organization uses it.
pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> Result<UsedAccountRow, Problem> {
    sql::find_used(conn, organization_id, id).await?.filter(|_| !id.is_empty()).ok_or_else(Problem::not_found)
}

/// The accounts that the caller may use. A list of persons on an account binds everybody but admins and API tokens,
/// who can change it.
pub async fn usable(conn: &mut Conn, caller: &Caller) -> Result<Vec<UsedAccountRow>, Problem> {
    if !caller.roles.iter().any(|role| role != Role::Member) {
        return Ok(Vec::new());
    }
    let mut accounts = sql::used(conn, &caller.organization_id).await?;
    if let Principal::Person(session) = &caller.principal
        && !caller.may(Role::Admin)
    {
        let listed = sql::persons(conn, &caller.organization_id).await?;
        accounts.retain(|used| {
            let mut of_account = listed.iter().filter(|(account_id, _)| *account_id == used.account.id).peekable();
            of_account.peek().is_none() || of_account.any(|(_, person_id)| *person_id == session.person_id)
        });
    }
    Ok(accounts)
}

/// What the audit log shows of an account: no secrets.
fn shown(used: &UsedAccountRow) -> Value {
    let account = &used.account;
    json!({
        "appid": account.appid,
        "kind": account.kind,
        "official_account_type": account.official_account_type,
        "open_platform": account.open_platform,
        "callback_mode": account.callback_mode,
        "token_provider": account.provider_url,
        "display_name": used.display_name,
        "description": used.description,
        "time_zone": used.time_zone,
        "default_campaign_id": used.default_campaign_id,
        "channel_code": used.channel_code,
    })
}
