//! A server that answers with given bytes, and keeps what it was sent.
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What was sent: the head as text and the body.
pub(super) type Seen = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// Answers each connection's one request by `answer`, which is told the head and writes.
pub(super) fn upstream(
    answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static,
) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Seen::default();
    let (shared, answer) = (Arc::clone(&seen), Arc::new(answer));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (seen, answer) = (Arc::clone(&shared), Arc::clone(&answer));
            thread::spawn(move || {
                let (head, body) = request(&mut stream);
                seen.lock().unwrap().push((head.clone(), body));
                answer(&head, &mut stream);
                let _ = stream.shutdown(std::net::Shutdown::Write);
            });
        }
    });
    (url, seen)
}

/// Reads a head and as many bytes as its length says.
pub(super) fn request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        match stream.read(&mut chunk).unwrap_or(0) {
            0 => return (String::from_utf8_lossy(&bytes).into_owned(), Vec::new()),
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut body = bytes.split_off(end);
    let length = head
        .lines()
        .find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().ok())?
        })
        .unwrap_or(0_usize);
    while body.len() < length {
        match stream.read(&mut chunk).unwrap_or(0) {
            0 => break,
            read => body.extend_from_slice(&chunk[..read]),
        }
    }
    (head, body)
}

/// Sends bytes as they are and reads all that comes.
pub(super) fn sent(address: std::net::SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(bytes).unwrap();
    let mut came = Vec::new();
    stream.read_to_end(&mut came).unwrap();
    came
}
