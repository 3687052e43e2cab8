//! The design system: small views with no knowledge of the programme.
//!
//! Every component takes its texts from the caller (languages are the pages' business), renders the same markup on the
//! server and in the browser, and is complete without script; what script adds (focus, copying, modal dialogs) starts
//! in effects and event handlers only. Looks live in `style/`, one file per family, under the class names used here.

mod badge;
mod banner;
mod breadcrumbs;
mod browser;
mod button;
mod callout;
mod card;
mod chart;
mod checkbox;
mod chips;
mod copyable;
mod dialog;
mod empty;
mod error_summary;
mod facts;
mod field;
mod fieldset;
mod icon;
mod input;
mod page_header;
mod pagination;
mod progress;
mod radios;
mod search;
mod segmented;
mod select;
mod shell;
mod skeleton;
mod stat;
mod steps;
mod table;
mod tabs;
mod textarea;
mod toast;

pub use badge::*;
pub use banner::*;
pub use breadcrumbs::*;
pub use button::*;
pub use callout::*;
pub use card::*;
pub use chart::*;
pub use checkbox::*;
pub use chips::*;
pub use copyable::*;
pub use dialog::*;
pub use empty::*;
pub use error_summary::*;
pub use facts::*;
pub use field::*;
pub use fieldset::*;
pub use icon::*;
pub use input::*;
pub use page_header::*;
pub use pagination::*;
pub use progress::*;
pub use radios::*;
pub use search::*;
pub use segmented::*;
pub use select::*;
pub use shell::*;
pub use skeleton::*;
pub use stat::*;
pub use steps::*;
pub use table::*;
pub use tabs::*;
pub use textarea::*;
pub use toast::*;

/// A text handed in by the caller: a literal, a `String` or a shared string, cheap to pass on.
pub type Text = leptos::oco::Oco<'static, str>;

/// What a badge, callout, toast or figure says by its colour. The text always says it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Success,
    Warning,
    Danger,
}

impl Tone {
    /// The class that sets the tone's colours (`style/tokens.css`).
    pub fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "tone-neutral",
            Tone::Info => "tone-info",
            Tone::Success => "tone-success",
            Tone::Warning => "tone-warning",
            Tone::Danger => "tone-danger",
        }
    }

    /// The icon that goes with the tone, for readers who do not see the colour.
    pub fn icon(self) -> Glyph {
        match self {
            Tone::Neutral | Tone::Info => Glyph::Info,
            Tone::Success => Glyph::Check,
            Tone::Warning => Glyph::Warning,
            Tone::Danger => Glyph::Cross,
        }
    }
}
