//! Who uploads: somebody who has logged in, or whoever stands before a unit and reports under a draft.

use super::Owner;
use super::sql::{self, MediaRow, NewUpload};
use crate::app::App;
use crate::equipment;
use crate::http::Caller;
use crate::http::limits::{self, Limit};
use crate::problem::Problem;
use crate::storage::Conn;
use crate::work_orders::ServiceSettings;
use crate::work_orders::report::why_not;
use paifang_core::ids::is_nonce;
use paifang_core::problem::ProblemCode;

/// Uploads of one owner that may wait to be attached: no store is filled under one name.
const MOST_OF_DRAFT: i64 = 30;
const MOST_OF_CALLER: i64 = 2_000;
const GIBIBYTE: i64 = 1024 * 1024 * 1024;
/// Bytes of all drafts of an organization that may wait: a stranger makes up as many drafts as he likes.
const BYTES_OF_DRAFTS: i64 = 20 * GIBIBYTE;
/// Bytes of one person without a role that may wait.
const BYTES_OF_GUEST: i64 = GIBIBYTE;
/// Bytes of anybody else that may wait.
const BYTES_OF_KNOWN: i64 = 20 * GIBIBYTE;
/// What an upload counts at least, in bytes.
const LEAST: i64 = 1024 * 1024;

/// Who uploads, and for which organization.
#[derive(Clone, Debug)]
pub struct Uploader {
    /// The organization that keeps the upload.
    pub organization_id: String,
    /// Who may attach it.
    pub owner: Owner,
    most_bytes: i64,
    /// Whose share of the memory it takes: a stranger is known by the address only.
    pub share: String,
}

impl Uploader {
    /// Finds out who uploads. A unit of another organization makes a stranger of the caller, as for its report; where
    /// strangers may not report, they do not upload either.
    pub async fn of(
        app: &App,
        caller: Option<Caller>,
        draft_id: Option<&str>,
        equipment_code: Option<&str>,
        address: &str,
    ) -> Result<Self, Problem> {
        let Some(code) = equipment_code else {
            return Ok(Self::from(caller.ok_or(ProblemCode::Unauthenticated)?));
        };
        let is_anonymous = caller.is_none();
        if is_anonymous {
            limits::hit(app, Limit::UploadByAddress, address).await?;
        }
        let mut conn = app.db.read().await?;
        let unit = equipment::find_by_code(&mut conn, code).await?.ok_or_else(Problem::not_found)?;
        if let Some(caller) = caller.filter(|caller| caller.organization_id == unit.organization_id) {
            return Ok(Self::from(caller));
        }
        if !is_anonymous {
            // A login elsewhere is none here.
            limits::hit(app, Limit::UploadByAddress, address).await?;
        }
        let settings = ServiceSettings::of(&mut conn, &unit.organization_id).await?;
        if let Some(why) = why_not(&settings, &unit, None, None) {
            return Err(Problem::new(ProblemCode::ReportNotAllowed).with("why_not", why.into()));
        }
        let draft = draft_id.ok_or_else(|| Problem::field("draft_id", "required", "is missing"))?;
        check_key("draft_id", draft)?;
        let owner = Owner::Draft(draft.to_owned());
        // Strangers make up as many drafts as they like.
        let share = format!("address {address}");
        Ok(Self { organization_id: unit.organization_id, owner, most_bytes: BYTES_OF_DRAFTS, share })
    }

    /// Whether nobody knows who it is.
    pub fn is_stranger(&self) -> bool {
        matches!(self.owner, Owner::Draft(_))
    }

    /// Refuses another upload where too much waits already.
    pub async fn check_room(&self, conn: &mut Conn) -> Result<(), Problem> {
        self.check_more(conn, 1, LEAST).await
    }

    /// Refuses `bytes` more of an upload where too much waits already.
    pub async fn check_room_for(&self, conn: &mut Conn, bytes: i64) -> Result<(), Problem> {
        self.check_more(conn, 0, bytes).await
    }

    async fn check_more(&self, conn: &mut Conn, uploads: i64, bytes: i64) -> Result<(), Problem> {
        let most = if self.is_stranger() { MOST_OF_DRAFT } else { MOST_OF_CALLER };
        let full = |detail| Err(Problem::new(ProblemCode::Conflict).detail(detail));
        if sql::unattached(conn, &self.organization_id, &self.owner).await? + uploads > most {
            return full(format!("at most {most} uploads wait to be used"));
        }
        if sql::held(conn, &self.organization_id, &self.owner, LEAST).await? + bytes > self.most_bytes {
            return full(format!("at most {} bytes wait to be used", self.most_bytes));
        }
        Ok(())
    }
}

impl From<Caller> for Uploader {
    fn from(caller: Caller) -> Self {
        let has_role = caller.roles.iter().next().is_some();
        let most_bytes = if has_role { BYTES_OF_KNOWN } else { BYTES_OF_GUEST };
        let owner = Owner::of(&caller);
        let share = format!("{} {}", owner.kind(), owner.id());
        Self { owner, organization_id: caller.organization_id, most_bytes, share }
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
    let row = sql::by_upload_key(conn, new).await?;
    let row = same(row.ok_or_else(|| Problem::internal("an upload is missing"))?, new)?;
    let is_new = row.id == new.id;
    if is_new {
        new.uploader.check_more(conn, 0, 0).await?;
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
