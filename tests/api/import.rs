//! Import of attendee lists.

use paifang_tests::{Actor, Answer, TestApp, both};
use reqwest::Method;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

const HEADER: &str = "order_code,product,attendee_name,phone,reference,seat,valid_from,valid_until";

async fn send(app: &TestApp, event: &Value, options: &str, file: impl Into<Vec<u8>>) -> Answer {
    let path = format!("/api/v1/events/{}/tickets/import{options}", event["event"].as_str().unwrap());
    Actor::send(app.admin.request(Method::POST, &path).header("content-type", "text/csv").body(file.into())).await
}

async fn count(app: &TestApp, event: &Value) -> usize {
    let path = format!("/api/v1/events/{}/tickets?limit=200", event["event"].as_str().unwrap());
    app.admin.get(&path).await.expect(200)["items"].as_array().unwrap().len()
}

fn numbers(report: &Value) -> (u64, u64, u64) {
    let number = |name: &str| report[name].as_u64().unwrap();
    (number("created"), number("updated"), number("unchanged"))
}

both!(the_same_file_twice_changes_nothing, |app| {
    let made = app.event().await;
    let file = format!(
        "\u{feff}{HEADER}\r\nD1,普通票,王小明,13800138000,,A1,,\r\nD1,普通票,李雷,,,,2026-05-01,2026-05-02\r\n\r\nD2,普通票,\"韩, 梅梅\",,R9,,,\r\n"
    );
    let dry = send(&app, &made, "?dry_run=true", file.clone()).await.expect(200);
    assert_eq!((numbers(&dry), count(&app, &made).await), ((3, 0, 0), 0));
    assert_eq!(numbers(&send(&app, &made, "", file.clone()).await.expect(200)), (3, 0, 0));
    let search = format!("/api/v1/events/{}/tickets", made["event"].as_str().unwrap());
    let before = app.admin.get(&search).await.expect(200);
    assert_eq!(numbers(&send(&app, &made, "", file.clone()).await.expect(200)), (0, 0, 3));
    assert_eq!(app.admin.get(&search).await.expect(200), before);
    let changed = file.replace("李雷", "李蕾").replace("R9,,", "R9,B2,");
    assert_eq!(numbers(&send(&app, &made, "", changed).await.expect(200)), (0, 2, 1));
    assert_eq!(count(&app, &made).await, 3);
    let valid = before["items"].as_array().unwrap().iter().find(|t| t["attendee_name"] == "李雷").unwrap();
    assert_eq!(valid["valid_from"], "2026-04-30T16:00:00Z", "midnight in Shanghai");
    assert_eq!(valid["valid_until"], "2026-05-02T15:59:59Z");
});

both!(every_bad_row_is_reported_at_once_and_nothing_is_taken, |app| {
    let made = app.event().await;
    let file = format!(
        "{HEADER}\nD1,普通票,王小明,123,,,,\n,普通票,李雷,,,,,\nD3,月票,韩梅梅,,,,soon,\nD4,普通票,好人,,R1,,,\nD5,普通票,坏人,,R1,,2026-05-02,2026-05-01\n"
    );
    let problem = send(&app, &made, "", file.clone()).await.problem(422, "invalid_rows");
    let errors: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            (
                e["line"].as_u64().unwrap(),
                e["column"].as_str().unwrap().to_owned(),
                e["code"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let expected = [
        (2, "phone", "format"),
        (3, "order_code", "required"),
        (4, "product", "unknown"),
        (4, "valid_from", "format"),
        (6, "valid_until", "range"),
        (6, "reference", "duplicate"),
    ];
    assert_eq!(errors, expected.map(|(line, column, code)| (line, column.to_owned(), code.to_owned())));
    assert_eq!(count(&app, &made).await, 0);
    let dry = send(&app, &made, "?dry_run=true", file.clone()).await.expect(200);
    assert_eq!(dry["errors"].as_array().unwrap().len(), 6);
    let partial = send(&app, &made, "?skip_bad_rows=true", file).await.expect(200);
    assert_eq!((numbers(&partial), count(&app, &made).await), ((1, 0, 0), 1));
});

both!(gb18030_and_chinese_headers_are_read, |app| {
    let made = app.event().await;
    let text = "订单号,票种,姓名,手机号\nD1,普通票,张三丰,13800138000\n";
    let (file, _, _) = encoding(text);
    assert!(std::str::from_utf8(&file).is_err());
    assert_eq!(numbers(&send(&app, &made, "", file).await.expect(200)), (1, 0, 0));
    let tickets =
        app.admin.get(&format!("/api/v1/events/{}/tickets", made["event"].as_str().unwrap())).await.expect(200);
    assert_eq!(tickets["items"][0]["attendee_name"], "张三丰");
});

fn encoding(text: &str) -> (Vec<u8>, (), ()) {
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    (bytes.into_owned(), (), ())
}

both!(xlsx_is_read_with_numbers_and_dates, |app| {
    let made = app.event().await;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in HEADER.split(',').enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), name).unwrap();
    }
    sheet.write(1, 0, 20260001).unwrap();
    sheet.write(1, 1, "普通票").unwrap();
    sheet.write(1, 2, "王小明").unwrap();
    sheet.write(1, 3, 13_800_138_000_u64).unwrap();
    let at = ExcelDateTime::from_ymd(2026, 5, 1).unwrap().and_hms(18, 30, 0).unwrap();
    sheet.write_with_format(1, 6, &at, &Format::new().set_num_format("yyyy-mm-dd hh:mm")).unwrap();
    sheet.write(3, 0, "D9").unwrap();
    let file = workbook.save_to_buffer().unwrap();
    let problem = send(&app, &made, "", file.clone()).await.problem(422, "invalid_rows");
    assert_eq!(problem["errors"][0]["line"], 4);
    assert_eq!(numbers(&send(&app, &made, "?skip_bad_rows=true", file).await.expect(200)), (1, 0, 0));
    let tickets =
        app.admin.get(&format!("/api/v1/events/{}/tickets", made["event"].as_str().unwrap())).await.expect(200);
    let ticket = &tickets["items"][0];
    assert_eq!((&ticket["order_code"], &ticket["phone"]), (&json!("20260001"), &json!("+8613800138000")));
    assert_eq!(ticket["valid_from"], "2026-05-01T10:30:00Z");
});

both!(files_that_are_none_are_refused, |app| {
    let made = app.event().await;
    for file in [
        &b""[..],
        b"\n\n",
        b"a,b,c\n1,2,3\n",
        b"order_code,product\nD1,x\n",
        b"PK\x03\x04 broken",
        b"\xff\xfe\x00\x81\x00",
    ] {
        send(&app, &made, "", file).await.problem(400, "malformed_body");
    }
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write(0, 0, "order_code").unwrap().write(1_048_575, 16_383, "x").unwrap();
    let far = workbook.save_to_buffer().unwrap();
    for options in ["", "?dry_run=true", "?skip_bad_rows=true"] {
        send(&app, &made, options, far.clone()).await.problem(400, "malformed_body");
    }
    let path = format!("/api/v1/events/{}/tickets/import", made["event"].as_str().unwrap());
    Actor::send(app.foreign_admin.request(Method::POST, &path).body(far)).await.problem(404, "not_found");
    send(&app, &made, "", vec![b'x'; 10 * 1024 * 1024 + 1]).await.problem(413, "body_too_large");
    let rows: String = (0..20_001).map(|n| format!("D{n},普通票,x\n")).collect();
    send(&app, &made, "", format!("order_code,product,attendee_name\n{rows}")).await.problem(413, "body_too_large");
    assert_eq!(count(&app, &made).await, 0);
});

both!(a_new_reference_in_a_known_place_is_another_ticket, |app| {
    let made = app.event().await;
    let file = |reference: &str| format!("order_code,product,attendee_name,reference\nD1,普通票,x,{reference}\n");
    send(&app, &made, "", file("R1")).await.expect(200);
    send(&app, &made, "", file("R2")).await.expect(200);
    assert_eq!(numbers(&send(&app, &made, "", file("R1")).await.expect(200)), (0, 0, 1));
    assert_eq!(count(&app, &made).await, 2);
});
