use super::description::Description;
use super::{open, routes};
use std::collections::BTreeSet;
use utoipa::OpenApi as _;

/// What the router answers and what the description says are the same list.
#[test]
fn every_route_is_described_and_nothing_else_is() {
    let description = serde_json::to_value(Description::openapi()).expect("it serialises");
    let paths = description["paths"].as_object().expect("paths");
    let described: BTreeSet<_> = paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().expect("an item").keys().map(move |m| (m.to_uppercase(), path.clone()))
        })
        .collect();
    let routed: BTreeSet<_> =
        open().into_iter().chain(routes()).map(|(method, path, _)| (method.to_owned(), path.to_owned())).collect();
    assert_eq!(described, routed);
}

#[test]
fn every_schema_that_is_named_is_there() {
    let text = Description::openapi().to_json().expect("it serialises");
    let description: serde_json::Value = serde_json::from_str(&text).expect("json");
    let schemas = description["components"]["schemas"].as_object().expect("schemas");
    for part in text.split("#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap_or_default();
        assert!(schemas.contains_key(name), "{name} is named and not described");
    }
    assert!(text.contains("\"Problem\""));
}
