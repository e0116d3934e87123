//! `pgbench` with the statements of a check-in, and the count of statements that the server really sent.

use paifang_tests::Stores;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use std::process::Command;

/// The statements of one check-in, as the server sends them; pgbench draws the ticket.
const SCRIPT: &str = r"\set n random(1, 12000)
SELECT l.settings, e.id, e.tag, e.starts_at, e.ends_at, e.offsets, k.number, k.public_key, c.request_hash, c.answer, c.annulled_at FROM check_in_lists l JOIN events e ON e.id = l.event_id JOIN event_keys k ON k.event_id = e.id LEFT JOIN check_ins c ON c.organization_id = l.organization_id AND c.nonce = 'bench' WHERE l.organization_id = 'o' AND l.id = 'l' ORDER BY k.number;
BEGIN;
UPDATE tickets SET last_scanned_at = 1 WHERE organization_id = 'o' AND event_id = 'e' AND id = lpad(CAST(:n AS TEXT), 36, '0') RETURNING id, event_id, product_id, (SELECT p.name FROM products p WHERE p.id = tickets.product_id), order_code, reference, position, attendee_name, phone, seat, status, needs_approval, valid_from, valid_until, code, short_code, person_id, claimed_at, last_scanned_at, created_at;
SELECT direction, scanned_at, gate, device_id FROM check_ins WHERE list_id = 'l' AND ticket_id = lpad(CAST(:n AS TEXT), 36, '0') AND status = 'ok' AND annulled_at IS NULL ORDER BY scanned_at, id;
INSERT INTO check_ins (id, organization_id, event_id, list_id, ticket_id, nonce, request_hash, direction, status, force_sent, forced, device_id, actor_id, scanned_at, received_at, answer) VALUES (CAST(gen_random_uuid() AS TEXT), 'o', 'e', 'l', lpad(CAST(:n AS TEXT), 36, '0'), CAST(gen_random_uuid() AS TEXT), repeat('a', 64), 'entry', 'ok', FALSE, FALSE, 'bench', 'a', 1, 1, repeat('x', 300)) ON CONFLICT (organization_id, nonce) DO NOTHING;
COMMIT;
";

/// Rows as those of a real event, under ids that a script can compute.
const ROWS: &str = "
INSERT INTO organizations VALUES ('o', 'bench', 'bench', 'bench', 1);
INSERT INTO events VALUES ('e', 'o', 9, 'e', 1, 2, 'UTC', '[{\"from\":0,\"seconds\":28800}]', 1);
INSERT INTO event_keys VALUES ('e', 'o', 1, repeat('a', 64), repeat('b', 90), 1);
INSERT INTO products VALUES ('p', 'o', 'e', 1, 'p', 1);
INSERT INTO check_in_lists VALUES ('l', 'o', 'e', 'l', '{\"gates\":[]}', 1);
INSERT INTO tickets (id, organization_id, event_id, product_id, order_code, position, attendee_name, name_folded, status,
    code, short_code, created_at, updated_at)
    SELECT lpad(CAST(n AS TEXT), 36, '0'), 'o', 'e', 'p', 'D' || n, 1, 'x', 'x', 'valid', repeat('C', 141),
    lpad(CAST(n AS TEXT), 12, '0'), 1, 1 FROM generate_series(1, 12000) n;
ANALYZE;";

/// Statements that the database has run so far; none on SQLite.
pub async fn statements(stores: &Stores) -> Option<i64> {
    if !stores.database.starts_with("postgres") {
        return None;
    }
    let mut conn = PgConnection::connect(&stores.database).await.expect("PostgreSQL");
    conn.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").await.expect("pg_stat_statements");
    let sum = "SELECT CAST(COALESCE(SUM(calls), 0) AS BIGINT) FROM pg_stat_statements
        WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND query NOT LIKE '%pg_stat_statements%' AND query NOT LIKE '%jobs%'";
    Some(conn.fetch_one(sum).await.expect("a sum").get(0))
}

/// Runs it at 1, 8 and 64 clients and prints the rows.
pub async fn run(database: &str) {
    let mut conn = PgConnection::connect(database).await.expect("PostgreSQL");
    conn.execute(ROWS).await.expect("rows");
    script("pgbench, the same statements", SCRIPT, database, &[1, 8, 64], "6");
}

/// Rows of a table, with a condition.
pub async fn count(database: &str, from: &str) -> i64 {
    let mut conn = PgConnection::connect(database).await.expect("PostgreSQL");
    conn.fetch_one(AssertSqlSafe(format!("SELECT COUNT(*) FROM {from}"))).await.expect("a count").get(0)
}

/// Runs a script at each number of clients and prints the rows.
pub fn script(what: &str, script: &str, database: &str, clients: &[usize], statements: &str) {
    for clients in clients {
        measure(what, script, database, *clients, &[], statements);
    }
}

/// Runs a script with so many clients and these variables, and prints the row; answers the transactions per second.
pub fn measure(
    what: &str,
    script: &str,
    database: &str,
    clients: usize,
    variables: &[(&str, usize)],
    statements: &str,
) -> f64 {
    let file = std::env::temp_dir().join(format!("paifang-bench-{}.sql", std::process::id()));
    std::fs::write(&file, script).expect("the script");
    let output = Command::new("pgbench")
        .args(["-n", "-M", "prepared", "-j", "2", "-T", "6", "-c", &clients.to_string()])
        .args(variables.iter().map(|(name, value)| format!("-D{name}={value}")))
        .arg("-f")
        .arg(&file)
        .arg(database)
        .output()
        .expect("pgbench");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let after =
        |label: &str| text.lines().find_map(|line| line.strip_prefix(label)).map(str::trim).unwrap_or("?").to_owned();
    let per_second = after("tps = ").split(' ').next().and_then(|tps| tps.parse::<f64>().ok()).expect("tps");
    println!("| {what} | {clients} | {per_second:.0} | mean {} | | | {statements} |", after("latency average = "));
    per_second
}
