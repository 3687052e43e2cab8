//! The preview: every line of what a wish costs, and the button that books exactly that.

use super::{Place, heading, words};
use crate::{
    form::{Problems, plain_form},
    i18n, t,
    ui::{
        Button, ButtonVariant, Callout, Card, DataTable, Fact, Facts, Input, LinkButton, RadioOption, Radios,
        Tone,
    },
};
use kontor::{
    invoice::Tax,
    kernel::{
        id::ChangeId,
        money::{Currency, Money},
    },
    subscription::{
        Ahead, ChangeForm, MethodView, Preview, When,
        authority::{Say, Side},
        change::{Payer, Quote},
    },
};
use leptos::prelude::*;

/// What a wish costs.
#[component]
pub fn PreviewCard(
    /// Where it is.
    place: Place,
    /// On which side the reader stands.
    side: Side,
    /// The figures.
    preview: Preview,
    /// The wish as it was typed.
    form: ChangeForm,
    /// The proposal that is approved by it.
    answering: Option<(ChangeId, i64)>,
) -> impl IntoView {
    let call: &'static str = match (place.calls, answering.is_some()) {
        ("/api/store", false) => "/api/store/confirm_change",
        ("/api/store", true) => "/api/store/approve_change",
        (_, false) => "/api/admin/confirm_change",
        (_, true) => "/api/admin/approve_change",
    };
    let view = plain_form(call);
    let cancels = !preview.wish.plan.is_paid();
    let total = preview.quote.as_ref().map_or(0, |q| q.total);
    let own = (preview.payer == Payer::Partner) == (side == Side::Partner);
    let pays = own && total > 0 && (preview.say == Say::Decides || answering.is_some());
    let currency = preview
        .quote
        .as_ref()
        .map(|q| q.currency)
        .or(preview.current.map(|c| c.currency))
        .unwrap_or(Currency::Eur);
    let amount = i18n::money(Money::new(total, currency));
    let button = match (preview.say, answering.is_some(), total, cancels) {
        (_, true, 0, _) => t::subscription::approve().to_owned(),
        (_, true, ..) if !own => t::subscription::approve().to_owned(),
        (_, true, ..) => t::subscription::approve_and_pay(amount),
        (Say::Proposes, ..) => t::subscription::propose().to_owned(),
        (Say::Decides, _, _, true) => t::subscription::confirm_cancel().to_owned(),
        (Say::Decides, _, 0, _) => t::subscription::confirm().to_owned(),
        (Say::Decides, ..) => t::subscription::pay(amount),
    };
    let ahead = preview.next.clone().map(|ahead| {
        let opened = preview.when == When::Renewal;
        view! { <Renewal ahead opened/> }
    });
    let losses = (!preview.losses.is_empty()).then(|| {
        view! {
            <Callout tone=Tone::Warning>
                <p>{t::subscription::losses()}</p>
                <ul>{preview.losses.iter().map(|loss| view! { <li>{words::loss(loss)}</li> }).collect_view()}</ul>
            </Callout>
        }
    });
    let conflicts = words::conflicts(&preview.conflicts, preview.when, cancels).map(|text| {
        view! { <Callout tone=Tone::Warning><p>{text}</p></Callout> }
    });
    let beyond = (!preview.excesses.is_empty() || preview.suspends).then(|| {
        let excesses: Vec<_> = preview.excesses.iter().map(crate::parts::choice::excess).collect();
        view! {
            <Callout tone=Tone::Warning>
                {(!excesses.is_empty()).then(|| view! {
                    <p>{t::subscription::excesses(excesses.join(", "))}</p>
                })}
                {preview.suspends.then(|| view! { <p>{t::subscription::suspends()}</p> })}
            </Callout>
        }
    });
    let payer_changes =
        preview.when == When::Renewal && preview.current.is_some_and(|c| c.payer != preview.payer);
    // Whoever is to pay from the renewal on needs an address for invoices when it agrees.
    let details = (preview.details_missing && (pays || payer_changes && own)).then(|| {
        let of = if preview.payer == Payer::Partner { place.org } else { place.customer };
        view! {
            <Callout tone=Tone::Warning>
                <p>{t::subscription::details_missing()}" "
                    <a href=format!("/admin/{of}/billing")>{t::subscription::details_link()}</a></p>
            </Callout>
        }
    });
    let seats =
        t::subscription::seats_and_people(i18n::number(preview.people), i18n::number(preview.wish.seats));
    let now = match (cancels, preview.when) {
        (true, _) => t::subscription::cancel_text().to_owned(),
        (_, When::Now) => t::subscription::now_text(words::terms(&preview.wish)),
        (_, When::Renewal) => t::subscription::renewal_text(words::terms(&preview.wish)),
        (_, When::Early) => {
            t::subscription::early_text(i18n::date(preview.effective_on), words::terms(&preview.wish))
        }
    };
    let methods = preview.methods.clone();
    let hidden = |name: &'static str, value: String| view! { <input type="hidden" name=name value=value/> };
    let path = place.path.clone();
    let tax = preview.tax;
    // Where there will be an invoice, it can carry what its payer calls the order.
    let reference = (total > 0).then(|| {
        view! {
            <Input name="purchase_ref" label=t::field::purchase_ref() hint=t::subscription::purchase_ref_hint()
                value=view.value_or("purchase_ref", &form.purchase_ref) error=view.error("purchase_ref") size=24/>
        }
    });
    view! {
        <Card heading=heading(preview.say, side, answering.is_some()) id="preview-heading">
            <p>{now}</p>
            {payer_changes.then(|| view! {
                <p>{t::subscription::payer_then(words::who_pays(preview.payer))}</p>
            })}
            {(!cancels).then(|| view! { <p class="muted">{seats}</p> })}
            {losses}
            {beyond}
            {conflicts}
            {preview.quote.filter(|q| !q.lines.is_empty()).map(|quote| view! { <Lines quote tax/> })}
            {ahead}
            {details}
            {(answering.is_some() && !own && total > 0).then(|| view! {
                <Callout><p>{t::subscription::passed_on()}</p></Callout>
            })}
            <Problems form=view/>
            <form class="form" method="post" action=call novalidate>
                {hidden("org", place.org.to_string())}
                {hidden("customer", place.customer.to_string())}
                {hidden("plan", form.plan)}
                {hidden("seats", form.seats)}
                {hidden("term", form.term)}
                {hidden("addon_units", form.addon_units)}
                {hidden("when", form.when)}
                {hidden("payer", form.payer)}
                {hidden("total", total.to_string())}
                {hidden("version", preview.version.to_string())}
                {hidden("request_key", preview.request_key)}
                {answering.map(|(change, version)| view! {
                    <input type="hidden" name="change" value=change.to_string()/>
                    <input type="hidden" name="change_version" value=version.to_string()/>
                })}
                {reference}
                {pays.then(|| view! { <Methods methods chosen=view.value("method")/> })}
                <div class="row">
                    <Button label=button variant=ButtonVariant::Primary/>
                    <LinkButton label=t::shell::cancel() href=path/>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

#[component]
fn Lines(
    /// The figures.
    quote: Quote,
    /// The tax's rate and rule.
    tax: Tax,
) -> impl IntoView {
    let money = move |minor| i18n::money(Money::new(minor, quote.currency));
    let lines = quote
        .lines
        .iter()
        .map(|line| {
            let (what, days) = words::line(line);
            view! {
                <tr>
                    <th scope="row">{what}" "<span class="muted small">{days}</span></th>
                    <td data-label=t::subscription::quantity() class="num">{i18n::number(line.quantity)}</td>
                    <td data-label=t::subscription::unit_price() class="num">{money(line.unit_price)}</td>
                    <td data-label=t::subscription::amount() class="num">{money(line.list)}</td>
                </tr>
            }
        })
        .collect_view();
    let sum = move |name: String, minor: i64| {
        view! {
            <tr><th scope="row" colspan="3">{name}</th><td class="num">{money(minor)}</td></tr>
        }
    };
    let credit = (quote.credit_days > 0).then(|| {
        let until = i18n::date(quote.after.ends_on);
        view! { <p>{t::subscription::credit_days(i64::from(quote.credit_days), until)}</p> }
    });
    view! {
        <DataTable caption=t::subscription::lines() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::subscription::what()}</th>
                    <th scope="col" class="num">{t::subscription::quantity()}</th>
                    <th scope="col" class="num">{t::subscription::unit_price()}</th>
                    <th scope="col" class="num">{t::subscription::amount()}</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
            <tfoot>
                {(quote.discount != 0).then(|| sum(t::subscription::discount().into(), -quote.discount))}
                {sum(t::subscription::net().into(), quote.net)}
                {sum(t::subscription::tax(i18n::percent(tax.bp)), quote.tax)}
                <tr>
                    <th scope="row" colspan="3"><strong>{t::subscription::total()}</strong></th>
                    <td class="num"><strong>{money(quote.total)}</strong></td>
                </tr>
            </tfoot>
        </DataTable>
        {crate::parts::invoice::words::tax_reason(tax.rule).map(|why| view! { <p class="muted small">{why}</p> })}
        {credit}
    }
    .into_any()
}

/// The renewal that lies ahead: in a sentence, and line by line.
#[component]
fn Renewal(
    /// The renewal.
    ahead: Ahead,
    /// Whether it is what the wish is about, so that its lines are open.
    opened: bool,
) -> impl IntoView {
    let next = ahead.next();
    let total = i18n::money(Money::new(next.total, ahead.quote.currency));
    let on = i18n::date(next.on);
    let short = t::subscription::next_renewal_of(on.clone(), words::terms(&next.terms), total);
    view! {
        <Facts wide=true><Fact name=t::subscription::next()>{short}</Fact></Facts>
        <details open=opened>
            <summary>{t::subscription::renewal_lines()}</summary>
            <Lines quote=ahead.quote tax=ahead.tax/>
            <p class="muted small">{t::subscription::renewal_prices(on)}</p>
        </details>
    }
    .into_any()
}

#[component]
fn Methods(
    /// What can be paid with.
    methods: Vec<MethodView>,
    /// What was chosen before.
    chosen: String,
) -> impl IntoView {
    let usual = methods.iter().find(|m| m.is_default && !m.expired).map(|m| m.id.to_string());
    let selected = if chosen.is_empty() { usual.unwrap_or_else(|| "transfer".into()) } else { chosen };
    let mut options: Vec<RadioOption> = methods
        .into_iter()
        .filter(|m| !m.expired)
        .map(|m| {
            let (month, year) = m.expires;
            RadioOption::new(m.id.to_string(), t::subscription::card(&m.brand, &m.last4))
                .hint(t::subscription::card_expires(format!("{month:02}/{year}")))
        })
        .collect();
    options.push(
        RadioOption::new("transfer", t::subscription::transfer()).hint(t::subscription::transfer_about()),
    );
    view! {
        <Radios name="method" legend=t::subscription::method() options selected/>
        <p class="muted small">{t::subscription::transfer_begins()}</p>
    }
}
