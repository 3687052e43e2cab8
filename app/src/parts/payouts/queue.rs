//! `/vendor/payouts`: what partners asked for, on its way to their banks.

use super::{EXPORT, Queue, api, earlier_invoices, words};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{address::address, load::Loaded},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Checkbox, DataTable, Dialog, EmptyState, Fact, Facts,
        Glyph, Input, InputKind, LinkButton, PageHeader, Select, Text, button_class,
    },
};
use kontor::payout::{PayoutQuery, PayoutRow, PayoutStatus};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const PATH: &str = "/vendor/payouts";
const DECIDE: &str = "/api/vendor/decide_payout";
const MARK: &str = "/api/vendor/mark_payouts";
/// The id of the form that takes the chosen payouts.
const FILE_FORM: &str = "file-form";

/// `/vendor/payouts`
#[component]
pub fn VendorPayoutsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| PayoutQuery::from_pairs(q.latest_values().map(|(k, v)| (k.as_ref(), v))))
    });
    let open = Memo::new(move |_| query.with(|q| q.get("payout")).unwrap_or_default());
    let queue = Data::new(
        move || (asked.get(), open.get()),
        |(query, open)| async move { api::all_payouts(query.clone(), open).await.map(|queue| (query, queue)) },
    );
    view! {
        <Title text=t::store::nav_payouts()/>
        <main id="content" class="content stack">
            <PageHeader heading=t::store::nav_payouts() description=t::payout::vendor_text()>
                <LinkButton label=t::payout::export() href=EXPORT icon=Glyph::Download
                    rel="external"/>
                {move || {
                    let mut pairs = PayoutQuery { after: None, ..asked.get() }.pairs();
                    pairs.push(("format", "csv".to_owned()));
                    view! { <LinkButton label=t::report::csv() href=address(PATH, pairs) icon=Glyph::Download rel="external"/> }
                }}
            </PageHeader>
            <Loaded resource=queue view=|(query, queue)| view! { <Shown query queue/> }.into_any()/>
        </main>
    }
    .into_any()
}

#[component]
fn Shown(
    /// What is looked for.
    query: PayoutQuery,
    /// What was found.
    queue: Queue,
) -> impl IntoView {
    let Queue { page, open, today } = queue;
    let here = query.pairs();
    let close = address(PATH, query.pairs());
    let decide = open.map(|row| view! { <Decide row close/> });
    let export = plain_form(EXPORT);
    let marks = plain_form(MARK);
    let choosable = page.rows.iter().any(choosable);
    let of_one = query.partner.map(|org| {
        let row = page.rows.iter().find(|row| row.partner == org);
        let name = row.map_or_else(|| t::payout::one_partner().to_owned(), |row| row.partner_name.clone());
        let everybody = address(PATH, PayoutQuery { partner: None, after: None, ..query.clone() }.pairs());
        view! { <p>{t::payout::only_partner(name)} " " <a href=everybody>{t::payout::all_partners()}</a></p> }
    });
    let statuses = PayoutStatus::ALL.iter().map(|s| (Text::from(s.key()), Text::from(words::status(*s).0)));
    let next = page.next.map(|after| {
        let query = PayoutQuery { after: Some(after), ..query.clone() };
        address(PATH, query.pairs())
    });
    let line = |row| view! { <Line row query=query.clone() here=here.clone()/> };
    let rows = page.rows.into_iter().map(line).collect::<Vec<_>>();
    let table = match rows.is_empty() {
        true => view! {
            <EmptyState glyph=Glyph::Payment heading=t::payout::none_title() text=t::payout::queue_empty()/>
        }
        .into_any(),
        false => view! {
            <DataTable caption=t::store::nav_payouts() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col"><span class="visually-hidden">{t::payout::choose()}</span></th>
                        <th scope="col">{t::payout::number()}</th>
                        <th scope="col">{t::payout::partner()}</th>
                        <th scope="col">{t::payout::requested_on()}</th>
                        <th scope="col" class="num">{t::payment::amount()}</th>
                        <th scope="col">{t::payment::invoice()}</th>
                        <th scope="col">{t::payment::status()}</th>
                        <th scope="col"><span class="visually-hidden">{t::payment::actions()}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any(),
    };
    view! {
        {decide}
        <Problems form=export/>
        <Problems form=marks/>
        {of_one}
        <form class="row" method="get" action=PATH>
            {query.partner.map(|org| view! { <input type="hidden" name="partner" value=org.to_string()/> })}
            <Select name="status" label=t::payment::status() options=statuses.collect() placeholder=t::payment::all()
                selected=query.status.map(|s| s.to_string()).unwrap_or_default()/>
            <Button label=t::payment::filter()/>
        </form>
        {table}
        {choosable.then(|| view! {
            <form class="row" id=FILE_FORM method="get" action=PATH>
                <input type="hidden" name="format" value="pain001"/>
                <input type="hidden" name="chosen" value="1"/>
                <Input name="on" label=t::payout::carried_out_on() kind=InputKind::Date
                    value=export.value_or("on", &today.plus(1).to_string()) error=export.error("on")/>
                <Checkbox name="again" label=t::payout::export_again() checked=false/>
                <Button label=t::payout::export_chosen()/>
            </form>
            <div class="row">
                <button class=button_class(ButtonVariant::Secondary, ButtonSize::Regular) type="submit" form=FILE_FORM
                    formaction=MARK formmethod="post" name="act" value="sent">{t::payout::mark_chosen_sent()}</button>
                <button class=button_class(ButtonVariant::Secondary, ButtonSize::Regular) type="submit" form=FILE_FORM
                    formaction=MARK formmethod="post" name="act" value="paid">{t::payout::mark_chosen_paid()}</button>
            </div>
        })}
        {next.map(|href| view! { <p><LinkButton label=t::payment::next_page() href/></p> })}
    }
    .into_any()
}

/// That it is in a file for the bank already, and by whom.
fn exported(row: &PayoutRow) -> Option<String> {
    let (at, by) = row.exported.clone()?;
    Some(t::payout::exported(i18n::date_time(at), by))
}

fn file(row: &PayoutRow) -> Option<AnyView> {
    let href = format!("{PATH}/{}/invoice", row.id);
    let number = row.invoice.as_ref()?.number.clone();
    Some(view! { <a href=href rel="external">{number}</a> }.into_any())
}

/// Whether something can be done with several of its kind at once: given to the bank, or noted what became of it there.
fn choosable(row: &PayoutRow) -> bool {
    matches!(row.status, PayoutStatus::Approved | PayoutStatus::Sent)
}

#[component]
fn Line(
    /// The payout.
    row: PayoutRow,
    /// What is looked for.
    query: PayoutQuery,
    /// The parameters of the page.
    here: Vec<(&'static str, String)>,
) -> impl IntoView {
    let (label, tone) = words::status(row.status);
    let mut pairs = here;
    pairs.push(("payout", row.id.to_string()));
    let (invoice, href) = (file(&row), address(PATH, pairs));
    let exported = exported(&row);
    let theirs = address(PATH, PayoutQuery { partner: Some(row.partner), after: None, ..query }.pairs());
    let tick = choosable(&row).then(|| {
        let id = row.id.to_string();
        let name = t::payout::choose_one(&row.number);
        view! { <input type="checkbox" name="id[]" value=id form=FILE_FORM aria-label=name/> }
    });
    view! {
        <tr>
            <td>{tick}</td>
            <th scope="row">{row.number}</th>
            <td data-label=t::payout::partner() dir="auto"><a href=theirs>{row.partner_name}</a></td>
            <td data-label=t::payout::requested_on() class="nowrap">{i18n::date(row.requested_at.day())}</td>
            <td data-label=t::payment::amount() class="num">{i18n::money(row.amount)}</td>
            <td data-label=t::payment::invoice()>{invoice}</td>
            <td data-label=t::payment::status()><Badge label tone/>{exported.map(|said| view! { <div class="muted small">{said}</div> })}</td>
            <td><LinkButton label=t::payout::open() href size=ButtonSize::Small/></td>
        </tr>
    }
    .into_any()
}

/// What finance can do with a payout at its stage.
#[component]
fn Decide(
    /// The payout.
    row: PayoutRow,
    /// The page without the dialog.
    close: String,
) -> impl IntoView {
    let id = row.id.to_string();
    let form = plain_form(DECIDE).about("payout", &id);
    let invoice = file(&row);
    let exported = exported(&row);
    let lines = address(&format!("/vendor/commissions/{}", row.partner), vec![("payout", id.clone())]);
    let earlier = earlier_invoices(&format!("{PATH}/{id}/invoice"), &row.earlier);
    let uploaded = row.invoice.as_ref().map(|i| (i18n::date(i.issued_on), i.file_name.clone()));
    let status = row.status;
    let button = |act: &'static str, label: &'static str, variant| {
        view! { <Button label name="act" value=act variant/> }.into_any()
    };
    use ButtonVariant::{Danger, Primary};
    let (note, buttons) = match status {
        PayoutStatus::Requested | PayoutStatus::UnderReview => (
            Some(("reason", t::payout::reason())),
            vec![
                button("reject", t::payout::reject(), Danger),
                button("approve", t::payout::approve(), Primary),
            ],
        ),
        PayoutStatus::Approved => (
            Some(("reference", t::payout::reference())),
            vec![button("sent", t::payout::mark_sent(), Primary)],
        ),
        PayoutStatus::Sent => (
            Some(("reason", t::payout::reason())),
            vec![
                button("failed", t::payout::mark_failed(), Danger),
                button("paid", t::payout::mark_paid(), Primary),
            ],
        ),
        PayoutStatus::Failed => (None, vec![button("approve", t::payout::approve_again(), Primary)]),
        _ => (None, Vec::new()),
    };
    let note = note.map(|(name, label)| {
        view! { <Input name label value=form.value(name) error=form.error(name)/> }
    });
    view! {
        <Dialog id="decide" heading=row.number open=Signal::stored(true)
            close_href=Signal::stored(close) close_label=t::shell::close()>
            <Problems form/>
            <Facts>
                <Fact name=t::payout::partner()>{row.partner_name}</Fact>
                <Fact name=t::payment::amount()><strong>{i18n::money(row.amount)}</strong></Fact>
                <Fact name=t::payout::lines()><a href=lines>{i18n::number(row.lines)}</a></Fact>
                <Fact name=t::payout::bank_file()>{exported}</Fact>
                <Fact name=t::payout::earlier_invoices()>{earlier}</Fact>
                <Fact name=t::payout::account()>{format!("•••• {}", row.account_last4)}</Fact>
                <Fact name=t::payment::invoice()>{invoice}</Fact>
                <Fact name=t::payout::invoice_date()>{uploaded.map(|(on, name)| format!("{on}, {name}"))}</Fact>
                <Fact name=t::payout::requested_by()>{row.requested_by}</Fact>
                <Fact name=t::payout::reference()>{row.reference}</Fact>
                <Fact name=t::payout::reason()>{row.reject_reason}</Fact>
            </Facts>
            <form class="form" method="post" action=DECIDE novalidate>
                <input type="hidden" name="payout" value=id/>
                <input type="hidden" name="version" value=row.version.to_string()/>
                {note}
                <div class="dialog-foot">{buttons}</div>
            </form>
        </Dialog>
    }
    .into_any()
}
