//! The memory that uploads share: what a process receives, decodes and puts together at the same time is bounded, so
//! that no number of requests takes all of it. Whoever holds a permit takes it along to where the memory is used, because
//! a request may be dropped while another thread still works for it.

use crate::problem::Problem;
use bytes::{Bytes, BytesMut};
use paifang_core::problem::ProblemCode;
use std::sync::Arc;
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
/// How long a piece of a file waits for memory.
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

    /// Waits until a video may be put together.
    pub async fn video(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let permit = Arc::clone(&self.videos).acquire_owned().await;
        permit.map_err(|error| Problem::internal(error.to_string()))
    }

    /// Memory for a file that is to be received, of somebody who has logged in or a stranger.
    pub fn file(&self, is_stranger: bool) -> Received {
        let from = if is_stranger { &self.strangers } else { &self.callers };
        Received { bytes: BytesMut::new(), from: Arc::clone(from), held: None, patience: self.patience }
    }
}

/// A file that is being received. It holds as much of the shared memory as it has bytes: a slow phone keeps nobody out.
pub struct Received {
    bytes: BytesMut,
    from: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
    patience: Duration,
}

impl Received {
    /// Adds a piece; 503 with `Retry-After` where there is no memory for it, and none comes free soon.
    pub async fn add(&mut self, piece: &[u8]) -> Result<(), Problem> {
        let size = u32::try_from(piece.len()).unwrap_or(u32::MAX);
        let permit = tokio::time::timeout(self.patience, Arc::clone(&self.from).acquire_many_owned(size)).await;
        let full =
            |_| Problem::new(ProblemCode::StorageUnavailable).retry_after(COME_BACK).because("uploads fill memory");
        let permit = permit.map_err(full)?.map_err(|error| Problem::internal(error.to_string()))?;
        match &mut self.held {
            Some(held) => held.merge(permit),
            None => self.held = Some(permit),
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes, and what holds their memory until it is dropped.
    pub fn finish(self) -> (Bytes, Option<OwnedSemaphorePermit>) {
        (self.bytes.freeze(), self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_memory_refuses_for_the_moment_and_is_given_back() {
        let memory = Memory { patience: Duration::from_millis(20), ..Memory::default() };
        let mut large = memory.file(true);
        large.add(&vec![0; OF_STRANGERS - 10]).await.unwrap();
        let mut small = memory.file(true);
        small.add(&[1; 10]).await.unwrap();
        let refused = small.add(&[2]).await.unwrap_err();
        assert_eq!(refused.code(), ProblemCode::StorageUnavailable);
        assert_eq!(refused.retry_after_seconds(), Some(COME_BACK));
        memory.file(false).add(&[3; 20]).await.unwrap();
        let (bytes, held) = large.finish();
        assert_eq!(bytes.len(), OF_STRANGERS - 10);
        small.add(&[2]).await.unwrap_err();
        drop(held);
        small.add(&[2; 10]).await.unwrap();
        assert_eq!(small.len(), 20);
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
