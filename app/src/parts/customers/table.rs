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
    let partner = listed.partner;
    let row = move |card: CustomerCard| {
        let title = format!("customer-{}", card.org);
        let acts = partner.map(|partner| acts(partner, &card, title.clone()));
        view! {
            <tr>
                <th scope="row" id=title dir="auto">{card.name.clone()}</th>
                {of_all.then(|| view! { <td>{card.partner.clone().map(|(_, name)| name)}</td> })}
                <td>{card.domains.join(", ")}</td>
                <td>{card.admin_email.clone()}</td>
                <td>{card.plan.name()}</td>
                <td class="num">{words::licences(&card)}</td>
                <td>{words::term(card.term)}</td>
                <td class="nowrap">{renewal(&card)}</td>
                <td>{badges(&card)}</td>
                {acts.map(|acts| view! { <td><div class="row">{acts}</div></td> })}
            </tr>
        }
    };
    view! {
        <DataTable caption=t::customers::all_title() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::customers::organisation()}</th>
                    {of_all.then(|| view! { <th scope="col">{t::customers::partner()}</th> })}
                    <th scope="col">{t::customers::domain()}</th>
                    <th scope="col">{t::customers::super_admin()}</th>
                    <th scope="col">{t::customers::plan()}</th>
                    <th scope="col" class="num">{t::customers::licences()}</th>
                    <th scope="col">{t::customers::term()}</th>
                    <th scope="col">{t::customers::renewal_date()}</th>
                    <th scope="col">{t::customers::status()}</th>
                    {partner.map(|_| view! { <th scope="col">{t::customers::actions()}</th> })}
                </tr>
            </thead>
            <tbody>{listed.page.cards.into_iter().map(row).collect_view()}</tbody>
        </DataTable>
    }
    .into_any()
}
