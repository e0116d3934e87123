//! The case files in `tests/vectors/`. A case names its codes by what they are (`current`, `short`, `older`, …); this
//! turns it into a situation for the core, and drives the same case over HTTP.

use crate::{TestApp, nonce};
use ed25519_dalek::SigningKey;
use paifang_core::ticket::code::public_key_hex;
use paifang_core::ticket::verdict::Situation;
use paifang_core::ticket::{EventKey, TicketCode};
use paifang_core::time::{format_rfc3339, parse_rfc3339};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::path::Path;
use uuid::Uuid;

/// A file of cases.
#[derive(Deserialize)]
pub struct CaseFile {
    /// When the scans happen unless a case says otherwise (RFC 3339).
    pub now: String,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One case: how things stand, the scan, and the verdict.
#[derive(Clone, Deserialize)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// Settings of the list, as over HTTP.
    #[serde(default)]
    pub list: Map<String, Value>,
    /// Fields of the ticket, as over HTTP.
    #[serde(default)]
    pub ticket: Map<String, Value>,
    /// Scans that were admitted before: `{type, at, gate?}`.
    #[serde(default)]
    pub history: Vec<Map<String, Value>>,
    /// The scan; `code` is one of the names below, or a literal after `=`.
    pub scan: Map<String, Value>,
    /// `{status, reason?, explanation?, forced}`.
    pub expect: Value,
}

/// Reads a case file.
pub fn load(name: &str) -> CaseFile {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).expect("a case file")).expect("cases")
}

const TAG: u32 = 77;
const PRODUCT: &str = "product-1";

/// The situation of a case, for the core: native and in wasm.
pub fn situation(file: &CaseFile, case: &Case) -> Value {
    let key = SigningKey::from_bytes(&[7; 32]);
    let at = |value: &Value| value.as_str().and_then(parse_rfc3339).expect("a date-time");
    let moment = |fields: &Map<String, Value>, name: &str| fields.get(name).filter(|v| !v.is_null()).map(at);
    let seconds = |at: Option<i64>| at.map(|at| u32::try_from(at / 1000).expect("seconds"));
    let code = |from: Option<i64>, until: Option<i64>, tag: u32, key: &SigningKey| {
        let code = TicketCode {
            key_number: 1,
            event_tag: tag,
            ticket_id: Uuid::from_u128(1),
            product_number: 1,
            valid_from: seconds(from),
            valid_until: seconds(until),
            device_key: None,
        };
        code.sign(key)
    };
    let (from, until) = (moment(&case.ticket, "valid_from"), moment(&case.ticket, "valid_until"));
    let current = code(from, until, TAG, &key);
    let scanned = match case.scan["code"].as_str().expect("a code") {
        "current" => current.clone(),
        "lower_case" => current.to_lowercase(),
        "noisy" => format!("\u{feff} {}\r\n", current),
        "short" => "0123-4567-89ab".to_owned(),
        "older" => code(Some(1000), until, TAG, &key),
        "foreign" => code(from, until, TAG + 1, &SigningKey::from_bytes(&[8; 32])),
        "damaged" => format!("{}A", &current[..current.len() - 1]).replace("AA", "AB"),
        "ticket_id" => Uuid::from_u128(1).to_string(),
        literal => literal.strip_prefix('=').expect("a known name of a code").to_owned(),
    };
    let known = !matches!(case.scan["code"].as_str(), Some("foreign" | "damaged" | "ticket_id")) && !scanned.is_empty();
    let list = replace_products(&case.list, PRODUCT, "product-2");
    let mut list = Value::Object(list);
    for name in ["starts_at", "ends_at"] {
        if let Some(text) = list.get(name).cloned() {
            list[name] = json!(at(&text));
        }
    }
    json!({
        "event": {
            "tag": TAG,
            "keys": [EventKey { number: 1, public_key: public_key_hex(&key) }],
            "period": [at(&json!(EVENT_STARTS)), at(&json!(EVENT_ENDS))],
            "offsets": [{ "from": 0, "seconds": 8 * 3600 }],
        },
        "list": list,
        "scan": {
            "code": scanned,
            "type": case.scan.get("type").cloned().unwrap_or(json!("entry")),
            "at": case.scan.get("at").map_or_else(|| at(&json!(file.now)), at),
            "gate": case.scan.get("gate"),
            "force": case.scan.get("force").cloned().unwrap_or(json!(false)),
            "ignore_unpaid": case.scan.get("ignore_unpaid").cloned().unwrap_or(json!(false)),
        },
        "ticket": known.then(|| json!({
            "product_id": PRODUCT,
            "status": case.ticket.get("status").cloned().unwrap_or(json!("valid")),
            "needs_approval": case.ticket.get("needs_approval").cloned().unwrap_or(json!(false)),
            "valid_from": from,
            "valid_until": until,
            "code": current,
        })),
        "history": case.history.iter().map(|past| json!({ "type": past["type"], "at": at(&past["at"]) }))
            .collect::<Vec<_>>(),
        "language": "en",
    })
}

/// The native verdict on a situation.
pub fn native(situation: &Value) -> Value {
    let situation: Situation = serde_json::from_value(situation.clone()).expect("a situation");
    serde_json::to_value(paifang_core::ticket::check_in(&situation)).expect("a verdict")
}

const EVENT_STARTS: &str = "2026-05-01T00:00:00Z";
const EVENT_ENDS: &str = "2026-05-03T00:00:00Z";

/// `mine` and `other` in a case stand for the ticket's product and another one.
fn replace_products(list: &Map<String, Value>, mine: &str, other: &str) -> Map<String, Value> {
    let text = serde_json::to_string(list).expect("JSON");
    let text = text.replace("\"<mine>\"", &format!("\"{mine}\"")).replace("\"<other>\"", &format!("\"{other}\""));
    serde_json::from_str(&text).expect("JSON")
}

/// Drives a case over HTTP and answers the verdict in the core's form.
pub async fn over_http(app: &TestApp, file: &CaseFile, case: &Case) -> Value {
    let clock = &app.running.app.clock;
    clock.set(parse_rfc3339(&file.now).expect("a date-time"));
    let event = json!({ "name": "e", "starts_at": EVENT_STARTS, "ends_at": EVENT_ENDS, "time_zone": "Asia/Shanghai" });
    let event = app.admin.post("/api/v1/events", &event).await.expect(201);
    let path = format!("/api/v1/events/{}", event["id"].as_str().expect("id"));
    let product = |name: &'static str| {
        let (admin, path) = (app.admin.clone(), format!("{path}/products"));
        async move { admin.post(&path, &json!({ "name": name })).await.expect(201)["id"].as_str().expect("id").to_owned() }
    };
    let (mine, other) = (product("mine").await, product("other").await);
    let mut settings = replace_products(&case.list, &mine, &other);
    settings.insert("name".to_owned(), json!("l"));
    let lists = format!("{path}/check-in-lists");
    // Earlier scans go through while the list is open to everything.
    let list = app.admin.post(&lists, &json!({ "name": "l", "allow_multiple_entries": true })).await.expect(201);
    let list_path = format!("/api/v1/check-in-lists/{}", list["id"].as_str().expect("id"));

    let mut fields = case.ticket.clone();
    let status = fields.remove("status");
    let approval = fields.remove("needs_approval");
    fields.insert("product_id".to_owned(), json!(mine));
    fields.insert("order_code".to_owned(), json!("D1"));
    fields.insert("attendee_name".to_owned(), json!("x"));
    let wants_older = case.scan["code"] == "older";
    let until = fields.get("valid_from").cloned();
    if wants_older {
        fields.insert("valid_from".to_owned(), json!("1970-01-01T00:00:01Z"));
    }
    let mut ticket = app.admin.post(&format!("{path}/tickets"), &fields).await.expect(201);
    let older = ticket["code"].clone();
    let ticket_path = format!("/api/v1/tickets/{}", ticket["id"].as_str().expect("id"));
    if wants_older {
        ticket = app.admin.patch(&ticket_path, &json!({ "valid_from": until })).await.expect(200);
    }
    for past in &case.history {
        let scan = json!({ "code": ticket["short_code"], "nonce": nonce(), "type": past["type"],
            "scanned_at": past["at"], "gate": past.get("gate"), "force": true });
        let answer = app.admin.post(&format!("{list_path}/check-ins"), &scan).await.expect(200);
        assert_eq!(answer["status"], "ok", "{}: {answer}", case.name);
    }
    let change =
        json!({ "status": status.unwrap_or(json!("valid")), "needs_approval": approval.unwrap_or(json!(false)) });
    app.admin.patch(&ticket_path, &change).await.expect(200);
    app.admin.put(&list_path, &settings).await.expect(200);

    let current = ticket["code"].as_str().expect("code").to_owned();
    let scanned = match case.scan["code"].as_str().expect("a code") {
        "current" => current,
        "lower_case" => current.to_lowercase(),
        "noisy" => format!("\u{feff} {current}\r\n"),
        "short" => ticket["short_code"].as_str().expect("short code").to_lowercase(),
        "older" => older.as_str().expect("code").to_owned(),
        "foreign" => foreign_code(app).await,
        "damaged" => format!("{}A", &current[..current.len() - 1]).replace("AA", "AB"),
        "ticket_id" => ticket["id"].as_str().expect("id").to_owned(),
        literal => literal.strip_prefix('=').expect("a known name of a code").to_owned(),
    };
    let mut scan = case.scan.clone();
    let at = scan.remove("at").unwrap_or(json!(format_rfc3339(clock.now())));
    scan.insert("scanned_at".to_owned(), at);
    scan.insert("code".to_owned(), json!(scanned));
    scan.insert("nonce".to_owned(), json!(nonce()));
    let request = app.admin.request(reqwest::Method::POST, &format!("{list_path}/check-ins"));
    let answer = crate::Actor::send(request.header("accept-language", "en").json(&scan)).await.expect(200);
    let mut verdict = json!({ "status": answer["status"], "forced": answer["forced"] });
    for name in ["reason", "explanation"] {
        if let Some(value) = answer.get(name) {
            verdict[name] = value.clone();
        }
    }
    verdict
}

/// A good code of another event.
async fn foreign_code(app: &TestApp) -> String {
    let made = app.event().await;
    app.ticket(&made, json!({})).await["code"].as_str().expect("code").to_owned()
}
