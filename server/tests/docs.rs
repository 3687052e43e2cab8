//! Documents that are made from the code stay true to it.

use kontor_server::config::Config;
use std::{fmt::Write, fs, path::Path};

/// The keys of the configuration with the words that stand beside them in the code.
fn keys() -> Vec<(String, String)> {
    let source = include_str!("../src/config.rs");
    let body = source.split("pub struct Config {").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap();
    let mut keys = Vec::new();
    let mut words = String::new();
    for line in body.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(text.trim());
        } else if let Some((key, _)) = line.strip_prefix("pub ").and_then(|field| field.split_once(':')) {
            keys.push((key.to_owned(), std::mem::take(&mut words)));
        }
    }
    keys
}

fn configuration() -> String {
    let defaults = serde_json::to_value(Config::default()).unwrap();
    let mut text = String::from(
        "# Configuration\n\n\
         Made from `server/src/config.rs` by `UPDATE_DOCS=1 cargo test -p kontor-server --test docs`; a test fails when the two \
         differ.\n\n\
         `kontor` reads `kontor.toml` in its working directory; an environment variable overrides a key: `KONTOR_` and the key \
         in capitals. An unknown key or variable, or an impossible value, stops the start with one line that names it; \
         `kontor check-config` only checks.\n\n\
         | key | variable | default | meaning |\n|---|---|---|---|\n",
    );
    for (key, words) in keys() {
        let default = match &defaults[&key] {
            serde_json::Value::String(value) if value.is_empty() => "none".to_owned(),
            serde_json::Value::String(value) => format!("`{value}`"),
            value => format!("`{value}`"),
        };
        writeln!(text, "| `{key}` | `KONTOR_{}` | {default} | {words} |", key.to_uppercase()).unwrap();
    }
    text
}

#[test]
fn the_page_of_the_configuration_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/configuration.md");
    let made = configuration();
    assert_eq!(keys().len(), serde_json::to_value(Config::default()).unwrap().as_object().unwrap().len());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), made, "run with UPDATE_DOCS=1");
}
