//! What is searched in, and for (design.md section 3, rule 11).

use crate::kernel::text::fold;

/// Words looked for at once; more are passed over.
const WORDS: usize = 6;
/// Characters of a search looked at; more are passed over.
const LENGTH: usize = 100;

/// One word somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// One or two characters: a word begins with them.
    Begins(String),
    /// Three and more: they stand anywhere.
    Anywhere(String),
}

impl Word {
    /// What must occur in a [`search_text`], literally.
    pub fn needle(&self) -> String {
        match self {
            Word::Begins(text) => format!(" {text}"),
            Word::Anywhere(text) => text.clone(),
        }
    }
    /// Whether it occurs in a [`search_text`].
    pub fn is_in(&self, search_text: &str) -> bool {
        search_text.contains(&self.needle())
    }
}

/// The words of a search, folded. All of them must be found.
pub fn words(q: &str) -> Vec<Word> {
    let cut: String = q.chars().take(LENGTH).collect();
    let word = |text: &str| match text.chars().count() {
        0 => None,
        1 | 2 => Some(Word::Begins(text.to_owned())),
        _ => Some(Word::Anywhere(text.to_owned())),
    };
    fold(&cut).split(' ').map(|w| w.replace('\0', "")).filter_map(|w| word(&w)).take(WORDS).collect()
}

/// What a customer is found by: the folded parts (name, domains, mail addresses) in a row, each word after a blank.
/// Words that begin inside a part (`kunde-01.test` → `01`, `test`) follow at the end, so that looking for a word's
/// beginning is looking for a blank and the beginning.
pub fn search_text<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for part in parts {
        let folded = fold(part).replace('\0', "");
        let known = folded.is_empty() || format!("{text} ").contains(&format!(" {folded} "));
        if !known {
            text.push(' ');
            text.push_str(&folded);
        }
    }
    let inner: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    for word in inner {
        if !text.contains(&format!(" {word}")) {
            text.push(' ');
            text.push_str(&word);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(q: &str, text: &str) -> bool {
        words(q).iter().all(|w| w.is_in(text))
    }

    #[test]
    fn short_words_begin_words_and_long_ones_stand_anywhere() {
        let text = search_text(["Müller & Söhne GmbH", "kunde-01.test", "info@kunde-01.test"]);
        for q in
            ["m", "mü", "SÖ", "0", "01", "te", "gmbh mul", "ohne", "nde-01.t", "o@kun", "müller söhne 01"]
        {
            assert!(found(q, &text), "{q} in {text}");
        }
        for q in ["u", "hn", "x", "ohm", "müller berlin", "1"] {
            assert!(!found(q, &text), "{q} in {text}");
        }
    }

    #[test]
    fn wildcards_are_only_characters() {
        let text = search_text(["100% Rabatt_x"]);
        assert!(found("100%", &text) && found("t_x", &text));
        assert!(!found("10__ ", &search_text(["1000 Dinge"])));
        assert!(words("   ").is_empty());
    }

    #[test]
    fn a_part_is_not_repeated() {
        assert_eq!(search_text(["a.de", "a.de", "x@a.de"]), " a.de x@a.de de");
    }

    proptest! {
        #[test]
        fn every_word_of_a_name_is_found_by_its_beginning(name in "[\\PC&&[^\\u{0}]]{1,40}", n in 1usize..4) {
            let text = search_text([name.as_str(), "kunde.test"]);
            for word in fold(&name).split(' ').filter(|w| !w.is_empty()) {
                let start: String = word.chars().take(n).collect();
                prop_assert!(found(&start, &text), "{:?} in {:?}", start, text);
            }
        }

        #[test]
        fn nothing_typed_makes_trouble(q in "\\PC{0,200}") {
            prop_assert!(words(&q).len() <= WORDS);
        }
    }
}
