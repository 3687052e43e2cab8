//! `/settings`: the programme's rules.

use super::api;
use crate::{
    data::Data,
    form::{FormView, Problems, plain_form},
    i18n,
    parts::load::Loaded,
    t,
    ui::{
        Button, ButtonSize, ButtonVariant, Checkbox, DataTable, Dialog, Input, InputKind, LinkButton,
        PageHeader, Select, Text,
    },
};
use kontor::{
    application::review::percent,
    domain::mail::DmarcPolicy,
    setting::{SettingRow, Shape},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The page's path.
const PATH: &str = "/settings";
/// The call of the form.
const CHANGE: &str = "/api/settings/change_setting";

/// `/settings`
#[component]
pub fn SettingsPage() -> impl IntoView {
    let rows = Data::new(|| (), |()| api::settings());
    view! {
        <Title text=t::setting::title()/>
        <main id="content" class="content stack">
            <PageHeader heading=t::setting::title() description=t::setting::intro()/>
            <Loaded resource=rows view=|rows| view! { <Table rows/> }.into_any()/>
        </main>
    }
}

/// What a policy is called.
fn label(key: &str) -> &'static str {
    t::setting::lookup(&format!("rule_{key}")).unwrap_or_default()
}

/// A stored value as a reader writes it.
fn shown(shape: Shape, value: &str) -> String {
    match shape {
        Shape::Switch if value == "true" => t::setting::on().into(),
        Shape::Switch => t::setting::off().into(),
        Shape::Number { .. } => value.parse().map_or_else(|_| value.to_owned(), i18n::number),
        Shape::OpenPercent | Shape::OpenText if value.is_empty() => t::setting::left_open().into(),
        Shape::Percent | Shape::OpenPercent => value.parse().map_or_else(|_| value.to_owned(), i18n::percent),
        Shape::Text | Shape::OpenText | Shape::Dmarc => value.to_owned(),
    }
}

#[component]
fn Table(
    /// The policies.
    rows: Vec<SettingRow>,
) -> impl IntoView {
    let form = plain_form(CHANGE);
    // Which dialog is open is in the address, so that it works without script.
    let query = use_query_map();
    let all = StoredValue::new(rows.clone());
    let dialog = move || {
        let key = query.with(|q| q.get("edit"))?;
        let row = all.with_value(|rows| rows.iter().find(|row| row.key == key).cloned())?;
        let form = form.about("key", &row.key);
        Some(view! { <Edit row form/> })
    };
    view! {
        // Without script an open dialog is a section of the page: before the list nobody has to look for it.
        {dialog}
        <DataTable caption=t::setting::title() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::setting::name()}</th>
                    <th scope="col">{t::setting::current()}</th>
                    <th scope="col">{t::setting::default_()}</th>
                    <th scope="col">{t::setting::changed()}</th>
                    <th scope="col"><span class="visually-hidden">{t::setting::actions()}</span></th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(|row| view! { <Line row/> }).collect_view()}</tbody>
        </DataTable>
    }
    .into_any()
}

#[component]
fn Line(
    /// The policy.
    row: SettingRow,
) -> impl IntoView {
    let id = format!("rule-{}", row.key);
    let described = id.clone();
    let changed =
        row.changed.map(|(who, when)| t::setting::by(i18n::date_time(when), who)).unwrap_or_default();
    let current = shown(row.shape, &row.current);
    view! {
        <tr>
            <th scope="row" id=id>{label(&row.key)}</th>
            <td>{match row.current == row.default {
                true => current.into_any(),
                false => view! { <strong>{current}</strong> }.into_any(),
            }}</td>
            <td class="muted">{shown(row.shape, &row.default)}</td>
            <td class="muted small">{changed}</td>
            <td>
                <LinkButton label=t::setting::edit() href=format!("{PATH}?edit={}", row.key)
                    size=ButtonSize::Small described_by=described/>
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn Edit(
    /// The policy.
    row: SettingRow,
    /// The form.
    form: FormView,
) -> impl IntoView {
    let name = label(&row.key);
    let typed = match row.shape {
        Shape::Percent | Shape::OpenPercent => row.current.parse().map(percent).unwrap_or_default(),
        _ => row.current.clone(),
    };
    let value = form.value_or("value", &typed);
    let field = match row.shape {
        Shape::Switch => view! {
            <Checkbox name="value" label=name checked=row.current == "true" error=form.error("value")/>
        }
        .into_any(),
        Shape::Number { min, max } => view! {
            <Input name="value" label=name kind=InputKind::Number size=8 value required=true
                hint=t::setting::range(i18n::number(max), i18n::number(min)) error=form.error("value")/>
        }
        .into_any(),
        Shape::Percent => view! {
            <Input name="value" label=name inputmode="decimal" size=8 value required=true suffix="%"
                error=form.error("value")/>
        }
        .into_any(),
        Shape::OpenPercent => view! {
            <Input name="value" label=name inputmode="decimal" size=8 value suffix="%"
                hint=t::setting::left_open_hint() error=form.error("value")/>
        }
        .into_any(),
        Shape::Text => view! {
            <Input name="value" label=name value required=true error=form.error("value")/>
        }
        .into_any(),
        Shape::OpenText => view! {
            <Input name="value" label=name value kind=InputKind::Url error=form.error("value")/>
        }
        .into_any(),
        Shape::Dmarc => {
            let options = DmarcPolicy::ALL.iter().map(|p| (p.key().into(), p.key().into())).collect();
            view! { <Select name="value" label=name options selected=value error=form.error("value")/> }
                .into_any()
        }
    };
    let differs = row.current != row.default;
    let (key, was) = (Text::from(row.key), Text::from(row.current));
    view! {
        <Dialog id="edit" heading=t::setting::edit_title() open=Signal::stored(true)
            close_href=Signal::stored(PATH.to_owned()) close_label=t::shell::close()>
            <Problems form/>
            <form class="form" method="post" action=CHANGE novalidate>
                <input type="hidden" name="key" value=key/>
                <input type="hidden" name="was" value=was/>
                {field}
                <div class="dialog-foot">
                    {differs.then(|| view! {
                        <Button label=t::setting::back_to_default() name="default" value="true"
                            variant=ButtonVariant::Quiet/>
                    })}
                    <LinkButton label=t::shell::cancel() href=PATH/>
                    <Button label=t::shell::save() variant=ButtonVariant::Primary/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use kontor::setting::Policy;

    #[test]
    fn every_policy_has_a_name_in_words() {
        for key in Policy::KEYS {
            assert!(!label(key).is_empty(), "{key}");
        }
    }
}
