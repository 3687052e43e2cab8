//! What holds for every component: markup a strict content security policy accepts, ids that lead somewhere, and
//! classes that the style sheets know. The pages are left under `target/ui/` to be looked at.
#![cfg(feature = "ssr")]

mod specimen;

use leptos::prelude::*;
use std::{
    collections::{BTreeSet, HashSet},
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

fn pages() -> Vec<(&'static str, String)> {
    let page = |view: fn() -> AnyView| Owner::new().with(|| view().to_html());
    vec![
        ("console", page(|| specimen::console::Console().into_any())),
        ("form", page(|| specimen::form::Form().into_any())),
        ("charts", page(|| specimen::charts::Charts().into_any())),
        ("parts", page(|| view! { <specimen::parts::Parts open=false/> }.into_any())),
        ("dialog", page(|| view! { <specimen::parts::Parts open=true/> }.into_any())),
    ]
}

/// The style sheets in the order of `main.css`, as one.
fn style() -> String {
    let folder = root().join("style");
    let main = fs::read_to_string(folder.join("main.css")).expect("main.css");
    let imports = main.lines().filter_map(|line| line.strip_prefix("@import \"")?.strip_suffix("\";"));
    let sheets: Vec<_> = imports.map(str::to_owned).collect();
    let on_disk: BTreeSet<_> = fs::read_dir(&folder)
        .expect("style/")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .filter(|name| name != "main.css")
        .collect();
    assert_eq!(sheets.iter().cloned().collect::<BTreeSet<_>>(), on_disk, "main.css names every sheet");
    let layers = main.lines().find(|line| line.starts_with("@layer ")).expect("the order of the layers");
    sheets.iter().fold(layers.to_owned(), |mut all, sheet| {
        all.push('\n');
        all.push_str(&fs::read_to_string(folder.join(sheet)).expect(sheet));
        all
    })
}

/// The values of one attribute in a page, start tags only.
fn attribute<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let needle = format!(" {name}=\"");
    let tags = html.split('<').filter(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic()));
    tags.filter_map(|tag| {
        let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
        let start = tag.find(&needle)? + needle.len();
        Some(&tag[start..start + tag[start..].find('"')?])
    })
    .collect()
}

#[test]
fn nothing_needs_an_inline_style_or_script() {
    for (name, html) in pages() {
        assert!(attribute(&html, "style").is_empty(), "{name} has style attributes");
        assert!(!html.contains("<script") && !html.contains("<style"), "{name} has inline code");
        assert!(!html.contains(" onclick="), "{name} has inline handlers");
    }
}

#[test]
fn ids_are_unique_and_references_lead_somewhere() {
    for (name, html) in pages() {
        let mut ids = HashSet::new();
        for id in attribute(&html, "id") {
            assert!(ids.insert(id), "{name}: id {id} twice");
        }
        for reference in ["for", "aria-describedby", "aria-labelledby", "aria-controls"] {
            for id in attribute(&html, reference).into_iter().flat_map(str::split_whitespace) {
                assert!(ids.contains(id), "{name}: {reference}={id} leads nowhere");
            }
        }
        for href in attribute(&html, "href").into_iter().filter_map(|href| href.strip_prefix('#')) {
            assert!(ids.contains(href), "{name}: link to #{href} leads nowhere");
        }
    }
}

#[test]
fn the_style_sheets_know_every_class() {
    let style = style();
    for (name, html) in pages() {
        for class in attribute(&html, "class").into_iter().flat_map(str::split_whitespace) {
            let known = style.match_indices(&format!(".{class}")).any(|(at, found)| {
                !style[at + found.len()..]
                    .starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            });
            assert!(known, "{name}: no rule for .{class}");
        }
    }
}

#[test]
fn a_dialog_without_script_is_open_or_absent_from_view() {
    let [.., (_, closed), (_, open)] = &pages()[..] else { panic!("the pages of parts") };
    assert!(open.contains("<dialog id=\"verify\"") && closed.contains("<dialog id=\"verify\""));
    let tag = |html: &str| {
        html[html.find("<dialog").expect("a dialog")..].split('>').next().unwrap_or("").to_owned()
    };
    assert!(tag(open).contains(" open"), "{}", tag(open));
    assert!(!tag(closed).contains(" open"), "{}", tag(closed));
}

#[test]
fn specimens_are_written_for_the_eye() {
    let folder = root().join("target/ui");
    fs::create_dir_all(&folder).expect("target/ui");
    fs::write(folder.join("main.css"), style()).expect("main.css");
    for (name, html) in pages() {
        let page = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\"><title>{name}</title><link rel=\"stylesheet\" \
             href=\"main.css\"></head><body>{html}</body></html>"
        );
        fs::write(folder.join(format!("{name}.html")), page).expect(name);
    }
}
