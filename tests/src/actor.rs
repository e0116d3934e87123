//! Somebody who calls the API.

use reqwest::{Client, Method, RequestBuilder};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// A caller, with or without a credential.
#[derive(Clone)]
pub struct Actor {
    base: String,
    /// The bearer token.
    pub token: Option<String>,
    client: Client,
}

/// An answer that was read whole.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The JSON body; null where there is none.
    pub body: Value,
}

impl Answer {
    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// Checks that this refuses a field.
    #[track_caller]
    pub fn expect_problem_at(self, field: &str) {
        let problem = self.problem(422, "invalid_field");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }

    /// Checks that this is a problem with that status and code.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert!(self.body["trace_id"].as_str().is_some_and(|id| !id.is_empty()), "{}", self.body);
        self.body
    }
}

/// A fresh nonce.
pub fn nonce() -> String {
    Uuid::new_v4().simple().to_string()
}

impl Actor {
    /// A caller of the server at `base`.
    pub fn new(base: &str, token: Option<String>) -> Self {
        Self { base: base.to_owned(), token, client: Client::new() }
    }

    /// Where the server is.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A request to build further.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request and reads the answer.
    pub async fn send(request: RequestBuilder) -> Answer {
        Self::try_send(request).await.expect("an answer")
    }

    /// Sends a request and reads the answer, where there is one.
    pub async fn try_send(request: RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let body =
            serde_json::from_str(&text).unwrap_or_else(|_| if text.is_empty() { Value::Null } else { text.into() });
        Ok(Answer { status, headers, body })
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        Self::send(self.request(Method::GET, path)).await
    }

    /// POST of JSON.
    pub async fn post<T: Serialize + Sync + ?Sized>(&self, path: &str, body: &T) -> Answer {
        Self::send(self.request(Method::POST, path).json(body)).await
    }

    /// PATCH of JSON.
    pub async fn patch<T: Serialize + Sync + ?Sized>(&self, path: &str, body: &T) -> Answer {
        Self::send(self.request(Method::PATCH, path).json(body)).await
    }

    /// PUT of JSON.
    pub async fn put<T: Serialize + Sync + ?Sized>(&self, path: &str, body: &T) -> Answer {
        Self::send(self.request(Method::PUT, path).json(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        Self::send(self.request(Method::DELETE, path)).await
    }
}
