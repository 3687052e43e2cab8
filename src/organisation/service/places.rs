//! A person's organisations, and taking a place one was asked into.

use crate::{
    Error,
    audit::service::{Event, append},
    kernel::{
        Kontor,
        actor::{Actor, Standing, Viewer},
        right::Features,
    },
    organisation::{
        MemberStatus, OrgStatus, Place,
        rows::{member, organisation},
    },
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// The viewer's organisations, for the chooser. Whoever comes here signed in, with a confirmed address, takes the
/// places they were asked into.
pub async fn my_organisations(kontor: &Kontor, viewer: &Viewer) -> Result<Vec<Place>, Error> {
    let session = viewer.signed_in()?;
    if session.confirmed {
        accept_invitations(kontor, viewer).await?;
    }
    let places = member::places(kontor.db.read(), session.account).await?;
    let mut list: Vec<Place> = places
        .into_iter()
        .filter(|(_, org)| org.status != OrgStatus::Closed)
        .map(|(held, org)| Place {
            org: org.id,
            name: org.name,
            kind: org.kind,
            role: held.row.role,
            own_role: held.own_role,
            features: held.features,
        })
        .collect();
    list.sort_by(|a, b| a.name.cmp(&b.name).then(a.org.cmp(&b.org)));
    Ok(list)
}

/// Takes all places the viewer was asked into.
pub async fn accept_invitations(kontor: &Kontor, viewer: &Viewer) -> Result<(), Error> {
    let session = viewer.signed_in()?;
    if member::invitations(kontor.db.read(), session.account).await?.is_empty() {
        return Ok(());
    }
    let tx = kontor.db.begin().await?;
    for row in member::invitations(&tx, session.account).await? {
        let Some(org) = organisation::locked(&tx, row.org_id).await? else { continue };
        let update = member::ActiveModel {
            id: Set(row.id),
            status: Set(MemberStatus::Active),
            version: Set(row.version + 1),
            ..Default::default()
        };
        member::Entity::update(update).exec(&tx).await?;
        let standing = Standing::Member {
            account: session.account,
            email: session.email.clone(),
            member: row.id,
            role: row.role,
            // Whoever takes a place does nothing with it yet.
            features: Features::default(),
            session: session.id,
        };
        let actor =
            Actor { org: org.id, kind: org.kind, standing, ip: viewer.ip.clone(), locale: viewer.locale };
        append(kontor, &tx, org.id, &actor, Event::new("user.joined", &session.email)).await?;
    }
    tx.commit().await?;
    Ok(())
}
