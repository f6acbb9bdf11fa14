//! A server of a few lines: a function of the request, over HTTP/1.1.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Decoded pairs, in order.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    /// The first value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.iter();
        let pair = pairs.find(|(own, _)| own == name);
        pair.map(|(_, value)| value.as_str())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.headers.iter();
        let pair = pairs.find(|(own, _)| own.eq_ignore_ascii_case(name));
        pair.map(|(_, value)| value.as_str())
    }

    /// A query parameter as a number within bounds: its default where it is left out, `None` where
    /// it is none.
    pub(crate) fn number(&self, name: &str, default: usize, most: usize) -> Option<usize> {
        let text = self.query(name).map_or(Ok(default), str::parse).ok()?;
        (1..=most).contains(&text).then_some(text)
    }
}

/// Answers every request with a status and a JSON text, until the test is over; gives the base URL.
pub(crate) fn serve(answer: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static) -> String {
    serve_as("application/json", answer)
}

/// The same, with texts of another media type.
pub(crate) fn serve_as(
    kind: &'static str,
    answer: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            // A client that goes away is no concern of the server's.
            thread::spawn(move || drop(one(stream, kind, &*answer)));
        }
    });
    url
}

fn one(
    mut stream: TcpStream,
    kind: &str,
    answer: &dyn Fn(&Asked) -> (u16, String),
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let mut asked = Asked {
        method: words.next().unwrap_or_default().to_owned(),
        ..Asked::default()
    };
    let target = words.next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    asked.path = path.to_owned();
    asked.query = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            None => break,
            Some((name, value)) => asked
                .headers
                .push((name.to_owned(), value.trim().to_owned())),
        }
    }
    let length = asked.header("content-length").map(str::parse);
    let mut body = vec![0; length.and_then(Result::ok).unwrap_or_default()];
    reader.read_exact(&mut body)?;
    asked.body = String::from_utf8_lossy(&body).into_owned();
    let (status, text) = answer(&asked);
    write!(
        stream,
        "HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    )
}
