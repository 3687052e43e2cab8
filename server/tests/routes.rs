//! Whatever answers is in the table of addresses, and whatever is in the table answers (design.md section 3, rule 12).

use app::routes::{Kind, ROUTES};
use std::collections::BTreeSet;

fn in_table(kind: Kind) -> BTreeSet<String> {
    ROUTES.iter().filter(|r| r.kind == kind).map(|r| r.path.to_owned()).collect()
}

#[test]
fn every_page_is_in_the_table() {
    let pages: BTreeSet<String> = leptos_axum::generate_route_list(app::everything)
        .iter()
        .map(|page| page.path().replace('{', ":").replace('}', ""))
        .collect();
    assert_eq!(pages, in_table(Kind::Page));
}

#[test]
fn every_server_function_is_in_the_table() {
    let calls: BTreeSet<String> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    assert_eq!(calls, in_table(Kind::Call));
}

#[test]
fn no_address_stands_twice() {
    let all: Vec<&str> = ROUTES.iter().map(|r| r.path).collect();
    assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len());
}
