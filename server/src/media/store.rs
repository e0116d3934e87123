//! The object store that keeps the bytes. What was put is durable: a folder is synced, file and directory, before the
//! answer, and a store that speaks S3 promises it. The name of an object begins with the organization and the id.

use super::leftovers;
use super::memory::Memory;
use crate::config::{Bucket, MediaLocation};
use crate::problem::Problem;
use anyhow::Context;
use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, RetryConfig, WriteMultipart};
use paifang_core::problem::ProblemCode;
use secrecy::ExposeSecret;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Buffers of one long object on their way into the store; each has 5 MiB.
const BUFFERS: usize = 3;

/// The bytes of an object, piece by piece.
pub type Pieces = BoxStream<'static, Result<Bytes, object_store::Error>>;

/// Keeps the bytes of media.
#[derive(Clone)]
pub struct MediaStore {
    objects: Arc<dyn ObjectStore>,
    folder: Option<PathBuf>,
    /// What uploads to it may hold in memory.
    pub memory: Memory,
}

impl MediaStore {
    /// Opens the store; a folder is made where it is missing, a bucket need not be reachable yet.
    pub fn open(location: &MediaLocation) -> anyhow::Result<Self> {
        let (objects, folder): (Arc<dyn ObjectStore>, _) = match location {
            MediaLocation::Folder(folder) => {
                std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
                let store = LocalFileSystem::new_with_prefix(folder)?;
                (Arc::new(store.with_fsync(true).with_automatic_cleanup(true)), Some(folder.clone()))
            }
            MediaLocation::S3(bucket) => {
                (Arc::new(PrefixStore::new(open_bucket(bucket)?, bucket.prefix.as_str())), None)
            }
        };
        Ok(Self { objects, folder, memory: Memory::default() })
    }

    /// Puts a whole object, durably, in place of an older one.
    pub async fn put(&self, name: &str, bytes: impl Into<Bytes>) -> Result<(), Problem> {
        self.objects.put(&Path::from(name), bytes.into().into()).await.map_err(failed)?;
        Ok(())
    }

    /// Begins a long object.
    pub async fn begin(&self, name: &str) -> Result<LongObject, Problem> {
        let upload = self.objects.put_multipart(&Path::from(name)).await.map_err(failed)?;
        Ok(LongObject(WriteMultipart::new(upload)))
    }

    /// The bytes of an object, or a range of them.
    pub async fn pieces(&self, name: &str, range: Option<Range<u64>>) -> Result<Pieces, Problem> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        Ok(self.objects.get_opts(&Path::from(name), options).await.map_err(failed)?.into_stream())
    }

    /// A short range of an object, whole.
    pub async fn range(&self, name: &str, range: Range<u64>) -> Result<Bytes, Problem> {
        self.objects.get_range(&Path::from(name), range).await.map_err(failed)
    }

    /// Removes every object below `prefix`, and what writes that were cut off have left there; what is gone already is no
    /// mistake.
    pub async fn remove_all(&self, prefix: &str) -> Result<(), Problem> {
        let prefix = Path::from(prefix);
        let names = self.objects.list(Some(&prefix)).map_ok(|object| object.location).boxed();
        let removed = self.objects.delete_stream(names).try_for_each(|_| std::future::ready(Ok(()))).await;
        match removed {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => {}
            Err(error) => return Err(failed(error)),
        }
        let Some(folder) = &self.folder else { return Ok(()) };
        leftovers::remove_folder(&folder.join(prefix.as_ref())).await
    }

    /// Removes an object, if it is there.
    pub async fn remove(&self, name: &str) -> Result<(), Problem> {
        match self.objects.delete(&Path::from(name)).await {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    /// Removes what writes that were cut off have left in a folder more than a day ago; a bucket forgets such by itself,
    /// where its owner has told it so. Reads all of the folder.
    pub async fn tidy(&self) {
        let Some(root) = self.folder.clone() else { return };
        let removed = tokio::task::spawn_blocking(move || leftovers::remove_old(&root)).await;
        match removed {
            Ok(Ok(0)) => {}
            Ok(Ok(count)) => tracing::info!(count, "removed what writes that were cut off had left"),
            Ok(Err(error)) => tracing::warn!(%error, "the folder of media could not be tidied"),
            Err(error) => tracing::warn!(%error, "the folder of media could not be tidied"),
        }
    }
}

/// An object that is written piece by piece; nobody sees it before it is finished.
pub struct LongObject(WriteMultipart);

impl LongObject {
    /// Adds a piece; waits while too many are on their way.
    pub async fn add(&mut self, piece: Bytes) -> Result<(), Problem> {
        self.0.wait_for_capacity(BUFFERS).await.map_err(failed)?;
        self.0.put(piece);
        Ok(())
    }

    /// Makes the object durable and visible.
    pub async fn finish(self) -> Result<(), Problem> {
        self.0.finish().await.map_err(failed)?;
        Ok(())
    }

    /// Gives the object up.
    pub async fn abort(self) {
        if let Err(error) = self.0.abort().await {
            tracing::warn!(%error, "an object that was given up could not be removed");
        }
    }
}

fn open_bucket(bucket: &Bucket) -> anyhow::Result<object_store::aws::AmazonS3> {
    let retry = RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(20), ..RetryConfig::default() };
    let plain = bucket.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"));
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.region)
        .with_retry(retry)
        .with_client_options(ClientOptions::new().with_allow_http(plain).with_timeout(Duration::from_secs(60)));
    if let Some(endpoint) = &bucket.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    if let Some((access, secret)) = &bucket.keys {
        builder = builder.with_access_key_id(access.expose_secret()).with_secret_access_key(secret.expose_secret());
    }
    builder.build().context("the bucket")
}

fn failed(error: object_store::Error) -> Problem {
    match error {
        object_store::Error::NotFound { .. } => Problem::not_found().because(error.to_string()),
        _ => Problem::new(ProblemCode::StorageUnavailable).retry_after(1).because(error.to_string()),
    }
}
