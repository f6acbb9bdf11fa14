//! Servers whose pages do not lead to an end: the walk ends with an error instead of looping.

use crate::server::{Seen, Server, json, serve};
use plumbline_clients::runtime::Error;
use plumbline_clients::{galileo, opik, phoenix};
use plumbline_features as features;
use serde_json::json;
use uuid::Uuid;

/// How a walk that has an end ends, and how many items came before.
macro_rules! walk {
    ($items:expr) => {{
        let mut items = $items;
        let mut count = 0;
        let fault = loop {
            match items.next().await {
                Some(Ok(_)) => count += 1,
                Some(Err(error)) => break error.to_string(),
                None => break "none".to_owned(),
            }
            assert!(count < 100, "the walk does not end");
        };
        assert!(
            items.next().await.is_none(),
            "the walk goes on after its error"
        );
        (count, fault)
    }};
}

const ID: &str = "01900000-0000-7000-8000-000000000000";

#[tokio::test]
async fn opik_gives_the_same_page_again() {
    // It passes over `page`, and says so in the echo.
    let server = serve(|_, _| {
        json(
            &json!({"page": 1, "size": 1, "total": 9, "content": [{"id": ID, "dataset_name": "a"}]}),
        )
    });
    let client = opik::Client::builder(&server.url()).build().unwrap();
    assert_eq!(
        walk!(client.find_experiments().items()),
        (
            1,
            "findExperiments: asked for page 2, the server gave 1".to_owned()
        )
    );
}

#[tokio::test]
async fn a_page_without_its_number_comes_again() {
    let server = serve(|_, _| json(&json!({"total": 9, "content": [{"id": ID}]})));
    let client = features::paging_page::Client::builder(&server.url());
    let client = client.build().unwrap();
    assert_eq!(
        walk!(client.find_experiments().items()),
        (
            1,
            "findExperiments: the server gave a page again".to_owned()
        )
    );
}

/// Galileo, which always says that it goes on here.
fn galileo(next: impl Fn(i64) -> serde_json::Value + Send + Sync + 'static) -> Server {
    serve(move |_, request: &Seen| {
        let offset = request.json()["starting_token"].as_i64().unwrap_or(0);
        json(&json!({
            "starting_token": offset, "next_starting_token": next(offset), "paginated": true,
            "experiments": [{"id": ID, "project_id": ID, "task_type": 16}],
        }))
    })
}

#[tokio::test]
async fn galileo_repeats_its_token() {
    let server = galileo(|_| json!(1));
    let client = galileo::Client::builder(&server.url()).build().unwrap();
    let id: Uuid = ID.parse().unwrap();
    let name = "search_experiments_projects__project_id__experiments_search_post";
    assert_eq!(
        walk!(client.search_experiments(id, &Default::default()).items()),
        (1, format!("{name}: the offset 1 comes after the offset 1"))
    );
    let server = galileo(|_| json!("soon"));
    let client = galileo::Client::builder(&server.url()).build().unwrap();
    let mut items = client.search_experiments(id, &Default::default()).items();
    let error = items.next().await.unwrap().unwrap_err();
    let Error::Decode(fault) = &error else {
        panic!("{error}");
    };
    assert_eq!(fault.path, "next_starting_token");
}

#[tokio::test]
async fn phoenix_repeats_its_token() {
    let server = serve(|_, _| json(&json!({"data": [], "next_cursor": "RXhwZXJpbWVudDox"})));
    let client = phoenix::Client::builder(&server.url()).build().unwrap();
    assert_eq!(
        walk!(client.list_experiments("RGF0YXNldDox").items()),
        (
            0,
            "listExperiments: the server gave a token again".to_owned()
        )
    );
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn tokens_go_round() {
    let server = serve(|index, _| {
        let token = ["a", "b", "c"][index % 3];
        json(&json!({"experiments": [{"id": ID}], "next_page_token": token}))
    });
    let client = features::paging_token::Client::builder(&server.url());
    let client = client.build().unwrap();
    let search = features::paging_token::Search::new(Default::default());
    assert_eq!(
        walk!(client.search_experiments(&search).items()),
        (
            3,
            "searchExperiments: the server gave a token again".to_owned()
        )
    );
}

#[tokio::test]
async fn the_token_that_was_asked_for_comes_again() {
    let server = serve(|_, _| json(&json!({"page": {"data": [], "next_cursor": "here"}})));
    let client = features::paging_cursor::Client::builder(&server.url());
    let client = client.build().unwrap();
    assert_eq!(
        walk!(client.list_experiments().cursor("here").items()),
        (
            0,
            "listExperiments: the server gave a token again".to_owned()
        )
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn an_offset_without_a_next_one_gives_the_same_page() {
    let server = serve(|_, _| json(&json!({"items": [{"id": ID}]})));
    let client = features::paging_limit::Client::builder(&server.url());
    let client = client.build().unwrap();
    assert_eq!(
        walk!(client.list_experiments().items()),
        (
            1,
            "listExperiments: the server gave a page again".to_owned()
        )
    );
}

#[tokio::test]
async fn a_link_leads_back_or_elsewhere() {
    let list =
        |link: &'static str| serve(move |_, _| json(&json!([{"id": 1}])).header("link", link));
    let server = list("<?after=1>; rel=next");
    let client = features::paging_link::Client::builder(&server.url());
    let client = client.build().unwrap();
    assert_eq!(
        walk!(client.list_repositories().items()),
        (
            1,
            "listRepositories: the server gave a link again".to_owned()
        )
    );
    let server = list("<http://elsewhere.example/repositories>; rel=next");
    let client = features::paging_link::Client::builder(&server.url());
    let client = client.build().unwrap();
    let fault = "listRepositories: the link to the next page leads to another server";
    assert_eq!(
        walk!(client.list_repositories().items()),
        (0, fault.to_owned())
    );
    assert_eq!(server.seen().len(), 1);
}
