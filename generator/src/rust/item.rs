//! Items: structs, enums, unions, aliases.

use super::Ty;
use plumbline_specs::Pointer;

/// Documentation: paragraphs, each printed as wrapped `///` lines with an empty one between.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Docs(pub Vec<String>);

/// A type of the API.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// An object.
    Struct(Struct),
    /// A string that is one of several, or another one.
    OpenEnum(OpenEnum),
    /// One of several types.
    Union(Union),
    /// Another name for a type.
    Alias(Alias),
}

impl Item {
    /// Its name, unique in the module.
    pub fn name(&self) -> &str {
        match self {
            Self::Struct(item) => &item.name,
            Self::OpenEnum(item) => &item.name,
            Self::Union(item) => &item.name,
            Self::Alias(item) => &item.name,
        }
    }

    /// Where it stands in the document.
    pub fn place(&self) -> &Pointer {
        match self {
            Self::Struct(item) => &item.place,
            Self::OpenEnum(item) => &item.place,
            Self::Union(item) => &item.place,
            Self::Alias(item) => &item.place,
        }
    }
}

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub struct Struct {
    /// In PascalCase, unique in the module.
    pub name: String,
    /// Its documentation.
    pub docs: Docs,
    /// Where it stands in the document.
    pub place: Pointer,
    /// A rule that gives all wire names, when there is one.
    pub rename_all: Option<Rename>,
    /// In document order.
    pub fields: Vec<Field>,
    /// What `additionalProperties` allows: a last, flattened field of this name and a map of
    /// this type.
    pub rest: Option<(String, Ty)>,
    /// The fields that must be given to make one that is sent, in the order in which its `new`
    /// takes them.
    pub required_fields: Vec<String>,
    /// Whether it is sent and nothing must be given, so that `Default` is derived.
    pub default: bool,
}

/// A rule of serde's `rename_all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are serde's own")]
pub enum Rename {
    Lowercase,
    Uppercase,
    PascalCase,
    CamelCase,
    SnakeCase,
    ScreamingSnakeCase,
    KebabCase,
}

/// A property.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// In snake_case, unique in the struct, raw (`r#type`) where it is a keyword.
    pub name: String,
    /// The name on the wire when neither the field's own nor `rename_all` gives it.
    pub rename: Option<String>,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Its type, without what `presence` adds.
    pub ty: Ty,
    /// Whether it may be absent or null.
    pub presence: Presence,
}

/// Whether a property may be absent or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// Always there, never null: `T`.
    Required,
    /// Always there, null allowed: `Option<T>`, written as null.
    Nullable,
    /// May be absent, null not allowed: `Option<T>`, not written when `None`.
    Optional,
    /// Absent, null and value are told apart: `Field<T>`.
    Field,
    /// May be absent and then has its type's default: `T`, always written. A constant that the
    /// document does not require but that tells the members of a union apart.
    Defaulted,
}

/// A string that is one of several; an unknown one is kept in `Other(String)`.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenEnum {
    /// In PascalCase, unique in the module.
    pub name: String,
    /// Its documentation.
    pub docs: Docs,
    /// Where it stands in the document.
    pub place: Pointer,
    /// In document order.
    pub variants: Vec<OpenVariant>,
    /// The name of the variant that keeps an unknown value: `Other`, or what does not clash.
    pub other: String,
    /// The variant that `Default` gives, by index: the document's default.
    pub default: Option<usize>,
}

/// A known value of an [`OpenEnum`].
#[derive(Clone, Debug, PartialEq)]
pub struct OpenVariant {
    /// In PascalCase, unique in the enum.
    pub name: String,
    /// The value on the wire.
    pub wire: String,
}

/// One of several types.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// In PascalCase, unique in the module.
    pub name: String,
    /// Its documentation.
    pub docs: Docs,
    /// Where it stands in the document.
    pub place: Pointer,
    /// How a reader tells the variants apart.
    pub tagging: Discrimination,
    /// In the order in which a reader tries them.
    pub variants: Vec<UnionVariant>,
}

/// How a reader tells the variants of a union apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Discrimination {
    /// By a property's value, which the variants themselves hold as a field; an unknown or
    /// absent one is kept in a last variant of this name as `serde_json::Value`.
    Tagged {
        /// The property on the wire.
        property: String,
        /// The name of the variant that keeps what has an unknown tag: `Other`, or what does
        /// not clash.
        other: String,
    },
    /// By the JSON type: `#[serde(untagged)]`, first match.
    Shape,
    /// By trying each in order and taking the first that keeps every key; objects whose
    /// properties overlap.
    Best,
}

/// A variant of a [`Union`], holding one value.
#[derive(Clone, Debug, PartialEq)]
pub struct UnionVariant {
    /// In PascalCase, unique in the union.
    pub name: String,
    /// The values of the tag that choose it.
    pub tags: Vec<String>,
    /// What it holds.
    pub ty: Ty,
}

/// Another name for a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    /// In PascalCase, unique in the module.
    pub name: String,
    /// Its documentation.
    pub docs: Docs,
    /// Where it stands in the document.
    pub place: Pointer,
    /// The type.
    pub ty: Ty,
}

/// A string that a property must have: a unit struct in the module `constants`.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// In PascalCase, unique among the constants.
    pub name: String,
    /// The value on the wire.
    pub wire: String,
}
