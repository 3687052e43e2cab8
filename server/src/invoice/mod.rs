//! Invoices on paper: [`render`] makes the PDF; what it says comes from `app::parts::invoice::words`.

mod font;
mod pdf;
mod sheet;

pub use pdf::{PdfError, render};
