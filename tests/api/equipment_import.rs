//! Import of units.

use paifang_tests::{Actor, Answer, TestApp, both};
use reqwest::Method;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

const HEADER: &str = "serial_number,model,customer,site,address,latitude,longitude,datum,warranty_until";

async fn send(app: &TestApp, options: &str, file: impl Into<Vec<u8>>) -> Answer {
    let path = format!("/api/v1/equipment/import{options}");
    Actor::send(app.admin.request(Method::POST, &path).header("content-type", "text/csv").body(file.into())).await
}

async fn units(app: &TestApp) -> Vec<Value> {
    app.admin.get("/api/v1/equipment?limit=200").await.expect(200)["items"].as_array().unwrap().clone()
}

fn numbers(report: &Value) -> (u64, u64, u64) {
    let number = |name: &str| report[name].as_u64().unwrap();
    (number("created"), number("updated"), number("unchanged"))
}

both!(the_same_file_twice_changes_nothing, |app| {
    let file = format!(
        "\u{feff}{HEADER}\r\nA-1,LS-300,东方物业,机房,世纪大道 1 号,31.1774276,121.5272106,WGS-84,2027/1/31\r\n\
         A-2,LS-300,东方物业,,,31.2,121.5,,\r\nA-3,\"泵, 大\",,,,39.915,116.404,bd09,\r\n"
    );
    let dry = send(&app, "?dry_run=true", file.clone()).await.expect(200);
    assert_eq!((numbers(&dry), &dry["dry_run"], units(&app).await.len()), ((3, 0, 0), &json!(true), 0));
    assert_eq!(app.admin.get("/api/v1/customers").await.expect(200)["items"], json!([]));
    assert_eq!(numbers(&send(&app, "", file.clone()).await.expect(200)), (3, 0, 0));
    let before = units(&app).await;
    // Published pairs: github.com/googollee/eviltransform (WGS-84), github.com/wandergis/coordtransform (BD-09).
    assert_eq!(before[0]["position"], json!({ "latitude": 31.175304, "longitude": 121.531542 }));
    assert_eq!(before[1]["position"], json!({ "latitude": 31.2, "longitude": 121.5 }));
    assert_eq!(before[2]["position"], json!({ "latitude": 39.908657, "longitude": 116.397627 }));
    assert_eq!((&before[0]["warranty_until"], &before[2]["model"]), (&json!("2027-01-31"), &json!("泵, 大")));
    assert_eq!(before[0]["customer"], before[1]["customer"], "one customer, made once");
    assert_eq!(numbers(&send(&app, "", file.clone()).await.expect(200)), (0, 0, 3));
    assert_eq!(units(&app).await, before);
    let change = "serial_number,model,customer\na-1,,\nA-2,LS-400,西方物业\n";
    assert_eq!(numbers(&send(&app, "?dry_run=true", change).await.expect(200)), (0, 1, 1));
    assert_eq!(numbers(&send(&app, "", change).await.expect(200)), (0, 1, 1));
    let after = units(&app).await;
    assert_eq!((&after[0], &after[2]), (&before[0], &before[2]), "empty cells say nothing");
    assert_eq!((&after[1]["model"], &after[1]["customer"]["name"]), (&json!("LS-400"), &json!("西方物业")));
    assert_eq!((&after[1]["code"], &after[1]["position"]), (&before[1]["code"], &before[1]["position"]));
    assert_eq!(app.foreign_admin.get("/api/v1/equipment").await.expect(200)["items"], json!([]));
});

both!(every_bad_row_is_reported_at_once_and_nothing_is_taken, |app| {
    app.unit(json!({ "serial_number": "K-1" })).await;
    let file = format!(
        "{HEADER}\nB-1,,,,,,,,\n,LS,,,,,,,\nB-3,LS,,,,91,121,,\nB-4,LS,,,,31,,,\nB-5,LS,,,,north,121,,\n\
         B-6,LS,,,,31,121,nad27,\nB-7,LS,,,,,,,soon\nB-8,LS,新客户,,,,,,\nb- 8,LS,,,,,,,\nK-1,,,新地点,,,,,\n"
    );
    let problem = send(&app, "", file.clone()).await.problem(422, "invalid_rows");
    let found = |errors: &Value| {
        let one = |e: &Value| (e["line"].as_u64().unwrap(), e["column"].to_string(), e["code"].to_string());
        errors.as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    let expected = [
        (2, "model", "required"),
        (3, "serial_number", "required"),
        (4, "latitude", "range"),
        (5, "longitude", "required"),
        (6, "latitude", "format"),
        (7, "datum", "unknown"),
        (8, "warranty_until", "format"),
        (10, "serial_number", "duplicate"),
    ];
    let expected = expected.map(|(line, column, code)| (line, format!("{column:?}"), format!("{code:?}")));
    assert_eq!(found(&problem["errors"]), expected);
    assert_eq!(units(&app).await.len(), 1);
    assert_eq!(app.admin.get("/api/v1/customers").await.expect(200)["items"], json!([]));
    let dry = send(&app, "?dry_run=true", file).await.expect(200);
    assert_eq!((numbers(&dry), found(&dry["errors"])), ((1, 1, 0), expected.to_vec()));
    let half = "serial_number,model,latitude\nB-9,LS,31\n";
    let problem = send(&app, "", half).await.problem(422, "invalid_rows");
    assert_eq!(problem["errors"][0]["column"], "latitude");
    let headless = "serial_number\nB-9\n";
    assert_eq!(send(&app, "", headless).await.problem(422, "invalid_rows")["errors"][0]["column"], "serial_number");
});

both!(workbooks_chinese_headers_and_gb18030_are_read, |app| {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in ["序列号", "型号", "纬度", "经度", "质保到期"].iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), *name).unwrap();
    }
    sheet.write(1, 0, 20_260_001).unwrap();
    sheet.write(1, 1, "冷水机组").unwrap();
    sheet.write(1, 2, 31.25).unwrap();
    sheet.write(1, 3, 121).unwrap();
    let day = ExcelDateTime::from_ymd(2027, 1, 31).unwrap();
    sheet.write_with_format(1, 4, &day, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
    assert_eq!(numbers(&send(&app, "", workbook.save_to_buffer().unwrap()).await.expect(200)), (1, 0, 0));
    let unit = units(&app).await[0].clone();
    assert_eq!((&unit["serial_number"], &unit["warranty_until"]), (&json!("20260001"), &json!("2027-01-31")));
    assert_eq!(unit["position"], json!({ "latitude": 31.25, "longitude": 121.0 }));
    let (file, _, _) = encoding_rs::GB18030.encode("序列号,型号,客户名称\nG-1,水泵,东方物业\n");
    assert_eq!(numbers(&send(&app, "", file.into_owned()).await.expect(200)), (1, 0, 0));
    for file in [&b""[..], b"a,b\n1,2\n", b"model\nx\n", b"PK\x03\x04 broken"] {
        send(&app, "", file).await.problem(400, "malformed_body");
    }
    send(&app, "?dry_run=yes", "x").await.problem(400, "malformed_parameter");
});

both!(a_workbook_that_would_fill_memory_is_refused, |app| {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, column, text) in [(0, 0, "serial_number"), (0, 1, "model"), (1_048_575, 16_383, "x")] {
        sheet.write(row, column, text).unwrap();
    }
    let far = workbook.save_to_buffer().unwrap();
    let wide = format!("serial_number,model\nW-1,LS{}x\n", ",".repeat(1_000_000)).into_bytes();
    for file in [far, wide] {
        for options in ["", "?dry_run=true"] {
            send(&app, options, file.clone()).await.problem(400, "malformed_body");
        }
    }
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, column, text) in [(4, 2, "serial_number"), (4, 3, "model"), (1_048_575, 2, "F-1"), (1_048_575, 3, "LS")] {
        sheet.write(row, column, text).unwrap();
    }
    assert_eq!(numbers(&send(&app, "", workbook.save_to_buffer().unwrap()).await.expect(200)), (1, 0, 0));
    assert_eq!(units(&app).await.len(), 1);
});

both!(a_long_file_is_written_whole, |app| {
    let rows: String = (0..1201).map(|n| format!("L-{n},LS\n")).collect();
    let file = format!("serial_number,model\n{rows}");
    assert_eq!(numbers(&send(&app, "", file.clone()).await.expect(200)), (1201, 0, 0));
    assert_eq!(numbers(&send(&app, "", file).await.expect(200)), (0, 0, 1201));
    let log = app.admin.get("/api/v1/audit-log?limit=1").await.expect(200);
    assert_eq!(
        (&log["items"][0]["action"], &log["items"][0]["after"]["created"]),
        (&json!("equipment.import"), &json!(1201))
    );
});
