//! Only what the user typed is expanded from the environment.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::listener::{Answer, Listener, Received};
use std::path::Path;
use std::process::Command;

/// Every place of a document from which a value is sent.
const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: '$PLUMBLINE_TRUST', version: '1'}
paths:
  /places/{in_path}:
    get:
      operationId: places
      parameters:
        - {name: in_path, in: path, required: true, schema: {type: string, enum: ['$PLUMBLINE_TRUST']}}
        - {name: X-Enum, in: header, required: true, schema: {type: string, enum: ['$PLUMBLINE_TRUST']}}
        - {name: X-Default, in: header, schema: {type: string, default: '${PLUMBLINE_TRUST}'}}
        - {name: X-Example, in: header, required: true, example: 'a $PLUMBLINE_TRUST', schema: {type: string}}
        - {name: sid, in: cookie, required: true, schema: {type: string, enum: ['$PLUMBLINE_TRUST']}}
        - {name: q, in: query, required: true, schema: {type: string, enum: ['$PLUMBLINE_TRUST']}}
      responses:
        '200': {description: d, content: {application/json: {schema: {type: integer}}}}
  /bodies:
    post:
      operationId: bodies
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: string, enum: ['$PLUMBLINE_TRUST']}}}}}
      responses:
        '200': {description: d, content: {application/json: {schema: {type: integer}}}}
  /list:
    get:
      operationId: list
      parameters:
        - {name: X-Cursor, in: header, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, default: 1}}
      x-pagination: {style: cursor, cursor: $request.header.X-Cursor, limit: $request.query.limit, next: '$response.body#/next', items: '$response.body#/data', key: /id}
      responses:
        '200': {description: d, headers: {Location: {schema: {type: string}}}, content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {type: object, properties: {id: {type: string}}}}, next: {type: string, nullable: true}}}}}}
  /list/{id}:
    get:
      operationId: one
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: X-Id, in: header, schema: {type: string}}
      responses:
        '200': {description: d, content: {application/json: {schema: {type: object, required: [nope]}}}}
";

/// Takes a value that a server gave to the next request, and asks for one variable of two.
const FIXTURE: &str = r"
about: A request that names a variable, and one with what the server gave.
provenance: {written: By hand.}
secrets: {PLUMBLINE_WANTED: stand-in}
exchanges:
- id: first
  operation: list
  request:
    method: GET
    path: /list
    headers: [[X-Wanted, '${PLUMBLINE_WANTED}'], [X-Unwanted, $PLUMBLINE_TRUST]]
  response: {status: 200, headers: [[Location, x]], body: {json: {data: [], next: x}}}
  capture:
    location: $response.header.Location
    next: '$response.body#/next'
- id: second
  operation: one
  request:
    method: GET
    path: /list/${next}
    headers: [[X-Id, '${location}']]
  response: {status: 200, body: {json: {nope: 1}}}
";

const VALUES: [&str; 2] = ["value-of-trust-4711", "value-of-typed-4712"];

/// Every place of a server from which a value is sent.
fn answer(received: &Received) -> Answer {
    let cursor = match received.header("x-cursor") {
        None => "\"$PLUMBLINE_TRUST\"",
        Some(_) => "null",
    };
    (
        200,
        "Location: $PLUMBLINE_TRUST\r\nLink: <$PLUMBLINE_TRUST>; rel=\"next\"\r\n".to_owned(),
        format!("{{\"data\": [{{\"id\": \"$PLUMBLINE_TRUST\"}}], \"next\": {cursor}}}"),
    )
}

fn plumbline(folder: &Path, arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_plumbline"))
        .current_dir(folder)
        .args(arguments)
        .env("PLUMBLINE_TRUST", VALUES[0])
        .env("PLUMBLINE_TYPED", VALUES[1])
        .env("PLUMBLINE_WANTED", "value-of-wanted-4713")
        .output()
        .unwrap()
}

#[test]
fn only_what_the_user_typed_is_expanded() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("trust.yaml"), DOCUMENT).unwrap();
    std::fs::create_dir(folder.join("fixtures")).unwrap();
    std::fs::write(folder.join("fixtures/given.yaml"), FIXTURE).unwrap();
    let server = Listener::start(answer);
    let output = plumbline(
        folder,
        &[
            "verify",
            "--spec",
            "trust.yaml",
            "--target",
            &server.url,
            "--fixtures",
            "fixtures",
            "--writes",
            "--header",
            "X-Typed: Key ${PLUMBLINE_TYPED}",
            "--report",
            "json=report.json",
            "--report",
            "html=report.html",
        ],
    );
    let mut shown = String::from_utf8_lossy(&output.stdout).into_owned();
    shown.push_str(&String::from_utf8_lossy(&output.stderr));
    let seen = server.seen();
    assert!(seen.len() > 10, "{shown}");

    let text = format!("{seen:?}");
    for received in &seen {
        let wire = format!(
            "{} {} {}",
            received.target,
            received
                .headers
                .iter()
                .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value)))
                .collect::<String>(),
            String::from_utf8_lossy(&received.body)
        );
        assert!(!wire.contains(VALUES[0]), "{wire}");
        assert_eq!(
            received.header("x-typed"),
            Some(b"Key value-of-typed-4712".as_slice()),
            "{wire}"
        );
    }
    // Every place was filled, with the text as it is.
    let has = |name: &str, value: &str| {
        let all = seen.iter().filter_map(|received| received.header(name));
        all.into_iter().any(|own| own == value.as_bytes())
    };
    for (name, value) in [
        ("x-enum", "$PLUMBLINE_TRUST"),
        ("x-example", "a $PLUMBLINE_TRUST"),
        ("cookie", "sid=%24PLUMBLINE_TRUST"),
        ("x-cursor", "$PLUMBLINE_TRUST"),
        ("x-id", "$PLUMBLINE_TRUST"),
        ("x-unwanted", "$PLUMBLINE_TRUST"),
        ("x-wanted", "value-of-wanted-4713"),
    ] {
        assert!(has(name, value), "{name}: {text}");
    }
    for place in ["/places/%24PLUMBLINE_TRUST?", "q=%24PLUMBLINE_TRUST"] {
        assert!(text.contains(place), "{place}: {text}");
    }
    assert!(
        seen.iter()
            .any(|received| received.body == br#"{"a":"$PLUMBLINE_TRUST"}"#),
        "{text}"
    );

    // The user's own is shown by its name alone.
    for file in ["report.json", "report.html"] {
        shown.push_str(&std::fs::read_to_string(folder.join(file)).unwrap());
    }
    for value in ["value-of-trust", "value-of-typed", "value-of-wanted"] {
        assert!(!shown.contains(value), "{value}: {shown}");
    }
    assert!(shown.contains("\"$PLUMBLINE_TYPED\""), "{shown}");
}

#[test]
fn a_variable_that_is_not_set_is_said_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("trust.yaml"), DOCUMENT).unwrap();
    let server = Listener::start(answer);
    let output = plumbline(
        folder.path(),
        &[
            "verify",
            "--spec",
            "trust.yaml",
            "--target",
            &server.url,
            "--header",
            "X-Typed: $PLUMBLINE_NO_SUCH",
        ],
    );
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("`PLUMBLINE_NO_SUCH`, which is not set"),
        "{told}"
    );
    assert_eq!(server.seen(), []);
}

/// The places of the sources that read variables: what the user typed, and what a fixture's `secrets`
/// name; the terminal's own besides.
#[test]
fn nothing_else_reads_the_environment() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    let mut folders: Vec<_> = [
        "conformance/src",
        "conformance/reference/src",
        "xtask/cli/src",
    ]
    .map(|sources| root.join(sources))
    .into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read_to_string(&path).is_ok_and(|text| text.contains("env::var")) {
                let name = path.strip_prefix(&root).unwrap();
                found.push(name.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    assert_eq!(
        found,
        [
            "conformance/src/fixture/replay.rs",
            "conformance/src/user.rs",
            "xtask/cli/src/bin/plumbline/output.rs",
            "xtask/cli/src/stdout.rs",
        ]
    );
}
