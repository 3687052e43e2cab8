use super::{Glyph, Icon, Text, browser};
use leptos::{children::ViewFnOnce, ev, html, prelude::*};

/// For clicks around a folded menu: following a link folds it again. With script the page changes below the menu, and
/// no new page comes with a closed one.
fn folding(fold: NodeRef<html::Details>) -> impl Fn(ev::MouseEvent) {
    move |event| {
        if browser::is_on_link(&event)
            && let Some(fold) = fold.get_untracked()
        {
            fold.set_open(false);
        }
    }
}

/// The bar across the top of every page. Below 60rem links and settings fold into a menu that opens without script.
#[component]
pub fn TopBar(
    /// The programme's name.
    #[prop(into)]
    product: Text,
    /// Where the name leads.
    #[prop(into)]
    home: Text,
    /// Accessible name of the links.
    #[prop(into)]
    nav_label: Text,
    /// What opens the folded menu.
    #[prop(into)]
    menu_label: Text,
    /// Language, theme, account: what stands at the end.
    #[prop(optional, into)]
    end: Option<ViewFnOnce>,
    /// The links, as [`NavLink`]s.
    children: Children,
) -> impl IntoView {
    let fold = NodeRef::<html::Details>::new();
    view! {
        <header class="topbar" on:click=folding(fold)>
            <a class="brand" href=home><Icon glyph=Glyph::Building/>{product}</a>
            <details class="fold" node_ref=fold><summary><Icon glyph=Glyph::Menu/>{menu_label}</summary></details>
            <div class="topbar-menu">
                <nav class="topbar-nav" aria-label=nav_label>{children()}</nav>
                {end.map(|end| view! { <div class="topbar-end">{end.run()}</div> })}
            </div>
        </header>
    }
    .into_any()
}

/// The pane at the left of a console. Below 60rem it folds into a menu above the page, which opens without script.
#[component]
pub fn SidePane(
    /// What opens the folded menu.
    #[prop(into)]
    menu_label: Text,
    /// The sections, as [`PaneSection`]s.
    children: Children,
) -> impl IntoView {
    let fold = NodeRef::<html::Details>::new();
    view! {
        <aside class="pane" on:click=folding(fold)>
            <details class="fold" node_ref=fold><summary><Icon glyph=Glyph::Menu/>{menu_label}</summary></details>
            <div class="pane-nav">{children()}</div>
        </aside>
    }
    .into_any()
}

/// A group of links in the pane: a navigation landmark of its own.
#[component]
pub fn PaneSection(
    /// Accessible name of the navigation; shown above it unless `quiet`.
    #[prop(into)]
    label: Text,
    /// The name is for assistive technology only.
    #[prop(optional)]
    quiet: bool,
    /// The links, as [`NavLink`]s.
    children: Children,
) -> impl IntoView {
    let heading = (!quiet).then(|| view! { <p class="pane-heading" aria-hidden="true">{label.clone()}</p> });
    view! {
        <nav class="pane-section" aria-label=label>
            {heading}
            {children()}
        </nav>
    }
    .into_any()
}

/// A link of a navigation.
#[component]
pub fn NavLink(
    /// What it says.
    #[prop(into)]
    label: Text,
    /// Where it leads.
    #[prop(into)]
    href: Text,
    /// The page is this one, or below it.
    #[prop(optional, into)]
    current: Option<Signal<bool>>,
    /// A drawing before the label.
    #[prop(optional)]
    icon: Option<Glyph>,
) -> impl IntoView {
    let current = move || current.is_some_and(|current| current.get()).then_some("page");
    view! {
        <a class="nav-link" href=href aria-current=current>
            {icon.map(|glyph| view! { <Icon glyph/> })}
            {label}
        </a>
    }
}
