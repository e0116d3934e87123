//! The configuration: one typed structure from an optional TOML file and the environment. Every wrong value is
//! named in one message; secrets are not shown.

pub(crate) mod development_key;
mod media;

pub use media::{Bucket, MediaLocation};

use crate::seal::Sealer;
use anyhow::{Context, bail};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// WeChat's own address.
pub const WECHAT_API: &str = "https://api.weixin.qq.com";

/// Where the database is.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL address; it may carry a password.
    Postgres(SecretString),
}

/// Everything that an operator can set.
#[derive(Debug)]
pub struct Config {
    /// `PAIFANG_BIND`: address and port to listen on; default `127.0.0.1:8080`.
    pub bind: SocketAddr,
    /// `PAIFANG_DATA_DIR`: folder of the SQLite file and the development master key; default `.data`.
    pub data_dir: PathBuf,
    /// `DATABASE_URL`: `postgres://…` or `sqlite:path`; default a SQLite file in the data folder.
    pub database: DatabaseUrl,
    /// `REDIS_URL`: sessions, locks and rate limits of several processes; absent: in this process.
    pub redis: Option<SecretString>,
    /// `PAIFANG_MEDIA_URL`: where photos and videos are kept, `file:folder` or `s3://bucket/prefix`; default the folder
    /// `media` in the data folder.
    pub media: MediaLocation,
    /// `PAIFANG_PUBLIC_URL`: this server as phones see it, without a slash at its end; QR codes lead there. Default
    /// `http://` and the address to listen on.
    pub public_url: String,
    /// `PAIFANG_WECHAT_API_BASE`: default the real service.
    pub wechat_api_base: String,
    /// `PAIFANG_MASTER_KEY`: 32 bytes in base64 that seal secrets at rest; required in production, else generated
    /// into the data folder.
    pub master_key: Option<SecretBox<[u8; 32]>>,
    /// `PAIFANG_MASTER_KEY_PREVIOUS`: older master keys, with commas between, that still open what they sealed.
    pub previous_master_keys: Vec<SecretBox<[u8; 32]>>,
    /// `PAIFANG_OPEN_PLATFORM_ACCOUNTS`: official accounts of one organization on one open platform account; default
    /// 5, as WeChat allows.
    pub open_platform_accounts: usize,
    /// `PAIFANG_TOKEN_PROVIDERS`: addresses of token servers that accounts may name, with commas between, each as
    /// `https://tokens.example.com/`; default none.
    pub token_providers: Vec<String>,
    /// `PAIFANG_ENV`: `production` or `development` (default).
    pub production: bool,
    /// `PAIFANG_RATE_LIMITS`: `on` (default) or `off`.
    pub rate_limits: bool,
    /// `PAIFANG_TRUST_PROXY`: `on` when a proxy in front sets `X-Forwarded-For`; default `off`.
    pub trust_proxy: bool,
    /// `PAIFANG_LOG_FORMAT`: `text` (default) or `json`.
    pub log_json: bool,
    /// `PAIFANG_WORKERS`: HTTP worker threads; default the number of cores.
    pub workers: usize,
}

impl Config {
    /// Reads the file named by `PAIFANG_CONFIG` (TOML, keys as the variables in lower case) where there is one, and
    /// the environment over it.
    pub fn load() -> anyhow::Result<Self> {
        let mut builder = config::Config::builder();
        if let Ok(path) = std::env::var("PAIFANG_CONFIG") {
            builder = builder.add_source(config::File::from(PathBuf::from(path)).format(config::FileFormat::Toml));
        }
        let source = builder.add_source(config::Environment::default()).build().context("the configuration")?;
        Self::from_lookup(|name| source.get_string(&name.to_lowercase()).ok())
    }

    /// Builds the configuration from a look-up by variable name; names every wrong value at once.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> anyhow::Result<Self> {
        let mut reader = Reader { lookup, mistakes: Vec::new() };
        let data_dir = PathBuf::from(reader.text("PAIFANG_DATA_DIR").unwrap_or_else(|| ".data".to_owned()));
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let production = reader.choice("PAIFANG_ENV", ["development", "production"]) == "production";
        let bind = reader.bind();
        let config = Self {
            bind,
            public_url: reader.http_base("PAIFANG_PUBLIC_URL", &format!("http://{bind}")),
            database: reader.database(&data_dir),
            redis: reader.redis(),
            media: reader.media(&data_dir),
            wechat_api_base: reader.http_base("PAIFANG_WECHAT_API_BASE", WECHAT_API),
            master_key: reader.master_key(production),
            previous_master_keys: reader.previous_master_keys(),
            open_platform_accounts: reader.number("PAIFANG_OPEN_PLATFORM_ACCOUNTS", 5, 1..=1000),
            token_providers: reader.token_providers(),
            production,
            rate_limits: reader.choice("PAIFANG_RATE_LIMITS", ["on", "off"]) == "on",
            trust_proxy: reader.choice("PAIFANG_TRUST_PROXY", ["off", "on"]) == "on",
            log_json: reader.choice("PAIFANG_LOG_FORMAT", ["text", "json"]) == "json",
            workers: reader.number("PAIFANG_WORKERS", cores, 1..=256),
            data_dir,
        };
        if !reader.mistakes.is_empty() {
            bail!("the configuration is wrong:\n  {}", reader.mistakes.join("\n  "));
        }
        Ok(config)
    }

    /// What seals secrets at rest. In development a master key is made on first use and kept in the data folder, with
    /// those before it.
    pub fn sealer(&self) -> anyhow::Result<Sealer> {
        let mut older: Vec<_> = self.previous_master_keys.iter().map(|key| *key.expose_secret()).collect();
        if let Some(key) = &self.master_key {
            return Ok(Sealer::with_older(*key.expose_secret(), older));
        }
        let (newest, before) = development_key::load(&self.data_dir)?;
        older.extend(before);
        Ok(Sealer::with_older(newest, older))
    }
}

struct Reader<L> {
    lookup: L,
    mistakes: Vec<String>,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    fn text(&self, name: &str) -> Option<String> {
        (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn wrong(&mut self, name: &str, expected: &str) {
        self.mistakes.push(format!("{name} must be {expected}"));
    }

    fn bind(&mut self) -> SocketAddr {
        let default = SocketAddr::from(([127, 0, 0, 1], 8080));
        let Some(text) = self.text("PAIFANG_BIND") else { return default };
        text.parse().unwrap_or_else(|_| {
            self.wrong("PAIFANG_BIND", "an address as 127.0.0.1:8080");
            default
        })
    }

    /// The first choice is the default.
    fn choice(&mut self, name: &str, choices: [&'static str; 2]) -> &'static str {
        let [default, _] = choices;
        let Some(value) = self.text(name) else { return default };
        choices.into_iter().find(|choice| *choice == value).unwrap_or_else(|| {
            self.wrong(name, &choices.join(" or "));
            default
        })
    }

    fn database(&mut self, data_dir: &Path) -> DatabaseUrl {
        let Some(url) = self.text("DATABASE_URL") else { return DatabaseUrl::Sqlite(data_dir.join("paifang.db")) };
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return DatabaseUrl::Postgres(url.into());
        }
        match url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path)) {
            Some(path) if !path.is_empty() => DatabaseUrl::Sqlite(path.into()),
            _ => {
                self.wrong("DATABASE_URL", "postgres://user:password@host/database or sqlite:path");
                DatabaseUrl::Sqlite(data_dir.join("paifang.db"))
            }
        }
    }

    fn redis(&mut self) -> Option<SecretString> {
        let url = self.text("REDIS_URL")?;
        if !["redis://", "redis+unix://", "unix://"].iter().any(|scheme| url.starts_with(scheme)) {
            self.wrong("REDIS_URL", "redis://[:password@]host:port[/number]");
        }
        Some(url.into())
    }

    fn http_base(&mut self, name: &str, default: &str) -> String {
        let url = self.text(name).unwrap_or_else(|| default.to_owned());
        if !url.starts_with("http://") && !url.starts_with("https://") {
            self.wrong(name, "an http or https address");
        }
        url.trim_end_matches('/').to_owned()
    }

    fn master_key(&mut self, production: bool) -> Option<SecretBox<[u8; 32]>> {
        let text = self.text("PAIFANG_MASTER_KEY");
        let key = text.as_deref().and_then(Sealer::parse_key);
        if key.is_none() && (text.is_some() || production) {
            self.wrong("PAIFANG_MASTER_KEY", "32 random bytes in base64 (openssl rand -base64 32)");
        }
        key.map(|key| SecretBox::new(Box::new(key)))
    }

    fn previous_master_keys(&mut self) -> Vec<SecretBox<[u8; 32]>> {
        let Some(text) = self.text("PAIFANG_MASTER_KEY_PREVIOUS") else { return Vec::new() };
        let keys: Option<Vec<_>> = text.split(',').map(Sealer::parse_key).collect();
        let keys = keys.unwrap_or_else(|| {
            self.wrong("PAIFANG_MASTER_KEY_PREVIOUS", "keys of 32 bytes in base64, with commas between");
            Vec::new()
        });
        keys.into_iter().map(|key| SecretBox::new(Box::new(key))).collect()
    }

    fn token_providers(&mut self) -> Vec<String> {
        let Some(text) = self.text("PAIFANG_TOKEN_PROVIDERS") else { return Vec::new() };
        let addresses: Vec<_> = text.split(',').map(|address| address.trim().to_owned()).collect();
        // Without the slash after the host, `https://tokens.example.com` would also allow `…com.evil.example`.
        let whole = |address: &String| {
            let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
            rest.is_some_and(|rest| rest.find('/').is_some_and(|end| end > 0) && !rest.contains('@'))
        };
        if !addresses.iter().all(whole) {
            self.wrong("PAIFANG_TOKEN_PROVIDERS", "addresses as https://tokens.example.com/, with commas between");
        }
        addresses
    }

    fn number(&mut self, name: &str, default: usize, range: RangeInclusive<usize>) -> usize {
        let Some(text) = self.text(name) else { return default };
        text.parse().ok().filter(|number| range.contains(number)).unwrap_or_else(|| {
            self.wrong(name, &format!("a number from {} to {}", range.start(), range.end()));
            default
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_named_at_once_and_no_secret_is_shown() {
        let wrong = Config::from_lookup(|name| match name {
            "PAIFANG_BIND" => Some("nowhere".into()),
            "DATABASE_URL" => Some("mysql://root:hunter2@db/x".into()),
            "PAIFANG_ENV" => Some("production".into()),
            "PAIFANG_RATE_LIMITS" => Some("maybe".into()),
            _ => None,
        });
        let message = wrong.unwrap_err().to_string();
        for name in ["PAIFANG_BIND", "DATABASE_URL", "PAIFANG_MASTER_KEY", "PAIFANG_RATE_LIMITS"] {
            assert!(message.contains(name), "{message}");
        }
        assert!(!message.contains("hunter2"));
        let right = Config::from_lookup(|name| (name == "DATABASE_URL").then(|| "postgres://u:hunter2@h/d".into()));
        assert!(!format!("{:?}", right.unwrap()).contains("hunter2"));
    }
}
