//! Import and export of bindings.

use crate::bindings::{BINDINGS, CHANNEL, openid, openids, send_ok, with_channel};
use crate::official::{OFFICIAL, connect_with};
use paifang_tests::{APP_SECRET, APPID, Actor, Answer, TestApp, both};
use reqwest::Method;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

async fn import(app: &TestApp, options: &str, file: impl Into<Vec<u8>>) -> Answer {
    let path = format!("{BINDINGS}/import{options}");
    Actor::send(app.admin.request(Method::POST, &path).header("content-type", "text/csv").body(file.into())).await
}

fn numbers(report: &Value) -> (u64, u64, u64) {
    let number = |name: &str| report[name].as_u64().unwrap();
    (number("created"), number("updated"), number("unchanged"))
}

fn errors(document: &Value) -> Vec<(u64, String, String)> {
    let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
    let errors = document["errors"].as_array().unwrap().iter();
    errors.map(|error| (error["line"].as_u64().unwrap(), text(error, "column"), text(error, "code"))).collect()
}

async fn export(app: &TestApp) -> Vec<Vec<String>> {
    let answer = app.admin.get(&format!("{BINDINGS}/export")).await;
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    let text = answer.expect(200).as_str().unwrap().to_owned();
    text.trim_end().split("\r\n").map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

both!(the_same_file_twice_changes_nothing, |app| {
    let file = format!(
        "\u{feff}用户ID,wechatmp_openid,姓名,手机号\r\nzhangsan,{},张三,138 0013 8000\r\nlisi,{},,\r\n\r\nwangwu,,王五,13800138001\r\n",
        openid(1),
        app.sim.openid(APPID, "bob"),
    );
    let bob = app.login("bob").await;
    let before = bob.get("/api/v1/me").await.expect(200)["id"].clone();
    let dry = import(&app, "?dry_run=true", file.clone()).await.expect(200);
    assert_eq!((&dry["dry_run"], numbers(&dry)), (&json!(true), (3, 0, 0)));
    assert_eq!(app.admin.get(BINDINGS).await.expect(200)["items"], json!([]));
    assert_eq!(numbers(&import(&app, "", file.clone()).await.expect(200)), (3, 0, 0));
    let audit = app.admin.get("/api/v1/audit-log?limit=1").await.expect(200);
    assert_eq!(numbers(&import(&app, "", file.clone()).await.expect(200)), (0, 0, 3));
    assert_eq!(app.admin.get("/api/v1/audit-log?limit=1").await.expect(200), audit);
    let known = bob.get("/api/v1/me").await.expect(200);
    assert_eq!((&known["userid"], &known["id"]), (&json!("lisi"), &before));
    let found = app.admin.get(&format!("{BINDINGS}?userid=zhangsan")).await.expect(200)["items"][0].clone();
    assert_eq!((&found["name"], &found["bound_by"]), (&json!("张三"), &json!("import")));
    let persons = app.admin.get("/api/v1/persons").await.expect(200).to_string();
    assert!(persons.contains("***8000") && persons.contains("***8001") && persons.contains("wangwu"));
    let changed = file.replace(&openid(1), &openid(2)).replace("13800138001", "13800138002");
    assert_eq!(numbers(&import(&app, "", changed).await.expect(200)), (0, 2, 1));
    assert_eq!(openids(&app, "zhangsan").await, [openid(2)], "the file says which one is the user's");
    let log = app.admin.get("/api/v1/audit-log?limit=200").await.expect(200).to_string();
    assert!(log.contains("binding.import") && log.contains("***8002") && !log.contains("13800138002"));
});

both!(a_file_moves_openids_in_whatever_order, |app| {
    let file = |first: usize, second: usize| format!("userid,openid\na,{}\nb,{}\n", openid(first), openid(second));
    import(&app, "", file(1, 2)).await.expect(200);
    assert_eq!(numbers(&import(&app, "", file(2, 1)).await.expect(200)), (0, 2, 0));
    assert_eq!((openids(&app, "a").await, openids(&app, "b").await), (vec![openid(2)], vec![openid(1)]));
    let taken = format!("userid,openid\nc,{}\n", openid(1));
    let problem = import(&app, "", taken).await.problem(422, "invalid_rows");
    assert_eq!(errors(&problem), [(2, "openid".to_owned(), "binding_conflict".to_owned())]);
});

both!(every_bad_row_is_reported_at_once_and_nothing_is_taken, |app| {
    with_channel(&app).await;
    send_ok(&app, json!([{ "userid": "old", "set": { CHANNEL: openid(9) } }])).await;
    app.login("alice").await;
    let alice = app.login("alice").await;
    let phone = app.sim.encrypt_phone(APPID, "alice", "13800138000").unwrap();
    alice.post("/api/v1/decrypt", &phone).await.expect(200);
    let [one, two, three, nine] = [openid(1), openid(2), openid(3), openid(9)];
    let file = format!(
        "userid,{CHANNEL},name,phone\n,{one},,\na,short,,123\nb,{two},,13800138000\na,{three},,13900139000\nc,{two},,\nd,{nine},,13900139000\ngood,{},,\n{},,{},\n",
        openid(4),
        "x".repeat(65),
        "字".repeat(101),
    );
    let problem = import(&app, "", file.clone()).await.problem(422, "invalid_rows");
    let expected = [
        (2, "userid", "required"),
        (3, "phone", "format"),
        (3, CHANNEL, "format"),
        (4, "phone", "duplicate"),
        (5, "userid", "duplicate"),
        (6, CHANNEL, "duplicate"),
        (7, "phone", "duplicate"),
        (7, CHANNEL, "binding_conflict"),
        (9, "userid", "length"),
        (9, "name", "length"),
    ];
    let expected = expected.map(|(line, column, code)| (line, column.to_owned(), code.to_owned()));
    assert_eq!(errors(&problem), expected);
    assert_eq!(app.admin.get(BINDINGS).await.expect(200)["items"].as_array().unwrap().len(), 1);
    let dry = import(&app, "?dry_run=true", file).await.expect(200);
    assert_eq!((numbers(&dry), errors(&dry).len()), ((1, 0, 0), expected.len()));
    // The number is alice's, and the openid makes her the user: no conflict.
    let hers = format!("userid,{CHANNEL},phone\nalice,{},13800138000\n", app.sim.openid(APPID, "alice"));
    assert_eq!(numbers(&import(&app, "", hers).await.expect(200)), (1, 0, 0));
    assert_eq!(alice.get("/api/v1/me").await.expect(200)["userid"], "alice");
});

both!(xlsx_is_read_with_columns_of_several_channels, |app| {
    with_channel(&app).await;
    connect_with(&app, OFFICIAL, json!({ "channel_code": "wechatoa1" })).await.expect(201);
    app.sim.follow(OFFICIAL, "alice").unwrap();
    let file = |official: &str| {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (column, name) in ["User ID", "wechatmp_openid", "wechatoa1"].into_iter().enumerate() {
            sheet.write(0, u16::try_from(column).unwrap(), name).unwrap();
        }
        sheet.write(1, 0, 20260001).unwrap();
        sheet.write(1, 1, openid(1)).unwrap();
        sheet.write(1, 2, official).unwrap();
        workbook.save_to_buffer().unwrap()
    };
    let problem = import(&app, "", file(&app.sim.openid(APPID, "alice"))).await.problem(422, "invalid_rows");
    assert_eq!(errors(&problem), [(2, "wechatoa1".to_owned(), "openid_refused".to_owned())]);
    let good = app.sim.openid(OFFICIAL, "alice");
    assert_eq!(numbers(&import(&app, "", file(&good)).await.expect(200)), (1, 0, 0));
    assert_eq!(numbers(&import(&app, "", file(&good)).await.expect(200)), (0, 0, 1));
    let found = app.admin.get(&format!("{BINDINGS}?channel=wechatoa1&openid={good}")).await.expect(200);
    assert_eq!(found["items"][0]["userid"], "20260001");
});

both!(it_must_be_clear_whose_openids_they_are, |app| {
    with_channel(&app).await;
    let second = "wx00000000000000d4";
    app.sim.add_app(wechat_sim::App::mini_program(second, APP_SECRET));
    let body = json!({ "kind": "mini_program", "appid": second, "secret": APP_SECRET, "channel_code": "second" });
    app.admin.post("/api/v1/accounts", &body).await.expect(201);
    let file = format!("userid,wechatmp_openid\na,{}\n", openid(1));
    let problem = import(&app, "", file.clone()).await.problem(422, "invalid_field");
    assert_eq!(problem["errors"][0]["field"], "channel");
    import(&app, "?channel=nowhere", file.clone()).await.problem(422, "invalid_field");
    import(&app, "?channel=second", file).await.expect(200);
    assert_eq!(app.admin.get(BINDINGS).await.expect(200)["items"][0]["channel"], "second");
    for wrong in ["", "openid\nx\n", "userid,nowhere\na,b\n", "userid,second,openid\na,,\n", "PK\u{3}\u{4}"] {
        import(&app, "?channel=second", wrong).await.problem(400, "malformed_body");
    }
    import(&app, "?channel=second", vec![b'x'; 10 * 1024 * 1024 + 1]).await.problem(413, "body_too_large");
    let rows: String = (0..20_001).map(|n| format!("u{n},\n")).collect();
    import(&app, "?channel=second", format!("userid,openid\n{rows}")).await.problem(413, "body_too_large");
});

both!(a_large_file_is_taken_and_the_export_has_all_of_it, |app| {
    with_channel(&app).await;
    let rows: String = (0..2500).map(|n| format!("user-{n},{},138{n:08}\n", openid(n))).collect();
    let file = format!("userid,openid,phone\n{rows}");
    assert_eq!(numbers(&import(&app, "", file.clone()).await.expect(200)), (2500, 0, 0));
    assert_eq!(numbers(&import(&app, "", file).await.expect(200)), (0, 0, 2500));
    let users: String = (2500..2600).map(|n| format!("user-{n}\n")).collect();
    assert_eq!(numbers(&import(&app, "", format!("userid\n{users}")).await.expect(200)), (100, 0, 0));
    let theirs: String = (2500..2600).map(|n| format!("user-{n},{}\n", openid(n))).collect();
    assert_eq!(numbers(&import(&app, "", format!("userid,openid\n{theirs}")).await.expect(200)), (0, 100, 0));
    let exported = export(&app).await;
    assert_eq!(exported[0], ["userid", "channel", "openid", "bound_at"]);
    assert_eq!(exported.len(), 2601);
    for (n, row) in exported[1..].iter().enumerate() {
        assert_eq!(row[..3], [format!("user-{n}"), CHANNEL.to_owned(), openid(n)]);
        assert!(paifang_core::time::parse_rfc3339(&row[3]).is_some());
    }
    let harmful = json!([{ "userid": "=1+1", "set": { CHANNEL: openid(3000) } }, { "userid": "a\"b,c", "set": { CHANNEL: openid(3001) } }]);
    send_ok(&app, harmful).await;
    let text = app.admin.get(&format!("{BINDINGS}/export")).await.expect(200).as_str().unwrap().to_owned();
    assert!(text.contains("\r\n'=1+1,") && text.contains("\r\n\"a\"\"b,c\","));
    let foreign = app.foreign_admin.get(&format!("{BINDINGS}/export")).await.expect(200);
    assert_eq!(foreign, "userid,channel,openid,bound_at\r\n");
});
