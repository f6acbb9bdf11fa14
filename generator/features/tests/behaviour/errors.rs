//! What a server may do wrong, and the error that names the operation, the status, the place in
//! the JSON and what was expected there.

use crate::server::{Reply, Server, always, json, raw, status};
use plumbline_clients::opik::{Client, GetExperimentByIdError};
use plumbline_clients::runtime::Error;
use plumbline_clients::{galileo, opik, phoenix};
use plumbline_features as features;
use serde_json::json;
use uuid::Uuid;

const ID: Uuid = Uuid::from_u128(0x0190_b2a0_0000_7000_8000_0000_0000_0001);

fn opik(reply: Reply) -> (Server, Client) {
    let server = always(reply);
    let client = Client::builder(&server.url()).retries(0).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn a_documented_failure_has_its_type() {
    let (_server, client) = opik(status(404).json(&json!({"errors": ["no such experiment"]})));
    match client.get_experiment_by_id(ID).await.unwrap_err() {
        Error::Status(GetExperimentByIdError::NotFound(message)) => {
            assert_eq!(message.errors, Some(vec!["no such experiment".to_owned()]));
        }
        other => panic!("{other}"),
    }
    let server = always(status(422).json(&json!({"detail": "no such project"})));
    let client = galileo::Client::builder(&server.url()).build().unwrap();
    match client.get_experiment(ID, ID).await.unwrap_err() {
        Error::Status(galileo::GetExperimentError::UnprocessableEntity(_)) => {}
        other => panic!("{other}"),
    }
    let server = always(status(404).body("text/plain", "Experiment not found"));
    let client = phoenix::Client::builder(&server.url()).build().unwrap();
    match client.get_experiment("x").await.unwrap_err() {
        Error::Status(phoenix::GetExperimentError::NotFound(text)) => {
            assert_eq!(text, "Experiment not found");
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn an_undocumented_status_keeps_status_headers_and_body() {
    let reply = status(418)
        .header("x-request-id", "17")
        .body("text/plain", "short and stout");
    let (_server, client) = opik(reply);
    let error = client.get_experiment_by_id(ID).await.unwrap_err();
    let text = error.to_string();
    let Error::Undocumented(fault) = error else {
        panic!("{error}");
    };
    assert_eq!((fault.operation, fault.status), ("getExperimentById", 418));
    assert_eq!(fault.headers["x-request-id"], "17");
    assert_eq!(fault.body, b"short and stout");
    assert_eq!(text, "getExperimentById: undocumented status 418");
}

#[tokio::test]
async fn a_documented_status_with_another_body_keeps_it() {
    let (_server, client) = opik(status(404).body("text/html", "<h1>Not here</h1>"));
    let error = client.get_experiment_by_id(ID).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "getExperimentById: status 404 with an undocumented body: \
         expected application/json, found text/html"
    );
    let Error::Undocumented(fault) = error else {
        panic!("{error}");
    };
    assert_eq!(fault.body, b"<h1>Not here</h1>");
}

#[tokio::test]
async fn a_wrong_content_type_is_named() {
    let (_server, client) = opik(status(200).body("text/html; charset=utf-8", "<h1>Log in</h1>"));
    let error = client.get_experiment_by_id(ID).await.unwrap_err();
    assert!(matches!(error, Error::ContentType(_)));
    assert_eq!(
        error.to_string(),
        "getExperimentById: status 200: expected application/json, found text/html"
    );
}

#[tokio::test]
async fn a_body_that_breaks_the_schema_names_the_place() {
    let page = json!({"page": 1, "content": [
        {"id": ID, "dataset_name": "a"},
        {"id": ID, "dataset_name": "a", "feedback_scores": [{"name": "accuracy", "value": "high"}]},
    ]});
    let (_server, client) = opik(json(&page));
    let error = client.find_experiments().await.unwrap_err();
    assert!(matches!(error, Error::Decode(_)));
    assert_eq!(
        error.to_string(),
        "findExperiments: status 200: at content[1].feedback_scores[0].value: \
         expected f64, found a string \"high\""
    );
    let (_server, client) = opik(json(&json!({"id": "17"})));
    assert_eq!(
        client
            .get_experiment_by_id(ID)
            .await
            .unwrap_err()
            .to_string(),
        "getExperimentById: status 200: at id: expected a UUID, found a string \"17\""
    );
    let server = always(json(
        &json!({"experiments": [{"id": ID, "project_id": ID}]}),
    ));
    let client = galileo::Client::builder(&server.url()).build().unwrap();
    assert_eq!(
        client
            .list_experiments_paginated(ID)
            .await
            .unwrap_err()
            .to_string(),
        "list_experiments_paginated_projects__project_id__experiments_paginated_get: status 200: \
         at experiments[0]: expected a member `task_type`, found an object \
         {\"id\":\"0190b2a0-0000-7000-8000-000000000001\",\
         \"project_id\":\"0190b2a0-0000-7000-8000-000000000001\"}"
    );
    let server = always(json(&json!({"data": {}})));
    let client = phoenix::Client::builder(&server.url()).build().unwrap();
    assert_eq!(
        client.list_experiments("x").await.unwrap_err().to_string(),
        "listExperiments: status 200: at data: expected a sequence, found an object {}"
    );
}

/// What may be a secret is not shown, wherever it stands.
#[tokio::test]
async fn an_error_shows_no_secret() {
    let (_server, client) = opik(json(&json!({"content": {"api_key": "hunter2", "n": 1}})));
    let text = client.find_experiments().await.unwrap_err().to_string();
    assert!(
        text.ends_with("found an object {\"api_key\":\"***\",\"n\":1}"),
        "{text}"
    );
}

#[tokio::test]
async fn a_body_that_ends_too_early_is_told() {
    // The JSON ends within a text: the answer itself is whole.
    let (_server, client) = opik(status(200).body(
        "application/json",
        r#"{"page":1,"content":[{"id":"0190b2a0-0000-7000-8000-000000000001","dataset_name":"cap"#,
    ));
    assert_eq!(
        client.find_experiments().await.unwrap_err().to_string(),
        "findExperiments: status 200: at content[0].dataset_name: expected JSON, found 85 bytes: \
         EOF while parsing a string at line 1 column 85"
    );
    let (_server, client) = opik(status(200).body("application/json", ""));
    assert_eq!(
        client.find_experiments().await.unwrap_err().to_string(),
        "findExperiments: status 200: at .: expected JSON, found an empty body"
    );
    // The answer says more than comes.
    let url = raw(vec![vec![
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n",
        "{\"page\":1,",
    ]]);
    let client = Client::builder(&url).retries(0).build().unwrap();
    let error = client.find_experiments().await.unwrap_err();
    assert!(matches!(error, Error::Body(_)));
    assert_eq!(
        error.to_string(),
        "findExperiments: status 200: the body broke off after 10 bytes"
    );
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_taken() {
    let server = always(json(&json!({"content": []})));
    let client = Client::builder(&server.url()).max_body(10).build().unwrap();
    assert_eq!(
        client.find_experiments().await.unwrap_err().to_string(),
        "findExperiments: status 200: the body has more than 10 bytes"
    );
}

#[tokio::test]
async fn a_text_that_is_no_utf8_is_told() {
    let server = always(status(200).body("text/plain", [b'a', 0xff]));
    let client = features::body_text::Client::builder(&server.url());
    let client = client.build().unwrap();
    assert_eq!(
        client.get_note("a").await.unwrap_err().to_string(),
        "getNote: status 200: no UTF-8 from byte 1 on"
    );
}

/// A failure that is documented as JSON and as text comes as either.
#[tokio::test]
async fn a_failure_comes_as_json_or_as_text() {
    use plumbline_clients::phoenix::{Client, GetDatasetError};
    use plumbline_clients::runtime::OrText;
    let server = always(status(422).body("text/plain; charset=utf-8", "Invalid id"));
    let client = Client::builder(&server.url()).build().unwrap();
    match client.get_dataset("x").await.unwrap_err() {
        Error::Status(GetDatasetError::UnprocessableEntity(OrText::Text(text))) => {
            assert_eq!(text, "Invalid id");
        }
        other => panic!("{other}"),
    }
    let detail = json!({"detail": [{"loc": ["query"], "msg": "m", "type": "t"}]});
    let server = always(status(422).json(&detail));
    let client = Client::builder(&server.url()).build().unwrap();
    match client.get_dataset("x").await.unwrap_err() {
        Error::Status(GetDatasetError::UnprocessableEntity(OrText::Json(said))) => {
            assert_eq!(serde_json::to_value(&said).unwrap(), detail);
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_range_of_statuses_gives_the_status_too() {
    let server = always(status(409).json(&json!({"detail": "taken"})));
    let client = galileo::Client::builder(&server.url()).build().unwrap();
    match client.get_experiment(ID, ID).await.unwrap_err() {
        Error::Status(galileo::GetExperimentError::ClientError(409, detail)) => {
            assert_eq!(
                serde_json::to_value(&detail).unwrap(),
                json!({"detail": "taken"})
            );
        }
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_set_up_wrongly_is_told() {
    let fault = |url: &str| Client::builder(url).build().unwrap_err().to_string();
    assert_eq!(
        fault("localhost"),
        "the base URL \"localhost\": relative URL without a base"
    );
    let rule = "must be http or https, without query and fragment";
    assert_eq!(
        fault("ftp://a.example"),
        format!("the base URL \"ftp://a.example\" {rule}")
    );
    assert_eq!(
        fault("http://a.example?b=c"),
        format!("the base URL \"http://a.example?…\" {rule}")
    );
    let builder = opik::Client::builder("http://a.example").api_key("line\nbreak");
    assert_eq!(
        builder.build().unwrap_err().to_string(),
        "the credential of api_key holds a character that a header cannot"
    );
    let builder = opik::Client::builder("http://a.example").header("a b", "c");
    assert_eq!(
        builder.build().unwrap_err().to_string(),
        "the header \"a b\""
    );
}
