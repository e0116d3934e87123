//! Who may call an interface: whose token it is, from which address, how often, and whether that account has it.

use std::net::IpAddr;

use crate::errcode::Errcode;
use crate::request::Request;
use crate::state::{App, Kind, State};

/// The account that calls, by the `access_token` in the query. `kind` is the one that has this interface; `None` is
/// any.
pub(crate) fn admit(state: &mut State, call: &Request, kind: Option<Kind>) -> Result<App, Errcode> {
    let token = call.query("access_token").ok_or(Errcode::ACCESS_TOKEN_MISSING)?;
    let appid = state.tokens.owner(token, call.now_ms)?;
    let app = state.apps.get(appid).ok_or(Errcode::INVALID_CREDENTIAL)?.clone();
    admit_address(&app, call)?;
    if kind.is_some_and(|kind| kind != app.kind) {
        return Err(Errcode::UNAUTHORIZED);
    }
    state.quotas.spend(&app.appid, &call.path, call.now_ms)?;
    Ok(app)
}

/// The same for a call that asks for a token: whoever knows the secret, if it is not frozen.
pub(crate) fn admit_secret(state: &mut State, call: &Request, appid: &str, secret: &str) -> Result<(), Errcode> {
    let app = state.authenticate(appid, secret)?;
    if app.frozen {
        return Err(Errcode::SECRET_FROZEN);
    }
    admit_address(app, call)?;
    state.quotas.spend(appid, &call.path, call.now_ms)
}

/// An entry that is no address admits nobody.
fn admit_address(app: &App, call: &Request) -> Result<(), Errcode> {
    let known = |address: &String| address.parse::<IpAddr>().is_ok_and(|address| address.to_canonical() == call.peer);
    let admitted = app.allowed_ips.as_ref().is_none_or(|addresses| addresses.iter().any(known));
    if admitted { Ok(()) } else { Err(Errcode::ADDRESS_NOT_ALLOWED) }
}
