//! What may be reported of a unit, and what was, for whoever scans it.

use super::report::{MOST_OPEN, why_not};
use super::settings::{FaultType, ServiceSettings};
use super::sql::{WorkOrderRow, lists};
use super::viewer::Viewer;
use crate::equipment::EquipmentRow;
use crate::http::{Caller, Moment};
use crate::problem::Problem;
use crate::storage::Conn;
use serde::Serialize;
use utoipa::ToSchema;

/// What may be reported of a unit, and what was.
#[derive(Serialize, ToSchema)]
pub struct Reporting {
    /// Its orders that are open, oldest first.
    open_work_orders: Vec<OpenWorkOrder>,
    /// Whether the caller may report a fault.
    may_report: bool,
    /// `login_required`, `members_only` or `customers_only`, where the caller may not.
    why_not: Option<&'static str>,
    /// What can be wrong.
    fault_types: Vec<FaultType>,
}

/// An open order, for whoever scans its unit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenWorkOrder {
    /// For those who may see the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    number: String,
    state: String,
    submitted_at: Moment,
    fault_type: String,
}

impl OpenWorkOrder {
    /// As much of the order as anybody may know, and its id for those who may see it.
    pub fn new(order: WorkOrderRow, viewer: Option<&Viewer>) -> Self {
        Self {
            id: viewer.and_then(|viewer| viewer.sight(&order)).map(|_| order.id),
            number: order.number,
            state: order.state,
            submitted_at: Moment(order.submitted_at),
            fault_type: order.fault_type,
        }
    }
}

impl Reporting {
    /// What `caller`, who has logged in to the unit's organization, or somebody who has not, may report and know.
    pub async fn of(conn: &mut Conn, caller: Option<&Caller>, unit: &EquipmentRow) -> Result<Self, Problem> {
        let settings = ServiceSettings::of(conn, &unit.organization_id).await?;
        let viewer = match caller {
            Some(caller) => Some(Viewer::of(conn, caller).await?),
            None => None,
        };
        let why_not = why_not(&settings, unit, caller, viewer.as_ref());
        let open = lists::open_of_unit(conn, &unit.id, MOST_OPEN).await?;
        let shown = open.into_iter().map(|order| OpenWorkOrder::new(order, viewer.as_ref()));
        Ok(Self {
            open_work_orders: shown.collect(),
            may_report: why_not.is_none(),
            why_not,
            fault_types: settings.fault_types,
        })
    }
}
