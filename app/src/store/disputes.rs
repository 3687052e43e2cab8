//! `/store/{org}/disputes`: claims that an organisation is the partner's customer (domain.md section 4, flow D).

use super::api;
use crate::{
    admin::of_org,
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{address::address, dispute, load::Loaded},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Card, EmptyState, Fact, Facts, Glyph, Input, LinkButton,
        PageHeader, TextArea,
    },
};
use kontor::{
    kernel::id::{DisputeId, OrgId},
    mapping::{DisputeStatus, DisputeView},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Where a claim with its file is sent.
pub const OPEN_DISPUTE: &str = "/api/store/open_dispute";

/// `/store/{org}/disputes`, and with `?before={dispute}` the older ones.
#[component]
pub fn DisputesPage() -> impl IntoView {
    of_org(|org| {
        let query = use_query_map();
        let before =
            Memo::new(move |_| query.with(|q| q.get("before").and_then(|id| id.parse::<DisputeId>().ok())));
        let page = Data::new(
            move || before.get(),
            move |before| async move { api::disputes(org, before).await.map(|page| (org, page)) },
        );
        view! {
            <Title text=t::dispute::title()/>
            <main id="content" class="content content-middle stack-loose">
                <PageHeader heading=t::dispute::title() description=t::dispute::description()/>
                <Loaded resource=page view=|(org, page)| view! { <Everything org page/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn Everything(
    /// The partner.
    org: OrgId,
    /// Its disputes.
    page: api::Disputes,
) -> impl IntoView {
    let api::Disputes { rows, next, request_key } = page;
    let form = plain_form(OPEN_DISPUTE);
    let older = next.map(|id| format!("/store/{org}/disputes?before={id}"));
    let none = rows.is_empty();
    view! {
        <Card heading=t::dispute::open_heading() id="open-dispute">
            <p>{t::dispute::open_text()}</p>
            <Problems form/>
            <form class="form" method="post" enctype="multipart/form-data" novalidate
                action=address(OPEN_DISPUTE, vec![("org", org.to_string())])>
                <input type="hidden" name="request_key" value=form.value_or("request_key", &request_key)/>
                <Input name="about" label=t::dispute::about() hint=t::dispute::about_hint() autocomplete="off"
                    value=form.value("about") error=form.error("about") required=true/>
                <TextArea name="statement" label=t::dispute::statement() hint=t::dispute::statement_hint() rows=5
                    maxlength=4000 value=form.value("statement") error=form.error("statement") required=true/>
                <div class="field">
                    <label for="file">{t::dispute::file()}</label>
                    <p class="hint" id="file-hint">{t::dispute::file_hint()}</p>
                    <input id="file" type="file" name="file" accept="application/pdf,image/png,image/jpeg"
                        aria-describedby="file-hint" required/>
                </div>
                <p><Button label=t::dispute::open() variant=ButtonVariant::Primary/></p>
            </form>
        </Card>
        <div class="stack">
            <h2>{t::dispute::yours()}</h2>
            {none.then(|| view! {
                <EmptyState glyph=Glyph::Mail heading=t::dispute::none_title() text=t::dispute::none_text()/>
            })}
            {rows.into_iter().map(|row| view! { <One org row/> }).collect_view()}
            {older.map(|href| view! { <p><LinkButton label=t::dispute::older() href/></p> })}
        </div>
    }
    .into_any()
}

#[component]
fn One(
    /// The partner.
    org: OrgId,
    /// One of its disputes.
    row: DisputeView,
) -> impl IntoView {
    let (status, tone) = dispute::status(row.status);
    let open = row.status == DisputeStatus::Open;
    let id = format!("dispute-{}", row.id);
    view! {
        <Card heading=row.about id=id aside=move || view! { <Badge label=status tone/> }>
            <Facts wide=true>
                <Fact name=t::dispute::opened()>{i18n::date_time(row.opened_at)}", "{row.opened_by}</Fact>
                {row.decided_at.map(|at| view! { <Fact name=t::dispute::decided()>{i18n::date_time(at)}</Fact> })}
            </Facts>
            <p class="keep-lines" dir="auto">{row.statement}</p>
            {(!row.reason.is_empty()).then(|| view! { <blockquote class="quote" dir="auto">{row.reason}</blockquote> })}
            {row.customer.map(|customer| view! {
                <p><LinkButton label=t::dispute::to_customer() href=format!("/store/{org}/customers/{customer}")/></p>
            })}
            {open.then(|| view! {
                <form method="post" action="/api/store/withdraw_dispute">
                    <input type="hidden" name="org" value=org.to_string()/>
                    <input type="hidden" name="dispute" value=row.id.to_string()/>
                    <Button label=t::dispute::withdraw() size=ButtonSize::Small/>
                </form>
            })}
        </Card>
    }
    .into_any()
}
