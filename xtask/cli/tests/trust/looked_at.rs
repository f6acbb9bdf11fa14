//! What the command says rests on what it looked at: "Conforms" is never said where nothing was judged.

use super::answering::serve;

fn command(arguments: &[&str]) -> (Option<i32>, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_plumbline"))
        .args(arguments)
        .output()
        .unwrap();
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    (output.status.code(), text)
}

/// Two operations below an id that nothing tells, and one that takes none.
const BARE: &str = "
openapi: 3.0.3
info: {title: Bare, version: '1'}
paths:
  /a/{key}: {get: {operationId: getA, parameters: [{name: key, in: path, required: true, schema: {type: string}}], responses: {'200': {description: d}}}}
  /b/{key}: {get: {operationId: getB, parameters: [{name: key, in: path, required: true, schema: {type: string}}], responses: {'200': {description: d}}}}
  /c: {get: {operationId: getC, responses: {'200': {description: d, content: {application/json: {schema: {type: object, required: [k]}}}}}}}
  /d: {post: {operationId: makeD, responses: {'201': {description: d}}}}
";

#[test]
fn conforms_is_never_said_where_nothing_was_judged() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("openapi.yaml"), BARE).unwrap();
    let url = serve(|_| (200, "{\"k\": 1}".to_owned()));
    let files: Vec<String> = ["text", "json", "junit", "html", "github"]
        .iter()
        .map(|format| format!("{format}={}", at(format)))
        .collect();
    let spec = at("openapi.yaml");
    let mut arguments = vec![
        "verify", "--spec", &spec, "--target", &url, "--only", "getA",
    ];
    for file in &files {
        arguments.extend(["--report", file]);
    }
    let (exit, text) = command(&arguments);
    assert_eq!(exit, Some(1), "{text}");
    assert!(text.contains("Nothing was judged."), "{text}");
    let (merged, again) = command(&["merge", &at("json")]);
    assert_eq!(merged, Some(1), "{again}");
    let mut told = vec![text, again];
    told.extend(
        ["text", "json", "html", "github"]
            .map(|format| std::fs::read_to_string(at(format)).unwrap()),
    );
    for text in &told {
        assert!(!text.contains("Conforms"), "{text}");
    }
    let junit = std::fs::read_to_string(at("junit")).unwrap();
    assert!(junit.contains("message=\"Nothing was judged."), "{junit}");
}

#[test]
fn a_report_says_what_it_is_and_renders_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("openapi.yaml"), BARE).unwrap();
    let url = serve(|_| (200, "{\"k\": 1}".to_owned()));
    let (json, spec) = (format!("json={}", at("json")), at("openapi.yaml"));
    let verify = ["verify", "--spec", &spec, "--target", &url, "--jobs", "3"];
    let (exit, text) = command(&[&verify[..], &["--report", &json]].concat());
    assert_eq!(exit, Some(0), "{text}");
    for part in [
        "seen    1 of 4 operations, 1 of 4 statuses, 0 of 2 parameters",
        "options --jobs 3",
        &format!(
            "plumbline {}, report format 2, on 20",
            env!("CARGO_PKG_VERSION")
        ),
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let (exit, again) = command(&["merge", &at("json")]);
    assert_eq!((exit, again), (Some(0), text));
}

#[test]
fn shards_keep_what_none_of_them_covered_and_take_a_list_of_known_failures() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("openapi.yaml"), BARE).unwrap();
    let known = |entries: &str| std::fs::write(at("known.yaml"), entries).unwrap();
    let url = serve(|_| (200, "{}".to_owned()));
    let (spec, list) = (at("openapi.yaml"), at("known.yaml"));
    known(
        "- {id: body-schema, operation: getC, reason: no k, tracked: here}\n- {id: documented-status, operation: makeD, reason: r, tracked: t}",
    );
    for part in ["1/3", "2/3", "3/3"] {
        let json = format!("json={}", at(&part.replace('/', "-")));
        let verify = ["verify", "--spec", &spec, "--target", &url, "--shard", part];
        let (exit, text) = command(&[&verify[..], &["--known", &list, "--report", &json]].concat());
        // Two of the three parts have nothing that can be asked; the list is no error in any.
        assert_eq!(exit, Some(i32::from(part != "3/3")), "{text}");
        assert!(!text.contains("known-"), "{text}");
    }
    let shards = ["1-3", "2-3", "3-3"].map(at);
    let shards: Vec<&str> = shards.iter().map(String::as_str).collect();
    let merge = |known: &[&str]| command(&[&["merge"], shards.as_slice(), known].concat());
    let (exit, text) = merge(&["--known", &list]);
    assert_eq!(exit, Some(0), "{text}");
    for part in ["1 known failure.", "3 operations are not covered."] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    // What the whole has judged and found right is outdated, and what is no rule.
    known(
        "- {id: documented-status, operation: getC, reason: r, tracked: t}\n- {id: body-shema, reason: r, tracked: t}",
    );
    let (exit, text) = merge(&["--known", &list]);
    assert_eq!(exit, Some(1), "{text}");
    for code in ["known-holds", "known-unjudged", "no longer fits: "] {
        assert!(text.contains(code), "{code}\n{text}");
    }
    assert!(!text.contains("Conforms"), "{text}");
    known("- {id: body-schema}");
    let (exit, text) = merge(&["--known", &list]);
    assert_eq!(exit, Some(2), "{text}");
    assert!(text.contains("known-form"), "{text}");
}

/// The name of a document says little: shards belong together where they read the same and sent the
/// same headers.
#[test]
fn shards_of_other_documents_are_no_parts_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let url = serve(|_| (200, "{\"k\": 1}".to_owned()));
    let refers = BARE.replacen("type: object", "$ref: other.yaml", 1);
    let overlay = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n\
                   - {target: $.info, update: {description: d}}\n";
    std::fs::write(at("overlay.yaml"), overlay).unwrap();
    let (spec, by) = (at("openapi.yaml"), at("overlay.yaml"));
    let shard = |part: &str, text: &str, other: &str, more: &[&str]| {
        std::fs::write(&spec, text).unwrap();
        std::fs::write(at("other.yaml"), other).unwrap();
        let json = format!("json={}", at(&part.replace('/', "-")));
        let verify = ["verify", "--spec", &spec, "--target", &url, "--shard", part];
        let (exit, text) = command(&[&verify[..], &["--report", &json], more].concat());
        assert!(matches!(exit, Some(0 | 1)), "{text}");
    };
    let merged = || command(&["merge", &at("1-2"), &at("2-2")]);
    let changed = format!("{BARE}# another\n");
    let key = ["--header", "X-Key: a"];
    for (text, other, more, differs) in [
        (refers.as_str(), "type: object\n", &[][..], None),
        (&changed, "type: object\n", &[], Some("digests")),
        (&refers, "type: string\n", &[], Some("digests")),
        (
            &refers,
            "type: object\n",
            &["--overlay", &by],
            Some("digests"),
        ),
        (
            &refers,
            "type: object\n",
            &key,
            Some("headers: `none` and `x-key`"),
        ),
    ] {
        shard("1/2", &refers, "type: object\n", &[]);
        shard("2/2", text, other, more);
        let (exit, said) = merged();
        match differs {
            None => assert!(matches!(exit, Some(0 | 1)), "{said}"),
            Some(differs) => {
                assert_eq!(exit, Some(2), "{said}");
                let differs = format!("the reports differ in their {differs}");
                assert!(said.contains(&differs), "{differs}\n{said}");
            }
        }
    }
}

#[test]
fn a_keyword_that_cannot_be_used_is_left_out_alone() {
    let schema = |keyword: &str| {
        format!(
            "
openapi: 3.1.0
info: {{title: One, version: '1'}}
paths:
  /one:
    get:
      operationId: getOne
      responses:
        '200':
          description: d
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties:
                  id: {{type: string}}
                  v:
                    {keyword}
"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("openapi.yaml").display().to_string();
    let url = serve(|_| (200, "{\"id\": 7}".to_owned()));
    for keyword in [
        r"pattern: '^[\w-.]+\Z'",
        "additionalProperties: 'false'",
        "patternProperties: {'[': {type: string}}",
        "dependentRequired: x",
    ] {
        std::fs::write(&spec, schema(keyword)).unwrap();
        let (exit, text) = command(&["verify", "--spec", &spec, "--target", &url]);
        assert_eq!(exit, Some(1), "{text}");
        assert!(text.contains("body-schema"), "{text}");
        let name = keyword.split([':', '\'']).next().unwrap();
        let named = text.matches("cannot be used").count();
        assert_eq!(named, 1, "{text}");
        assert!(
            text.contains(name) && text.contains("openapi.yaml:19:"),
            "{text}"
        );
    }
}
