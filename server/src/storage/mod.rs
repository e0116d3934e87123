//! SQL storage: one set of queries for SQLite and PostgreSQL.
//!
//! Rules that keep the SQL portable: ids are TEXT, whole numbers and times BIGINT (UTC epoch milliseconds), JSON is
//! TEXT; placeholders are `$n`; no clock, randomness or string functions in SQL; no constraint names (SQLite does
//! not report them); a row is locked by updating it, because SQLite knows no `FOR UPDATE`.
//!
//! SQLite plans without statistics, and takes any index that begins with `organization_id` for a good one. A column that
//! only checks what a better index finds is written `organization_id || '' = $1`: no index serves that.

mod conn;
mod error;
mod migrate;
mod postgres;
pub(crate) mod savepoint;
mod sqlite;

pub use conn::Conn;
pub(crate) use conn::{execute, execute_values, fetch, fetch_all, fetch_in, fetch_one, fetch_optional, push_list};
pub use error::{StorageError, is_unique_violation};
pub use migrate::MIGRATOR;

use crate::config::DatabaseUrl;
use futures_util::future::BoxFuture;

/// Comes after the ids of all rows: where a list that shows the newest first begins.
pub const AFTER_ALL_IDS: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/// The result of a query.
pub type SqlResult<T> = Result<T, sqlx::Error>;

/// The database.
#[derive(Clone)]
pub enum Db {
    /// A SQLite file: the embedded default.
    Sqlite(sqlite::Sqlite),
    /// PostgreSQL: any number of server processes.
    Postgres(postgres::Postgres),
}

impl Db {
    /// Opens the database; it need not be reachable yet (PostgreSQL), or exist (SQLite).
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StorageError> {
        match url {
            DatabaseUrl::Sqlite(path) => Ok(Self::Sqlite(sqlite::Sqlite::open(path).await?)),
            DatabaseUrl::Postgres(url) => Ok(Self::Postgres(postgres::Postgres::open(url)?)),
        }
    }

    /// The same database for work in the background, on connections of its own where it has many.
    pub fn for_background(&self) -> Self {
        match self {
            Self::Sqlite(db) => Self::Sqlite(db.clone()),
            Self::Postgres(db) => Self::Postgres(db.for_background()),
        }
    }

    /// Brings the schema up to date; several processes may do so at once.
    pub async fn migrate(&self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(db) => db.migrate().await,
            Self::Postgres(db) => db.migrate().await,
        }
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Conn, StorageError> {
        match self {
            Self::Sqlite(db) => db.read().await,
            Self::Postgres(db) => db.acquire().await,
        }
    }

    /// Runs `work` in one writing transaction and returns once its outcome is durable. An error of `work` undoes
    /// everything that it did.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        match self {
            Self::Sqlite(db) => db.write(work).await,
            Self::Postgres(db) => db.write(work).await,
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StorageError> {
        let mut conn = self.read().await?;
        let _: (i64,) = fetch_one!(&mut conn, (i64,), "SELECT CAST(1 AS BIGINT)")?;
        Ok(())
    }

    /// Closes all connections, after what is running has finished.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(db) => db.close().await,
            Self::Postgres(db) => db.close().await,
        }
    }
}
