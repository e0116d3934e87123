//! Who looks at work orders, what they may see of one, and what they are to it.

use super::sql::{WorkOrderRow, known};
use crate::audit::Actor;
use crate::http::{Caller, Principal};
use crate::people::{self, Role};
use crate::problem::Problem;
use crate::storage::Conn;
use paifang_core::work_order::Party;

/// Who looks.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The organization whose orders are looked at.
    pub organization_id: String,
    /// The person, where it is one.
    pub person_id: Option<String>,
    dispatcher: bool,
    engineer: bool,
    customers: Vec<String>,
    /// Those that are the person's, as the organization has verified.
    units: Vec<String>,
    /// The order that is followed without login.
    followed: Option<String>,
}

/// How much of an order is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All of it.
    Full,
    /// What was said in it: not what the organization knows of the unit, which anybody may report who scans it.
    Reported,
    /// What an engineer needs in order to take it: not whom to call.
    Waiting,
}

impl Viewer {
    /// The caller.
    pub async fn of(conn: &mut Conn, caller: &Caller) -> Result<Self, Problem> {
        let person_id = match &caller.principal {
            Principal::Person(session) => Some(session.person_id.clone()),
            Principal::ApiToken(_) => None,
        };
        let (customers, units) = match &person_id {
            Some(person_id) => known::of_person(conn, &caller.organization_id, person_id).await?,
            None => (Vec::new(), Vec::new()),
        };
        Ok(Self {
            organization_id: caller.organization_id.clone(),
            dispatcher: caller.may(Role::Dispatcher),
            engineer: caller.may(Role::Engineer),
            person_id,
            customers,
            units,
            followed: None,
        })
    }

    /// Whoever has the follow code of an order.
    pub fn follower(order: &WorkOrderRow) -> Self {
        Self {
            organization_id: order.organization_id.clone(),
            person_id: None,
            dispatcher: false,
            engineer: false,
            customers: Vec::new(),
            units: Vec::new(),
            followed: Some(order.id.clone()),
        }
    }

    /// Within the transaction that writes for it: holds the person until the end, and goes on as who they are by now.
    /// They may have become one with somebody else since the request came.
    pub async fn hold(&mut self, conn: &mut Conn, actor: &mut Actor) -> Result<(), Problem> {
        if let Some(person_id) = &mut self.person_id {
            *person_id = people::service::hold(conn, &self.organization_id, person_id).await?;
            actor.id.clone_from(person_id);
        }
        Ok(())
    }

    /// The same without holding anybody, for reading.
    pub async fn follow_merges(&mut self, conn: &mut Conn) -> Result<(), Problem> {
        if let Some(person_id) = &mut self.person_id
            && let Some(person) = people::sql::find_person(conn, &self.organization_id, person_id).await?
        {
            *person_id = person.id;
        }
        Ok(())
    }

    /// Whether it dispatches.
    pub fn dispatches(&self) -> bool {
        self.dispatcher
    }

    /// Whether it works as an engineer, or dispatches.
    pub fn is_engineer(&self) -> bool {
        self.engineer
    }

    /// Whether the person is a member of that customer.
    pub fn belongs_to(&self, customer_id: Option<&str>) -> bool {
        customer_id.is_some_and(|id| self.customers.iter().any(|own| own == id))
    }

    /// Whether the person is a member of any customer.
    pub fn has_customer(&self) -> bool {
        !self.customers.is_empty()
    }

    /// What it is to the order.
    pub fn party(&self, order: &WorkOrderRow) -> Party {
        let is = |id: &Option<String>| self.person_id.is_some() && *id == self.person_id;
        Party {
            dispatcher: self.dispatcher,
            engineer: self.engineer && self.person_id.is_some(),
            own_engineer: self.engineer && is(&order.engineer_id),
            customer: is(&order.reporter_id)
                || self.belongs_to(order.customer_id.as_deref())
                || self.followed.as_deref() == Some(order.id.as_str()),
        }
    }

    /// How much of the order it may see; nothing for strangers and for orders of other organizations.
    pub fn sight(&self, order: &WorkOrderRow) -> Option<Sight> {
        if order.organization_id != self.organization_id {
            return None;
        }
        let party = self.party(order);
        if party.dispatcher || party.own_engineer {
            return Some(Sight::Full);
        }
        if party.customer {
            let knows_unit = self.engineer
                || self.belongs_to(order.customer_id.as_deref())
                || self.units.contains(&order.equipment_id);
            return Some(if knows_unit { Sight::Full } else { Sight::Reported });
        }
        (self.engineer && order.state().is_waiting()).then_some(Sight::Waiting)
    }
}
