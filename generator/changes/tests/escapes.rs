//! No text of a document is alive in what `diff` and `review` show of it, in whatever form.

#![expect(clippy::indexing_slicing, reason = "a JSON value takes any key")]

use plumbline_changes::review::{Side, html, review};
use plumbline_changes::{Comparison, Format, Options, compare};
use plumbline_specs::{Input, Reading, is_hidden, read};
use pulldown_cmark::{Event, Parser, Tag};
use serde_json::json;

const HOSTILE: &[&str] = &[
    "```rust\npanic!()\n```",
    "~~~\npanic!()\n~~~",
    "x`<script>alert(1)</script>`y",
    "\\<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[a](javascript:alert(1)) ![b](https://example.com/b.png)",
    "\n# a\n- b\n> c",
    "red \u{1b}[31m \r over \u{202e} rtl \u{9b}m \0",
    "\r\n::error::broken%0Aout",
    "a\u{2028}b\u{2066}c",
];

/// A document with a text in its operation's id, its path, its names and its values.
fn document(text: &str, more: bool) -> Vec<u8> {
    let mut properties = json!({text: {"type": "string", "enum": [text], "default": text}});
    let mut responses = json!({});
    if more {
        properties["more"] = json!({"type": "string", "description": text});
        properties[text]["enum"] = json!([text, "more"]);
        responses["404"] = json!({"description": text});
    }
    let schema = json!({"type": "object", "properties": properties});
    responses["200"] = json!({
        "description": text,
        "content": {"application/json": {"schema": schema}},
    });
    let path = format!("/{}", text.replace(['{', '}'], ""));
    let operation = |id: String| json!({"operationId": id, "tags": [text], "responses": responses});
    let paths =
        json!({path: {"get": operation(text.to_owned()), "put": operation(format!("{text}2"))}});
    json!({"openapi": "3.0.3", "info": {"title": text, "version": text}, "paths": paths})
        .to_string()
        .into_bytes()
}

#[test]
fn no_text_is_alive_in_any_form() {
    for text in HOSTILE {
        let (old, new) = (document(text, false), document(text, true));
        let input = |name, bytes| Input { name, bytes };
        let (old, new) = (input("old.json", &old), input("new.json", &new));
        let reading = |input| -> Reading {
            read(input, &plumbline_specs::Options::default()).expect("a reading")
        };
        let (before, after) = (reading(old), reading(new));
        let changes = compare(&before.api, &after.api, Options { prose: true });
        assert!(changes.len() >= 3, "{text:?}: {changes:?}");
        let comparison = Comparison {
            old,
            new,
            changes: &changes,
        };
        let (api, other) = (&before.api, &after.api);
        let review = review(
            Side { input: old, api },
            Side {
                input: new,
                api: other,
            },
        );
        let terminal = review.text(false);
        let page = html(&[("api".to_owned(), review)]).expect("a page");
        let markdown = comparison.render(Format::Markdown);
        let github = comparison.render(Format::Github);
        for (form, shown) in [
            ("text", &comparison.render(Format::Text)),
            ("markdown", &markdown),
            ("github", &github),
            ("review", &terminal),
            ("page", &page),
        ] {
            let found = shown.chars().find(|it| is_hidden(*it) && *it != '\n');
            assert_eq!(found, None, "{form} of {text:?}:\n{shown}");
        }
        for event in Parser::new(&markdown) {
            let alive = match &event {
                Event::Html(html) | Event::InlineHtml(html) => {
                    !html.contains("details") && !html.contains("summary")
                }
                Event::Start(Tag::Image { .. } | Tag::Link { .. } | Tag::CodeBlock(_)) => true,
                _ => false,
            };
            assert!(!alive, "{event:?} in the Markdown of {text:?}:\n{markdown}");
        }
        assert!(
            github.lines().all(|line| line.starts_with("::")),
            "{github}"
        );
        let body = page.split_once("<body>").expect("a body").1;
        for mark in ["<script", "<img"] {
            assert!(!body.contains(mark), "{mark} in the page of {text:?}");
        }
    }
}
