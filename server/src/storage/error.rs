//! What can go wrong with the database.

use thiserror::Error;

/// A failure of the database; its text is for the log only.
#[derive(Debug, Error)]
pub enum StorageError {
    /// It is away, or too busy: the same request may succeed later.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// PostgreSQL cannot store a text with a NUL character: the input is wrong.
    #[error("a text holds a NUL character")]
    Nul,
    /// A statement or a migration failed: a defect of ours.
    #[error("the database failed: {0}")]
    Failed(String),
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        if error.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref() == Some("22021") {
            return Self::Nul;
        }
        if is_unavailable(&error) { Self::Unavailable(error.to_string()) } else { Self::Failed(error.to_string()) }
    }
}

impl From<sqlx::migrate::MigrateError> for StorageError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

/// Whether a unique index refused the row.
pub fn is_unique_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // PostgreSQL: class 08 connection, 53 resources, 57 operator intervention, 40 deadlock or serialization;
        // SQLite: 5 busy, 6 locked, 13 disk full.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            ["08", "53", "57", "40"].iter().any(|class| code.len() == 5 && code.starts_with(class))
                || matches!(code.as_ref(), "5" | "6" | "13" | "261" | "517")
        }),
        _ => false,
    }
}
