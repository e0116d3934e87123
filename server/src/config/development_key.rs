//! The master key of a development server: a file in the data folder, newest key first, one in each line.

use crate::seal::Sealer;
use anyhow::Context;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The newest key and those before it; one is made where there is none.
pub fn load(data_dir: &Path) -> anyhow::Result<([u8; 32], Vec<[u8; 32]>)> {
    let path = data_dir.join("master.key");
    std::fs::create_dir_all(data_dir).with_context(|| format!("creating {}", data_dir.display()))?;
    if !path.exists() {
        // Written whole under another name and then linked, so that two processes starting at once agree on one key.
        let draft = draft(data_dir, &[crate::random::bytes::<32>()?])?;
        let _ = std::fs::hard_link(&draft, &path);
        std::fs::remove_file(&draft)?;
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let keys: Option<Vec<_>> = text.lines().map(Sealer::parse_key).collect();
    let mut keys = keys.unwrap_or_default().into_iter();
    let newest = keys.next().with_context(|| format!("{} does not hold 32 bytes in base64", path.display()))?;
    Ok((newest, keys.collect()))
}

/// Puts a new key before the others.
pub fn renew(data_dir: &Path) -> anyhow::Result<()> {
    let (newest, older) = load(data_dir)?;
    let keys: Vec<_> = [crate::random::bytes::<32>()?, newest].into_iter().chain(older).collect();
    Ok(std::fs::rename(draft(data_dir, &keys)?, data_dir.join("master.key"))?)
}

/// Keeps only the newest key, once nothing is sealed with the others.
pub fn forget_older(data_dir: &Path) -> anyhow::Result<()> {
    let (newest, _) = load(data_dir)?;
    Ok(std::fs::rename(draft(data_dir, &[newest])?, data_dir.join("master.key"))?)
}

fn draft(data_dir: &Path, keys: &[[u8; 32]]) -> anyhow::Result<std::path::PathBuf> {
    let path = data_dir.join(format!("master.key.{}", std::process::id()));
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
    for key in keys {
        writeln!(file, "{}", data_encoding::BASE64.encode(key))?;
    }
    file.sync_all()?;
    Ok(path)
}
