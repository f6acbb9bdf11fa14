//! 57 items walked at sizes 1, 10 and 57 in each style of paging, of the vendors and the features.

use crate::server::{Reply, Seen, Server, json, serve};
use futures_util::TryStreamExt as _;
use plumbline_clients::{galileo, opik, phoenix};
use plumbline_features as features;
use serde_json::{Value, json};
use uuid::Uuid;

const ITEMS: usize = 57;
const SIZES: [usize; 3] = [1, 10, 57];

/// The identifier of the nth item.
fn id(index: usize) -> String {
    format!("01900000-0000-7000-8000-{index:012}")
}

fn all() -> Vec<String> {
    (0..ITEMS).map(id).collect()
}

/// What stands from an offset on.
fn slice(offset: usize, size: usize, item: impl Fn(usize) -> Value) -> Vec<Value> {
    (offset..ITEMS.min(offset + size)).map(item).collect()
}

fn bare(index: usize) -> Value {
    json!({"id": id(index)})
}

/// How many pages there are.
fn pages(size: usize) -> usize {
    ITEMS.div_ceil(size)
}

fn bodies(server: &Server) -> Vec<Value> {
    server.seen().iter().map(Seen::json).collect()
}

const PROJECT: &str = "0190b2a0-0000-7000-8000-000000000001";

#[tokio::test]
async fn opik_by_number() {
    let answer = |_: usize, request: &Seen| {
        let page = request.number("page").unwrap_or(1);
        let size = request.number("size").unwrap_or(10);
        let content = slice(
            (page - 1) * size,
            size,
            |index| json!({"id": id(index), "dataset_name": "capitals"}),
        );
        json(&json!({"page": page, "size": content.len(), "total": ITEMS, "content": content}))
    };
    for size in SIZES {
        let server = serve(answer);
        let client = opik::Client::builder(&server.url()).build().unwrap();
        let items = client
            .find_experiments()
            .size(size.try_into().unwrap())
            .items();
        let found: Vec<_> = items.try_collect().await.unwrap();
        let found: Vec<String> = found.iter().map(|it| it.id.unwrap().to_string()).collect();
        assert_eq!(found, all());
        assert_eq!(server.seen().len(), pages(size));
        if size == 10 {
            assert_eq!(
                server.lines(),
                [
                    "GET /v1/private/experiments?size=10",
                    "GET /v1/private/experiments?size=10&page=2",
                    "GET /v1/private/experiments?size=10&page=3",
                    "GET /v1/private/experiments?size=10&page=4",
                    "GET /v1/private/experiments?size=10&page=5",
                    "GET /v1/private/experiments?size=10&page=6",
                ]
            );
        }
    }
}

/// A Galileo experiment as small as its document allows.
fn galileo_item(index: usize) -> Value {
    json!({"id": id(index), "project_id": PROJECT, "task_type": 16})
}

fn galileo_page(offset: usize, limit: usize) -> Reply {
    let end = offset + limit;
    let next = if end < ITEMS { json!(end) } else { Value::Null };
    json(&json!({
        "starting_token": offset, "limit": limit, "paginated": end < ITEMS,
        "next_starting_token": next, "experiments": slice(offset, limit, galileo_item),
    }))
}

#[tokio::test]
async fn galileo_by_offset_in_the_body() {
    for size in SIZES {
        let server = serve(|_, request| {
            let body = request.json();
            let number = |key: &str, default: u64| body[key].as_u64().unwrap_or(default);
            galileo_page(
                number("starting_token", 0) as usize,
                number("limit", 100) as usize,
            )
        });
        let client = galileo::Client::builder(&server.url()).build().unwrap();
        let mut search = galileo::ExperimentSearchRequest::default();
        search.limit = Some(size.try_into().unwrap());
        let project = PROJECT.parse().unwrap();
        let found = client.search_experiments(project, &search).items();
        let found: Vec<_> = found.try_collect().await.unwrap();
        let found: Vec<String> = found.iter().map(|it| it.id.to_string()).collect();
        assert_eq!(found, all());
        assert_eq!(server.seen().len(), pages(size));
        if size == 10 {
            assert_eq!(
                bodies(&server),
                [
                    json!({"limit": 10}),
                    json!({"limit": 10, "starting_token": 10}),
                    json!({"limit": 10, "starting_token": 20}),
                    json!({"limit": 10, "starting_token": 30}),
                    json!({"limit": 10, "starting_token": 40}),
                    json!({"limit": 10, "starting_token": 50}),
                ]
            );
        }
    }
}

#[tokio::test]
async fn galileo_by_offset_in_the_query() {
    for size in SIZES {
        let server = serve(|_, request| {
            let offset = request.number("starting_token").unwrap_or(0);
            galileo_page(offset, request.number("limit").unwrap_or(100))
        });
        let client = galileo::Client::builder(&server.url()).build().unwrap();
        let project: Uuid = PROJECT.parse().unwrap();
        let list = client.list_experiments_paginated(project);
        let found = list.limit(size.try_into().unwrap()).items();
        let found: Vec<_> = found.try_collect().await.unwrap();
        let found: Vec<String> = found.iter().map(|it| it.id.to_string()).collect();
        assert_eq!(found, all());
        assert_eq!(server.seen().len(), pages(size));
        let path = format!("GET /projects/{PROJECT}/experiments/paginated");
        assert_eq!(server.lines()[0], format!("{path}?limit={size}"));
        if size == 10 {
            assert_eq!(
                server.lines()[5],
                format!("{path}?limit=10&starting_token=50")
            );
        }
    }
}

#[tokio::test]
async fn phoenix_by_cursor_in_the_query() {
    for size in SIZES {
        // The cursors are what a server makes of ids: base64 with padding.
        let server = serve(|index, request| {
            let size = request.number("limit").unwrap_or(50);
            let end = (index + 1) * size;
            let next = if end < ITEMS {
                json!(format!("Q3Vyc29y{end}=="))
            } else {
                Value::Null
            };
            let data = slice(index * size, size, |index| {
                json!({
                    "id": id(index), "dataset_id": "RGF0YXNldDox", "name": "first", "description": null,
                    "dataset_version_id": "RGF0YXNldFZlcnNpb246MQ==", "repetitions": 1, "metadata": {},
                    "project_name": null, "created_at": "2026-11-22T10:00:00Z",
                    "updated_at": "2026-11-22T10:00:00Z", "example_count": 1,
                    "successful_run_count": 0, "failed_run_count": 0, "missing_run_count": 1,
                })
            });
            json(&json!({"data": data, "next_cursor": next}))
        });
        let client = phoenix::Client::builder(&server.url()).build().unwrap();
        let list = client.list_experiments("RGF0YXNldDox");
        let found = list.limit(size.try_into().unwrap()).items();
        let found: Vec<_> = found.try_collect().await.unwrap();
        let found: Vec<String> = found.iter().map(|it| it.id.clone()).collect();
        assert_eq!(found, all());
        assert_eq!(server.seen().len(), pages(size));
        let path = "GET /v1/datasets/RGF0YXNldDox/experiments";
        assert_eq!(server.lines()[0], format!("{path}?limit={size}"));
        if size == 10 {
            assert_eq!(
                server.lines()[1],
                format!("{path}?limit=10&cursor=Q3Vyc29y10%3D%3D")
            );
        }
    }
}

#[tokio::test]
async fn by_offset_and_limit() {
    for size in SIZES {
        let server = serve(|_, request| {
            let offset = request.number("offset").unwrap_or(0);
            let limit = request.number("limit").unwrap_or(20);
            json(&json!({"items": slice(offset, limit, bare)}))
        });
        let client = features::paging_limit::Client::builder(&server.url());
        let list = client.build().unwrap();
        let found = list
            .list_experiments()
            .limit(size.try_into().unwrap())
            .items();
        let found: Vec<_> = found.try_collect().await.unwrap();
        let found: Vec<String> = found.into_iter().map(|it| it.id).collect();
        assert_eq!(found, all());
        // A page that is full may not be the last: one more is asked for where 57 are full.
        assert_eq!(
            server.seen().len(),
            [(1, 58), (10, 6), (57, 2)]
                .into_iter()
                .find_map(|(own, count)| (own == size).then_some(count))
                .unwrap()
        );
        if size == 10 {
            assert_eq!(server.lines()[0], "GET /experiments?limit=10");
            assert_eq!(server.lines()[5], "GET /experiments?limit=10&offset=50");
        }
    }
}

#[tokio::test]
async fn by_token_in_the_body() {
    for size in SIZES {
        let server = serve(|_, request| {
            let paging = &request.json()["paging"];
            let size = paging["page_size"].as_u64().unwrap() as usize;
            let token = paging["page_token"].as_str();
            let offset = token.map_or(0, |token| token.trim_start_matches("at-").parse().unwrap());
            let end = offset + size;
            let next = if end < ITEMS {
                format!("at-{end}")
            } else {
                String::new()
            };
            json(&json!({"experiments": slice(offset, size, bare), "next_page_token": next}))
        });
        let client = features::paging_token::Client::builder(&server.url());
        let mut paging = features::paging_token::Paging::default();
        paging.page_size = Some(size.try_into().unwrap());
        let mut search = features::paging_token::Search::new(paging);
        search.name = Some("qa".to_owned());
        let client = client.build().unwrap();
        let found = client.search_experiments(&search).items();
        let found: Vec<_> = found.try_collect().await.unwrap();
        let found: Vec<String> = found.into_iter().map(|it| it.id).collect();
        assert_eq!(found, all());
        assert_eq!(server.seen().len(), pages(size));
        if size == 10 {
            let bodies = bodies(&server);
            assert_eq!(
                bodies[0],
                json!({"name": "qa", "paging": {"page_size": 10}})
            );
            assert_eq!(
                bodies[5],
                json!({"name": "qa", "paging": {"page_size": 10, "page_token": "at-50"}})
            );
        }
    }
}

#[tokio::test]
async fn by_link() {
    for size in SIZES {
        let server = serve(|_, request| {
            let size = request.number("per_page").unwrap();
            let offset = request.number("after").unwrap_or(0);
            let end = offset + size;
            let items = slice(offset, size, |index| json!({"id": index}));
            let reply = json(&json!(items));
            // Relative targets, several relations, a comma within quotes.
            let first = format!("</repositories?per_page={size}>; title=\"a, b\"; rel=\"first\"");
            if end < ITEMS {
                let next = format!("<?per_page={size}&after={end}>; rel=\"last next\"");
                reply.header("link", &format!("{first}, {next}"))
            } else {
                reply.header("link", &first)
            }
        });
        let client = features::paging_link::Client::builder(&server.url());
        let client = client.build().unwrap();
        let list = client
            .list_repositories()
            .per_page(size.try_into().unwrap());
        let found: Vec<_> = list.items().try_collect().await.unwrap();
        let found: Vec<usize> = found.iter().map(|it| it.id.try_into().unwrap()).collect();
        assert_eq!(found, (0..ITEMS).collect::<Vec<_>>());
        assert_eq!(server.seen().len(), pages(size));
        if size == 10 {
            assert_eq!(server.lines()[0], "GET /repositories?per_page=10");
            assert_eq!(server.lines()[5], "GET /repositories?per_page=10&after=50");
        }
    }
}

#[tokio::test]
async fn pages_come_whole_and_from_the_one_asked_for() {
    let server = serve(|_, request| {
        let page = request.number("page").unwrap_or(1);
        let content = slice((page - 1) * 10, 10, bare);
        json(&json!({"page": page, "total": ITEMS, "content": content}))
    });
    let client = features::paging_page::Client::builder(&server.url());
    let client = client.build().unwrap();
    let mut pages = client.find_experiments().page(5).size(10).pages();
    let fifth = pages.next().await.unwrap().unwrap();
    assert_eq!((fifth.page, fifth.content.unwrap().len()), (Some(5), 10));
    let sixth = pages.next().await.unwrap().unwrap();
    assert_eq!((sixth.page, sixth.content.unwrap().len()), (Some(6), 7));
    // Begun in the middle, the total does not tell the end: the empty page does.
    let rest = pages.next().await.unwrap().unwrap();
    assert_eq!(rest.content.unwrap().len(), 0);
    assert!(pages.next().await.is_none());
}
