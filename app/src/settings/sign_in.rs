//! `/settings/sign-in`: the programme's providers of single sign-on.

use super::api;
use crate::{
    data::Data,
    parts::{
        load::Loaded,
        sign_in::{Manner, ProvidersPart},
    },
    t,
    ui::{ButtonVariant, Glyph, LinkButton, PageHeader},
};
use leptos::prelude::*;
use leptos_meta::Title;

const MANNER: Manner = Manner {
    path: "/settings/sign-in",
    save: "/api/settings/save_provider",
    remove: "/api/settings/remove_provider",
    org: None,
};

/// `/settings/sign-in`
#[component]
pub fn ProgrammeSignInPage() -> impl IntoView {
    let providers = Data::new(|| (), |()| api::providers());
    view! {
        <Title text=t::identity::title()/>
        <main id="content" class="content content-narrow stack-loose">
            <PageHeader heading=t::identity::title() description=t::identity::text_all()>
                <LinkButton label=t::identity::add() href="/settings/sign-in?provider=new" icon=Glyph::Plus
                    variant=ButtonVariant::Primary/>
            </PageHeader>
            <Loaded resource=providers
                view=|providers| view! { <ProvidersPart providers manner=MANNER/> }.into_any()/>
        </main>
    }
}
