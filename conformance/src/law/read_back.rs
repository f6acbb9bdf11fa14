//! `read-back`: what the list shows is what there is.

use super::examination::Examination;
use super::finding::FindingBuilder;
use super::observations::{Observations, Read, Walk, Written, short};
use super::{ANY, Judgement, Law, Skip};
use crate::rule;
use serde_json::Value;

pub(super) const READ_BACK: Law = Law {
    rule: rule::law::READ_BACK,
    styles: ANY,
    judge,
};

fn judge(seen: &Observations) -> Judgement {
    if seen.reads.is_empty() && seen.written.is_none() {
        return match &seen.profile.get {
            None => Err(Skip(
                "the profile names no operation that reads one item, and writing was not asked for"
                    .to_owned(),
            )),
            Some(_) => seen.nothing("no item could be read by its key"),
        };
    }
    if let (true, Some(obstacle)) = (
        seen.reads.is_empty(),
        seen.written
            .as_ref()
            .and_then(|written| written.obstacle.as_ref()),
    ) {
        return Err(Skip(obstacle.clone()));
    }
    let mut look: Examination = seen.reads.iter().map(|read| fault(seen, read)).collect();
    for fault in seen.written.iter().flat_map(|written| {
        let come = comings(written);
        come.into_iter().chain(goings(written))
    }) {
        look.at(fault);
    }
    look.or(seen, "no walk after a write reached the end of the list")
}

fn fault(seen: &Observations, read: &Read) -> Option<FindingBuilder> {
    let key = &read.listed.key;
    let fault = match &read.answer {
        Err(why) => FindingBuilder::new(format!("reading {key:?} gets no answer: {why}"))
            .expected_actual("the item", why.clone()),
        Ok((status, _)) if !(200..300).contains(status) => FindingBuilder::new(format!(
            "the list shows {key:?}, and reading it answers {status}"
        ))
        .expected_actual("the item", format!("status {status}")),
        Ok((_, None)) => FindingBuilder::new(format!("reading {key:?} answers no JSON"))
            .expected_actual("the item", "no JSON"),
        Ok((_, Some(body))) => {
            // Some APIs wrap the one item that they return in an object.
            let own = unwrapped(seen, body);
            let pointer = different(&read.listed.value, own, seen)?;
            let at = |value: &Value| value.pointer(&pointer).map(short).unwrap_or_default();
            FindingBuilder::new(format!(
                "{key:?} has {} at {pointer} in the list and {} when it is read",
                at(&read.listed.value),
                at(own)
            ))
            .expected_actual(at(&read.listed.value), at(own))
            .at(pointer)
        }
    };
    Some(
        fault
            .keys([&**key])
            .with_exchange(read.list)
            .with_exchange(read.read),
    )
}

/// The item itself: where the body has no key but one member that does, that member.
fn unwrapped<'a>(seen: &Observations, body: &'a Value) -> &'a Value {
    let Some(key) = &seen.profile.key else {
        return body;
    };
    if body.pointer(key.as_str()).is_some() {
        return body;
    }
    body.as_object()
        .into_iter()
        .flatten()
        .map(|(_, member)| member)
        .find(|member| member.pointer(key.as_str()).is_some())
        .unwrap_or(body)
}

/// The first member that both show and that differs. A list may show less of an item, so a
/// member that one of them lacks or gives as null says nothing, and of nested ones only the
/// key counts, as numbers there are often worked out anew.
fn different(listed: &Value, read: &Value, seen: &Observations) -> Option<String> {
    if let Some(key) = &seen.profile.key
        && listed.pointer(key.as_str()) != read.pointer(key.as_str())
    {
        return Some(key.to_string());
    }
    let (Value::Object(listed), Value::Object(read)) = (listed, read) else {
        return None;
    };
    listed.iter().find_map(|(name, own)| {
        let other = read.get(name)?;
        let scalar = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
        (scalar(own) && scalar(other) && own != other)
            .then(|| plumbline_specs::Pointer::root().join(name).to_string())
    })
}

/// What the walk after the creation shows; `None` where it did not see all.
fn comings(written: &Written) -> Option<Option<FindingBuilder>> {
    let ((key, exchange), walk) = (written.created.as_ref()?, written.after_create.as_ref()?);
    let count = occurrences(walk, key)?;
    Some((count != 1).then(|| {
        with_evidence(
            FindingBuilder::new(format!(
                "{key:?}, just created, comes {count} times in {}",
                walk.describe()
            ))
            .expected_actual("exactly once", format!("{count} times"))
            .keys([&**key])
            .with_exchange(*exchange),
            walk,
            key,
        )
    }))
}

/// What the walk after the deletion shows; `None` where it did not see all.
fn goings(written: &Written) -> Option<Option<FindingBuilder>> {
    let ((key, _), walk) = (written.created.as_ref()?, written.after_delete.as_ref()?);
    let exchange = written.deleted?;
    let count = occurrences(walk, key)?;
    Some((count != 0).then(|| {
        with_evidence(
            FindingBuilder::new(format!(
                "{key:?}, just deleted, still comes in {}",
                walk.describe()
            ))
            .expected_actual("never", format!("{count} times"))
            .keys([&**key])
            .with_exchange(exchange),
            walk,
            key,
        )
    }))
}

/// How often a key comes in a walk that saw all.
fn occurrences(walk: &Walk, key: &str) -> Option<usize> {
    walk.whole()
        .then(|| walk.keys().into_iter().filter(|own| *own == key).count())
}

/// The evidence of a walk: the pages that show the key, or else the first.
fn with_evidence(fault: FindingBuilder, walk: &Walk, key: &str) -> FindingBuilder {
    let pages: Vec<_> = walk
        .pages
        .iter()
        .filter(|page| page.keys().contains(&key))
        .take(2)
        .collect();
    if pages.is_empty() {
        return walk
            .pages
            .iter()
            .take(1)
            .fold(fault, FindingBuilder::with_page);
    }
    pages.into_iter().fold(fault, FindingBuilder::with_page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ExchangeId;
    use crate::law::testing::{breaks, holds, items, page_style, skips, walk_like};
    use serde_json::json;

    #[test]
    fn an_item_read_is_the_item_listed() {
        let mut seen = page_style(&["a b", "c"], 2);
        skips("read-back", &seen, "names no operation");
        for (answer, wrong) in [
            (Ok((200, Some(json!({"id": "a", "rank": 1})))), false),
            (Ok((200, Some(json!({"data": {"id": "a"}})))), false),
            (Ok((200, Some(json!({"id": "b"})))), true),
            (Ok((404, None)), true),
            (Ok((200, None)), true),
            (Err("closed".to_owned()), true),
        ] {
            seen.reads = vec![Read {
                listed: items("a").remove(0),
                list: ExchangeId(1),
                read: ExchangeId(9),
                answer: answer.clone(),
            }];
            if wrong {
                breaks("read-back", &seen);
            } else {
                holds("read-back", &seen);
            }
        }
    }

    #[test]
    fn a_created_item_comes_once_and_a_deleted_one_never() {
        let mut seen = page_style(&["a b", "c"], 2);
        for (created, deleted, message) in [
            (&["new a", "b c"][..], &["a b", "c"][..], None),
            (
                &["a b", "c"],
                &["a b", "c"],
                Some("\"new\", just created, comes 0 times in the walk of size 2"),
            ),
            (
                &["new a", "new c"],
                &["a b", "c"],
                Some("\"new\", just created, comes 2 times in the walk of size 2"),
            ),
            (
                &["new a", "b c"],
                &["new a", "b c"],
                Some("\"new\", just deleted, still comes in the walk of size 2"),
            ),
        ] {
            seen.written = Some(Written {
                obstacle: None,
                created: Some(("new".into(), ExchangeId(20))),
                after_create: Some(walk_like(&seen, 2, created)),
                deleted: Some(ExchangeId(30)),
                after_delete: Some(walk_like(&seen, 2, deleted)),
            });
            match message {
                None => holds("read-back", &seen),
                Some(message) => assert_eq!(breaks("read-back", &seen)[0].message, message),
            }
        }
    }
}
