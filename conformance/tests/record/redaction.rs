//! Secrets by declared location: gone from the fixture and everything that is shown.

use super::{contract, loaded, options, passed, traffic};
use plumbline_conformance::{record, report, rule};

const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: Vault, version: '1'}
security: [{key: []}]
paths:
  /login:
    post:
      operationId: login
      security: []
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Login'}
          application/x-www-form-urlencoded:
            schema: {$ref: '#/components/schemas/Login'}
      responses:
        '200':
          description: In.
          content:
            application/json:
              schema:
                type: object
                properties:
                  access_token: {type: string}
                  pin: {type: integer, writeOnly: true}
        '401':
          description: Out.
          content: {text/plain: {schema: {type: string}}}
  /items:
    get:
      operationId: listItems
      parameters:
        - {name: starting_token, in: query, schema: {type: string}}
        - {name: signature, in: query, schema: {type: string, format: password}}
      responses:
        '200':
          description: Items.
          content:
            application/json:
              schema:
                type: object
                required: [next_token]
                properties:
                  next_token: {type: string}
                  token_count: {type: integer}
components:
  schemas:
    Login:
      type: object
      required: [user, password]
      properties:
        user: {type: string}
        password: {type: string, format: password, minLength: 8}
        keys:
          type: array
          writeOnly: true
          items: {type: string, pattern: '^sk-[0-9a-z]{6}$'}
  securitySchemes:
    key: {type: apiKey, in: query, name: api_key}
";

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

#[test]
fn secrets_leave_and_tokens_that_are_none_stay() {
    let contract = contract(DOCUMENT);
    let base = "http://u53r:p4ssw0rd-url@vault.example/api";
    let traffic = traffic(vec![
        passed(
            ("POST", &format!("{base}/login")),
            JSON,
            r#"{"user":"ann","password":"p4ssw0rd-body","keys":["sk-9f3b7c","sk-00aa11"]}"#,
            (
                200,
                &[
                    ("content-type", "application/json"),
                    ("set-cookie", "sid=c00kie-set; Path=/; HttpOnly"),
                ],
                r#"{"access_token":"t0k3n-given","pin":48151623}"#,
            ),
        ),
        passed(
            (
                "GET",
                &format!(
                    "{base}/items?starting_token=page-0001&api_key=k3y-in-query&signature=s1g-in-query"
                ),
            ),
            &[
                ("Authorization", "Bearer t0k3n-given"),
                ("Proxy-Authorization", "Basic cHJveHk6cDRzc3cwcmQtcHJveHk="),
                ("Cookie", "sid=c00kie-set; theme=c00kie-own"),
                ("X-Trace", "tr4ce-listed"),
            ],
            "",
            (
                200,
                JSON,
                r#"{"next_token":"page-0002","token_count":5,"debug":"k3y-in-query via p4ssw0rd-proxy, d3bug-listed"}"#,
            ),
        ),
        passed(
            ("POST", &format!("{base}/login")),
            &[("Content-Type", "application/x-www-form-urlencoded")],
            "user=ann&password=p4ss%20form%2Bplus",
            (
                401,
                &[("content-type", "text/plain")],
                "no user ann with p4ss form+plus or p4ssw0rd-url at tr4ce-listed",
            ),
        ),
        passed(
            (
                "GET",
                &format!("{base}/items?starting_token=page-0002&per_page=k3y-in-query"),
            ),
            &[],
            "",
            (200, JSON, r#"{"token_count":"k3y-in-query"}"#),
        ),
    ]);
    let mut options = options();
    options.maps = vec!["Authorization=$VAULT_TOKEN".parse().unwrap()];
    options.places = vec![
        "header:X-Trace".parse().unwrap(),
        "$.debug".parse().unwrap(),
    ];
    let recording = record::recording(&contract, &traffic, &options).unwrap();
    let (text, fixture) = loaded(&contract, &recording);
    assert_eq!(fixture.exchanges.len(), 4, "{:#?}", recording.notes);

    let of = &recording.report;
    let rules = rule::rules();
    let shown = [
        ("fixture", text.clone()),
        (
            "text",
            report::text(of, &rules, report::TextOptions::default()),
        ),
        ("json", report::json(of)),
        ("junit", report::junit(of, &rules).unwrap()),
        ("html", report::html(of, &rules).unwrap()),
        ("github", report::github::summary(of, &rules)),
        ("annotations", report::github::annotations(of)),
        ("debug", format!("{recording:?}")),
    ];
    // The findings show the exchanges, or this would say little.
    assert!(shown[1].1.contains("curl -sS -i"), "{}", shown[1].1);
    for (name, text) in &shown {
        for secret in [
            "p4ssw0rd-url",
            "u53r",
            "p4ssw0rd-body",
            "sk-9f3b7c",
            "sk-00aa11",
            "c00kie-set",
            "t0k3n-given",
            "48151623",
            "k3y-in-query",
            "s1g-in-query",
            "cHJveHk6",
            "p4ssw0rd-proxy",
            "c00kie-own",
            "tr4ce-listed",
            "d3bug-listed",
            "p4ss form",
            "p4ss%20form",
            "p4ss+form",
        ] {
            assert!(!text.contains(secret), "{secret} is in the {name}:\n{text}");
        }
    }
    // What only has the word in its name is none.
    for kept in [
        "starting_token",
        "page-0001",
        "next_token",
        "page-0002",
        "token_count",
        "ann",
    ] {
        assert!(text.contains(kept), "{kept} is gone:\n{text}");
    }
    insta::assert_snapshot!(text);
}
