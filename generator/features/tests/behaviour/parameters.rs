//! Parameters and bodies on the wire.

use crate::server::{always, json, status};
use plumbline_clients::opik;
use plumbline_features as features;
use serde_json::json;
use uuid::Uuid;

const ID: Uuid = Uuid::from_u128(0x0190_b2a0_0000_7000_8000_0000_0000_0001);

#[tokio::test]
async fn opik_sends_json_in_its_parameters() {
    let server = always(json(&json!({"content": []})));
    let client = opik::Client::builder(&server.url()).build().unwrap();
    let newest =
        opik::ExperimentSort::new(opik::ExperimentSortDirection::Desc, "created_at".to_owned());
    let mut filter = opik::ExperimentFilter::new(
        "metadata".to_owned(),
        opik::ExperimentFilterOperator::Equal,
        "a&b=c +\u{e9}".to_owned(),
    );
    filter.key = Some("model".to_owned());
    client
        .find_experiments()
        .types(&[opik::FindExperimentsTypesItem::Regular])
        .sorting(&[newest])
        .filters(&[filter])
        .experiment_ids(&[ID])
        .name("caf\u{e9} & co")
        .await
        .unwrap();
    assert_eq!(
        server.only().target,
        "/v1/private/experiments\
         ?types=%5B%22regular%22%5D\
         &sorting=%5B%7B%22field%22%3A%22created_at%22%2C%22direction%22%3A%22DESC%22%7D%5D\
         &filters=%5B%7B%22field%22%3A%22metadata%22%2C%22operator%22%3A%22%3D%22%2C%22key%22%3A\
         %22model%22%2C%22value%22%3A%22a%26b%3Dc%20%2B%C3%A9%22%7D%5D\
         &experiment_ids=%5B%220190b2a0-0000-7000-8000-000000000001%22%5D\
         &name=caf%C3%A9%20%26%20co"
    );
}

#[tokio::test]
async fn styles_are_written_as_openapi_says() {
    use features::parameter_styles::{Client, Range};
    let server = always(status(204));
    let client = Client::builder(&server.url()).build().unwrap();
    let list = ["a b".to_owned(), "c,d".to_owned()];
    let mut range = Range::default();
    range.from = Some(1);
    range.to = Some(2);
    let request = client.get_styles(&list, &[1, 2], "m/n", true);
    request.exploded(&list).comma(&list).await.unwrap();
    let request = client.get_styles(&list, &[1, 2], "m/n", false);
    request
        .space(&list)
        .pipe(&list)
        .deep(&range)
        .members(&range)
        .raw("a/b?c=d&e")
        .await
        .unwrap();
    assert_eq!(
        server.lines(),
        [
            "GET /simple/a%20b,c%2Cd/label/.1,2/matrix/;matrix=m%2Fn?needed=true\
             &exploded=a%20b&exploded=c%2Cd&comma=a%20b,c%2Cd",
            "GET /simple/a%20b,c%2Cd/label/.1,2/matrix/;matrix=m%2Fn?needed=false\
             &space=a%20b%20c%2Cd&pipe=a%20b%7Cc%2Cd&deep%5Bfrom%5D=1&deep%5Bto%5D=2\
             &from=1&to=2&raw=a/b?c=d%26e",
        ]
    );
}

/// A value cannot lead to another operation.
#[tokio::test]
async fn paths_keep_their_segments() {
    let server = always(status(204));
    let client = features::body_text::Client::builder(&server.url());
    let client = client.build().unwrap();
    client.put_note("../a/b?c#d", "text").await.unwrap();
    assert_eq!(server.only().target, "/notes/..%2Fa%2Fb%3Fc%23d");
    for (name, fault) in [
        ("..", "putNote: a path parameter must not be `.` or `..`"),
        ("", "putNote: the path parameter `name` is empty"),
    ] {
        let error = client.put_note(name, "text").await.unwrap_err();
        assert_eq!(error.to_string(), fault);
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn the_location_of_what_was_made_can_be_read() {
    let place =
        "http://localhost:5173/api/v1/private/experiments/0190b2a0-0000-7000-8000-000000000001";
    let server = always(status(201).header("Location", place));
    let client = opik::Client::builder(&server.url()).build().unwrap();
    let mut body = opik::ExperimentWrite::default();
    body.dataset_name = Some("capitals".to_owned());
    let answer = client.create_experiment(&body).response().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.location().unwrap().as_deref(), Some(place));
    assert_eq!(server.only().json(), json!({"dataset_name": "capitals"}));
}

#[tokio::test]
async fn headers_are_typed() {
    use features::responses_headers::{Client, CreateItemBody};
    let server = always(
        status(201)
            .header("X-Item-Id", "0190b2a0-0000-7000-8000-000000000001")
            .header("X-Rate-Limit-Remaining", "many"),
    );
    let client = Client::builder(&server.url()).build().unwrap();
    let body = CreateItemBody::new("first".to_owned());
    let answer = client.create_item(&body).response().await.unwrap();
    assert_eq!(answer.x_item_id().unwrap(), Some(ID));
    assert_eq!(answer.location().unwrap(), None);
    assert_eq!(
        answer.x_rate_limit_remaining().unwrap_err().to_string(),
        "createItem: status 201: at header X-Rate-Limit-Remaining: expected i32, found another text"
    );
}

#[tokio::test]
async fn bodies_have_their_media_types() {
    let server = always(status(204));
    let client = features::body_text::Client::builder(&server.url());
    let client = client.build().unwrap();
    client.put_note("a", "# Title\n").await.unwrap();
    let seen = server.only();
    assert_eq!(seen.header("content-type"), Some("text/markdown"));
    assert_eq!(seen.body, b"# Title\n");
}
