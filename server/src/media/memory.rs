//! The memory that uploads share: what a process receives, decodes and puts together at the same time is bounded, so
//! that no number of requests takes all of it. Whoever holds a permit takes it along to where the memory is used, because
//! a request may be dropped while another thread still works for it.

use crate::problem::Problem;
use bytes::{Bytes, BytesMut};
use paifang_core::problem::ProblemCode;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Megapixels that are decoded at the same time; each takes about 8 MB.
const MEGAPIXELS: usize = 60;
/// Videos that are put together at the same time; each takes up to 64 MB.
const VIDEOS: usize = 4;
/// Bytes of files that are received at the same time from who has logged in: sixteen of the largest.
const OF_CALLERS: usize = 160 * 1024 * 1024;
/// The same from who has not, so that strangers do not keep out those who work.
const OF_STRANGERS: usize = 80 * 1024 * 1024;
/// Bytes of files that are received at the same time from one person or system, or from strangers at one address (a whole
/// site may share it; a phone's photo has about 1 MB): a few slow connections keep out nobody elsewhere.
const OF_ONE: usize = 40 * 1024 * 1024;
/// How long a piece of a file waits for memory, and a video for its turn.
const PATIENCE: Duration = Duration::from_secs(5);
/// When a phone that found none comes back, in seconds.
const COME_BACK: u64 = 5;

/// Memory that uploads share.
#[derive(Clone)]
pub struct Memory {
    decoding: Arc<Semaphore>,
    videos: Arc<Semaphore>,
    callers: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    /// The shares of those who upload now.
    shares: Arc<Mutex<HashMap<String, Weak<Semaphore>>>>,
    patience: Duration,
}

impl Default for Memory {
    fn default() -> Self {
        let of = |permits| Arc::new(Semaphore::new(permits));
        Self {
            decoding: of(MEGAPIXELS),
            videos: of(VIDEOS),
            callers: of(OF_CALLERS),
            strangers: of(OF_STRANGERS),
            shares: Arc::default(),
            patience: PATIENCE,
        }
    }
}

impl Memory {
    /// Waits until an image of `megapixels` may be decoded.
    pub async fn decoding(&self, megapixels: u32) -> Result<OwnedSemaphorePermit, Problem> {
        let most = u32::try_from(MEGAPIXELS).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.decoding).acquire_many_owned(megapixels.clamp(1, most)).await;
        permit.map_err(|error| Problem::internal(error.to_string()))
    }

    /// Waits a moment until a video may be put together; 503 with `Retry-After` where too many wait already.
    pub async fn video(&self) -> Result<OwnedSemaphorePermit, Problem> {
        self.acquire(&self.videos, 1).await
    }

    /// Memory for a file that is to be received from `who`, somebody who has logged in or a stranger.
    pub fn file(&self, who: &str, is_stranger: bool) -> Received {
        let all = if is_stranger { &self.strangers } else { &self.callers };
        let from = [self.share_of(who), Arc::clone(all)];
        Received { bytes: BytesMut::new(), from, held: Vec::new(), memory: self.clone() }
    }

    fn share_of(&self, who: &str) -> Arc<Semaphore> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(share) = shares.get(who).and_then(Weak::upgrade) {
            return share;
        }
        shares.retain(|_, share| share.strong_count() > 0);
        let share = Arc::new(Semaphore::new(OF_ONE));
        shares.insert(who.to_owned(), Arc::downgrade(&share));
        share
    }

    async fn acquire(&self, from: &Arc<Semaphore>, permits: u32) -> Result<OwnedSemaphorePermit, Problem> {
        let permit = tokio::time::timeout(self.patience, Arc::clone(from).acquire_many_owned(permits)).await;
        let full =
            |_| Problem::new(ProblemCode::StorageUnavailable).retry_after(COME_BACK).because("uploads fill memory");
        permit.map_err(full)?.map_err(|error| Problem::internal(error.to_string()))
    }
}

/// A file that is being received. It holds as much of the shared memory as it has bytes: a slow phone keeps nobody out.
pub struct Received {
    bytes: BytesMut,
    /// Whose share it is, then what all share.
    from: [Arc<Semaphore>; 2],
    held: Held,
    memory: Memory,
}

/// What a file holds of the shared memory, until it is dropped.
pub type Held = Vec<OwnedSemaphorePermit>;

impl Received {
    /// Adds a piece; 503 with `Retry-After` where there is no memory for it, and none comes free soon.
    pub async fn add(&mut self, piece: &[u8]) -> Result<(), Problem> {
        let size = u32::try_from(piece.len()).unwrap_or(u32::MAX);
        for (index, from) in self.from.iter().enumerate() {
            let permit = self.memory.acquire(from, size).await?;
            match self.held.get_mut(index) {
                Some(held) => held.merge(permit),
                None => self.held.push(permit),
            }
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes, and what holds their memory.
    pub fn finish(self) -> (Bytes, Held) {
        (self.bytes.freeze(), self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_memory_refuses_for_the_moment_and_is_given_back() {
        let memory = Memory { patience: Duration::from_millis(20), ..Memory::default() };
        let mut others = memory.file("one", true);
        others.add(&vec![0; OF_ONE]).await.unwrap();
        let mut large = memory.file("another", true);
        large.add(&vec![0; OF_STRANGERS - OF_ONE - 10]).await.unwrap();
        let mut small = memory.file("a third", true);
        small.add(&[1; 10]).await.unwrap();
        let refused = small.add(&[2]).await.unwrap_err();
        assert_eq!(refused.code(), ProblemCode::StorageUnavailable);
        assert_eq!(refused.retry_after_seconds(), Some(COME_BACK));
        memory.file("known", false).add(&[3; 20]).await.unwrap();
        let (bytes, held) = large.finish();
        assert_eq!(bytes.len(), OF_STRANGERS - OF_ONE - 10);
        small.add(&[2]).await.unwrap_err();
        drop(held);
        small.add(&[2; 10]).await.unwrap();
        assert_eq!(small.len(), 20);
    }

    #[tokio::test]
    async fn one_who_fills_their_share_keeps_out_nobody_else() {
        let memory = Memory { patience: Duration::from_millis(20), ..Memory::default() };
        let mut files: Vec<_> = (0..4).map(|_| memory.file("slow", false)).collect();
        for file in &mut files {
            file.add(&vec![0; OF_ONE / 4]).await.unwrap();
        }
        memory.file("slow", false).add(&[0]).await.unwrap_err();
        memory.file("quick", false).add(&[0]).await.unwrap();
        drop(files);
        memory.file("slow", false).add(&[0]).await.unwrap();
        assert_eq!(memory.shares.lock().unwrap().len(), 1, "shares are for those who upload now");
    }

    #[tokio::test]
    async fn a_video_waits_for_its_turn_only_a_moment() {
        let memory = Memory { patience: Duration::from_millis(20), ..Memory::default() };
        let mut turns = Vec::new();
        for _ in 0..VIDEOS {
            turns.push(memory.video().await.unwrap());
        }
        let refused = memory.video().await.unwrap_err();
        assert_eq!(refused.retry_after_seconds(), Some(COME_BACK));
        turns.pop();
        drop(memory.video().await.unwrap());
    }

    #[tokio::test]
    async fn an_image_larger_than_all_memory_is_decoded_alone() {
        let memory = Memory::default();
        let held = memory.decoding(u32::MAX).await.unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(20), memory.decoding(1)).await.is_err());
        drop(held);
        drop(memory.decoding(1).await.unwrap());
    }
}
