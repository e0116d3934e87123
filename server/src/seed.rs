//! Demonstration data from a folder: an organization with a mini program, an event with its products, lists and
//! attendees, units of equipment, and invitations for the people who play. Running it again changes nothing.

mod equipment;

use crate::accounts::{self, NewAccount};
use crate::app::App;
use crate::audit::Actor;
use crate::events::service::NewEvent;
use crate::events::sql::EventRow;
use crate::events::{lists, products, service as events, sql as event_sql};
use crate::organizations::{command_line, find_or_create};
use crate::people::Role;
use crate::people::sql::{self as people, InvitationRow};
use crate::problem::Problem;
use crate::random;
use crate::sheets::{self, Table};
use crate::storage::Conn;
use crate::tickets::import::{self, ImportOptions};
use anyhow::Context;
use equipment::{DemoUnit, plant_customer, plant_unit};
use futures_util::FutureExt;
use paifang_core::ticket::CheckInList;
use paifang_core::time::DAY;
use secrecy::SecretString;
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Demo {
    organization: String,
    account: DemoAccount,
    event: DemoEvent,
    products: Vec<String>,
    check_in_lists: Vec<DemoList>,
    equipment: Vec<DemoUnit>,
    invitations: Vec<DemoInvitation>,
    attendees: String,
}

#[derive(Deserialize)]
struct DemoAccount {
    appid: String,
    secret: SecretString,
}

#[derive(Deserialize)]
struct DemoEvent {
    name: String,
    time_zone: String,
    days: i64,
}

#[derive(Deserialize)]
struct DemoList {
    name: String,
    /// Names of products; all when absent.
    products: Option<Vec<String>>,
    #[serde(flatten)]
    settings: CheckInList,
}

#[derive(Deserialize)]
struct DemoInvitation {
    code: String,
    role: Role,
    /// The name of the customer that is joined.
    customer: Option<String>,
}

/// Seeds from `demo.json` and the CSV file that it names, in `folder`.
pub async fn seed(app: &App, folder: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(folder.join("demo.json")).context("reading demo.json")?;
    let demo: Demo = serde_json::from_str(&text).context("demo.json")?;
    let attendees = std::fs::read(folder.join(&demo.attendees)).with_context(|| demo.attendees.clone())?;
    let attendees = sheets::read_apart(attendees).await?;
    let (app_, now) = (app.clone(), app.clock.now());
    app.db.write(move |conn| async move { plant(&app_, conn, &demo, &attendees, now).await }.boxed()).await?;
    Ok(())
}

async fn plant(app: &App, conn: &mut Conn, demo: &Demo, attendees: &Table, now: i64) -> Result<(), Problem> {
    let organization = find_or_create(conn, &demo.organization, now).await?;
    let actor = command_line(&organization.id);
    if accounts::sql::find(conn, &demo.account.appid).await?.is_none() {
        let account = NewAccount {
            kind: "mini_program",
            appid: demo.account.appid.clone(),
            secret: demo.account.secret.clone(),
            callback_token: None,
            callback_aes_key: None,
            callback_mode: "safe".to_owned(),
            callback_format: "json".to_owned(),
        };
        accounts::add(app, conn, &organization, &account, now).await?;
    }
    let planted = event_sql::list_events(conn, &organization.id, "", 1).await?.into_iter().next();
    let event = match planted {
        Some(event) => event,
        None => plant_event(app, conn, &actor, demo, now).await?,
    };
    import::import(conn, &app.sealer, &actor, &event, attendees, ImportOptions::default(), now).await?;
    for unit in &demo.equipment {
        plant_unit(conn, &actor, unit, now).await?;
    }
    for invitation in &demo.invitations {
        if people::find_invitation(conn, &invitation.code).await?.is_none() {
            let customer_id = match &invitation.customer {
                Some(name) => Some(plant_customer(conn, &actor, name, now).await?),
                None => None,
            };
            let row = InvitationRow {
                id: random::id(now),
                organization_id: organization.id.clone(),
                code: invitation.code.clone(),
                role: invitation.role.as_str().to_owned(),
                customer_id,
                uses: None,
                used: 0,
                expires_at: None,
                revoked_at: None,
                created_at: now,
            };
            people::insert_invitation(conn, &row).await?;
        }
    }
    Ok(())
}

async fn plant_event(app: &App, conn: &mut Conn, actor: &Actor, demo: &Demo, now: i64) -> Result<EventRow, Problem> {
    let DemoEvent { name, time_zone, days } = &demo.event;
    let new = NewEvent::check(name, now - DAY, now + days * DAY, time_zone)?;
    let event = events::create(conn, &app.sealer, actor, new, now).await?;
    let mut made = Vec::new();
    for product in &demo.products {
        made.push(products::create(conn, actor, &event, product, false, now).await?);
    }
    for list in &demo.check_in_lists {
        let ids = list.products.as_ref().map(|names| {
            made.iter().filter(|product| names.contains(&product.name)).map(|product| product.id.clone()).collect()
        });
        let settings = CheckInList { product_ids: ids, ..list.settings.clone() };
        lists::create(conn, actor, &event, &list.name, settings, now).await?;
    }
    Ok(event)
}
