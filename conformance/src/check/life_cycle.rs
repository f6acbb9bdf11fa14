//! `life-cycle`: what is created can be read as it was written, changed, and is gone when deleted.

use super::create::{create_item, succeeded};
use super::item::{Item, send};
use super::members::{differing, item_pointer, set_by};
use super::{CheckContext, Judged, Observed, Probed, describe_actual, finding, outcome};
use crate::contract::{decoded, rendered, text};
use crate::{Exchange, Finding, Outcome, Severity, rule};
use plumbline_specs::api::{Operation, Resource, Role};
use serde_json::Value;
use std::sync::Arc;

/// One item's life, from the operation that creates it on. It writes: only for `--writes`.
pub(crate) async fn life_cycle(context: CheckContext<'_>, create: &Operation) -> Option<Outcome> {
    let resource = create.resource.as_ref()?;
    if resource.role != Role::Create {
        return None;
    }
    let item = Item::new(context.contract, create, resource);
    let probed = probe(context, item, resource).await;
    let judged = probed.map(|life| judge(item, &life));
    let nothing = "nothing reads, changes or deletes what is created";
    Some(outcome(rule::check::LIFE_CYCLE, create, judged, nothing))
}

/// What was sent for one item, and what came: each is `None` where no operation does it, or it may
/// not be sent.
struct ItemLifecycle {
    created: Arc<Exchange>,
    id: Value,
    /// The members that the creation sets.
    written: Option<Value>,
    read: Option<Arc<Exchange>>,
    change: Option<Change>,
    end: Option<End>,
}

/// A change that was accepted, and the read after it.
struct Change {
    exchange: Arc<Exchange>,
    /// The members that it sets.
    body: Option<Value>,
    /// The member that was picked to be changed.
    member: Option<String>,
    read: Arc<Exchange>,
}

/// A deletion, and what shows it.
struct End {
    deleted: Arc<Exchange>,
    after: After,
}

enum After {
    /// Nothing reads an item, or nothing was deleted.
    Nothing,
    /// The item is read again, though it should be gone.
    Read(Arc<Exchange>),
    /// A deletion that only marks the item, and what takes the mark away.
    Marked(Vec<Mark>),
}

/// Constant values that an operation gives an item, and the read after it.
struct Mark {
    how: &'static str,
    exchange: Arc<Exchange>,
    marks: Value,
    read: Arc<Exchange>,
}

async fn probe(
    context: CheckContext<'_>,
    item: Item<'_>,
    resource: &Resource,
) -> Probed<ItemLifecycle> {
    let create = item.create;
    let request = context.creation(create)?;
    let created = create_item(context, create, request).await;
    if !succeeded(&created) {
        return Err(format!(
            "nothing could be created: {}",
            describe_actual(&created)
        ));
    }
    let id = context.created_id(create, &created).ok_or_else(|| {
        "the document does not say where the id of what is created stands".to_owned()
    })?;
    let guard = context.session.guard();
    if guard.is_some_and(|guard| !guard.is_own(create, &created)) {
        return Err("it answers with what may have been there before".to_owned());
    }
    let mut values = context.values.clone();
    values.prefer(&resource.collection, id.clone());
    let context = CheckContext {
        values: &values,
        ..context
    };
    let read = item.read(context).await;
    let succeeded_read = read.as_ref().filter(|read| succeeded(read));
    let before = succeeded_read.and_then(|read| item.item_of(read));
    let change = change(context, item, before.as_ref()).await;
    Ok(ItemLifecycle {
        written: sets(resource, &created),
        id,
        created,
        read,
        change,
        end: end(context, item).await,
    })
}

/// Changes the item, which was shown so before; `None` where it cannot be changed or read, or the
/// change is refused.
async fn change(
    context: CheckContext<'_>,
    item: Item<'_>,
    before: Option<&Value>,
) -> Option<Change> {
    let operation = item.operation(Role::Update)?;
    let resource = operation.resource.as_ref()?;
    if resource.ids.is_some() {
        return None;
    }
    let mut request = context.contract.request(operation, context.values).ok()?;
    let member = item.differ(operation, &mut request, before);
    let exchange = context.session.send(request).await;
    if !succeeded(&exchange) {
        return None;
    }
    Some(Change {
        body: sets(resource, &exchange),
        member,
        read: item.read(context).await?,
        exchange,
    })
}

/// The members that a request sets.
fn sets(resource: &Resource, exchange: &Exchange) -> Option<Value> {
    let body = exchange.request.body.as_deref()?;
    Some(set_by(resource, serde_json::from_slice(body).ok()?))
}

/// Deletes the item, and reads it again.
async fn end(context: CheckContext<'_>, item: Item<'_>) -> Option<End> {
    let deleted = item.perform(context, Role::Delete).await?;
    let after = if !succeeded(&deleted) {
        After::Nothing
    } else if let Some(marks) = item.marks(Role::Delete) {
        let mut marked = Vec::new();
        let deletion = (Arc::clone(&deleted), marks, "set by the deletion");
        marked.extend(mark(context, item, deletion).await);
        if let Some((restore, marks)) = item.marking(Role::Update).zip(item.marks(Role::Update))
            && let Some(restored) = send(context, restore).await
        {
            marked.extend(mark(context, item, (restored, marks, "set again")).await);
        }
        After::Marked(marked)
    } else {
        let read = item.read(context).await;
        read.map_or(After::Nothing, After::Read)
    };
    Some(End { deleted, after })
}

/// Reads the item after an operation that has marked it.
async fn mark(
    context: CheckContext<'_>,
    item: Item<'_>,
    (exchange, marks, how): (Arc<Exchange>, Value, &'static str),
) -> Option<Mark> {
    Some(Mark {
        how,
        exchange,
        marks,
        read: item.read(context).await?,
    })
}

fn judge(item: Item<'_>, life: &ItemLifecycle) -> Judged {
    let mut looked_at = 0;
    let mut findings: Vec<Finding> = address(life).into_iter().collect();
    let contradiction = |message: &str, exchange: &Exchange| {
        let mut found = finding(Severity::Failure, message, "a success", &exchange.into());
        found.evidence.insert(0, life.created.id);
        found
    };
    if let Some(read) = &life.read {
        looked_at += usize::from(read.status().is_some());
        if succeeded(read) {
            let told = compare(item, read, life.written.as_ref(), "written", None);
            findings.extend(after(&life.created, read, told));
        } else {
            findings.push(contradiction("what was created cannot be read", read));
        }
    }
    if let Some(change) = &life.change {
        looked_at += usize::from(change.read.status().is_some());
        let (picked, body) = (change.member.as_deref(), change.body.as_ref());
        let told = compare(item, &change.read, body, "changed", picked);
        findings.extend(after(&change.exchange, &change.read, told));
    }
    let Some(End {
        deleted,
        after: end,
    }) = &life.end
    else {
        return Judged {
            looked_at,
            findings,
        };
    };
    looked_at += usize::from(deleted.status().is_some());
    if !succeeded(deleted) {
        findings.push(contradiction("what was created cannot be deleted", deleted));
    }
    match end {
        After::Nothing => {}
        After::Read(read) => {
            if succeeded(read) {
                let message = "what was deleted can still be read";
                let mut found = finding(Severity::Failure, message, "a 4xx", &(&**read).into());
                found.evidence.insert(0, deleted.id);
                findings.push(found);
            }
        }
        After::Marked(marked) => {
            for mark in marked {
                if succeeded(&mark.exchange) && succeeded(&mark.read) {
                    let told = compare(item, &mark.read, Some(&mark.marks), mark.how, None);
                    findings.extend(after(&mark.exchange, &mark.read, told));
                } else {
                    let message = format!("what is {} cannot be read", mark.how);
                    findings.push(contradiction(&message, &mark.read));
                }
            }
        }
    }
    Judged {
        looked_at,
        findings,
    }
}

/// Findings of a read that was made after an exchange: both are the evidence.
fn after(before: &Exchange, read: &Exchange, mut findings: Vec<Finding>) -> Vec<Finding> {
    for finding in &mut findings {
        finding.evidence = vec![before.id, read.id];
    }
    findings
}

/// A Location that does not end with the id. It warns: an item may have several addresses.
fn address(life: &ItemLifecycle) -> Option<Finding> {
    let location = life.created.reply()?.header("Location")?;
    let path = location.split(['?', '#']).next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next()?;
    let id = text(&life.id);
    (decoded(last) != id).then(|| Finding {
        actual: location.to_owned(),
        ..finding(
            Severity::Warning,
            "the Location of what was created does not end with its id",
            id,
            &Observed::from(&*life.created),
        )
    })
}

/// The members that were sent, beside those that are shown. That the member which was picked to be
/// changed is not shown is a failure, as it was taken.
fn compare(
    item: Item<'_>,
    read: &Exchange,
    sent: Option<&Value>,
    how: &str,
    picked: Option<&str>,
) -> Vec<Finding> {
    let Some(get) = item.operation(Role::Get) else {
        return Vec::new();
    };
    let (Some(Value::Object(shown)), Some(Value::Object(sent))) = (item.item_of(read), sent) else {
        return Vec::new();
    };
    let place = item_pointer(get)
        .map(ToString::to_string)
        .unwrap_or_default();
    differing(item.contract, get, sent, &shown)
        .into_iter()
        .map(|(name, severity)| {
            let severity = if picked == Some(name.as_str()) {
                Severity::Failure
            } else {
                severity
            };
            let actual = shown
                .get(&name)
                .map_or_else(|| "nothing".to_owned(), rendered);
            Finding {
                actual,
                pointer: Some(format!("{place}/{name}")),
                ..finding(
                    severity,
                    format!("`{name}` does not stand as it was {how}"),
                    rendered(sent.get(&name).unwrap_or(&Value::Null)),
                    &read.into(),
                )
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{contract, counted, exchange};
    use serde_json::json;

    /// A life without a fault: created, read, changed, read, deleted, read.
    fn life() -> ItemLifecycle {
        let made = json!({"id": "a", "name": "made"});
        let changed = json!({"id": "a", "name": "changed"});
        let exchange = |id, status, body: &Value| Arc::new(exchange(id, status, body));
        ItemLifecycle {
            created: exchange(1, 201, &made),
            id: json!("a"),
            written: Some(json!({"name": "made"})),
            read: Some(exchange(2, 200, &made)),
            change: Some(Change {
                exchange: exchange(3, 200, &changed),
                body: Some(json!({"name": "changed"})),
                member: Some("name".to_owned()),
                read: exchange(4, 200, &changed),
            }),
            end: Some(End {
                deleted: exchange(5, 204, &Value::Null),
                after: After::Read(exchange(6, 404, &Value::Null)),
            }),
        }
    }

    fn judged(life: &ItemLifecycle) -> (usize, Vec<String>) {
        let contract = contract();
        let create = contract.operation("createRoom").unwrap();
        let item = Item::new(&contract, create, create.resource.as_ref().unwrap());
        counted(&judge(item, life))
    }

    /// A finding, and the exchange that breaks a life so.
    type Breaking = (
        &'static str,
        fn(&mut ItemLifecycle, Arc<Exchange>),
        Exchange,
    );

    #[test]
    fn each_part_of_a_life_has_its_finding() {
        assert_eq!(judged(&life()), (3, vec![]));
        let room = |name: &str| json!({"id": "a", "name": name});
        let break_one: [Breaking; 6] = [
            (
                "fails: what was created cannot be read [1, 9]",
                |life, other| life.read = Some(other),
                exchange(9, 404, &json!({})),
            ),
            (
                "fails: `name` does not stand as it was written [1, 9]",
                |life, other| life.read = Some(other),
                exchange(9, 200, &room("other")),
            ),
            (
                "warns: `name` does not stand as it was written [1, 9]",
                |life, other| life.read = Some(other),
                exchange(9, 200, &json!({"id": "a"})),
            ),
            (
                // The member was picked, and the change taken.
                "fails: `name` does not stand as it was changed [3, 9]",
                |life, other| life.change.as_mut().unwrap().read = other,
                exchange(9, 200, &json!({"id": "a"})),
            ),
            (
                "fails: what was created cannot be deleted [1, 9]",
                |life, other| {
                    life.end = Some(End {
                        deleted: other,
                        after: After::Nothing,
                    });
                },
                exchange(9, 405, &json!({})),
            ),
            (
                "fails: what was deleted can still be read [5, 9]",
                |life, other| life.end.as_mut().unwrap().after = After::Read(other),
                exchange(9, 200, &room("changed")),
            ),
        ];
        for (finding, break_it, with) in break_one {
            let mut life = life();
            break_it(&mut life, Arc::new(with));
            assert_eq!(judged(&life).1, [finding]);
        }
    }

    #[test]
    fn what_a_deletion_marks_is_shown_until_it_is_taken_back() {
        let mark = |how, id, size: u64, shown: u64| Mark {
            how,
            exchange: Arc::new(exchange(id, 204, &Value::Null)),
            marks: json!({ "size": size }),
            read: Arc::new(exchange(id + 1, 200, &json!({"id": "a", "size": shown}))),
        };
        for (first, second, findings) in [
            (1, 0, &[][..]),
            (
                0,
                0,
                &["fails: `size` does not stand as it was set by the deletion [5, 6]"],
            ),
            (
                1,
                1,
                &["fails: `size` does not stand as it was set again [7, 8]"],
            ),
        ] {
            let mut life = life();
            life.end.as_mut().unwrap().after = After::Marked(vec![
                mark("set by the deletion", 5, 1, first),
                mark("set again", 7, 0, second),
            ]);
            assert_eq!(judged(&life).1, findings);
        }
    }

    #[test]
    fn a_location_ends_with_the_id() {
        for (location, told) in [
            ("/rooms/a", None),
            ("https://h/rooms/a/?x=1", None),
            (
                "/rooms/b",
                Some("warns: the Location of what was created does not end with its id [1]"),
            ),
        ] {
            let mut life = life();
            let mut created = Exchange::clone(&life.created);
            let headers = &mut created.answer.as_mut().unwrap().headers;
            headers.push(("location".to_owned(), location.to_owned()));
            life.created = Arc::new(created);
            assert_eq!(judged(&life).1, Vec::from_iter(told), "{location}");
        }
    }
}
