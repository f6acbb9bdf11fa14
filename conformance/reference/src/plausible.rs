//! Makes invented items plausible: unique ids, dates in order, names that a person could give.

use super::context::World;
use super::particulars::Ids;
use super::value::{properties, put};
use base64::Engine as _;
use plumbline_conformance::Direction;
use plumbline_conformance::invent::Inventor;
use plumbline_specs::api::{Kind, SchemaId};
use serde_json::{Value, json};

/// 2026-01-05T09:00:00Z, a Monday, in milliseconds.
const EPOCH: i64 = 1_767_603_600_000;
/// A little over an hour lies between one item and the next.
const STEP: i64 = 3_725_000;

const FIRST: [&str; 12] = [
    "baseline",
    "retrieval",
    "summary",
    "router",
    "judge",
    "rerank",
    "prompt",
    "agent",
    "chunking",
    "grounding",
    "tone",
    "routing",
];
const SECOND: [&str; 8] = [
    "QA",
    "sweep",
    "ablation",
    "v2",
    "eval",
    "regression",
    "pilot",
    "tuned",
];

/// Which item is wanted.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Its collection.
    pub(super) collection: &'a str,
    /// The id of the item that owns it; empty at the top.
    pub(super) scope: &'a str,
    /// Its number in the scope, from 0.
    pub(super) index: u64,
    /// Its number in the collection, from 1.
    pub(super) sequence: u64,
}

/// A number that depends on all of `parts` alone (FNV-1a).
pub(super) fn mix(seed: u64, parts: &[&str]) -> u64 {
    let bytes = parts
        .iter()
        .flat_map(|part| part.bytes().chain(std::iter::once(0)));
    seed.to_le_bytes()
        .into_iter()
        .chain(bytes)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

/// A point in time, as RFC 3339 writes it.
pub(super) fn timestamp(millis: i64) -> String {
    match jiff::Timestamp::from_millisecond(millis) {
        Ok(time) if millis % 1000 == 0 => time.to_string(),
        Ok(time) => format!("{time:.3}"),
        Err(_) => "2026-01-05T09:00:00Z".to_owned(),
    }
}

/// When the item was created. Now and then two were created at once, so that orders have ties.
fn created(index: u64) -> i64 {
    let index = if index % 7 == 3 { index - 1 } else { index };
    EPOCH.saturating_add(STEP.saturating_mul(i64::try_from(index).unwrap_or(i64::MAX)))
}

/// An item of a collection, valid against its schema.
pub(super) fn item(world: &World, wanted: Wanted<'_>) -> Value {
    let api = world.api();
    let seed = mix(
        world.options.seed,
        &[wanted.collection, wanted.scope, &wanted.index.to_string()],
    );
    let kinship = world.collections.get(wanted.collection);
    let Some(schema) = kinship.and_then(|kinship| kinship.item) else {
        return json!({"id": format!("{}-{}", wanted.collection, wanted.sequence)});
    };
    let known = world
        .particulars
        .item(wanted.collection, created(wanted.index));
    let mut value = match known {
        Some(value) => value,
        None => Inventor::new(api, Direction::Response)
            .document(&world.contract.raw)
            .mixed()
            .seed(seed)
            .index(wanted.index)
            .value(schema),
    };
    let key = kinship.and_then(|kinship| kinship.key.clone());
    let key = key.unwrap_or_else(|| plumbline_specs::Pointer::root().join("id"));
    if let Some(properties) = properties(api, schema) {
        let names: Vec<_> = properties
            .iter()
            .map(|(name, property)| (name.clone(), property.schema, property.required))
            .collect();
        for (name, schema, required) in names {
            let plausible = member(world, &wanted, &name, schema, seed);
            let kept = required || value.get(&name).is_some_and(|value| !value.is_null());
            let always = world.particulars.is_always(&name);
            let Some(members) = value.as_object_mut() else {
                break;
            };
            match plausible {
                Some(plausible) => {
                    members.insert(name, plausible);
                }
                None if always && !kept => {
                    let some = (0..16)
                        .map(|turn| world.invent(schema, seed ^ turn))
                        .find(|value| !value.is_null());
                    if let Some(some) = some {
                        members.insert(name, some);
                    }
                }
                None => {}
            }
        }
    }
    if let Some(schema) = api.schemas.at(schema, &key)
        && let Some(id) = id(world, &wanted, schema, seed)
    {
        put(&mut value, &key, id);
    }
    value
}

/// A plausible value of a member, where its name or format says what that is.
fn member(
    world: &World,
    wanted: &Wanted<'_>,
    name: &str,
    schema: SchemaId,
    seed: u64,
) -> Option<Value> {
    let api = world.api();
    if let Some(fixed) = world.particulars.fixed.get(name) {
        return Some(fixed.clone());
    }
    let parent = world.collections.get(wanted.collection)?.parent.as_ref();
    let owner = parent.map(|parent| super::complaint::place_of(&parent.id));
    let owned = owner.is_some_and(|owner| owner == format!("path.{name}"));
    if owned && let Kind::Integer { .. } = &api.schemas[api.schemas.resolve(schema)].kind {
        return wanted.scope.parse::<i64>().ok().map(Value::from);
    }
    let Kind::String {
        format,
        values: None,
        pattern,
        max_length,
        ..
    } = string_kind(api, schema)?
    else {
        return None;
    };
    if owned && pattern.is_none() {
        return Some(wanted.scope.into());
    }
    match (format.as_deref(), name) {
        (Some("date-time"), name) => {
            let later = ["updat", "modif", "last", "end", "finish", "complet"];
            let later = later.iter().any(|word| name.contains(word));
            let delay = i64::try_from(seed % 3_000).unwrap_or_default() * 1_000;
            let millis = created(wanted.index) + if later { delay } else { 0 };
            Some(timestamp(millis).into())
        }
        (None, "name") if pattern.is_none() && max_length.is_none_or(|max| max >= 32) => {
            Some(title(wanted.index, seed).into())
        }
        // What items have in common comes from a few owners, so that a filter finds several.
        (Some("uuid"), _) => {
            let group = (seed >> 7) % 4;
            let shared = mix(world.options.seed, &[name, &group.to_string()]);
            Some(uuid(world.particulars.uuid, EPOCH, shared).into())
        }
        _ => None,
    }
}

/// A name; now and then two items have the same.
fn title(index: u64, seed: u64) -> String {
    let pick = |words: &[&str], number: u64| -> String {
        usize::try_from(number)
            .ok()
            .and_then(|number| words.get(number % words.len().max(1)))
            .map_or_else(String::new, |word| (*word).to_owned())
    };
    if index % 11 == 5 {
        return "nightly regression QA".to_owned();
    }
    format!(
        "{} {} {:02}",
        pick(&FIRST, seed),
        pick(&SECOND, seed / 13),
        index % 100
    )
}

/// What identifies the item; `None` keeps what was invented.
fn id(world: &World, wanted: &Wanted<'_>, schema: SchemaId, seed: u64) -> Option<Value> {
    let api = world.api();
    if let Kind::Integer { .. } = &api.schemas[api.schemas.resolve(schema)].kind {
        return Some(wanted.sequence.into());
    }
    match string_kind(api, schema)? {
        Kind::String { format, .. } if format.as_deref() == Some("uuid") => {
            // One millisecond apart at least, so that version 7 keeps the order of creation.
            let millis = EPOCH.saturating_add(
                STEP.saturating_mul(i64::try_from(wanted.index).unwrap_or_default()),
            );
            Some(uuid(world.particulars.uuid, millis, seed).into())
        }
        Kind::String {
            pattern: Some(_), ..
        } => None,
        Kind::String { .. } => {
            let singular = wanted.collection.strip_suffix('s');
            let singular = singular.unwrap_or(wanted.collection);
            Some(match world.particulars.ids {
                Ids::Number => wanted.sequence.to_string().into(),
                Ids::Readable => format!("{singular}-{}", wanted.sequence).into(),
                Ids::Global => base64::engine::general_purpose::STANDARD
                    .encode(format!("{}:{}", pascal(singular), wanted.sequence))
                    .into(),
            })
        }
        _ => None,
    }
}

fn pascal(name: &str) -> String {
    name.split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters)
        })
        .collect()
}

/// A UUID of that version (RFC 9562).
pub(super) fn uuid(version: u8, millis: i64, seed: u64) -> String {
    let low = mix(seed, &["uuid", "low"]).to_le_bytes();
    let high = mix(seed, &["uuid", "high"]).to_le_bytes();
    if version == 7 {
        let mut random = [0; 10];
        for (place, byte) in random.iter_mut().zip(low.into_iter().chain(high)) {
            *place = byte;
        }
        let millis = u64::try_from(millis).unwrap_or_default();
        return uuid::Builder::from_unix_timestamp_millis(millis, &random)
            .into_uuid()
            .to_string();
    }
    let mut random = [0; 16];
    for (place, byte) in random.iter_mut().zip(low.into_iter().chain(high)) {
        *place = byte;
    }
    uuid::Builder::from_random_bytes(random)
        .into_uuid()
        .to_string()
}

/// The string that a schema allows, also beside null.
fn string_kind(api: &plumbline_specs::api::Api, schema: SchemaId) -> Option<&Kind> {
    match &api.schemas[api.schemas.resolve(schema)].kind {
        kind @ Kind::String { .. } => Some(kind),
        Kind::Union { variants, .. } => match variants.as_slice() {
            [only] => match &api.schemas[api.schemas.resolve(only.schema)].kind {
                kind @ Kind::String { .. } => Some(kind),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}
