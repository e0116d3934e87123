//! Is this push WeChat's? The signature that counts covers the body, except in plain mode, which must have been asked
//! for.

use super::account::CallbackAccount;
use super::decode::Push;
use crate::http::body::hash;
use crate::problem::Problem;
use paifang_core::problem::ProblemCode;
use paifang_core::time::DAY;
use paifang_core::wechat::signature;
use secrecy::ExposeSecret;
use serde::Deserialize;

/// WeChat repeats some pushes for a day and more; a signature that is older than this is not believed, while the
/// pushes of that time are still known (see [`super::KEEP`]).
const OLDEST: i64 = 7 * DAY;
/// Clocks differ.
const AHEAD: i64 = 10 * 60 * 1000;

/// The query of a push.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PushQuery {
    #[serde(default)]
    pub signature: String,
    #[serde(default)]
    pub timestamp: String,
    #[serde(default)]
    pub nonce: String,
    #[serde(default)]
    pub msg_signature: String,
    #[serde(default)]
    pub echostr: String,
}

/// A push that is WeChat's.
pub struct Opened {
    /// Decrypted, as WeChat wrote it.
    pub body: String,
    /// Whom it is about.
    pub openid: Option<String>,
    pub dedup_key: String,
}

fn refused() -> Problem {
    Problem::new(ProblemCode::PushRefused)
}

/// Checks the signature of a URL verification, or of a plain push: it covers neither body nor echostr.
pub fn verify_query(account: &CallbackAccount, query: &PushQuery) -> Result<(), Problem> {
    let token = account.token.as_ref().ok_or_else(refused)?;
    let parts = [token.expose_secret(), &query.timestamp, &query.nonce];
    if signature::verify(&query.signature, &parts) { Ok(()) } else { Err(refused()) }
}

/// Opens a push. Where it is encrypted, only what was encrypted counts.
pub fn open(
    account: &CallbackAccount,
    appid: &str,
    query: &PushQuery,
    body: &[u8],
    now: i64,
) -> Result<Opened, Problem> {
    let at = query.timestamp.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1000)).ok_or_else(refused)?;
    if at < now - OLDEST || at > now + AHEAD {
        return Err(refused());
    }
    let outer = Push::decode(body).ok();
    let encrypted = outer.as_ref().and_then(|outer| outer.text(&["Encrypt"]));
    let message = match (encrypted, &account.key) {
        (Some(encrypted), Some(key)) => {
            let token = account.token.as_ref().ok_or_else(refused)?;
            let parts = [token.expose_secret(), &query.timestamp, &query.nonce, &encrypted];
            if !signature::verify(&query.msg_signature, &parts) {
                return Err(refused());
            }
            key.open(&encrypted, appid).map_err(|_| refused())?
        }
        (None, _) if account.plain => {
            verify_query(account, query)?;
            body.to_vec()
        }
        _ => return Err(refused()),
    };
    let body = String::from_utf8_lossy(&message).replace('\0', "\u{fffd}");
    Ok(match Push::decode(&message) {
        Ok(push) => Opened {
            openid: push.text(&["OpenID"]).or_else(|| push.text(&["FromUserName"])),
            dedup_key: push.dedup_key(),
            body,
        },
        // It is WeChat's, so it is kept: whoever mends the decoder can replay it.
        Err(_) => Opened { openid: None, dedup_key: hash(&message), body },
    })
}
