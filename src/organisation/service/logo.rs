//! The organisation's logo: shown in its console, chosen and taken away.

use crate::{
    Error, Issue,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, right::Feature, secret::hash_bytes},
    organisation::{
        MAX_LOGO_BYTES,
        rows::{logo as rows, organisation},
    },
    payout::{File, upload::media_type},
};
use sea_orm::EntityTrait;

/// Sets the logo: a PNG or JPEG, told by its content, of at most [`MAX_LOGO_BYTES`]. No SVG: it can carry script. The same file again
/// changes nothing. `BadLogo` of the field `file`.
pub async fn set_logo(kontor: &Kontor, actor: &Actor, content: Vec<u8>) -> Result<(), Error> {
    actor.require(Feature::OrgEdit)?;
    let kind = media_type(&content).ok().filter(|kind| kind.starts_with("image/"));
    let kind = kind.filter(|_| content.len() <= MAX_LOGO_BYTES);
    let media_type = kind.ok_or(Error::field("file", Issue::BadLogo))?.to_owned();
    let digest = hash_bytes(&content)[..16].to_owned();
    let tx = kontor.db.begin().await?;
    let org = organisation::locked(&tx, actor.org).await?.ok_or(Error::NotFound)?;
    if rows::digest(&tx, actor.org).await?.as_ref() == Some(&digest) {
        return Ok(());
    }
    rows::remove(&tx, actor.org).await?;
    let row = rows::Model { org_id: actor.org, media_type, digest, content };
    rows::Entity::insert(rows::ActiveModel::from(row)).exec_without_returning(&tx).await?;
    append(kontor, &tx, actor.org, actor, Event::new("organisation.logo_set", &org.name)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "organisation");
    Ok(())
}

/// Takes the logo away. Again changes nothing.
pub async fn remove_logo(kontor: &Kontor, actor: &Actor) -> Result<(), Error> {
    actor.require(Feature::OrgEdit)?;
    let tx = kontor.db.begin().await?;
    let org = organisation::locked(&tx, actor.org).await?.ok_or(Error::NotFound)?;
    if rows::digest(&tx, actor.org).await?.is_none() {
        return Ok(());
    }
    rows::remove(&tx, actor.org).await?;
    append(kontor, &tx, actor.org, actor, Event::new("organisation.logo_removed", &org.name)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "organisation");
    Ok(())
}

/// The logo as a file; `NotFound` if there is none.
pub async fn logo(kontor: &Kontor, actor: &Actor) -> Result<File, Error> {
    actor.require(Feature::OrgView)?;
    let row = rows::of(kontor.db.read(), actor.org).await?.ok_or(Error::NotFound)?;
    Ok(File { name: row.digest, media_type: row.media_type, content: row.content })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernel::{
            right::{OrgKind, Role},
            testing::Bench,
        },
        organisation::service::{profile, stage::*},
    };

    #[tokio::test]
    async fn a_logo_is_a_small_picture_of_ones_own_organisation() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let mut standing = Vec::new();
            for name in ["eins", "zwei"] {
                let org = organisation(&bench, OrgKind::Customer, name).await;
                let boss = person(&bench, org, Role::SuperAdmin, &format!("boss@{name}.example")).await;
                standing.push(actor(&bench, &boss, org).await);
            }
            let png = |n: usize| [b"\x89PNG\r\n\x1a\n".to_vec(), vec![7; n]].concat();
            let bad = Err(Error::field("file", Issue::BadLogo));
            for wrong in [b"<svg/>".to_vec(), b"%PDF-1.7".to_vec(), Vec::new(), png(MAX_LOGO_BYTES)] {
                assert_eq!(set_logo(kontor, &standing[0], wrong).await, bad);
            }
            assert_eq!(logo(kontor, &standing[0]).await, Err(Error::NotFound));
            set_logo(kontor, &standing[0], png(100)).await.unwrap();
            let first = profile(kontor, &standing[0]).await.unwrap().logo.unwrap();
            set_logo(kontor, &standing[0], png(200)).await.unwrap();
            let file = logo(kontor, &standing[0]).await.unwrap();
            assert_eq!((file.media_type.as_str(), file.content.len()), ("image/png", 208));
            assert_ne!(file.name, first, "another picture has another address");
            assert_eq!(logo(kontor, &standing[1]).await, Err(Error::NotFound));
            for _ in 0..2 {
                remove_logo(kontor, &standing[0]).await.unwrap();
            }
            assert_eq!(profile(kontor, &standing[0]).await.unwrap().logo, None);
        }
    }
}
