//! How an organization runs its service: who may report, when it works, what it promises, what it asks of a visit.

use super::sql::settings as sql;
use crate::events::api::UtcOffset;
use crate::events::service::offset_changes;
use crate::http::fields::Fields;
use crate::problem::Problem;
use crate::storage::Conn;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use paifang_core::text;
use paifang_core::time::{DAY, OffsetChange, parse_date};
use paifang_core::work_order::{BusinessHours, Opening};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Targets are looked for within so long a time.
const HORIZON: i64 = 1500 * DAY;
/// Changes of the clocks are looked for so long before a moment.
const MARGIN: i64 = 60 * DAY;

/// Who may report a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportBy {
    /// Anybody who scans the unit, also without logging in.
    #[default]
    Guest,
    /// Members, and members of customers.
    Member,
    /// Only members of the customer whose unit it is.
    Customer,
}

/// A period of the week in which the business works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpeningHours {
    /// ISO weekday: Monday is 1, Sunday is 7.
    pub weekday: i64,
    /// Local time, as `09:00`.
    pub from: String,
    /// Local time, as `18:00`; `24:00` is midnight.
    pub until: String,
}

/// A kind of fault that people may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FaultType {
    /// Its stable name: 1 to 50 of `[a-z0-9_]`.
    pub code: String,
    /// What people read, in Chinese.
    pub name: String,
    /// What people read, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
    /// What an engineer needs to be able to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
}

/// How an organization runs its service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ServiceSettings {
    /// Who may report a fault.
    pub report_by: ReportBy,
    /// IANA time zone of the business.
    pub time_zone: String,
    /// When it works; always, where none is given.
    pub business_hours: Vec<OpeningHours>,
    /// Days on which it does not work, as `2026-10-01`.
    pub holidays: Vec<String>,
    /// Business minutes until somebody takes an order on; absent: no promise.
    pub response_minutes: Option<i64>,
    /// Business minutes until it is done, pauses not counted; absent: no promise.
    pub resolution_minutes: Option<i64>,
    /// The kinds of fault, at least one.
    pub fault_types: Vec<FaultType>,
    /// How far from the unit counts as on site, in meters.
    pub geofence_meters: i64,
    /// Whether a check-in elsewhere is refused, not only recorded.
    pub geofence_blocks: bool,
    /// Whether a check-in needs a photo.
    pub check_in_photo: bool,
    /// Whether a check-out of finished work needs the customer's signature.
    pub signature_required: bool,
    /// Road for each 1,000 meters of straight line.
    pub detour_permille: i64,
    /// Whether WeChat looks at the texts of reports.
    pub content_check: bool,
}

impl Default for ServiceSettings {
    fn default() -> Self {
        let opening = |weekday| OpeningHours { weekday, from: "09:00".to_owned(), until: "18:00".to_owned() };
        let fault = |code: &str, name: &str, name_en: &str| FaultType {
            code: code.to_owned(),
            name: name.to_owned(),
            name_en: Some(name_en.to_owned()),
            skill: None,
        };
        Self {
            report_by: ReportBy::Guest,
            time_zone: "Asia/Shanghai".to_owned(),
            business_hours: (1..=5).map(opening).collect(),
            holidays: Vec::new(),
            response_minutes: Some(240),
            resolution_minutes: Some(2880),
            fault_types: vec![
                fault("no_power", "无法开机", "Does not start"),
                fault("malfunction", "功能异常", "Does not work as it should"),
                fault("noise_or_leak", "异响或漏液", "Noise or leak"),
                fault("damage", "外观损坏", "Damage"),
                fault("other", "其他", "Something else"),
            ],
            geofence_meters: 500,
            geofence_blocks: false,
            check_in_photo: false,
            signature_required: false,
            detour_permille: 1300,
            content_check: false,
        }
    }
}

impl ServiceSettings {
    /// The organization's settings.
    pub async fn of(conn: &mut Conn, organization_id: &str) -> Result<Self, Problem> {
        let Some(stored) = sql::find(conn, organization_id).await? else { return Ok(Self::default()) };
        serde_json::from_str(&stored).map_err(|error| Problem::internal(error.to_string()))
    }

    /// The fault type of that code.
    pub fn fault_type(&self, code: &str) -> Option<&FaultType> {
        self.fault_types.iter().find(|fault| fault.code == code)
    }

    /// The time zone; UTC where it has left the database.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// The business hours around a moment.
    pub fn business_time(&self, around: i64) -> BusinessHours {
        let openings = self.business_hours.iter().filter_map(OpeningHours::read).collect();
        let holidays = self.holidays.iter().filter_map(|day| parse_date(day)).collect();
        BusinessHours { offsets: self.offsets(around), openings, holidays }
    }

    /// The offsets of the time zone around a moment.
    pub fn offsets(&self, around: i64) -> Vec<OffsetChange> {
        offset_changes(&self.zone(), around - MARGIN, around + HORIZON)
    }

    /// The same, as the API shows them.
    pub fn utc_offsets(&self, around: i64) -> Vec<UtcOffset> {
        self.offsets(around).into_iter().map(UtcOffset::from).collect()
    }

    /// The day on the business's calendar.
    pub fn day_of(&self, at: i64) -> Date {
        Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(self.zone()).date()
    }

    /// Names whatever is wrong.
    pub fn check(&self) -> Result<(), Problem> {
        let mut fields = Fields::default();
        if TimeZone::get(&self.time_zone).is_err() {
            fields.wrong("time_zone", "unknown", "is no IANA time zone");
        }
        self.check_hours(&mut fields);
        self.check_fault_types(&mut fields);
        let minutes = 1..=525_600;
        for (name, value) in
            [("response_minutes", self.response_minutes), ("resolution_minutes", self.resolution_minutes)]
        {
            if value.is_some_and(|value| !minutes.contains(&value)) {
                fields.wrong(name, "range", "1 to 525600");
            }
        }
        if !(20..=50_000).contains(&self.geofence_meters) {
            fields.wrong("geofence_meters", "range", "20 to 50000");
        }
        if !(1000..=3000).contains(&self.detour_permille) {
            fields.wrong("detour_permille", "range", "1000 to 3000");
        }
        fields.finish()
    }

    fn check_hours(&self, fields: &mut Fields) {
        let mut read: Vec<Opening> = Vec::new();
        if self.business_hours.len() > 50 || self.holidays.len() > 1000 {
            fields.wrong("business_hours", "length", "at most 50 periods and 1000 holidays");
            return;
        }
        for (number, hours) in self.business_hours.iter().enumerate() {
            let field = format!("business_hours[{number}]");
            let Some(opening) = hours.read() else {
                fields.wrong(&field, "format", "needs a weekday from 1 to 7 and times as 09:00, the second one later");
                continue;
            };
            let meets = |other: &Opening| {
                other.weekday == opening.weekday && other.from < opening.until && opening.from < other.until
            };
            if read.iter().any(meets) {
                fields.wrong(&field, "duplicate", "overlaps another period");
            }
            read.push(opening);
        }
        for (number, day) in self.holidays.iter().enumerate() {
            if parse_date(day).is_none() {
                fields.wrong(&format!("holidays[{number}]"), "format", "is no date as 2026-10-01");
            }
        }
    }

    fn check_fault_types(&self, fields: &mut Fields) {
        if !(1..=50).contains(&self.fault_types.len()) {
            fields.wrong("fault_types", "length", "needs 1 to 50");
        }
        for (number, fault) in self.fault_types.iter().take(50).enumerate() {
            let field = |name: &str| format!("fault_types[{number}].{name}");
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            if !(1..=50).contains(&fault.code.len()) || !fault.code.bytes().all(plain) {
                fields.wrong(&field("code"), "format", "needs 1 to 50 small letters, digits or underscores");
            }
            if self.fault_types.iter().take(number).any(|other| other.code == fault.code) {
                fields.wrong(&field("code"), "duplicate", "is there already");
            }
            fields.label(&field("name"), &fault.name, 50);
            fields.optional_label(&field("name_en"), fault.name_en.as_deref(), 50);
            if fault.skill.as_deref().is_some_and(|skill| text::label(skill, 50).as_deref() != Some(skill)) {
                fields.wrong(&field("skill"), "length", "needs 1 to 50 characters without spaces around");
            }
        }
    }
}

impl OpeningHours {
    fn read(&self) -> Option<Opening> {
        let opening = Opening { weekday: self.weekday, from: minutes(&self.from)?, until: minutes(&self.until)? };
        ((1..=7).contains(&self.weekday) && opening.from < opening.until).then_some(opening)
    }
}

/// Minutes after midnight of a time as `09:30`, up to `24:00`.
fn minutes(time: &str) -> Option<i64> {
    let (hours, minutes) = time.split_once(':').filter(|_| time.len() == 5)?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i64>().ok())?;
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (minutes < 60 && hours * 60 + minutes <= 1440).then_some(hours * 60 + minutes)
}
