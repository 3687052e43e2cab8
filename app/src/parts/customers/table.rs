//! Customers as rows of a table.

use super::{
    Listed,
    acts::acts,
    card::{badges, renewal},
    words,
};
use crate::{t, ui::DataTable};
use kontor::mapping::CustomerCard;
use leptos::prelude::*;

/// The table.
#[component]
pub fn CustomerTable(
    /// What the server answered.
    listed: Listed,
) -> impl IntoView {
    let of_all = listed.page.cards.iter().any(|c| c.partner.is_some());
    let (partner, subscriptions) = (listed.partner, listed.subscriptions);
    let payments = listed.payments.clone();
    let row = move |card: CustomerCard| {
        let title = format!("customer-{}", card.org);
        let acts = partner.map(|partner| {
            let acts = acts(partner, &card, title.clone(), subscriptions, payments.as_deref());
            view! { <td>{acts.map(|acts| view! { <div class="stack stack-tight">{acts}</div> })}</td> }
        });
        view! {
            <tr>
                <th scope="row" id=title>
                    <span dir="auto">{card.name.clone()}</span>
                    {badges(&card)}
                </th>
                {of_all.then(|| view! { <td>{card.partner.clone().map(|(_, name)| name)}</td> })}
                <td>
                    {card.domains.join(", ")}
                    <span class="beneath">{card.admin_email.clone()}</span>
                </td>
                <td>
                    {card.plan.name()}
                    <span class="beneath num">{words::licences(&card)}</span>
                </td>
                <td>
                    {words::term(card.term)}
                    <span class="beneath">{renewal(&card)}</span>
                </td>
                {acts}
            </tr>
        }
    };
    view! {
        <DataTable caption=t::customers::all_title() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::customers::organisation()}</th>
                    {of_all.then(|| view! { <th scope="col">{t::customers::partner()}</th> })}
                    <th scope="col" class="wrap">{t::customers::domain()} ", " {t::customers::super_admin()}</th>
                    <th scope="col" class="wrap">{t::customers::plan()} ", " {t::customers::licences()}</th>
                    <th scope="col" class="wrap">{t::customers::term()} ", " {t::customers::renewal_date()}</th>
                    {partner.map(|_| view! { <th scope="col">{t::customers::actions()}</th> })}
                </tr>
            </thead>
            <tbody>{listed.page.cards.into_iter().map(row).collect_view()}</tbody>
        </DataTable>
    }
    .into_any()
}
