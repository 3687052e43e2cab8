//! `/admin/{org}/mail`: what holds for an organisation's mail, and the lamps of all its domains.

use super::{
    domains::{api, lamps::badges},
    of_org,
};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{live::use_changes, load::Loaded},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Callout, Card, Checkbox, DataTable, EmptyState, Fact,
        Facts, Glyph, Input, InputKind, LinkButton, PageHeader, TextArea, Tone,
    },
};
use kontor::{
    domain::mail::settings::{DomainLamps, FOOTER_MAX, KEEP_DAYS_MAX, MailPage as Page, MailSettings},
    kernel::id::OrgId,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// The call of the form.
const SAVE: &str = "/api/admin/save_mail";

/// `/admin/{org}/mail`
#[component]
pub fn MailPage() -> impl IntoView {
    of_org(|org| {
        let changes = use_changes(org, &["domain", "mail"]);
        let page = Data::new(move || changes.get(), move |_| api::mail_settings(org));
        view! {
            <Title text=t::mailflow::title()/>
            <main id="content" class="content content-narrow stack-loose">
                <PageHeader heading=t::mailflow::title() description=t::mailflow::text()/>
                <Loaded resource=page view=|page| view! { <Shown page/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn Shown(
    /// What holds.
    page: Page,
) -> impl IntoView {
    let Page { org, settings, attachment_max, named, domains, may_edit, sees_domains } = page;
    let gone = settings.catch_all_gone.then(|| {
        view! { <Callout tone=Tone::Warning><p>{t::mailflow::catch_all_gone()}</p></Callout> }
    });
    let settings = match may_edit {
        true => view! { <Edit org settings attachment_max/> }.into_any(),
        false => view! { <Read settings/> }.into_any(),
    };
    view! {
        <Card heading=t::mailflow::domains() id="domains">
            <Overview org domains named sees_domains/>
        </Card>
        <Card heading=t::mailflow::settings() id="settings">
            {gone}
            {settings}
        </Card>
    }
    .into_any()
}

#[component]
fn Overview(
    /// The organisation.
    org: OrgId,
    /// The held domains.
    domains: Vec<DomainLamps>,
    /// Whether the vendor has named its servers.
    named: bool,
    /// Whether the reader sees the domains' own pages.
    sees_domains: bool,
) -> impl IntoView {
    if !named {
        return view! { <Callout tone=Tone::Warning><p>{t::mailflow::unnamed()}</p></Callout> }.into_any();
    }
    if domains.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Globe heading=t::mailflow::no_domains_heading()
                text=t::mailflow::no_domains_text()/>
        }
        .into_any();
    }
    let line = move |domain: DomainLamps| {
        let id = format!("mail-{}", domain.name.ascii);
        let looked = domain.looked_at.map_or_else(|| t::domain::not_checked().to_owned(), i18n::date_time);
        let page = sees_domains.then(|| {
            view! {
                <LinkButton label=t::mailflow::records() href=format!("/admin/{org}/domains/{}", domain.id)
                    size=ButtonSize::Small described_by=id.clone()/>
            }
        });
        view! {
            <tr>
                <th scope="row" id=id>
                    {domain.name.to_string()}
                    {domain.is_primary.then(|| view! { " " <Badge label=t::domain::primary()/> })}
                </th>
                <td>{badges(domain.lamps.into_iter().map(|look| (look.lamp, look.state)))}</td>
                <td>{looked}</td>
                <td>{page}</td>
            </tr>
        }
    };
    view! {
        <DataTable caption=t::mailflow::lamps() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::field::domain()}</th>
                    <th scope="col">{t::mailflow::lamps()}</th>
                    <th scope="col">{t::mailflow::looked_at()}</th>
                    <th scope="col"><span class="visually-hidden">{t::domain::actions()}</span></th>
                </tr>
            </thead>
            <tbody>{domains.into_iter().map(line).collect_view()}</tbody>
        </DataTable>
    }
    .into_any()
}

#[component]
fn Edit(
    /// The organisation.
    org: OrgId,
    /// What holds.
    settings: MailSettings,
    /// The largest attachment there may be.
    attachment_max: i64,
) -> impl IntoView {
    let form = plain_form(SAVE);
    let MailSettings {
        catch_all, forwarding, outside_notice, attachment_mb, footer, keep_days, version, ..
    } = settings;
    let catch_all = form.value_or("catch_all", catch_all.as_deref().unwrap_or_default());
    view! {
        <Problems form/>
        <form class="form" method="post" action=SAVE novalidate>
            <input type="hidden" name="org" value=org.to_string()/>
            <input type="hidden" name="version" value=version.to_string()/>
            <Input name="catch_all" label=t::field::catch_all() kind=InputKind::Email marker=t::shell::optional()
                hint=t::mailflow::catch_all_hint() value=catch_all error=form.error("catch_all")/>
            <Checkbox name="forwarding" label=t::field::forwarding() hint=t::mailflow::forwarding_hint()
                checked=form.ticked("forwarding", "true", forwarding)/>
            <Checkbox name="outside_notice" label=t::field::outside_notice() hint=t::mailflow::outside_notice_hint()
                checked=form.ticked("outside_notice", "true", outside_notice)/>
            <Input name="attachment_mb" label=t::field::attachment_mb() kind=InputKind::Number size=6
                hint=t::mailflow::attachment_hint(i18n::number(attachment_max)) required=true
                value=form.value_or("attachment_mb", &attachment_mb.to_string()) error=form.error("attachment_mb")/>
            <TextArea name="footer" label=t::field::footer() marker=t::shell::optional()
                hint=t::mailflow::footer_hint(i18n::number(FOOTER_MAX.into()))
                value=form.value_or("footer", &footer) error=form.error("footer")/>
            <Input name="keep_days" label=t::field::keep_days() kind=InputKind::Number size=6
                hint=t::mailflow::keep_hint(i18n::number(KEEP_DAYS_MAX)) required=true
                value=form.value_or("keep_days", &keep_days.to_string()) error=form.error("keep_days")/>
            <div class="form-actions"><Button label=t::shell::save() variant=ButtonVariant::Primary/></div>
        </form>
    }
    .into_any()
}

#[component]
fn Read(
    /// What holds.
    settings: MailSettings,
) -> impl IntoView {
    let yes = |on: bool| if on { t::mailflow::yes() } else { t::mailflow::no() };
    let footer = match settings.footer.is_empty() {
        true => t::mailflow::none().to_owned(),
        false => settings.footer,
    };
    view! {
        <p>{t::mailflow::settings_read()}</p>
        <Facts wide=true>
            <Fact name=t::field::catch_all()>
                {settings.catch_all.unwrap_or_else(|| t::mailflow::nobody().to_owned())}
            </Fact>
            <Fact name=t::field::forwarding()>{yes(settings.forwarding)}</Fact>
            <Fact name=t::field::outside_notice()>{yes(settings.outside_notice)}</Fact>
            <Fact name=t::field::attachment_mb()>{i18n::number(settings.attachment_mb)}</Fact>
            <Fact name=t::field::footer()><span class="keep-lines break">{footer}</span></Fact>
            <Fact name=t::field::keep_days()>{i18n::number(settings.keep_days)}</Fact>
        </Facts>
    }
    .into_any()
}
