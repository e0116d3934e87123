//! The schema, forward only.

use sqlx::migrate::Migrator;

/// All migrations, in their order.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");
