//! Sheets of A4 on which texts and lines are put, in millimetres from the upper left corner.

use super::font::{Fonts, Run, Weight};
use krilla::{
    Document,
    color::rgb,
    error::KrillaError,
    geom::{PathBuilder, Point},
    metadata::Metadata,
    page::PageSettings,
    paint::{Fill, Stroke},
};

/// Points in a millimetre.
const MM: f32 = 72.0 / 25.4;
/// Width and height of A4 in millimetres.
const A4: (f32, f32) = (210.0, 297.0);

/// What a text or line looks like.
#[derive(Debug, Clone, Copy)]
pub enum Ink {
    /// For reading.
    Text,
    /// For what explains.
    Muted,
    /// For lines.
    Line,
}

impl Ink {
    fn colour(self) -> rgb::Color {
        match self {
            Ink::Text => rgb::Color::new(0x1a, 0x1d, 0x21),
            Ink::Muted => rgb::Color::new(0x5b, 0x64, 0x70),
            Ink::Line => rgb::Color::new(0xc9, 0xce, 0xd6),
        }
    }
}

enum Mark {
    Text { x: f32, y: f32, run: Run, ink: Ink },
    Line { from: (f32, f32), to: (f32, f32), points: f32, ink: Ink },
}

/// A style of text.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// How heavy.
    pub weight: Weight,
    /// Points.
    pub size: f32,
    /// Which colour.
    pub ink: Ink,
    /// Millimetres from line to line.
    pub leading: f32,
}

/// The sheets of a document.
pub struct Sheets {
    pages: Vec<Vec<Mark>>,
    fonts: Fonts,
}

impl Sheets {
    /// One empty sheet.
    pub fn new(fonts: Fonts) -> Self {
        Self { pages: vec![Vec::new()], fonts }
    }

    /// Begins another; what follows goes there.
    pub fn add(&mut self) {
        self.pages.push(Vec::new());
    }

    fn mark(&mut self, mark: Mark) {
        let last = self.pages.len() - 1;
        self.pages[last].push(mark);
    }

    /// Lines of a text no wider than `width` millimetres.
    pub fn wrapped(&self, text: &str, style: Style, width: f32) -> Vec<Run> {
        self.fonts.wrap(text, style.weight, style.size, width * MM)
    }

    /// A line of text on the baseline `y`, beginning at `x`.
    pub fn text(&mut self, x: f32, y: f32, text: &str, style: Style) {
        let run = self.fonts.run(text, style.weight, style.size);
        self.mark(Mark::Text { x, y, run, ink: style.ink });
    }

    /// A line of text on the baseline `y`, ending at `right`.
    pub fn text_to(&mut self, right: f32, y: f32, text: &str, style: Style) {
        let run = self.fonts.run(text, style.weight, style.size);
        let x = right - run.width() / MM;
        self.mark(Mark::Text { x, y, run, ink: style.ink });
    }

    /// Lines, the first on the baseline `y`. Answers the baseline of the line that would follow.
    pub fn lines(&mut self, x: f32, mut y: f32, runs: Vec<Run>, style: Style) -> f32 {
        for run in runs {
            self.mark(Mark::Text { x, y, run, ink: style.ink });
            y += style.leading;
        }
        y
    }

    /// A text in as many lines as it needs. Answers the baseline of the line that would follow.
    pub fn paragraph(&mut self, x: f32, y: f32, width: f32, text: &str, style: Style) -> f32 {
        let runs = self.wrapped(text, style, width);
        self.lines(x, y, runs, style)
    }

    /// A straight line, so many points thick.
    pub fn rule(&mut self, from: (f32, f32), to: (f32, f32), points: f32, ink: Ink) {
        self.mark(Mark::Line { from, to, points, ink });
    }

    /// Goes back to each sheet, for what needs to know how many there are.
    pub fn each(&mut self, mut f: impl FnMut(&mut Self, usize, usize)) {
        let pages = self.pages.len();
        for page in 0..pages {
            let later = self.pages.split_off(page + 1);
            f(self, page + 1, pages);
            self.pages.extend(later);
        }
    }

    /// The PDF.
    pub fn write(self, metadata: Metadata) -> Result<Vec<u8>, KrillaError> {
        let mut document = Document::new();
        document.set_metadata(metadata);
        for marks in self.pages {
            let settings = PageSettings::from_wh(A4.0 * MM, A4.1 * MM).unwrap_or_default();
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for mark in marks {
                match mark {
                    Mark::Text { x, y, run, ink } => {
                        surface.set_stroke(None);
                        surface.set_fill(Some(Fill { paint: ink.colour().into(), ..Fill::default() }));
                        let font = self.fonts.font(run.weight);
                        let at = Point::from_xy(x * MM, y * MM);
                        surface.draw_glyphs(at, &run.glyphs, font, &run.text, run.size, false);
                    }
                    Mark::Line { from, to, points, ink } => {
                        let mut path = PathBuilder::new();
                        path.move_to(from.0 * MM, from.1 * MM);
                        path.line_to(to.0 * MM, to.1 * MM);
                        surface.set_fill(None);
                        let paint = ink.colour().into();
                        surface.set_stroke(Some(Stroke { paint, width: points, ..Stroke::default() }));
                        if let Some(path) = path.finish() {
                            surface.draw_path(&path);
                        }
                    }
                }
            }
            surface.finish();
            page.finish();
        }
        document.finish()
    }
}
