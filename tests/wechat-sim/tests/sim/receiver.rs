//! An account's server, which answers pushes as it is told to.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

/// What arrived.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub content_type: Option<String>,
    pub body: String,
}

impl Arrival {
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|pair| pair.0 == name).map(|pair| pair.1.as_str())
    }
}

/// What is answered: after a time, a status and a body, in which `{echostr}` stands for the query's.
pub type Reply = (u64, u16, &'static str);

#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
    replies: Arc<Mutex<Vec<Reply>>>,
    server: ServerHandle,
}

impl Receiver {
    /// Answers with `success` when nothing else is said.
    pub fn start() -> Self {
        let (report, started) = mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let (arrivals, replies) = (Arc::default(), Arc::default());
                let data = web::Data::new((Arc::clone(&arrivals), Arc::clone(&replies)));
                let app = move || App::new().app_data(data.clone()).default_service(web::to(receive));
                let server = HttpServer::new(app).workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
                let url = format!("http://{}", server.addrs()[0]);
                let server = server.run();
                report.send(Self { url, arrivals, replies, server: server.handle() }).unwrap();
                server.await.unwrap();
            });
        });
        started.recv().unwrap()
    }

    /// The next answers, in this order.
    pub fn reply(&self, replies: &[Reply]) {
        self.replies.lock().unwrap().extend(replies.iter().rev());
    }

    pub fn arrivals(&self) -> Vec<Arrival> {
        std::mem::take(&mut *self.arrivals.lock().unwrap())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

type Shared = web::Data<(Arc<Mutex<Vec<Arrival>>>, Arc<Mutex<Vec<Reply>>>)>;

async fn receive(shared: Shared, request: HttpRequest, body: String) -> HttpResponse {
    let query = web::Query::<Vec<(String, String)>>::from_query(request.query_string()).unwrap().into_inner();
    let header = request.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    let (method, path) = (request.method().to_string(), request.path().to_owned());
    let arrival = Arrival { method, path, query, content_type: header, body };
    let echo = arrival.query("echostr").unwrap_or_default().to_owned();
    shared.0.lock().unwrap().push(arrival);
    let (delay, status, body) = shared.1.lock().unwrap().pop().unwrap_or((0, 200, "success"));
    actix_web::rt::time::sleep(Duration::from_millis(delay)).await;
    HttpResponse::build(StatusCode::from_u16(status).unwrap()).body(body.replace("{echostr}", &echo))
}
