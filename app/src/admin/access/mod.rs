//! `/admin/{org}/partner-access`: who may act on the organisation's behalf, and what they did.

pub mod api;
mod choose;
mod give;
pub mod parties;

use super::{of_org, words};
use crate::{
    data::Data,
    i18n,
    parts::{
        load::Loaded,
        terms::{self, opens},
    },
    t,
    ui::{
        Badge, Button, ButtonVariant, Callout, Card, DataTable, Dialog, EmptyState, Fact, Facts, Glyph,
        LinkButton, PageHeader, Tone,
    },
};
use api::PartnerAccess;
use choose::{Choosing, Questions, Usual};
use give::{AccessQuestions, Change, Give};
use kontor::{
    delegation::{AccessOverview, Act, GrantKind, GrantStatus, GrantView},
    kernel::id::{GrantId, OrgId},
    mapping::OwnPartner,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use parties::Parties;

/// `/admin/{org}/partner-access`, and with `?revoke={grant}` the question before a grant is ended.
#[component]
pub fn AccessPage() -> impl IntoView {
    of_org(|org| {
        let query = use_query_map();
        let asked = Memo::new(move |_| {
            query.with(|q| {
                (q.get("partner_code").unwrap_or_default(), q.get("token").and_then(|id| id.parse().ok()))
            })
        });
        let access = Data::new(
            move || asked.get(),
            move |(code, token)| async move {
                api::partner_access(org, code, token).await.map(|access| (org, access))
            },
        );
        view! {
            <Title text=t::admin::nav_access()/>
            <main id="content" class="content content-middle stack-loose">
                <PageHeader heading=t::admin::nav_access() description=t::admin::access_text()/>
                <Loaded resource=access view=|(org, access)| view! { <Overview org access/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn Overview(
    /// The organisation.
    org: OrgId,
    /// Its partner, its grants, and what it decides about them.
    access: PartnerAccess,
) -> impl IntoView {
    let PartnerAccess { overview, consents, typed, found, wrong } = access;
    let AccessOverview { parties, requests, grants, could_have, usual, caps, may_give, may_revoke } =
        overview;
    let (partner, may_leave) = (consents.partner.clone(), consents.may_leave);
    let may_choose = consents.may;
    let nobody = grants.is_empty();
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|q| q.get("change")));
    let changes = |g: &&GrantView| may_give && g.kind == GrantKind::Agreed && g.status == GrantStatus::Active;
    let changeable: Vec<GrantView> = grants.iter().filter(changes).cloned().collect();
    let most = caps.clone();
    let changing = move || {
        let grant = changeable.iter().find(|g| asked.with(|id| id.as_deref() == Some(&*g.id.to_string())));
        grant.cloned().map(|grant| view! { <Change org grant caps=most.clone()/> })
    };
    let start = Usual { form: usual.clone(), caps: caps.clone() };
    let active: Vec<(GrantId, String)> = grants
        .iter()
        .filter(|g| may_revoke && g.status == GrantStatus::Active)
        .map(|g| (g.id, g.partner_name.clone()))
        .collect();
    view! {
        // Without script an open dialog is a section of the page: before the grants nobody has to look for it.
        {active.into_iter().map(|(grant, partner)| view! { <Revoke org grant partner/> }).collect_view()}
        {changing}
        <Questions org questions=consents.questions.clone() may=may_choose usual=start.clone()/>
        <AccessQuestions org requests caps=caps.clone() may=may_give/>
        <Parties org parties/>
        {partner.map(|partner| view! { <Partner org partner may_leave/> })}
        {grants.into_iter().map(|grant| view! { <Grant org grant may_give may_revoke/> }).collect_view()}
        {nobody.then(|| view! {
            <EmptyState glyph=Glyph::Shield heading=t::admin::no_access_title() text=t::admin::no_access_text()/>
        })}
        {could_have.map(|partner| view! { <Give org partner start=usual caps/> })}
        {may_choose.then(|| view! { <Choosing org found typed wrong consents usual=start/> })}
    }
    .into_any()
}

/// The partner the organisation belongs to, and the way out.
#[component]
fn Partner(
    /// The organisation.
    org: OrgId,
    /// Its partner.
    partner: OwnPartner,
    /// Whether the reader may leave it.
    may_leave: bool,
) -> impl IntoView {
    let OwnPartner { mapping: id, name, since, pays_from, ends_on, .. } = partner;
    let query = use_query_map();
    let open =
        Signal::derive(move || query.with(|q| q.get("leave").is_some_and(|asked| asked == id.to_string())));
    let shown = pays_from.map(|day| day.to_string()).unwrap_or_default();
    let back = format!("/admin/{org}/partner-access");
    let close = back.clone();
    let (heading, text) = (t::admin::leave_heading(&name), t::admin::leave_text(&name));
    let about = t::admin::own_partner_text(&name);
    let pays_text = pays_from.map(|day| t::admin::leave_pays(i18n::date(day), &name));
    let dialog = may_leave.then(|| {
        let pays = pays_text.map(|text| view! { <p>{text}</p> });
        view! {
            <Dialog id="leave" heading open=open
                close_href=Signal::derive(move || close.clone()) close_label=t::shell::close()>
                <p>{text}</p>
                {pays}
                <form class="dialog-foot row" method="post" action="/api/admin/leave_partner">
                    <input type="hidden" name="org" value=org.to_string()/>
                    <input type="hidden" name="mapping" value=id.to_string()/>
                    <input type="hidden" name="shown" value=shown/>
                    <Button label=t::admin::leave_partner() variant=ButtonVariant::Danger/>
                    <LinkButton label=t::shell::cancel() href=back.clone()/>
                </form>
            </Dialog>
        }
    });
    view! {
        {dialog}
        <Card heading=t::admin::own_partner() id="own-partner">
            <Facts wide=true>
                <Fact name=t::admin::partner_name()><span dir="auto">{name}</span></Fact>
                <Fact name=t::admin::since()>{i18n::date(since.day())}</Fact>
            </Facts>
            {ends_on.map(|day| view! {
                <Callout tone=Tone::Warning><p>{t::admin::partner_leaves(i18n::date(day))}</p></Callout>
            })}
            <p class="muted">{about}</p>
            {may_leave.then(|| view! {
                <p>
                    <LinkButton label=t::admin::leave_partner() variant=ButtonVariant::Danger
                        href=format!("/admin/{org}/partner-access?leave={id}")/>
                </p>
            })}
        </Card>
    }
    .into_any()
}

#[component]
fn Grant(
    /// The organisation.
    org: OrgId,
    /// The grant.
    grant: GrantView,
    /// Whether the reader may change it or give it again.
    may_give: bool,
    /// Whether the reader may end it.
    may_revoke: bool,
) -> impl IntoView {
    let (status, tone) = match grant.status {
        GrantStatus::Active => (t::admin::grant_active(), Tone::Success),
        GrantStatus::Revoked => (t::admin::grant_revoked(), Tone::Neutral),
        GrantStatus::Expired => (t::admin::grant_expired(), Tone::Neutral),
    };
    let active = grant.status == GrantStatus::Active;
    let may = grant.capabilities.iter().map(|f| words::capability(*f)).collect::<Vec<_>>().join(", ");
    let opened = opens(&grant.capabilities);
    let agreed = grant.kind == GrantKind::Agreed;
    let changes = active && agreed && may_give;
    let restorable = grant.restorable.then(|| (grant.id, grant.form.days.clone()));
    let last = grant.last_entry.map(|(at, who)| format!("{}, {}", i18n::date_time(at), words::actor(&who)));
    let id = format!("grant-{}", grant.id);
    view! {
        <Card heading=grant.partner_name id=id aside=move || view! {
            {(!agreed).then(|| view! { <Badge label=t::access::break_glass_badge() tone=Tone::Danger/> })}
            <Badge label=status tone/>
        }>
            <Facts wide=true>
                <Fact name=t::admin::since()>{i18n::date(grant.from.day())}</Fact>
                <Fact name=t::admin::granted_by()>{words::actor(&grant.granted_by)}</Fact>
                {match grant.ended_at {
                    Some(at) => view! {
                        <Fact name=t::admin::ended()>
                            {i18n::date_time(at)}{grant.ended_by.map(|who| format!(", {}", words::actor(&who)))}
                        </Fact>
                    }.into_any(),
                    None => view! { <Fact name=t::admin::until()>{i18n::date_time(grant.until)}</Fact> }.into_any(),
                }}
                <Fact name=t::admin::may()>{may}</Fact>
                <Fact name=t::access::opened()>{opened}</Fact>
                {if agreed {
                    view! { <Fact name=t::access::renewal()>{terms::renewal(grant.renewal)}</Fact> }.into_any()
                } else {
                    view! { <Fact name=t::access::reason()><span dir="auto">{grant.reason}</span></Fact> }.into_any()
                }}
                <Fact name=t::admin::last_entry()>{last.unwrap_or_else(|| t::admin::never().into())}</Fact>
                {(!grant.open.is_empty()).then(|| view! {
                    <Fact name=t::admin::in_now()>
                        <ul class="list-plain">
                            {grant.open.into_iter().map(|stay| view! {
                                <li>{t::admin::stay(stay.email, i18n::date_time(stay.opened_at), i18n::date_time(stay.seen_at))}</li>
                            }).collect_view()}
                        </ul>
                    </Fact>
                })}
            </Facts>
            {(changes || active && may_revoke).then(|| view! {
                <p class="row">
                    {changes.then(|| view! {
                        <LinkButton label=t::access::change()
                            href=format!("/admin/{org}/partner-access?change={}#change", grant.id)/>
                    })}
                    {(active && may_revoke).then(|| view! {
                        <LinkButton label=t::admin::revoke() variant=ButtonVariant::Danger
                            href=format!("/admin/{org}/partner-access?revoke={}", grant.id)/>
                    })}
                </p>
            })}
            {restorable.map(|(id, days)| view! {
                <form class="stack-tight" method="post" action="/api/admin/restore_access">
                    <input type="hidden" name="org" value=org.to_string()/>
                    <input type="hidden" name="grant" value=id.to_string()/>
                    <p class="muted">{t::access::restore_text(days)}</p>
                    <p><Button label=t::access::restore()/></p>
                </form>
            })}
            <Acts acts=grant.acts/>
        </Card>
    }
    .into_any()
}

#[component]
fn Acts(
    /// What was done, newest first.
    acts: Vec<Act>,
) -> impl IntoView {
    if acts.is_empty() {
        return ().into_any();
    }
    view! {
        <DataTable caption=t::admin::acts()>
            <thead>
                <tr>
                    <th scope="col">{t::admin::when()}</th>
                    <th scope="col">{t::admin::who()}</th>
                    <th scope="col">{t::admin::what()}</th>
                    <th scope="col">{t::admin::target()}</th>
                </tr>
            </thead>
            <tbody>
                {acts.into_iter().map(|act| view! {
                    <tr>
                        <td class="nowrap">{i18n::date_time(act.at)}</td>
                        <td>{words::actor(&act.actor)}</td>
                        <td>{words::happened(&act.action)}</td>
                        <td dir="auto">{act.target}</td>
                    </tr>
                }).collect_view()}
            </tbody>
        </DataTable>
    }
    .into_any()
}

#[component]
fn Revoke(
    /// The organisation.
    org: OrgId,
    /// The grant.
    grant: GrantId,
    /// The partner's name.
    partner: String,
) -> impl IntoView {
    let query = use_query_map();
    let open =
        Signal::derive(move || query.with(|q| q.get("revoke").is_some_and(|id| id == grant.to_string())));
    let back = format!("/admin/{org}/partner-access");
    let close = back.clone();
    view! {
        <Dialog id=format!("revoke-{grant}") heading=t::admin::revoke_heading(&partner) open=open
            close_href=Signal::derive(move || close.clone()) close_label=t::shell::close()>
            <p>{t::admin::revoke_text(&partner)}</p>
            <form class="dialog-foot row" method="post" action="/api/admin/revoke_access">
                <input type="hidden" name="org" value=org.to_string()/>
                <input type="hidden" name="grant" value=grant.to_string()/>
                <Button label=t::admin::revoke() variant=ButtonVariant::Danger/>
                <LinkButton label=t::shell::cancel() href=back/>
            </form>
        </Dialog>
    }
    .into_any()
}
