//! The life of items, credentials, streams.

use super::{Options, get, ids, send, world, world_with};
use crate::call::Call;
use crate::handle::handle;
use serde_json::json;

#[test]
fn an_experiment_of_opiks_from_creation_to_deletion() {
    let world = world("opik", 3);
    let path = "/api/v1/private/experiments";
    let body = json!({"dataset_name": "qa", "name": "mine", "tags": ["a"]});
    let made = send(&world, "POST", path, Some(body));
    assert_eq!((made.status, made.body.len()), (201, 0));
    let location = made.header("location").unwrap().to_owned();
    let address = location.strip_prefix("http://127.0.0.1:4010").unwrap();
    assert!(
        address.starts_with("/api/v1/private/experiments/"),
        "{address}"
    );
    let read = get(&world, address);
    assert_eq!(
        (&read["name"], &read["dataset_name"], &read["tags"]),
        (&json!("mine"), &json!("qa"), &json!(["a"]))
    );
    let listed = get(&world, &format!("{path}?name=MINE"));
    assert_eq!(ids(&listed["content"]), [read["id"].to_string()]);
    assert_eq!(listed["content"][0], read);
    let change = send(&world, "PATCH", address, Some(json!({"name": "yours"})));
    assert_eq!(change.status, 204);
    let changed = get(&world, address);
    assert_eq!(
        (&changed["name"], &changed["tags"]),
        (&json!("yours"), &json!(["a"]))
    );
    let gone = send(
        &world,
        "POST",
        &format!("{path}/delete"),
        Some(json!({"ids": [read["id"]]})),
    );
    assert_eq!(gone.status, 204);
    assert_eq!(send(&world, "GET", address, None).status, 404);
    assert_eq!(get(&world, path)["total"], 3);
    // Ids that are not there are passed over.
    let again = json!({"ids": [read["id"]]});
    let again = send(&world, "POST", &format!("{path}/delete"), Some(again));
    assert_eq!(again.status, 204);
}

#[test]
fn creating_again_under_a_known_id_changes_nothing() {
    let world = world("opik", 1);
    let path = "/v1/private/experiments";
    let id = "0198f0a0-0000-7000-8000-00000000000a";
    for name in ["first", "second"] {
        let body = json!({"id": id, "dataset_name": "qa", "name": name});
        let made = send(&world, "POST", path, Some(body));
        assert_eq!(made.status, 201);
        assert!(made.header("location").unwrap().ends_with(id));
    }
    assert_eq!(get(&world, path)["total"], 2);
    assert_eq!(get(&world, &format!("{path}/{id}"))["name"], "first");
}

#[test]
fn absent_null_and_present_are_three_things() {
    let world = world("library", 1);
    let book = json!({"title": "Moomin", "language": "fi", "shelf": "M"});
    let made = send(&world, "POST", "/books", Some(book));
    assert_eq!(made.status, 201);
    let path = format!("/books/{}", made.json().unwrap()["id"].as_str().unwrap());
    let change = |body| send(&world, "PATCH", &path, Some(body)).json().unwrap();
    assert_eq!(change(json!({"title": "Moomin 2"}))["shelf"], "M");
    assert_eq!(change(json!({"shelf": null}))["shelf"], json!(null));
    assert_eq!(change(json!({"shelf": "N"}))["title"], "Moomin 2");
    assert_eq!(
        send(&world, "PATCH", &path, Some(json!({"shelf": 3}))).status,
        400
    );
}

#[test]
fn an_item_belongs_to_its_owner() {
    let world = world("library", 3);
    let members = get(&world, "/members");
    let [one, other] = [0, 1].map(|index| members["members"][index]["id"].to_string());
    let loans = get(&world, &format!("/members/{one}/loans"));
    let loan = loans["loans"][0]["id"].as_str().unwrap();
    assert_eq!(
        get(&world, &format!("/members/{one}/loans/{loan}"))["id"],
        loan
    );
    let reply = send(
        &world,
        "GET",
        &format!("/members/{other}/loans/{loan}"),
        None,
    );
    assert_eq!(reply.status, 404);
    let reply = send(&world, "GET", "/members/9999/loans", None);
    assert_eq!(reply.status, 404);
}

#[test]
fn unknown_paths_and_methods() {
    let world = world("phoenix", 1);
    assert_eq!(send(&world, "GET", "/nowhere", None).status, 404);
    let reply = send(&world, "PUT", "/v1/datasets", None);
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET")));
}

#[test]
fn opiks_streams_end_each_record_with_crlf() {
    let world = world("opik", 5);
    let path = "/v1/private/experiments/stream";
    let ask = |body| {
        let reply = send(&world, "POST", path, Some(body));
        assert_eq!(reply.status, 200);
        assert_eq!(
            reply.header("content-type"),
            Some("application/octet-stream")
        );
        String::from_utf8(reply.body).unwrap()
    };
    let letters = ask(json!({"name": "a", "limit": 2}));
    assert!(letters.ends_with("\r\n"));
    let records: Vec<serde_json::Value> = letters
        .split_terminator("\r\n")
        .map(|record| serde_json::from_str(record).unwrap())
        .collect();
    assert_eq!(records.len(), 2);
    let rest = ask(json!({"name": "a", "last_retrieved_id": records[1]["id"]}));
    assert!(!rest.contains(records[1]["id"].as_str().unwrap()));
    assert_eq!(ask(json!({"name": "there is no such name"})), "");
}

#[test]
fn credentials_are_refused_as_documented() {
    let options = Options {
        credentials: Some("sesame".to_owned()),
        ..Options::default()
    };
    for (name, path, header, missing, wrong) in [
        ("library", "/books", "X-Library-Key", 401, 401),
        // Opik's own server takes requests without any.
        ("opik", "/v1/private/experiments", "Authorization", 200, 401),
        (
            "galileo",
            "/projects/0198f0a0-0000-4000-8000-000000000001/experiments",
            "Galileo-API-Key",
            401,
            401,
        ),
    ] {
        let world = world_with(name, options.clone());
        let ask = |key: Option<&str>| {
            let mut headers = vec![("host".to_owned(), "localhost".to_owned())];
            headers.extend(key.map(|key| (header.to_owned(), key.to_owned())));
            if name == "opik" && key.is_some() {
                headers.push(("Comet-Workspace".to_owned(), "default".to_owned()));
            }
            handle(&world, Call::new("GET", path, headers, Vec::new())).status
        };
        assert_eq!(
            [ask(None), ask(Some("open")), ask(Some("sesame"))],
            [missing, wrong, 200],
            "{name}"
        );
    }
}

#[test]
fn galileos_login_gives_a_token_that_lasts() {
    use base64::Engine as _;
    let options = Options {
        credentials: Some("sesame".to_owned()),
        ..Options::default()
    };
    let world = world_with("galileo", options);
    assert_eq!(send(&world, "GET", "/healthcheck", None).status, 200);
    let wrong = json!({"api_key": "open"});
    assert_eq!(
        send(&world, "POST", "/login/api_key", Some(wrong)).status,
        401
    );
    let right = json!({"api_key": "sesame"});
    let reply = send(&world, "POST", "/login/api_key", Some(right));
    let token = reply.json().unwrap()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let claims = token.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(claims)
        .unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    assert!(claims["exp"].as_u64().unwrap() > now + 300);
    let path = "/v2/projects/0198f0a0-0000-4000-8000-000000000001/experiments";
    let headers = vec![("Authorization".to_owned(), format!("Bearer {token}"))];
    let answer = handle(&world, Call::new("GET", path, headers.clone(), Vec::new()));
    assert_eq!(answer.status, 200);
    let answer = handle(
        &world,
        Call::new("GET", "/current_user", headers, Vec::new()),
    );
    assert_eq!(answer.status, 200);
}
