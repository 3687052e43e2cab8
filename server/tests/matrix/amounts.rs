//! Amounts, currencies, versions and keys that are none, in every call that moves money.

use super::{
    requests::pairs,
    things::{Neighbours, entries, picture},
    world::{Person, World},
};
use kontor::kernel::right::Role;

/// Amounts nobody means well by.
const AMOUNTS: [&str; 19] = [
    "",
    " ",
    "-1",
    "-0.01",
    "0",
    "0.00",
    "0.001",
    "0,125",
    "1.0055",
    "1.00.5",
    "1e3",
    "1,000,000,000,000.00",
    "99999999999999999999999",
    "9223372036854775807",
    "92233720368547758.08",
    "NaN",
    "Infinity",
    "0x10",
    "1 000 000 000 000",
];

/// A call, who makes it, and its fields.
type Call<'a> = (&'static str, &'a Person, Vec<(String, String)>);

/// Every call that moves money, about things that are there, with amounts, currencies, versions and keys that are not as
/// they should be.
#[tokio::test]
async fn no_amount_that_is_none_books_anything() {
    let mut wrong = Vec::new();
    for world in World::all().await {
        let neighbours = Neighbours::of(&world).await;
        let ours = &neighbours.ours;
        let (org, customer) = (ours.owner.org.to_string(), ours.customer.to_string());
        let finance = world.people.iter().find(|p| p.role == Role::VendorFinance).unwrap();
        let admin = world.people.iter().find(|p| p.role == Role::VendorAdmin).unwrap();
        let (payment, payout) = (ours.of_partner["pay"].as_str(), ours.of_partner["pyo"].as_str());
        let change = ours.of_customer["chg"].as_str();
        let before = picture(&world).await;
        let refund = |amount| {
            pairs(&[
                ("payment", payment),
                ("kind", "partial"),
                ("amount", amount),
                ("reason", "goodwill"),
                ("request_key", "a-key-of-a-refund"),
            ])
        };
        let adjust = |amount| {
            pairs(&[
                ("partner", &org),
                ("line", &ours.of_partner["com"]),
                ("amount", amount),
                ("reason", "goodwill"),
                ("request_key", "a-key-of-an-adjustment"),
            ])
        };
        for amount in AMOUNTS {
            let mut calls: Vec<Call> = vec![
                ("/api/vendor/refund_payment", finance, refund(amount)),
                (
                    "/api/admin/approve_change",
                    &ours.admin,
                    pairs(&[
                        ("org", &customer),
                        ("change", change),
                        ("change_version", "1"),
                        ("total", amount),
                        ("version", "1"),
                    ]),
                ),
                (
                    "/api/admin/approve_change",
                    &ours.admin,
                    pairs(&[("org", &customer), ("change", change), ("change_version", amount)]),
                ),
                (
                    "/api/store/confirm_change",
                    &ours.owner,
                    pairs(&[
                        ("org", &org),
                        ("customer", &customer),
                        ("seats", amount),
                        ("total", amount),
                        ("version", amount),
                        ("request_key", "a-key-of-a-change"),
                    ]),
                ),
                (
                    "/api/store/request_payout",
                    &ours.owner,
                    pairs(&[
                        ("org", &org),
                        ("entity", "de"),
                        ("currency", amount),
                        ("request_key", "a-key-of-a-payout"),
                    ]),
                ),
                (
                    "/api/vendor/decide_payout",
                    finance,
                    pairs(&[("payout", payout), ("version", amount), ("act", "paid")]),
                ),
                (
                    "/api/settings/set_price",
                    admin,
                    pairs(&[
                        ("item", "standard"),
                        ("term", "yearly"),
                        ("currency", amount),
                        ("valid_from", "2026-09-01"),
                        ("amount", "36"),
                    ]),
                ),
            ];
            // An adjustment may take.
            if !amount.starts_with('-') {
                calls.push(("/api/vendor/adjust_commission", finance, adjust(amount)));
            }
            for (path, person, fields) in calls {
                for accept in [true, false] {
                    let answer = match accept {
                        true => world.raw_call(path, person, &fields).await,
                        false => world.raw_form(path, person, &fields).await,
                    };
                    // A plain form is led back to its page, which says what is wrong.
                    let refused = (400..500).contains(&answer.status)
                        || !accept && answer.status == 303 && answer.location.contains("state=");
                    if !refused {
                        let (status, to) = (answer.status, answer.location);
                        wrong.push(format!("{}: {path} with {amount:?}: {status} {to}", world.bench.name));
                    }
                }
            }
            let upload = format!("{}?org={org}&payout={payout}", app::parts::payouts::UPLOAD);
            for currency in ["EUR", "USD", "XXX", ""] {
                let fields = [
                    ("currency", currency),
                    ("number", "RE-9"),
                    ("issued_on", "2026-03-01"),
                    ("amount", amount),
                ];
                let answer =
                    world.upload(&upload, Some(&ours.owner), &fields, b"%PDF-1.7", "same-origin").await;
                if !answer.location.contains("state=") {
                    let (status, to) = (answer.status, answer.location);
                    wrong.push(format!("{}: {amount:?} {currency}: {status} {to}", world.bench.name));
                }
            }
        }
        let after = picture(&world).await;
        for (before, after) in before.iter().zip(&after) {
            if after != before {
                wrong.push(format!("{}: booked: {before}\nnow: {after}", world.bench.name));
            }
        }
        // It was the amounts alone that were wrong.
        for (path, fields) in
            [("/api/vendor/refund_payment", refund("1")), ("/api/vendor/adjust_commission", adjust("1"))]
        {
            let before = entries(&world).await;
            let answer = world.raw_call(path, finance, &fields).await;
            assert!(matches!(answer.status, 200 | 302), "{path}: {} {}", answer.status, answer.body);
            assert!(entries(&world).await > before, "{path}");
        }
    }
    assert!(wrong.is_empty(), "{} of the cases:\n{}", wrong.len(), wrong.join("\n"));
}
