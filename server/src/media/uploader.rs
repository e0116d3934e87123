//! Who uploads: somebody who has logged in, or whoever stands before a unit and reports under a draft.

use super::Owner;
use super::sql::{self, MediaRow, NewUpload};
use crate::app::App;
use crate::equipment;
use crate::http::Caller;
use crate::http::limits::{self, Limit};
use crate::problem::Problem;
use crate::storage::Conn;
use paifang_core::ids::is_nonce;
use paifang_core::problem::ProblemCode;

/// Uploads of one owner that may wait to be attached: no store is filled under one name.
const MOST_OF_DRAFT: i64 = 30;
const MOST_OF_CALLER: i64 = 2_000;

/// Who uploads, and for which organization.
#[derive(Clone, Debug)]
pub struct Uploader {
    /// The organization that keeps the upload.
    pub organization_id: String,
    /// Who may attach it.
    pub owner: Owner,
}

impl Uploader {
    /// Finds out who uploads. A unit of another organization makes a stranger of the caller, as for its report.
    pub async fn of(
        app: &App,
        caller: Option<Caller>,
        draft_id: Option<&str>,
        equipment_code: Option<&str>,
        address: &str,
    ) -> Result<Self, Problem> {
        let Some(code) = equipment_code else {
            let caller = caller.ok_or(ProblemCode::Unauthenticated)?;
            return Ok(Self { owner: Owner::of(&caller), organization_id: caller.organization_id });
        };
        if caller.is_none() {
            limits::hit(app, Limit::UploadByAddress, address).await?;
        }
        let unit = equipment::find_by_code(&mut app.db.read().await?, code).await?;
        let organization_id = unit.ok_or_else(Problem::not_found)?.organization_id;
        if let Some(caller) = caller.filter(|caller| caller.organization_id == organization_id) {
            return Ok(Self { owner: Owner::of(&caller), organization_id });
        }
        let draft = draft_id.ok_or_else(|| Problem::field("draft_id", "required", "is missing"))?;
        check_key("draft_id", draft)?;
        Ok(Self { organization_id, owner: Owner::Draft(draft.to_owned()) })
    }
}

/// Checks a name that the phone has made up.
pub fn check_key(field: &str, key: &str) -> Result<(), Problem> {
    let wrong = || Problem::field(field, "format", "needs 16 to 64 of A-Z a-z 0-9 _ -");
    if is_nonce(key) { Ok(()) } else { Err(wrong()) }
}

/// Writes the row of an upload, or finds the one that the same key made; whether it is new. The same key with something
/// else is refused.
pub async fn reserve(conn: &mut Conn, new: &NewUpload) -> Result<(MediaRow, bool), Problem> {
    sql::reserve(conn, new).await?;
    let row = sql::by_upload_key(conn, &new.organization_id, &new.owner, &new.upload_key).await?;
    let row = same(row.ok_or_else(|| Problem::internal("an upload is missing"))?, new)?;
    let is_new = row.id == new.id;
    let most = if matches!(new.owner, Owner::Draft(_)) { MOST_OF_DRAFT } else { MOST_OF_CALLER };
    if is_new && sql::unattached(conn, &new.organization_id, &new.owner).await? > most {
        let detail = format!("at most {most} uploads wait to be used");
        return Err(Problem::new(ProblemCode::Conflict).detail(detail));
    }
    Ok((row, is_new))
}

/// The row, if it is of the same upload.
pub fn same(row: MediaRow, new: &NewUpload) -> Result<MediaRow, Problem> {
    let same = row.kind == new.kind && row.source_sha256 == new.source_sha256 && row.source_size == new.source_size;
    let detail = match (same, row.status.as_str()) {
        (_, "removing") => "this upload was given up; use another upload_key",
        (false, _) => "this upload_key belongs to another upload",
        (true, _) => return Ok(row),
    };
    Err(Problem::new(ProblemCode::Conflict).detail(detail))
}
