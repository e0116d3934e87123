//! What is attached as proof is of the kind that it is taken for.

use crate::media;
use crate::problem::Problem;
use crate::storage::Conn;

/// An upload, the kind that it must be, and the field that names it.
pub type Wanted<'a> = (&'a str, &'a str, &'a str);

/// Checks the kinds of uploads that were attached to a subject just now.
pub async fn only_of_kind(
    conn: &mut Conn,
    organization_id: &str,
    subject_id: &str,
    wanted: &[Wanted<'_>],
) -> Result<(), Problem> {
    let attached = media::of_subjects(conn, organization_id, &[subject_id]).await?;
    let wrong = wanted.iter().find(|(id, kind, _)| attached.iter().any(|row| row.id == *id && row.kind != *kind));
    wrong.map_or(Ok(()), |(_, kind, field)| Err(Problem::field(field, "type", format!("is no {kind}"))))
}
