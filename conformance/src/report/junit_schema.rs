//! What Jenkins' schema of JUnit XML (junit-10.xsd of its xunit plugin) asks of a report.

use roxmltree::{Document, Node};

/// An element: the attributes that it must have, those that it may have, and its children.
struct Element {
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    children: &'static [&'static str],
}

const ELEMENTS: [Element; 9] = [
    Element {
        name: "testsuites",
        required: &[],
        optional: &["name", "time", "tests", "failures", "errors"],
        children: &["testsuite"],
    },
    Element {
        name: "testsuite",
        required: &["name", "tests", "failures", "errors"],
        optional: &["time", "skipped", "timestamp", "hostname", "id", "package"],
        children: &["properties", "testcase", "system-out"],
    },
    Element {
        name: "testcase",
        required: &["name"],
        optional: &["time", "classname", "group"],
        children: &["skipped", "error", "failure", "system-out"],
    },
    Element {
        name: "properties",
        required: &[],
        optional: &[],
        children: &["property"],
    },
    Element {
        name: "property",
        required: &["name", "value"],
        optional: &[],
        children: &[],
    },
    Element {
        name: "error",
        required: &[],
        optional: &["type", "message"],
        children: &[],
    },
    Element {
        name: "failure",
        required: &[],
        optional: &["type", "message"],
        children: &[],
    },
    Element {
        name: "skipped",
        required: &[],
        optional: &["type", "message"],
        children: &[],
    },
    Element {
        name: "system-out",
        required: &[],
        optional: &[],
        children: &[],
    },
];

/// Everything in which a text departs from the schema, or in which its counts are not true.
pub(super) fn departures(text: &str) -> Vec<String> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => return vec![error.to_string()],
    };
    let root = document.root_element();
    let mut found = Vec::new();
    if root.tag_name().name() != "testsuites" {
        found.push("the root is no testsuites".to_owned());
    }
    for node in root.descendants().filter(Node::is_element) {
        element(node, &mut found);
    }
    for node in root.descendants().filter(|node| node.is_element()) {
        if ["testsuites", "testsuite"].contains(&node.tag_name().name()) {
            counts(node, &mut found);
        }
    }
    found
}

fn element(node: Node<'_, '_>, found: &mut Vec<String>) {
    let name = node.tag_name().name();
    let Some(element) = ELEMENTS.iter().find(|element| element.name == name) else {
        found.push(format!("{name} is not known"));
        return;
    };
    for required in element.required {
        if !node.has_attribute(*required) {
            found.push(format!("{name} lacks {required}"));
        }
    }
    for attribute in node.attributes() {
        let own = attribute.name();
        if !element.required.contains(&own) && !element.optional.contains(&own) {
            found.push(format!("{name} has {own}"));
        }
        let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || ",.".contains(c));
        if own == "time" && !digits(attribute.value()) {
            found.push(format!("{name} took {}", attribute.value()));
        }
    }
    for child in node.children().filter(Node::is_element) {
        if !element.children.contains(&child.tag_name().name()) {
            found.push(format!("{name} holds {}", child.tag_name().name()));
        }
    }
}

/// Whether a suite, or all suites, say how many cases there are of each kind.
fn counts(node: Node<'_, '_>, found: &mut Vec<String>) {
    let of = |name: &str| {
        node.descendants()
            .filter(|inner| inner.has_tag_name(name))
            .count()
    };
    for (attribute, inner) in [
        ("tests", "testcase"),
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ] {
        let said = node.attribute(attribute);
        if said.is_some_and(|said| said != of(inner).to_string()) {
            found.push(format!("{attribute} is {said:?}, not {}", of(inner)));
        }
    }
}

#[test]
fn what_the_schema_refuses_is_found() {
    for (text, departure) in [
        ("<testsuite/>", "the root is no testsuites"),
        ("<testsuites skipped=\"1\"/>", "testsuites has skipped"),
        ("<testsuites time=\"1 s\"/>", "testsuites took 1 s"),
        (
            "<testsuites><testcase name=\"a\"/></testsuites>",
            "testsuites holds testcase",
        ),
        (
            "<testsuites><testsuite/></testsuites>",
            "testsuite lacks tests",
        ),
        (
            "<testsuites><warning/></testsuites>",
            "warning is not known",
        ),
        ("<testsuites tests=\"1\"/>", "tests is Some(\"1\"), not 0"),
    ] {
        let found = departures(text);
        assert!(
            found.iter().any(|one| one == departure),
            "{text}: {found:?}"
        );
    }
}
