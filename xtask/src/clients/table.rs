//! The calls of each client as text, and the operations of all clients as a table.

use super::call::Kind;
use super::drive::Driven;
use std::fmt::Write as _;

/// What a client did, a line for each call.
pub(super) fn text(driven: &Driven) -> String {
    let mut text = format!("{}\n", driven.sdk.title());
    let width = |of: fn(&super::call::Call) -> &str| {
        driven
            .calls
            .iter()
            .map(|call| of(call).chars().count())
            .max()
            .unwrap_or(0)
    };
    let (calls, operations) = (width(|call| &call.call), width(|call| &call.operation));
    // Writing to a string does not fail.
    for call in &driven.calls {
        let line = format!(
            "  {:calls$}  {:operations$}  {:11}  {}",
            call.call,
            call.operation,
            call.outcome.word(),
            call.said
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let count = driven.exchanges;
    match driven.departures.as_slice() {
        [] => {
            let _ = writeln!(text, "  recorded: {count} exchanges, which conform");
        }
        departures => {
            let _ = writeln!(text, "  recorded: {count} exchanges, which depart:");
            for one in departures {
                let _ = writeln!(text, "    {}: {}: {}", one.rule, one.operation, one.said);
            }
        }
    }
    if !driven.beside.is_empty() {
        let beside: Vec<String> = driven
            .beside
            .iter()
            .map(|(route, times)| format!("{route} ({times})"))
            .collect();
        let _ = writeln!(text, "  beside the document: {}", beside.join(", "));
    }
    text.push('\n');
    text
}

/// How many calls of each client decoded, by the operations of each vendor's document.
pub(super) fn matrix(driven: &[Driven]) -> String {
    let mut vendors: Vec<&str> = Vec::new();
    for one in driven {
        if !vendors.contains(&one.sdk.vendor) {
            vendors.push(one.sdk.vendor);
        }
    }
    let mut tables = Vec::new();
    for vendor in vendors {
        let clients: Vec<&Driven> = driven
            .iter()
            .filter(|one| one.sdk.vendor == vendor)
            .collect();
        let titles: Vec<String> = clients.iter().map(|one| one.sdk.title()).collect();
        let mut table = format!("| operation | {} |\n", titles.join(" | "));
        let _ = writeln!(table, "|---|{}", "---|".repeat(clients.len()));
        for operation in clients.first().iter().flat_map(|one| &one.operations) {
            let cells: Vec<String> = clients.iter().map(|one| cell(one, operation)).collect();
            let _ = writeln!(table, "| `{operation}` | {} |", cells.join(" | "));
        }
        tables.push(table);
    }
    tables.join("\n")
}

/// What became of a client's calls of an operation.
fn cell(driven: &Driven, operation: &str) -> String {
    let count = |kind: Kind| {
        let calls = driven.calls.iter();
        calls
            .filter(|call| call.operation == operation && call.outcome == kind)
            .count()
    };
    match (count(Kind::Decoded), count(Kind::Failed)) {
        (0, 0) => "not offered".to_owned(),
        (decoded, 0) => format!("{decoded} decoded"),
        (0, failed) => format!("**{failed} failed**"),
        (decoded, failed) => format!("{decoded} decoded, **{failed} failed**"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::call::read;
    use crate::clients::drive::Departure;
    use crate::clients::sdk::SDKS;
    use std::collections::BTreeMap;

    fn driven(of: usize) -> Option<Driven> {
        let lines = concat!(
            r#"{"call":"list","operation":"GET /a","outcome":"decoded","said":"57 items"}"#,
            "\n",
            r#"{"call":"sorted","operation":"GET /a","outcome":"failed","said":"null"}"#,
            "\n",
            r#"{"call":"drop","operation":"DELETE /a/{id}","outcome":"not offered","said":""}"#,
        );
        Some(Driven {
            sdk: SDKS.get(of)?,
            calls: read(lines).ok()?,
            exchanges: 3,
            operations: vec!["GET /a".to_owned(), "DELETE /a/{id}".to_owned()],
            departures: vec![Departure {
                rule: "request-body".to_owned(),
                operation: "GET /a".to_owned(),
                said: "/b: the value is null".to_owned(),
            }],
            beside: BTreeMap::from([("GET /ping".to_owned(), 2)]),
            faults: Vec::new(),
        })
    }

    #[test]
    fn each_call_has_a_line() {
        let text = driven(0).map(|driven| text(&driven)).unwrap_or_default();
        assert_eq!(
            text,
            "opik 2.2.122 from PyPI\n\
             \x20 list    GET /a          decoded      57 items\n\
             \x20 sorted  GET /a          failed       null\n\
             \x20 drop    DELETE /a/{id}  not offered\n\
             \x20 recorded: 3 exchanges, which depart:\n\
             \x20   request-body: GET /a: /b: the value is null\n\
             \x20 beside the document: GET /ping (2)\n\n"
        );
    }

    #[test]
    fn each_operation_has_a_row() {
        let both: Vec<Driven> = [0, 1].into_iter().filter_map(driven).collect();
        assert_eq!(
            matrix(&both),
            "| operation | opik 2.2.122 from PyPI | opik 2.0.40 from npm |\n\
             |---|---|---|\n\
             | `GET /a` | 1 decoded, **1 failed** | 1 decoded, **1 failed** |\n\
             | `DELETE /a/{id}` | not offered | not offered |\n"
        );
    }

    #[test]
    fn what_departs_is_seen() {
        let seen = driven(1).map(|driven| driven.seen()).unwrap_or_default();
        assert_eq!(
            seen,
            [
                "opik-npm: failed: sorted",
                "opik-npm: request-body: GET /a",
                "opik-npm: beside: GET /ping",
            ]
        );
    }
}
