//! What is proposed, being paid for or planned, and what was.

use super::{Place, words};
use crate::{
    form::{Problems, plain_form},
    i18n, t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Callout, Card, DataTable, Fact, Facts, Input, LinkButton,
        Tone,
    },
};
use kontor::subscription::{ChangeKind, ChangeStatus, ChangeView};
use leptos::prelude::*;

/// What is open.
#[component]
pub fn Open(
    /// Where it is.
    place: Place,
    /// The changes.
    changes: Vec<ChangeView>,
) -> impl IntoView {
    let decline: &'static str =
        if place.calls == "/api/store" { "/api/store/decline_change" } else { "/api/admin/decline_change" };
    let undo: &'static str =
        if place.calls == "/api/store" { "/api/store/undo_change" } else { "/api/admin/undo_change" };
    let cards = changes
        .into_iter()
        .map(|change| {
            let place = place.clone();
            view! { <One place change decline undo/> }
        })
        .collect_view();
    view! {
        <section class="stack" aria-labelledby="open-heading">
            <h2 id="open-heading">{t::subscription::open_title()}</h2>
            <Problems form=plain_form(decline)/>
            <Problems form=plain_form(undo)/>
            {cards}
        </section>
    }
    .into_any()
}

#[component]
fn One(
    /// Where it is.
    place: Place,
    /// The change.
    change: ChangeView,
    /// The call that declines.
    decline: &'static str,
    /// The call that takes back.
    undo: &'static str,
) -> impl IntoView {
    let (status, tone) = words::status(change.status);
    let id = change.id.to_string();
    let heading = match change.kind {
        ChangeKind::Cancel => t::subscription::cancelled().to_owned(),
        _ => words::terms(&change.wish),
    };
    let from = match change.status {
        ChangeStatus::Scheduled => Some(i18n::date(change.effective_on)),
        _ => None,
    };
    let until = change.expires_at.map(i18n::date_time);
    let approve = format!("{}?answer={id}", place.path);
    let answer = change.answerable.then(|| {
        let form = plain_form(decline);
        view! {
            <div class="row">
                <LinkButton label=t::subscription::see_price() href=approve.clone() variant=ButtonVariant::Primary/>
            </div>
            <form class="form" method="post" action=decline novalidate>
                <Ids place=place.clone() id=id.clone() version=change.version/>
                <Input name="reason" label=t::subscription::decline_reason() value=form.value("reason")
                    error=form.error("reason") required=true/>
                <div class="row"><Button label=t::subscription::decline()/></div>
            </form>
        }
    });
    let take_back = change.undoable.then(|| {
        view! {
            <form method="post" action=undo>
                <Ids place=place.clone() id=change.id.to_string() version=change.version/>
                <Button label=t::subscription::undo() size=ButtonSize::Small/>
            </form>
        }
    });
    let bank = change.action_url.map(|url| {
        view! {
            <Callout tone=Tone::Warning>
                <p>{t::subscription::bank_asks()}</p>
                <p><a href=url rel="external">{t::subscription::bank_link()}</a></p>
            </Callout>
        }
    });
    let total = (change.total.minor != 0).then(|| i18n::money(change.total));
    view! {
        <Card heading=heading id=format!("change-{}", change.id) aside=move || view! { <Badge label=status tone/> }>
            <Facts wide=true>
                <Fact name=t::subscription::kind()>{words::kind(change.kind)}</Fact>
                <Fact name=t::subscription::wished_by()><span dir="auto">{crate::admin::words::actor(&change.by.1)}</span></Fact>
                {(change.kind == ChangeKind::Payer).then(|| view! {
                    <Fact name=t::field::payer()>{words::payer(change.payer)}</Fact>
                })}
                {from.map(|day| view! { <Fact name=t::subscription::takes_effect()>{day}</Fact> })}
                {total.map(|total| view! { <Fact name=t::subscription::total()>{total}</Fact> })}
                {until.map(|until| view! { <Fact name=t::subscription::answer_until()>{until}</Fact> })}
            </Facts>
            {bank}
            {answer}
            {take_back}
        </Card>
    }
    .into_any()
}

#[component]
fn Ids(
    /// Where it is.
    place: Place,
    /// The change.
    id: String,
    /// Its version.
    version: i64,
) -> impl IntoView {
    view! {
        <input type="hidden" name="org" value=place.org.to_string()/>
        <input type="hidden" name="customer" value=place.customer.to_string()/>
        <input type="hidden" name="change" value=id/>
        <input type="hidden" name="change_version" value=version.to_string()/>
    }
}

/// What was.
#[component]
pub fn History(
    /// Where it is.
    place: Place,
    /// The changes, newest first.
    changes: Vec<ChangeView>,
) -> impl IntoView {
    let rows = changes
        .into_iter()
        .map(|change| {
            let (status, tone) = words::status(change.status);
            let what = match change.kind {
                ChangeKind::Cancel | ChangeKind::End => words::kind(change.kind).to_owned(),
                _ => words::terms(&change.wish),
            };
            let invoice = change.invoice.map(|(id, number)| {
                let href = match place.calls {
                    "/api/store" => format!("/store/{}/invoices/{id}", place.org),
                    _ => format!("/admin/{}/invoices/{id}", place.org),
                };
                view! { <a href=href>{number}</a> }
            });
            view! {
                <tr>
                    <td class="nowrap">{i18n::date(change.at.day())}</td>
                    <th scope="row">{what}</th>
                    <td>{words::kind(change.kind)}</td>
                    <td><Badge label=status tone/></td>
                    <td class="num">{(change.total.minor != 0).then(|| i18n::money(change.total))}</td>
                    <td class="nowrap">{invoice}</td>
                    <td class="muted small" dir="auto">{change.reason}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card heading=t::subscription::history_title() id="history-heading">
            <DataTable caption=t::subscription::history_title() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::subscription::date()}</th>
                        <th scope="col">{t::subscription::what()}</th>
                        <th scope="col">{t::subscription::kind()}</th>
                        <th scope="col">{t::subscription::state()}</th>
                        <th scope="col" class="num">{t::subscription::total()}</th>
                        <th scope="col">{t::payment::invoice()}</th>
                        <th scope="col">{t::subscription::remark()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        </Card>
    }
    .into_any()
}
