//! What holds for every route: OpenAPI, idempotency, headers.

use paifang_tests::{Actor, both};
use reqwest::Method;
use serde_json::json;

#[test]
fn the_openapi_document_is_the_one_that_was_reviewed() {
    let document = serde_json::to_value(paifang_server::http::routes::openapi()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    insta::assert_json_snapshot!("openapi", document);
}

both!(the_document_is_served, |app| {
    let document = app.anonymous().get("/openapi.json").await.expect(200);
    assert!(document["paths"]["/api/v1/sessions"]["post"].is_object());
});

both!(a_repeated_creation_has_one_effect_and_one_answer, |app| {
    let body = json!({ "role": "staff" });
    let send = |actor: Actor, key: &'static str, body: serde_json::Value| async move {
        Actor::send(actor.request(Method::POST, "/api/v1/invitations").header("idempotency-key", key).json(&body)).await
    };
    let first = send(app.admin.clone(), "k1", body.clone()).await;
    let again = send(app.admin.clone(), "k1", body.clone()).await;
    assert_eq!((first.status, again.status, &first.body), (201, 201, &again.body));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    send(app.admin.clone(), "k1", json!({ "role": "admin" })).await.problem(422, "idempotency_key_reused");
    let other = send(app.foreign_admin.clone(), "k1", body.clone()).await.expect(201);
    assert_ne!(other["id"], first.body["id"], "keys belong to who sends them");
    send(app.admin.clone(), "two words", body.clone()).await.problem(400, "malformed_idempotency_key");
    let refused = send(app.admin.clone(), "k2", json!({ "role": "staff", "uses": 0 })).await;
    refused.problem(422, "invalid_field");
    send(app.admin.clone(), "k2", body.clone()).await.expect(201);
    let all = (0..8).map(|_| send(app.admin.clone(), "k3", body.clone()));
    let answers = futures_util::future::join_all(all).await;
    let made: std::collections::HashSet<_> =
        answers.iter().filter(|answer| answer.status == 201).map(|answer| answer.body["id"].to_string()).collect();
    assert_eq!(made.len(), 1);
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.body["code"] == "idempotency_key_in_use"));
    let list = app.admin.get("/api/v1/invitations").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
});

both!(every_answer_names_its_request, |app| {
    let request = app.anonymous().request(Method::GET, "/api/v1/me").header("x-request-id", "my-request-0001");
    let answer = Actor::send(request).await;
    assert_eq!(answer.headers["x-request-id"], "my-request-0001");
    assert_eq!(answer.problem(401, "unauthenticated")["trace_id"], "my-request-0001");
    let forged = app.anonymous().request(Method::GET, "/healthz").header("x-request-id", "bad id <script>");
    assert_ne!(Actor::send(forged).await.headers["x-request-id"], "bad id <script>");
});
