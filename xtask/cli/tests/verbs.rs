//! The commands on documents, as they are typed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use clap::{CommandFactory as _, Parser, Subcommand};
use plumbline_cli::{CommandError, Status, diff, generate, review, select, suggest, update};
use std::fs;
use std::path::Path;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Generate(generate::Arguments),
    Diff(diff::Arguments),
    Update(update::Arguments),
    Review(review::Arguments),
    Select(select::Arguments),
    Suggest(suggest::Arguments),
}

fn run(arguments: &[&str]) -> Result<Status, CommandError> {
    let arguments = [&["plumbline"], arguments].concat();
    match Cli::try_parse_from(arguments).unwrap().verb {
        Verb::Generate(arguments) => generate::run(&arguments),
        Verb::Diff(arguments) => diff::run(&arguments),
        Verb::Update(arguments) => update::run(&arguments),
        Verb::Review(arguments) => review::run(&arguments),
        Verb::Select(arguments) => select::run(&arguments),
        Verb::Suggest(arguments) => suggest::run(&arguments),
    }
}

const OLD: &str = "\
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /items:
    get:
      operationId: listItems
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: size, in: query, schema: {type: integer}}
      responses:
        '200':
          description: A page of items.
          content:
            application/json:
              schema:
                type: object
                required: [items]
                properties:
                  items: {type: array, items: {$ref: '#/components/schemas/Item'}}
                  total: {type: integer}
components:
  schemas:
    Item:
      type: object
      properties:
        id: {type: string}
";

const OVERLAY: &str = "\
overlay: 1.0.0
info: {title: Names, version: '1'}
actions:
  - target: $.components.schemas.Item
    update: {x-name: Ware}
  - target: $.components.schemas.Item.properties.id
    update: {x-name: number}
";

/// A folder with the old document, a new one without `Item.id`, and an overlay.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let new = OLD.replace("id: {type: string}", "name: {type: string}");
        for (name, text) in [
            ("openapi.yaml", OLD),
            ("new.yaml", &new),
            ("overlay.yaml", OVERLAY),
        ] {
            fs::write(folder.0.path().join(name), text).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn has(&self, name: &str) -> bool {
        Path::new(&self.path(name)).exists()
    }
}

#[test]
fn the_command_line_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn a_package_is_written_and_then_fresh() {
    let folder = Folder::new();
    let (spec, out) = (folder.path("openapi.yaml"), folder.path("client"));
    let generate = ["generate", "--spec", &spec, "--out", &out, "--name", "shop"];
    let check = [generate.as_slice(), &["--check"]].concat();
    assert_eq!(run(&check).unwrap(), Status::Failed);
    assert!(!folder.has("client"));
    assert_eq!(run(&generate).unwrap(), Status::Ok);
    assert_eq!(run(&check).unwrap(), Status::Ok);
    let command = "plumbline generate --spec openapi.yaml --name shop";
    assert!(folder.read("client/src/lib.rs").contains(command));
    // The same document under another name makes the same client.
    let renamed = folder.path("renamed.yaml");
    fs::copy(&spec, &renamed).unwrap();
    let mut other = check;
    other[2] = &renamed;
    assert_eq!(run(&other).unwrap(), Status::Ok);
    fs::write(
        &renamed,
        OLD.replace("operationId: listItems", "operationId: listWares"),
    )
    .unwrap();
    assert_eq!(run(&other).unwrap(), Status::Failed);
    let error = run(&["generate", "--spec", &spec, "--out", &out, "--name", "Shop"]).unwrap_err();
    assert!(matches!(error, CommandError::PackageName(_)), "{error}");
}

#[test]
fn an_update_writes_all_or_nothing() {
    let folder = Folder::new();
    let [spec, new, overlay, out] =
        ["openapi.yaml", "new.yaml", "overlay.yaml", "client"].map(|name| folder.path(name));
    let update = [
        "update",
        "--spec",
        &spec,
        "--from",
        &new,
        "--overlay",
        &overlay,
        "--out",
        &out,
        "--name",
        "shop",
    ];
    assert_eq!(run(&update).unwrap(), Status::Failed);
    assert_eq!(folder.read("openapi.yaml"), OLD);
    assert!(!folder.has("client"));
    let accept = [update.as_slice(), &["--accept", "overlay:1"]].concat();
    assert_eq!(run(&accept).unwrap(), Status::Ok);
    assert_eq!(folder.read("openapi.yaml"), folder.read("new.yaml"));
    let overlay_is = folder.read("overlay.yaml");
    assert!(overlay_is.contains("Ware") && !overlay_is.contains("number"));
    // What an update makes is what `generate` makes of the document in its place.
    let check = [
        "generate",
        "--spec",
        &spec,
        "--overlay",
        &overlay,
        "--out",
        &out,
        "--name",
        "shop",
        "--check",
    ];
    assert_eq!(run(&check).unwrap(), Status::Ok);
    assert_eq!(run(&update).unwrap(), Status::Ok, "nothing has changed");
    let files = fs::read_dir(folder.0.path()).unwrap().count();
    assert_eq!(files, 4, "no file is left beside another");
}

#[test]
fn changes_are_shown_and_can_fail() {
    let folder = Folder::new();
    let (old, new, page) = (
        folder.path("openapi.yaml"),
        folder.path("new.yaml"),
        folder.path("review.html"),
    );
    assert_eq!(run(&["diff", &old, &new]).unwrap(), Status::Ok);
    let failing = ["diff", &old, &new, "--fail-on", "breaking"];
    assert_eq!(run(&failing).unwrap(), Status::Failed);
    assert_eq!(
        run(&["review", &old, &new, "--html", &page]).unwrap(),
        Status::Ok
    );
    assert!(folder.read("review.html").contains("Item"));
    let missing = folder.path("missing.yaml");
    let error = run(&["diff", &missing, &new]).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("{missing} cannot be read: ")),
        "{error}"
    );
}

#[test]
fn a_part_and_an_overlay_are_written() {
    let folder = Folder::new();
    let (spec, out) = (folder.path("openapi.yaml"), folder.path("out.yaml"));
    let select = ["select", &spec, "listItems", "--strip-prose", "--out", &out];
    assert_eq!(run(&select).unwrap(), Status::Ok);
    let part = folder.read("out.yaml");
    assert!(part.contains("listItems") && !part.contains("A page of items."));
    // The part stays where it is: it may have been edited.
    let suggest = ["suggest", &spec, "--out", &out];
    let error = run(&suggest).unwrap_err().to_string();
    assert!(error.contains("--force replaces it"), "{error}");
    assert_eq!(folder.read("out.yaml"), part);
    let forced = [suggest.as_slice(), &["--force"]].concat();
    assert_eq!(run(&forced).unwrap(), Status::Ok);
    assert!(folder.read("out.yaml").contains("x-pagination"));
}
