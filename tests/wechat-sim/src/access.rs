//! Who may call an interface: whose token it is, and whether that account has the interface.

use crate::errcode::Errcode;
use crate::request::Request;
use crate::state::{App, Kind, State};

/// The account that calls, by the `access_token` in the query. `kind` is the one that has this interface; `None` is
/// any.
pub(crate) fn admit(state: &mut State, call: &Request, kind: Option<Kind>) -> Result<App, Errcode> {
    let token = call.query("access_token").ok_or(Errcode::ACCESS_TOKEN_MISSING)?;
    let appid = state.tokens.owner(token, call.now_ms)?;
    let app = state.apps.get(appid).ok_or(Errcode::INVALID_CREDENTIAL)?.clone();
    if kind.is_some_and(|kind| kind != app.kind) {
        return Err(Errcode::UNAUTHORIZED);
    }
    Ok(app)
}
