//! The plan table of domain.md section 7 as demo data: who bills, what plans hold and what they cost.

use kontor::{
    Error,
    catalogue::{
        EntityForm, LimitsForm, PriceForm, entity,
        rows::{billing_entity, plan_offer, price},
        service::{save_entity, set_limits, set_price},
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::PriceId,
        instant::{Day, Instant},
        money::{Currency, Money},
    },
    subscription::{
        Plan, Term,
        change::{Item, PriceList},
    },
};

/// The currencies everything has a price in.
const CURRENCIES: [Currency; 2] = [Currency::Eur, Currency::Usd];

/// What plans hold: users, gigabytes, domains.
const LIMITS: [(Plan, Option<i64>, i64, i64); 6] = [
    (Plan::Free, Some(5), 5, 1),
    (Plan::MailLite, None, 5, 30),
    (Plan::MailLite10, None, 10, 30),
    (Plan::MailPremium, None, 50, 30),
    (Plan::Standard, None, 30, 30),
    (Plan::Professional, None, 100, 30),
];

/// Prices in minor units, the same in every currency: a year is twelve of the table's months, and a month by itself is a
/// fifth dearer than a twelfth of the year.
const PRICES: [(Item, Term, i64); 9] = [
    (Item::MailLite, Term::Yearly, 1_200),
    (Item::MailLite10, Term::Yearly, 1_500),
    (Item::MailPremium, Term::Yearly, 4_800),
    (Item::Standard, Term::Yearly, 3_600),
    (Item::Standard, Term::Monthly, 360),
    (Item::Professional, Term::Yearly, 7_200),
    (Item::Professional, Term::Monthly, 720),
    (Item::ExtraStorage, Term::Yearly, 1_000),
    (Item::ExtraStorage, Term::Monthly, 100),
];

/// A change of prices, as it is announced: days until it holds, and the new prices.
pub type Change = (i32, &'static [(Item, Term, i64)]);

/// What Professional cost in the demo's first months.
const BEFORE: [(Item, Term, i64); 2] =
    [(Item::Professional, Term::Yearly, 6_600), (Item::Professional, Term::Monthly, 660)];

/// Days ago on which the demo's vendor announced changes: one that has come, and one that is ahead.
pub static CHANGES: [(i32, Change); 2] = [
    (230, (30, &[(Item::Professional, Term::Yearly, 7_200), (Item::Professional, Term::Monthly, 720)])),
    (10, (55, &[(Item::Standard, Term::Yearly, 3_900), (Item::Standard, Term::Monthly, 390)])),
];

/// The two entities: one for Europe, one for the rest of the world.
fn entities() -> [EntityForm; 2] {
    let text = |s: &str| s.to_owned();
    [
        EntityForm {
            entity_key: text("de"),
            company_name: text("Vendor GmbH"),
            street: text("Am Sandtorkai 1"),
            postal_code: text("20457"),
            city: text("Hamburg"),
            country: text("DE"),
            vat_id: text("DE123456789"),
            email: text("billing@vendor.test"),
            currency: text("EUR"),
            iban: text("DE89370400440532013000"),
            bic: text("COBADEFFXXX"),
            tax_rate: text("19"),
            countries: text(
                "AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IE IT LI LT LU LV MT NL PL PT RO SE SI SK",
            ),
        },
        EntityForm {
            entity_key: text("us"),
            company_name: text("Vendor Inc."),
            street: text("1 Harbor Drive"),
            postal_code: text("94105"),
            city: text("San Francisco"),
            country: text("US"),
            email: text("billing@vendor.test"),
            currency: text("USD"),
            tax_rate: text("0"),
            countries: text("*"),
            ..EntityForm::default()
        },
    ]
}

/// The vendor opens: entities, limits and first prices, all from today on.
pub async fn open(kontor: &Kontor, admin: &Actor) -> Result<(), Error> {
    for form in entities() {
        save_entity(kontor, admin, 0, &form).await?;
    }
    for (plan, users, storage, domains) in LIMITS {
        let form = LimitsForm {
            plan: plan.to_string(),
            valid_from: kontor.now().day().to_string(),
            users_max: users.map(|n| n.to_string()).unwrap_or_default(),
            storage_gb: storage.to_string(),
            domains_max: domains.to_string(),
            on_sale: "true".into(),
        };
        set_limits(kontor, admin, &form).await?;
    }
    let first = PRICES.map(|(item, term, amount)| {
        let before = BEFORE.iter().find(|b| (b.0, b.1) == (item, term));
        (item, term, before.map_or(amount, |b| b.2))
    });
    announce(kontor, admin, (0, &first)).await
}

/// Sets prices in every currency, so many days ahead.
pub async fn announce(
    kontor: &Kontor,
    admin: &Actor,
    (days, prices): (i32, &[(Item, Term, i64)]),
) -> Result<(), Error> {
    for currency in CURRENCIES {
        for (item, term, amount) in prices {
            let form = PriceForm {
                item: item.to_string(),
                term: term.to_string(),
                currency: currency.to_string(),
                valid_from: kontor.now().day().plus(days).to_string(),
                amount: Money::new(*amount, currency).plain(),
            };
            set_price(kontor, admin, &form).await?;
        }
    }
    Ok(())
}

/// What [`rows`] sell at, in a currency.
pub fn price_list(currency: Currency) -> PriceList {
    PriceList::new(currency, PRICES.to_vec())
}

/// The same as rows, from a day on, for a database in which nobody has lived.
pub struct Rows {
    /// Entities.
    pub entities: Vec<billing_entity::Model>,
    /// What plans hold.
    pub limits: Vec<plan_offer::Model>,
    /// Prices.
    pub prices: Vec<price::Model>,
}

/// Makes the rows; ids come from the caller.
pub fn rows(from: Day, at: Instant, mut id: impl FnMut() -> PriceId) -> Result<Rows, Error> {
    let mut made = Vec::new();
    for (form, position) in entities().iter().zip(1..) {
        let entity = entity::check(form)?;
        made.push(billing_entity::Model { position, version: 1, ..entity.into() });
    }
    let limits = LIMITS.map(|(plan, users_max, storage_gb, domains_max)| plan_offer::Model {
        plan,
        valid_from: from,
        users_max,
        storage_gb,
        domains_max,
        on_sale: true,
        created_at: at,
        created_by: "seed".into(),
    });
    let prices = CURRENCIES.into_iter().flat_map(|currency| PRICES.map(|price| (currency, price)));
    let prices = prices.map(|(currency, (item, term, amount))| price::Model {
        id: id(),
        item,
        term,
        currency,
        valid_from: from,
        amount,
        created_at: at,
        created_by: "seed".into(),
    });
    Ok(Rows { entities: made, prices: prices.collect(), limits: limits.into() })
}
