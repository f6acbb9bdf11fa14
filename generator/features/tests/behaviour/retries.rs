//! When a request is sent again: where the method is idempotent, or the server surely did nothing.

use crate::server::{Reply, in_turn, json, raw, serve, status};
use plumbline_clients::opik::{Client, ExperimentUpdate, ExperimentWrite};
use plumbline_clients::runtime::{Error, Retry};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// Twice at most, without waiting longer than a test should.
const RETRY: Retry = Retry {
    times: 2,
    min_delay: Duration::from_millis(1),
    max_delay: Duration::from_millis(2),
    max_retry_after: Duration::from_secs(60),
};

fn page() -> Reply {
    json(&json!({"content": []}))
}

fn client(url: &str) -> Client {
    Client::builder(url).retry(RETRY).build().unwrap()
}

/// How many requests a GET, a POST and a PATCH take when these are the answers.
async fn requests(replies: &[Reply]) -> [usize; 3] {
    let get = in_turn(replies.to_vec());
    let _ = client(&get.url()).find_experiments().await;
    let post = in_turn(replies.to_vec());
    let _ = client(&post.url())
        .create_experiment(&ExperimentWrite::default())
        .await;
    let patch = in_turn(replies.to_vec());
    let body = ExperimentUpdate::default();
    let _ = client(&patch.url())
        .update_experiment(Uuid::nil(), &body)
        .await;
    [get.seen().len(), post.seen().len(), patch.seen().len()]
}

#[tokio::test]
async fn a_passing_failure_is_tried_again_where_that_is_safe() {
    for code in [502, 503, 504] {
        assert_eq!(requests(&[status(code), page()]).await, [2, 1, 1], "{code}");
    }
}

#[tokio::test]
async fn a_failure_of_the_server_stands() {
    for code in [400, 404, 409, 500, 501] {
        assert_eq!(requests(&[status(code), page()]).await, [1, 1, 1], "{code}");
    }
}

#[tokio::test]
async fn what_was_surely_not_done_is_tried_again_whatever_the_method() {
    let later = |code| status(code).header("Retry-After", "0");
    assert_eq!(requests(&[later(429), page()]).await, [2, 2, 2]);
    assert_eq!(requests(&[later(503), page()]).await, [2, 2, 2]);
    assert_eq!(requests(&[status(429), page()]).await, [2, 2, 2]);
    let past = status(503).header("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(requests(&[past, page()]).await, [2, 2, 2]);
}

#[tokio::test]
async fn it_ends_after_so_many_times() {
    assert_eq!(
        requests(&[status(503).header("Retry-After", "0")]).await,
        [3, 3, 3]
    );
    let server = in_turn(vec![status(503)]);
    let client = Client::builder(&server.url())
        .retry(Retry::never())
        .build()
        .unwrap();
    let error = client.find_experiments().await.unwrap_err();
    assert!(matches!(error, Error::Undocumented(fault) if fault.status == 503));
    assert_eq!(server.seen().len(), 1);
}

/// The answer is the caller's when the server asks for more patience than there is.
#[tokio::test]
async fn a_wait_that_is_too_long_is_not_waited() {
    let reply = status(429)
        .header("Retry-After", "61")
        .json(&json!({"message": "slow down"}));
    assert_eq!(requests(&[reply.clone(), page()]).await, [1, 1, 1]);
    let server = in_turn(vec![reply.header("x", "y")]);
    let builder = Client::builder(&server.url()).retry(RETRY);
    let client = builder.timeout(Duration::from_secs(5)).build().unwrap();
    let error = client.find_experiments().await.unwrap_err();
    assert!(matches!(error, Error::Status(_)), "{error}");
}

#[tokio::test]
async fn each_repetition_sends_the_same() {
    let server = serve(|index, _| {
        if index < 2 {
            status(429).header("Retry-After", "0")
        } else {
            status(201)
        }
    });
    let client = client(&server.url());
    let mut body = ExperimentWrite::default();
    body.dataset_name = Some("capitals".to_owned());
    client.create_experiment(&body).await.unwrap();
    let bodies: Vec<_> = server.seen().iter().map(|seen| seen.json()).collect();
    assert_eq!(bodies, vec![json!({"dataset_name": "capitals"}); 3]);
}

const EMPTY: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

/// A connection that closes without an answer: the request may have been done.
#[tokio::test]
async fn a_broken_connection_is_tried_again_where_that_is_safe() {
    let url = raw(vec![vec![], vec![EMPTY]]);
    client(&url).find_experiments().await.unwrap();
    let url = raw(vec![vec![], vec![EMPTY]]);
    let body = ExperimentWrite::default();
    let error = client(&url).create_experiment(&body).await.unwrap_err();
    assert!(
        matches!(&error, Error::Transport(fault) if fault.attempts == 1),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again() {
    // The port was free a moment ago.
    let (url, listener) = crate::server::silent();
    drop(listener);
    let body = ExperimentWrite::default();
    let error = client(&url).create_experiment(&body).await.unwrap_err();
    let text = error.to_string();
    assert!(
        matches!(&error, Error::Transport(fault) if fault.attempts == 3),
        "{error}"
    );
    assert!(
        text.starts_with("createExperiment: no answer (3 attempts): "),
        "{text}"
    );
}
