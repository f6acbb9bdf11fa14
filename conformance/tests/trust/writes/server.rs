//! A server that keeps items in collections, and a log of every request that it got.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) body: String,
}

#[derive(Default)]
struct World {
    /// Items by the collection's path.
    collections: BTreeMap<String, BTreeMap<i64, Value>>,
    /// Collections that refuse creations.
    closed: Vec<String>,
    /// The status of creations that answer with the first item that is there.
    gets: Option<u16>,
    /// The status of creations that do not say what they have made.
    hides: Option<u16>,
    habit: Option<Habit>,
    log: Vec<Seen>,
    made: i64,
}

/// What a server does otherwise than others.
#[derive(Clone, Copy, Debug)]
pub(super) enum Habit {
    /// A creation is answered with this Location alone; `{}` in it stands for the id.
    Locates(&'static str),
    /// A creation is answered with this body.
    Answers(&'static str),
    /// A deletion deletes nothing, and says that it does.
    Keeps,
    /// A PATCH makes what is not there.
    Makes,
}

/// Items 1 to 3 of each collection are somebody's; what is created begins at 1001.
#[derive(Clone)]
pub(super) struct Server {
    world: Arc<Mutex<World>>,
    port: u16,
}

impl Server {
    pub(super) fn open(collections: &[&str], closed: &[&str]) -> Self {
        let items = || {
            (1..=3)
                .map(|id| (id, json!({"id": id, "title": "mine"})))
                .collect()
        };
        let world = World {
            collections: collections
                .iter()
                .map(|path| ((*path).to_owned(), items()))
                .collect(),
            closed: closed.iter().map(|path| (*path).to_owned()).collect(),
            made: 1000,
            ..World::default()
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let world = Arc::new(Mutex::new(world));
        let shared = Arc::clone(&world);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let world = Arc::clone(&shared);
                std::thread::spawn(move || talk(&stream, &world));
            }
        });
        Self { world, port }
    }

    /// The same, whose creations get the first item that is there, with a status of their own.
    pub(super) fn getting(collections: &[&str], status: u16) -> Self {
        let server = Self::open(collections, &[]);
        server.world.lock().unwrap().gets = Some(status);
        server
    }

    /// The same, which creates, and answers so without saying what.
    pub(super) fn hiding(collections: &[&str], status: u16) -> Self {
        let server = Self::open(collections, &[]);
        server.world.lock().unwrap().hides = Some(status);
        server
    }

    /// The same, with a habit.
    pub(super) fn with(collections: &[&str], habit: Habit) -> Self {
        let server = Self::open(collections, &[]);
        server.world.lock().unwrap().habit = Some(habit);
        server
    }

    /// The items of a collection.
    pub(super) fn items(&self, collection: &str) -> Vec<Value> {
        let world = self.world.lock().unwrap();
        world.collections[collection].values().cloned().collect()
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn log(&self) -> Vec<Seen> {
        self.world.lock().unwrap().log.clone()
    }

    /// Each method and path that came, once, in order, digits as `#`.
    pub(super) fn routes(&self) -> Vec<String> {
        let mut routes: Vec<String> = self
            .log()
            .iter()
            .map(|seen| {
                let path = seen.path.split('?').next().unwrap();
                let segments: Vec<&str> = path
                    .split('/')
                    .map(|one| {
                        if one.parse::<i128>().is_ok() {
                            "#"
                        } else {
                            one
                        }
                    })
                    .collect();
                format!("{} {}", seen.method, segments.join("/"))
            })
            .collect();
        routes.sort();
        routes.dedup();
        routes
    }

    pub(super) fn writes(&self) -> Vec<String> {
        let mut routes = self.routes();
        routes.retain(|route| !route.starts_with("GET"));
        routes
    }

    /// The ids of a collection's items.
    pub(super) fn ids(&self, collection: &str) -> Vec<i64> {
        let world = self.world.lock().unwrap();
        world.collections[collection].keys().copied().collect()
    }

    /// The ids that PUT, PATCH and DELETE named, once each, below a path.
    pub(super) fn touched(&self, collection: &str) -> Vec<String> {
        let mut ids: Vec<String> = self
            .log()
            .iter()
            .filter(|seen| matches!(seen.method.as_str(), "PUT" | "PATCH" | "DELETE"))
            .filter_map(|seen| {
                Some(
                    seen.path
                        .strip_prefix(collection)?
                        .strip_prefix('/')?
                        .to_owned(),
                )
            })
            .collect();
        ids.sort();
        ids.dedup();
        ids
    }
}

fn talk(stream: &TcpStream, world: &Mutex<World>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        if reader.read_line(&mut head).unwrap_or_default() == 0 {
            return;
        }
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or_default() < 3 {
                break;
            }
            let line = line.to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let mut words = head.split(' ');
        let seen = Seen {
            method: words.next().unwrap().to_owned(),
            path: words.next().unwrap().to_owned(),
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        let (status, answer, location) = {
            let mut world = world.lock().unwrap();
            let (status, answer) = answer(&mut world, &seen);
            let location = match world.habit {
                Some(Habit::Locates(location)) if status == 201 => {
                    let location = location.replace("{}", &world.made.to_string());
                    format!("location: {location}\r\n")
                }
                _ => String::new(),
            };
            world.log.push(seen);
            (status, answer, location)
        };
        let answer = answer.map_or_else(String::new, |answer| answer.to_string());
        let written = write!(
            &mut &*stream,
            "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{location}\r\n{answer}",
            answer.len()
        );
        if written.is_err() {
            return;
        }
    }
}

fn answer(world: &mut World, seen: &Seen) -> (u16, Option<Value>) {
    let path = seen.path.split('?').next().unwrap();
    let body: Option<Value> = serde_json::from_str(&seen.body).ok();
    let titled = body.as_ref().is_some_and(|body| body["title"].is_string());
    if world.collections.contains_key(path) {
        let closed = world.closed.iter().any(|own| own == path);
        let (made, habit) = (world.made + 1, world.habit);
        let items = world.collections.get_mut(path).unwrap();
        return match seen.method.as_str() {
            "GET" => (200, Some(items.values().cloned().collect())),
            "POST" if !titled || closed => (400, Some(json!({}))),
            "POST" if world.gets.is_some() => (world.gets.unwrap(), items.values().next().cloned()),
            "POST" if world.hides.is_some() => {
                world.made = made;
                items.insert(made, json!({"id": made, "title": body.unwrap()["title"]}));
                (world.hides.unwrap(), None)
            }
            "POST" => {
                world.made = made;
                let item = json!({"id": made, "title": body.unwrap()["title"]});
                items.insert(made, item.clone());
                match habit {
                    Some(Habit::Locates(_)) => (201, None),
                    Some(Habit::Answers(body)) => (201, serde_json::from_str(body).ok()),
                    _ => (201, Some(item)),
                }
            }
            _ => {
                items.clear();
                (204, None)
            }
        };
    }
    let habit = world.habit;
    let item = path.rsplit_once('/').and_then(|(list, id)| {
        let items = world.collections.get_mut(list)?;
        Some((items, id.parse::<i64>().ok()))
    });
    match item.filter(|_| seen.method != "POST") {
        Some((_, None)) => (400, Some(json!({}))),
        Some((items, Some(id))) if items.contains_key(&id) => match seen.method.as_str() {
            "GET" => (200, Some(items[&id].clone())),
            "DELETE" if matches!(habit, Some(Habit::Keeps)) => (204, None),
            "DELETE" => {
                items.remove(&id);
                (204, None)
            }
            _ if !titled => (400, Some(json!({}))),
            _ => {
                items.get_mut(&id).unwrap()["title"] = body.unwrap()["title"].clone();
                (200, Some(items[&id].clone()))
            }
        },
        Some((items, Some(id)))
            if titled && seen.method == "PATCH" && matches!(habit, Some(Habit::Makes)) =>
        {
            items.insert(id, json!({"id": id, "title": body.unwrap()["title"]}));
            (200, Some(items[&id].clone()))
        }
        Some(_) => (404, Some(json!({}))),
        None => {
            // What takes ids deletes those; anything else acts on nothing that is kept here.
            for id in body
                .iter()
                .flat_map(|body| body["ids"].as_array())
                .flatten()
            {
                for items in world.collections.values_mut() {
                    id.as_i64().map(|id| items.remove(&id));
                }
            }
            (200, Some(json!({})))
        }
    }
}
