//! A small server whose every answer a test decides, and which tells what it was asked.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Nothing of a test takes as long; what does hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path with its query.
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What the server does with a request.
#[derive(Debug)]
pub(crate) enum Then {
    Answer(u16, String),
    /// It answers when this channel is closed or sent to.
    When(Receiver<()>, u16, String),
    /// It never answers.
    Hold,
}

impl Then {
    pub(crate) fn answer(status: u16, body: impl Into<String>) -> Self {
        Self::Answer(status, body.into())
    }
}

/// Listens until the process ends.
pub(crate) struct Server {
    address: SocketAddr,
    asked: Mutex<Receiver<Request>>,
    gone: Mutex<Receiver<Request>>,
}

impl Server {
    pub(crate) fn start(then: impl Fn(&Request) -> Then + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (asked_sender, asked) = channel();
        let (gone_sender, gone) = channel();
        let then = Arc::new(then);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (then, asked, gone) =
                    (Arc::clone(&then), asked_sender.clone(), gone_sender.clone());
                thread::spawn(move || serve(&stream, &*then, &asked, &gone));
            }
        });
        Self {
            address,
            asked: Mutex::new(asked),
            gone: Mutex::new(gone),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next request that came.
    pub(crate) fn next(&self) -> Request {
        self.asked.lock().unwrap().recv_timeout(PATIENCE).unwrap()
    }

    /// The requests that came and were not taken yet.
    pub(crate) fn rest(&self) -> Vec<Request> {
        self.asked.lock().unwrap().try_iter().collect()
    }

    /// The next request that was held and whose connection the client has ended.
    pub(crate) fn gone(&self) -> Request {
        self.gone.lock().unwrap().recv_timeout(PATIENCE).unwrap()
    }
}

fn serve(
    stream: &TcpStream,
    then: &dyn Fn(&Request) -> Then,
    asked: &Sender<Request>,
    gone: &Sender<Request>,
) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let then = then(&request);
        // A test that is over asks no more.
        let _ = asked.send(request.clone());
        let (status, body) = match then {
            Then::Answer(status, body) => (status, body),
            Then::When(release, status, body) => {
                let _ = release.recv();
                (status, body)
            }
            Then::Hold => {
                // Ends when the client ends the connection.
                let _ = reader.read_to_end(&mut Vec::new());
                let _ = gone.send(request);
                return;
            }
        };
        let mut out = stream;
        let answer = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if out.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers
        .get("content-length")
        .and_then(|text| text.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        method,
        target,
        headers,
        body,
    })
}
