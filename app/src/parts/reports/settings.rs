//! A store's settings: the time zone its days are counted in.

use super::api;
use crate::{
    admin::of_org,
    data::Data,
    form::{Problems, plain_form},
    parts::load::Loaded,
    t,
    ui::{Button, ButtonVariant, Card, PageHeader, Select, Text},
};
use leptos::prelude::*;
use leptos_meta::Title;

/// The call that saves a store's settings.
const SAVE: &str = "/api/store/save_settings";

/// `/store/{org}/settings`
#[component]
pub fn StoreSettingsPage() -> impl IntoView {
    of_org(|org| {
        let found =
            Data::new(|| (), move |()| async move { api::settings(org).await.map(|found| (org, found)) });
        view! {
            <Title text=t::store::nav_settings()/>
            <main id="content" class="content content-middle stack-loose">
                <PageHeader heading=t::store::nav_settings()/>
                <Loaded resource=found view=|(org, found)| {
                    let form = plain_form(SAVE);
                    let zones = found.zones.iter().map(|z| (Text::from(z.clone()), Text::from(z.clone()))).collect::<Vec<_>>();
                    view! {
                        <Card heading=t::report::time_zone() id="zone-heading">
                            <Problems form/>
                            <form class="form" method="post" action=SAVE>
                                <input type="hidden" name="org" value=org.to_string()/>
                                <input type="hidden" name="version" value=found.version.to_string()/>
                                <Select name="time_zone" label=t::report::time_zone() hint=t::report::time_zone_hint()
                                    options=zones selected=form.value_or("time_zone", &found.time_zone)
                                    error=form.error("time_zone")/>
                                <Button label=t::report::save() variant=ButtonVariant::Primary/>
                            </form>
                        </Card>
                    }.into_any()
                }/>
            </main>
        }
        .into_any()
    })
}
