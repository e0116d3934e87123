//! Calls to WeChat on behalf of an account. What only the operator can mend becomes a notice, and the notice goes
//! when calls succeed again.

use super::secrets;
use super::sql::{self, AccountRow};
use crate::app::App;
use crate::notices::{self, NoticeKind, Subject};
use crate::problem::Problem;
use crate::wechat::{Credentials, ErrcodeClass, TokenSource, WechatError, refused_address};
use futures_util::FutureExt;
use serde_json::{Value, json};

/// What a call on behalf of the account needs.
pub fn credentials(app: &App, account: &AccountRow) -> Result<Credentials, Problem> {
    let source = match &account.provider_url {
        Some(url) => TokenSource::Provider { url: url.clone(), secret: secrets::provider_secret(app, account)? },
        None => TokenSource::Stable(secrets::secret(app, account)?),
    };
    Ok(Credentials { appid: account.appid.clone(), source })
}

/// Passes on the outcome of a call; an outcome that tells something about the account's set-up is noted.
pub async fn outcome<T>(app: &App, account: &AccountRow, result: Result<T, WechatError>) -> Result<T, Problem> {
    match &result {
        Ok(_) => {
            if app.trouble.was_noted(&account.id) {
                note(app, account, None).await?;
            }
        }
        Err(error) => {
            if let Some(detail) = trouble(error) {
                note(app, account, Some(detail)).await?;
            }
        }
    }
    Ok(result?)
}

/// What the operator must know of a failure, where it is one to mend.
fn trouble(error: &WechatError) -> Option<Value> {
    if let WechatError::Provider(what) = error {
        return Some(json!({ "reason": "token_provider", "what": what }));
    }
    let (errcode, errmsg) = error.refusal()?;
    let reason = match error.class()? {
        ErrcodeClass::Address => "address",
        ErrcodeClass::Configuration => "configuration",
        ErrcodeClass::Reauthorise => "authorisation",
        ErrcodeClass::Token => "token",
        ErrcodeClass::Quota => "quota",
        _ => return None,
    };
    Some(json!({ "reason": reason, "errcode": errcode, "errmsg": errmsg, "address": refused_address(errmsg) }))
}

async fn note(app: &App, account: &AccountRow, trouble: Option<Value>) -> Result<(), Problem> {
    let (id, now) = (account.id.clone(), app.clock.now());
    let troubled = trouble.is_some();
    app.db
        .write(move |conn| {
            async move {
                for organization in sql::organizations(conn, &id).await? {
                    let (kind, subject) = (NoticeKind::WechatRefused, Subject { kind: "account", id: &id });
                    match &trouble {
                        Some(detail) => notices::raise(conn, &organization.id, kind, subject, detail, now).await?,
                        None => notices::clear(conn, &organization.id, kind, &id, now).await?,
                    }
                }
                Ok::<_, Problem>(())
            }
            .boxed()
        })
        .await?;
    app.trouble.set(&account.id, troubled);
    Ok(())
}
