//! Every component in a plausible page: what the tests in `ui.rs` read, and what a designer looks at
//! (`target/ui/*.html`).

pub mod charts;
pub mod console;
pub mod form;
pub mod parts;

use app::ui::*;
use leptos::prelude::*;

/// The frame of every specimen: top bar, optional banner and pane, content, footer.
#[component]
pub fn Frame(
    /// Somebody acts on behalf: shows the banner.
    #[prop(optional)]
    acting: bool,
    /// Shows the console's left pane.
    #[prop(optional)]
    pane: bool,
    /// The page.
    children: Children,
) -> impl IntoView {
    let end = || {
        let languages = vec![
            Segment { value: "en".into(), label: "English".into(), glyph: None },
            Segment { value: "de".into(), label: "Deutsch".into(), glyph: None },
        ];
        let theme = |value: &'static str, label: &'static str, glyph| Segment {
            value: value.into(),
            label: label.into(),
            glyph: Some(glyph),
        };
        let themes = vec![
            theme("system", "System", Glyph::System),
            theme("light", "Light", Glyph::Sun),
            theme("dark", "Dark", Glyph::Moon),
        ];
        view! {
            <form><Segmented label="Language" name="language" segments=languages selected="en".to_string()/></form>
            <form><Segmented label="Theme" name="theme" segments=themes selected="system".to_string()/></form>
            <span class="account">"owner@nordlicht.test"</span>
            <Button label="Sign out" variant=ButtonVariant::Quiet size=ButtonSize::Small icon=Glyph::Logout/>
        }
    };
    let partner = ["Manage customers", "Add organisation", "Payment reports"];
    view! {
        <div class="app">
            <a class="skip-link" href="#content">"Skip to content"</a>
            <TopBar product="Kontor" home="/" nav_label="Main" menu_label="Menu" end>
                <NavLink label="Partner Store" href="/store"/>
                <NavLink label="Admin console" href="/admin" current=true/>
                <NavLink label="Help" href="/help"/>
            </TopBar>
            {acting.then(|| view! {
                <Banner
                    label="Managing Müller & Söhne GmbH on its behalf"
                    actions=|| view! { <form><Button label="Leave" size=ButtonSize::Small/></form> }
                >
                    <span>"mueller-soehne.test"</span>
                    <span>"Partner: Nordlicht IT"</span>
                    <span class="num">"58 minutes left"</span>
                </Banner>
            })}
            <div class="shell">
                {pane.then(|| view! {
                    <SidePane menu_label="Console menu">
                        <PaneSection label="Nordlicht IT" >
                            <NavLink label="Dashboard" href="/a/1" icon=Glyph::Dashboard/>
                            <NavLink label="Users" href="/a/2" icon=Glyph::Users/>
                            <NavLink label="Domains" href="/a/3" icon=Glyph::Globe/>
                            <NavLink label="Subscription" href="/a/4" icon=Glyph::Payment/>
                            <NavLink label="Partner access" href="/a/5" icon=Glyph::Key/>
                            <NavLink label="Activity" href="/a/6" icon=Glyph::Activity/>
                        </PaneSection>
                        <PaneSection label="Partner Console">
                            {partner.map(|label| view! {
                                <NavLink label href="/a/7" current=label == "Manage customers"/>
                            })}
                        </PaneSection>
                    </SidePane>
                })}
                <main class="content" id="content">{children()}</main>
            </div>
            <footer class="footer">
                <span>"Kontor 0.1.0"</span>
                <span>"Questions? "<a href="mailto:support@vendor.test">"support@vendor.test"</a></span>
            </footer>
        </div>
    }
    .into_any()
}
