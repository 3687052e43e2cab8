//! Prices of plans and add-ons for each term, and the dialog that tells one's history and sets the next.

use super::{first_offered, href, standing};
use crate::{
    admin::words,
    form::{Problems, plain_form},
    i18n,
    parts::catalogue::item as name_of,
    t,
    ui::{Button, ButtonSize, ButtonVariant, DataTable, Dialog, Input, InputKind, LinkButton, Text},
};
use kontor::{
    catalogue::{Catalogue, PriceRow, terms_of},
    kernel::money::{Currency, Money},
    subscription::{Term, change::Item},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The call of the form.
const SET: &str = "/api/settings/set_price";
/// The terms, in the order of the columns.
const TERMS: [Term; 2] = [Term::Monthly, Term::Yearly];

/// One row for everything that is sold, one column for each term.
#[component]
pub fn Prices(
    /// The catalogue.
    catalogue: StoredValue<Catalogue>,
) -> impl IntoView {
    let caption = catalogue.with_value(|c| t::catalogue::prices_in(c.currency));
    let rows = Item::ALL.iter().copied().map(|item| {
        let cells = TERMS.map(|term| catalogue.with_value(|c| cell(c, item, term)));
        view! {
            <tr>
                <th scope="row" id=format!("item-{item}")>{name_of(item)}</th>
                {cells.into_iter().collect_view()}
            </tr>
        }
    });
    let rows = rows.collect_view();
    let heads = TERMS.map(|term| {
        view! { <th scope="col" class="num" id=format!("term-{term}")>{words::term(term)}</th> }
    });
    view! {
        <DataTable caption>
            <thead>
                <tr>
                    <th scope="col">{t::catalogue::plan_or_addon()}</th>
                    {heads.into_iter().collect_view()}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

fn cell(catalogue: &Catalogue, item: Item, term: Term) -> AnyView {
    if !terms_of(item).contains(&term) {
        return view! { <td class="num muted small">{t::catalogue::yearly_only()}</td> }.into_any();
    }
    let money = |row: &PriceRow| i18n::money(Money::new(row.amount, catalogue.currency));
    let (now, next) = catalogue.price(item, term);
    let shown = now.map_or_else(|| t::catalogue::set_price().into(), money);
    let next = next.map(|row| t::catalogue::from_day(money(row), i18n::date(row.valid_from)));
    let to = href(catalogue.currency, Some(("price", format!("{item}.{term}"))));
    view! {
        <td class="num">
            <a href=to aria-describedby=format!("item-{item} term-{term}")>{shown}</a>
            {next.map(|next| view! { <span class="beneath small">{next}</span> })}
        </td>
    }
    .into_any()
}

/// The item and term an address names: `standard.yearly`.
fn named(price: &str) -> Option<(Item, Term)> {
    let (item, term) = price.split_once('.')?;
    let (item, term) = (Item::from_key(item)?, Term::from_key(term)?);
    terms_of(item).contains(&term).then_some((item, term))
}

/// Open while the address names a price.
#[component]
pub fn PriceDialog(
    /// The catalogue.
    catalogue: StoredValue<Catalogue>,
) -> impl IntoView {
    let query = use_query_map();
    move || {
        let (item, term) = named(&query.with(|q| q.get("price"))?)?;
        Some(catalogue.with_value(|c| view! { <Edit catalogue=c.clone() item term/> }))
    }
}

#[component]
fn Edit(
    /// The catalogue.
    catalogue: Catalogue,
    /// Of what.
    item: Item,
    /// For which term.
    term: Term,
) -> impl IntoView {
    let Catalogue { currency, today, .. } = catalogue;
    let form = plain_form(SET);
    let form = form.about("item", item.key()).about("term", term.key()).about("currency", currency.key());
    let (now, next) = catalogue.price(item, term);
    let now = now.map(|row| row.valid_from);
    let first = first_offered(today, now.is_some() || next.is_some()).to_string();
    let rows: Vec<PriceRow> = catalogue.history(item, term).cloned().collect();
    let close = href(currency, None);
    let heading = t::catalogue::price_of(currency, name_of(item), words::term(term));
    let history = (!rows.is_empty()).then(|| {
        let lines = rows.into_iter().map(|row| {
            let badge = standing(&row, now, today);
            line(row, badge, currency, today)
        });
        let lines = lines.collect_view();
        view! {
            <DataTable caption=t::catalogue::history()>
                <thead>
                    <tr>
                        <th scope="col">{t::field::valid_from()}</th>
                        <th scope="col" class="num">{t::field::amount()}</th>
                        <th scope="col">{t::catalogue::state()}</th>
                        <th scope="col">{t::catalogue::set_by()}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </DataTable>
        }
    });
    view! {
        <Dialog id="price" heading open=Signal::stored(true) close_href=Signal::stored(close.clone())
            close_label=t::shell::close()>
            <Problems form/>
            <form class="form" method="post" action=SET novalidate>
                <input type="hidden" name="item" value=item.key()/>
                <input type="hidden" name="term" value=term.key()/>
                <input type="hidden" name="currency" value=currency.key()/>
                <Input name="amount" label=t::field::amount() inputmode="decimal" size=12 suffix=currency.key()
                    hint=t::catalogue::amount_hint() value=form.value("amount") error=form.error("amount")
                    required=true/>
                <Input name="valid_from" label=t::field::valid_from() kind=InputKind::Date
                    hint=t::catalogue::valid_from_hint() value=form.value_or("valid_from", &first)
                    error=form.error("valid_from") required=true/>
                <div class="dialog-foot">
                    <LinkButton label=t::shell::cancel() href=close/>
                    <Button label=t::catalogue::set_price() variant=ButtonVariant::Primary/>
                </div>
            </form>
            {history}
        </Dialog>
    }
    .into_any()
}

fn line(
    row: PriceRow,
    badge: AnyView,
    currency: Currency,
    today: kontor::kernel::instant::Day,
) -> impl IntoView + use<> {
    let id = format!("price-{}", row.id);
    let described = Text::from(id.clone());
    let price = row.id.to_string();
    let withdraw = (row.valid_from > today).then(|| {
        view! {
            <form method="post" action="/api/settings/withdraw_price">
                <input type="hidden" name="price" value=price/>
                <Button label=t::catalogue::withdraw() size=ButtonSize::Small variant=ButtonVariant::Quiet
                    described_by=described/>
            </form>
        }
    });
    view! {
        <tr>
            <th scope="row" id=id>{i18n::date(row.valid_from)}</th>
            <td class="num">{i18n::money(Money::new(row.amount, currency))}</td>
            <td>{badge}{withdraw}</td>
            <td class="muted small">{t::setting::by(i18n::date_time(row.at), row.by)}</td>
        </tr>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_price_that_there_can_be() {
        assert_eq!(named("standard.yearly"), Some((Item::Standard, Term::Yearly)));
        for none in ["mail-lite.monthly", "standard.none", "standard", "x.y", ""] {
            assert_eq!(named(none), None, "{none}");
        }
    }
}
