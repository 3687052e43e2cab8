//! The four lamps of a domain's mail as badges: each says in words what it is and what it says.

use crate::{
    t,
    ui::{Badge, Tone},
};
use kontor::domain::mail::{Lamp, LampState};
use leptos::prelude::*;

/// What a lamp is called.
pub fn lamp(lamp: Lamp) -> &'static str {
    t::mailflow::lookup(&format!("lamp_{lamp}")).unwrap_or_default()
}

/// A lamp, named.
pub fn badge(which: Lamp, state: LampState) -> impl IntoView {
    let said = t::mailflow::lookup(&format!("state_{state}")).unwrap_or_default();
    let tone = match state {
        LampState::Unknown => Tone::Neutral,
        LampState::Right => Tone::Success,
        LampState::Missing | LampState::NoAnswer => Tone::Warning,
        LampState::Differs => Tone::Danger,
    };
    view! { <Badge tone label=format!("{}: {said}", lamp(which))/> }
}

/// All lamps of a domain, in a row that wraps.
pub fn badges(lamps: impl IntoIterator<Item = (Lamp, LampState)>) -> impl IntoView {
    let all = lamps.into_iter().map(|(lamp, state)| badge(lamp, state)).collect_view();
    view! { <div class="row">{all}</div> }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use kontor::domain::mail::LampHint;

    #[test]
    fn everything_a_lamp_can_say_has_words() {
        let lamps = Lamp::ALL.iter().flat_map(|l| [format!("lamp_{l}"), format!("what_{l}")]);
        let states = LampState::ALL.iter().flat_map(|s| [format!("state_{s}"), format!("help_{s}")]);
        let hints = LampHint::ALL.iter().map(|h| format!("hint_{h}"));
        for key in lamps.chain(states).chain(hints) {
            assert!(t::mailflow::lookup(&key).is_some(), "{key}");
        }
    }
}
