//! Servers that answer as a test says and keep what they were asked.

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query, as they travelled.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    fn new(request: &HttpMockRequest) -> Self {
        let uri = request.uri();
        let target = uri.path_and_query().map(ToString::to_string);
        Self {
            method: request.method_str().to_owned(),
            target: target.unwrap_or_default(),
            headers: request.headers_vec().clone(),
            body: request.body_vec(),
        }
    }

    /// A header's value; it must not come twice.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self
            .headers
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(name));
        let value = values.next();
        assert!(values.next().is_none(), "the header {name} comes twice");
        value.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// A query parameter that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        let (_, query) = self.target.split_once('?')?;
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(own, value)| (own == name).then(|| value.parse().unwrap()))
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// An answer of this status, without a body.
pub(crate) fn status(status: u16) -> Reply {
    Reply {
        status,
        headers: Vec::new(),
        body: Vec::new(),
    }
}

/// 200 with JSON.
pub(crate) fn json(value: &Value) -> Reply {
    status(200).json(value)
}

impl Reply {
    pub(crate) fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string())
    }

    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", media_type)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A server.
pub(crate) struct Server {
    mock: MockServer,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// Answers each request by how many came before it and what it says.
pub(crate) fn serve(answer: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static) -> Server {
    let mock = MockServer::start();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&seen);
    mock.mock(|when, then| {
        when.any_request();
        then.respond_with(move |request: &HttpMockRequest| {
            let request = Seen::new(request);
            let mut seen = keep.lock().unwrap();
            let reply = answer(seen.len(), &request);
            seen.push(request);
            let mut response = HttpMockResponse::builder().status(reply.status);
            for (name, value) in reply.headers {
                response = response.header(name, value);
            }
            response.body(reply.body).build()
        });
    });
    Server { mock, seen }
}

/// Gives one answer to whatever comes.
pub(crate) fn always(reply: Reply) -> Server {
    serve(move |_, _| reply.clone())
}

/// Gives these answers in turn, and the last one from then on.
pub(crate) fn in_turn(replies: Vec<Reply>) -> Server {
    serve(move |index, _| {
        let last = replies.last().unwrap();
        replies.get(index).unwrap_or(last).clone()
    })
}

impl Server {
    pub(crate) fn url(&self) -> String {
        self.mock.base_url()
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The one request that came.
    pub(crate) fn only(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen[0].clone()
    }

    /// Methods and targets of all requests.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |seen: &Seen| format!("{} {}", seen.method, seen.target);
        self.seen().iter().map(line).collect()
    }
}

/// For what httpmock cannot do: answers one connection after another with the pieces of an answer,
/// byte for byte, and closes it. The address is given.
pub(crate) fn raw(answers: Vec<Vec<&'static str>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for pieces in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let mut buffer = [0; 1024];
                let read = stream.read(&mut buffer).unwrap();
                assert!(read > 0, "the client gave up");
                request.extend_from_slice(&buffer[..read]);
            }
            for piece in pieces {
                stream.write_all(piece.as_bytes()).unwrap();
                stream.flush().unwrap();
            }
        }
    });
    url
}

/// Answers a request with a head, and then with a piece again and again until the client leaves.
pub(crate) fn endless(head: &'static str, piece: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request);
        let _ = stream.write_all(head.as_bytes());
        while stream.write_all(piece.as_bytes()).is_ok() {}
    });
    url
}

/// Takes connections and never answers.
pub(crate) fn silent() -> (String, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    (
        format!("http://{}", listener.local_addr().unwrap()),
        listener,
    )
}
