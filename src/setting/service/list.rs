//! Every policy with its default: `/settings`.

use super::policy;
use crate::{
    Error,
    kernel::{Kontor, actor::Actor, right::Feature},
    setting::{Policy, SettingRow, rows::setting, shape},
};

/// All policies, in the order of [`Policy::KEYS`].
pub async fn list(kontor: &Kontor, actor: &Actor) -> Result<Vec<SettingRow>, Error> {
    actor.require(Feature::SettingsEdit)?;
    let db = kontor.db.read();
    let current = policy(kontor, db).await?;
    let defaults = Policy::defaults(kontor.programme.demo);
    let changed = setting::all(db).await?;
    let row = |key: &&'static str| {
        let change = changed.iter().find(|row| row.key == *key);
        Some(SettingRow {
            key: (*key).to_owned(),
            shape: shape(key, &current)?,
            default: defaults.get(key)?,
            current: current.get(key)?,
            changed: change.map(|row| (row.updated_by.clone(), row.updated_at)),
        })
    };
    Ok(Policy::KEYS.iter().filter_map(row).collect())
}
