//! The wire: an httpmock server with one catch-all mock, and a door to it at a fixed address.

use super::call::{Call, ServerResponse};
use super::context::World;
use super::defect;
use super::handle::handle;
use super::stage::Wire;
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use plumbline_conformance::traffic;
use plumbline_specs::api::{Expression, PaginationStyle};
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long the answers of a server with [`Wire::SharedPaging`] take: long enough for others to
/// come in between.
const PAUSE: Duration = Duration::from_millis(5);

/// The latest request to each method and path.
type Latest = Arc<Mutex<BTreeMap<(String, String), Call>>>;

/// Starts answering requests; the mock server stops with its last holder.
pub(super) fn start(world: Arc<World>) -> MockServer {
    let server = MockServer::start();
    let wires = defect::wires(&world);
    let latest: Latest = Arc::default();
    server.mock(|when, then| {
        if wires.contains(&Wire::SharedPaging) {
            let latest = Arc::clone(&latest);
            // A matcher sees each request before any answer waits.
            when.is_true(move |request| {
                let call = take(request);
                let mut latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
                latest.insert((call.method.clone(), call.path.clone()), call);
                true
            });
        } else {
            when.any_request();
        }
        let then = if wires.contains(&Wire::SharedPaging) {
            then.delay(PAUSE)
        } else {
            then
        };
        then.respond_with(move |request| {
            let mut call = take(request);
            if wires.contains(&Wire::SharedPaging) {
                let latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(other) = latest.get(&(call.method.clone(), call.path.clone())) {
                    share(&world, &mut call, other);
                }
            }
            let answer = handle(&world, call);
            give(answer, wires.contains(&Wire::CutBody))
        });
    });
    server
}

fn take(request: &HttpMockRequest) -> Call {
    let target = request.uri_str();
    // httpmock gives the absolute form.
    let target = target
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').and_then(|start| rest.get(start..)))
        .unwrap_or(target);
    let mut headers = request.headers_vec().clone();
    let mut body = request.body_vec();
    // A body in a coding that is not known is refused for what it holds.
    let coding = "content-encoding";
    let coded = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(coding))
        .and_then(|(_, value)| traffic::decoded(body.clone(), value).ok());
    if let Some(plain) = coded {
        body = plain;
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case(coding));
    }
    Call::new(request.method_str(), target, headers, body)
}

fn give(answer: ServerResponse, cut: bool) -> HttpMockResponse {
    let success = (200..300).contains(&answer.status);
    let mut response = HttpMockResponse::builder().status(answer.status);
    if let Some(media) = &answer.media {
        response = response.header("Content-Type", media.clone());
    }
    for (name, value) in answer.headers {
        // A value that a header cannot hold would make httpmock answer 500 in our name.
        let value: String = value
            .chars()
            .filter(|letter| (' '..='~').contains(letter))
            .collect();
        response = response.header(name, value);
    }
    let mut body = answer.body.into_bytes();
    if cut && success {
        body.truncate(body.len().saturating_sub(1));
    }
    response.body(body).build()
}

/// Gives a call the paging of another one to the same list.
fn share(world: &World, call: &mut Call, other: &Call) {
    let Some(route) = world.contract.route(&call.method, &call.path) else {
        return;
    };
    let Some(profile) = &route.operation.pagination else {
        return;
    };
    let position = match &profile.style {
        PaginationStyle::Page { number, .. } => Some(number),
        PaginationStyle::Offset { offset, .. } => Some(offset),
        PaginationStyle::Cursor { cursor, .. } => Some(cursor),
        PaginationStyle::Link { .. } => None,
    };
    for place in position.into_iter().chain(&profile.size) {
        match place {
            Expression::RequestQuery(name) => {
                call.query.retain(|(own, _)| own != name);
                call.query
                    .extend(other.query.iter().filter(|(own, _)| own == name).cloned());
            }
            Expression::RequestBody(pointer) => {
                let (Ok(mut own), Ok(other)) = (
                    serde_json::from_slice::<serde_json::Value>(&call.body),
                    serde_json::from_slice::<serde_json::Value>(&other.body),
                ) else {
                    continue;
                };
                match other.pointer(pointer.as_str()) {
                    Some(value) => super::value::put(&mut own, pointer, value.clone()),
                    None => {
                        super::value::take(&mut own, pointer);
                    }
                }
                call.body = own.to_string().into_bytes();
            }
            _ => {}
        }
    }
}

/// A listener at a fixed address that hands every connection on to the mock server, which
/// chooses its own port. Dropped, it stops taking connections.
#[derive(Debug)]
pub(super) struct PortForward {
    address: SocketAddr,
    closed: Arc<AtomicBool>,
}

impl PortForward {
    /// Opens the door.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened at.
    pub(super) fn open(listen: SocketAddr, inner: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        let address = listener.local_addr()?;
        let closed = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&closed);
        std::thread::spawn(move || {
            for outside in listener.incoming() {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                if let Ok(outside) = outside {
                    std::thread::spawn(move || pass(outside, inner));
                }
            }
        });
        Ok(Self { address, closed })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for PortForward {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        // The listener looks at the flag when somebody knocks.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(100));
    }
}

/// Copies both ways until both sides are done.
fn pass(outside: TcpStream, inner: SocketAddr) {
    let Ok(inside) = TcpStream::connect(inner) else {
        return;
    };
    let (Ok(outside_read), Ok(inside_read)) = (outside.try_clone(), inside.try_clone()) else {
        return;
    };
    let copy = |mut from: TcpStream, mut to: TcpStream| {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    };
    let back = std::thread::spawn(move || copy(inside_read, outside));
    copy(outside_read, inside);
    let _ = back.join();
}
