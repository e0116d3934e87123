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

/// `execute_values!(conn, "INSERT INTO t (…) ", rows, |row, item| { row.push_bind(…); }, " ON CONFLICT …")`: writes many
/// rows in one statement; answers how many it wrote. The caller keeps the binds below 32,000.
macro_rules! execute_values {
    ($conn:expr, $insert:expr, $rows:expr, |$row:ident, $item:ident| $bind:block, $after:expr) => {
        match $conn {
            $crate::storage::Conn::Sqlite(conn) => {
                let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new($insert);
                query.push_values($rows, |mut $row, $item| $bind).push($after);
                query.build().execute(&mut **conn).await.map(|done| done.rows_affected())
            }
            $crate::storage::Conn::Postgres(conn) => {
                let mut query = sqlx::QueryBuilder::<sqlx::Postgres>::new($insert);
                query.push_values($rows, |mut $row, $item| $bind).push($after);
                query.build().execute(&mut **conn).await.map(|done| done.rows_affected())
            }
        }
    };
}

/// `fetch_in!(conn, Row, "SELECT … WHERE a = ", a, " AND b = ", b, " AND c IN ", list)`: the rows whose column is in a
/// list of at most 30,000.
/// Where the list alone finds the rows, as ids do, the other columns are written `a || '' = ` (see [`crate::storage`]).
macro_rules! fetch_in {
    ($conn:expr, $row:ty, $select:expr, $one:expr, $and:expr, $other:expr, $column_in:expr, $list:expr) => {
        match $conn {
            $crate::storage::Conn::Sqlite(conn) => {
                let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new($select);
                query.push_bind($one).push($and).push_bind($other).push($column_in);
                $crate::storage::push_list!(query, $list);
                query.build_query_as::<$row>().fetch_all(&mut **conn).await
            }
            $crate::storage::Conn::Postgres(conn) => {
                let mut query = sqlx::QueryBuilder::<sqlx::Postgres>::new($select);
                query.push_bind($one).push($and).push_bind($other).push($column_in);
                $crate::storage::push_list!(query, $list);
                query.build_query_as::<$row>().fetch_all(&mut **conn).await
            }
        }
    };
}

macro_rules! push_list {
    ($query:ident, $list:expr) => {
        let mut list = $query.push("(").separated(", ");
        for item in $list {
            list.push_bind(*item);
        }
        list.push_unseparated(")");
    };
}

pub(crate) use {execute, execute_values, fetch, fetch_all, fetch_in, fetch_one, fetch_optional, push_list};
