//! From cells to users, with every mistake named by line and column.

use crate::bindings::channels::Channels;
use crate::bindings::{LONGEST_USERID, is_openid};
use crate::problem::Problem;
use crate::sheets::{Cells, Table};
use std::collections::{HashMap, HashSet};

/// A user in the file.
#[derive(Debug)]
pub struct Row {
    pub line: usize,
    pub userid: String,
    /// Openids with the AppIDs of their columns; an empty cell says nothing.
    pub openids: Vec<(String, String)>,
    pub name: Option<String>,
    pub phone: Option<String>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    Userid,
    Name,
    Phone,
    /// Openids of the account with this AppID.
    Openid(String),
}

const USERID: [&str; 5] = ["userid", "user id", "user_id", "用户id", "用户 id"];
const OPENID: [&str; 3] = ["wechatmp_openid", "openid", "open id"];
const NAME: [&str; 3] = ["name", "姓名", "用户姓名"];
const PHONE: [&str; 6] = ["phone", "mobile", "手机", "手机号", "手机号码", "电话"];

/// A file that was read.
pub struct Sheet {
    /// The users; those with a mistake, too, with what is good of them.
    pub rows: Vec<Row>,
    /// The mistakes.
    pub cells: Cells<Column>,
    /// The AppIDs of the columns with openids.
    pub appids: Vec<String>,
}

/// Reads a table. Openids in a column of the general name are of `channel`, or of the only mini program.
pub fn read(table: &Table, channels: &Channels, channel: Option<&str>) -> Result<Sheet, Problem> {
    let general = match channel {
        Some(code) => {
            let known = channels.by_code(code).ok_or_else(|| Problem::field("channel", "unknown", "is no channel"))?;
            Some(known)
        }
        None => channels.only_mini_program(),
    };
    let is = |names: &[&str], header: &str| names.contains(&header.trim().to_lowercase().as_str());
    if general.is_none() && table.header.iter().any(|header| is(&OPENID, header)) {
        let detail = "whose openids these are: there is not exactly one mini program";
        return Err(Problem::field("channel", "required", detail));
    }
    let named = |header: &str| match header {
        _ if is(&USERID, header) => Some(Column::Userid),
        _ if is(&NAME, header) => Some(Column::Name),
        _ if is(&PHONE, header) => Some(Column::Phone),
        _ if is(&OPENID, header) => general.map(|account| Column::Openid(account.appid.clone())),
        code => channels.by_code(code).map(|account| Column::Openid(account.appid.clone())),
    };
    let cells = Cells::new(&table.header, named, &[(Column::Userid, "userid")])?;
    let mut appids: Vec<String> = Vec::new();
    for header in &table.header {
        if let Some(Column::Openid(appid)) = named(header.trim()) {
            appids.push(appid);
        }
    }
    let mut reader = Reader { cells, appids, users: HashSet::new(), phones: HashSet::new(), openids: HashMap::new() };
    let rows = table.rows.iter().filter_map(|(line, cells)| reader.read(*line, cells)).collect();
    Ok(Sheet { rows, cells: reader.cells, appids: reader.appids })
}

struct Reader {
    cells: Cells<Column>,
    appids: Vec<String>,
    users: HashSet<String>,
    phones: HashSet<String>,
    openids: HashMap<String, HashSet<String>>,
}

impl Reader {
    /// A user; nothing where it is not said which.
    fn read(&mut self, line: usize, cells: &[String]) -> Option<Row> {
        let userid = self.cells.text(line, cells, &Column::Userid, LONGEST_USERID);
        if userid.as_ref().is_some_and(|userid| !self.users.insert(userid.clone())) {
            self.cells.wrong(line, &Column::Userid, "duplicate", "stands in an earlier row too");
        }
        let name = self.cells.optional(line, cells, &Column::Name, 100);
        let phone = self.cells.phone(line, cells, &Column::Phone);
        if phone.as_ref().is_some_and(|phone| !self.phones.insert(phone.clone())) {
            self.cells.wrong(line, &Column::Phone, "duplicate", "stands in an earlier row too");
        }
        let mut openids = Vec::new();
        for appid in self.appids.clone() {
            let column = Column::Openid(appid.clone());
            let Some(openid) = self.cells.cell(cells, &column).map(str::to_owned) else { continue };
            if !is_openid(&openid) {
                self.cells.wrong(line, &column, "format", "is no openid");
            } else if !self.openids.entry(appid.clone()).or_default().insert(openid.clone()) {
                self.cells.wrong(line, &column, "duplicate", "stands in an earlier row too");
            } else {
                openids.push((appid, openid));
            }
        }
        Some(Row { line, userid: userid?, openids, name, phone })
    }
}
