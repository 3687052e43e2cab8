//! `/admin/{org}/sign-in`: the organisation's own providers of single sign-on.

use super::{api, of_org};
use crate::{
    data::Data,
    parts::{
        load::Loaded,
        sign_in::{Manner, ProvidersPart},
    },
    t,
    ui::{ButtonVariant, Glyph, LinkButton, PageHeader},
};
use kontor::{identity::Providers, kernel::id::OrgId};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/admin/{org}/sign-in`
#[component]
pub fn SignInSettingsPage() -> impl IntoView {
    of_org(|org| {
        let providers = Data::new(|| (), move |()| api::providers(org));
        view! {
            <Title text=t::identity::title()/>
            <main id="content" class="content content-narrow stack-loose">
                <PageHeader heading=t::identity::title() description=t::identity::text()>
                    <LinkButton label=t::identity::add() href=format!("/admin/{org}/sign-in?provider=new")
                        icon=Glyph::Plus variant=ButtonVariant::Primary/>
                </PageHeader>
                <Loaded resource=providers view=|(org, providers)| view! { <List org providers/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn List(
    /// The organisation.
    org: OrgId,
    /// Its providers.
    providers: Providers,
) -> impl IntoView {
    let manner = Manner {
        path: "/sign-in",
        save: "/api/admin/save_provider",
        remove: "/api/admin/remove_provider",
        org: Some(org),
    };
    view! { <ProvidersPart providers manner/> }.into_any()
}
