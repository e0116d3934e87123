//! Rotation of the master key.

use paifang_server::accounts;
use paifang_server::app::App;
use paifang_server::clock::Clock;
use paifang_server::config::Config;
use paifang_server::master_key::{PLACES, Rotation, rotate};
use paifang_server::storage::MIGRATOR;
use paifang_tests::{APP_SECRET, APPID, Stack, Stores};
use secrecy::ExposeSecret;

const OLD: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const NEW: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

/// A server's parts under these keys; none: the key of a development server, in its folder.
async fn parts(stores: &Stores, key: Option<&str>, previous: Option<&str>) -> App {
    let config = Config::from_lookup(|name| match name {
        "DATABASE_URL" => Some(stores.database.clone()),
        "REDIS_URL" => stores.redis.clone(),
        "PAIFANG_DATA_DIR" => Some(stores.folder.display().to_string()),
        "PAIFANG_MASTER_KEY" => key.map(str::to_owned),
        "PAIFANG_MASTER_KEY_PREVIOUS" => previous.map(str::to_owned),
        _ => None,
    });
    App::build(config.unwrap(), Clock::system()).await.unwrap()
}

/// The AppSecret of the demo's account, as these parts open it.
async fn open(app: &App) -> Option<String> {
    let account = paifang_tests::find_account(app, APPID).await;
    accounts::secret(app, &account).ok().map(|secret| secret.expose_secret().to_owned())
}

async fn rotated(stack: Stack) {
    let stores = stack.make().await;
    let before = parts(&stores, Some(OLD), None).await;
    paifang_tests::add_mini_program(&before).await;
    assert_eq!(open(&before).await.as_deref(), Some(APP_SECRET));
    // Between the two keys every process opens what either sealed.
    let between = parts(&stores, Some(NEW), Some(OLD)).await;
    assert_eq!(open(&between).await.as_deref(), Some(APP_SECRET));
    assert_eq!(rotate(&between).await.unwrap(), Rotation { resealed: 1, kept: 0 });
    assert_eq!(rotate(&between).await.unwrap(), Rotation { resealed: 0, kept: 1 });
    assert_eq!(open(&parts(&stores, Some(NEW), None).await).await.as_deref(), Some(APP_SECRET));
    assert_eq!(open(&before).await, None, "the old key alone opens nothing any more");
}

#[tokio::test]
async fn a_new_master_key_takes_over_on_sqlite() {
    rotated(Stack::Sqlite).await;
}

#[tokio::test]
async fn a_new_master_key_takes_over_on_postgres() {
    rotated(Stack::Postgres).await;
}

#[tokio::test]
async fn a_development_server_gets_a_new_key_in_its_folder() {
    let stores = Stack::Sqlite.make().await;
    let before = parts(&stores, None, None).await;
    paifang_tests::add_mini_program(&before).await;
    let file = stores.folder.join("master.key");
    let old = std::fs::read_to_string(&file).unwrap();
    assert_eq!(rotate(&before).await.unwrap(), Rotation { resealed: 1, kept: 0 });
    let new = std::fs::read_to_string(&file).unwrap();
    assert!(new != old && new.lines().count() == 1);
    assert_eq!(open(&parts(&stores, None, None).await).await.as_deref(), Some(APP_SECRET));
}

/// A column of sealed secrets that a rotation forgets would be lost with the old key.
#[test]
fn every_sealed_column_is_rotated() {
    let mut sealed = Vec::new();
    for migration in MIGRATOR.iter() {
        let mut table = "";
        for line in migration.sql.as_str().lines() {
            let words: Vec<_> = line.split_whitespace().collect();
            if let ["CREATE" | "ALTER", "TABLE", name, ..] = words[..] {
                table = name;
            }
            let column = words.iter().find(|word| word.ends_with("_sealed"));
            sealed.extend(column.map(|column| format!("{table}.{}", column.trim_end_matches("_sealed"))));
        }
    }
    let mut places: Vec<_> = PLACES.iter().map(|place| place.name.to_owned()).collect();
    sealed.sort();
    places.sort();
    assert_eq!(sealed, places);
}
