//! Groups: a large document by its tags, so that its code stands in files that a person reads and
//! a user compiles what is used.

use super::names::{Scope, snake, words};
use crate::rust::visit::{all, slots};
use crate::rust::{ErrorEnum, Group, Item, Layout, Operation, Output, Payload, Ty};
use deunicode::deunicode;
use plumbline_specs::api::{self, Api};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// From this many operations on, each tag is a group.
const FEW: usize = 40;

/// Features that every package has.
const TAKEN: &[&str] = &["all", "default", "dispatch", "tls"];

/// What no module beside types may be called: crates that these use, and `mod.rs`, which would be
/// the module above.
const RESERVED: &[&str] = &["chrono", "r#mod", "serde_json", "std", "uuid"];

/// Devices that no file of Windows is called after, whatever its extension; some have a digit.
const DEVICES: &[&str] = &["aux", "com", "con", "conin", "conout", "lpt", "nul", "prn"];

/// Whether a document is parted.
pub(super) fn grouped(api: &Api) -> bool {
    let mut keys = api.operations.iter().map(key);
    let first = keys.next();
    api.operations.len() >= FEW && keys.any(|key| Some(key) != first)
}

/// The group of each operation, by its name: that of a module, a file and a feature. All of it is
/// ASCII, as Cargo, file systems and rustc (E0754) ask for, and what differs in the document
/// differs here on a file system that knows no case, too.
pub(super) fn names(api: &Api) -> Vec<String> {
    let keys: Vec<String> = api.operations.iter().map(key).collect();
    let mut alike: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for key in &keys {
        alike.entry(ascii(key)).or_default().insert(key);
    }
    let name = |key: &String| {
        let name = ascii(key);
        let several = alike.get(&name).is_some_and(|keys| keys.len() > 1);
        // A name that is written as it is spelt needs no mark.
        if several && words(key).join("_") != name.trim_start_matches("r#") {
            format!("{}_{:06x}", name.trim_start_matches("r#"), digest(key))
        } else {
            name
        }
    };
    keys.iter().map(name).collect()
}

/// What operations of one group share: the words of the first tag, else of the path's first
/// segment.
fn key(operation: &api::Operation) -> String {
    let name = match operation.tags.first() {
        Some(tag) => tag,
        None => operation
            .path
            .split('/')
            .find(|segment| !segment.is_empty() && !segment.contains('{'))
            .unwrap_or("other"),
    };
    let words = words(name).join(" ");
    if words.is_empty() {
        name.to_owned()
    } else {
        words
    }
}

/// A group's key as a name, transliterated where it has to be.
fn ascii(key: &str) -> String {
    let name = snake(&deunicode(key));
    let device = name.trim_end_matches(|last: char| last.is_ascii_digit());
    if RESERVED.contains(&name.as_str()) || DEVICES.contains(&device) {
        format!("{}_api", name.trim_start_matches("r#"))
    } else {
        name
    }
}

/// 24 bits that a key alone decides, on any machine (FNV-1a).
fn digest(key: &str) -> u32 {
    let hash = key.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash >> 24) ^ (hash & 0x00ff_ffff)
}

/// The groups with the types that each alone uses. What failures and the answers of several kinds
/// hold belongs to all, as does what no operation leads to.
pub(super) fn groups(
    operations: &[Operation],
    errors: &[ErrorEnum],
    items: &[Item],
    layout: Layout,
) -> Vec<Group> {
    let by_name: HashMap<&str, &Item> = items.iter().map(|item| (item.name(), item)).collect();
    let mut users: HashMap<&str, User> = HashMap::new();
    for answer in errors.iter().flat_map(|error| &error.answers) {
        for ty in held(&answer.payload) {
            follow(ty, User::All, &by_name, &mut users);
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut index: BTreeMap<&str, usize> = BTreeMap::new();
    let mut features = Scope::with(TAKEN);
    for operation in operations {
        let Some(name) = operation.group.as_deref() else {
            continue;
        };
        let at = *index.entry(name).or_insert_with(|| {
            groups.push(Group {
                name: name.to_owned(),
                feature: (layout == Layout::Root).then(|| feature(name, &mut features)),
                operations: 0,
                types: Default::default(),
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            group.operations += 1;
        }
        let arguments = operation.arguments.iter().chain(&operation.options);
        let headers = operation.headers.iter().map(|header| &header.ty);
        let items = operation.paging.iter().map(|paging| &paging.item);
        let mut own: Vec<&Ty> = arguments
            .map(|argument| &argument.ty)
            .chain(headers)
            .chain(items)
            .collect();
        match &operation.output {
            Output::One(_, payload) => own.extend(held(payload)),
            Output::Several(_, answers) => {
                for ty in answers.iter().flat_map(|answer| held(&answer.payload)) {
                    follow(ty, User::All, &by_name, &mut users);
                }
            }
        }
        for ty in own {
            follow(ty, User::One(at), &by_name, &mut users);
        }
    }
    left_over(items, &by_name, &mut users);
    for (name, user) in users {
        if let User::One(at) = user
            && let Some(group) = groups.get_mut(at)
        {
            group.types.insert(name.to_owned());
        }
    }
    groups
}

/// Who uses a type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum User {
    /// One group.
    One(usize),
    /// More than one.
    All,
}

/// Notes the user of all that a type leads to.
fn follow<'i>(
    ty: &'i Ty,
    user: User,
    items: &HashMap<&'i str, &'i Item>,
    users: &mut HashMap<&'i str, User>,
) {
    let mut left = vec![ty];
    while let Some(ty) = left.pop() {
        all(ty, &mut |name| {
            let known = users.get(name).copied();
            let now = match known {
                None => user,
                Some(known) if known == user => known,
                Some(_) => User::All,
            };
            if known != Some(now) {
                users.insert(name, now);
                left.extend(items.get(name).into_iter().flat_map(|item| slots(item)));
            }
        });
    }
}

/// What no operation leads to: another name of a group's type stands with it, all else belongs to
/// all with what it leads to.
fn left_over<'i>(
    items: &'i [Item],
    by_name: &HashMap<&'i str, &'i Item>,
    users: &mut HashMap<&'i str, User>,
) {
    loop {
        let known = users.len();
        for item in items {
            if let Item::Alias(alias) = item
                && let Ty::Named(target) = &alias.ty
                && !users.contains_key(item.name())
                && let Some(user) = users.get(target.as_str()).copied()
            {
                users.insert(item.name(), user);
            }
        }
        if users.len() == known {
            break;
        }
    }
    for item in items {
        if !users.contains_key(item.name()) {
            users.insert(item.name(), User::All);
            for ty in slots(item) {
                follow(ty, User::All, by_name, users);
            }
        }
    }
}

/// The types that a payload is read as.
fn held(payload: &Payload) -> Vec<&Ty> {
    match payload {
        Payload::Json(ty) | Payload::JsonOrText(ty) => vec![ty],
        Payload::Records { item, error, .. } => std::iter::once(item).chain(error).collect(),
        Payload::Empty | Payload::Text | Payload::Bytes => Vec::new(),
    }
}

/// A group's feature: of its name, unless every package has such a one.
fn feature(name: &str, taken: &mut Scope) -> String {
    let name = name.trim_start_matches("r#");
    taken.claim(name.to_owned(), &[format!("{name}_operations")])
}
