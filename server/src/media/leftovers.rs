//! Files that are left when the machine or the process ends while an object is written to a folder: the object's name,
//! `#` and a number. The store itself never shows them.

use crate::problem::Problem;
use paifang_core::problem::ProblemCode;
use std::io::{Error, ErrorKind};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// A file that has not been written to for so long belongs to no write that goes on.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes a folder with all that is in it, if it is there.
pub async fn remove_folder(folder: &Path) -> Result<(), Problem> {
    match tokio::fs::remove_dir_all(folder).await {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Problem::new(ProblemCode::StorageUnavailable).retry_after(1).because(error.to_string()))
        }
        _ => Ok(()),
    }
}

/// Removes old leftovers in the folder and those below it; answers how many. Takes long: not for a thread that serves
/// requests.
pub fn remove_old(root: &Path) -> Result<usize, Error> {
    let (mut folders, mut removed) = (vec![root.to_owned()], 0);
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            // A purge goes on at the same time.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if is_leftover(&entry.file_name().to_string_lossy()) && is_old(&entry) {
                removed += usize::from(std::fs::remove_file(entry.path()).is_ok());
            }
        }
    }
    Ok(removed)
}

fn is_leftover(name: &str) -> bool {
    let number = name.rsplit_once('#').map(|(_, number)| number);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_old(entry: &std::fs::DirEntry) -> bool {
    let changed = entry.metadata().and_then(|data| data.modified()).ok();
    changed.and_then(|at| SystemTime::now().duration_since(at).ok()).is_some_and(|age| age > OLD)
}
