//! The composite action, by the very scripts that it runs; the examples for GitHub and GitLab;
//! the container file.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use plumbline_reference::{Options, Server};
use plumbline_specs::Input;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A YAML file of the repository.
fn yaml(path: &str) -> Value {
    let bytes = fs::read(root().join(path)).unwrap();
    parsed(&bytes, path)
}

fn parsed(bytes: &[u8], name: &str) -> Value {
    plumbline_specs::value(Input { name, bytes })
        .map_err(|found| plumbline_specs::render(&found, &[Input { name, bytes }]))
        .unwrap()
}

fn action() -> Value {
    yaml(".github/actions/verify/action.yml")
}

fn steps(action: &Value) -> &[Value] {
    action["runs"]["steps"].as_array().unwrap()
}

/// The names that a text takes from a context: `inputs.spec` gives `spec`.
fn taken<'a>(text: &'a str, context: &str) -> Vec<&'a str> {
    let word = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
    text.split(context)
        .skip(1)
        .map(|rest| rest.split(word).next().unwrap())
        .collect()
}

/// What came of a step.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    log: String,
    outputs: String,
    summary: String,
    path: String,
}

impl Ran {
    fn output(&self, name: &str) -> Option<&str> {
        let mut lines = self.outputs.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
    }
}

/// Runs a step of the action in a folder as GitHub does: its own shell, the environment that the
/// step declares, with the inputs that a workflow gives and the defaults of the others.
fn run(step: &str, folder: &Path, path: &str, inputs: &[(&str, &str)]) -> Ran {
    let action = action();
    let step = steps(&action).iter().find(|one| one["id"] == step).unwrap();
    assert_eq!(step["shell"], "bash");
    let script = folder.join("step.sh");
    fs::write(&script, step["run"].as_str().unwrap()).unwrap();
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail"]);
    command.arg(&script).current_dir(folder).env_clear();
    command.env("PATH", path).env("API_KEY", "s3cr3t-key");
    let [output, summary, paths] =
        ["output", "summary.md", "path"].map(|name| folder.join(name).display().to_string());
    for (name, file) in [
        ("GITHUB_OUTPUT", &output),
        ("GITHUB_STEP_SUMMARY", &summary),
        ("GITHUB_PATH", &paths),
    ] {
        fs::write(file, "").unwrap();
        command.env(name, file);
    }
    for (name, value) in step["env"].as_object().unwrap() {
        let value = value.as_str().unwrap();
        let inner = value.strip_prefix("${{ ").unwrap();
        let inner = inner.strip_suffix(" }}").unwrap();
        let value = match inner.strip_prefix("inputs.") {
            Some(input) => {
                let declared = &action["inputs"][input];
                assert!(declared.is_object(), "{input} is not declared");
                let given = inputs.iter().find(|(name, _)| *name == input);
                given.map_or(declared["default"].as_str(), |(_, value)| Some(*value))
            }
            None => (inner == "runner.temp").then(|| folder.to_str().unwrap()),
        };
        command.env(name, value.unwrap());
    }
    let done = command.output().unwrap();
    let mut log = String::from_utf8(done.stdout).unwrap();
    log.push_str(&String::from_utf8(done.stderr).unwrap());
    let read = |file: &str| fs::read_to_string(file).unwrap();
    Ran {
        code: done.status.code(),
        log,
        outputs: read(&output),
        summary: read(&summary),
        path: read(&paths),
    }
}

/// The step that verifies, with the binary of this build on the path.
fn verify(folder: &Path, inputs: &[(&str, &str)]) -> Ran {
    let binary = Path::new(env!("CARGO_BIN_EXE_plumbline"));
    let path = format!("{}:/usr/bin:/bin", binary.parent().unwrap().display());
    run("verify", folder, &path, inputs)
}

fn server(vendor: &str, defects: &[&str], credentials: Option<&str>) -> Server {
    let options = Options {
        items: 3,
        defects: defects.iter().map(|id| (*id).to_owned()).collect(),
        credentials: credentials.map(str::to_owned),
        ..Options::default()
    };
    let vendor = plumbline_reference::vendor(vendor).unwrap();
    vendor.serve(options).unwrap()
}

#[test]
fn what_the_action_takes_it_declares_and_what_it_declares_it_takes() {
    let action = action();
    let text = fs::read_to_string(root().join(".github/actions/verify/action.yml")).unwrap();
    let declared: BTreeSet<&str> = action["inputs"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let used: BTreeSet<&str> = taken(&text, "inputs.").into_iter().collect();
    assert_eq!(used, declared);
    for (name, input) in action["inputs"].as_object().unwrap() {
        let required = input["required"] == true;
        assert_ne!(required, input["default"].is_string(), "{name}");
        assert!(input["description"].is_string(), "{name}");
    }
    // An expression in a script would be put into it before the shell reads it.
    for step in steps(&action) {
        let script = step["run"].as_str().unwrap_or_default();
        assert!(!script.contains("${{"), "{script}");
    }
    assert_eq!(action["inputs"]["version"]["default"], VERSION);
    for (name, output) in action["outputs"].as_object().unwrap() {
        let value = output["value"].as_str().unwrap();
        assert_eq!(
            value,
            format!("${{{{ steps.verify.outputs.{name} }}}}"),
            "{name}"
        );
    }
}

#[test]
fn a_server_that_conforms_makes_the_step_green_and_another_red() {
    for (defects, code, conforms) in [(&[][..], 0, "true"), (&["status-undocumented"], 1, "false")]
    {
        let server = server("phoenix", defects, None);
        let folder = tempfile::tempdir().unwrap();
        let inputs = [
            ("spec", "phoenix"),
            ("target", &server.url()),
            ("only", "documented-status\n\n  \nmedia-type\r\n"),
        ];
        let ran = verify(folder.path(), &inputs);
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert_eq!(ran.output("exit-code"), Some(code.to_string().as_str()));
        assert_eq!(ran.output("conforms"), Some(conforms));
        assert_eq!(
            ran.log.contains("::error title=documented-status"),
            code == 1
        );
        assert!(ran.summary.starts_with("## "), "{}", ran.summary);
        let file = |name| fs::read_to_string(folder.path().join(ran.output(name).unwrap()));
        let junit = file("junit").unwrap();
        let junit = roxmltree::Document::parse(&junit).unwrap();
        let failures = junit
            .descendants()
            .filter(|node| node.has_tag_name("failure"));
        assert_eq!(failures.count() > 0, code == 1);
        assert!(file("html").unwrap().starts_with("<!DOCTYPE html>"));
        assert!(folder.path().join("conformance/conformance.json").is_file());
    }
}

/// Every flag that the script can pass is one that the command knows, and a secret comes from
/// the environment.
#[test]
fn every_input_reaches_the_command() {
    let server = server("opik", &["status-undocumented"], Some("s3cr3t-key"));
    let folder = tempfile::tempdir().unwrap();
    let known = "- {id: documented-status, reason: It does, tracked: here}\n";
    fs::write(folder.path().join("known failures.yaml"), known).unwrap();
    let (specs, fixtures) = (
        root().join("specs/opik").display().to_string(),
        root().join("conformance/fixtures/opik"),
    );
    let ran = verify(
        folder.path(),
        &[
            ("spec", &format!("{specs}/openapi.yaml")),
            ("overlay", &format!("{specs}/overlay.yaml")),
            ("target", &server.url()),
            ("fixtures", fixtures.to_str().unwrap()),
            ("known", "known failures.yaml"),
            ("writes", "true"),
            (
                "headers",
                "Authorization: $API_KEY\nComet-Workspace: $API_KEY\nX-Team: 'b' \"c\"\n",
            ),
            ("set", "renamed=needs it\n"),
            ("only", "documented-status\nmedia-type"),
            ("jobs", "2"),
            ("timeout", "20"),
            ("rate", "5000"),
            ("reports", "re ports/here"),
        ],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.log);
    assert!(ran.log.contains("Known: It does (here)"), "{}", ran.log);
    for file in ["conformance.xml", "conformance.html", "conformance.json"] {
        let report = folder.path().join("re ports/here").join(file);
        assert!(!fs::read_to_string(report).unwrap().contains("s3cr3t-key"));
    }
    assert!(!ran.log.contains("s3cr3t-key") && !ran.summary.contains("s3cr3t-key"));
}

#[test]
fn no_input_is_run() {
    let folder = tempfile::tempdir().unwrap();
    let evil = "$(touch hacked)`touch hacked`\"; touch hacked; ' --writes";
    for input in ["spec", "overlay", "fixtures", "known", "only", "writes"] {
        let mut inputs = vec![("spec", "phoenix"), ("target", "http://127.0.0.1:9")];
        inputs.retain(|(name, _)| *name != input);
        inputs.push((input, evil));
        let ran = verify(folder.path(), &inputs);
        assert_eq!(ran.code, Some(2), "{input}: {ran:?}");
        assert_ne!(ran.output("conforms"), Some("true"));
    }
    let lines = ("reports", "a\nconforms=true");
    let target = ("target", "http://127.0.0.1:9");
    let ran = verify(folder.path(), &[("spec", "phoenix"), target, lines]);
    assert_eq!((ran.code, ran.outputs.as_str()), (Some(2), ""));
    assert!(!folder.path().join("hacked").exists());
}

#[test]
fn a_server_that_is_not_there_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", port.local_addr().unwrap());
    drop(port);
    let ran = verify(folder.path(), &[("spec", "phoenix"), ("target", &url)]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert_eq!(ran.output("exit-code"), Some("3"));
}

/// A release in a folder, and a `curl` that fetches from it.
fn release(folder: &Path, sum: Option<&str>) -> String {
    let triple = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    let name = format!("plumbline-{VERSION}-{triple}");
    let content = folder.join("release").join(&name);
    fs::create_dir_all(&content).unwrap();
    executable(&content.join("plumbline"), "#!/bin/sh\necho released\n");
    let shell = format!(
        "cd release && tar -czf {name}.tar.gz {name} && sha256sum {name}.tar.gz > {name}.tar.gz.sha256"
    );
    let mut pack = Command::new("sh");
    pack.args(["-c", &shell]).current_dir(folder);
    assert!(pack.status().unwrap().success());
    if let Some(sum) = sum {
        let text = format!("{sum}  {name}.tar.gz\n");
        fs::write(folder.join(format!("release/{name}.tar.gz.sha256")), text).unwrap();
    }
    fs::create_dir_all(folder.join("stubs")).unwrap();
    executable(
        &folder.join("stubs/curl"),
        "#!/bin/bash\n\
         while [ $# -gt 1 ]; do if [ \"$1\" = --output ]; then out=$2; fi; shift; done\n\
         case \"$1\" in https://github.com/plumbline-rs/plumbline/releases/download/*) ;; *) exit 22 ;; esac\n\
         cp \"release/${1##*/}\" \"$out\"\n",
    );
    format!("{}:/usr/bin:/bin", folder.join("stubs").display())
}

fn executable(file: &Path, text: &str) {
    fs::write(file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_release_is_installed_when_its_sum_is_right() {
    if !cfg!(all(
        target_os = "linux",
        any(target_arch = "x86_64", target_arch = "aarch64")
    )) {
        println!("releases are for Linux on x86_64 and aarch64; nothing was installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = release(folder.path(), None);
    let ran = run("install", folder.path(), &path, &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let binary = Path::new(ran.path.trim()).join("plumbline");
    let said = Command::new(binary).output().unwrap();
    assert_eq!(said.stdout, b"released\n");

    let folder = tempfile::tempdir().unwrap();
    let path = release(folder.path(), Some(&"0".repeat(64)));
    let ran = run("install", folder.path(), &path, &[]);
    assert_eq!((ran.code, ran.path.as_str()), (Some(1), ""), "{ran:?}");

    let evil = [("version", "0.1.0/../../../evil")];
    let ran = run("install", folder.path(), &path, &evil);
    assert_eq!((ran.code, ran.path.as_str()), (Some(2), ""), "{ran:?}");

    let binary = Path::new(env!("CARGO_BIN_EXE_plumbline"));
    let path = format!("{}:/usr/bin:/bin", binary.parent().unwrap().display());
    let ran = run("install", folder.path(), &path, &[]);
    assert_eq!((ran.code, ran.path.as_str()), (Some(0), ""), "{ran:?}");
}

/// Every use of the action in a workflow gives what is required, and nothing that is unknown.
fn uses(workflow: &Value) -> usize {
    let action = action();
    let inputs = action["inputs"].as_object().unwrap();
    let mut met = 0;
    for job in workflow["jobs"].as_object().unwrap().values() {
        for step in job["steps"].as_array().unwrap() {
            let name = step["uses"].as_str().unwrap_or_default();
            let Some((place, version)) = name.split_once('@') else {
                continue;
            };
            if place != "plumbline-rs/plumbline/.github/actions/verify" {
                continue;
            }
            met += 1;
            assert_eq!(version, format!("v{VERSION}"));
            let nothing = Map::new();
            let given = step["with"].as_object().unwrap_or(&nothing);
            for name in given.keys() {
                assert!(inputs.contains_key(name), "{name}");
            }
            for (name, input) in inputs {
                assert!(
                    input["required"] != true || given.contains_key(name),
                    "{name}"
                );
            }
            // A secret is named in a header and stands in the step's environment.
            let named = given.get("headers").and_then(Value::as_str);
            for name in taken(named.unwrap_or_default(), "$") {
                assert!(step["env"][name].is_string(), "{name}");
            }
        }
    }
    met
}

#[test]
fn the_workflows_that_are_shown_use_the_action_as_it_is() {
    assert_eq!(uses(&yaml("docs/ci/github.yml")), 1);
    let mut met = 0;
    for file in ["README.md", "docs/tutorial.md"] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        for block in text.split("```yaml\n").skip(1) {
            let block = block.split("```").next().unwrap();
            if block.contains("jobs:") {
                met += uses(&parsed(block.as_bytes(), file));
            }
        }
    }
    assert_eq!(met, 2, "the README's and the tutorial's");
}

#[test]
fn the_job_for_gitlab_reports_what_it_writes() {
    let job = &yaml("docs/ci/gitlab.yml")["conformance"];
    let script = job["script"].as_array().unwrap();
    let script: Vec<&str> = script.iter().map(|line| line.as_str().unwrap()).collect();
    let script = script.join("\n");
    let junit = job["artifacts"]["reports"]["junit"].as_str().unwrap();
    assert!(
        script.contains(&format!("--report junit={junit}")),
        "{script}"
    );
    let html = job["artifacts"]["paths"][0].as_str().unwrap();
    assert!(
        script.contains(&format!("--report html={html}")),
        "{script}"
    );
    assert_eq!(job["artifacts"]["when"], "always");
    let release = job["variables"]["RELEASE"].as_str().unwrap();
    assert!(release.ends_with(&format!("/v{VERSION}")), "{release}");
    let name = job["variables"]["PLUMBLINE"].as_str().unwrap();
    assert!(name.starts_with(&format!("plumbline-{VERSION}-")), "{name}");
}

/// There is no container engine where tests run: what can be read off the file is held here.
#[test]
fn the_container_file_names_what_is_there() {
    let text = fs::read_to_string(root().join("xtask/cli/Containerfile")).unwrap();
    let lines: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_whitespace().collect())
        .collect();
    let all = |word: &str| -> Vec<&[&str]> {
        let own = lines.iter().filter(|line| line.first() == Some(&word));
        own.map(|line| &line[1..]).collect()
    };
    // The toolchain is the one that the workspace asks for; the image that is shipped is empty.
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let rust = manifest.split("rust-version = \"").nth(1).unwrap();
    let rust = rust.split('"').next().unwrap();
    let builder = format!("rust:{rust}-alpine");
    assert_eq!(
        all("FROM"),
        [&[builder.as_str(), "AS", "build"][..], &["scratch"]]
    );
    // Every member of the workspace is copied, and everything that is copied is there.
    let mut copied = BTreeSet::new();
    for paths in all("COPY") {
        if !paths[0].starts_with("--from=") {
            for path in &paths[..paths.len() - 1] {
                assert!(root().join(path).exists(), "{path}");
                copied.insert(*path);
            }
        }
    }
    let members = manifest.split("members = [").nth(1).unwrap();
    for member in members.split(']').next().unwrap().split(',') {
        let folder = member.trim().trim_matches('"').split('/').next().unwrap();
        assert!(copied.contains(folder), "{folder}");
    }
    // It builds the binary that it copies, and runs it as nobody.
    let build = "cargo build --release --locked --package plumbline-cli --bin plumbline";
    assert!(text.contains(&format!("RUN {build}\n")));
    let binary = "/usr/local/bin/plumbline";
    assert!(text.contains(&format!("/source/target/release/plumbline {binary}\n")));
    assert_eq!(all("USER"), [["65534:65534"]]);
    assert_eq!(all("ENTRYPOINT"), [[format!("[\"{binary}\"]").as_str()]]);
}

/// What the action installs is what a release holds.
#[test]
fn a_release_has_the_binaries_that_the_action_asks_for() {
    let release = yaml(".github/workflows/release.yml");
    let built: BTreeSet<&str> = release["jobs"]["binary"]["strategy"]["matrix"]["include"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["target"].as_str().unwrap())
        .collect();
    let action = action();
    let install = steps(&action)[0]["run"].as_str().unwrap();
    let asked: Vec<&str> = taken(install, "triple=");
    assert_eq!(asked.len(), 2, "{asked:?}");
    for triple in asked {
        assert!(built.contains(triple), "{triple}");
    }
}
