//! The page around every page: document, top bar, footer.

use crate::{
    compact, i18n,
    pages::{self, Bundle},
    t,
    ui::{
        Button, ButtonSize, ButtonVariant, Callout, Glyph, NavLink, Segment, Segmented, Skeleton,
        SkeletonKind, Text, ToastRegion, Toaster, Tone, TopBar,
    },
    wire::{Boot, boot},
};
use kontor::kernel::{
    locale::{Locale, Theme},
    right::{Feature, OrgKind},
};
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{components::Router, hooks::use_location};

/// The document. Rendered on the server only; the browser takes over from `<body>` inwards, with the part of its half that
/// has the page.
pub fn shell(mut options: LeptosOptions) -> impl IntoView {
    let boot = boot();
    let bundle = Bundle::of(&boot.path).key();
    options.output_name = bundle.into();
    let theme = match boot.theme {
        Theme::System => None,
        chosen => Some(chosen.key()),
    };
    let facts = compact::to_text(&compact::to_bytes(&boot));
    let pkg = format!("/{}", options.site_pkg_dir);
    let texts = format!("{pkg}/texts-{bundle}-{}.txt", boot.locale.key());
    view! {
        <!DOCTYPE html>
        <html lang=boot.locale.key() data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/icon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=format!("{pkg}/main.css")/>
                <link rel="preload" href=texts r#as="fetch" r#type="text/plain" crossorigin="anonymous"/>
                <HydrationScripts options/>
                <MetaTags/>
                <script type="text/plain" id="boot" inner_html=facts></script>
            </head>
            <body>
                <App pages=pages::all/>
            </body>
        </html>
    }
}

/// The app with all its pages, as the server has it.
pub fn everything() -> impl IntoView {
    view! { <App pages=pages::all/> }
}

/// The app, on the server and in the browser.
#[component]
pub fn App(
    /// Its pages: all of them, or those of the browser's bundle.
    pages: fn() -> AnyView,
) -> impl IntoView {
    provide_meta_context();
    Toaster::provide();
    crate::parts::live::Live::provide();
    let boot = boot();
    Effect::new(|| {
        if let Some(root) = document().document_element() {
            // Says to tests and scripts that clicks are no longer lost.
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
    view! {
        <Title formatter=|title: String| match title.is_empty() {
            true => t::shell::product().to_owned(),
            false => format!("{title} – {}", t::shell::product()),
        }/>
        <Router>
            <div class="app">
                <a class="skip-link" href="#content">{t::shell::skip()}</a>
                <Bar boot=boot.clone()/>
                <Done boot=boot.clone()/>
                {pages()}
                <Foot boot/>
            </div>
        </Router>
        <ToastRegion dismiss_label=t::shell::dismiss()/>
    }
}

/// What was just done, on the page that came as its answer; whoever walks on from there has read it.
#[component]
fn Done(
    /// The page's facts.
    boot: Boot,
) -> impl IntoView {
    let path = use_location().pathname;
    let text = boot.done.as_deref().and_then(t::done::lookup);
    let here = Memo::new(move |before: Option<&bool>| {
        before.is_none_or(|here| *here) && path.with(|path| *path == boot.path)
    });
    move || {
        text.filter(|_| here.get()).map(|text| {
            view! {
                <div class="content notice"><Callout tone=Tone::Success live=true>{text}</Callout></div>
            }
        })
    }
}

/// The bar across the top: the surfaces this person has, language, theme, account.
#[component]
fn Bar(
    /// The page's facts.
    boot: Boot,
) -> impl IntoView {
    let path = use_location().pathname;
    let under = move |prefix: &'static str| {
        Signal::derive(move || path.with(|p| p == prefix || p.starts_with(&format!("{prefix}/"))))
    };
    let me = boot.me.clone();
    let features = me.place(OrgKind::Vendor).map(|p| p.features);
    let staff = features.is_some();
    let reviews = features.is_some_and(|f| f.has(Feature::ApplicationsView));
    let partner = me.place(OrgKind::Partner).is_some();
    let console = partner || me.place(OrgKind::Customer).is_some();
    let signed_in = me.email.is_some();
    let end = move || view! { <Account boot=boot.clone()/> };
    let (vendor, settings) = (under("/vendor"), under("/settings"));
    let programme = Signal::derive(move || vendor.get() || settings.get());
    view! {
        <TopBar
            product=t::shell::product()
            home="/"
            nav_label=t::shell::main_menu()
            menu_label=t::shell::main_menu()
            end=end
        >
            {reviews.then(|| view! { <NavLink label=t::shell::review() href="/review" current=under("/review")/> })}
            {staff.then(|| view! { <NavLink label=t::shell::vendor() href="/vendor/partners" current=programme/> })}
            {partner.then(|| view! { <NavLink label=t::shell::store() href="/store" current=under("/store")/> })}
            {console.then(|| view! { <NavLink label=t::shell::console() href="/admin" current=under("/admin")/> })}
            {(!staff && !partner).then(|| view! { <NavLink label=t::shell::apply() href="/apply" current=under("/apply")/> })}
            {(!signed_in).then(|| view! { <NavLink label=t::shell::sign_in() href="/signin" current=under("/signin")/> })}
        </TopBar>
    }
}

/// Language, theme, and the reader's account. Plain forms: they work before and without the script, and the page that
/// answers is in the new language.
#[component]
fn Account(
    /// The page's facts.
    boot: Boot,
) -> impl IntoView {
    let languages = Locale::ALL
        .iter()
        .map(|locale| Segment {
            value: locale.key().into(),
            label: i18n::own_name(*locale).into(),
            glyph: None,
        })
        .collect();
    let themes = [
        (Theme::System, t::shell::theme_system(), Glyph::System),
        (Theme::Light, t::shell::theme_light(), Glyph::Sun),
        (Theme::Dark, t::shell::theme_dark(), Glyph::Moon),
    ];
    let themes = themes
        .map(|(theme, label, glyph)| Segment {
            value: theme.key().into(),
            label: label.into(),
            glyph: Some(glyph),
        })
        .to_vec();
    let locale = boot.locale.key().to_owned();
    let theme = boot.theme.key().to_owned();
    view! {
        <form method="post" action="/api/account/set_language">
            <Segmented label=t::shell::language() name="language" segments=languages
                selected=Signal::derive(move || locale.clone())/>
        </form>
        <form method="post" action="/api/account/set_theme">
            <Segmented label=t::shell::theme() name="theme" segments=themes
                selected=Signal::derive(move || theme.clone())/>
        </form>
        {boot.me.email.is_some().then(|| view! {
            <a class="nav-link account" href="/account">{boot.me.name.clone()}</a>
            <form method="post" action="/api/account/sign_out">
                <Button label=t::shell::sign_out() variant=ButtonVariant::Quiet size=ButtonSize::Small/>
            </form>
        })}
    }
    .into_any()
}

/// The foot of every page: help is one click away.
#[component]
fn Foot(
    /// The page's facts.
    boot: Boot,
) -> impl IntoView {
    let mail = format!("mailto:{}", boot.support_email);
    view! {
        <footer class="footer">
            <nav aria-label=t::shell::help()>
                <a href="/help">{t::shell::help()}</a>
                <a href=mail>{t::shell::support(&boot.support_email)}</a>
                {boot.demo.then(|| view! {
                    <a href="/demo/mail">{t::shell::demo_mail()}</a>
                    <a href="/demo/dns">{t::shell::demo_dns()}</a>
                })}
            </nav>
            {boot.demo.then(|| view! { <p>{t::shell::demo_note()}</p> })}
        </footer>
    }
    .into_any()
}

/// What stands where nothing is.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::wire::answer_with(404);
    // Only the browser has less than everything.
    if let Some(here) = use_context::<Bundle>() {
        let location = use_location();
        let path = location.pathname.get_untracked();
        if Bundle::of(&path) != here {
            let address =
                format!("{path}{}{}", location.search.get_untracked(), location.hash.get_untracked());
            return view! { <Elsewhere address/> }.into_any();
        }
    }
    view! {
        <Title text=t::shell::not_found_title()/>
        <main id="content" class="content content-narrow stack">
            <h1>{t::shell::not_found_title()}</h1>
            <p>{t::shell::not_found_text()}</p>
            <p><a href="/">{t::shell::home_link()}</a></p>
        </main>
    }
    .into_any()
}

/// While the page of another bundle is fetched.
#[component]
fn Elsewhere(
    /// Its address.
    address: String,
) -> impl IntoView {
    Effect::new(move || {
        // Where the browser does not go, the reader can still reload.
        let _ = window().location().set_href(&address);
    });
    view! {
        <main id="content" class="content stack">
            <Skeleton kind=SkeletonKind::Lines(6) label=Text::from(t::shell::loading())/>
        </main>
    }
}
