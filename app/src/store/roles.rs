//! The roles of the store: the list, and the form of one the partner makes itself.

use crate::{
    admin::words,
    form::{FormView, Problems},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Checkbox, DataTable, Dialog, Input, LinkButton, Text, Tone,
    },
};
use kontor::{
    kernel::{
        id::OrgId,
        right::{Feature, Features, STORE_FEATURES},
    },
    partner::{StoreRole, people::BUILT_IN},
};
use leptos::prelude::*;

/// The name of the checkboxes.
const FEATURES: &str = "features[]";

/// What a role allows, in a word or two.
fn allows(feature: Feature) -> &'static str {
    t::store::lookup(&format!("may_{}", feature.key())).unwrap_or_default()
}

/// All of it, of the partner's side.
fn all_of(features: Features) -> String {
    let list: Vec<_> = features.and(Features::of(&STORE_FEATURES)).list().map(allows).collect();
    list.join(", ")
}

/// The roles that come with the programme, and the partner's own.
#[component]
pub(super) fn Roles(
    /// The partner.
    org: OrgId,
    /// Its own roles.
    roles: Vec<StoreRole>,
) -> impl IntoView {
    let built_in = BUILT_IN.map(|role| {
        view! {
            <tr>
                <th scope="row">{words::role(role)}</th>
                <td>{all_of(role.features())}</td>
                <td></td>
            </tr>
        }
    });
    let own = roles.into_iter().map(|role| view! { <Line org role/> }).collect_view();
    view! {
        <div class="stack">
            <h2 id="roles-heading">{t::store::roles()}</h2>
            <p class="muted">{t::store::roles_text()}</p>
            <DataTable caption=t::store::roles() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::store::role_name()}</th>
                        <th scope="col">{t::store::role_allows()}</th>
                        <th scope="col"><span class="visually-hidden">{t::admin::actions()}</span></th>
                    </tr>
                </thead>
                <tbody>{own}{built_in.into_iter().collect_view()}</tbody>
            </DataTable>
        </div>
    }
    .into_any()
}

#[component]
fn Line(
    /// The partner.
    org: OrgId,
    /// The role.
    role: StoreRole,
) -> impl IntoView {
    let id = format!("role-{}", role.id);
    let described = id.clone();
    let href = format!("/store/{org}/users?role={}", role.id);
    view! {
        <tr>
            <th scope="row">
                <span id=id dir="auto">{role.name}</span>" "<Badge label=t::store::own() tone=Tone::Info/>
                {(!role.description.is_empty()).then(|| view! {
                    <div class="muted small" dir="auto">{role.description}</div>
                })}
            </th>
            <td>{all_of(role.features)}</td>
            <td>
                {role.changeable.then(|| view! {
                    <LinkButton label=t::store::edit_role() href size=ButtonSize::Small described_by=described/>
                })}
            </td>
        </tr>
    }
    .into_any()
}

/// The form of a role: a new one, or one to change or delete.
#[component]
pub(super) fn EditRole(
    /// The partner.
    org: OrgId,
    /// The role; none for a new one.
    #[prop(optional_no_strip)]
    role: Option<StoreRole>,
    /// What the reader may put into it.
    givable: Features,
    /// The page without the dialog.
    close: String,
    /// The form.
    form: FormView,
    /// The form that deletes it.
    #[prop(optional)]
    delete: Option<FormView>,
) -> impl IntoView {
    let (heading, action) = match &role {
        Some(role) => (t::store::edit_role_of(&role.name), "/api/store/edit_role"),
        None => (t::store::add_role().to_owned(), "/api/store/create_role"),
    };
    let (name, description, has) = match &role {
        Some(role) => (role.name.clone(), role.description.clone(), role.features),
        None => Default::default(),
    };
    let choices = givable.list().enumerate().map(|(index, feature)| {
        // The first has the field's plain id, so that the error summary's link lands on it.
        let (id, error) = match index {
            0 => ("features".to_owned(), form.error("features").into()),
            _ => (format!("feature-{}", index + 1), MaybeProp::default()),
        };
        let checked = form.ticked(FEATURES, feature.key(), has.has(feature));
        view! { <Checkbox name=FEATURES id=id label=allows(feature) value=feature.key() checked error=error/> }
    });
    let choices = choices.collect_view();
    let of_role = |role: &StoreRole| {
        let (id, version) = (Text::from(role.id.to_string()), Text::from(role.version.to_string()));
        view! {
            <input type="hidden" name="role" value=id/>
            <input type="hidden" name="version" value=version/>
        }
    };
    let hidden = role.as_ref().map(of_role);
    let deletes = role.map(|role| {
        view! {
            <form class="stack" method="post" action="/api/store/delete_role">
                <p class="muted">{t::store::delete_role_text()}</p>
                <input type="hidden" name="org" value=org.to_string()/>
                <input type="hidden" name="role" value=role.id.to_string()/>
                <div><Button label=t::store::delete_role() variant=ButtonVariant::Danger/></div>
            </form>
        }
    });
    view! {
        <Dialog id="role-form" heading open=Signal::stored(true)
            close_href=Signal::stored(close.clone()) close_label=t::shell::close()>
            <Problems form/>
            {delete.map(|form| view! { <Problems form/> })}
            <form class="form" method="post" action=action novalidate>
                <input type="hidden" name="org" value=org.to_string()/>
                {hidden}
                <Input name="name" label=t::field::name() autocomplete="off" required=true
                    value=form.value_or("name", &name) error=form.error("name")/>
                <Input name="description" label=t::field::description() autocomplete="off"
                    marker=t::shell::optional() hint=t::store::description_hint()
                    value=form.value_or("description", &description) error=form.error("description")/>
                <fieldset class="fieldset choices">
                    <legend>{t::field::features()}</legend>
                    {choices}
                </fieldset>
                <div class="dialog-foot">
                    <LinkButton label=t::shell::cancel() href=close/>
                    <Button label=t::shell::save() variant=ButtonVariant::Primary/>
                </div>
            </form>
            {deletes}
        </Dialog>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn everything_a_role_may_hold_has_a_name_in_words() {
        for feature in STORE_FEATURES {
            assert!(!allows(feature).is_empty(), "{}", feature.key());
        }
    }
}
