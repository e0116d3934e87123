//! Where media are kept: a folder, or a bucket of any store that speaks S3.

use super::Reader;
use secrecy::SecretString;
use std::path::{Path, PathBuf};

/// Where media are kept.
#[derive(Clone, Debug)]
pub enum MediaLocation {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket.
    S3(Box<Bucket>),
}

/// A bucket of a store that speaks S3.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What stands before the name of each object; empty: nothing.
    pub prefix: String,
    /// `PAIFANG_S3_ENDPOINT`: the address of the store; absent: Amazon's of the region.
    pub endpoint: Option<String>,
    /// `PAIFANG_S3_REGION`: default `us-east-1`.
    pub region: String,
    /// `PAIFANG_S3_ACCESS_KEY` and `PAIFANG_S3_SECRET_KEY`; absent: what the machine's role gives.
    pub keys: Option<(SecretString, SecretString)>,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    pub(super) fn media(&mut self, data_dir: &Path) -> MediaLocation {
        let default = || MediaLocation::Folder(data_dir.join("media"));
        let Some(url) = self.text("PAIFANG_MEDIA_URL") else { return default() };
        if let Some(path) = url.strip_prefix("file:").map(|path| path.strip_prefix("//").unwrap_or(path))
            && !path.is_empty()
        {
            return MediaLocation::Folder(path.into());
        }
        let (name, prefix) = match url.strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, ""))) {
            Some((name, prefix)) if !name.is_empty() => (name.to_owned(), prefix.trim_matches('/').to_owned()),
            _ => {
                self.wrong("PAIFANG_MEDIA_URL", "file:folder or s3://bucket/prefix");
                return default();
            }
        };
        let endpoint = self.text("PAIFANG_S3_ENDPOINT").map(|_| self.http_base("PAIFANG_S3_ENDPOINT", ""));
        let region = self.text("PAIFANG_S3_REGION").unwrap_or_else(|| "us-east-1".to_owned());
        let keys = match (self.text("PAIFANG_S3_ACCESS_KEY"), self.text("PAIFANG_S3_SECRET_KEY")) {
            (Some(access), Some(secret)) => Some((access.into(), secret.into())),
            (None, None) => None,
            _ => {
                self.wrong("PAIFANG_S3_ACCESS_KEY and PAIFANG_S3_SECRET_KEY", "set together, or not at all");
                None
            }
        };
        MediaLocation::S3(Box::new(Bucket { name, prefix, endpoint, region, keys }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    fn read(settings: &[(&str, &str)]) -> anyhow::Result<MediaLocation> {
        let found = |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
        Config::from_lookup(found).map(|config| config.media)
    }

    #[test]
    fn a_folder_or_a_bucket_is_read_and_mistakes_are_named() {
        assert!(matches!(read(&[]).unwrap(), MediaLocation::Folder(path) if path == Path::new(".data/media")));
        let folder = read(&[("PAIFANG_MEDIA_URL", "file:///srv/media")]).unwrap();
        assert!(matches!(folder, MediaLocation::Folder(path) if path == Path::new("/srv/media")));
        let keys = [("PAIFANG_S3_ACCESS_KEY", "AK"), ("PAIFANG_S3_SECRET_KEY", "hunter2")];
        let bucket = read(&[("PAIFANG_MEDIA_URL", "s3://pictures/of/paifang/"), keys[0], keys[1]]).unwrap();
        assert!(!format!("{bucket:?}").contains("hunter2"));
        let MediaLocation::S3(bucket) = bucket else { panic!("not a bucket") };
        assert_eq!((bucket.name.as_str(), bucket.prefix.as_str()), ("pictures", "of/paifang"));
        assert!(bucket.keys.is_some());
        for url in ["ftp://x", "s3://", "file:", "/srv/media"] {
            assert!(read(&[("PAIFANG_MEDIA_URL", url)]).unwrap_err().to_string().contains("PAIFANG_MEDIA_URL"));
        }
        let half = read(&[("PAIFANG_MEDIA_URL", "s3://b"), keys[0], ("PAIFANG_S3_ENDPOINT", "minio:9000")]);
        let message = half.unwrap_err().to_string();
        assert!(message.contains("PAIFANG_S3_SECRET_KEY") && message.contains("PAIFANG_S3_ENDPOINT"), "{message}");
    }
}
