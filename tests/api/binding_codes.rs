//! Users who prove to be a user of the business: with a code, with a link, and at login; and who take it back.

use crate::bindings::{BINDINGS, CHANNEL, openids, send, send_ok, with_channel};
use paifang_server::clock::Clock;
use paifang_tests::{APPID, Actor, Answer, Stack, TestApp, both};
use serde_json::{Value, json};

const MINE: &str = "/api/v1/me/binding";
const CODES: &str = "/api/v1/binding-codes";
const LINKS: &str = "/api/v1/binding-links";
const NOW: i64 = 1_780_000_000_000;
const OTHER_APPID: &str = "wx00000000000000b2";

async fn code(admin: &Actor, userid: &str) -> Value {
    let made = admin.post(CODES, &json!({ "userid": userid })).await.expect(201);
    assert_eq!(made["userid"], userid);
    made["code"].clone()
}

async fn token(admin: &Actor, userid: &str) -> Value {
    let made = admin.post(LINKS, &json!({ "userid": userid })).await.expect(201);
    let token = made["token"].as_str().unwrap();
    assert_eq!(made["path"], format!("pages/account/bind/index?token={token}"));
    json!(token)
}

async fn prove(actor: &Actor, userid: &str, code: &Value) -> Answer {
    actor.post(MINE, &json!({ "userid": userid, "code": code })).await
}

async fn me(actor: &Actor) -> Value {
    actor.get("/api/v1/me").await.expect(200)
}

fn another(code: &Value) -> Value {
    let number: u32 = code.as_str().unwrap().parse().unwrap();
    json!(format!("{:08}", (number + 1) % 100_000_000))
}

async fn close(app: &TestApp) {
    let settings = json!({ "name": "Acme", "guests_allowed": false });
    app.admin.put("/api/v1/organization", &settings).await.expect(200);
}

both!(a_code_binds_once, |app| {
    let (alice, bob) = (app.login("alice").await, app.login("bob").await);
    let given = code(&app.admin, "zhangsan").await;
    assert!(given.as_str().is_some_and(|code| code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit())));
    let before = me(&alice).await;
    prove(&bob, "lisi", &given).await.problem(409, "binding_invalid");
    let bound = prove(&alice, "zhangsan", &given).await.expect(200);
    assert_eq!(bound, json!({ "userid": "zhangsan", "person_id": before["id"] }));
    assert_eq!(prove(&alice, "zhangsan", &given).await.expect(200), bound, "a repeated request");
    prove(&bob, "zhangsan", &given).await.problem(409, "binding_invalid");
    let next = code(&app.admin, "lisi").await;
    prove(&alice, "lisi", &next).await.problem(409, "binding_conflict");
    prove(&bob, "lisi", &next).await.expect(200);
    let listed = app.admin.get(&format!("{BINDINGS}?userid=zhangsan")).await.expect(200);
    assert_eq!(
        (&listed["items"][0]["bound_by"], &listed["items"][0]["openid"]),
        (&json!("code"), &json!(app.sim.openid(APPID, "alice")))
    );
    let log = app.admin.get("/api/v1/audit-log?limit=200").await.expect(200).to_string();
    assert!(log.contains("binding_code.create") && !log.contains(given.as_str().unwrap()));
});

both!(a_second_phone_of_the_user_joins_the_person, |app| {
    let (first, second) = (app.login("alice").await, app.login("alice's other phone").await);
    prove(&first, "zhangsan", &code(&app.admin, "zhangsan").await).await.expect(200);
    prove(&second, "zhangsan", &code(&app.admin, "zhangsan").await).await.expect(200);
    assert_eq!(me(&first).await["id"], me(&second).await["id"], "the session follows");
    assert_eq!(openids(&app, "zhangsan").await.len(), 2);
});

both!(five_wrong_tries_end_a_code, |app| {
    let given = code(&app.admin, "zhangsan").await;
    for n in 0..5 {
        let mallory = app.login(&format!("mallory {n}")).await;
        prove(&mallory, "zhangsan", &another(&given)).await.problem(409, "binding_invalid");
        prove(&mallory, "nobody", &given).await.problem(409, "binding_invalid");
        prove(&mallory, "zhangsan", &json!("12 34")).await.problem(409, "binding_invalid");
    }
    let alice = app.login("alice").await;
    prove(&alice, "zhangsan", &given).await.problem(409, "binding_invalid");
    let fresh = code(&app.admin, "zhangsan").await;
    let typed = fresh.as_str().unwrap();
    prove(&alice, "zhangsan", &json!(format!(" {} {} ", &typed[..4], &typed[4..]))).await.expect(200);
});

both!(of_many_at_once_one_uses_a_code, |app| {
    let (given, link) = (code(&app.admin, "zhangsan").await, token(&app.admin, "lisi").await);
    let mut people = Vec::new();
    for user in ["a", "b", "c", "d"] {
        people.push(app.login(user).await);
    }
    let statuses = |answers: Vec<Answer>| {
        let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        statuses
    };
    let answers = futures_util::future::join_all(people.iter().map(|person| prove(person, "zhangsan", &given))).await;
    assert_eq!(statuses(answers), [200, 409, 409, 409]);
    let mut people = Vec::new();
    for user in ["e", "f", "g", "h"] {
        people.push(app.login(user).await);
    }
    let body = json!({ "token": link });
    let answers = futures_util::future::join_all(people.iter().map(|person| person.post(MINE, &body))).await;
    assert_eq!(statuses(answers), [200, 409, 409, 409]);
});

both!(a_newer_code_ends_the_older_and_guesses_are_limited, |app| {
    let (old, new) = (code(&app.admin, "zhangsan").await, code(&app.admin, "zhangsan").await);
    let (alice, mallory) = (app.login("alice").await, app.login("mallory").await);
    prove(&alice, "zhangsan", &old).await.problem(409, "binding_invalid");
    prove(&alice, "zhangsan", &new).await.expect(200);
    let mut last = 0;
    for _ in 0..11 {
        last = prove(&mallory, "nobody", &json!("00000000")).await.status;
    }
    assert_eq!(last, 429);
    for wrong in [
        json!({}),
        json!({ "userid": "x" }),
        json!({ "code": "00000000" }),
        json!({ "userid": " ", "code": "00000000" }),
        json!({ "token": "" }),
        json!({ "userid": "x", "code": "00000000", "token": "x" }),
    ] {
        alice.post(MINE, &wrong).await.problem(422, "invalid_field");
    }
    for (path, seconds) in [(CODES, 59), (CODES, 86_401), (LINKS, 59), (LINKS, 2_592_001)] {
        app.admin.post(path, &json!({ "userid": "x", "expires_in": seconds })).await.problem(422, "invalid_field");
    }
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_and_links_expire_and_belong_to_one_organization() {
    for stack in [Stack::Sqlite, Stack::Postgres] {
        let clock = Clock::manual(NOW);
        let app = TestApp::start_with(stack, clock.clone(), &[("PAIFANG_RATE_LIMITS", "off")]).await;
        let login = |user: &'static str| {
            let code = app.sim.mint_code(OTHER_APPID, user);
            let app = &app;
            async move {
                let body = json!({ "appid": OTHER_APPID, "code": code });
                app.actor(&app.anonymous().post("/api/v1/sessions", &body).await)
            }
        };
        let (alice, stranger) = (app.login("alice").await, login("stranger").await);
        let (given, link) = (code(&app.admin, "zhangsan").await, token(&app.admin, "zhangsan").await);
        prove(&stranger, "zhangsan", &given).await.problem(409, "binding_invalid");
        stranger.post(MINE, &json!({ "token": link })).await.problem(409, "binding_invalid");
        clock.set(NOW + 600_001);
        prove(&alice, "zhangsan", &given).await.problem(409, "binding_invalid");
        let short = json!({ "userid": "zhangsan", "expires_in": 60 });
        let short = app.admin.post(LINKS, &short).await.expect(201);
        assert_eq!(short["expires_at"], paifang_core::time::format_rfc3339(NOW + 660_000));
        clock.set(NOW + 660_001);
        alice.post(MINE, &json!({ "token": short["token"] })).await.problem(409, "binding_invalid");
        alice.post(MINE, &json!({ "token": link })).await.expect(200);
        // The longest link outlives the key's time to sign.
        let longest = json!({ "userid": "lisi", "expires_in": 2_592_000 });
        let longest = app.admin.post(LINKS, &longest).await.expect(201);
        clock.set(NOW + 30 * 86_400_000);
        paifang_server::sessions::rotate(&app.running.app, clock.now()).await.unwrap();
        app.login("bob").await.post(MINE, &json!({ "token": longest["token"] })).await.expect(200);
    }
}

both!(a_link_binds_who_opens_it_first, |app| {
    let (alice, bob) = (app.login("alice").await, app.login("bob").await);
    let link = json!({ "token": token(&app.admin, "zhangsan").await });
    for _ in 0..2 {
        assert_eq!(alice.post(MINE, &link).await.expect(200)["userid"], "zhangsan");
    }
    bob.post(MINE, &link).await.problem(409, "binding_invalid");
    let other = json!({ "token": token(&app.admin, "lisi").await });
    alice.post(MINE, &other).await.problem(409, "binding_conflict");
    bob.post(MINE, &other).await.expect(200);
    assert_eq!(alice.delete(MINE).await.status, 204);
    alice.post(MINE, &link).await.problem(409, "binding_invalid");
});

both!(tokens_of_one_kind_are_worth_nothing_as_another, |app| {
    let alice = app.login("alice").await;
    let link = token(&app.admin, "zhangsan").await;
    let link = link.as_str().unwrap();
    let mut forger = alice.clone();
    forger.token = Some(link.to_owned());
    forger.get("/api/v1/me").await.problem(401, "unauthenticated");
    let (head, signature) = link.rsplit_once('.').unwrap();
    let claims = data_encoding_of(r#"{"aud":"binding","jti":"x","org":"x","userid":"x","iat":0,"exp":99999999999}"#);
    let header = link.split('.').next().unwrap();
    for forged in [
        alice.token.clone().unwrap(),
        format!("{head}.{}", signature.chars().rev().collect::<String>()),
        format!("{header}.{claims}.{signature}"),
        format!("eyJhbGciOiJub25lIn0.{claims}."),
        "nonsense".to_owned(),
    ] {
        alice.post(MINE, &json!({ "token": forged })).await.problem(409, "binding_invalid");
    }
    alice.post(MINE, &json!({ "token": link })).await.expect(200);
});

fn data_encoding_of(json: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json)
}

both!(where_guests_are_not_let_in_a_login_brings_its_proof, |app| {
    close(&app).await;
    app.try_login("alice", json!({})).await.problem(403, "guests_not_allowed");
    let given = code(&app.admin, "zhangsan").await;
    let wrong = json!({ "binding": { "userid": "zhangsan", "code": another(&given) } });
    app.try_login("alice", wrong.clone()).await.problem(409, "binding_invalid");
    app.try_login("alice", json!({ "binding": { "userid": "zhangsan" } })).await.problem(422, "invalid_field");
    app.try_login("alice", json!({ "binding": { "token": "x" } })).await.problem(409, "binding_invalid");
    let persons = app.admin.get("/api/v1/persons").await.expect(200);
    assert_eq!(persons["items"], json!([]), "nothing is kept of a guest who may not come in");
    let right = json!({ "binding": { "userid": "zhangsan", "code": given } });
    let alice = app.actor(&app.try_login("alice", right.clone()).await);
    assert_eq!(me(&alice).await["userid"], "zhangsan");
    app.actor(&app.try_login("alice", right.clone()).await);
    app.login("alice").await;
    app.try_login("bob", right).await.problem(409, "binding_invalid");
    let link = json!({ "binding": { "token": token(&app.admin, "lisi").await } });
    let bob = app.actor(&app.try_login("bob", link.clone()).await);
    assert_eq!(me(&bob).await["userid"], "lisi");
    app.try_login("alice", link).await.problem(409, "binding_conflict");
    let given = code(&app.admin, "wangwu").await;
    for _ in 0..5 {
        let wrong = json!({ "binding": { "userid": "wangwu", "code": another(&given) } });
        app.try_login("carol", wrong).await.problem(409, "binding_invalid");
    }
    let right = json!({ "binding": { "userid": "wangwu", "code": given } });
    app.try_login("carol", right).await.problem(409, "binding_invalid");
    // Who takes it back is a guest again, and out.
    assert_eq!(bob.delete(MINE).await.status, 204);
    bob.get("/api/v1/me").await.problem(401, "unauthenticated");
    app.try_login("bob", json!({})).await.problem(403, "guests_not_allowed");
});

both!(who_takes_it_back_is_somebody_new, |app| {
    with_channel(&app).await;
    let (alice, phone) = (app.login("alice").await, app.login("alice").await);
    alice.delete(MINE).await.problem(404, "not_found");
    let invitation = app.admin.post("/api/v1/invitations", &json!({ "role": "staff" })).await.expect(201);
    alice.post("/api/v1/me/invitations", &json!({ "code": invitation["code"] })).await.expect(200);
    prove(&alice, "zhangsan", &code(&app.admin, "zhangsan").await).await.expect(200);
    let before = me(&alice).await;
    assert_eq!(alice.delete(MINE).await.status, 204);
    for session in [&alice, &phone] {
        let now = me(session).await;
        assert_ne!(now["id"], before["id"]);
        assert_eq!((&now["userid"], &now["roles"]), (&Value::Null, &json!([])));
    }
    alice.delete(MINE).await.problem(404, "not_found");
    alice.get("/api/v1/events").await.problem(403, "forbidden");
    assert_eq!(me(&app.login("alice").await).await["id"], me(&alice).await["id"]);
    // A role that the business user gets later is none of theirs.
    let person = before["id"].as_str().unwrap();
    let path = format!("/api/v1/persons/{person}/roles/member");
    assert_eq!(app.admin.delete(&path).await.status, 204);
    assert_eq!(me(&alice).await["roles"], json!([]));
    let again = json!([{ "userid": "zhangsan", "add": { CHANNEL: app.sim.openid(APPID, "alice") } }]);
    send_ok(&app, again).await;
    assert_eq!((&me(&alice).await["id"], &me(&alice).await["roles"]), (&before["id"], &before["roles"]));
    let taken = json!([{ "userid": "lisi", "add": { CHANNEL: app.sim.openid(APPID, "alice") } }]);
    assert_eq!(send(&app, taken).await[0]["code"], "binding_conflict");
});
