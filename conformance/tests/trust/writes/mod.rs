//! A run changes nothing that it did not create: each test reads the log of a server that writes
//! down every request it gets.

mod created;
mod server;

use plumbline_conformance::run::Verified;
use plumbline_conformance::{Verify, verify};
use server::Server;

/// An operation of a document, in YAML's flow style.
fn operation(path: &str, method: &str, rest: &str) -> String {
    let mut parameters = String::new();
    for name in path.split('{').skip(1) {
        let name = name.split('}').next().unwrap();
        parameters.push_str(&format!(
            "{{name: {name}, in: path, required: true, schema: {{type: integer}}}}, "
        ));
    }
    let status = match (method, rest.contains("201")) {
        (_, true) => "'201'",
        ("delete", _) => "'204'",
        _ => "'200'",
    };
    format!(
        "  {path}:\n    {method}:\n      parameters: [{parameters}]\n{rest}      responses:\n        {status}: {{description: d, content: {{application/json: {{schema: {{}}}}}}}}\n        4XX: {{description: d, content: {{application/json: {{schema: {{}}}}}}}}\n"
    )
}

const TITLE: &str = "      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [title], properties: {title: {type: string}}}}}}\n";
const IDS: &str = "      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {ids: {type: array, items: {type: integer}}, filter: {type: object}}}}}}\n";

/// A document of paths, each with the operations that follow one another in the list.
fn document(operations: &[String]) -> String {
    let mut text = "openapi: 3.0.3\ninfo: {title: Notes, version: '1'}\npaths:\n".to_owned();
    let mut before = "";
    for operation in operations {
        let (path, rest) = operation.split_once('\n').unwrap();
        if path != before {
            text.push_str(path);
            text.push('\n');
        }
        text.push_str(rest);
        before = path;
    }
    text
}

/// `/PATH` listed and created, `/PATH/{id}` read, changed and deleted.
fn collection(path: &str) -> Vec<String> {
    let item = format!("{path}/{{id}}");
    vec![
        operation(path, "get", ""),
        operation(path, "post", &format!("{TITLE}      x-note: 201\n")),
        operation(&item, "get", ""),
        operation(&item, "patch", TITLE),
        operation(&item, "delete", ""),
    ]
}

fn of(server: &Server, document: &str) -> Verify {
    verify(server.url()).document("notes.yaml", document)
}

fn run(verify: Verify) -> Verified {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(verify.run()).unwrap()
}

/// The operations that nothing was asked of, with the reasons.
fn left_out(verified: &Verified) -> Vec<(&str, &str)> {
    let uncovered = &verified.report().uncovered;
    uncovered
        .iter()
        .map(|(operation, reason)| (operation.as_str(), reason.as_str()))
        .collect()
}

const PROFILE: &str =
    "      x-pagination: {style: page, number: $request.query.page, items: $response.body}\n";

fn paged(path: &str, rest: &str) -> String {
    operation(path, "post", &format!("{PROFILE}{rest}")).replace(
        "parameters: [",
        "parameters: [{name: page, in: query, schema: {type: integer}}, ",
    )
}

#[test]
fn a_run_that_only_reads_sends_safe_methods_and_searches() {
    let server = Server::open(&["/notes"], &[]);
    let mut operations = collection("/notes");
    operations.extend([
        operation("/notes/{id}/delete", "get", ""),
        operation("/logout", "get", ""),
        operation("/logouts", "get", ""),
        operation("/imports", "get", ""),
        paged("/notes/search", ""),
        paged("/search/tags", TITLE).replace("'200'", "'201'"),
        paged("/notes/lookup", ""),
        operation("/reports", "post", "      x-reads: true\n"),
        operation("/touch", "get", "      x-reads: false\n"),
        operation("/chat", "post", ""),
    ]);
    let verified = run(of(&server, &document(&operations)));
    assert_eq!(
        server.routes(),
        [
            "GET /imports",
            "GET /logouts",
            "GET /notes",
            "GET /notes/#",
            "GET /notes/plumbline",
            "GET /notes/1.5",
            "POST /notes/search",
            "POST /reports",
        ]
        .map(str::to_owned)
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
    let writes = "it writes: give --writes to let it";
    let logout =
        "its name says `logout`: give --also to have it sent, or x-resource to say what it does";
    let delete =
        "its name says `delete`: give --also to have it sent, or x-resource to say what it does";
    assert_eq!(
        left_out(&verified),
        [
            ("DELETE /notes/{id}", writes),
            ("GET /logout", logout),
            ("GET /notes/{id}/delete", delete),
            ("GET /touch", writes),
            ("PATCH /notes/{id}", writes),
            ("POST /chat", writes),
            ("POST /notes", writes),
            ("POST /notes/lookup", writes),
            ("POST /search/tags", writes),
        ]
    );
}

#[test]
fn only_what_the_run_has_created_is_changed_and_all_of_it_is_deleted() {
    let server = Server::open(&["/notes", "/open"], &["/open"]);
    let mut operations = collection("/notes");
    operations.extend(collection("/open"));
    let verified = run(of(&server, &document(&operations)).writes(true));
    // Nothing could be created in the second collection, so nothing of it is touched by an id
    // that a server could know.
    assert!(
        server.touched("/notes").iter().any(|id| id == "1001"),
        "{:?}",
        server.touched("/notes")
    );
    for id in server.touched("/notes") {
        let own = id.parse::<i64>().is_ok_and(|id| id > 1000);
        assert!(own || id == "plumbline", "{id}");
    }
    assert_eq!(server.touched("/open"), ["9223372036854775807"]);
    assert_eq!(server.ids("/notes"), [1, 2, 3]);
    assert_eq!(server.ids("/open"), [1, 2, 3]);
    assert_eq!(verified.report().remaining, []);
    let outcomes = verified.report().outcomes.iter();
    let own: Vec<(&str, &str)> = outcomes
        .filter(|outcome| outcome.rule == "life-cycle")
        .map(|outcome| {
            let reason = outcome.reason.as_deref().unwrap_or_default();
            (outcome.operation.as_str(), reason)
        })
        .collect();
    let reason = "it would change what this run has not created";
    let unsaid = "the document does not say what reads, changes and deletes what it creates: give \
                  x-resource";
    assert_eq!(
        own,
        [
            ("POST /notes", unsaid),
            ("POST /open", unsaid),
            ("DELETE /open/{id}", reason),
            ("PATCH /open/{id}", reason)
        ]
    );
}

/// The marks of `x-resource`, all under one name.
fn marked(path: &str) -> Vec<String> {
    let mut operations = collection(path);
    let roles = [
        "role: list, output: $response.body",
        "role: create, id: $response.body#/id, input: $request.body",
        "role: get, id: $request.path.id, output: $response.body",
        "role: update, id: $request.path.id, input: $request.body",
        "role: delete, id: $request.path.id",
    ];
    for (operation, role) in operations.iter_mut().zip(roles) {
        let mark = format!("      x-resource: {{collection: notes, {role}}}\n      responses:");
        *operation = operation.replace("      responses:", &mark);
    }
    operations
}

#[test]
fn a_collection_of_the_same_name_is_another_one() {
    let server = Server::open(&["/a/notes", "/b/notes"], &["/b/notes"]);
    let mut operations = marked("/a/notes");
    operations.extend(marked("/b/notes"));
    run(of(&server, &document(&operations)).writes(true));
    assert_eq!(server.touched("/b/notes"), ["9223372036854775807"]);
    assert_eq!(server.ids("/a/notes"), [1, 2, 3]);
    // The other way round the first of the name is the one that is closed.
    let server = Server::open(&["/a/notes", "/b/notes"], &["/a/notes"]);
    run(of(&server, &document(&operations)).writes(true));
    assert_eq!(server.touched("/a/notes"), ["9223372036854775807"]);
    assert_eq!(server.ids("/b/notes"), [1, 2, 3]);
}

/// Operations that name no item, or that say that they destroy.
fn dangerous() -> Vec<String> {
    vec![
        operation("/notes", "get", ""),
        operation("/notes", "put", TITLE),
        operation("/notes", "patch", IDS),
        operation("/notes", "delete", "").replace(
            "parameters: [",
            "parameters: [{name: ids, in: query, schema: {type: array, items: {type: integer}}}, ",
        ),
        operation("/settings", "put", TITLE),
        operation("/notes/bulk_delete", "post", IDS),
        operation("/notes/clearAll", "post", ""),
        operation("/notes/{id}/archive", "post", ""),
        operation("/notes/publish", "post", IDS),
        operation("/me", "post", "      operationId: rotateToken\n"),
        operation("/theme", "get", "").replace("schema: {}", "schema: {type: object}"),
        operation("/theme", "post", TITLE),
        operation(
            "/you",
            "post",
            "      summary: Logs the user out, and resets the password.\n",
        ),
        operation("/clearance", "post", "      operationId: createClearance\n"),
    ]
}

#[test]
fn what_names_no_item_or_says_that_it_destroys_is_left_out() {
    let server = Server::open(&["/notes"], &[]);
    let verified = run(of(&server, &document(&dangerous())).writes(true));
    assert_eq!(server.writes(), ["POST /clearance"]);
    let undirected = "it names no item that this run has created, and may act on all of them: give --also to have it sent";
    let says = |word: &str| {
        format!(
            "its name says `{word}`: give --also to have it sent, or x-resource to say what it does"
        )
    };
    assert_eq!(
        left_out(&verified),
        [
            ("DELETE /notes", undirected),
            ("PATCH /notes", undirected),
            ("POST /notes/bulk_delete", &*says("bulk")),
            ("POST /notes/clearAll", &*says("clear")),
            ("POST /notes/publish", undirected),
            ("POST /notes/{id}/archive", &*says("archive")),
            ("POST /theme", undirected),
            ("POST /you", &*says("reset")),
            ("PUT /notes", undirected),
            ("PUT /settings", undirected),
            ("rotateToken", &*says("rotate")),
        ]
    );
    assert_eq!(server.ids("/notes"), [1, 2, 3]);
}

#[test]
fn a_command_is_no_creation_and_no_read() {
    let post = |path: &str, rest: &str| operation(path, "post", rest);
    let operations = [
        post("/trash/empty", ""),
        post("/cache/gc", ""),
        post("/users/ban", TITLE),
        post("/a", "      operationId: expungeNotes\n"),
        post("/b", "      operationId: jobs.stop\n"),
        post("/c", "      summary: Withdraws what was offered.\n"),
        post("/d", "      summary: Retires all keys.\n"),
        post("/notify", TITLE),
        operation("/jobs/run", "get", ""),
        operation("/unsubscribe", "get", ""),
        // These are things, and these add something or look for it.
        operation("/runs", "get", ""),
        operation("/blocks/{id}", "get", ""),
        operation("/bans", "get", ""),
        post("/bans", &format!("{TITLE}      x-note: 201\n")),
        post("/e", "      operationId: addStop\n"),
        post("/notes/search", TITLE),
    ];
    let server = Server::open(&["/bans"], &[]);
    let verified = run(of(&server, &document(&operations)).writes(true));
    assert_eq!(
        server.routes(),
        [
            "GET /bans",
            "GET /runs",
            "POST /bans",
            "POST /e",
            "POST /notes/search"
        ]
    );
    let reasons: Vec<String> = left_out(&verified)
        .into_iter()
        .map(|(operation, reason)| {
            let word = reason.split('`').nth(1).unwrap_or("names no item");
            format!("{operation}: {word}")
        })
        .collect();
    assert_eq!(
        reasons,
        [
            "GET /blocks/{id}: id",
            "GET /jobs/run: run",
            "GET /unsubscribe: unsubscribe",
            "POST /c: withdraw",
            "POST /cache/gc: gc",
            "POST /d: retire",
            "POST /notify: names no item",
            "POST /trash/empty: empty",
            "POST /users/ban: ban",
            "expungeNotes: expunge",
            "jobs.stop: stop",
        ]
    );
}

#[test]
fn the_user_lets_an_operation_be_sent_and_leaves_others_out() {
    let server = Server::open(&["/notes"], &[]);
    let verify = of(&server, &document(&dangerous()))
        .writes(true)
        .also("rotateToken")
        .also("DELETE /notes")
        .skip("GET /notes");
    let verified = run(verify);
    assert_eq!(
        server.routes(),
        ["DELETE /notes", "GET /theme", "POST /clearance", "POST /me"]
    );
    let skipped = left_out(&verified)
        .into_iter()
        .find(|(operation, _)| *operation == "GET /notes");
    assert_eq!(
        skipped,
        Some(("GET /notes", "left out by --skip GET /notes"))
    );
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (wrong, message) in [
        (
            of(&server, &document(&dangerous())).also("nothing"),
            "`nothing` is no operation",
        ),
        (
            of(&server, &document(&dangerous())).skip("nothing"),
            "`nothing` is neither a rule nor an operation",
        ),
        (
            of(&server, &document(&dangerous())).skip("tag:nothing"),
            "no operation has the tag `nothing`",
        ),
    ] {
        assert_eq!(
            runtime.block_on(wrong.run()).unwrap_err().to_string(),
            message
        );
    }
}

#[test]
fn a_rule_and_the_operations_of_a_tag_are_left_out() {
    let server = Server::open(&["/notes", "/open"], &[]);
    let operations = [
        operation("/notes", "get", "      tags: [a, b]\n"),
        operation("/open", "get", ""),
    ];
    let verified = run(of(&server, &document(&operations))
        .skip("tag:b")
        .skip("media-type"));
    assert_eq!(server.routes(), ["GET /open"]);
    let rules = verified
        .report()
        .outcomes
        .iter()
        .map(|outcome| outcome.rule.as_str());
    let rules: Vec<&str> = rules.collect();
    assert!(rules.contains(&"documented-status"), "{rules:?}");
    assert!(!rules.contains(&"media-type"), "{rules:?}");
}

#[test]
fn a_declared_bulk_delete_gets_ids_of_the_run_s_own_and_never_none() {
    let server = Server::open(&["/notes"], &[]);
    let mut operations = marked("/notes");
    // Nothing else deletes.
    operations.pop();
    let resource = "      x-resource: {collection: notes, role: delete, ids: $request.body#/ids}\n";
    operations.push(operation(
        "/notes/bulk_delete",
        "post",
        &format!("{IDS}{resource}"),
    ));
    let verified = run(of(&server, &document(&operations)).writes(true));
    let log = server.log();
    let bodies: Vec<&str> = log
        .iter()
        .filter(|seen| seen.path == "/notes/bulk_delete")
        .map(|seen| seen.body.as_str())
        .collect();
    assert!(!bodies.is_empty());
    for body in bodies {
        let body: serde_json::Value =
            serde_json::from_str(body).unwrap_or_else(|error| panic!("{body}: {error}"));
        let ids = body["ids"].as_array().unwrap();
        assert!(!ids.is_empty(), "{body}");
        for id in ids {
            let number = id.as_u64().unwrap();
            let own = (1001..2000).contains(&number) || number > i64::MAX.unsigned_abs();
            assert!(own, "{body}");
        }
    }
    assert_eq!(server.ids("/notes"), [1, 2, 3]);
    assert_eq!(verified.report().remaining, []);
}

#[test]
fn a_header_makes_no_other_method_of_a_request() {
    let server = Server::open(&["/notes"], &[]);
    let header = "{name: X-HTTP-Method-Override, in: header, required: true, schema: {type: string, enum: [DELETE]}}";
    let mut operations = vec![operation("/notes", "get", "")];
    for path in ["/notes", "/others"] {
        operations.push(
            operation(path, "post", TITLE)
                .replace("parameters: [", &format!("parameters: [{header}, ")),
        );
    }
    let verified = run(of(&server, &document(&operations)).writes(true));
    assert_eq!(server.writes(), [""; 0]);
    let reason = "`X-HTTP-Method-Override` makes another method of it: give --also to have it sent";
    assert_eq!(
        left_out(&verified),
        [("POST /notes", reason), ("POST /others", reason)]
    );
}

#[test]
fn a_dry_run_says_what_would_be_sent_and_makes_no_connection() {
    // Nothing listens there.
    let mut operations = collection("/notes");
    operations.push(operation("/settings", "put", TITLE));
    let plan = verify("http://127.0.0.1:1")
        .document("notes.yaml", document(&operations))
        .writes(true)
        .skip("GET /notes/{id}")
        .dry_run()
        .unwrap();
    insta::assert_snapshot!(plan.to_string());
}

#[test]
fn a_profile_of_a_post_that_may_create_is_not_certain() {
    let results = "{description: d, content: {application/json: {schema: {type: object, required: [count, results], properties: {count: {type: integer}, next: {type: string}, previous: {type: string}, results: {type: array, items: {type: object, properties: {id: {type: integer}, title: {type: string}}}}}}}}}";
    let page = "      parameters: [{name: page, in: query, schema: {type: integer}}]\n";
    let with = |path: &str, status: &str, body: &str| {
        format!("  {path}:\n    post:\n{page}{body}      responses: {{'{status}': {results}}}\n")
    };
    let paths = [
        with("/search", "200", ""),
        with("/search/201", "201", ""),
        with("/search/item", "200", TITLE),
        with("/notes", "200", ""),
    ];
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n{}",
        paths.concat()
    );
    let input = plumbline_specs::Input {
        name: "a.yaml",
        bytes: text.as_bytes(),
    };
    let reading = plumbline_specs::read(input, &plumbline_specs::Options::default()).unwrap();
    let suggestions = plumbline_specs::suggest(&reading);
    let found: Vec<(String, &str)> = suggestions
        .paging()
        .map(|one| (one.operation.clone().unwrap(), one.confidence.word()))
        .collect();
    assert_eq!(
        found,
        [
            ("POST /search".to_owned(), "certain"),
            ("POST /search/201".to_owned(), "likely"),
            ("POST /search/item".to_owned(), "likely"),
            ("POST /notes".to_owned(), "likely"),
        ]
    );
}
