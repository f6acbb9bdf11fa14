//! The shape of OpenAPI: which keys each object has, and what stands under them.
//!
//! One table for all who walk a document: reading, finding unknown keys, bringing 3.1 down to
//! 3.0, selecting and stripping. A walk by this table never takes a value of `example`,
//! `default`, `enum` or `const` for a part of the document. The tables follow OpenAPI 3.0.3 and
//! 3.1.1, and JSON Schema 2020-12.

use serde_json::Value;

/// An object of the specification, by its name there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Object {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Paths,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
    Components,
    /// Plumbline's `x-stream`.
    Stream,
}

/// What stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Child {
    /// A value that is no part of the document's structure.
    Plain,
    /// An object (where a list of them is met, each of them).
    One(Object),
    /// A list of objects.
    List(Object),
    /// A map from free names to objects.
    Map(Object),
}

/// The dialect that knows a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Both 3.0 and 3.1.
    Both,
    /// 3.0 alone.
    Old,
    /// 3.1 alone.
    New,
}

/// What becomes of a key in an [`Api`](crate::api::Api).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is read, or it says nothing that matters.
    Read,
    /// It is written for people.
    Prose,
    /// It matters and is not carried over.
    Lost,
}

/// One key of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) key: &'static str,
    pub(crate) child: Child,
    pub(crate) dialect: Dialect,
    pub(crate) fate: Fate,
}

const fn read(key: &'static str, child: Child) -> Field {
    Field {
        key,
        child,
        dialect: Dialect::Both,
        fate: Fate::Read,
    }
}

const fn plain(key: &'static str) -> Field {
    read(key, Child::Plain)
}

const fn prose(key: &'static str, child: Child) -> Field {
    Field {
        key,
        child,
        dialect: Dialect::Both,
        fate: Fate::Prose,
    }
}

const fn lost(key: &'static str, child: Child) -> Field {
    Field {
        key,
        child,
        dialect: Dialect::Both,
        fate: Fate::Lost,
    }
}

impl Field {
    const fn since31(self) -> Self {
        Self {
            dialect: Dialect::New,
            ..self
        }
    }

    const fn until30(self) -> Self {
        Self {
            dialect: Dialect::Old,
            ..self
        }
    }
}

use Child::{List, Map, One, Plain};

const SUMMARY: Field = prose("summary", Plain);
const DESCRIPTION: Field = prose("description", Plain);
const EXTERNAL_DOCS: Field = prose("externalDocs", One(Object::ExternalDocs));
const EXAMPLE: Field = prose("example", Plain);
const EXAMPLES: Field = prose("examples", Map(Object::Example));

impl Object {
    /// Its name in the specification, in words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Info => "info",
            Self::Contact => "contact",
            Self::License => "license",
            Self::Server => "server",
            Self::ServerVariable => "server variable",
            Self::Paths => "paths",
            Self::PathItem => "path item",
            Self::Operation => "operation",
            Self::ExternalDocs => "external documentation",
            Self::Parameter => "parameter",
            Self::RequestBody => "request body",
            Self::MediaType => "media type",
            Self::Encoding => "encoding",
            Self::Responses => "responses",
            Self::Response => "response",
            Self::Callback => "callback",
            Self::Example => "example",
            Self::Link => "link",
            Self::Header => "header",
            Self::Tag => "tag",
            Self::Schema => "schema",
            Self::Discriminator => "discriminator",
            Self::Xml => "xml",
            Self::SecurityScheme => "security scheme",
            Self::OAuthFlows => "OAuth flows",
            Self::OAuthFlow => "OAuth flow",
            Self::Components => "components",
            Self::Stream => "stream",
        }
    }

    /// Its name with an article, for a message.
    pub(crate) fn a_name(self) -> String {
        let name = self.name();
        match self {
            Self::Paths | Self::Responses => format!("the {name}"),
            Self::Info | Self::Components | Self::OAuthFlows | Self::ExternalDocs => {
                format!("the {name} object")
            }
            _ if name.starts_with(['a', 'e', 'i', 'o', 'O']) => format!("an {name}"),
            _ => format!("a {name}"),
        }
    }

    /// What stands under its free keys, for the objects that are maps themselves.
    pub(crate) fn free(self) -> Option<Object> {
        match self {
            Self::Paths | Self::Callback => Some(Self::PathItem),
            Self::Responses => Some(Self::Response),
            _ => None,
        }
    }

    /// Whether a Reference Object may stand in its place.
    pub(crate) fn referable(self) -> bool {
        matches!(
            self,
            Self::PathItem
                | Self::Parameter
                | Self::RequestBody
                | Self::Response
                | Self::Callback
                | Self::Example
                | Self::Link
                | Self::Header
                | Self::Schema
                | Self::SecurityScheme
        )
    }

    /// The field of that key.
    pub(crate) fn field(self, key: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.key == key)
    }

    /// Its fields.
    pub(crate) fn fields(self) -> &'static [Field] {
        match self {
            Self::Document => &DOCUMENT,
            Self::Info => &INFO,
            Self::Contact => &CONTACT,
            Self::License => &LICENSE,
            Self::Server => &SERVER,
            Self::ServerVariable => &SERVER_VARIABLE,
            Self::Paths | Self::Responses | Self::Callback => &[],
            Self::PathItem => &PATH_ITEM,
            Self::Operation => &OPERATION,
            Self::ExternalDocs => &EXTERNAL_DOCS_FIELDS,
            Self::Parameter => &PARAMETER,
            Self::RequestBody => &REQUEST_BODY,
            Self::MediaType => &MEDIA_TYPE,
            Self::Encoding => &ENCODING,
            Self::Response => &RESPONSE,
            Self::Example => &EXAMPLE_FIELDS,
            Self::Link => &LINK,
            Self::Header => &HEADER,
            Self::Tag => &TAG,
            Self::Schema => &SCHEMA,
            Self::Discriminator => &DISCRIMINATOR,
            Self::Xml => &XML,
            Self::SecurityScheme => &SECURITY_SCHEME,
            Self::OAuthFlows => &OAUTH_FLOWS,
            Self::OAuthFlow => &OAUTH_FLOW,
            Self::Components => &COMPONENTS,
            Self::Stream => &STREAM,
        }
    }
}

static DOCUMENT: [Field; 11] = [
    plain("openapi"),
    read("info", One(Object::Info)),
    read("servers", List(Object::Server)),
    read("paths", One(Object::Paths)),
    read("components", One(Object::Components)),
    plain("security"),
    read("tags", List(Object::Tag)),
    EXTERNAL_DOCS,
    read("webhooks", Map(Object::PathItem)).since31(),
    plain("jsonSchemaDialect").since31(),
    // Written by tools of 3.2, and harmless.
    plain("$self").since31(),
];

static INFO: [Field; 7] = [
    prose("title", Plain),
    DESCRIPTION,
    SUMMARY.since31(),
    prose("termsOfService", Plain),
    prose("contact", One(Object::Contact)),
    prose("license", One(Object::License)),
    plain("version"),
];

static CONTACT: [Field; 3] = [plain("name"), plain("url"), plain("email")];

static LICENSE: [Field; 3] = [plain("name"), plain("url"), plain("identifier").since31()];

static SERVER: [Field; 3] = [
    plain("url"),
    DESCRIPTION,
    read("variables", Map(Object::ServerVariable)),
];

static SERVER_VARIABLE: [Field; 3] = [plain("enum"), plain("default"), DESCRIPTION];

static PATH_ITEM: [Field; 13] = [
    plain("$ref"),
    SUMMARY,
    DESCRIPTION,
    read("get", One(Object::Operation)),
    read("put", One(Object::Operation)),
    read("post", One(Object::Operation)),
    read("delete", One(Object::Operation)),
    read("options", One(Object::Operation)),
    read("head", One(Object::Operation)),
    read("patch", One(Object::Operation)),
    read("trace", One(Object::Operation)),
    read("servers", List(Object::Server)),
    read("parameters", List(Object::Parameter)),
];

static OPERATION: [Field; 12] = [
    plain("tags"),
    SUMMARY,
    DESCRIPTION,
    EXTERNAL_DOCS,
    plain("operationId"),
    read("parameters", List(Object::Parameter)),
    read("requestBody", One(Object::RequestBody)),
    read("responses", One(Object::Responses)),
    read("callbacks", Map(Object::Callback)),
    plain("deprecated"),
    plain("security"),
    read("servers", List(Object::Server)),
];

static EXTERNAL_DOCS_FIELDS: [Field; 2] = [DESCRIPTION, plain("url")];

static PARAMETER: [Field; 13] = [
    plain("name"),
    plain("in"),
    DESCRIPTION,
    plain("required"),
    plain("deprecated"),
    plain("allowEmptyValue"),
    plain("style"),
    plain("explode"),
    plain("allowReserved"),
    read("schema", One(Object::Schema)),
    EXAMPLE,
    EXAMPLES,
    read("content", Map(Object::MediaType)),
];

static REQUEST_BODY: [Field; 3] = [
    DESCRIPTION,
    read("content", Map(Object::MediaType)),
    plain("required"),
];

static MEDIA_TYPE: [Field; 5] = [
    read("x-stream", One(Object::Stream)),
    read("schema", One(Object::Schema)),
    EXAMPLE,
    EXAMPLES,
    read("encoding", Map(Object::Encoding)),
];

static STREAM: [Field; 4] = [
    plain("framing"),
    plain("delimiter"),
    read("item", One(Object::Schema)),
    read("error", One(Object::Schema)),
];

static ENCODING: [Field; 5] = [
    plain("contentType"),
    read("headers", Map(Object::Header)),
    plain("style"),
    plain("explode"),
    plain("allowReserved"),
];

static RESPONSE: [Field; 4] = [
    DESCRIPTION,
    read("headers", Map(Object::Header)),
    read("content", Map(Object::MediaType)),
    // Links tell a person, or a program written for them, where to go next.
    read("links", Map(Object::Link)),
];

static EXAMPLE_FIELDS: [Field; 4] = [SUMMARY, DESCRIPTION, plain("value"), plain("externalValue")];

static LINK: [Field; 6] = [
    plain("operationRef"),
    plain("operationId"),
    plain("parameters"),
    plain("requestBody"),
    DESCRIPTION,
    read("server", One(Object::Server)),
];

static HEADER: [Field; 11] = [
    DESCRIPTION,
    plain("required"),
    plain("deprecated"),
    plain("allowEmptyValue"),
    plain("style"),
    plain("explode"),
    plain("allowReserved"),
    read("schema", One(Object::Schema)),
    EXAMPLE,
    EXAMPLES,
    read("content", Map(Object::MediaType)),
];

static TAG: [Field; 3] = [plain("name"), DESCRIPTION, EXTERNAL_DOCS];

static DISCRIMINATOR: [Field; 2] = [plain("propertyName"), plain("mapping")];

static XML: [Field; 5] = [
    plain("name"),
    plain("namespace"),
    plain("prefix"),
    plain("attribute"),
    plain("wrapped"),
];

static SECURITY_SCHEME: [Field; 8] = [
    plain("type"),
    DESCRIPTION,
    plain("name"),
    plain("in"),
    plain("scheme"),
    plain("bearerFormat"),
    read("flows", One(Object::OAuthFlows)),
    plain("openIdConnectUrl"),
];

static OAUTH_FLOWS: [Field; 4] = [
    read("implicit", One(Object::OAuthFlow)),
    read("password", One(Object::OAuthFlow)),
    read("clientCredentials", One(Object::OAuthFlow)),
    read("authorizationCode", One(Object::OAuthFlow)),
];

static OAUTH_FLOW: [Field; 4] = [
    plain("authorizationUrl"),
    plain("tokenUrl"),
    plain("refreshUrl"),
    plain("scopes"),
];

static COMPONENTS: [Field; 10] = [
    read("schemas", Map(Object::Schema)),
    read("responses", Map(Object::Response)),
    read("parameters", Map(Object::Parameter)),
    prose("examples", Map(Object::Example)),
    read("requestBodies", Map(Object::RequestBody)),
    read("headers", Map(Object::Header)),
    read("securitySchemes", Map(Object::SecurityScheme)),
    read("links", Map(Object::Link)),
    read("callbacks", Map(Object::Callback)),
    read("pathItems", Map(Object::PathItem)).since31(),
];

static SCHEMA: [Field; 64] = [
    plain("type"),
    read("properties", Map(Object::Schema)),
    plain("required"),
    DESCRIPTION,
    plain("format"),
    read("items", One(Object::Schema)),
    plain("enum"),
    plain("default"),
    prose("title", Plain),
    EXAMPLE,
    plain("nullable").until30(),
    read("additionalProperties", One(Object::Schema)),
    read("allOf", List(Object::Schema)),
    read("oneOf", List(Object::Schema)),
    read("anyOf", List(Object::Schema)),
    plain("minimum"),
    plain("maximum"),
    plain("exclusiveMinimum"),
    plain("exclusiveMaximum"),
    plain("multipleOf"),
    plain("minLength"),
    plain("maxLength"),
    plain("pattern"),
    plain("minItems"),
    plain("maxItems"),
    plain("uniqueItems"),
    plain("minProperties"),
    plain("maxProperties"),
    plain("readOnly"),
    plain("writeOnly"),
    plain("deprecated"),
    read("discriminator", One(Object::Discriminator)),
    read("not", One(Object::Schema)),
    // XML bodies are out of scope as a whole, so its details are no loss of their own.
    read("xml", One(Object::Xml)),
    EXTERNAL_DOCS,
    plain("const").since31(),
    prose("examples", Plain).since31(),
    read("prefixItems", List(Object::Schema)).since31(),
    plain("contentMediaType").since31(),
    plain("contentEncoding").since31(),
    read("contentSchema", One(Object::Schema)).since31(),
    read("$defs", Map(Object::Schema)).since31(),
    read("definitions", Map(Object::Schema)).since31(),
    prose("$comment", Plain).since31(),
    plain("$schema").since31(),
    plain("$id").since31(),
    plain("$anchor").since31(),
    lost("$dynamicRef", Plain).since31(),
    lost("$dynamicAnchor", Plain).since31(),
    lost("if", One(Object::Schema)).since31(),
    lost("then", One(Object::Schema)).since31(),
    lost("else", One(Object::Schema)).since31(),
    lost("patternProperties", Map(Object::Schema)).since31(),
    lost("propertyNames", One(Object::Schema)).since31(),
    lost("dependentSchemas", Map(Object::Schema)).since31(),
    lost("dependentRequired", Plain).since31(),
    lost("unevaluatedItems", One(Object::Schema)).since31(),
    lost("unevaluatedProperties", One(Object::Schema)).since31(),
    lost("contains", One(Object::Schema)).since31(),
    lost("minContains", Plain).since31(),
    lost("maxContains", Plain).since31(),
    lost("additionalItems", One(Object::Schema)).since31(),
    lost("dependencies", Plain).since31(),
    lost("$vocabulary", Plain).since31(),
];

/// The way to a node, kept on the stack; written out as a pointer only where one is needed.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    token: Token<'a>,
}

#[derive(Clone, Copy)]
enum Token<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// The way to the document itself.
    pub(crate) const ROOT: Path<'static> = Path {
        parent: None,
        token: Token::Root,
    };

    /// The way to a member.
    pub(crate) fn key<'b>(&'b self, key: &'b str) -> Path<'b> {
        Path {
            parent: Some(self),
            token: Token::Key(key),
        }
    }

    /// The way to an element.
    pub(crate) fn index<'b>(&'b self, index: usize) -> Path<'b> {
        Path {
            parent: Some(self),
            token: Token::Index(index),
        }
    }

    /// The last step, where it is a key.
    pub(crate) fn last_key(&self) -> Option<&str> {
        match self.token {
            Token::Key(key) => Some(key),
            _ => None,
        }
    }

    /// The pointer.
    pub(crate) fn pointer(&self) -> crate::Pointer {
        let base = match self.parent {
            Some(parent) => parent.pointer(),
            None => crate::Pointer::root(),
        };
        match self.token {
            Token::Root => base,
            Token::Key(key) => base.join(key),
            Token::Index(index) => base.index(index),
        }
    }
}

/// What a visitor says of the node that it was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Walk {
    /// Go on with what the node holds.
    Into,
    /// Leave what it holds alone.
    Over,
}

/// Shows every object below a value to a visitor that may change it, parents first.
pub(crate) fn walk_mut(
    value: &mut Value,
    object: Object,
    path: &Path<'_>,
    visit: &mut dyn FnMut(Object, &mut Value, &Path<'_>) -> Walk,
) {
    if let Value::Array(items) = value {
        for (index, item) in items.iter_mut().enumerate() {
            if !item.is_array() {
                walk_mut(item, object, &path.index(index), visit);
            }
        }
        return;
    }
    if visit(object, value, path) == Walk::Over {
        return;
    }
    let Value::Object(map) = value else { return };
    for (key, value) in map.iter_mut() {
        let path = path.key(key);
        match child(object, key) {
            Child::Plain => {}
            Child::One(object) => walk_mut(value, object, &path, visit),
            Child::List(object) => {
                if value.is_array() {
                    walk_mut(value, object, &path, visit);
                }
            }
            Child::Map(object) => {
                if let Value::Object(members) = value {
                    for (name, member) in members.iter_mut() {
                        walk_mut(member, object, &path.key(name), visit);
                    }
                }
            }
        }
    }
}

/// Shows every object below a value to a visitor, parents first.
pub(crate) fn walk<'v>(
    value: &'v Value,
    object: Object,
    path: &Path<'_>,
    visit: &mut dyn FnMut(Object, &'v Value, &Path<'_>) -> Walk,
) {
    if let Value::Array(items) = value {
        for (index, item) in items.iter().enumerate() {
            if !item.is_array() {
                walk(item, object, &path.index(index), visit);
            }
        }
        return;
    }
    if visit(object, value, path) == Walk::Over {
        return;
    }
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        let path = path.key(key);
        match child(object, key) {
            Child::Plain => {}
            Child::One(object) => walk(value, object, &path, visit),
            Child::List(object) => {
                if value.is_array() {
                    walk(value, object, &path, visit);
                }
            }
            Child::Map(object) => {
                if let Value::Object(members) = value {
                    for (name, member) in members {
                        walk(member, object, &path.key(name), visit);
                    }
                }
            }
        }
    }
}

/// What stands under a key of an object; an extension is never walked.
pub(crate) fn child(object: Object, key: &str) -> Child {
    match object.free() {
        Some(_) if key.starts_with("x-") => Child::Plain,
        Some(member) => Child::One(member),
        None => object.field(key).map_or(Child::Plain, |field| field.child),
    }
}

/// The object that stands at a pointer, by the table; `None` where it says nothing.
pub(crate) fn object_at(pointer: &crate::Pointer) -> Option<Object> {
    let mut at = Some(Child::One(Object::Document));
    for token in pointer.tokens() {
        at = match at? {
            Child::Plain => None,
            Child::One(object) => match child(object, &token) {
                Child::Plain => None,
                other => Some(other),
            },
            Child::List(object) | Child::Map(object) => Some(Child::One(object)),
        };
    }
    match at? {
        Child::One(object) => Some(object),
        _ => None,
    }
}
