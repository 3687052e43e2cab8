//! What plans hold and whether they are on sale, and the dialog that tells one's history and sets the next.

use super::{first_offered, href, standing};
use crate::{
    form::{FormView, Problems, plain_form},
    i18n,
    parts::catalogue::{storage, users},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Checkbox, DataTable, Dialog, Input, InputKind, LinkButton,
        Text, Tone,
    },
};
use kontor::{
    catalogue::{Catalogue, LimitsRow, PlanLimits},
    kernel::instant::Day,
    subscription::Plan,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The call of the form.
const SET: &str = "/api/settings/set_limits";

/// One row for every plan.
#[component]
pub fn Limits(
    /// The catalogue.
    catalogue: StoredValue<Catalogue>,
) -> impl IntoView {
    let rows = Plan::ALL.iter().map(|plan| catalogue.with_value(|c| line(c, *plan))).collect_view();
    view! {
        <DataTable caption=t::catalogue::limits()>
            <thead>
                <tr>
                    <th scope="col">{t::field::plan()}</th>
                    <th scope="col" class="num">{t::catalogue::users()}</th>
                    <th scope="col" class="num">{t::catalogue::storage()}</th>
                    <th scope="col" class="num">{t::catalogue::domains()}</th>
                    <th scope="col">{t::field::on_sale()}</th>
                    <th scope="col">{t::catalogue::next()}</th>
                    <th scope="col"><span class="visually-hidden">{t::setting::actions()}</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

fn line(catalogue: &Catalogue, plan: Plan) -> AnyView {
    let (now, next) = catalogue.limits(plan);
    let id = format!("plan-{plan}");
    let described = Text::from(id.clone());
    let to = href(catalogue.currency, Some(("limits", plan.to_string())));
    let next = next.map(|row| i18n::date(row.valid_from));
    view! {
        <tr>
            <th scope="row" id=id>{plan.name()}</th>
            {cells(now.map(|row| row.limits))}
            <td class="muted small">{next}</td>
            <td>
                <LinkButton label=t::setting::edit() href=to size=ButtonSize::Small described_by=described/>
            </td>
        </tr>
    }
    .into_any()
}

/// The cells of limits: users, storage, domains, on sale.
fn cells(limits: Option<PlanLimits>) -> AnyView {
    let of = |text: fn(PlanLimits) -> String| limits.map_or_else(|| t::admin::none().into(), text);
    let on_sale = match limits.is_some_and(|l| l.on_sale) {
        true => view! { <Badge label=t::setting::on() tone=Tone::Success/> },
        false => view! { <Badge label=t::setting::off()/> },
    };
    view! {
        <td class="num">{of(|l| users(l.users_max))}</td>
        <td class="num">{of(|l| storage(l.storage_gb))}</td>
        <td class="num">{of(|l| i18n::number(l.domains_max))}</td>
        <td>{on_sale}</td>
    }
    .into_any()
}

/// Open while the address names a plan.
#[component]
pub fn LimitsDialog(
    /// The catalogue.
    catalogue: StoredValue<Catalogue>,
) -> impl IntoView {
    let query = use_query_map();
    move || {
        let plan = Plan::from_key(&query.with(|q| q.get("limits"))?)?;
        Some(catalogue.with_value(|c| view! { <Edit catalogue=c.clone() plan/> }))
    }
}

#[component]
fn Edit(
    /// The catalogue.
    catalogue: Catalogue,
    /// The plan.
    plan: Plan,
) -> impl IntoView {
    let Catalogue { currency, today, .. } = catalogue;
    let form = plain_form(SET).about("plan", plan.key());
    let (now, next) = catalogue.limits(plan);
    // The form begins with what is announced last, or holds: most changes change one thing.
    let latest = catalogue.limits_of(plan).next().map(|row| row.limits);
    let first = first_offered(today, now.is_some() || next.is_some()).to_string();
    let now = now.map(|row| row.valid_from);
    let rows: Vec<LimitsRow> = catalogue.limits_of(plan).cloned().collect();
    let close = href(currency, None);
    let history = (!rows.is_empty()).then(|| {
        view! {
            <DataTable caption=t::catalogue::history()>
                <thead>
                    <tr>
                        <th scope="col">{t::field::valid_from()}</th>
                        <th scope="col" class="num">{t::catalogue::users()}</th>
                        <th scope="col" class="num">{t::catalogue::storage()}</th>
                        <th scope="col" class="num">{t::catalogue::domains()}</th>
                        <th scope="col">{t::field::on_sale()}</th>
                        <th scope="col">{t::catalogue::state()}</th>
                        <th scope="col">{t::catalogue::set_by()}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|row| past(row, now, today)).collect_view()}</tbody>
            </DataTable>
        }
    });
    view! {
        <Dialog id="limits" heading=t::catalogue::limits_of(plan.name()) open=Signal::stored(true)
            close_href=Signal::stored(close.clone()) close_label=t::shell::close()>
            <Problems form/>
            <form class="form" method="post" action=SET novalidate>
                <input type="hidden" name="plan" value=plan.key()/>
                <Fields form latest/>
                <Input name="valid_from" label=t::field::valid_from() kind=InputKind::Date
                    hint=t::catalogue::valid_from_hint() value=form.value_or("valid_from", &first)
                    error=form.error("valid_from") required=true/>
                <div class="dialog-foot">
                    <LinkButton label=t::shell::cancel() href=close/>
                    <Button label=t::catalogue::set_limits() variant=ButtonVariant::Primary/>
                </div>
            </form>
            {history}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Fields(
    /// The form.
    form: FormView,
    /// What it begins with.
    #[prop(optional_no_strip)]
    latest: Option<PlanLimits>,
) -> impl IntoView {
    let number = |of: fn(PlanLimits) -> Option<i64>| {
        latest.and_then(of).map(|number| number.to_string()).unwrap_or_default()
    };
    // An unticked box sends nothing: what was typed counts as a whole or not at all.
    let sent = !form.value("plan").is_empty();
    let on_sale = if sent { form.checked("on_sale") } else { latest.is_some_and(|l| l.on_sale) };
    view! {
        <Input name="users_max" label=t::field::users_max() kind=InputKind::Number size=8
            marker=t::shell::optional() hint=t::catalogue::users_hint()
            value=form.value_or("users_max", &number(|l| l.users_max)) error=form.error("users_max")/>
        <Input name="storage_gb" label=t::field::storage_gb() kind=InputKind::Number size=8 suffix="GB"
            value=form.value_or("storage_gb", &number(|l| Some(l.storage_gb))) error=form.error("storage_gb")
            required=true/>
        <Input name="domains_max" label=t::field::domains_max() kind=InputKind::Number size=8
            value=form.value_or("domains_max", &number(|l| Some(l.domains_max)))
            error=form.error("domains_max") required=true/>
        <Checkbox name="on_sale" label=t::field::on_sale() hint=t::catalogue::on_sale_hint() checked=on_sale/>
    }
    .into_any()
}

fn past(row: LimitsRow, now: Option<Day>, today: Day) -> AnyView {
    let badge = standing(&row, now, today);
    let id = format!("limits-{}", row.valid_from);
    let described = Text::from(id.clone());
    let withdraw = (row.valid_from > today).then(|| {
        view! {
            <form method="post" action="/api/settings/withdraw_limits">
                <input type="hidden" name="plan" value=row.plan.key()/>
                <input type="hidden" name="valid_from" value=row.valid_from.to_string()/>
                <Button label=t::catalogue::withdraw() size=ButtonSize::Small variant=ButtonVariant::Quiet
                    described_by=described/>
            </form>
        }
    });
    view! {
        <tr>
            <th scope="row" id=id>{i18n::date(row.valid_from)}</th>
            {cells(Some(row.limits))}
            <td>{badge}{withdraw}</td>
            <td class="muted small">{t::setting::by(i18n::date_time(row.at), row.by)}</td>
        </tr>
    }
    .into_any()
}
