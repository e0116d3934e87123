//! A company's own token server in the place of WeChat's.

use crate::official::{OFFICIAL, try_connect};
use paifang_server::clock::Clock;
use paifang_tests::{APP_SECRET, Stack, TestApp};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Hands on tokens of the simulator to whoever knows the password.
#[derive(Clone, Default)]
struct Provider {
    wechat: Arc<OnceLock<String>>,
    asked: Arc<AtomicUsize>,
}

impl Provider {
    /// Listens; answers its address.
    async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let this = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                this.answer(stream).await;
            }
        });
        format!("http://{address}/")
    }

    async fn answer(&self, mut stream: TcpStream) {
        let (mut request, mut chunk) = (Vec::new(), [0; 1024]);
        while !request.ends_with(b"\r\n\r\n") {
            let read = stream.read(&mut chunk).await.unwrap();
            request.extend_from_slice(&chunk[..read]);
        }
        let request = String::from_utf8(request).unwrap().to_lowercase();
        self.asked.fetch_add(1, Ordering::SeqCst);
        let known = request.contains("authorization: bearer s3same") && request.contains(OFFICIAL);
        let (status, token) = if known { ("200 OK", self.token().await) } else { ("403 Forbidden", "{".to_owned()) };
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", token.len());
        stream.write_all(format!("{head}{token}").as_bytes()).await.unwrap();
    }

    async fn token(&self) -> String {
        let body = json!({ "grant_type": "client_credential", "appid": OFFICIAL, "secret": APP_SECRET });
        let url = format!("{}/cgi-bin/stable_token", self.wechat.get().unwrap());
        reqwest::Client::new().post(url).json(&body).send().await.unwrap().text().await.unwrap()
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_server_of_the_company_gives_the_tokens() {
    let provider = Provider::default();
    let url = provider.start().await;
    let allowed = format!("{url},http://127.0.0.1:1/");
    let app = TestApp::start_with(Stack::Postgres, Clock::system(), &[("PAIFANG_TOKEN_PROVIDERS", &allowed)]).await;
    provider.wechat.set(app.sim.base_url()).unwrap();
    app.sim.add_app(wechat_sim::App::official_account(OFFICIAL, APP_SECRET));
    let with = |url: &str, secret: &str| {
        let body = json!({ "secret": null, "token_provider": { "url": url, "secret": secret } });
        let app = &app;
        async move { try_connect(app, OFFICIAL, body).await }
    };
    for (refused, secret, asked) in [
        ("http://127.0.0.2:1/", "s3same", 0),
        ("http://127.0.0.1:1/token", "s3same", 0),
        (&format!("{url}token"), "guess", 1),
    ] {
        let problem = with(refused, secret).await.problem(422, "invalid_field");
        assert_eq!(
            (&problem["errors"][0]["field"], provider.asked()),
            (&json!("token_provider.url"), asked),
            "{refused}"
        );
    }
    let account = with(&format!("{url}token"), "s3same").await.expect(201);
    assert_eq!(account["token_provider"], format!("{url}token"));
    let check = format!("/api/v1/accounts/{}/check", account["id"].as_str().unwrap());
    let nothing = json!({});
    for _ in 0..3 {
        assert_eq!(app.admin.post(&check, &nothing).await.expect(200)["status"], "ok");
    }
    assert_eq!(provider.asked(), 3, "once to connect, once for the token");
    app.sim.expire_token(OFFICIAL);
    assert_eq!(app.admin.post(&check, &nothing).await.expect(200)["status"], "ok");
    assert_eq!(provider.asked(), 4, "a refused token is asked for anew");
    let audit = app.admin.get("/api/v1/audit-log").await.expect(200);
    assert!(!format!("{audit}{account}").contains("s3same"));
}
