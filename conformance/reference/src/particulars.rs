//! What a vendor's servers do that no document says, as the vendor's own `vendor.yaml` has it.
//!
//! It is in force only where a server is told that its document is the vendor's own. Everything else
//! about a vendor stands in its document and overlay.

use super::complaint::{Complaint, Matter};
use indexmap::IndexMap;
use jsonschema::Validator;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// How identifiers without a format look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Ids {
    /// `experiment-12`.
    #[default]
    Readable,
    /// A GraphQL global id: base64 of `Experiment:12`.
    Global,
    /// `12`.
    Number,
}

/// What is particular to a vendor's server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Particulars {
    /// Members without a value are left out instead of being null, and a null that is sent counts
    /// as left out.
    pub(super) omits_null: bool,
    /// The version of the UUIDs that it makes.
    pub(super) uuid: u8,
    /// How it writes ids that are strings without a format.
    pub(super) ids: Ids,
    /// Members that its SDKs do not accept as null or absent.
    pub(super) always: Vec<String>,
    /// Members that always are and have these values: its SDKs decode no other, or its lists obey
    /// no other.
    pub(super) fixed: Map<String, Value>,
    /// The status for text in the query or path that is not of its type, where that is another one.
    unreadable: Option<u16>,
    /// The statuses for what its schemas do not allow, the better first.
    invalid: [u16; 2],
    /// Routes that its SDKs call before any documented one.
    pub(super) routes: Vec<ExtraRoute>,
    /// What it refuses though its schemas allow it.
    pub(super) demands: Vec<Demand>,
    /// Creations that bring along items of another collection.
    pub(super) columns: Vec<Columns>,
    /// What an item of a collection looks like, where that is not as its schema alone would have
    /// it; a text `{created}` stands for when it was created, in milliseconds since 1970.
    items: Map<String, Value>,
}

impl Default for Particulars {
    fn default() -> Self {
        Self {
            omits_null: false,
            uuid: 7,
            ids: Ids::default(),
            always: Vec::new(),
            fixed: Map::new(),
            unreadable: None,
            invalid: [400, 422],
            routes: Vec::new(),
            demands: Vec::new(),
            columns: Vec::new(),
            items: Map::new(),
        }
    }
}

/// What a server demands of a body beyond its schema.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Demand {
    /// The operation's label.
    pub(super) operation: String,
    /// A body that it takes is valid by this JSON Schema.
    #[serde(rename = "schema", deserialize_with = "validator")]
    pub(super) validator: Validator,
    /// The status of the refusal.
    pub(super) status: u16,
    /// What the refusal says.
    pub(super) message: String,
}

fn validator<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Validator, D::Error> {
    let schema = Value::deserialize(deserializer)?;
    jsonschema::validator_for(&schema).map_err(D::Error::custom)
}

/// A body that holds the items of another collection in columns: lists of which each has one
/// value for each item. The items belong to what the operation creates.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    /// The operation's label.
    pub(super) operation: String,
    /// The collection that the items join.
    pub(super) collection: String,
    /// The columns, and the member of an item that each becomes; the first says how many.
    pub(super) members: IndexMap<String, String>,
    /// The member of what is created that counts them.
    pub(super) counted: String,
    /// Where the answer counts them, as a JSON Pointer.
    pub(super) shown: String,
}

/// A route beside the document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtraRoute {
    pub(super) method: String,
    /// May have one variable, `{id}`, for a UUID.
    path: String,
    /// Whether credentials are needed, where the server asks for any.
    #[serde(default)]
    pub(super) guarded: bool,
    pub(super) answer: ExtraAnswer,
}

/// What a route beside the document answers.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ExtraAnswer {
    /// This JSON, with `{id}` for the path's.
    Json(Value),
    /// A token that is good for an hour, for the API key in the body.
    Login,
}

impl ExtraRoute {
    /// The UUID in a path of this route, empty where the route has none; `None` for other paths.
    pub(super) fn id<'a>(&self, path: &'a str) -> Option<&'a str> {
        let Some((before, after)) = self.path.split_once("{id}") else {
            return (self.path == path).then_some("");
        };
        let id = path.strip_prefix(before)?.strip_suffix(after)?;
        uuid::Uuid::try_parse(id).is_ok().then_some(id)
    }
}

impl Particulars {
    /// Whether a member is never null or absent.
    pub(super) fn is_always(&self, member: &str) -> bool {
        self.always.iter().any(|own| own == member)
    }

    /// An item of a collection that was created then, where items have a form of their own.
    pub(super) fn item(&self, collection: &str, created: i64) -> Option<Value> {
        self.items.get(collection).map(|item| made(item, created))
    }

    /// The statuses that fit a fault, the best first.
    pub(super) fn bad_statuses(&self, matter: Matter, first: Option<&Complaint>) -> Vec<u16> {
        let in_body = first.is_some_and(|first| first.place.starts_with("body"));
        let mut wanted = Vec::new();
        if matter == Matter::Unreadable && !in_body {
            wanted.extend(self.unreadable);
        }
        wanted.extend(self.invalid);
        wanted
    }
}

/// A template with the time of creation in it.
fn made(template: &Value, created: i64) -> Value {
    match template {
        Value::String(text) if text == "{created}" => created.into(),
        Value::Array(items) => items.iter().map(|item| made(item, created)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), made(value, created)))
            .collect(),
        other => other.clone(),
    }
}
