//! One connection of either kind, and the macros that run a query on it.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, Transaction};
use std::ops::{Deref, DerefMut};

/// A connection; inside `Db::write` it is within the transaction.
pub enum Conn {
    /// To SQLite.
    Sqlite(PoolConnection<Sqlite>),
    /// To PostgreSQL.
    Postgres(PgHandle),
}

/// A PostgreSQL connection, alone or within a transaction that is rolled back when it is dropped.
pub enum PgHandle {
    /// Alone.
    Pool(PoolConnection<Postgres>),
    /// Within a transaction.
    Transaction(Transaction<'static, Postgres>),
}

impl Deref for PgHandle {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Self::Pool(conn) => conn,
            Self::Transaction(conn) => conn,
        }
    }
}

impl DerefMut for PgHandle {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Self::Pool(conn) => conn,
            Self::Transaction(conn) => conn,
        }
    }
}

macro_rules! fetch {
    ($method:ident, $conn:expr, $row:ty, $sql:expr $(, $bind:expr)*) => {
        match $conn {
            $crate::storage::Conn::Sqlite(conn) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.$method(&mut **conn).await
            }
            $crate::storage::Conn::Postgres(conn) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.$method(&mut **conn).await
            }
        }
    };
}

/// `fetch_one!(conn, Row, SQL, binds…)`: exactly one row.
macro_rules! fetch_one {
    ($($args:tt)*) => { $crate::storage::fetch!(fetch_one, $($args)*) };
}

/// `fetch_optional!(conn, Row, SQL, binds…)`: a row or none.
macro_rules! fetch_optional {
    ($($args:tt)*) => { $crate::storage::fetch!(fetch_optional, $($args)*) };
}

/// `fetch_all!(conn, Row, SQL, binds…)`: all rows.
macro_rules! fetch_all {
    ($($args:tt)*) => { $crate::storage::fetch!(fetch_all, $($args)*) };
}

/// `execute!(conn, SQL, binds…)`: the number of rows affected.
macro_rules! execute {
    ($conn:expr, $sql:expr $(, $bind:expr)*) => {
        match $conn {
            $crate::storage::Conn::Sqlite(conn) => {
                sqlx::query($sql)$(.bind($bind))*.execute(&mut **conn).await.map(|done| done.rows_affected())
            }
            $crate::storage::Conn::Postgres(conn) => {
                sqlx::query($sql)$(.bind($bind))*.execute(&mut **conn).await.map(|done| done.rows_affected())
            }
        }
    };
}

pub(crate) use {execute, fetch, fetch_all, fetch_one, fetch_optional};
