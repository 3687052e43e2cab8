//! `/settings/entities`: who bills: the vendor's entities with address, currency, tax and the countries they bill.

use super::api;
use crate::{
    data::Data,
    form::{FormView, Problems, plain_form},
    i18n,
    parts::{choice, load::Loaded},
    t,
    ui::{
        Button, ButtonSize, ButtonVariant, DataTable, Dialog, EmptyState, Glyph, Input, InputKind,
        LinkButton, PageHeader, Select, Text, TextArea,
    },
};
use kontor::{
    application::review::percent,
    catalogue::{BillingEntity, entity::REST},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The page's path.
const PATH: &str = "/settings/entities";
/// The page with the form of a new entity.
const NEW: &str = "/settings/entities?entity=new";
/// The call of the form.
const SAVE: &str = "/api/settings/save_entity";

/// `/settings/entities`
#[component]
pub fn EntitiesPage() -> impl IntoView {
    let entities = Data::new(|| (), |()| api::entities());
    view! {
        <Title text=t::catalogue::entities_title()/>
        <main id="content" class="content stack">
            <PageHeader heading=t::catalogue::entities_title() description=t::catalogue::entities_text()>
                <LinkButton label=t::catalogue::entity_add() href=NEW icon=Glyph::Plus
                    variant=ButtonVariant::Primary/>
            </PageHeader>
            <Loaded resource=entities view=|entities| view! { <List entities/> }.into_any()/>
        </main>
    }
}

#[component]
fn List(
    /// The entities.
    entities: Vec<BillingEntity>,
) -> impl IntoView {
    let query = use_query_map();
    let all = StoredValue::new(entities.clone());
    let dialog = move || {
        let key = query.with(|q| q.get("entity"))?;
        let entity = all.with_value(|all| all.iter().find(|e| e.key == key).cloned());
        (entity.is_some() || key == "new").then(|| view! { <Edit entity/> })
    };
    let none = entities.is_empty();
    view! {
        // Without script an open dialog is a section of the page: before the list nobody has to look for it.
        {dialog}
        {match none {
            true => view! {
                <EmptyState glyph=Glyph::Building heading=t::catalogue::first_title()
                    text=t::catalogue::entities_none()>
                    <LinkButton label=t::catalogue::entity_add() href=NEW/>
                </EmptyState>
            }.into_any(),
            false => view! { <Table entities/> }.into_any(),
        }}
    }
    .into_any()
}

#[component]
fn Table(
    /// The entities.
    entities: Vec<BillingEntity>,
) -> impl IntoView {
    view! {
        <DataTable caption=t::catalogue::entities_title() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::field::company_name()}</th>
                    <th scope="col">{t::field::country()}</th>
                    <th scope="col">{t::field::currency()}</th>
                    <th scope="col" class="num">{t::catalogue::tax()}</th>
                    <th scope="col">{t::field::countries()}</th>
                    <th scope="col"><span class="visually-hidden">{t::setting::actions()}</span></th>
                </tr>
            </thead>
            <tbody>{entities.into_iter().map(line).collect_view()}</tbody>
        </DataTable>
    }
    .into_any()
}

fn line(entity: BillingEntity) -> impl IntoView + use<> {
    let id = format!("entity-{}", entity.key);
    let described = Text::from(id.clone());
    view! {
        <tr>
            <th scope="row">
                <span id=id dir="auto">{entity.name.clone()}</span>
                <span class="beneath small"><code>{entity.key.clone()}</code></span>
            </th>
            <td>{choice::country(&entity.country)}</td>
            <td>{entity.currency.key()}</td>
            <td class="num">{i18n::percent(entity.tax_bp)}</td>
            <td>{billed(&entity)}</td>
            <td>
                <LinkButton label=t::setting::edit() href=format!("{PATH}?entity={}", entity.key)
                    size=ButtonSize::Small described_by=described/>
            </td>
        </tr>
    }
}

/// The countries an entity bills, in words: a few by name, many by code.
fn billed(entity: &BillingEntity) -> String {
    let named: Vec<&String> = entity.countries.iter().filter(|code| *code != REST).collect();
    let few = named.len() <= 4;
    let mut words: Vec<String> =
        named.into_iter().map(|code| if few { choice::country(code) } else { code.clone() }).collect();
    if words.len() < entity.countries.len() {
        words.push(t::catalogue::all_others().into());
    }
    if words.is_empty() { t::admin::none().into() } else { words.join(", ") }
}

#[component]
fn Edit(
    /// The entity; none for a new one.
    #[prop(optional_no_strip)]
    entity: Option<BillingEntity>,
) -> impl IntoView {
    let version = entity.as_ref().map_or(0, |e| e.version).to_string();
    let form = plain_form(SAVE);
    // A new one is known by having no version. One that is there is not: whoever comes second has an older one, and is
    // to be told.
    let form = match &entity {
        Some(entity) => form.about("entity_key", &entity.key),
        None => form.about("version", &version),
    };
    let heading =
        entity.as_ref().map_or_else(|| t::catalogue::entity_add().into(), |e| Text::from(e.name.clone()));
    view! {
        <Dialog id="entity" heading open=Signal::stored(true) close_href=Signal::stored(PATH.to_owned())
            close_label=t::shell::close()>
            <Problems form/>
            <form class="form" method="post" action=SAVE novalidate>
                <input type="hidden" name="version" value=version/>
                <Fields form entity/>
                <div class="dialog-foot">
                    <LinkButton label=t::shell::cancel() href=PATH/>
                    <Button label=t::shell::save() variant=ButtonVariant::Primary/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Fields(
    /// The form.
    form: FormView,
    /// The entity; none for a new one.
    #[prop(optional_no_strip)]
    entity: Option<BillingEntity>,
) -> impl IntoView {
    let known = entity.is_some();
    let of = |name: &str, get: fn(&BillingEntity) -> String| {
        form.value_or(name, &entity.as_ref().map(get).unwrap_or_default())
    };
    let currency = of("currency", |e| e.currency.to_string());
    let currencies = match &entity {
        // For good: invoices and commission are in it.
        Some(entity) => vec![(Text::from(entity.currency.key()), Text::from(entity.currency.key()))],
        None => choice::currencies(),
    };
    view! {
        <Input name="entity_key" label=t::field::entity_key() size=8 maxlength=8 hint=t::catalogue::key_hint()
            value=of("entity_key", |e| e.key.clone()) error=form.error("entity_key") readonly=known required=true/>
        <Input name="company_name" label=t::field::company_name()
            value=of("company_name", |e| e.name.clone()) error=form.error("company_name") required=true/>
        <Input name="street" label=t::field::street()
            value=of("street", |e| e.street.clone()) error=form.error("street") required=true/>
        <div class="form-grid">
            <Input name="postal_code" label=t::field::postal_code() size=12
                value=of("postal_code", |e| e.postal_code.clone()) error=form.error("postal_code")/>
            <Input name="city" label=t::field::city()
                value=of("city", |e| e.city.clone()) error=form.error("city") required=true/>
        </div>
        <Select name="country" label=t::field::country() placeholder=t::catalogue::choose()
            options=choice::countries() selected=of("country", |e| e.country.clone())
            error=form.error("country") required=true/>
        <Input name="vat_id" label=t::field::vat_id() marker=t::shell::optional()
            value=of("vat_id", |e| e.vat_id.clone()) error=form.error("vat_id")/>
        <Input name="email" label=t::field::email() kind=InputKind::Email hint=t::catalogue::entity_email_hint()
            value=of("email", |e| e.email.clone()) error=form.error("email") required=true/>
        <div class="form-grid">
            <Select name="currency" label=t::field::currency() options=currencies selected=currency
                hint=t::catalogue::currency_hint() error=form.error("currency") required=true/>
            <Input name="tax_rate" label=t::field::tax_rate() inputmode="decimal" size=6 suffix="%"
                hint=t::catalogue::tax_hint() value=of("tax_rate", |e| percent(e.tax_bp))
                error=form.error("tax_rate") required=true/>
            <Input name="iban" label=t::field::iban() marker=t::shell::optional()
                value=of("iban", |e| e.iban.clone()) error=form.error("iban")/>
            <Input name="bic" label=t::field::bic() marker=t::shell::optional() size=12
                value=of("bic", |e| e.bic.clone()) error=form.error("bic")/>
        </div>
        <TextArea name="countries" label=t::field::countries() rows=2 hint=t::catalogue::countries_hint()
            value=of("countries", |e| e.countries.join(" ")) error=form.error("countries")/>
    }
    .into_any()
}
