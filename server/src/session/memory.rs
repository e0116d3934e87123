//! The store of a single process. It is gone with the process: clients log in again, silently.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// After so many writes the expired entries are swept out.
const SWEEP_EVERY: usize = 4096;

/// Entries in this process.
#[derive(Clone, Default)]
pub struct MemoryKv {
    entries: Arc<Mutex<Entries>>,
}

#[derive(Default)]
struct Entries {
    map: HashMap<String, Entry>,
    writes: usize,
}

struct Entry {
    value: Value,
    expires: Instant,
}

enum Value {
    Text(String),
    Members(BTreeSet<String>),
    Count(i64),
}

impl Entries {
    fn live(&mut self, key: &str) -> Option<&mut Entry> {
        self.map.get_mut(key).filter(|entry| entry.expires > Instant::now())
    }

    fn put(&mut self, key: &str, value: Value, lifetime: i64) {
        self.writes += 1;
        if self.writes.is_multiple_of(SWEEP_EVERY) {
            let now = Instant::now();
            self.map.retain(|_, entry| entry.expires > now);
        }
        let expires = Instant::now() + Duration::from_millis(u64::try_from(lifetime).unwrap_or_default());
        self.map.insert(key.to_owned(), Entry { value, expires });
    }

    fn text(&mut self, key: &str) -> Option<&mut String> {
        match self.live(key) {
            Some(Entry { value: Value::Text(text), .. }) => Some(text),
            _ => None,
        }
    }
}

impl MemoryKv {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, key: &str) -> Option<String> {
        self.lock().text(key).cloned()
    }

    pub(super) fn set(&self, key: &str, value: &str, lifetime: i64) {
        self.lock().put(key, Value::Text(value.to_owned()), lifetime);
    }

    pub(super) fn set_if_absent(&self, key: &str, value: &str, lifetime: i64) -> bool {
        let mut entries = self.lock();
        let absent = entries.live(key).is_none();
        if absent {
            entries.put(key, Value::Text(value.to_owned()), lifetime);
        }
        absent
    }

    pub(super) fn replace(&self, key: &str, value: &str) -> bool {
        match self.lock().text(key) {
            Some(text) => {
                value.clone_into(text);
                true
            }
            None => false,
        }
    }

    pub(super) fn remove(&self, key: &str) {
        self.lock().map.remove(key);
    }

    pub(super) fn remove_if(&self, key: &str, value: &str) {
        let mut entries = self.lock();
        if entries.text(key).is_some_and(|text| text == value) {
            entries.map.remove(key);
        }
    }

    pub(super) fn add_member(&self, key: &str, member: &str, lifetime: i64) {
        let mut entries = self.lock();
        let mut members = match entries.live(key) {
            Some(Entry { value: Value::Members(members), .. }) => std::mem::take(members),
            _ => BTreeSet::new(),
        };
        members.insert(member.to_owned());
        entries.put(key, Value::Members(members), lifetime);
    }

    pub(super) fn members(&self, key: &str) -> Vec<String> {
        match self.lock().live(key) {
            Some(Entry { value: Value::Members(members), .. }) => members.iter().cloned().collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn count(&self, key: &str, window: i64) -> (i64, i64) {
        let mut entries = self.lock();
        if let Some(Entry { value: Value::Count(count), expires }) = entries.live(key) {
            *count += 1;
            let left = expires.saturating_duration_since(Instant::now()).as_millis();
            return (*count, i64::try_from(left).unwrap_or(window));
        }
        entries.put(key, Value::Count(1), window);
        (1, window)
    }
}
