//! The fonts of invoices: how wide a text is, and where its lines break.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, Feature, UnicodeBuffer, ttf_parser::Tag};
use std::sync::LazyLock;

/// Inter (server/fonts/README.md): Latin, Greek and Cyrillic. What it lacks is drawn as a box.
const REGULAR: &[u8] = include_bytes!("../../fonts/Inter-Regular.ttf");
const SEMI_BOLD: &[u8] = include_bytes!("../../fonts/Inter-SemiBold.ttf");

/// How heavy a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For headings and sums.
    SemiBold,
}

/// A font ready for measuring and for drawing.
struct Loaded {
    face: Face<'static>,
    font: Font,
}

/// Both weights; `None` if the files compiled in are no fonts.
static LOADED: LazyLock<Option<[Loaded; 2]>> = LazyLock::new(|| Some([load(REGULAR)?, load(SEMI_BOLD)?]));

fn load(data: &'static [u8]) -> Option<Loaded> {
    Some(Loaded { face: Face::from_slice(data, 0)?, font: Font::new(data.into(), 0)? })
}

/// The fonts of a document.
#[derive(Clone, Copy)]
pub struct Fonts(&'static [Loaded; 2]);

/// A text of one line, shaped.
#[derive(Debug, Clone)]
pub struct Run {
    /// What it says.
    pub text: String,
    /// Its glyphs, per em.
    pub glyphs: Vec<KrillaGlyph>,
    /// Its width, per em.
    width: f32,
    /// Its weight.
    pub weight: Weight,
    /// Points.
    pub size: f32,
}

impl Run {
    /// Points from its beginning to its end.
    pub fn width(&self) -> f32 {
        self.width * self.size
    }
}

/// Control characters, separators of lines, and marks that turn the direction of the text.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

impl Fonts {
    /// The fonts compiled in.
    pub fn get() -> Option<Self> {
        LOADED.as_ref().map(Self)
    }

    fn of(self, weight: Weight) -> &'static Loaded {
        &self.0[weight as usize]
    }

    /// The font to draw with.
    pub fn font(self, weight: Weight) -> Font {
        self.of(weight).font.clone()
    }

    /// Shapes one line. What controls the text around it is left out; figures have all one width, so that columns align.
    pub fn run(self, text: &str, weight: Weight, size: f32) -> Run {
        let Loaded { face, .. } = self.of(weight);
        let text: String = text.chars().filter(|c| !is_control(*c)).collect();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        // The fonts hold no script that runs the other way.
        buffer.set_direction(Direction::LeftToRight);
        // Of the figures and the points between them only: the feature widens hyphens as well.
        // rustybuzz takes the end of an inclusive range for the first place behind it.
        let tabular = |at: usize| Feature::new(Tag::from_bytes(b"tnum"), 1, at..=at + 1);
        let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        let point = |at: usize| {
            matches!(text.as_bytes()[at], b'.' | b',') && at > 0 && digit(at - 1) && digit(at + 1)
        };
        let features: Vec<Feature> =
            (0..text.len()).filter(|at| digit(*at) || point(*at)).map(tabular).collect();
        let shaped = rustybuzz::shape(face, &features, buffer);
        let em = face.units_per_em() as f32;
        let starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        let end_of = |start: usize| starts.iter().copied().find(|s| *s > start).unwrap_or(text.len());
        let glyphs: Vec<KrillaGlyph> = shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .map(|(info, at)| {
                let start = info.cluster as usize;
                let per_em = |units: i32| units as f32 / em;
                let (x, y) = (per_em(at.x_offset), per_em(at.y_offset));
                let glyph = GlyphId::new(info.glyph_id);
                KrillaGlyph::new(glyph, per_em(at.x_advance), x, y, 0.0, start..end_of(start), None)
            })
            .collect();
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
        Run { text, glyphs, width, weight, size }
    }

    /// Breaks a text into lines no wider than `width` points: between words, and within a word that is wider than the
    /// line itself. Lines of the text stay lines.
    pub fn wrap(self, text: &str, weight: Weight, size: f32, width: f32) -> Vec<Run> {
        let fits = |line: &str| self.run(line, weight, size).width() <= width;
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            for word in paragraph.split([' ', '\t']).filter(|word| !word.is_empty()) {
                let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
                if fits(&longer) {
                    line = longer;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                for c in word.chars() {
                    line.push(c);
                    if line.chars().count() > 1 && !fits(&line) {
                        line.pop();
                        lines.push(std::mem::replace(&mut line, c.to_string()));
                    }
                }
            }
            if !line.is_empty() {
                lines.push(line);
            }
        }
        lines.into_iter().map(|line| self.run(&line, weight, size)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn all_figures_are_as_wide_as_each_other() {
        let fonts = Fonts::get().unwrap();
        for weight in [Weight::Regular, Weight::SemiBold] {
            let width = |text: &str| fonts.run(text, weight, 10.0).width();
            assert!((width("1.111,11") - width("8.888,88")).abs() < 0.001);
            assert!((width("1") - width("1111") / 4.0).abs() < 0.001);
            // As narrow as in a word.
            assert!(width("0-0") - width("00") < width("0") * 0.8);
            assert!(width("il") < width("WM"));
        }
    }

    #[test]
    fn what_controls_the_text_around_it_is_left_out() {
        let run = Fonts::get().unwrap().run("a\u{202e}b\u{1}\u{2028}c", Weight::Regular, 10.0);
        assert_eq!((run.text.as_str(), run.glyphs.len()), ("abc", 3));
    }

    #[test]
    fn names_of_europe_have_their_letters() {
        let fonts = Fonts::get().unwrap();
        for text in [
            "Müller & Söhne ßẞ",
            "Αθηναϊκή Ζυθοποιία",
            "Газпромъ Їжак",
            "Łódź Žižkov İstanbul",
            "€ − ₹ ¥ “–” ’ ·",
        ] {
            let run = fonts.run(text, Weight::Regular, 10.0);
            assert!(run.glyphs.iter().all(|g| g.glyph_id.to_u32() != 0), "{text}");
        }
        // What is missing is seen to be missing.
        let run = fonts.run("東", Weight::Regular, 10.0);
        assert_eq!(run.glyphs.iter().map(|g| g.glyph_id.to_u32()).collect::<Vec<_>>(), [0]);
        assert!(run.width() > 1.0);
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_letter_is_lost(text in "[a-zA-ZäöüßΑ-Ωа-я東\u{301} \n.-]{0,200}", width in 20f32..300.0) {
            let lines = Fonts::get().unwrap().wrap(&text, Weight::Regular, 10.0, width);
            prop_assert!(lines.iter().all(|line| line.width() <= width || line.text.chars().count() == 1));
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let all: String = lines.iter().map(|line| line.text.as_str()).collect();
            prop_assert_eq!(letters(&all), letters(&text));
        }
    }
}
