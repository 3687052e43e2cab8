//! Languages of the programme and the reader's choice of theme.

crate::keyed! {
    /// A language all texts exist in; the key is its language tag.
    #[derive(Default)]
    pub enum Locale {
        /// English.
        #[default]
        En = "en",
        /// German.
        De = "de",
    }
}

impl Locale {
    /// Reads a tag; region and script are passed over.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
        Self::from_key(&primary)
    }
    /// The best of `Accept-Language` (RFC 9110 section 12.5.4), if it names one of ours.
    pub fn negotiate(accept_language: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for item in accept_language.split(',').take(20) {
            let mut parts = item.trim().split(';');
            let Some(locale) = parts.next().and_then(Self::from_tag) else { continue };
            let weight = parts
                .find_map(|p| p.trim().strip_prefix("q=").map(|q| q.trim().parse().unwrap_or(0.0)))
                .unwrap_or(1.0);
            if weight > 0.0 && best.is_none_or(|(_, w)| weight > w) {
                best = Some((locale, weight));
            }
        }
        best.map(|(locale, _)| locale)
    }
}

crate::keyed! {
    /// Light or dark, or as the system says.
    #[derive(Default)]
    pub enum Theme {
        /// As the system says.
        #[default]
        System = "system",
        /// Light.
        Light = "light",
        /// Dark.
        Dark = "dark",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins() {
        assert_eq!(Locale::negotiate("fr, de;q=0.8, en;q=0.7"), Some(Locale::De));
        assert_eq!(Locale::negotiate("en-GB,en;q=0.9,de;q=0.8"), Some(Locale::En));
        assert_eq!(Locale::negotiate("de;q=0, en"), Some(Locale::En));
        assert_eq!(Locale::negotiate("fr"), None);
        assert_eq!(Locale::negotiate(";;q=,,,"), None);
    }
}
