//! Secrets are values, not spellings: what is known to be one stands nowhere, and the proxy gives
//! none away.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

pub(super) const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: Vault, version: '1'}
components: {securitySchemes: {bearer: {type: http, scheme: bearer}}}
paths:
  /login:
    post:
      operationId: login
      requestBody:
        content:
          application/json: {schema: {type: object}}
          application/x-www-form-urlencoded: {schema: {type: object}}
          multipart/form-data: {schema: {type: object}}
      responses: {'200': {description: In., content: {application/json: {schema: {type: object}}}}}
  /me:
    get:
      operationId: me
      security: [{bearer: []}]
      parameters:
        - {name: X-Vault-Token, in: header, schema: {type: string}}
        - {name: starting_token, in: query, schema: {type: string}}
      responses:
        '200':
          description: Me.
          content: {application/json: {schema: {type: object, required: [none]}}}
";

/// One exchange of a cassette: method and path, headers, body; the answer's headers and body.
pub(super) type Exchange<'a> = (&'a str, Value, String, Value, String);

/// Imports a cassette of these exchanges; gives what was printed, and each file that was written.
pub(super) fn imported(
    exchanges: &[Exchange<'_>],
    more: &[&str],
) -> (Option<i32>, String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let interactions: Vec<Value> = exchanges
        .iter()
        .map(|(line, headers, body, answered, answer)| {
            let (method, path) = line.split_once(' ').unwrap();
            json!({
                "request": {
                    "method": method,
                    "uri": format!("http://vault.example{path}"),
                    "headers": headers,
                    "body": body,
                },
                "response": {
                    "status": {"code": 200},
                    "headers": answered,
                    "body": {"string": answer},
                },
            })
        })
        .collect();
    let cassette = json!({"interactions": interactions}).to_string();
    std::fs::write(folder.path().join("openapi.yaml"), DOCUMENT).unwrap();
    std::fs::write(folder.path().join("cassette.json"), cassette).unwrap();
    let mut command = plumbline(folder.path());
    command.args(["import", "cassette.json", "--spec", "openapi.yaml"]);
    command.args(["--out", "out"]).args(more);
    for format in ["text", "json", "junit", "html", "github"] {
        command.arg(format!("--report={format}=out/report.{format}"));
    }
    let output = command.output().unwrap();
    let printed = [output.stdout, output.stderr]
        .map(|bytes| String::from_utf8(bytes).unwrap())
        .concat();
    let files = std::fs::read_dir(folder.path().join("out"))
        .map(|files| {
            files
                .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
                .collect()
        })
        .unwrap_or_default();
    (output.status.code(), printed, files)
}

pub(super) fn plumbline(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plumbline"));
    command.current_dir(folder);
    command
}

pub(super) fn fixture(files: &[String]) -> &str {
    files
        .iter()
        .find(|file| file.contains("exchanges:"))
        .unwrap()
}

pub(super) fn of_json() -> Value {
    json!({"Content-Type": ["application/json"]})
}

pub(super) fn of_form() -> Value {
    json!({"Content-Type": ["application/x-www-form-urlencoded"]})
}

pub(super) fn gzip(text: &str) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn a_known_secret_is_hidden_in_every_spelling() {
    const SECRET: &str = "s3c/Ret+T&k=\"é0123456789";
    let spellings = [
        r#"s3c\/Ret+T&k=\"é0123456789"#.to_owned(),
        r#"s3c\u002fRet\u002BT\u0026k\u003d\u0022\u00e90123456789"#.to_owned(),
        r#"s3c\\\/Ret+T\\u0026k=\\\"\\u00e90123456789"#.to_owned(),
        "s3c%2FRet%2BT%26k%3D%22%C3%A90123456789".to_owned(),
        "s3c%2fRet%2bT%26k%3d%22%c3%a90123456789".to_owned(),
        "s3c%252FRet%252BT%2526k%253D%2522%25C3%25A90123456789".to_owned(),
        "s3c/Ret+T&amp;k=&quot;é0123456789".to_owned(),
        "s3c&#47;Ret&#x2B;T&#38;k&#61;&#34;&#xe9;0123456789".to_owned(),
        STANDARD.encode(SECRET),
        STANDARD.encode(format!("user:{SECRET}")),
        URL_SAFE_NO_PAD.encode(format!("a{SECRET}z")),
        STANDARD.encode(gzip(&format!("{{\"t\": \"{SECRET}\"}}"))),
    ];
    // What follows a backslash is an escape in JSON already.
    let echoes: Vec<String> = spellings
        .iter()
        .enumerate()
        .map(|(index, spelling)| format!("\"echo-{index}\": \"it was {spelling}, so\""))
        .collect();
    let echo = format!("{{{}}}", echoes.join(", "));
    let exchanges: [Exchange<'_>; 2] = [
        (
            "GET /me",
            json!({"Authorization": [format!("Bearer {SECRET}")]}),
            String::new(),
            of_json(),
            echo.clone(),
        ),
        ("GET /me", json!({}), String::new(), of_json(), echo),
    ];
    let (code, printed, files) = imported(&exchanges, &[]);
    // The answers break the document, so that reports show them.
    assert_eq!(code, Some(1), "{printed}");
    assert_eq!(files.len(), 7, "{printed}");
    assert!(fixture(&files).contains("echo-11"), "{files:?}");
    for spelling in &spellings {
        // Reports escape what they show: this part is in every spelling as it is.
        let core = match spelling.as_str() {
            text if text.contains("0123456789") => "0123456789",
            text => text.get(8..20).unwrap(),
        };
        for text in files.iter().chain([&printed]) {
            assert!(!text.contains(core), "{spelling}:\n{text}");
        }
    }
}

#[test]
fn captures_are_made_of_decoded_values() {
    let exchanges: [Exchange<'_>; 3] = [
        (
            "POST /login",
            of_json(),
            "{}".to_owned(),
            of_json(),
            r#"{"token": "s3c\/ret\u0026tok+en=", "code": "c\/0d3\u0026+="}"#.to_owned(),
        ),
        (
            "POST /login",
            of_form(),
            "code=c%2f0d3%26%2B%3d&refresh_token=s3c%2Fret%26tok%2Ben%3D".to_owned(),
            of_json(),
            "{}".to_owned(),
        ),
        (
            "GET /me",
            json!({"Authorization": ["Bearer s3c/ret&tok+en="]}),
            String::new(),
            of_json(),
            "{}".to_owned(),
        ),
    ];
    let (_, printed, files) = imported(&exchanges, &[]);
    let fixture = fixture(&files);
    for part in [
        "$response.body#/token",
        "$response.body#/code",
        "code=${code}&refresh_token=${",
        "Bearer ${",
    ] {
        assert!(fixture.contains(part), "{part}\n{printed}\n{fixture}");
    }
    assert!(!fixture.contains("s3c"), "{fixture}");
}

#[test]
fn what_has_the_name_of_a_secret_is_hidden_wherever_it_stands() {
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\nS3C-part-0123\r\n--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nplain\r\n--b--\r\n";
    let exchanges: [Exchange<'_>; 4] = [
        (
            "POST /login?API-Key=S3C-query-0123",
            of_json(),
            r#"{"user": {"Password": "S3C-json-0123"}, "payload": "{\"client_secret\": \"S3C-inner-0123\"}"}"#.to_owned(),
            of_json(),
            r#"{"accessToken": "S3C-given-0123", "id_token": ["S3C-list-0123"], "secret": 4815162342, "next": "/me?refresh_token=S3C-url-0123&page=2"}"#.to_owned(),
        ),
        (
            "POST /login",
            of_form(),
            "client_secret=S3C-form-0123&user=ann".to_owned(),
            of_json(),
            r#"{"echo": "S3C-form-0123"}"#.to_owned(),
        ),
        (
            "POST /login",
            json!({"Content-Type": ["multipart/form-data; boundary=b"]}),
            multipart.to_owned(),
            of_json(),
            "{}".to_owned(),
        ),
        (
            "GET /me?starting_token=page-0123",
            json!({"X-Vault-Token": ["S3C-header-0123"]}),
            String::new(),
            of_json(),
            r#"{"next_page_token": "page-0124", "passwords": "S0C-many", "secret_count": 5}"#.to_owned(),
        ),
    ];
    let (_, printed, files) = imported(&exchanges, &[]);
    for text in files.iter().chain([&printed]) {
        assert!(
            !text.contains("S3C") && !text.contains("4815162342"),
            "{text}"
        );
    }
    let text = fixture(&files);
    for kept in ["page-0123", "page-0124", "S0C-many", "user=ann", "plain"] {
        assert!(text.contains(kept), "{kept} is gone:\n{printed}\n{text}");
    }
    let keep = ["--keep=client-secret", "--keep=X-Vault-Token"];
    let (_, printed, files) = imported(&exchanges, &keep);
    let text = fixture(&files);
    for (secret, shown) in [
        ("S3C-form-0123", true),
        ("S3C-inner-0123", true),
        ("S3C-header-0123", true),
        ("S3C-json-0123", false),
        ("S3C-query-0123", false),
    ] {
        assert_eq!(text.contains(secret), shown, "{secret}:\n{printed}\n{text}");
    }
    let (code, printed, _) = imported(&exchanges, &["--keep=starting_token"]);
    assert_eq!(code, Some(2), "{printed}");
    assert!(
        printed.contains("nothing is hidden by this name"),
        "{printed}"
    );
}

#[test]
fn what_looks_like_a_secret_is_a_warning_with_its_place() {
    let answer = json!({
        "items": [{"jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"}],
        "ci": "ghp_0123456789abcdefghij0123456789abcdef",
        "blob": "q7Rk2Zx9Lm4Vt8Bn3Wc6Yd1F",
        "token": "L0ginTokenOf2026",
        "id": "0190b2a0-1111-7000-8000-000000000001",
    });
    let exchanges: [Exchange<'_>; 1] = [(
        "POST /login",
        of_json(),
        "{}".to_owned(),
        of_json(),
        answer.to_string(),
    )];
    let (_, printed, _) = imported(&exchanges, &[]);
    for place in ["$.items[*].jwt", "$.ci", "$.blob", "$.token"] {
        let told = format!("`{place}` of the answer to `login`");
        assert!(printed.contains(&told), "{told}\n{printed}");
        assert!(
            printed.contains(&format!("--secret '{place}'")),
            "{printed}"
        );
    }
    assert!(!printed.contains("$.id"), "{printed}");
    // As it says.
    let (_, printed, files) = imported(&exchanges, &["--secret=$.items[*].jwt"]);
    assert!(!printed.contains("jwt"), "{printed}");
    assert!(!fixture(&files).contains("eyJ"), "{files:?}");
}

#[test]
fn a_place_of_a_secret_counts_in_forms_and_must_be_there() {
    let exchanges: [Exchange<'_>; 1] = [(
        "POST /login",
        of_form(),
        "pin=S3C0&user=ann&pin=S3C1".to_owned(),
        of_json(),
        "{}".to_owned(),
    )];
    let (code, printed, files) = imported(&exchanges, &["--secret=$.pin"]);
    assert_eq!(code, Some(0), "{printed}");
    assert!(!fixture(&files).contains("S3C"), "{files:?}");
    let (_, _, files) = imported(&exchanges, &["--secret=$.pin[1]"]);
    let text = fixture(&files);
    assert!(text.contains("S3C0") && !text.contains("S3C1"), "{text}");
    for (flag, place) in [
        ("--secret", "$.pim"),
        ("--secret", "query:pin"),
        ("--secret", "header:pin"),
        ("--map", "X-Pin=$PIN"),
    ] {
        let (code, printed, files) = imported(&exchanges, &[flag, place]);
        assert_eq!(code, Some(2), "{printed}");
        let told = format!("{flag} '{place}' matches nothing");
        assert!(printed.contains(&told), "{printed}");
        assert!(files.is_empty(), "{files:?}");
    }
}

#[test]
fn each_cookie_is_one_and_costs_no_exchange() {
    for lines in [
        json!([
            "first=aSecretOfTheFirst1; Path=/",
            "id=aSecretOfTheSecond2; Path=/"
        ]),
        json!("first=aSecretOfTheFirst1; Path=/\nid=aSecretOfTheSecond2; Path=/"),
        json!(
            "first=aSecretOfTheFirst1; Expires=Wed, 21 Oct 2026 07:28:00 GMT, id=aSecretOfTheSecond2"
        ),
    ] {
        let answered = json!({"Content-Type": "application/json", "Set-Cookie": lines});
        let cookies = json!({"Cookie": "first=aSecretOfTheFirst1; id=aSecretOfTheSecond2"});
        let exchanges: [Exchange<'_>; 3] = [
            (
                "POST /login",
                of_json(),
                "{}".to_owned(),
                answered,
                "{}".to_owned(),
            ),
            (
                "GET /me",
                cookies.clone(),
                String::new(),
                of_json(),
                "{}".to_owned(),
            ),
            (
                "GET /me",
                cookies,
                String::new(),
                of_json(),
                "{}".to_owned(),
            ),
        ];
        let (_, printed, files) = imported(&exchanges, &[]);
        assert!(printed.contains("3 exchanges written"), "{printed}");
        let text = fixture(&files);
        assert_eq!(
            text.matches("$response.header.set-cookie").count(),
            2,
            "{text}"
        );
        for text in files.iter().chain([&printed]) {
            assert!(!text.contains("aSecretOf"), "{text}");
        }
    }
}

#[test]
fn the_proxy_gives_credentials_to_its_own_clients_alone_and_stays_below_its_base() {
    let upstream = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = upstream.local_addr().unwrap();
    let heads: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&heads);
    std::thread::spawn(move || {
        for mut stream in upstream.incoming().flatten() {
            let head = head(&mut stream);
            seen.lock().unwrap().push(head);
            let _ = stream.write_all(
                b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/x\r\nLink: </api/me?p=2>; rel=next\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
    });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("openapi.yaml"), DOCUMENT).unwrap();
    let upstream = format!("http://user:p4ssw0rd@{address}/api");
    let mut child = plumbline(folder.path())
        .args(["record", "--upstream", &upstream, "--spec", "openapi.yaml"])
        .args(["--out", "out", "--for", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    let proxy = line.trim().rsplit('/').next().unwrap().to_owned();
    for (target, headers, status) in [
        ("/../../me", "Host: localhost", "400"),
        ("/%2e%2e/me", "Host: localhost", "400"),
        ("/..%2f..%2fme", "Host: localhost", "400"),
        ("/%252e%252e%252fme", "Host: localhost", "400"),
        ("/me", "Host: rebound.example", "421"),
        ("http://elsewhere.example/me", "Host: localhost", "421"),
        (
            "/me",
            "Host: localhost\r\nOrigin: https://evil.example",
            "403",
        ),
        ("/me", "Host: localhost", "302"),
    ] {
        let mut stream = TcpStream::connect(&proxy).unwrap();
        write!(
            stream,
            "GET {target} HTTP/1.1\r\n{headers}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut came = String::new();
        stream.read_to_string(&mut came).unwrap();
        let line = format!("HTTP/1.1 {status} ");
        assert!(came.starts_with(&line), "{target}, {headers}: {came}");
        if status == "302" {
            let link = format!("link: <http://{proxy}/me?p=2>");
            assert!(came.contains(&link), "{came}");
            assert!(
                came.contains("location: http://elsewhere.example/x"),
                "{came}"
            );
        }
    }
    child.wait().unwrap();
    let heads = heads.lock().unwrap();
    assert_eq!(heads.len(), 1, "{heads:?}");
    let head = heads.first().unwrap();
    let authorization = format!("authorization: Basic {}", STANDARD.encode("user:p4ssw0rd"));
    assert!(
        head.starts_with("GET /api/me HTTP/1.1") && head.contains(&authorization),
        "{head}"
    );
}

/// A request's head.
fn head(stream: &mut TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap() == 0 {
            break;
        }
    }
    head
}

/// A replay takes a secret from the environment: which variable that is, no text of a recording says.
#[test]
fn a_variable_s_name_in_a_recording_is_a_text() {
    let headers = json!({
        "Content-Type": ["application/json"],
        "X-Vault-Token": ["$AWS_SECRET_ACCESS_KEY"],
        "Cookie": ["a=$GITHUB_TOKEN"],
    });
    let asked = (
        "GET /me",
        headers,
        String::new(),
        of_json(),
        r#"{"none": 1}"#.to_owned(),
    );
    let sent = (
        "POST /login",
        of_json(),
        r#"{"password": "$HOME_OF_MINE"}"#.to_owned(),
        of_json(),
        "{}".to_owned(),
    );
    let (exit, printed, files) = imported(&[asked, sent], &["--secret", "header:X-Vault-Token"]);
    assert_eq!(exit, Some(0), "{printed}");
    let fixture = fixture(&files);
    for name in ["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "HOME_OF_MINE"] {
        assert!(!fixture.contains(name), "{fixture}");
    }
    for name in ["X_VAULT_TOKEN: ", "COOKIE_A: ", "PASSWORD: "] {
        assert!(fixture.contains(name), "{name} is not in\n{fixture}");
    }
}

#[test]
fn what_stands_below_the_name_of_a_secret_is_one_unless_it_is_a_schema() {
    let body = json!({
        "password": {"v": "Obj1aaaaaaaa"},
        "secret": [{"k": "Obj2aaaaaaaa", "deep": {"er": ["Obj3aaaaaaaa"]}}],
        "authorization": {"Bearer": "Obj4aaaaaaaa"},
        "client_secret": {"id_token": {"issuer": "Kept5aaaaaaa", "password": "Obj5aaaaaaaa"}},
        "schema": {"properties": {"api_key": {"type": "string", "description": "A key of yours."}}},
    });
    let answer = body.to_string();
    let exchange = (
        "POST /login",
        of_json(),
        body.to_string(),
        of_json(),
        answer,
    );
    let (exit, printed, files) = imported(&[exchange], &["--keep", "id_token"]);
    assert_eq!(exit, Some(0), "{printed}");
    for text in files.iter().chain([&printed]) {
        for number in 1..=5 {
            assert!(!text.contains(&format!("Obj{number}aaaaaaaa")), "{text}");
        }
    }
    for kept in ["A key of yours.", "Kept5aaaaaaa"] {
        assert!(fixture(&files).contains(kept), "{kept}");
    }
}

#[test]
fn a_known_secret_is_no_parameter_s_name_either() {
    let headers = json!({"X-Vault-Token": ["Zq9/+kT7uV2w"]});
    let exchange = (
        "GET /me?Zq9%2F%2BkT7uV2w=1",
        headers,
        String::new(),
        of_json(),
        r#"{"none": 1}"#.to_owned(),
    );
    let (_, printed, files) = imported(&[exchange], &["--secret", "header:X-Vault-Token"]);
    for text in files.iter().chain([&printed]) {
        assert!(!text.contains("kT7uV2w"), "{text}");
    }
}
