//! Who sells what: the catalogue, the partners with their owners, and how customers fall to them.

use super::{DAYS, Load, customers::insert};
use crate::seed::{catalogue, dice::Dice, names};
use kontor::{
    Error,
    account::rows::account,
    catalogue::{BillingProfile, rows::billing_profile},
    kernel::{
        Kontor,
        id::OrgId,
        instant::Instant,
        locale::{Locale, Theme},
        right::{OrgKind, Role},
        text::{email_key, fold},
    },
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation},
    },
    partner::{Currency, PartnerStatus, PartnerType, Tier, rows::partner},
};

/// What a loaded partner earns on what customers pay, and has off what it pays itself: basis points.
pub(super) const RATE_BP: i64 = 2_000;

/// A loaded partner.
pub(super) struct Partner {
    /// Which.
    pub org: OrgId,
    /// To whom its invoices are made out.
    pub profile: BillingProfile,
}

/// Billing details of an organisation.
pub(super) fn profile(org: &organisation::Model, email: String) -> BillingProfile {
    BillingProfile {
        name: org.name.clone(),
        street: "Speicherstadt 4".into(),
        street2: String::new(),
        postal_code: "20457".into(),
        city: "Hamburg".into(),
        state: String::new(),
        country: org.country.clone(),
        vat_id: String::new(),
        email,
        version: 1,
    }
}

/// How customers fall to partners: a tenth to the first, the others by a long tail.
pub(super) struct Shares {
    partners: Vec<OrgId>,
    sums: Vec<u64>,
}

impl Shares {
    /// Shares of these partners.
    pub(super) fn new(partners: &[Partner]) -> Self {
        let tail: Vec<u64> = (1..partners.len() as u64).map(|i| 1_000_000 / (i + 20)).collect();
        let first = (tail.iter().sum::<u64>() / 9).max(1);
        let mut sum = 0;
        let sums = std::iter::once(first)
            .chain(tail)
            .map(|share| {
                sum += share;
                sum
            })
            .collect();
        Self { partners: partners.iter().map(|p| p.org).collect(), sums }
    }

    /// The partner a customer falls to.
    pub(super) fn pick(&self, dice: &mut Dice) -> OrgId {
        let at = dice.below(self.sums.last().copied().unwrap_or(1));
        self.partners[self.sums.partition_point(|s| *s <= at)]
    }
}

/// An account; with a password it is confirmed.
pub(super) fn new_account(
    dice: &mut Dice,
    at: Instant,
    email: String,
    name: (&str, &str),
    hash: Option<String>,
) -> account::Model {
    account::Model {
        id: dice.id(at),
        email_key: email_key(&email),
        email,
        first_name: name.0.to_owned(),
        last_name: name.1.to_owned(),
        confirmed_at: hash.as_ref().map(|_| at),
        password_hash: hash,
        locale: Locale::De,
        locale_chosen: false,
        theme: Theme::System,
        totp_secret: None,
        totp_on: false,
        totp_last_step: 0,
        passkeys: 0,
        suspended: false,
        created_at: at,
    }
}

/// An account's place in an organisation.
pub(super) fn new_member(dice: &mut Dice, org: OrgId, account: &account::Model, role: Role) -> member::Model {
    let at = account.created_at;
    let status = if account.confirmed_at.is_some() { MemberStatus::Active } else { MemberStatus::Invited };
    member::Model {
        id: dice.id(at),
        org_id: org,
        account_id: account.id,
        role,
        status,
        store_role_id: None,
        licensed: true,
        sort_key: fold(&format!("{} {}", account.last_name, account.first_name)),
        created_at: at,
        version: 1,
    }
}

/// An organisation in Germany.
pub(super) fn new_organisation(
    dice: &mut Dice,
    at: Instant,
    kind: OrgKind,
    name: String,
) -> organisation::Model {
    organisation::Model {
        id: dice.id(at),
        kind,
        name,
        country: "DE".into(),
        status: OrgStatus::Active,
        created_at: at,
        second_factor_required: false,
        version: 1,
    }
}

/// The partners and their owners.
pub(super) async fn write(kontor: &Kontor, load: &Load, dice: &mut Dice) -> Result<Vec<Partner>, Error> {
    let at = kontor.now().plus_days(-DAYS - 1);
    let (mut orgs, mut partners, mut accounts, mut members) = (vec![], vec![], vec![], vec![]);
    let (mut made, mut profiles) = (vec![], vec![]);
    for number in 1..=load.partners.max(1) {
        let name = format!("Partner {number:04} IT-Systeme");
        let org = new_organisation(dice, at, OrgKind::Partner, name);
        let domain = format!("partner-{number:04}.test");
        let name = names::person(dice);
        let hash = load.password_hash.clone();
        let mut owner = new_account(dice, at, format!("owner@{domain}"), name, hash);
        owner.confirmed_at = Some(at);
        let mut place = new_member(dice, org.id, &owner, Role::PartnerOwner);
        place.status = MemberStatus::Active;
        members.push(place);
        accounts.push(owner);
        partners.push(partner::Model {
            org_id: org.id,
            application_id: None,
            partner_type: PartnerType::Reseller,
            status: PartnerStatus::Active,
            tier: Tier::Authorized,
            rate_bp: Some(RATE_BP),
            currency: Currency::Eur,
            manager_id: None,
            company_domain: domain,
            sort_key: fold(&org.name),
            created_at: at,
            version: 1,
            time_zone: "UTC".into(),
        });
        let profile = profile(&org, format!("billing@partner-{number:04}.test"));
        profiles.push(billing_profile::Model::new(org.id, profile.clone()));
        made.push(Partner { org: org.id, profile });
        orgs.push(org);
    }
    let tx = kontor.db.begin().await?;
    insert(&tx, orgs).await?;
    insert(&tx, accounts).await?;
    insert(&tx, members).await?;
    insert(&tx, partners).await?;
    insert(&tx, profiles).await?;
    tx.commit().await?;
    Ok(made)
}

/// What is sold, from before the first customer on.
pub(super) async fn write_catalogue(kontor: &Kontor, dice: &mut Dice) -> Result<(), Error> {
    let at = kontor.now().plus_days(-DAYS - 1);
    let rows = catalogue::rows(at.day(), at, || dice.id(at))?;
    let tx = kontor.db.begin().await?;
    insert(&tx, rows.entities).await?;
    insert(&tx, rows.limits).await?;
    insert(&tx, rows.prices).await?;
    Ok(tx.commit().await?)
}
