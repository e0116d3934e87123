//! Apps, their callbacks, users and followers in a file, so that they survive a restart. Codes, keys and tokens do not.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::followers::Followers;
use crate::push::Callback;
use crate::state::{App, State, User};

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    apps: Vec<App>,
    users: Vec<User>,
    #[serde(default)]
    followers: BTreeMap<String, Followers>,
    #[serde(default)]
    callbacks: BTreeMap<String, Callback>,
}

/// Adds what the file holds to the state; a file that is not there yet holds nothing.
pub(crate) fn load(path: &Path, state: &mut State) -> anyhow::Result<()> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let stored: Stored =
        serde_json::from_slice(&bytes).with_context(|| format!("{} is not a state file", path.display()))?;
    stored.apps.into_iter().for_each(|app| state.insert_app(app));
    stored.users.into_iter().for_each(|user| state.insert_user(user));
    state.followers = stored.followers;
    state.callbacks = stored.callbacks;
    Ok(())
}

/// Writes a new file beside the old one and then takes its place, so that a crash leaves one of the two whole.
pub(crate) fn save(path: &Path, state: &State) -> anyhow::Result<()> {
    let stored = Stored {
        apps: state.apps.values().cloned().collect(),
        users: state.users.values().cloned().collect(),
        followers: state.followers.clone(),
        callbacks: state.callbacks.clone(),
    };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    std::fs::write(&beside, serde_json::to_vec_pretty(&stored)?)?;
    std::fs::rename(&beside, path)?;
    Ok(())
}
