//! A small server with a list in every style: right, or wrong in one way.

use base64::Engine as _;
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What is wrong with a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Nothing,
    // How much comes, and which.
    OffByOne,
    RepeatsPage,
    DropsLast,
    OneTooMany,
    ShortFirst,
    ShortPage,
    SilentCap,
    ResultWindow,
    NullItems,
    OrderBySize,
    UnstableOrder,
    SharedState,
    ZeroBased,
    PastTheEndRepeats,
    PastTheEndFails,
    RoundsOffset,
    // What is said of it.
    TotalOfPage,
    TotalUnfiltered,
    PageEcho,
    SizeEcho,
    OffsetEcho,
    // What may be asked for.
    FilterAfterPaging,
    FilterIgnored,
    FilterKeepsCase,
    SortWithinPage,
    SortIgnored,
    ReverseIgnored,
    UnstableTies,
    DefaultOrder,
    DefaultSize,
    CountsDropItems,
    NegativeWraps,
    GarbageFails,
    NoMinimum,
    RefusalBody,
    // The way onward.
    NextIsPage,
    NextStuck,
    NextWhenFull,
    NextTruthy,
    MoreWrong,
    EmptyPage,
    Endless,
    CursorConsumed,
    BadCursorIsFirst,
    BadCursorFails,
    CursorMixes,
    PreviousWrong,
    LinkLosesQuery,
    LinkOtherOrigin,
    FirstLinkWrong,
    // Items.
    ReadDiffers,
    OtherListLacks,
    DeletedStays,
    CreatedTwice,
    CursorIsOffset,
    // What is no fault of the server's.
    DataMoves,
}

/// An answer: status, headers, body.
type Answer = (u16, Vec<(&'static str, String)>, Value);

pub(crate) struct App {
    fault: Fault,
    items: Mutex<Vec<Value>>,
    requests: AtomicUsize,
    used: Mutex<HashMap<String, usize>>,
    shared: Mutex<HashMap<String, String>>,
}

impl App {
    pub(crate) fn new(count: usize, fault: Fault) -> Arc<Self> {
        let items = (0..count).rev().map(item).collect();
        Arc::new(Self {
            fault,
            items: Mutex::new(items),
            requests: AtomicUsize::new(0),
            used: Mutex::default(),
            shared: Mutex::default(),
        })
    }

    pub(crate) fn serve(self: &Arc<Self>) -> MockServer {
        let server = MockServer::start();
        server.mock(|when, then| {
            let app = Arc::clone(self);
            when.is_true(move |request: &HttpMockRequest| {
                if app.is(Fault::SharedState) {
                    *app.shared.lock().unwrap() = query(request);
                }
                true
            });
            let app = Arc::clone(self);
            let then = match self.fault {
                Fault::SharedState => then.delay(Duration::from_millis(4)),
                _ => then,
            };
            then.respond_with(move |request| {
                let (status, headers, body) = app.answer(request);
                let mut response = HttpMockResponse::builder()
                    .status(status)
                    .header("Content-Type", "application/json");
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                response.body(body.to_string()).build()
            });
        });
        server
    }

    fn is(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn answer(&self, request: &HttpMockRequest) -> Answer {
        let count = self.requests.fetch_add(1, Ordering::SeqCst);
        let path = request.uri().path().to_owned();
        if let Some(id) = path.strip_prefix("/items/") {
            return self.one(request.method_str(), id);
        }
        let mut asked = query(request);
        match path.as_str() {
            "/items" => return self.create(),
            "/search" => {
                let body: Map<String, Value> = serde_json::from_slice(request.body_ref()).unwrap();
                asked.extend(body.into_iter().map(|(name, value)| match value {
                    Value::String(text) => (name, text),
                    other => (name, other.to_string()),
                }));
            }
            _ if self.is(Fault::SharedState) => asked = self.shared.lock().unwrap().clone(),
            _ => {}
        }
        if self.is(Fault::DataMoves) && count.is_multiple_of(3) {
            let mut items = self.items.lock().unwrap();
            let id = items.len();
            items.insert(0, item(id));
        }
        self.list(&path, &asked, count)
            .unwrap_or_else(|error| match self.fault {
                Fault::GarbageFails => (500, Vec::new(), json!({ "error": error })),
                Fault::RefusalBody => (400, Vec::new(), json!({ "fault": error })),
                _ => (400, Vec::new(), json!({ "error": error })),
            })
    }

    fn one(&self, method: &str, id: &str) -> Answer {
        let mut items = self.items.lock().unwrap();
        let Some(index) = items.iter().position(|item| item["id"] == id) else {
            return (404, Vec::new(), json!({"error": "gone"}));
        };
        if method == "DELETE" {
            if !self.is(Fault::DeletedStays) {
                items.remove(index);
            }
            return (204, Vec::new(), Value::Null);
        }
        let mut item = items[index].clone();
        if self.is(Fault::ReadDiffers) {
            item["name"] = json!("another");
        }
        (200, Vec::new(), item)
    }

    fn create(&self) -> Answer {
        let mut items = self.items.lock().unwrap();
        let next = items
            .iter()
            .filter_map(|item| item["id"].as_str()?.strip_prefix("item-")?.parse().ok())
            .max()
            .map_or(0, |last: usize| last + 1);
        let made = item(next);
        items.insert(0, made.clone());
        if self.is(Fault::CreatedTwice) {
            items.insert(0, made.clone());
        }
        (201, Vec::new(), made)
    }

    /// The list, whatever the style.
    fn list(
        &self,
        path: &str,
        asked: &HashMap<String, String>,
        request: usize,
    ) -> Result<Answer, String> {
        let default = if self.is(Fault::DefaultSize) { 25 } else { 10 };
        let least = if self.is(Fault::NoMinimum) {
            i64::MIN
        } else {
            1
        };
        let asked_size = number(asked, "size", default, least)?;
        let mut size = asked_size.max(0) as usize;
        if self.is(Fault::SilentCap) {
            size = size.min(20);
        }
        let name = asked.get("name").cloned().unwrap_or_default();
        let sort = asked.get("sort").cloned().unwrap_or_default();
        let all = self.items.lock().unwrap().clone();
        let matches = |item: &Value| {
            let own = item["name"].as_str().unwrap();
            self.is(Fault::FilterIgnored)
                || own.contains(&name)
                || !self.is(Fault::FilterKeepsCase)
                    && own.to_lowercase().contains(&name.to_lowercase())
        };
        let mut list: Vec<Value> = if self.is(Fault::FilterAfterPaging) {
            all.clone()
        } else {
            all.iter().filter(|item| matches(item)).cloned().collect()
        };
        if !self.is(Fault::SortWithinPage) {
            self.sort(&mut list, &sort, request);
        }
        if self.is(Fault::DefaultOrder) && sort.is_empty() {
            list.reverse();
        }
        if self.is(Fault::OrderBySize) && asked_size > 50 {
            list.reverse();
        }
        if self.is(Fault::OtherListLacks) && path == "/offsets" {
            list.pop();
        }
        if self.is(Fault::CountsDropItems) && asked.contains_key("counts") {
            list.retain(|item| item["rank"] != 3);
        }
        let total = if self.is(Fault::TotalUnfiltered) {
            all.len()
        } else {
            list.len()
        };
        let bound = format!("{name}|{sort}");
        let (start, position) = match path {
            "/pages" => {
                let least = match self.fault {
                    Fault::NegativeWraps | Fault::NoMinimum => i64::MIN,
                    Fault::ZeroBased => 0,
                    _ => 1,
                };
                let page = number(asked, "page", 1, least)?;
                let first = i64::from(!self.is(Fault::ZeroBased));
                (page.saturating_sub(first).saturating_mul(size as i64), page)
            }
            "/offsets" | "/search" => {
                let least = match self.fault {
                    Fault::NegativeWraps | Fault::NoMinimum => i64::MIN,
                    _ => 0,
                };
                let offset = number(asked, "offset", 0, least)?;
                (offset, offset)
            }
            _ => {
                let start = match asked.get("cursor") {
                    None => 0,
                    Some(token) => match self.begin(token, &list, &bound, size) {
                        Ok(start) => start,
                        Err(error) if self.is(Fault::BadCursorFails) => {
                            return Ok((500, Vec::new(), json!({ "error": error })));
                        }
                        Err(_) if self.is(Fault::BadCursorIsFirst) => 0,
                        Err(error) => return Err(error),
                    },
                };
                (start as i64, 0)
            }
        };
        if self.is(Fault::ResultWindow) && start + size as i64 > 40 && size < 40 {
            return Err("the result window is 40".to_owned());
        }
        let begin = self.bent(start, size, list.len(), position);
        let end = begin.saturating_add(size).min(list.len());
        let mut page: Vec<Value> = list.get(begin.min(end)..end).unwrap_or_default().to_vec();
        if self.is(Fault::PastTheEndFails) && begin > list.len() {
            return Ok((500, Vec::new(), json!({"error": "beyond"})));
        }
        match self.fault {
            Fault::OneTooMany => page.extend(list.get(end).cloned()),
            Fault::DropsLast if end == list.len() && page.len() < size => drop(page.pop()),
            Fault::ShortFirst if begin == 0 && size < list.len() => drop(page.pop()),
            Fault::ShortPage if begin == size && end < list.len() => drop(page.pop()),
            Fault::EmptyPage if begin == size && end < list.len() => page.clear(),
            Fault::SortWithinPage => self.sort(&mut page, &sort, request),
            Fault::FilterAfterPaging => page.retain(|item| matches(item)),
            Fault::UnstableOrder if request % 2 == 1 && page.len() > 1 => page.swap(0, 1),
            _ => {}
        }
        let more = end < list.len();
        let mut body = json!({ "items": page });
        if self.is(Fault::NullItems) && page.is_empty() {
            body["items"] = Value::Null;
        }
        let mut headers = Vec::new();
        match path {
            "/pages" => {
                body["total"] = json!(if self.is(Fault::TotalOfPage) {
                    page.len()
                } else {
                    total
                });
                body["page"] = json!(if self.is(Fault::PageEcho) {
                    1
                } else {
                    position
                });
                let echo = if self.is(Fault::SizeEcho) {
                    total as i64
                } else {
                    asked_size
                };
                body["size"] = json!(echo);
            }
            "/offsets" | "/search" => {
                body["offset"] = json!(if self.is(Fault::OffsetEcho) { 0 } else { start });
                body["size"] = json!(asked_size);
                body["more"] = json!(more != self.is(Fault::MoreWrong));
                let next = match self.fault {
                    Fault::NextIsPage => start + size as i64 + 1,
                    Fault::NextStuck if begin > 0 => start,
                    Fault::ShortFirst | Fault::ShortPage => start + page.len() as i64,
                    _ => end as i64,
                };
                let full = self.is(Fault::NextWhenFull) && page.len() == size;
                body["next"] = if more || full {
                    json!(next)
                } else {
                    Value::Null
                };
            }
            _ => {
                let token = |kind: &str, id: &Value| {
                    let text = match self.fault {
                        Fault::CursorIsOffset => format!("{end}"),
                        Fault::CursorMixes => format!("mix:{end}"),
                        _ => format!("{kind}:{}:{bound}", id.as_str().unwrap()),
                    };
                    base64::engine::general_purpose::STANDARD.encode(text)
                };
                let last = page.last().map(|item| token("after", &item["id"]));
                let mut next = last.filter(|_| {
                    more || self.is(Fault::Endless)
                        || self.is(Fault::NextWhenFull) && page.len() == size
                });
                if self.is(Fault::Endless) && !more {
                    next = asked.get("cursor").cloned().or(next);
                }
                if self.is(Fault::NextTruthy) {
                    // The index of the last item, and 0 is taken for nothing.
                    next = next.filter(|_| end > 1).map(|_| format!("{}", end - 1));
                }
                let previous = page
                    .first()
                    .filter(|_| begin > 0 && begin >= size)
                    .map(|item| {
                        let kind = if self.is(Fault::PreviousWrong) {
                            "after"
                        } else {
                            "before"
                        };
                        token(kind, &item["id"])
                    });
                if path == "/links" {
                    let header = self.links(asked, next, previous);
                    headers.push(("Link", header));
                } else {
                    body["next"] = json!(next);
                    body["previous"] = json!(previous);
                }
            }
        }
        Ok((200, headers, body))
    }

    /// Where a page begins, and where a wrong server begins it.
    fn bent(&self, start: i64, size: usize, count: usize, position: i64) -> usize {
        let size = size as i64;
        let count = count as i64;
        let start = match self.fault {
            Fault::OffByOne if start > 0 => start - 1,
            Fault::RepeatsPage if position == 3 => start - size,
            Fault::RoundsOffset => start / size * size,
            Fault::PastTheEndRepeats if start >= count && count > 0 => (count - 1) / size * size,
            Fault::NegativeWraps if start < 0 => (count + start).max(0),
            _ => start.max(0),
        };
        start as usize
    }

    /// Where a cursor begins.
    fn begin(
        &self,
        token: &str,
        list: &[Value],
        bound: &str,
        size: usize,
    ) -> Result<usize, String> {
        let wrong = || format!("{token} is no cursor");
        if self.is(Fault::NextTruthy) {
            return token
                .parse()
                .map(|last: usize| last + 1)
                .map_err(|_| wrong());
        }
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(token)
            .map_err(|_| wrong())?;
        let text = String::from_utf8(bytes).map_err(|_| wrong())?;
        if self.is(Fault::CursorIsOffset) {
            return text.parse().map_err(|_| wrong());
        }
        if let Some(start) = text.strip_prefix("mix:") {
            return start.parse().map_err(|_| wrong());
        }
        let mut parts = text.splitn(3, ':');
        let (Some(kind), Some(id), Some(own)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong());
        };
        if own != bound {
            return Err("the cursor is another list's".to_owned());
        }
        // An item that is gone has left its place: ids run downwards.
        let at = list
            .iter()
            .position(|item| item["id"] == id)
            .or_else(|| list.iter().position(|item| item["id"].as_str() < Some(id)))
            .unwrap_or(list.len());
        let here = list.get(at).is_some_and(|item| item["id"] == id);
        let mut start = match kind {
            "after" => at + usize::from(here),
            "before" => at.saturating_sub(size),
            _ => return Err(wrong()),
        };
        if self.is(Fault::CursorConsumed) {
            let mut used = self.used.lock().unwrap();
            let times = used.entry(token.to_owned()).or_default();
            *times += 1;
            // The walks of one size use a cursor once, and the replay is the second time.
            start += size * (*times - 1);
        }
        Ok(start)
    }

    fn links(
        &self,
        asked: &HashMap<String, String>,
        next: Option<String>,
        previous: Option<String>,
    ) -> String {
        let target = |cursor: Option<&str>| {
            let mut target = url::Url::parse("http://elsewhere/links").unwrap();
            for (name, value) in asked {
                let lost = self.is(Fault::LinkLosesQuery) && name == "name";
                if name != "cursor" && !lost {
                    target.query_pairs_mut().append_pair(name, value);
                }
            }
            if let Some(cursor) = cursor {
                target.query_pairs_mut().append_pair("cursor", cursor);
            }
            match self.fault {
                Fault::LinkOtherOrigin => target.to_string(),
                // Relative, as RFC 8288 allows.
                _ => format!("/links?{}", target.query().unwrap_or_default()),
            }
        };
        let first = match self.fault {
            Fault::FirstLinkWrong => asked.get("cursor").map(String::as_str),
            _ => None,
        };
        let mut links = vec![format!("<{}>; rel=\"first\"", target(first))];
        links.extend(
            next.map(|next| format!("<{}>; title=\"a, b\"; rel=next", target(Some(&next)))),
        );
        links.extend(previous.map(|back| format!("<{}>; rel=\"prev\"", target(Some(&back)))));
        links.join(", ")
    }

    fn sort(&self, list: &mut [Value], sort: &str, request: usize) {
        if self.is(Fault::SortIgnored) {
            return;
        }
        let (field, down) = match sort.strip_prefix('-') {
            Some(field) => (field, !self.is(Fault::ReverseIgnored)),
            None => (sort, false),
        };
        if field.is_empty() {
            return;
        }
        if self.is(Fault::UnstableTies) && request % 2 == 1 {
            list.reverse();
        }
        list.sort_by(|left, right| {
            let ordering = match (&left[field], &right[field]) {
                (Value::Number(left), Value::Number(right)) => left.as_i64().cmp(&right.as_i64()),
                (left, right) => left.as_str().cmp(&right.as_str()),
            };
            if down { ordering.reverse() } else { ordering }
        });
    }
}

fn item(number: usize) -> Value {
    let kind = ["qa", "dev", "ops"][number % 3];
    let rank = number % 5;
    json!({
        "id": format!("item-{number:05}"),
        "name": format!("{kind} run {}", number * 7919 % 1009),
        "rank": rank,
    })
}

fn query(request: &HttpMockRequest) -> HashMap<String, String> {
    request.query_params().into_iter().collect()
}

fn number(
    asked: &HashMap<String, String>,
    name: &str,
    default: i64,
    least: i64,
) -> Result<i64, String> {
    let Some(text) = asked.get(name) else {
        return Ok(default);
    };
    match text.parse() {
        Ok(value) if value >= least => Ok(value),
        _ => Err(format!("{name} must be a number from {least}")),
    }
}
