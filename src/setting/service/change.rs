//! Changing a policy. It holds at once, on every node.

use super::policy;
use crate::{
    Error,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, right::Feature},
    organisation::rows::queue_up,
    setting::{ChangeSetting, Policy, check, rows::setting},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, sea_query::OnConflict};

/// Sets a policy to what was typed, or back to its default. `was` is the value the form was filled from: whoever comes
/// second is told.
pub async fn change(kontor: &Kontor, actor: &Actor, input: &ChangeSetting) -> Result<(), Error> {
    actor.require(Feature::SettingsEdit)?;
    let tx = kontor.db.begin().await?;
    queue_up(&tx, "setting").await?;
    let current = policy(kontor, &tx).await?;
    let before = current.get(&input.key).ok_or(Error::NotFound)?;
    let default = Policy::defaults(kontor.programme.demo).get(&input.key).ok_or(Error::NotFound)?;
    let value = match !input.default.is_empty() {
        true => default.clone(),
        false => check(&input.key, &input.value, &current).map_err(|issue| Error::field("value", issue))?,
    };
    if value == before {
        return Ok(());
    }
    if input.was != before {
        return Err(Error::StaleVersion);
    }
    if value == default {
        setting::Entity::delete_by_id(input.key.clone()).exec(&tx).await?;
    } else {
        let row = setting::Model {
            key: input.key.clone(),
            value: value.clone(),
            updated_at: kontor.now(),
            updated_by: actor.label(),
        };
        use setting::Column;
        let over = OnConflict::column(Column::Key)
            .update_columns([Column::Value, Column::UpdatedAt, Column::UpdatedBy])
            .to_owned();
        let row = row.into_active_model().reset_all();
        setting::Entity::insert(row).on_conflict(over).exec_without_returning(&tx).await?;
    }
    let facts = serde_json::json!({ "from": before, "to": value });
    append(kontor, &tx, actor.org, actor, Event::new("setting.changed", &input.key).with(facts)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "setting");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Issue,
        kernel::{
            right::{OrgKind, Role},
            testing::Bench,
        },
        organisation::service::{NewStaff, activity, create_staff},
        setting::service::list,
    };

    async fn admin(bench: &Bench) -> Actor {
        let new = NewStaff {
            email: "admin@vendor.test".into(),
            first_name: String::new(),
            last_name: String::new(),
            role: Role::VendorAdmin,
            organisation: "Vendor".into(),
            country: "DE".into(),
        };
        let staff = create_staff(&bench.kontor, new).await.unwrap();
        Actor::system(staff.org, OrgKind::Vendor, "admin@vendor.test")
    }

    fn to(key: &str, was: &str, value: &str) -> ChangeSetting {
        ChangeSetting { key: key.into(), was: was.into(), value: value.into(), default: String::new() }
    }

    #[tokio::test]
    async fn a_change_holds_at_once_and_is_in_the_trail() {
        for bench in Bench::all().await {
            let (kontor, admin) = (&bench.kontor, admin(&bench).await);
            change(kontor, &admin, &to("trial_days", "15", " 20 ")).await.unwrap();
            assert_eq!(policy(kontor, kontor.db.read()).await.unwrap().trial_days, 20, "{}", bench.name);
            let rows = list(kontor, &admin).await.unwrap();
            assert_eq!(rows.len(), Policy::KEYS.len());
            let row = rows.iter().find(|r| r.key == "trial_days").unwrap();
            assert_eq!((row.default.as_str(), row.current.as_str()), ("15", "20"));
            assert_eq!(row.changed, Some(("admin@vendor.test".into(), kontor.now())));
            let trail = activity(kontor, &admin, &Default::default()).await.unwrap().rows;
            assert_eq!(
                (trail[0].action.as_str(), trail[0].target.as_str()),
                ("setting.changed", "trial_days")
            );
            let back = ChangeSetting { default: "true".into(), ..to("trial_days", "20", "") };
            change(kontor, &admin, &back).await.unwrap();
            let rows = list(kontor, &admin).await.unwrap();
            assert!(rows.iter().all(|r| r.changed.is_none() && r.current == r.default));
        }
    }

    #[tokio::test]
    async fn what_is_wrong_or_stale_changes_nothing() {
        for bench in Bench::all().await {
            let (kontor, admin) = (&bench.kontor, admin(&bench).await);
            let wrong = |issue| Err(Error::field("value", issue));
            let cases = [
                (to("trial_days", "15", "many"), wrong(Issue::NotANumber)),
                (to("trial_days", "15", ""), wrong(Issue::Required)),
                (to("trial_days", "15", "61"), wrong(Issue::OutOfRange { min: 1, max: 60 })),
                (to("commission_rate_bp", "2000", "200"), wrong(Issue::OutOfRange { min: 0, max: 100 })),
                (to("trial_days", "14", "20"), Err(Error::StaleVersion)),
                (to("nonsense", "", "1"), Err(Error::NotFound)),
            ];
            for (input, expected) in cases {
                assert_eq!(change(kontor, &admin, &input).await, expected, "{input:?}");
            }
            assert_eq!(policy(kontor, kontor.db.read()).await.unwrap(), Policy::defaults(false));
        }
    }

    #[tokio::test]
    async fn switches_and_rates_are_stored_as_the_programme_reads_them() {
        for bench in Bench::all().await {
            let (kontor, admin) = (&bench.kontor, admin(&bench).await);
            // An unticked box sends nothing.
            change(kontor, &admin, &to("four_eyes", "true", "")).await.unwrap();
            change(kontor, &admin, &to("commission_rate_bp", "2000", "12,5")).await.unwrap();
            change(kontor, &admin, &to("terms_version", "2026-01", "2027-01")).await.unwrap();
            let now = policy(kontor, kontor.db.read()).await.unwrap();
            assert_eq!((now.four_eyes, now.commission_rate_bp), (false, 1250), "{}", bench.name);
            assert_eq!(now.terms_version, "2027-01");
        }
    }
}
