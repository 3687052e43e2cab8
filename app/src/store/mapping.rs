//! `/store/{org}/mapping`: how customers that are there already become the partner's (domain.md section 4).

use super::api;
use crate::{
    admin::of_org,
    data::Data,
    form::{FormView, Problems, plain_form},
    i18n,
    parts::{address::address, load::Loaded},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Callout, Card, Copyable, DataTable, EmptyState, Glyph,
        Input, InputKind, LinkButton, PageHeader, TextArea, Tone,
    },
};
use kontor::{
    kernel::id::{MappingRequestId, OrgId},
    mapping::{CodeView, MAX_ASKED, MapPage, RequestStatus, RequestView},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Where the file with many addresses is sent.
pub const ASK_MANY: &str = "/api/store/ask_customers";

/// `/store/{org}/mapping`, and with `?before={request}` the older requests.
#[component]
pub fn MappingPage() -> impl IntoView {
    of_org(|org| {
        let query = use_query_map();
        let before = Memo::new(move |_| {
            query.with(|q| q.get("before").and_then(|id| id.parse::<MappingRequestId>().ok()))
        });
        let page = Data::new(
            move || before.get(),
            move |before| async move { api::map_page(org, before).await.map(|page| (org, page)) },
        );
        view! {
            <Title text=t::mapping::title()/>
            <main id="content" class="content content-middle stack-loose">
                <PageHeader heading=t::mapping::title() description=t::mapping::description()/>
                <Loaded resource=page view=|(org, page)| view! { <Ways org page/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn Ways(
    /// The partner.
    org: OrgId,
    /// Its code and its requests.
    page: MapPage,
) -> impl IntoView {
    let MapPage { code, requests, before, request_key } = page;
    let many_key = request_key.clone();
    let ask = plain_form("/api/store/ask_customer");
    let change = plain_form("/api/store/change_code");
    let token = plain_form("/api/store/use_token");
    view! {
        <Card heading=t::mapping::ask_heading() id="ask">
            <p>{t::mapping::ask_text()}</p>
            <Problems form=ask/>
            <form class="form" method="post" action="/api/store/ask_customer" novalidate>
                <input type="hidden" name="org" value=org.to_string()/>
                <input type="hidden" name="request_key" value=ask.value_or("request_key", &request_key)/>
                <Input name="email" label=t::mapping::email() kind=InputKind::Email autocomplete="off"
                    value=ask.value("email") error=ask.error("email") required=true/>
                <TextArea name="message" label=t::mapping::note() hint=t::mapping::note_hint() rows=3 maxlength=500
                    marker=t::shell::optional() value=ask.value("message") error=ask.error("message")/>
                <p><Button label=t::mapping::ask() variant=ButtonVariant::Primary/></p>
            </form>
        </Card>
        <Many org request_key=many_key/>
        <Code org code form=change/>
        <Card heading=t::mapping::token_heading() id="use-token">
            <p>{t::mapping::token_text()}</p>
            <Problems form=token/>
            <form class="form" method="post" action="/api/store/use_token" novalidate>
                <input type="hidden" name="org" value=org.to_string()/>
                <Input name="customer_token" label=t::mapping::token() autocomplete="off"
                    value=token.value("customer_token") error=token.error("customer_token") required=true/>
                <p><Button label=t::mapping::use_token()/></p>
            </form>
        </Card>
        <Requests org requests before/>
    }
    .into_any()
}

#[component]
fn Many(
    /// The partner.
    org: OrgId,
    /// Key of the form.
    request_key: String,
) -> impl IntoView {
    let form = plain_form(ASK_MANY);
    let query = use_query_map();
    let done = query.with_untracked(|q| {
        let number = |name: &str| q.get(name).and_then(|n| n.parse::<i64>().ok());
        number("asked").zip(number("open"))
    });
    view! {
        <Card heading=t::mapping::many_heading() id="ask-many">
            {done.map(|(asked, open)| view! {
                <Callout tone=Tone::Success>
                    <p>{t::mapping::many_asked(i18n::number(asked), i18n::number(open))}</p>
                </Callout>
            })}
            <p>{t::mapping::many_text(i18n::number(i64::from(MAX_ASKED)))}</p>
            <Problems form/>
            <form class="form" method="post" enctype="multipart/form-data" novalidate
                action=address(ASK_MANY, vec![("org", org.to_string())])>
                <input type="hidden" name="request_key" value=request_key/>
                <div class="field">
                    <label for="file">{t::mapping::file()}</label>
                    <input id="file" type="file" name="file" accept=".csv,.txt,text/csv,text/plain" required/>
                </div>
                <TextArea name="many_message" label=t::mapping::note() hint=t::mapping::note_hint() rows=3
                    maxlength=500 marker=t::shell::optional() value=form.value("many_message")
                    error=form.error("many_message")/>
                <p><Button label=t::mapping::ask_many()/></p>
            </form>
        </Card>
    }
    .into_any()
}

#[component]
fn Code(
    /// The partner.
    org: OrgId,
    /// Its code.
    code: Option<CodeView>,
    /// The form that changes it.
    form: FormView,
) -> impl IntoView {
    let version = code.as_ref().map_or(0, |code| code.version);
    let label = if code.is_some() { t::mapping::change_code() } else { t::mapping::make_code() };
    view! {
        <Card heading=t::mapping::code_heading() id="code">
            <p>{t::mapping::code_text()}</p>
            {match code {
                Some(code) => view! {
                    <div class="stack">
                        <Copyable id="partner-code" label=t::mapping::code() value=code.code
                            copy_label=t::shell::copy() copied_label=t::shell::copied()/>
                        <Copyable id="partner-link" label=t::mapping::link() value=code.link
                            copy_label=t::shell::copy() copied_label=t::shell::copied()/>
                    </div>
                }
                .into_any(),
                None => view! { <p class="muted">{t::mapping::no_code()}</p> }.into_any(),
            }}
            <Problems form/>
            <form class="form" method="post" action="/api/store/change_code" novalidate>
                <input type="hidden" name="org" value=org.to_string()/>
                <input type="hidden" name="version" value=version.to_string()/>
                <Input name="partner_code" label=t::mapping::new_code() hint=t::mapping::new_code_hint()
                    marker=t::shell::optional() autocomplete="off" value=form.value("partner_code")
                    error=form.error("partner_code")/>
                <p><Button label/></p>
            </form>
        </Card>
    }
    .into_any()
}

#[component]
fn Requests(
    /// The partner.
    org: OrgId,
    /// Its requests, newest first.
    requests: Vec<RequestView>,
    /// The last one shown, if there are more.
    before: Option<MappingRequestId>,
) -> impl IntoView {
    let older = before.map(|id| format!("/store/{org}/mapping?before={id}#requests"));
    let none = requests.is_empty();
    view! {
        <div class="stack" id="requests">
            <h2 id="requests-heading">{t::mapping::requests()}</h2>
            {match none {
                true => view! {
                    <EmptyState glyph=Glyph::Mail heading=t::mapping::no_requests_title()
                        text=t::mapping::no_requests_text()/>
                }
                .into_any(),
                false => view! {
                    <DataTable caption=t::mapping::requests() caption_hidden=true>
                        <thead>
                            <tr>
                                <th scope="col">{t::field::email()}</th>
                                <th scope="col">{t::mapping::status()}</th>
                                <th scope="col">{t::mapping::asked_on()}</th>
                                <th scope="col">{t::mapping::asked_by()}</th>
                                <th scope="col">{t::mapping::until()}</th>
                                <th scope="col"><span class="visually-hidden">{t::mapping::act()}</span></th>
                            </tr>
                        </thead>
                        <tbody>
                            {requests.into_iter().map(|request| view! { <Line org request/> }).collect_view()}
                        </tbody>
                    </DataTable>
                }
                .into_any(),
            }}
            {older.map(|href| view! { <p><LinkButton label=t::mapping::older() href/></p> })}
        </div>
    }
    .into_any()
}

#[component]
fn Line(
    /// The partner.
    org: OrgId,
    /// One of its requests.
    request: RequestView,
) -> impl IntoView {
    let (status, tone) = match request.status {
        RequestStatus::Open => (t::mapping::open(), Tone::Info),
        RequestStatus::Approved => (t::mapping::approved(), Tone::Success),
        RequestStatus::Denied => (t::mapping::denied(), Tone::Danger),
        RequestStatus::Expired => (t::mapping::expired(), Tone::Neutral),
        RequestStatus::Cancelled => (t::mapping::cancelled(), Tone::Neutral),
        RequestStatus::Superseded => (t::mapping::superseded(), Tone::Neutral),
    };
    let open = request.status == RequestStatus::Open;
    view! {
        <tr>
            <td>
                {request.email}
                {request.customer.map(|(customer, name)| view! {
                    <br/>
                    <a href=format!("/store/{org}/customers/{customer}")><span dir="auto">{name}</span></a>
                })}
            </td>
            <td><Badge label=status tone/></td>
            <td class="nowrap">{i18n::date_time(request.asked_at)}</td>
            <td>{request.asked_by}</td>
            <td class="nowrap">{i18n::date(request.until)}</td>
            <td>
                {open.then(|| view! {
                    <form method="post" action="/api/store/take_back_request">
                        <input type="hidden" name="org" value=org.to_string()/>
                        <input type="hidden" name="request" value=request.id.to_string()/>
                        <Button label=t::mapping::take_back() size=ButtonSize::Small/>
                    </form>
                })}
            </td>
        </tr>
    }
    .into_any()
}
