//! What can be done about the next term: it is bought now, or somebody else is to pay for it. Both lead to a preview.

use super::{Place, words};
use crate::{
    t,
    ui::{Card, LinkButton},
};
use kontor::subscription::{When, change::Payer};
use leptos::prelude::*;

/// The ways to the previews.
#[component]
pub fn Ahead(
    /// Where it is.
    place: Place,
    /// Whether the next term can be bought now.
    early: bool,
    /// Whom the reader may propose as the payer from the renewal on.
    #[prop(optional_no_strip)]
    other_payer: Option<Payer>,
) -> impl IntoView {
    let path = place.path;
    let buys = early.then(|| {
        let href = format!("{path}?when={}", When::Early);
        view! {
            <p id="early-text">{t::subscription::renew_early_text()}</p>
            <div class="row">
                <LinkButton label=t::subscription::renew_early() href described_by="early-text"/>
            </div>
        }
    });
    let pays = other_payer.map(|payer| {
        let href = format!("{path}?when={}&payer={payer}", When::Renewal);
        view! {
            <p id="payer-text">{t::subscription::propose_payer_text()}</p>
            <div class="row"><LinkButton label=words::propose_payer(payer) href described_by="payer-text"/></div>
        }
    });
    view! { <Card heading=t::subscription::ahead_title() id="ahead-heading">{buys}{pays}</Card> }.into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::i18n::with_locale;
    use kontor::{kernel::locale::Locale, subscription::ChangeForm};

    /// The wishes to which the card leads.
    fn wishes(early: bool, other_payer: Option<Payer>) -> Vec<ChangeForm> {
        let place = Place {
            path: "/x".into(),
            calls: "/api/store",
            org: "org_00000000000000000000000001".parse().unwrap(),
            customer: "org_00000000000000000000000002".parse().unwrap(),
        };
        let html = Owner::new().with(|| {
            with_locale(Locale::En, || view! { <Ahead place early other_payer/> }.into_view().to_html())
        });
        let wish = |href: &str| {
            let query = href.split('"').next().unwrap().replace("&amp;", "&");
            let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            ChangeForm::from_pairs(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())))
        };
        html.split("href=\"/x?").skip(1).map(wish).collect()
    }

    #[test]
    fn the_links_are_wishes_of_the_page() {
        let early = ChangeForm { when: "early".into(), ..ChangeForm::default() };
        assert_eq!(wishes(true, None), std::slice::from_ref(&early));
        for payer in Payer::ALL {
            let (when, payer_key) = ("renewal".to_owned(), payer.to_string());
            let other = ChangeForm { when, payer: payer_key, ..ChangeForm::default() };
            assert_eq!(wishes(false, Some(*payer)), std::slice::from_ref(&other));
            assert_eq!(wishes(true, Some(*payer)), [early.clone(), other]);
        }
    }
}
