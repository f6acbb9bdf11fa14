//! What an operation's names and statuses say of its effect: that it reads, creates or destroys.
//!
//! A method says little: searches are sent with POST, and so are deletions of everything. What is
//! said here is said by whole words: `deleted_at` deletes nothing, and `clearance` clears nothing.

use crate::api::{Kind, Method, Operation, SchemaId, Schemas, Status};

/// Words of operations that look for something.
const READING: [&str; 6] = ["search", "query", "filter", "list", "count", "page"];

/// Words of operations that take away, end or overwrite what is there.
const DESTRUCTIVE: [&str; 46] = [
    "archive",
    "bulk",
    "cancel",
    "cancellation",
    "clear",
    "deactivate",
    "delete",
    "deletion",
    "destroy",
    "destruction",
    "disable",
    "discard",
    "drop",
    "erase",
    "flush",
    "import",
    "invalidate",
    "kill",
    "logoff",
    "logout",
    "migrate",
    "migration",
    "overwrite",
    "prune",
    "purge",
    "reboot",
    "regenerate",
    "removal",
    "remove",
    "reset",
    "restart",
    "restore",
    "revert",
    "revocation",
    "revoke",
    "rollback",
    "rotate",
    "rotation",
    "shutdown",
    "signoff",
    "signout",
    "suspend",
    "terminate",
    "truncate",
    "uninstall",
    "wipe",
];

/// Words that end, move or overwrite something where they are commands, `POST /users/ban`, and are
/// as often the names of things: `POST /bans` adds one.
const COMMANDS: [&str; 61] = [
    "abort",
    "anonymise",
    "anonymize",
    "ban",
    "block",
    "charge",
    "cleanup",
    "close",
    "collapse",
    "compact",
    "decline",
    "decommission",
    "deny",
    "deprovision",
    "deregister",
    "detach",
    "disconnect",
    "eject",
    "empty",
    "end",
    "evict",
    "execute",
    "expel",
    "expire",
    "expunge",
    "finish",
    "forget",
    "freeze",
    "gc",
    "halt",
    "kick",
    "lock",
    "merge",
    "move",
    "nuke",
    "obliterate",
    "pay",
    "reap",
    "redact",
    "refund",
    "reject",
    "replace",
    "retire",
    "run",
    "scrub",
    "stop",
    "swap",
    "sweep",
    "transfer",
    "trash",
    "trigger",
    "unassign",
    "undo",
    "unlink",
    "unpublish",
    "unregister",
    "unshare",
    "unsubscribe",
    "vacuum",
    "withdraw",
    "zap",
];

/// Those of them that a GET gives as often as it does them: `GET /files/{id}/trash`.
const THINGS: [&str; 8] = [
    "block", "charge", "deny", "end", "lock", "move", "transfer", "trash",
];

/// Words of operations that add something.
const CREATING: [&str; 20] = [
    "add",
    "append",
    "clone",
    "copy",
    "create",
    "duplicate",
    "generate",
    "ingest",
    "insert",
    "log",
    "make",
    "new",
    "open",
    "record",
    "register",
    "save",
    "store",
    "submit",
    "track",
    "upload",
];

/// Words that are written as two: `log-out`, `sign_out`.
const TWO_WORDS: [(&str, &str); 6] = [
    ("log", "out"),
    ("log", "off"),
    ("sign", "out"),
    ("sign", "off"),
    ("shut", "down"),
    ("roll", "back"),
];

/// Those that are as often the name of a thing that is read: `GET /imports`, `GET /archive`.
const NOUNS: [&str; 10] = [
    "archive",
    "bulk",
    "cancellation",
    "deletion",
    "destruction",
    "import",
    "migration",
    "removal",
    "revocation",
    "rotation",
];

/// The words of a name, in lower case: cut at punctuation and where a capital begins a word.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let mut rest = name.chars().peekable();
    while let Some(character) = rest.next() {
        let below = rest.peek().is_some_and(char::is_ascii_lowercase);
        let begins = character.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || before.is_ascii_digit()
                || (before.is_ascii_uppercase() && below));
        if (begins || !character.is_ascii_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if character.is_ascii_alphanumeric() {
            word.push(character.to_ascii_lowercase());
        }
        before = character;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Whether an operation's path or operationId says that it looks for something.
pub fn says_that_it_reads(operation: &Operation) -> bool {
    let path = fixed_segments(&operation.path).flat_map(words);
    let id = operation.id.iter().flat_map(|id| words(id));
    path.chain(id)
        .any(|word| READING.contains(&plain(&word, &READING)))
}

/// Whether 200 is the one success that the document names.
pub fn succeeds_with_200_alone(operation: &Operation) -> bool {
    let mut successes = operation
        .responses
        .iter()
        .map(|response| response.status)
        .filter(|status| status.is_success());
    successes.next() == Some(Status::Code(200)) && successes.next().is_none()
}

/// Whether an operation's body is an item as its own answer lists them: it is then sent to be kept.
pub fn takes_an_item(schemas: &Schemas, operation: &Operation, element: SchemaId) -> bool {
    let Some(body) = &operation.body else {
        return false;
    };
    body.content
        .iter()
        .filter_map(|media| media.schema)
        .any(|own| {
            let (own, element) = (schemas.resolve(own), schemas.resolve(element));
            if own == element {
                return true;
            }
            let (
                Kind::Object {
                    properties: own, ..
                },
                Kind::Object {
                    properties: item, ..
                },
            ) = (&schemas[own].kind, &schemas[element].kind)
            else {
                return false;
            };
            // What is sent lacks what the server sets; a search has words of its own besides.
            !own.is_empty() && own.keys().all(|name| item.contains_key(name))
        })
}

/// Whether an operation says that it adds something: by 201 Created, by a path that ends in a plural
/// (`POST /notes`), or by a word of its operationId, of its path's last segment or at the beginning of
/// its summary.
pub fn says_that_it_creates(operation: &Operation) -> bool {
    let adds = |word: &String| CREATING.contains(&plain(word, &CREATING));
    let plural = |word: &String| word.ends_with('s') && !word.ends_with("ss");
    let cut = |name: Option<&str>| name.map(words).unwrap_or_default();
    let path = cut(last_segment(&operation.path));
    names_created(operation)
        || path.last().is_some_and(plural)
        || path.iter().chain(&cut(operation.id.as_deref())).any(adds)
        || cut(operation.summary.as_deref()).first().is_some_and(adds)
}

/// The word by which an operation's path, operationId or summary says that it destroys or
/// overwrites. Of a safe method, only what its name commands counts: the first word of the
/// operationId or of the path's last segment, and no word that is a thing's name as well.
pub fn says_that_it_destroys(operation: &Operation) -> Option<&'static str> {
    if operation.method.is_safe() {
        return operation
            .id
            .as_deref()
            .into_iter()
            .chain(last_segment(&operation.path))
            .find_map(|name| {
                let mut words = words(name);
                words.truncate(2);
                let own = words.first()?;
                let first = DESTRUCTIVE.into_iter().find(|known| known == own);
                first
                    .filter(|word| !NOUNS.contains(word))
                    .or_else(|| two_words(&words))
            });
    }
    if operation.method != Method::Post {
        return None;
    }
    fixed_segments(&operation.path)
        .chain(operation.id.as_deref())
        .chain(operation.summary.as_deref())
        .map(words)
        .find_map(|words| destructive(&words))
}

/// The command that an operation which names no item is called by. Of a safe method: the last segment
/// of its path, unless a list is read there. Of a POST that documents no 201: the first word of that
/// segment, of the operationId or of the summary, or the last of the operationId.
pub fn says_that_it_commands(operation: &Operation) -> Option<&'static str> {
    let path = last_segment(&operation.path).map(words).unwrap_or_default();
    if operation.method.is_safe() {
        return match path.as_slice() {
            [word] if operation.pagination.is_none() => {
                commanded(word).filter(|word| !THINGS.contains(word))
            }
            _ => None,
        };
    }
    if operation.method != Method::Post || names_created(operation) {
        return None;
    }
    let id = operation.id.as_deref().map(words).unwrap_or_default();
    let adds = |word: &String| word == "post" || CREATING.contains(&word.as_str());
    // `createStop` and `PostTransfersTransfer` end with a thing.
    let last = id.last().filter(|_| !id.iter().any(adds));
    let called = path.first().into_iter().chain(id.first()).chain(last);
    let summary = operation.summary.as_deref().map(words).unwrap_or_default();
    let summary = summary.first().map(|word| plain(word, &COMMANDS));
    called
        .map(String::as_str)
        .chain(summary)
        .find_map(commanded)
}

/// Whether the document names 201 Created among the answers of an operation.
pub fn names_created(operation: &Operation) -> bool {
    let mut responses = operation.responses.iter();
    responses.any(|response| response.status == Status::Code(201))
}

fn commanded(word: &str) -> Option<&'static str> {
    COMMANDS.into_iter().find(|known| *known == word)
}

/// The last segment of a path, where that is no variable.
fn last_segment(path: &str) -> Option<&str> {
    let path = path.trim_end_matches('/');
    fixed_segments(path)
        .last()
        .filter(|last| path.ends_with(last))
}

fn destructive(words: &[String]) -> Option<&'static str> {
    let one = words.iter().find_map(|word| {
        let plain = plain(word, &DESTRUCTIVE);
        DESTRUCTIVE.into_iter().find(|known| *known == plain)
    });
    one.or_else(|| words.windows(2).find_map(two_words))
}

/// The command that two words are, at the beginning.
fn two_words(words: &[String]) -> Option<&'static str> {
    let (first, _) = TWO_WORDS.iter().find(|two| is_two(words, two))?;
    Some(match *first {
        "shut" => "shut down",
        "roll" => "roll back",
        _ => "log out",
    })
}

fn is_two(words: &[String], two: &(&str, &str)) -> bool {
    matches!(words, [first, second, ..] if first == two.0 && second == two.1)
}

/// A word without the ending of the third person, of a plural or of a participle, where what is
/// left is one of the known: `deletes`, `purging`, `queries`.
fn plain<'w>(word: &'w str, known: &[&'static str]) -> &'w str
where
    'static: 'w,
{
    let stems = |stem: &str| -> Option<&'static str> {
        let same = |known: &&&str| {
            let doubled = stem.len() == known.len() + 1
                && stem.starts_with(**known)
                && stem.as_bytes().last() == known.as_bytes().last();
            **known == stem || known.strip_suffix('e') == Some(stem) || doubled
        };
        known.iter().find(same).copied()
    };
    if known.contains(&word) {
        return word;
    }
    if let Some(stem) = word.strip_suffix("ies")
        && let Some(found) = known
            .iter()
            .find(|known| known.strip_suffix('y') == Some(stem))
    {
        return found;
    }
    ["s", "es", "ing"]
        .iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .find_map(stems)
        .unwrap_or(word)
}

/// The segments of a path that are no variables, without what stands in braces.
fn fixed_segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .flat_map(|segment| segment.split('{').enumerate())
        .map(|(index, part)| match (index, part.split_once('}')) {
            (0, _) => part,
            (_, Some((_, after))) => after,
            (_, None) => "",
        })
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{destructive, fixed_segments, words};

    #[test]
    fn names_are_cut() {
        assert_eq!(words("nextPageToken"), ["next", "page", "token"]);
        assert_eq!(words("X-API-Key"), ["x", "api", "key"]);
        assert_eq!(words("listHTTPRoutes"), ["list", "http", "routes"]);
    }

    #[test]
    fn whole_words_destroy() {
        let cases = [
            ("bulkDelete", Some("bulk")),
            ("/notes/purge-all", Some("purge")),
            ("Deletes what the filter matches.", Some("delete")),
            ("Purging everything", Some("purge")),
            ("resetting", Some("reset")),
            ("log_out", Some("log out")),
            ("signOut", Some("log out")),
            ("rotateKeys", Some("rotate")),
            ("undeleted_at", None),
            ("clearance", None),
            ("important", None),
            ("droplets", None),
            ("catalogOutput", None),
        ];
        for (name, expected) in cases {
            assert_eq!(destructive(&words(name)), expected, "{name}");
        }
    }

    #[test]
    fn variables_are_no_words() {
        let path = "/a/{delete}/b{purge}c/{x}";
        assert_eq!(fixed_segments(path).collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
