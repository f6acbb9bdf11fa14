//! Request bodies.

use super::encode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};

/// A body with its media type. `Debug` shows no contents, which may hold secrets.
#[derive(Clone, Default)]
pub(super) enum Body {
    /// None.
    #[default]
    None,
    /// JSON, in which paging can set a place.
    Json(&'static str, Vec<u8>),
    /// Anything else.
    Ready(String, Vec<u8>),
}

impl fmt::Debug for Body {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => out.write_str("None"),
            Self::Json(media_type, bytes) => write!(out, "{media_type}, {} bytes", bytes.len()),
            Self::Ready(media_type, bytes) => write!(out, "{media_type}, {} bytes", bytes.len()),
        }
    }
}

impl Body {
    /// The media type and the bytes.
    pub(super) fn bytes(&self) -> Option<(&str, Vec<u8>)> {
        match self {
            Self::None => None,
            Self::Json(media_type, bytes) => Some((media_type, bytes.clone())),
            Self::Ready(media_type, bytes) => Some((media_type, bytes.clone())),
        }
    }

    /// The value of JSON; null of anything else.
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Json(_, bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
            Self::None | Self::Ready(..) => Value::Null,
        }
    }

    pub(super) fn form(value: &Value) -> Self {
        Self::Ready(
            "application/x-www-form-urlencoded".to_owned(),
            encode::form(value).into_bytes(),
        )
    }

    /// `multipart/form-data` (RFC 7578): a part for each member, and for each element of a
    /// member that is an array; members that are no text or number are JSON.
    pub(super) fn multipart<T: Serialize>(body: &T) -> Result<Self, serde_json::Error> {
        let (value, uploads) = capture(body)?;
        let boundary = boundary(&uploads);
        let mut bytes = Vec::new();
        if let Value::Object(members) = &value {
            for (name, member) in members {
                match member {
                    Value::Array(elements) => {
                        for element in elements {
                            part(&mut bytes, &boundary, name, element, &uploads);
                        }
                    }
                    member => part(&mut bytes, &boundary, name, member, &uploads),
                }
            }
        }
        bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok(Self::Ready(
            format!("multipart/form-data; boundary={boundary}"),
            bytes,
        ))
    }
}

fn part(bytes: &mut Vec<u8>, boundary: &str, name: &str, value: &Value, uploads: &[Upload]) {
    let upload = value
        .get(UPLOAD)
        .and_then(Value::as_u64)
        .and_then(|index| uploads.get(usize::try_from(index).ok()?));
    let mut head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
        quoted(name)
    );
    let text;
    let content: &[u8] = match upload {
        Some(upload) => {
            head.push_str(&format!("; filename=\"{}\"", quoted(&upload.name)));
            head.push_str(&format!("\r\nContent-Type: {}", upload.media_type()));
            &upload.bytes
        }
        None => {
            if value.is_object() {
                head.push_str("\r\nContent-Type: application/json");
            }
            let Some(scalar) = encode::scalar(value) else {
                return;
            };
            text = scalar;
            text.as_bytes()
        }
    };
    head.push_str("\r\n\r\n");
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(content);
    bytes.extend_from_slice(b"\r\n");
}

/// A name within quotes, as browsers write it (WHATWG HTML, multipart form data).
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A line that stands in none of the files.
fn boundary(uploads: &[Upload]) -> String {
    loop {
        let random = RandomState::new().build_hasher().finish();
        let boundary = format!("plumbline-{random:016x}");
        let taken = uploads.iter().any(|upload| {
            upload
                .bytes
                .windows(boundary.len())
                .any(|window| window == boundary.as_bytes())
        });
        if !taken {
            return boundary;
        }
    }
}

/// A file of a multipart body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Upload {
    /// Its name, without a directory.
    pub name: String,
    /// Its media type; `application/octet-stream` when not said.
    pub media_type: Option<String>,
    /// Its contents.
    pub bytes: Vec<u8>,
}

impl Upload {
    /// A file of this name with these contents.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            media_type: None,
            bytes: bytes.into(),
        }
    }

    /// Says what the file is.
    #[must_use]
    pub fn with_media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// The media type; what would break the part's head is not sent.
    fn media_type(&self) -> &str {
        self.media_type
            .as_deref()
            .filter(|text| !text.contains(char::is_control))
            .unwrap_or("application/octet-stream")
    }
}

impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new("file", bytes)
    }
}

/// The member that stands for a file while a multipart body is written.
const UPLOAD: &str = "\0upload";

thread_local! {
    /// The files met while a multipart body is written: a value of JSON would hold them as text.
    static UPLOADS: RefCell<Option<Vec<Upload>>> = const { RefCell::new(None) };
}

/// Turns a body into a value and collects its files.
fn capture<T: Serialize>(body: &T) -> Result<(Value, Vec<Upload>), serde_json::Error> {
    UPLOADS.set(Some(Vec::new()));
    let value = serde_json::to_value(body);
    let uploads = UPLOADS.take().unwrap_or_default();
    Ok((value?, uploads))
}

impl Serialize for Upload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let index = UPLOADS.with_borrow_mut(|uploads| {
            uploads.as_mut().map(|uploads| {
                uploads.push(self.clone());
                uploads.len() - 1
            })
        });
        match index {
            Some(index) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(UPLOAD, &index)?;
                map.end()
            }
            None => serializer.serialize_str(&STANDARD.encode(&self.bytes)),
        }
    }
}

impl<'de> Deserialize<'de> for Upload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => STANDARD.decode(text).map(Self::from).ok(),
            Value::Object(file) => {
                let text = |key: &str| file.get(key).and_then(Value::as_str).map(str::to_owned);
                text("bytes")
                    .and_then(|bytes| STANDARD.decode(bytes).ok())
                    .map(|bytes| Self {
                        name: text("name").unwrap_or_else(|| "file".to_owned()),
                        media_type: text("media_type"),
                        bytes,
                    })
            }
            _ => None,
        }
        .ok_or_else(|| de::Error::custom("expected base64 text or a file's name and bytes"))
    }
}
