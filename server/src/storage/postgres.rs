//! PostgreSQL behind a pool.

use super::conn::PgHandle;
use super::{Conn, MIGRATOR, StorageError};
use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, PgPool};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Connections per process.
const MAX_CONNECTIONS: u32 = 16;
/// Beside them, those for work in the background.
const BACKGROUND_CONNECTIONS: u32 = 4;
/// How long a request waits for a connection before it answers 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// A pool of connections to PostgreSQL.
#[derive(Clone)]
pub struct Postgres {
    pool: PgPool,
    options: Arc<PgConnectOptions>,
}

fn pool(options: &PgConnectOptions, connections: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A ping before every use would cost a round trip; a connection that died answers 503 once.
        .test_before_acquire(false)
        .connect_lazy_with(options.clone())
}

impl Postgres {
    /// A pool that connects when it is first needed, so that the server can start before the database.
    pub fn open(url: &SecretString) -> Result<Self, StorageError> {
        let options = PgConnectOptions::from_str(url.expose_secret())?.application_name("paifang");
        let options = options.disable_statement_logging();
        Ok(Self { pool: pool(&options, MAX_CONNECTIONS), options: Arc::new(options) })
    }

    /// Another pool for work in the background. A connection belongs to the thread that opened it, and serving
    /// requests on a connection of the background's thread would cost a switch of threads for every statement.
    pub(super) fn for_background(&self) -> Self {
        Self { pool: pool(&self.options, BACKGROUND_CONNECTIONS), options: Arc::clone(&self.options) }
    }

    pub(super) async fn migrate(&self) -> Result<(), StorageError> {
        let pool = pool(&self.options, 1);
        let done = MIGRATOR.run(&pool).await;
        pool.close().await;
        Ok(done?)
    }

    pub(super) async fn acquire(&self) -> Result<Conn, StorageError> {
        Ok(Conn::Postgres(PgHandle::Pool(self.pool.acquire().await?)))
    }

    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        E: From<StorageError>,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>>,
    {
        let transaction = self.pool.begin().await.map_err(StorageError::from)?;
        let mut conn = Conn::Postgres(PgHandle::Transaction(transaction));
        let value = work(&mut conn).await?;
        if let Conn::Postgres(PgHandle::Transaction(transaction)) = conn {
            transaction.commit().await.map_err(StorageError::from)?;
        }
        Ok(value)
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}
