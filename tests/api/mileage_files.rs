//! The statement of a month: sums, and files that spreadsheets open.

use paifang_core::time::parse_rfc3339;
use paifang_server::people::Role;
use paifang_server::sheets;
use paifang_tests::field::{SITE, fix, person_id};
use paifang_tests::{Actor, both_at};
use reqwest::Method;
use serde_json::json;

const MINUTE: i64 = 60_000;

async fn download(actor: &Actor, path: &str) -> (String, Vec<u8>) {
    let answer = actor.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let content_type = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(answer.headers()["content-disposition"].to_str().unwrap().contains("mileage-2026-11."));
    (content_type, answer.bytes().await.unwrap().to_vec())
}

both_at!("2026-11-22T05:00:00Z", a_month_is_stated, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let supervisor = app.login_as("supervisor", Role::Supervisor).await;
    let noon = parse_rfc3339("2026-11-20T04:00:00Z").unwrap();
    let mut days = Vec::new();
    // Two days of 1446 m and one of 2891 m; the first and the last are approved.
    for (day, steps) in [(0, 1.0), (1, 1.0), (2, 2.0)] {
        let at = noon + day * 1440 * MINUTE;
        let start = json!({ "fix": fix((SITE.0 + 0.01 * steps, SITE.1), at), "address": "=HYPERLINK(\"x\")" });
        app.day_point(&engineer, "start", at - 2 * MINUTE, start).await.expect(201);
        let end = json!({ "fix": fix(SITE, at), "address": "公司，二楼" });
        days.push(app.day_point(&engineer, "end", at - MINUTE, end).await.expect(201));
    }
    let leg = format!("/api/v1/mileage-legs/{}", days[1]["legs"][0]["id"].as_str().unwrap());
    let edit = json!({ "version": 1, "method": "manual", "meters": 1446, "reason": "=1+1" });
    engineer.patch(&leg, &edit).await.expect(200);
    let who = person_id(&engineer).await;
    for day in [&days[0], &days[2]] {
        let path = format!("/api/v1/mileage-days/{who}/{}", day["day"].as_str().unwrap());
        engineer.post(&format!("{path}/submit"), &json!({})).await.expect(200);
        supervisor.post(&format!("{path}/decision"), &json!({ "decision": "approve" })).await.expect(200);
    }
    let path = "/api/v1/mileage-statements/me/2026-11";
    let statement = engineer.get(path).await.expect(200);
    assert_eq!((&statement["total_meters"], &statement["approved_meters"]), (&json!(5783), &json!(4337)));
    assert_eq!((&statement["days_open"], &statement["complete"]), (&json!(1), &json!(true)));
    assert_eq!(statement["days"].as_array().unwrap().len(), 3);
    assert_eq!(supervisor.get(&format!("/api/v1/mileage-statements/{who}/2026-11")).await.expect(200), statement);

    let (content_type, bytes) = download(&engineer, &format!("{path}?format=csv")).await;
    assert_eq!(content_type, "text/csv; charset=utf-8");
    assert!(bytes.starts_with(b"\xef\xbb\xbf"));
    let csv = sheets::read(&bytes).unwrap();
    assert_eq!(&csv.header[..2], ["日期", "状态"]);
    assert_eq!(csv.rows.len(), 5);
    let first = &csv.rows[0].1;
    let start = "出发 =HYPERLINK(\"x\")";
    assert_eq!(&first[..6], ["2026-11-20", "已审批", "2026-11-20 11:58", start, "2026-11-20 11:59", "收工 公司，二楼"]);
    assert_eq!((&first[6], &first[10]), (&"直线估算".to_owned(), &"1.446".to_owned()));
    let sums: Vec<_> = csv.rows[3..].iter().map(|(_, cells)| (cells[0].as_str(), cells[10].as_str())).collect();
    assert_eq!(sums, [("合计", "5.783"), ("其中已审批", "4.337")]);
    assert_eq!((csv.rows[1].1[6].as_str(), csv.rows[1].1[11].as_str()), ("手工填写", "'=1+1"), "no cell is a formula");

    let (content_type, bytes) =
        download(&supervisor, &format!("/api/v1/mileage-statements/{who}/2026-11?format=xlsx")).await;
    assert!(content_type.contains("spreadsheetml"));
    let xlsx = sheets::read(&bytes).unwrap();
    assert_eq!(xlsx.header, csv.header);
    let cells: Vec<_> = xlsx.rows.iter().map(|(_, cells)| cells[10].as_str()).collect();
    assert_eq!(cells, ["1.446", "1.446", "2.891", "5.783", "4.337"]);
    assert_eq!((&xlsx.rows[0].1[3], xlsx.rows[1].1[11].as_str()), (&start.to_owned(), "=1+1"), "words stay words");

    engineer.get(&format!("{path}?format=pdf")).await.problem(422, "invalid_field");
    engineer.get("/api/v1/mileage-statements/me/2026-13").await.problem(404, "not_found");
    let other = app.login_as("other", Role::Engineer).await;
    other.get(&format!("/api/v1/mileage-statements/{who}/2026-11")).await.problem(404, "not_found");
    app.foreign_admin.get(&format!("/api/v1/mileage-statements/{who}/2026-11")).await.problem(404, "not_found");
    let empty = other.get(path).await.expect(200);
    assert_eq!((&empty["total_meters"], &empty["days"]), (&json!(0), &json!([])));
});
