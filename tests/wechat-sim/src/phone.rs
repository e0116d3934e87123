//! `POST /wxa/business/getuserphonenumber`: the code of the phone number button becomes the number.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use crate::access;
use crate::answer::Outcome;
use crate::crypt;
use crate::errcode::Errcode;
use crate::identity::openid;
use crate::random;
use crate::request::{Request, text};
use crate::state::{CODE_LIFE_MS, Kind, State, User};

/// The number is the one the person had when the button was tapped.
#[derive(Debug)]
pub(crate) struct PhoneCode {
    appid: String,
    user: String,
    phone: Value,
    minted_ms: i64,
    used: bool,
}

/// Gives the code the button would. It is no login code, and a login code is none of these.
pub(crate) fn mint(state: &mut State, appid: &str, user: &str, now_ms: i64) -> anyhow::Result<String> {
    let app = state.app(appid)?;
    ensure!(app.kind == Kind::MiniProgram, "{appid} is no mini program");
    let phone = state.users.get(user).and_then(User::phone_data);
    let phone = phone.with_context(|| format!("{user} has no phone number"))?;
    let code = random::phone_code();
    let minted = PhoneCode { appid: appid.to_owned(), user: user.to_owned(), phone, minted_ms: now_ms, used: false };
    state.phone_codes.insert(code.clone(), minted);
    Ok(code)
}

/// Only an answered call consumes the code.
pub(crate) fn number(state: &mut State, call: &Request) -> Outcome {
    call.require_post()?;
    let app = access::admit(state, call, Some(Kind::MiniProgram))?;
    let body = call.json_object()?;
    let code = text(&body, "code")?.ok_or(Errcode::INVALID_CODE)?;
    let whose = text(&body, "openid")?;
    let minted = state.phone_codes.get_mut(code).ok_or(Errcode::INVALID_CODE)?;
    if minted.appid != app.appid {
        return Err(Errcode::INVALID_APPID);
    }
    if minted.used || call.now_ms.saturating_sub(minted.minted_ms) > CODE_LIFE_MS {
        return Err(Errcode::INVALID_CODE);
    }
    if whose.is_some_and(|whose| whose != openid(&app.appid, &minted.user)) {
        return Err(Errcode::INVALID_OPENID);
    }
    minted.used = true;
    let phone_info = crypt::with_watermark(minted.phone.clone(), &app.appid, call.now_ms / 1000);
    Ok(json!({"errcode": 0, "errmsg": "ok", "phone_info": phone_info}))
}
