//! A server that keeps every request as it came, byte by byte.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) method: String,
    /// As in the first line.
    pub(crate) target: String,
    /// In the order of coming, names in lower case, values without the space around them.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_slice())
    }
}

/// What a server answers: the status, further header lines, a body of JSON.
pub(crate) type Answer = (u16, String, String);

pub(crate) struct Listener {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Received>>>,
}

impl Listener {
    /// Listens until the test is over.
    pub(crate) fn start(answer: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer) = (Arc::clone(&seen), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                thread::spawn(move || {
                    // A test that stops in the middle of a request must not hold a thread.
                    let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
                    let mut reader = BufReader::new(stream.try_clone().unwrap());
                    while let Some(received) = read(&mut reader) {
                        let reply = answer(&received);
                        let is_head = received.method == "HEAD";
                        kept.lock().unwrap().push(received);
                        if write(&stream, &reply, is_head).is_err() {
                            break;
                        }
                    }
                });
            }
        });
        Self { url, seen }
    }

    /// What came, in the order of its ending.
    pub(crate) fn seen(&self) -> Vec<Received> {
        self.seen.lock().unwrap().clone()
    }

    /// Forgets what came.
    pub(crate) fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

fn write(
    mut stream: &TcpStream,
    (status, lines, body): &Answer,
    head: bool,
) -> std::io::Result<()> {
    let length = body.len();
    let body = if head { "" } else { body };
    stream.write_all(
        format!(
            "HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\n{lines}Content-Length: {length}\r\n\r\n{body}"
        )
        .as_bytes(),
    )
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let first = line(reader)?;
    let first = String::from_utf8_lossy(&first).into_owned();
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let line = line(reader)?;
        if line.is_empty() {
            break;
        }
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = String::from_utf8_lossy(line.get(..colon)?).to_ascii_lowercase();
        let value = line.get(colon + 1..)?.trim_ascii().to_vec();
        headers.push((name, value));
    }
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| {
            String::from_utf8_lossy(value).parse().unwrap()
        });
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received {
        method,
        target,
        headers,
        body,
    })
}

fn line(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    if reader.read_until(b'\n', &mut line).ok()? == 0 {
        return None;
    }
    line.pop();
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Some(line)
}
