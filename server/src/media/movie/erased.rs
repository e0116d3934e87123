//! What of a file is erased, piece by piece while it is copied.

use super::boxes::Found;
use super::broken;
use crate::problem::Problem;
use std::ops::Range;

/// The most places of a file that are erased; a minute has a tenth of it. Each is looked for in every piece.
const MOST: usize = 10_000;

/// What of a file is erased.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Where names of boxes are replaced, in order.
    names: Vec<u64>,
    /// Bytes that become zero, in order and apart from each other.
    bytes: Vec<Range<u64>>,
}

impl Erased {
    /// Makes a box free space.
    pub fn erase(&mut self, found: &Found) -> Result<(), Problem> {
        self.names.push(found.at + 4);
        self.zero(found.body.clone())
    }

    /// Makes bytes zero, as far as the file has them.
    pub fn zero(&mut self, range: Range<u64>) -> Result<(), Problem> {
        match self.bytes.last_mut() {
            Some(last) if last.start <= range.start && range.start <= last.end => last.end = last.end.max(range.end),
            _ if range.is_empty() => {}
            _ => self.bytes.push(range),
        }
        if self.bytes.len().max(self.names.len()) > MOST { Err(broken("too much in it is no video")) } else { Ok(()) }
    }

    /// The same in order, and within a file of `size` bytes.
    pub fn within(mut self, size: u64) -> Self {
        self.names.sort_unstable();
        self.bytes.sort_unstable_by_key(|range| range.start);
        let mut merged: Vec<Range<u64>> = Vec::with_capacity(self.bytes.len());
        for range in self.bytes {
            let range = range.start..range.end.min(size);
            match merged.last_mut() {
                _ if range.is_empty() => {}
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        Self { names: self.names, bytes: merged }
    }

    /// Erases what must not stay from a piece of the file that begins at `at`.
    pub fn clean(&self, at: u64, piece: &mut [u8]) {
        let end = at + piece.len() as u64;
        let mut write = |place: Range<u64>, new: Option<&[u8; 4]>| {
            let (start, until) = (place.start.max(at), place.end.min(end));
            let index = |position: u64| usize::try_from(position - at).unwrap_or(usize::MAX);
            let Some(slots) = piece.get_mut(index(start)..index(until)) else { return };
            let skipped = usize::try_from(start - place.start).unwrap_or(usize::MAX);
            match new.and_then(|name| name.get(skipped..skipped + slots.len())) {
                Some(name) => slots.copy_from_slice(name),
                None => slots.fill(0),
            }
        };
        let first = self.bytes.partition_point(|range| range.end <= at);
        for range in self.bytes.iter().skip(first).take_while(|range| range.start < end) {
            write(range.clone(), None);
        }
        let first = self.names.partition_point(|name| name + 4 <= at);
        for name in self.names.iter().skip(first).take_while(|name| **name < end) {
            write(*name..name + 4, Some(b"free"));
        }
    }
}
