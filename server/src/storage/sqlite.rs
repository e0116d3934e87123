//! SQLite: WAL, `synchronous=FULL`, readers beside one writer, and group commit.

use super::{Conn, MIGRATOR, StorageError, execute};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlitePool};
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, oneshot};

const READERS: u32 = 4;
/// The most writes that share one commit.
const LARGEST_GROUP: usize = 64;
/// Other processes (`paifang account add` beside `paifang serve`) may hold the write lock for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A SQLite file.
#[derive(Clone)]
pub struct Sqlite {
    readers: SqlitePool,
    writers: SqlitePool,
    group: Arc<Group>,
    /// Writes run here, so that a client that goes away cannot leave a group without its commit.
    runtime: Handle,
}

/// The writes that share the next commit.
struct Group {
    members: Mutex<Members>,
    waiting: AtomicUsize,
}

#[derive(Default)]
struct Members {
    /// The writing connection, while a group is open.
    conn: Option<Conn>,
    notify: Vec<oneshot::Sender<Result<(), String>>>,
}

impl Sqlite {
    pub(super) async fn open(path: &Path) -> Result<Self, StorageError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        let writers = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        let group = Group { members: Mutex::default(), waiting: AtomicUsize::new(0) };
        Ok(Self { readers, writers, group: Arc::new(group), runtime: Handle::current() })
    }

    pub(super) async fn migrate(&self) -> Result<(), StorageError> {
        Ok(MIGRATOR.run(&self.writers).await?)
    }

    pub(super) async fn read(&self) -> Result<Conn, StorageError> {
        Ok(Conn::Sqlite(self.readers.acquire().await?))
    }

    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        let this = self.clone();
        let task = self.runtime.spawn(async move { this.join_group(work).await });
        task.await.map_err(|error| StorageError::Failed(error.to_string()))?
    }

    /// Runs `work` in a savepoint of the open group. The last writer in line commits for all; everyone, also who
    /// failed, answers after the commit, because even a refusal may rest on what a neighbor wrote.
    async fn join_group<T, E, F>(&self, work: F) -> Result<T, E>
    where
        E: From<StorageError>,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>>,
    {
        self.group.waiting.fetch_add(1, Ordering::SeqCst);
        let mut members = self.group.members.lock().await;
        self.group.waiting.fetch_sub(1, Ordering::SeqCst);

        let mut conn = match members.conn.take() {
            Some(conn) => conn,
            None => self.begin().await?,
        };
        let result = run_in_savepoint(&mut conn, work).await;
        let (sender, committed) = oneshot::channel();
        members.notify.push(sender);
        if self.group.waiting.load(Ordering::SeqCst) == 0 || members.notify.len() >= LARGEST_GROUP {
            let outcome = execute!(&mut conn, "COMMIT").map(|_| ()).map_err(|error| error.to_string());
            if outcome.is_err() {
                let _ = execute!(&mut conn, "ROLLBACK");
            }
            for member in members.notify.drain(..) {
                let _ = member.send(outcome.clone());
            }
        } else {
            members.conn = Some(conn);
        }
        drop(members);

        let committed = committed.await.unwrap_or_else(|_| Err("the commit was lost".to_owned()));
        committed.map_err(StorageError::Unavailable)?;
        result
    }

    async fn begin(&self) -> Result<Conn, StorageError> {
        let mut conn = Conn::Sqlite(self.writers.acquire().await?);
        execute!(&mut conn, "BEGIN IMMEDIATE")?;
        Ok(conn)
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

async fn run_in_savepoint<T, E, F>(conn: &mut Conn, work: F) -> Result<T, E>
where
    E: From<StorageError>,
    F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>>,
{
    execute!(&mut *conn, "SAVEPOINT work").map_err(StorageError::from)?;
    let result = AssertUnwindSafe(async { work(conn).await }).catch_unwind().await;
    let result = result.unwrap_or_else(|_| Err(StorageError::Failed("a write panicked".to_owned()).into()));
    if result.is_err() {
        execute!(&mut *conn, "ROLLBACK TO work").map_err(StorageError::from)?;
    }
    execute!(conn, "RELEASE work").map_err(StorageError::from)?;
    result
}
