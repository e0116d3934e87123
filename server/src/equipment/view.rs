//! Units as they are shown: whole to dispatchers, and to others as much as concerns them.

use super::sql::EquipmentRow;
use super::sql::registrations::{self, RegistrationRow};
use super::warranty;
use crate::customers;
use crate::customers::api::CustomerName;
use crate::http::{Caller, Coordinates, Moment, Principal};
use crate::organizations;
use crate::people::Role;
use crate::problem::Problem;
use crate::sessions::api::SessionOrganization;
use crate::storage::Conn;
use crate::work_orders::settings::ServiceSettings;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

/// How many characters of a serial number a stranger sees.
const SHOWN: usize = 4;

/// A unit, for dispatchers.
#[derive(Serialize, ToSchema)]
pub struct Equipment {
    /// Its id.
    pub id: String,
    /// What its label says.
    pub code: String,
    serial_number: String,
    model: String,
    customer: Option<CustomerName>,
    site: Option<String>,
    address: Option<String>,
    position: Option<Coordinates>,
    /// The last day of the warranty.
    warranty_until: Option<String>,
    in_warranty: bool,
    /// The scene of its mini program code.
    scene: String,
    /// To be named in a change.
    version: i64,
    created_at: Moment,
    updated_at: Moment,
}

impl Equipment {
    /// Shows a unit with its customer.
    pub async fn load(conn: &mut Conn, row: EquipmentRow, now: i64) -> Result<Self, Problem> {
        let customer = match &row.customer_id {
            Some(id) => customers::sql::find(conn, &row.organization_id, id).await?.map(CustomerName::from),
            None => None,
        };
        let today = ServiceSettings::of(conn, &row.organization_id).await?.day_of(now);
        Ok(Self::new(row, customer, today))
    }

    /// Shows a unit whose customer is known, on the business's `today`.
    pub fn new(row: EquipmentRow, customer: Option<CustomerName>, today: Date) -> Self {
        Self {
            position: row.position().map(Coordinates::from),
            in_warranty: warranty::holds(row.warranty_until.as_deref(), today),
            scene: super::scene_of(&row),
            id: row.id,
            code: row.code,
            serial_number: row.serial_number,
            model: row.model,
            customer,
            site: row.site,
            address: row.address,
            warranty_until: row.warranty_until,
            version: row.version,
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
        }
    }
}

/// How well it is known where a unit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PositionStatus {
    /// The caller gave a position, and nobody has looked at it yet.
    Pending,
    /// The organization stands by it.
    Verified,
    /// The organization did not accept the caller's position.
    Unverified,
}

/// A unit, for whoever scans it.
#[derive(Serialize, ToSchema)]
pub struct EquipmentView {
    /// For engineers and above.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    code: String,
    model: String,
    /// To strangers only its last characters.
    serial_number: String,
    /// For those of its customer, those whose registration was verified, and engineers and above.
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<String>,
    /// As `site`.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    /// As `site`.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Coordinates>,
    /// The last day of the warranty.
    warranty_until: Option<String>,
    /// Whether that day is not over yet.
    in_warranty: bool,
    /// Who serves it.
    organization: SessionOrganization,
    /// Whether the caller registered it.
    registered: bool,
    /// How well it is known to the caller where it stands; null where it is not.
    position_status: Option<PositionStatus>,
}

/// What somebody may see of one unit.
#[derive(Default)]
pub struct Viewer {
    /// Works for the organization: sees its id.
    works_here: bool,
    /// Sees where it stands.
    knows_place: bool,
    /// What the viewer registered of it.
    registration: Option<RegistrationRow>,
}

impl Viewer {
    /// Somebody without any right.
    pub fn stranger() -> Self {
        Self::default()
    }

    /// What `caller` may see; in another organization everybody is a stranger.
    pub async fn of(conn: &mut Conn, caller: Option<&Caller>, row: &EquipmentRow) -> Result<Self, Problem> {
        let organization_id = row.organization_id.as_str();
        let Some(caller) = caller.filter(|caller| caller.organization_id == organization_id) else {
            return Ok(Self::stranger());
        };
        let works_here = caller.may(Role::Engineer);
        let Principal::Person(session) = &caller.principal else {
            return Ok(Self { works_here, knows_place: works_here, registration: None });
        };
        let registration = registrations::of_unit(conn, organization_id, &session.person_id, &row.id).await?;
        let is_verified = registration.as_ref().is_some_and(|registration| registration.status == "verified");
        let is_member = match &row.customer_id {
            Some(id) => customers::of_person(conn, organization_id, &session.person_id).await?.contains(id),
            None => false,
        };
        Ok(Self { works_here, knows_place: works_here || is_member || is_verified, registration })
    }

    fn position_status(&self, row: &EquipmentRow) -> Option<PositionStatus> {
        let given = self.registration.as_ref().and_then(position_status);
        given.or_else(|| row.position().filter(|_| self.knows_place).map(|_| PositionStatus::Verified))
    }
}

/// What became of the position that somebody gave.
pub fn position_status(registration: &RegistrationRow) -> Option<PositionStatus> {
    registration.position()?;
    Some(match registration.status.as_str() {
        "verified" => PositionStatus::Verified,
        "rejected" => PositionStatus::Unverified,
        _ => PositionStatus::Pending,
    })
}

impl EquipmentView {
    /// Shows the unit as much of it as the viewer may see.
    pub async fn load(conn: &mut Conn, row: EquipmentRow, viewer: &Viewer, now: i64) -> Result<Self, Problem> {
        let organization = organizations::sql::find(conn, &row.organization_id).await?;
        let organization = organization.ok_or_else(|| Problem::internal("a unit without an organization"))?;
        let settings = ServiceSettings::of(conn, &row.organization_id).await?;
        let knows_serial = viewer.knows_place || viewer.registration.is_some();
        Ok(Self {
            position_status: viewer.position_status(&row),
            position: row.position().map(Coordinates::from).filter(|_| viewer.knows_place),
            in_warranty: warranty::holds(row.warranty_until.as_deref(), settings.day_of(now)),
            id: Some(row.id).filter(|_| viewer.works_here),
            code: row.code,
            model: row.model,
            serial_number: if knows_serial { row.serial_number } else { masked(&row.serial_number) },
            site: row.site.filter(|_| viewer.knows_place),
            address: row.address.filter(|_| viewer.knows_place),
            warranty_until: row.warranty_until,
            organization: SessionOrganization::new(&organization, &settings, now),
            registered: viewer.registration.is_some(),
        })
    }
}

/// A serial number with all but its last characters hidden; of a short one even more, so that it cannot be guessed.
pub fn masked(serial_number: &str) -> String {
    let characters: Vec<char> = serial_number.chars().collect();
    let shown = SHOWN.min(characters.len() / 2);
    let last: String = characters.iter().skip(characters.len() - shown).collect();
    format!("***{last}")
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn strangers_see_the_end_of_a_serial_number() {
        assert_eq!(masked("PF-2026-000123"), "***0123");
        assert_eq!(masked("A1B2"), "***B2");
        assert_eq!(masked("7"), "***");
        assert_eq!(masked("设备编号一二三四五"), "***二三四五");
    }
}
