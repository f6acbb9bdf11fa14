//! The extensions of OpenAPI that our overlays use: every member with what it says and an example. The
//! reader takes the names of members from here, and so do the documentation and `plumbline explain`.

use crate::api::StyleKind;

/// An extension.
#[derive(Clone, Copy, Debug)]
pub struct Extension {
    /// Its name in a document.
    pub name: &'static str,
    /// The object of OpenAPI's that it stands on.
    pub stands_on: &'static str,
    /// What it says, in a sentence.
    pub says: &'static str,
    /// A whole one, in YAML.
    pub example: &'static str,
    /// Its members; none where it is a plain value.
    pub members: &'static [Member],
}

/// A member of an extension.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What its value is.
    pub is: &'static str,
    /// What it says, in a sentence or two; and what holds without it.
    pub says: &'static str,
    /// One, in YAML.
    pub example: &'static str,
    /// The styles that have it; all where there are none.
    pub styles: &'static [StyleKind],
}

const fn member(
    name: &'static str,
    is: &'static str,
    says: &'static str,
    example: &'static str,
) -> Member {
    Member {
        name,
        is,
        says,
        example,
        styles: &[],
    }
}

const fn styled(styles: &'static [StyleKind], member: Member) -> Member {
    Member { styles, ..member }
}

const EXPRESSION: &str = "a runtime expression";

/// The styles that go on from what an answer says.
const FOLLOWED: &[StyleKind] = &[StyleKind::Offset, StyleKind::Cursor, StyleKind::Link];

/// Every extension.
pub const EXTENSIONS: &[Extension] = &[PAGINATION, RESOURCE, READS, STREAM, NAME];

pub(crate) const PAGINATION: Extension = Extension {
    name: "x-pagination",
    stands_on: "an operation",
    says: "How an operation hands out its list page by page, and what it promises of the pages. The laws of \
           pagination are judged by it, and generated clients get a stream of items from it. What is not \
           promised warns where it is broken, and does not fail.",
    example: "\
x-pagination:
  style: cursor
  cursor: $request.query.cursor
  limit: $request.query.limit
  next: $response.body#/next_cursor
  items: $response.body#/data
  key: /id
",
    members: &[
        member(
            "style",
            "`page`, `offset`, `cursor` or `link`",
            "How a page is asked for: by its number, by how many items come before it, by a token that the \
             page before gave, or by the URL in that page's Link header. Always there.",
            "style: page",
        ),
        member(
            "items",
            EXPRESSION,
            "Where the items of a page stand. Always there.",
            "items: $response.body#/data",
        ),
        member(
            "key",
            "a JSON Pointer into an item",
            "What identifies an item. Without it the laws that compare items are left out.",
            "key: /id",
        ),
        styled(
            &[StyleKind::Page],
            member(
                "number",
                EXPRESSION,
                "Where the number of a page is asked for. Always there.",
                "number: $request.query.page",
            ),
        ),
        styled(
            &[StyleKind::Page],
            member(
                "first",
                "a whole number",
                "The number of the first page: 1 without it.",
                "first: 0",
            ),
        ),
        styled(
            &[StyleKind::Offset],
            member(
                "offset",
                EXPRESSION,
                "Where the number of items to pass over is asked for. Always there.",
                "offset: $request.query.offset",
            ),
        ),
        styled(
            &[StyleKind::Cursor],
            member(
                "cursor",
                EXPRESSION,
                "Where the token of a page is sent. Always there.",
                "cursor: $request.query.page_token",
            ),
        ),
        member(
            "size",
            EXPRESSION,
            "Where the size of a page is asked for. Without it no other size is tried.",
            "size: $request.query.size",
        ),
        styled(
            FOLLOWED,
            member(
                "limit",
                EXPRESSION,
                "Another word for `size`.",
                "limit: $request.query.limit",
            ),
        ),
        styled(
            FOLLOWED,
            member(
                "next",
                EXPRESSION,
                "Where an answer says how the next page is asked for. Always there for cursors and links.",
                "next: $response.body#/next_cursor",
            ),
        ),
        styled(
            &[StyleKind::Cursor],
            member(
                "previous",
                EXPRESSION,
                "Where an answer gives the token of the page before.",
                "previous: $response.body#/prev_cursor",
            ),
        ),
        member(
            "total",
            EXPRESSION,
            "Where an answer counts all items, those of other pages included.",
            "total: $response.body#/total",
        ),
        member(
            "more",
            EXPRESSION,
            "Where an answer says, as a boolean, that further items come.",
            "more: $response.body#/has_more",
        ),
        member(
            "echo",
            "a map of `number`, `offset`, `size` or `limit` to runtime expressions",
            "Where an answer repeats what was asked for.",
            "echo: {number: $response.body#/page, size: $response.body#/size}",
        ),
        member(
            "size_echo",
            "`asked` or `items`",
            "What the size in `echo` means: the size that was asked for, or the number of items on the page.",
            "size_echo: items",
        ),
        member(
            "maximum",
            "a whole number",
            "The greatest size that is given; a greater one may be cut to it.",
            "maximum: 100",
        ),
        member(
            "short_pages",
            "`never` or `allowed`",
            "Whether a page in mid-walk may hold fewer items than were asked for.",
            "short_pages: never",
        ),
        member(
            "past_the_end",
            "`empty` or a status",
            "The answer beyond the last page.",
            "past_the_end: empty",
        ),
        member(
            "empty_token",
            "`end` or `first`",
            "What an empty token means: that the walk is at its end, or the first page.",
            "empty_token: end",
        ),
        member(
            "no_items",
            "`empty` or `absent`",
            "How a page without items writes them: as an empty list, or not at all.",
            "no_items: absent",
        ),
        member(
            "default_sort",
            "a list of `{item, order}`",
            "The order of the items where none is asked for: pointers into an item, each `ascending` or \
             `descending`.",
            "default_sort: [{item: /created_at, order: descending}]",
        ),
        member(
            "sort",
            "a list of `{set, reverse, by}`",
            "Orders that can be asked for: what a request sets, what it sets for the reverse, and how the \
             items show the order.",
            "sort: [{set: {$request.query.sort: name}, by: [{item: /name, order: ascending}]}]",
        ),
        member(
            "filter",
            "a list of `{set, item, match}`",
            "Selections that can be asked for: what a request sets, `{value}` being an item's, the pointer \
             to what it is compared with, and how: `equals`, `one-of`, `contains`, \
             `contains-ignoring-case`, `before` or `after`.",
            "filter: [{set: {$request.query.name: '{value}'}, item: /name, match: equals}]",
        ),
        member(
            "presentation",
            "a list of maps from runtime expressions to values",
            "Options that only change how items are shown: the set and its order stay.",
            "presentation: [{$request.query.include: metadata}]",
        ),
        member(
            "same_collection",
            "an operationId",
            "Another operation that pages over the same items.",
            "same_collection: searchExperiments",
        ),
        member(
            "get",
            "an operationId",
            "The operation that reads one of the items by its id.",
            "get: getExperiment",
        ),
    ],
};

pub(crate) const RESOURCE: Extension = Extension {
    name: "x-resource",
    stands_on: "an operation",
    says: "The collection that an operation works on, and how. Runs with `--writes` and the embedded server \
           go by it. It marks an operation as one whose effect you know: its name alone does not leave it \
           out of a run any more.",
    example: "\
x-resource:
  collection: experiments
  role: create
  id: $response.body#/id
  input: $request.body
",
    members: &[
        member(
            "collection",
            "a name of your own",
            "The collection; operations with the same name and alike paths work on the same items. Always \
             there.",
            "collection: experiments",
        ),
        member(
            "role",
            "`list`, `get`, `create`, `update`, `upsert`, `delete` or `stream`",
            "What the operation does to the collection. Always there.",
            "role: create",
        ),
        member(
            "id",
            EXPRESSION,
            "The place of the id: in the request, and for `create` in the answer; of a Location it is the \
             last segment.",
            "id: $request.path.id",
        ),
        member(
            "ids",
            EXPRESSION,
            "The place of a list of ids in the request, instead of `id`.",
            "ids: $request.body#/ids",
        ),
        member(
            "parent",
            "a map of `collection` and `id`",
            "The item that owns the collection, and the place of its id in the request.",
            "parent: {collection: projects, id: $request.path.project_id}",
        ),
        member(
            "chosen",
            EXPRESSION,
            "The place in a request to create where the client may choose the id.",
            "chosen: $request.body#/id",
        ),
        member(
            "again",
            "a status",
            "The status of a creation under a chosen id that is there, which then changes nothing.",
            "again: 409",
        ),
        member(
            "key",
            "a JSON Pointer into an item",
            "What `id` is compared with: `/id` without it. A `get` with another key than the creation's \
             finds an item by that, a name for example.",
            "key: /name",
        ),
        member(
            "input",
            EXPRESSION,
            "The place in the request of the item, of a list of items, or of the members to change.",
            "input: $request.body",
        ),
        member(
            "output",
            EXPRESSION,
            "The place in the answer of the item or of the items; without it the answer to a `get` is the item, and no other answer shows one.",
            "output: $response.body#/data",
        ),
        member(
            "unknown",
            "a status",
            "The status for an id that is not there: 404 without it.",
            "unknown: 400",
        ),
        member(
            "sets",
            "a map from JSON Pointers into an item to values, or to runtime expressions",
            "What the operation gives an item instead of `input`. A deletion that sets something leaves the \
             item there, marked so.",
            "sets: {/stage: deleted}",
        ),
        member(
            "only",
            "a map from JSON Pointers into an item to values",
            "What a list shows of the collection: the values that an item has to have.",
            "only: {/stage: active}",
        ),
        member(
            "after",
            EXPRESSION,
            "The place of a stream's start, which is not part of it.",
            "after: $request.query.after",
        ),
        member(
            "limit",
            EXPRESSION,
            "The place of a stream's length.",
            "limit: $request.query.limit",
        ),
    ],
};

const READS: Extension = Extension {
    name: "x-reads",
    stands_on: "an operation",
    says: "true: the operation only reads, though it is a POST. false: it does more than read, though it is \
           a GET, so that a run without `--writes` leaves it out.",
    example: "x-reads: true\n",
    members: &[],
};

pub(crate) const STREAM: Extension = Extension {
    name: "x-stream",
    stands_on: "a media type",
    says: "The body is a stream of records, not one document: how the records are told apart, and what each \
           is. JSON lines and server-sent events are known by their media types without it.",
    example: "\
x-stream:
  framing: json-lines
  item: {$ref: '#/components/schemas/Record'}
",
    members: &[
        member(
            "framing",
            "`json-lines` or `server-sent-events`",
            "How records are written. Always there.",
            "framing: json-lines",
        ),
        member(
            "delimiter",
            "a text",
            "What ends a record: a line feed, or two of them for events, without it.",
            "delimiter: \"\\r\\n\"",
        ),
        member(
            "item",
            "a schema",
            "The schema of a record.",
            "item: {$ref: '#/components/schemas/Record'}",
        ),
        member(
            "error",
            "a schema",
            "The schema of a record that reports a failure after the status was sent.",
            "error: {$ref: '#/components/schemas/Failure'}",
        ),
    ],
};

const NAME: Extension = Extension {
    name: "x-name",
    stands_on: "an operation, a parameter or a schema",
    says: "Its name in generated code: `snake_case` for operations and parameters, `PascalCase` for types.",
    example: "x-name: list_experiments\n",
    members: &[],
};

impl Member {
    /// The names of the styles that have it; `None` where all have.
    pub fn style_names(&self) -> Option<String> {
        let names: Vec<&str> = self.styles.iter().map(|style| style.name()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

impl Extension {
    /// The names of the members that a style has; of all members without one.
    pub(crate) fn names(&self, style: Option<StyleKind>) -> Vec<&'static str> {
        let of_style = |member: &&Member| {
            member.styles.is_empty() || style.is_none_or(|style| member.styles.contains(&style))
        };
        self.members
            .iter()
            .filter(of_style)
            .map(|member| member.name)
            .collect()
    }
}

/// The extension of that name.
pub fn extension(name: &str) -> Option<&'static Extension> {
    EXTENSIONS.iter().find(|extension| extension.name == name)
}

/// What an extension, or a member of one (`x-pagination.size_echo`), says, for a person to read; `None`
/// where there is none of that name.
pub fn explain(name: &str) -> Option<String> {
    let (own, member) = match name.split_once('.') {
        Some((own, member)) => (own, Some(member)),
        None => (name, None),
    };
    let extension = extension(own)?;
    let Some(member) = member else {
        let mut text = format!(
            "{}, on {}\n\n{}\n\n{}",
            extension.name, extension.stands_on, extension.says, extension.example
        );
        if !extension.members.is_empty() {
            text.push('\n');
        }
        for member in extension.members {
            text.push_str(&format!("{:16} {}\n", member.name, member.is));
        }
        return Some(text);
    };
    let member = extension.members.iter().find(|own| own.name == member)?;
    let styles = member.style_names();
    let styles = styles.map_or_else(String::new, |styles| format!("Styles: {styles}.\n"));
    Some(format!(
        "{name}: {}\n\n{}\n{styles}\n{}\n",
        member.is, member.says, member.example
    ))
}

#[cfg(test)]
mod tests {
    use super::{EXTENSIONS, explain};

    /// An example is what it is an example of.
    #[test]
    fn every_example_names_its_member() {
        for extension in EXTENSIONS {
            assert!(
                extension
                    .example
                    .starts_with(&format!("{}:", extension.name))
            );
            for member in extension.members {
                let begins = format!("{}: ", member.name);
                assert!(member.example.starts_with(&begins), "{}", member.example);
                let name = format!("{}.{}", extension.name, member.name);
                assert!(explain(&name).is_some_and(|text| text.contains(member.says)));
            }
        }
        assert_eq!(explain("x-pagination.sise"), None);
        assert_eq!(explain("x-nothing"), None);
    }
}
