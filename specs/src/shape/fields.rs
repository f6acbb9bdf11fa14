//! The table: the fields of every object.

use super::{Child, Dialect, Field, Object, Support};
use Child::{List, Map, One, Plain};

impl Object {
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

const fn read(key: &'static str, child: Child) -> Field {
    Field {
        key,
        child,
        dialect: Dialect::Both,
        support: Support::Read,
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
        support: Support::Documentation,
    }
}

const fn lost(key: &'static str, child: Child) -> Field {
    Field {
        key,
        child,
        dialect: Dialect::Both,
        support: Support::Unsupported,
    }
}

impl Field {
    const fn since31(self) -> Self {
        Self {
            dialect: Dialect::V3_1Only,
            ..self
        }
    }

    const fn until30(self) -> Self {
        Self {
            dialect: Dialect::V3_0Only,
            ..self
        }
    }
}

const SUMMARY: Field = prose("summary", Plain);
const DESCRIPTION: Field = prose("description", Plain);
const EXTERNAL_DOCS: Field = prose("externalDocs", One(Object::ExternalDocs));
const EXAMPLE: Field = prose("example", Plain);
const EXAMPLES: Field = prose("examples", Map(Object::Example));

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
