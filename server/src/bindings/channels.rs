//! The accounts of an organization by the codes under which business systems know them.

use crate::accounts::{AccountRow, MINI_PROGRAM, OFFICIAL_ACCOUNT, UsedAccountRow, sql};
use crate::storage::{Conn, SqlResult};

/// The accounts that the organization uses.
pub struct Channels(Vec<UsedAccountRow>);

impl Channels {
    pub async fn load(conn: &mut Conn, organization_id: &str) -> SqlResult<Self> {
        Ok(Self(sql::used(conn, organization_id).await?))
    }

    /// The account with that channel code.
    pub fn by_code(&self, code: &str) -> Option<&AccountRow> {
        let used = self.0.iter().find(|used| used.channel_code.as_deref() == Some(code));
        used.map(|used| &used.account)
    }

    /// The mini program, where there is only one.
    pub fn only_mini_program(&self) -> Option<&AccountRow> {
        let mut mini_programs = self.0.iter().filter(|used| used.account.kind == MINI_PROGRAM);
        let first = mini_programs.next();
        first.filter(|_| mini_programs.next().is_none()).map(|used| &used.account)
    }

    /// The official accounts, whose openids WeChat can be asked about.
    pub fn official_accounts(&self) -> impl Iterator<Item = &AccountRow> {
        self.0.iter().map(|used| &used.account).filter(|account| account.kind == OFFICIAL_ACCOUNT)
    }
}
