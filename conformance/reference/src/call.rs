//! A request as the server takes it, and an answer before it goes over the wire.

use plumbline_conformance::Request;
use plumbline_specs::api::Framing;
use serde_json::Value;

/// A request as it came, below the base path.
#[derive(Clone, Debug, Default)]
pub(super) struct Call {
    /// In upper case.
    pub(super) method: String,
    /// What stood before the document's paths, for example `/api`.
    pub(super) prefix: String,
    /// Percent-encoded, without the prefix.
    pub(super) path: String,
    /// Percent-encoded names and values, in order.
    pub(super) query: Vec<(String, String)>,
    /// Names as they came.
    pub(super) headers: Vec<(String, String)>,
    /// The body, empty when there is none.
    pub(super) body: Vec<u8>,
}

impl Call {
    /// Splits a request target into path and query.
    pub(super) fn new(
        method: &str,
        target: &str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Self {
        let target = target.split('#').next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (name.to_owned(), value.to_owned())
            })
            .collect();
        Self {
            method: method.to_ascii_uppercase(),
            prefix: String::new(),
            path: path.to_owned(),
            query,
            headers,
            body,
        }
    }

    /// The first value of a query parameter, decoded.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        self.query
            .iter()
            .find(|(own, _)| decode(own) == name)
            .map(|(_, value)| decode(value))
    }

    /// The first value of a header, its name compared without case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The scheme and host that the client used.
    pub(super) fn origin(&self) -> String {
        format!("http://{}", self.header("host").unwrap_or("localhost"))
    }

    /// The same request in the form that the contract judges.
    pub(super) fn request(&self, operation: &str) -> Request {
        Request {
            body: (!self.body.is_empty() || self.header("content-type").is_some())
                .then(|| self.body.clone()),
            ..self.head(operation)
        }
    }

    /// The same without its body.
    pub(super) fn head(&self, operation: &str) -> Request {
        Request {
            operation: operation.to_owned(),
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            ..Request::default()
        }
    }
}

/// Undoes percent-encoding, and `+` for a space, as forms and browsers write it.
pub(super) fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

/// Percent-encodes a value for a query or one path segment.
pub(super) fn encode(text: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    percent_encoding::utf8_percent_encode(text, KEPT).to_string()
}

/// An answer whose body is still structured, so that it can be shaped.
#[derive(Clone, Debug, Default)]
pub(super) struct ServerResponse {
    /// The status code.
    pub(super) status: u16,
    /// Besides `Content-Type`.
    pub(super) headers: Vec<(String, String)>,
    /// `Content-Type`, when there is a body.
    pub(super) media: Option<String>,
    /// The body.
    pub(super) body: Body,
}

/// A body before it is written.
#[derive(Clone, Debug, Default)]
pub(super) enum Body {
    /// None.
    #[default]
    Empty,
    /// One JSON text.
    Json(Value),
    /// Text or anything else, as it is.
    Bytes(Vec<u8>),
    /// A sequence of JSON texts.
    Records {
        /// The records.
        records: Vec<Value>,
        /// How they are told apart.
        framing: Framing,
        /// What ends each.
        delimiter: String,
    },
}

impl ServerResponse {
    /// An answer without a body.
    pub(super) fn empty(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// An answer with a JSON body.
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            media: Some("application/json".to_owned()),
            body: Body::Json(body),
        }
    }

    /// The JSON body, to be changed.
    pub(super) fn value_mut(&mut self) -> Option<&mut Value> {
        match &mut self.body {
            Body::Json(value) => Some(value),
            _ => None,
        }
    }
}

impl Body {
    /// The bytes that go over the wire.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Empty => Vec::new(),
            Self::Json(value) => value.to_string().into_bytes(),
            Self::Bytes(bytes) => bytes,
            Self::Records {
                records,
                framing,
                delimiter,
            } => {
                let mut text = String::new();
                for record in records {
                    match framing {
                        Framing::JsonLines => text.push_str(&record.to_string()),
                        Framing::ServerSentEvents => {
                            text.push_str("data: ");
                            text.push_str(&record.to_string());
                            text.push('\n');
                        }
                    }
                    text.push_str(&delimiter);
                }
                text.into_bytes()
            }
        }
    }
}
