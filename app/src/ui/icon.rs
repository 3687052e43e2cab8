use leptos::prelude::*;

/// The drawings of the icon set: strokes on a grid of 24, drawn for this project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Activity,
    Building,
    Check,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    Clock,
    Copy,
    Cross,
    Dashboard,
    Download,
    External,
    Globe,
    Grid,
    Help,
    Info,
    Key,
    List,
    Logout,
    Mail,
    Menu,
    Moon,
    Payment,
    Plus,
    Search,
    Shield,
    Sun,
    System,
    User,
    Users,
    Warning,
}

impl Glyph {
    /// All glyphs, for tests and specimens.
    pub const ALL: [Glyph; 31] = [
        Glyph::Activity,
        Glyph::Building,
        Glyph::Check,
        Glyph::ChevronDown,
        Glyph::ChevronLeft,
        Glyph::ChevronRight,
        Glyph::Clock,
        Glyph::Copy,
        Glyph::Cross,
        Glyph::Dashboard,
        Glyph::Download,
        Glyph::External,
        Glyph::Globe,
        Glyph::Grid,
        Glyph::Help,
        Glyph::Info,
        Glyph::Key,
        Glyph::List,
        Glyph::Logout,
        Glyph::Mail,
        Glyph::Menu,
        Glyph::Moon,
        Glyph::Payment,
        Glyph::Plus,
        Glyph::Search,
        Glyph::Shield,
        Glyph::Sun,
        Glyph::System,
        Glyph::User,
        Glyph::Users,
        Glyph::Warning,
    ];

    /// The shapes inside the `svg` element.
    fn shapes(self) -> &'static str {
        match self {
            Glyph::Activity => r#"<path d="M2 12h4l3-8 6 16 3-8h4"/>"#,
            Glyph::Building => {
                r#"<path d="M5 21V4a1 1 0 0 1 1-1h8a1 1 0 0 1 1 1v17M15 9h3a1 1 0 0 1 1 1v11M3 21h18M9 7h2M9 11h2M9 15h2"/>"#
            }
            Glyph::Check => r#"<path d="m5 12.5 4.5 4.5L19 7"/>"#,
            Glyph::ChevronDown => r#"<path d="m6 9 6 6 6-6"/>"#,
            Glyph::ChevronLeft => r#"<path d="m15 6-6 6 6 6"/>"#,
            Glyph::ChevronRight => r#"<path d="m9 6 6 6-6 6"/>"#,
            Glyph::Clock => r#"<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>"#,
            Glyph::Copy => {
                r#"<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M5 15H4V5a1 1 0 0 1 1-1h10v1"/>"#
            }
            Glyph::Cross => r#"<path d="m6 6 12 12M18 6 6 18"/>"#,
            Glyph::Dashboard => r#"<path d="M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z"/>"#,
            Glyph::Download => r#"<path d="M12 4v11m-5-5 5 5 5-5M4 20h16"/>"#,
            Glyph::External => {
                r#"<path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5"/>"#
            }
            Glyph::Globe => {
                r#"<circle cx="12" cy="12" r="9"/><path d="M3 12h18"/><ellipse cx="12" cy="12" rx="4" ry="9"/>"#
            }
            Glyph::Grid => r#"<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z"/>"#,
            Glyph::Help => {
                r#"<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.4 2.3c-.6.3-.9.8-.9 1.7M12 17h.01"/>"#
            }
            Glyph::Info => r#"<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.5h.01"/>"#,
            Glyph::Key => r#"<circle cx="8" cy="15" r="4"/><path d="m11 12 9-9M16 7l3 3M13.5 9.500l2 2"/>"#,
            Glyph::List => r#"<path d="M8 6h13M8 12h13M8 18h13M3.5 6h.01M3.5 12h.01M3.5 18h.01"/>"#,
            Glyph::Logout => r#"<path d="M14 4h5a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-5M3 12h12m-4-4 4 4-4 4"/>"#,
            Glyph::Mail => {
                r#"<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m3 7 9 6.500L21 7"/>"#
            }
            Glyph::Menu => r#"<path d="M4 6h16M4 12h16M4 18h16"/>"#,
            Glyph::Moon => r#"<path d="M20 14.500A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.500z"/>"#,
            Glyph::Payment => {
                r#"<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3 10h18M7 15h3"/>"#
            }
            Glyph::Plus => r#"<path d="M12 5v14M5 12h14"/>"#,
            Glyph::Search => r#"<circle cx="10.5" cy="10.5" r="6.5"/><path d="m20 20-4.8-4.8"/>"#,
            Glyph::Shield => {
                r#"<path d="M12 3 5 6v5c0 4.5 2.8 8.2 7 10 4.2-1.8 7-5.5 7-10V6z"/><path d="m9 12 2 2 4-4"/>"#
            }
            Glyph::Sun => {
                r#"<circle cx="12" cy="12" r="4"/><path d="M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.400M17.6 17.6 19 19M19 5l-1.4 1.400M6.4 17.6 5 19"/>"#
            }
            Glyph::System => {
                r#"<rect x="3" y="4" width="18" height="12" rx="2"/><path d="M8 20h8M12 16v4"/>"#
            }
            Glyph::User => r#"<circle cx="12" cy="8" r="4"/><path d="M4 20c1-4 4-6 8-6s7 2 8 6"/>"#,
            Glyph::Users => {
                r#"<circle cx="9" cy="8" r="3.5"/><path d="M2.5 19c.8-3.3 3.2-5 6.5-5s5.7 1.7 6.5 5M16 4.800a3.5 3.5 0 0 1 0 6.400M18 14.500c1.9.7 3 2.2 3.5 4.5"/>"#
            }
            Glyph::Warning => r#"<path d="M12 4 2.5 20h19zM12 10v4.500M12 17.300h.01"/>"#,
        }
    }
}

/// A small drawing beside a text. It is hidden from assistive technology: the text says what it means.
#[component]
pub fn Icon(
    /// Which drawing.
    glyph: Glyph,
) -> impl IntoView {
    // One element with fixed inner markup: nothing to hydrate inside, and each glyph costs bytes only, no code.
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" inner_html=glyph.shapes()></svg> }
}
