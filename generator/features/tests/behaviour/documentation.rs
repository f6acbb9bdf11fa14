//! The example bodies of the vendors' documentation pages, read and written again without loss.
//!
//! The pages lie outside the repository; without PLUMBLINE_SHARED the tests say so and pass.

use plumbline_clients::{galileo, opik};
use serde_json::Value;
use std::path::Path;

/// A page's text.
fn page(path: &str) -> Option<String> {
    let Ok(folder) = std::env::var("PLUMBLINE_SHARED") else {
        println!("PLUMBLINE_SHARED is not set: {path} is not read");
        return None;
    };
    Some(std::fs::read_to_string(Path::new(&folder).join(path)).unwrap())
}

/// The first whole object that opens with a member of this name.
fn object(text: &str, member: &str) -> Value {
    let at = text.find(member).unwrap();
    let start = text[..at].rfind('{').unwrap();
    let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter();
    values.next().unwrap().unwrap()
}

/// Puts in what the page's placeholders stand for: where an id is due, a text is no example.
fn filled(value: &mut Value, name: &str, is_id: fn(&str) -> bool) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                filled(member, name, is_id);
            }
        }
        Value::Array(elements) => {
            for element in elements {
                filled(element, name, is_id);
            }
        }
        Value::String(text) if is_id(name) && matches!(text.as_str(), "string" | "<string>") => {
            "0190b2a0-0000-7000-8000-000000000001".clone_into(text);
        }
        _ => {}
    }
}

/// Gives a member another name, everywhere; says how often it was met.
fn renamed(value: &mut Value, old: &str, new: &str) -> usize {
    match value {
        Value::Object(members) => {
            let mut met = 0;
            if let Some(member) = members.remove(old) {
                members.insert(new.to_owned(), member);
                met += 1;
            }
            met + members
                .values_mut()
                .map(|member| renamed(member, old, new))
                .sum::<usize>()
        }
        Value::Array(elements) => elements.iter_mut().map(|it| renamed(it, old, new)).sum(),
        _ => 0,
    }
}

/// Numbers by their worth: `1` and `1.0` are the same.
fn by_worth(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64()),
        Value::Array(elements) => elements.into_iter().map(by_worth).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| (name, by_worth(member)))
            .collect(),
        other => other,
    }
}

#[test]
fn the_page_of_opik() {
    let Some(text) = page("vendor/opik/find-experiments.txt") else {
        return;
    };
    // Each line of the example begins with its number.
    let lines: Vec<&str> = text
        .lines()
        .skip_while(|line| *line != "1{")
        .take_while(|line| line.starts_with(|first: char| first.is_ascii_digit()))
        .map(|line| line.trim_start_matches(|c: char| c.is_ascii_digit()))
        .collect();
    let mut body: Value = serde_json::from_str(&lines.join("\n")).unwrap();
    filled(&mut body, "", |name| name == "id" || name.ends_with("_id"));
    // As the server writes them, and as the overlay says.
    assert_eq!(renamed(&mut body, "sortableBy", "sortable_by"), 1);
    assert_eq!(renamed(&mut body, "prompt_version_id", "id"), 2);
    let read: opik::ExperimentPagePublic = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(read.sortable_by, Some(vec!["string".to_owned()]));
    assert_eq!(
        by_worth(serde_json::to_value(&read).unwrap()),
        by_worth(body)
    );
}

#[test]
fn the_page_of_galileo() {
    let Some(text) = page("vendor/galileo/search-experiments.txt") else {
        return;
    };
    let is_id = |name: &str| name == "id" || name.ends_with("_id") || name == "created_by";
    let request = object(&text, "\"starting_token\"");
    let read: galileo::ExperimentSearchRequest = serde_json::from_value(request.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), request);
    let answer = &text[text.find("'{\n\"starting_token\"").unwrap()..];
    let mut answer = object(answer, "\"starting_token\"");
    filled(&mut answer, "", is_id);
    // The page has a text where the document has a list of objects.
    let tools = answer.pointer_mut("/experiments/0/prompt_run_settings/tools");
    assert_eq!(tools.unwrap().take(), "<string>");
    let read: galileo::ListExperimentResponse = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!(
        by_worth(serde_json::to_value(&read).unwrap()),
        by_worth(answer)
    );
}
