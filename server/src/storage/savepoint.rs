//! A part of a transaction that can be undone alone.

use super::{Conn, SqlResult, execute};

/// Begins the part. Only within `Db::write`, and one at a time.
pub async fn begin(conn: &mut Conn) -> SqlResult<()> {
    execute!(conn, "SAVEPOINT part").map(|_| ())
}

/// Ends the part: keeps what it did, or undoes it.
pub async fn end(conn: &mut Conn, keep: bool) -> SqlResult<()> {
    if !keep {
        execute!(&mut *conn, "ROLLBACK TO SAVEPOINT part")?;
    }
    execute!(conn, "RELEASE SAVEPOINT part").map(|_| ())
}
