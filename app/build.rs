//! Turns `locales/{en,de}/*.json` into typed functions, one per key: `t::account::sign_in()`.
//!
//! A key missing in one language, an unknown key or placeholders that differ stop the build. Why not leptos_i18n:
//! with `dynamic_load` each text is a future, which attributes and validation messages cannot use; without it both
//! languages travel in the bundle. Here a page loads one table of its own language, before hydration, and every text
//! is a plain value.

use serde_json::{Map, Value};
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// Rooms of texts that no page shows.
const SERVER_ROOMS: [&str; 1] = ["mail"];

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let locales = root.join("locales");
    println!("cargo:rerun-if-changed={}", locales.display());
    let mut files: Vec<String> = fs::read_dir(locales.join("en"))
        .expect("locales/en")
        .filter_map(|e| e.ok()?.file_name().into_string().ok()?.strip_suffix(".json").map(str::to_owned))
        .collect();
    // Rooms that only the server reads come last and stay out of the browser's tables.
    files.sort_by_key(|file| (SERVER_ROOMS.contains(&file.as_str()), file.clone()));
    let mut out = Output::default();
    for file in &files {
        println!("cargo:rerun-if-changed={}", locales.join("en").join(format!("{file}.json")).display());
        println!("cargo:rerun-if-changed={}", locales.join("de").join(format!("{file}.json")).display());
        out.room(file, &read(&locales, "en", file), &read(&locales, "de", file));
    }
    let german = fs::read_dir(locales.join("de")).expect("locales/de").count();
    assert_eq!(german, files.len(), "locales/de has other files than locales/en");
    let target = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it")).join("texts.rs");
    fs::write(target, out.finish()).expect("OUT_DIR is writable");
}

fn read(locales: &Path, tag: &str, file: &str) -> Map<String, Value> {
    let path = locales.join(tag).join(format!("{file}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[derive(Default)]
struct Output {
    rust: String,
    english: Vec<String>,
    german: Vec<String>,
    /// Rooms the browser knows, each with its first text and the one behind its last.
    rooms: Vec<(String, usize, usize)>,
}

impl Output {
    fn room(&mut self, file: &str, en: &Map<String, Value>, de: &Map<String, Value>) {
        for key in de.keys() {
            assert!(en.contains_key(key), "locales/de/{file}.json: {key} is not in English");
        }
        let begin = self.english.len();
        let mut lookup = String::new();
        let only = match SERVER_ROOMS.contains(&file) {
            true => "#[cfg(feature = \"ssr\")]\n",
            false => "",
        };
        writeln!(self.rust, "/// Texts of `locales/*/{file}.json`.\n{only}pub mod {file} {{\nuse super::*;")
            .unwrap();
        for (key, english) in en {
            let german = de.get(key).unwrap_or_else(|| panic!("locales/de/{file}.json lacks {key}"));
            let place = format!("{file}.{key}");
            let ident = key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
                && !key.starts_with(|c: char| c.is_ascii_digit());
            match (english, german) {
                (Value::String(en), Value::String(de)) => {
                    let index = self.push(&place, en, de);
                    writeln!(lookup, "{key:?} => {index},").unwrap();
                    if ident {
                        self.plain(key, index, en);
                    }
                }
                (Value::Object(en), Value::Object(de)) => {
                    let form = |m: &Map<String, Value>, f: &str| {
                        m.get(f)
                            .and_then(Value::as_str)
                            .unwrap_or_else(|| panic!("{place} lacks {f}"))
                            .to_owned()
                    };
                    let one = self.push_loose(form(en, "one"), form(de, "one"));
                    let other = self.push(&place, &form(en, "other"), &form(de, "other"));
                    self.counted(key, one, other, &form(en, "other"));
                }
                _ => panic!("{place}: a text, or an object with one and other, in both languages"),
            }
        }
        writeln!(
            self.rust,
            "/// The text of a key known at run time only.\npub fn lookup(key: &str) -> Option<&'static str> {{\n\
             let index = match key {{ {lookup} _ => return None }};\nSome(the_text(index))\n}}\n}}"
        )
        .unwrap();
        if !SERVER_ROOMS.contains(&file) {
            self.rooms.push((file.to_owned(), begin, self.english.len()));
        }
    }

    fn push(&mut self, place: &str, en: &str, de: &str) -> usize {
        assert_eq!(placeholders(en), placeholders(de), "{place}: the languages have different placeholders");
        self.push_loose(en.to_owned(), de.to_owned())
    }

    fn push_loose(&mut self, en: String, de: String) -> usize {
        self.english.push(en);
        self.german.push(de);
        self.english.len() - 1
    }

    fn plain(&mut self, key: &str, index: usize, en: &str) {
        let args = placeholders(en);
        if args.is_empty() {
            writeln!(self.rust, "/// {en:?}\npub fn {key}() -> &'static str {{ the_text({index}) }}")
                .unwrap();
            return;
        }
        let params: Vec<String> = args.iter().map(|a| format!("{a}: impl std::fmt::Display")).collect();
        writeln!(
            self.rust,
            "/// {en:?}\npub fn {key}({}) -> String {{ the_filled({index}, &[{}]) }}",
            params.join(", "),
            given(&args)
        )
        .unwrap();
    }

    fn counted(&mut self, key: &str, one: usize, other: usize, en: &str) {
        let mut args = placeholders(en);
        args.remove("count");
        let params: String = args.iter().map(|a| format!(", {a}: impl std::fmt::Display")).collect();
        writeln!(
            self.rust,
            "/// {en:?}\npub fn {key}(count: i64{params}) -> String {{ the_counted(count, {one}, {other}, &[{}]) }}",
            given(&args)
        )
        .unwrap();
    }

    fn finish(self) -> String {
        let mut rust = self.rust;
        let table = |name: &str, texts: &[String]| {
            format!(
                "#[cfg(feature = \"ssr\")]\npub(crate) static {name}: [&str; {}] = {texts:?};\n",
                texts.len()
            )
        };
        rust.push_str(&table("ENGLISH", &self.english));
        rust.push_str(&table("GERMAN", &self.german));
        writeln!(
            rust,
            "#[cfg(feature = \"ssr\")]\npub(crate) static ROOMS: [(&str, usize, usize); {}] = {:?};",
            self.rooms.len(),
            self.rooms
        )
        .unwrap();
        rust
    }
}

/// The `{name}`s of a text, sorted.
fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name.to_owned())).collect()
}

fn given(args: &BTreeSet<String>) -> String {
    args.iter().map(|a| format!("({a:?}, &{a}.to_string())")).collect::<Vec<_>>().join(", ")
}
