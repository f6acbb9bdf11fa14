//! One document that means harm in every place where a document has a text, and the package that is
//! generated from it, once for all tests.

use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// What every harmful text holds.
pub(crate) const MARKER: &str = "plumbline-marker";

/// Code, markup and characters that something obeys.
const TEXTS: &[&str] = &[
    "```rust\npanic!(\"plumbline-marker\");\n```",
    "~~~rust\npanic!(\"plumbline-marker\");\n~~~",
    "a\n\n    panic!(\"plumbline-marker\");\n",
    "x`<script>alert('plumbline-marker')</script>`y",
    "\\<script>alert('plumbline-marker')</script>",
    "![x](https://example.com/plumbline-marker.png)<img src=plumbline-marker>",
    "[x](javascript:alert('plumbline-marker'))",
    "[x]: javascript:alert('plumbline-marker')\n\n[x] [`Client`]",
    "plumbline-marker\0 \r \u{202e}\u{2066} \u{1b}[31m \u{7} \u{9b}m \u{2028}",
    "\"] \\\" ${HOME} `id` $(id) */ // plumbline-marker\\",
];

/// Tags that a file system, Cargo or rustc would stumble over.
const TAGS: &[&str] = &[
    "Geräte",
    "Gerate",
    "Gera\u{308}te",
    "名前",
    "..",
    "../../escape",
    "CON",
    "nul",
    "com1",
    "Pets",
    "PETS",
    "type",
    "mod",
    "all",
    "All operations",
    "💥",
    "",
    "tls",
];

/// Values whose constants hide what the standard library calls so.
const HIDING: &[&str] = &[
    "result", "ok", "err", "some", "none", "option", "string", "default", "clone", "vec", "box",
    "from", "send", "self", "debug", "copy", "bool",
];

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A schema with a text in all of its places.
fn schema(text: &str) -> Value {
    json!({
        "type": "object",
        "title": text,
        "description": text,
        "required": ["constant"],
        "properties": {
            text: {"type": "string", "enum": [text, "plain"], "default": text, "description": text},
            "constant": {"type": "string", "enum": [text]},
            "list": {"type": "array", "items": {"type": "string"}, "default": [text], "title": text},
        },
    })
}

fn operation(text: &str) -> Value {
    let reference = format!("#/components/schemas/{}", escaped(text));
    json!({
        "operationId": text,
        "tags": [text],
        "summary": text,
        "description": text,
        "security": [{text: []}],
        "parameters": [
            {
                "name": text, "in": "query", "description": text,
                "schema": {"type": "string", "default": text},
            },
            {"name": text, "in": "header", "schema": {"type": "string", "enum": [text, "plain"]}},
            {"name": text, "in": "cookie", "schema": {"type": "string", "example": text}},
        ],
        "requestBody": {"content": {"application/json": {"schema": {"$ref": reference}}}},
        "responses": {
            "200": {
                "description": text,
                "headers": {text: {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {"$ref": reference}}},
            },
            "404": {
                "description": text,
                "content": {"application/json": {"schema": {"type": "object", "title": text}}},
            },
        },
    })
}

fn document() -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    let mut schemes = Map::new();
    for (index, text) in TEXTS.iter().enumerate() {
        let path = format!("/texts/{index}/{}", text.replace(['{', '}'], ""));
        paths.insert(path, json!({"post": operation(text)}));
        schemas.insert((*text).to_owned(), schema(text));
        let scheme = json!({"type": "apiKey", "in": "header", "name": text, "description": text});
        schemes.insert((*text).to_owned(), scheme);
    }
    let long = "x".repeat(300);
    let tags = TAGS.iter().copied().chain([long.as_str()]);
    for (index, tag) in tags.enumerate() {
        for method in ["get", "put"] {
            let operation = json!({"tags": [tag], "responses": {"204": {"description": "d"}}});
            let item = paths.entry(format!("/tags/{index}")).or_insert(json!({}));
            item[method] = operation;
        }
    }
    let mut hiding: Map<String, Value> = HIDING
        .iter()
        .map(|value| {
            (
                (*value).to_owned(),
                json!({"type": "string", "enum": [value]}),
            )
        })
        .collect();
    // One name in two spellings.
    for name in ["\u{e9}", "e\u{301}"] {
        hiding.insert(name.to_owned(), json!({"type": "string"}));
    }
    let hiding = json!({"type": "object", "properties": hiding});
    schemas.insert("Result".to_owned(), hiding);
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": TEXTS.join(" "),
            "version": TEXTS.concat(),
            "description": TEXTS.join("\n\n"),
        },
        "servers": [{"url": format!("http://h/\"); {} //", TEXTS.concat())}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": schemes},
    })
}

/// The generated package.
pub(crate) fn package() -> &'static Path {
    static PACKAGE: OnceLock<PathBuf> = OnceLock::new();
    PACKAGE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let spec = folder.join("openapi.json");
        fs::write(&spec, document().to_string()).unwrap();
        let package = folder.join("package");
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("generate")
            .arg("--spec")
            .arg(&spec)
            .arg("--out")
            .arg(&package)
            .args(["--name", "hostile"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output));
        // A workspace of its own, with the versions of ours.
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let manifest = package.join("Cargo.toml");
        let own = fs::read_to_string(&manifest).unwrap() + "\n[workspace]\n";
        fs::write(manifest, own).unwrap();
        fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).unwrap();
        package
    })
}

/// Runs cargo in the package, its dependencies built once below our own target.
pub(crate) fn cargo(verb: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .arg(verb)
        .args(["--offline", "--no-default-features", "--features", "all"])
        .args(arguments)
        .current_dir(package())
        .env("CARGO_TARGET_DIR", target())
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap()
}

/// Where that puts what it makes.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile-target")
}

/// What a command printed.
pub(crate) fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr]
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .concat()
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}
