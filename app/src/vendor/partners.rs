//! `/vendor/partners`: all partners; tier, rate, suspending and reactivating.

use super::{api, rates::Rates};
use crate::{
    data::Data,
    form::{FormView, Problems, plain_form},
    i18n,
    parts::{address::address, choice, load::Loaded},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Checkbox, DataTable, Dialog, EmptyState, FilterChip,
        FilterChips, Glyph, Input, LinkButton, PageHeader, Pagination, SearchBox, Select, Text,
    },
};
use kontor::{
    application::review::percent,
    partner::{PartnerPage as Page, PartnerQuery, PartnerRow, PartnerStatus, Tier},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
    params::ParamsMap,
};

/// The list's path.
const PATH: &str = "/vendor/partners";

/// `/vendor/partners`
#[component]
pub fn PartnersPage() -> impl IntoView {
    let search = use_location().search;
    let page = Data::new(move || search.get(), api::partners);
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(asked));
    let navigate = use_navigate();
    // The field stays while the list under it changes: whoever types keeps the focus.
    let on_search = Callback::new(move |text: String| {
        let query = PartnerQuery { q: text.trim().to_owned(), ..query.get_untracked().first_page() };
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        navigate(&address(PATH, query.pairs()), options);
    });
    let keep = query.get_untracked().first_page().pairs().into_iter().filter(|(name, _)| *name != "q");
    let keep = keep.map(|(name, value)| (Text::from(name), Text::from(value))).collect();
    view! {
        <Title text=t::partner::title()/>
        <main id="content" class="content stack">
            <PageHeader heading=t::partner::title()/>
            <SearchBox label=t::partner::search() submit_label=t::review::search_button() action=PATH
                value=Signal::derive(move || query.with(|q| q.q.clone()))
                placeholder=t::partner::search_placeholder() keep on_search/>
            <Loaded resource=page
                view=|(query, page, may_change)| view! { <List query page may_change/> }.into_any()/>
        </main>
    }
}

/// The query of the address.
fn asked(map: &ParamsMap) -> PartnerQuery {
    PartnerQuery::from_pairs(map.into_iter().map(|(name, value)| (name.as_ref(), value)))
}

#[component]
fn List(
    /// What was asked for.
    query: PartnerQuery,
    /// What there is.
    page: Page,
    /// Whether the reader may change partners.
    may_change: bool,
) -> impl IntoView {
    let form = plain_form("/api/vendor/change_partner");
    let first = query.first_page();
    let chip = |status: Option<PartnerStatus>| FilterChip {
        label: status.map_or_else(t::review::all, choice::partner_status).into(),
        count: None,
        href: address(PATH, PartnerQuery { status, ..first.clone() }.pairs()).into(),
        current: query.status == status,
    };
    let chips: Vec<FilterChip> =
        [None].into_iter().chain(PartnerStatus::ALL.iter().copied().map(Some)).map(chip).collect();
    let next = page.next.map(|org| address(PATH, PartnerQuery { after: Some(org), ..first.clone() }.pairs()));
    let previous =
        page.previous.map(|org| address(PATH, PartnerQuery { before: Some(org), ..first.clone() }.pairs()));
    let close = address(PATH, query.pairs());
    // Which dialog is open is in the address, so that it works without script.
    let wanted = use_query_map().with_untracked(|q| q.get("change").or(q.get("suspend")));
    let suspending = use_query_map().with_untracked(|q| q.get("suspend").is_some());
    let row = page.rows.iter().find(|row| may_change && Some(row.org.to_string()) == wanted).cloned();
    let none = page.rows.is_empty();
    view! {
        // Without script an open dialog is a section of the page: before the list nobody has to look for it.
        {match row {
            Some(row) => {
                let form = form.about("partner", &row.org.to_string());
                match suspending {
                    true => view! { <Suspend row close form/> }.into_any(),
                    false => view! { <Change row close form/> }.into_any(),
                }
            }
            None => view! { <Problems form/> }.into_any(),
        }}
        <FilterChips label=t::review::filter_status() chips=Signal::stored(chips)/>
        {match none {
            true => view! { <Nothing narrowed=query != PartnerQuery::default()/> }.into_any(),
            false => view! { <Table rows=page.rows query=query.clone() may_change/> }.into_any(),
        }}
        <Pagination label=t::review::paging() previous_label=t::review::previous() next_label=t::review::next()
            previous next/>
    }
}

#[component]
fn Nothing(
    /// Whether a search, a filter or a place in the list is in force.
    narrowed: bool,
) -> impl IntoView {
    match narrowed {
        true => view! {
            <EmptyState glyph=Glyph::Search heading=t::partner::none_title() text=t::review::none_text()>
                <LinkButton label=t::partner::show_all() href=PATH/>
            </EmptyState>
        }
        .into_any(),
        false => view! {
            <EmptyState glyph=Glyph::Building heading=t::partner::empty_title() text=t::partner::empty_text()/>
        }
        .into_any(),
    }
}

#[component]
fn Table(
    /// The partners.
    rows: Vec<PartnerRow>,
    /// What was asked for.
    query: PartnerQuery,
    /// Whether the reader may change them.
    may_change: bool,
) -> impl IntoView {
    let rows = rows.into_iter().map(|row| line(row, &query, may_change)).collect_view();
    view! {
        <DataTable caption=t::partner::title() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::partner::col_name()}</th>
                    <th scope="col">{t::review::col_status()}</th>
                    <th scope="col">{t::partner::col_type()} ", " {t::partner::col_terms()}</th>
                    <th scope="col">{t::review::col_country()}</th>
                    <th scope="col">{t::partner::col_since()}</th>
                    <th scope="col"><span class="visually-hidden">{t::partner::change()}</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
}

fn line(row: PartnerRow, query: &PartnerQuery, may_change: bool) -> impl IntoView + use<> {
    let id = format!("partner-{}", row.org);
    let with = |name: &'static str| {
        let mut pairs = query.pairs();
        pairs.push((name, row.org.to_string()));
        address(PATH, pairs)
    };
    let (change, suspend) = (with("change"), with("suspend"));
    let stopped = matches!(row.status, PartnerStatus::Suspended | PartnerStatus::Inactive);
    let running = row.status.is_in_business();
    let (org, version) = (row.org.to_string(), row.version.to_string());
    let terms = {
        let rate = row.rate_bp.map_or_else(|| t::partner::no_own_rate().to_owned(), i18n::percent);
        t::partner::terms(row.currency, rate, choice::tier(row.tier))
    };
    view! {
        <tr>
            <th scope="row">
                <span id=id.clone()>{row.name}</span>
                <div class="muted small">
                    {row.company_domain}
                    {row.application.map(|a| view! { " · " <a href=format!("/review/{a}")>{t::partner::application()}</a> })}
                </div>
            </th>
            <td><Badge label=choice::partner_status(row.status) tone=choice::partner_status_tone(row.status)/></td>
            <td>
                {choice::partner_type(row.partner_type)}
                <span class="beneath">{terms}</span>
                {row.manager.map(|name| view! { <div class="muted small">{t::partner::managed_by(name)}</div> })}
            </td>
            <td>{choice::country(&row.country)}</td>
            <td class="nowrap">{i18n::date(row.since.day())}</td>
            <td>{may_change.then(|| view! {
                <div class="stack stack-tight">
                    <LinkButton label=t::partner::change() href=change size=ButtonSize::Small described_by=id.clone()/>
                    {running.then(|| view! {
                        <LinkButton label=t::partner::suspend() href=suspend size=ButtonSize::Small described_by=id.clone()/>
                    })}
                    {stopped.then(|| view! {
                        <form method="post" action="/api/vendor/change_partner">
                            <input type="hidden" name="partner" value=org/>
                            <input type="hidden" name="version" value=version/>
                            <Button label=t::partner::reactivate() name="status" value="active"
                                size=ButtonSize::Small described_by=id/>
                        </form>
                    })}
                </div>
            })}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Change(
    /// The partner.
    row: PartnerRow,
    /// The page without the dialog.
    close: String,
    /// The form.
    form: FormView,
) -> impl IntoView {
    view! {
        <Dialog id="change" heading=t::partner::change_title(row.name) open=Signal::stored(true)
            close_href=Signal::stored(close.clone()) close_label=t::shell::close()>
            <Problems form/>
            <form class="form" method="post" action="/api/vendor/change_partner" novalidate>
                <input type="hidden" name="partner" value=row.org.to_string()/>
                <input type="hidden" name="version" value=row.version.to_string()/>
                <Select name="tier" label=t::field::tier() options=choice::options(Tier::ALL, choice::tier)
                    selected=form.value_or("tier", row.tier.key()) error=form.error("tier")/>
                <Input name="rate" label=t::field::rate() inputmode="decimal" size=6
                    value=form.value_or("rate", &row.rate_bp.map(percent).unwrap_or_default()) error=form.error("rate")/>
                <Checkbox name="no_rate" label=t::partner::no_own_rate_choice() checked=row.rate_bp.is_none()/>
                <div class="dialog-foot">
                    <LinkButton label=t::shell::cancel() href=close/>
                    <Button label=t::shell::save() variant=ButtonVariant::Primary/>
                </div>
            </form>
            <Rates org=row.org/>
        </Dialog>
    }
    .into_any()
}

/// Suspending asks once more and says what is lost.
#[component]
fn Suspend(
    /// The partner.
    row: PartnerRow,
    /// The page without the dialog.
    close: String,
    /// The form.
    form: FormView,
) -> impl IntoView {
    view! {
        <Dialog id="suspend" heading=t::partner::suspend_title(row.name) open=Signal::stored(true)
            close_href=Signal::stored(close.clone()) close_label=t::shell::close()>
            <Problems form/>
            <p>{t::partner::suspend_text()}</p>
            <form class="dialog-foot" method="post" action="/api/vendor/change_partner">
                <input type="hidden" name="partner" value=row.org.to_string()/>
                <input type="hidden" name="version" value=row.version.to_string()/>
                <LinkButton label=t::shell::cancel() href=close/>
                <Button label=t::partner::suspend() name="status" value="suspended" variant=ButtonVariant::Danger/>
            </form>
        </Dialog>
    }
    .into_any()
}
