//! A large event, for races and load.

use crate::Actor;
use reqwest::Method;
use serde_json::{Value, json};

/// Makes an event with one product and one list, and imports `number` tickets; answers the list's id and the codes.
pub async fn event_with_tickets(admin: &Actor, number: usize) -> (String, Vec<Value>) {
    let body = json!({ "name": "e", "starts_at": "2026-01-01T00:00:00Z", "ends_at": "2030-01-01T00:00:00Z",
        "time_zone": "Asia/Shanghai" });
    let event = admin.post("/api/v1/events", &body).await.expect(201);
    let path = format!("/api/v1/events/{}", event["id"].as_str().expect("id"));
    admin.post(&format!("{path}/products"), &json!({ "name": "p" })).await.expect(201);
    let list = admin.post(&format!("{path}/check-in-lists"), &json!({ "name": "l" })).await.expect(201);
    let rows: String = (0..number).map(|n| format!("D{n},p,x\n")).collect();
    let import = admin.request(Method::POST, &format!("{path}/tickets/import"));
    Actor::send(import.body(format!("order_code,product,attendee_name\n{rows}"))).await.expect(200);
    let (mut codes, mut cursor) = (Vec::new(), String::new());
    while codes.len() < number {
        let page = admin.get(&format!("{path}/tickets?limit=200{cursor}")).await.expect(200);
        codes.extend(page["items"].as_array().expect("items").iter().map(|ticket| ticket["code"].clone()));
        cursor = page["next_cursor"].as_str().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    }
    (list["id"].as_str().expect("id").to_owned(), codes)
}
