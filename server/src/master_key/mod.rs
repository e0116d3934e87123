//! Rotation of the master key: everything that an older key sealed is sealed anew with the newest. Other processes go
//! on meanwhile, as long as they know both keys.

mod sql;

use crate::app::App;
use crate::config::development_key;
use crate::problem::Problem;
use futures_util::FutureExt;

pub use sql::PLACES;

/// What a rotation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// Secrets that an older key had sealed.
    pub resealed: usize,
    /// Secrets that the newest key had sealed already.
    pub kept: usize,
}

/// Seals everything at rest with the newest master key. In development, where the key is a file, a new key is made
/// first and the older ones are forgotten afterwards.
pub async fn rotate(app: &App) -> anyhow::Result<Rotation> {
    let in_file = app.config.master_key.is_none();
    if in_file {
        development_key::renew(&app.config.data_dir)?;
    }
    let app = App { sealer: app.config.sealer()?, ..app.clone() };
    let rotation = reseal(&app).await.map_err(|problem| anyhow::anyhow!(problem))?;
    if in_file {
        development_key::forget_older(&app.config.data_dir)?;
    }
    Ok(rotation)
}

async fn reseal(app: &App) -> Result<Rotation, Problem> {
    let mut rotation = Rotation { resealed: 0, kept: 0 };
    for place in PLACES {
        for sealed in sql::all(&mut app.db.read().await?, place).await? {
            let Some(anew) = app.sealer.reseal(place.name, &sealed)? else {
                rotation.kept += 1;
                continue;
            };
            // Nothing is changed where somebody has replaced the secret meanwhile: the newest key sealed that one.
            let replaced = app.db.write(move |conn| {
                async move { Ok::<_, Problem>(sql::replace(conn, place, &sealed, &anew).await?) }.boxed()
            });
            rotation.resealed += usize::try_from(replaced.await?).unwrap_or_default();
        }
    }
    Ok(rotation)
}
