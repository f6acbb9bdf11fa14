//! The four styles of paging, their wire forms written out.

use super::{get, ids, send, world};
use serde_json::{Value, json};

#[test]
fn pages_by_number_repeat_what_opik_repeats() {
    let world = world("opik", 7);
    let path = "/v1/private/experiments";
    let first = get(&world, path);
    assert_eq!(first["page"], 1);
    assert_eq!(first["size"], 7);
    assert_eq!(first["total"], 7);
    let page = get(&world, &format!("{path}?page=3&size=3"));
    assert_eq!(page["page"], 3);
    // The number of items on the page, not the size that was asked for.
    assert_eq!(page["size"], 1);
    assert_eq!(page["total"], 7);
    let past = get(&world, &format!("{path}?page=4&size=3"));
    assert_eq!(
        past,
        json!({"page": 4, "size": 0, "total": 7, "sortable_by": ["created_at"], "content": []})
    );
    let all = ids(&first["content"]);
    assert_eq!(
        ids(&page["content"]),
        all.get(6..).unwrap(),
        "the remainder"
    );
    let mut sorted = all.clone();
    sorted.sort_unstable();
    sorted.reverse();
    assert_eq!(all, sorted, "newest first: version 7 ids, descending");
}

#[test]
fn opik_refuses_in_its_own_forms() {
    let world = world("opik", 3);
    let path = "/v1/private/experiments";
    for (query, status, body) in [
        (
            "page=0",
            400,
            json!({"errors": ["query param page must be greater than or equal to 1"]}),
        ),
        (
            "size=-1",
            400,
            json!({"errors": ["query param size must be greater than or equal to 1"]}),
        ),
        (
            "page=abc",
            404,
            json!({"code": 404, "message": "page must be an integer"}),
        ),
    ] {
        let reply = send(&world, "GET", &format!("{path}?{query}"), None);
        assert_eq!(
            (reply.status, reply.json()),
            (status, Some(body)),
            "{query}"
        );
    }
    for query in [
        "page=",
        "size=99999999999999999999",
        "sorting=%5B",
        "types=%5B%22odd%22%5D",
    ] {
        let reply = send(&world, "GET", &format!("{path}?{query}"), None);
        assert!(matches!(reply.status, 400 | 404), "{query}: {reply:?}");
    }
}

#[test]
fn offsets_say_the_next_one_until_nothing_remains() {
    let world = world("galileo", 5);
    let path = "/projects/0198f0a0-0000-4000-8000-000000000001/experiments";
    let search = |body: Value| send(&world, "POST", &format!("{path}/search"), Some(body));
    let mut page = search(json!({"limit": 2})).json().unwrap();
    let experiments = page["experiments"].take();
    assert_eq!(experiments.as_array().unwrap().len(), 2);
    assert_eq!(
        page,
        json!({
            "starting_token": 0,
            "limit": 2,
            "paginated": true,
            "next_starting_token": 2,
            "experiments": null,
        })
    );
    let last = search(json!({"limit": 2, "starting_token": 4}))
        .json()
        .unwrap();
    assert_eq!(last["next_starting_token"], Value::Null);
    assert!(
        last.as_object()
            .unwrap()
            .contains_key("next_starting_token")
    );
    assert_eq!(last["paginated"], false);
    let past = search(json!({"starting_token": 50})).json().unwrap();
    assert_eq!(past["experiments"], json!([]));
    assert_eq!(past["next_starting_token"], Value::Null);
    let same = get(&world, &format!("{path}/paginated"));
    let whole = search(json!({})).json().unwrap();
    assert_eq!(ids(&same["experiments"]), ids(&whole["experiments"]));
    for body in [
        json!({"starting_token": -1}),
        json!({"limit": 0}),
        json!({"limit": "two"}),
    ] {
        assert_eq!(search(body.clone()).status, 422, "{body}");
    }
}

#[test]
fn what_galileos_sdk_needs_is_never_null() {
    let world = world("galileo", 57);
    let path = "/projects/0198f0a0-0000-4000-8000-000000000001/experiments";
    for item in get(&world, path).as_array().unwrap() {
        for name in [
            "created_at",
            "status",
            "tags",
            "aggregate_metrics",
            "aggregate_feedback",
        ] {
            assert!(!item[name].is_null(), "{name}: {item}");
        }
        assert_eq!(item["task_type"], 16);
    }
}

#[test]
fn cursors_are_opaque_and_bound() {
    let world = world("phoenix", 5);
    let first = get(&world, "/v1/datasets?limit=2");
    let cursor = first["next_cursor"].as_str().unwrap();
    assert!(
        cursor
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    );
    let second = get(&world, &format!("/v1/datasets?limit=2&cursor={cursor}"));
    let again = get(&world, &format!("/v1/datasets?limit=2&cursor={cursor}"));
    assert_eq!(second, again);
    let rest = second["next_cursor"].as_str().unwrap();
    let last = get(&world, &format!("/v1/datasets?limit=2&cursor={rest}"));
    assert_eq!(last["data"].as_array().unwrap().len(), 1);
    assert!(last.as_object().unwrap().contains_key("next_cursor"));
    assert_eq!(last["next_cursor"], Value::Null);
    let all = ids(&get(&world, "/v1/datasets")["data"]);
    let walked = [&first, &second, &last]
        .map(|page| ids(&page["data"]))
        .concat();
    assert_eq!(walked, all);
    // Exactly full, and nothing remains.
    let full = get(&world, "/v1/datasets?limit=5");
    assert_eq!(full["next_cursor"], Value::Null);
    // The vendor's own: an empty cursor is the first page.
    assert_eq!(ids(&get(&world, "/v1/datasets?cursor=")["data"]), all);
    let dataset = first["data"][0]["id"].as_str().unwrap();
    let dataset = super::super::call::encode(dataset);
    let half = cursor.get(..cursor.len() / 2).unwrap();
    for target in [
        "/v1/datasets?cursor=abc".to_owned(),
        format!("/v1/datasets?cursor={half}"),
        format!("/v1/datasets?cursor={cursor}&name=other"),
        format!("/v1/datasets/{dataset}/experiments?cursor={cursor}"),
    ] {
        assert_eq!(send(&world, "GET", &target, None).status, 422, "{target}");
    }
}

#[test]
fn links_keep_the_origin_and_the_query() {
    let world = world("library", 5);
    let reply = send(&world, "GET", "/library/books?limit=2&covers=true", None);
    let link = reply.header("link").unwrap();
    let own = "http://127.0.0.1:4010/library/books?limit=2&covers=true";
    let (first, next) = link.split_once(", ").unwrap();
    assert_eq!(first, format!("<{own}>; rel=\"first\""));
    let next = next.strip_prefix('<').unwrap();
    let next = next.strip_suffix(">; rel=\"next\"").unwrap();
    assert!(next.starts_with(&format!("{own}&cursor=")), "{next}");
    let target = next.strip_prefix("http://127.0.0.1:4010").unwrap();
    let second = send(&world, "GET", target, None);
    let link = second.header("link").unwrap();
    let previous = link.split(", ").find(|link| link.contains("rel=\"prev\""));
    let previous = previous.unwrap().split_once('>').unwrap().0;
    let target = previous.strip_prefix("<http://127.0.0.1:4010").unwrap();
    assert_eq!(
        ids(&get(&world, target)),
        ids(&reply.json().unwrap()),
        "back to the first page"
    );
}

#[test]
fn sorts_and_filters_come_before_the_page() {
    let world = world("library", 57);
    let all = get(&world, "/books?limit=1000");
    let danish: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .filter(|book| book["language"] == "da")
        .cloned()
        .collect();
    assert!(danish.len() > 3, "{}", danish.len());
    let page = get(&world, "/books?language=da&limit=3");
    assert_eq!(ids(&page), ids(&Value::Array(danish)).get(..3).unwrap());
    let times = |target: &str| -> Vec<String> {
        let books = get(&world, target);
        let books = books.as_array().unwrap().clone();
        books
            .iter()
            .map(|book| book["published_at"].to_string())
            .collect()
    };
    let up = times("/books?sort=published_at&limit=1000");
    let mut down = times("/books?sort=-published_at&limit=1000");
    assert!(up.is_sorted());
    down.reverse();
    assert_eq!(up, down);
}

#[test]
fn any_number_of_items() {
    for items in [0, 1, 2, 57, 1000] {
        let world = world("library", items);
        let page = get(&world, "/members?size=1000");
        assert_eq!(page["total"], items);
        assert_eq!(page["members"].as_array().unwrap().len() as u64, items);
        let mut all = ids(&page["members"]);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len() as u64, items);
    }
}

#[test]
fn the_same_seed_gives_the_same_items() {
    let page = |seed| {
        let options = super::Options {
            items: 9,
            seed,
            ..super::Options::default()
        };
        get(
            &super::world_with("opik", options),
            "/v1/private/experiments",
        )
    };
    assert_eq!(page(3), page(3));
    assert_ne!(page(3), page(4));
}
