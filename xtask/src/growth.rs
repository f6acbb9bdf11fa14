//! How the time of generation grows with a document: the document once, twice and four times.

use crate::corpus;
use anyhow::{Result, anyhow, ensure};
use plumbline_cli::{documents, say};
use plumbline_generator::rust::Layout;
use plumbline_generator::{Options, Source, generate};
use plumbline_specs::{Input, read, value};
use serde_json::{Map, Value};
use std::path::Path;
use std::time::{Duration, Instant};

/// How often each size is measured; the shortest time counts, as it is the least disturbed.
const RUNS: usize = 3;

/// Prints a line for each document of a folder, or for the one that is given.
pub(crate) fn print(dir: &Path) -> Result<()> {
    say!(
        "{:<24} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "document",
        "bytes",
        "once",
        "twice",
        "fourfold",
        "ratio"
    );
    for found in corpus::documents(dir)? {
        let (_, bytes) = documents::load(&found.path)?;
        let input = Input {
            name: &found.name,
            bytes: &bytes,
        };
        let whole = value(input).map_err(|found| anyhow!("{found}"))?;
        let mut times = Vec::new();
        for copies in [1, 2, 4] {
            times.push(shortest(&repeated(&whole, copies))?);
        }
        let [once, twice, fourfold] = times.as_slice() else {
            continue;
        };
        say!(
            "{:<24} {:>8} {:>5} ms {:>5} ms {:>5} ms {:>8.1}",
            found.name,
            bytes.len(),
            once.as_millis(),
            twice.as_millis(),
            fourfold.as_millis(),
            fourfold.as_secs_f64() / twice.as_secs_f64(),
        );
    }
    say!("the ratio is that of fourfold to twice: 2 where the time grows as the document does");
    Ok(())
}

/// From a document's bytes to the files of its client.
fn shortest(document: &Value) -> Result<Duration> {
    let bytes = serde_json::to_vec(document)?;
    let mut shortest = Duration::MAX;
    for _ in 0..RUNS {
        let begun = Instant::now();
        let input = Input {
            name: "document",
            bytes: &bytes,
        };
        let reading = read(input, &Default::default()).map_err(|found| anyhow!("{found}"))?;
        let source = Source {
            name: "document",
            file: "document",
            api: &reading.api,
        };
        let options = Options {
            package: "document".to_owned(),
            version: "0.1.0".to_owned(),
            layout: Layout::Root,
            command: "cargo xtask bench".to_owned(),
        };
        let generated = generate(&[source], &options);
        ensure!(generated.summary.files > 0, "nothing was generated");
        shortest = shortest.min(begun.elapsed());
    }
    Ok(shortest)
}

/// A document with copies of its paths and of its schemas, each copy referring to itself.
fn repeated(document: &Value, copies: usize) -> Value {
    let mut whole = document.clone();
    for copy in 1..copies {
        let mark = format!("Copy{copy}");
        for (at, before) in [
            ("/paths", true),
            ("/components/schemas", false),
            ("/definitions", false),
        ] {
            let Some(Value::Object(own)) = document.pointer(at) else {
                continue;
            };
            let copied: Map<String, Value> = own
                .iter()
                .map(|(key, value)| {
                    let key = if before {
                        format!("/{mark}{key}")
                    } else {
                        format!("{key}{mark}")
                    };
                    (key, marked(value, &mark))
                })
                .collect();
            if let Some(Value::Object(all)) = whole.pointer_mut(at) {
                all.extend(copied);
            }
        }
    }
    whole
}

/// A value whose references lead to the schemas of a copy, and whose operations are called after
/// it.
fn marked(value: &Value, mark: &str) -> Value {
    match value {
        Value::Object(map) => {
            let marked = map.iter().map(|(key, value)| {
                let value = match value {
                    Value::String(id) if key == "operationId" => format!("{id}{mark}").into(),
                    other => marked(other, mark),
                };
                (key.clone(), value)
            });
            Value::Object(marked.collect())
        }
        Value::Array(items) => items.iter().map(|item| marked(item, mark)).collect(),
        Value::String(text)
            if text.starts_with("#/components/schemas/") || text.starts_with("#/definitions/") =>
        {
            // What is referred to within a schema stands below its key.
            let parts: Vec<&str> = text.split('/').collect();
            let key = if text.starts_with("#/definitions/") {
                2
            } else {
                3
            };
            let parts = parts.iter().enumerate().map(|(index, part)| {
                if index == key {
                    format!("{part}{mark}")
                } else {
                    (*part).to_owned()
                }
            });
            Value::String(parts.collect::<Vec<_>>().join("/"))
        }
        other => other.clone(),
    }
}
