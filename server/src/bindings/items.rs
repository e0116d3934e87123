//! Reading what a business system sends: users, each with what to delete, set and add. A mistake in one of them does
//! not concern the others.

use super::channels::Channels;
use super::{is_openid, userid};
use serde_json::{Map, Value};

/// The most openids of one user in one channel of one call.
const MOST_OPENIDS: usize = 100;

/// What is wrong with a user of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// `userid`, `unknown_channel`, `openid`, `openid_refused` or `binding_conflict`.
    pub code: &'static str,
    /// What is wrong, for people.
    pub detail: &'static str,
    /// Where.
    pub channel: Option<String>,
    /// With which openid.
    pub openid: Option<String>,
}

/// A change of one user's openids in one channel.
#[derive(Debug, PartialEq, Eq)]
pub struct Change {
    /// The channel's code.
    pub channel: String,
    /// Its account.
    pub appid: String,
    /// What to do.
    pub action: Action,
}

/// What to do with the openids of a user in a channel.
#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    /// These are no longer the user's.
    Delete(Vec<String>),
    /// None are.
    DeleteAll,
    /// These are, and no others.
    Set(Vec<String>),
    /// These are, too.
    Add(Vec<String>),
}

/// A user with all changes, in the order in which they are made: `del`, `set`, `add`.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// The user.
    pub userid: String,
    /// The changes.
    pub changes: Vec<Change>,
}

impl Item {
    /// The openids that shall be the user's, with channel code and AppID.
    pub fn wanted(&self) -> impl Iterator<Item = (&Change, &str)> {
        self.changes.iter().flat_map(|change| {
            let openids = match &change.action {
                Action::Set(openids) | Action::Add(openids) => openids.as_slice(),
                Action::Delete(_) | Action::DeleteAll => &[],
            };
            openids.iter().map(move |openid| (change, openid.as_str()))
        })
    }
}

/// The `userid` as it was sent, for the answer.
pub fn sent_userid(value: &Value) -> Option<String> {
    value.get("userid").and_then(Value::as_str).map(str::to_owned)
}

/// Reads one user.
pub fn read(value: &Value, channels: &Channels) -> Result<Item, Mistake> {
    let wrong = |code, detail| Mistake { code, detail, channel: None, openid: None };
    let sent = value.get("userid").and_then(Value::as_str);
    let userid = sent.and_then(userid).ok_or_else(|| wrong("userid", "needs 1 to 64 visible characters"))?;
    let mut changes = Vec::new();
    for verb in ["del", "set", "add"] {
        let codes = match value.get(verb) {
            None | Some(Value::Null) => continue,
            Some(Value::Object(codes)) => codes,
            Some(_) => return Err(wrong("unknown_channel", "del, set and add are objects of channel codes")),
        };
        read_changes(verb, codes, channels, &mut changes)?;
    }
    Ok(Item { userid, changes })
}

fn read_changes(
    verb: &str,
    codes: &Map<String, Value>,
    channels: &Channels,
    changes: &mut Vec<Change>,
) -> Result<(), Mistake> {
    for (code, value) in codes {
        let wrong = |code_: &'static str, detail, openid: Option<&str>| Mistake {
            code: code_,
            detail,
            channel: Some(code.chars().take(64).collect()),
            openid: openid.map(|openid| openid.chars().take(64).collect()),
        };
        let account =
            channels.by_code(code).ok_or_else(|| wrong("unknown_channel", "no account has this code", None))?;
        let empty = Value::String(String::new());
        let values = match value {
            Value::Array(values) => values.as_slice(),
            Value::Null => std::slice::from_ref(&empty),
            one => std::slice::from_ref(one),
        };
        if values.len() > MOST_OPENIDS {
            return Err(wrong("openid", "at most 100 openids of one user in one channel", None));
        }
        let mut openids: Vec<String> = Vec::with_capacity(values.len());
        let mut all = false;
        for value in values {
            let openid = value.as_str().map(str::trim).ok_or_else(|| wrong("openid", "is no openid", None))?;
            match openid {
                "" if verb == "del" => all = true,
                openid if !is_openid(openid) => return Err(wrong("openid", "is no openid", Some(openid))),
                openid if openids.iter().any(|known| known == openid) => {}
                openid => openids.push(openid.to_owned()),
            }
        }
        let action = match verb {
            "del" if all => Action::DeleteAll,
            "del" => Action::Delete(openids),
            "set" => Action::Set(openids),
            _ => Action::Add(openids),
        };
        changes.push(Change { channel: code.clone(), appid: account.appid.clone(), action });
    }
    Ok(())
}
