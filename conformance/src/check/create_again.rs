//! `create-again`: a creation under an id that is there changes nothing, where that is promised.

use super::create::{send_new, succeeded};
use super::item::Item;
use super::{CheckContext, Judged, Probed, describe_actual, finding, outcome};
use crate::contract::{rendered, write_at};
use crate::{Exchange, Finding, Outcome, Severity, rule};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Expression, Operation, Resource, Role};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Creates an item, and then another one under its id. It writes: only for `--writes`.
pub(crate) async fn create_again(context: CheckContext<'_>, create: &Operation) -> Option<Outcome> {
    let resource = create.resource.as_ref()?;
    let promised = resource.again?;
    let Expression::RequestBody(place) = resource.chosen.as_ref()? else {
        return None;
    };
    if resource.role != Role::Create {
        return None;
    }
    let probed = probe(context, create, resource, place).await;
    let judged = probed.map(|twice| judge(promised, &twice));
    let nothing = "the second creation was not answered";
    Some(outcome(rule::check::CREATE_AGAIN, create, judged, nothing))
}

/// Two creations under one id.
struct Twice {
    first: Arc<Exchange>,
    second: Arc<Exchange>,
    /// The members that the second would set.
    sent: Map<String, Value>,
    /// The item before and after the second, where it can be read.
    reads: Option<[Read; 2]>,
}

/// A read of the item, and what it shows.
struct Read {
    exchange: Arc<Exchange>,
    shown: Value,
}

async fn probe(
    context: CheckContext<'_>,
    create: &Operation,
    resource: &Resource,
    place: &Pointer,
) -> Probed<Twice> {
    let mut request = context.creation(create)?;
    let first = send_new(context, create, request.clone()).await;
    let id = succeeded(&first)
        .then(|| context.created_id(create, &first))
        .flatten()
        .ok_or_else(|| format!("nothing could be created: {}", describe_actual(&first)))?;
    let mut values = context.values.clone();
    values.prefer(&resource.collection, id.clone());
    let context = CheckContext {
        values: &values,
        ..context
    };
    let item = Item::new(context.contract, create, resource);
    let read = async || {
        let exchange = item.read(context).await?;
        let shown = item.item_of(&exchange)?;
        Some(Read { exchange, shown })
    };
    let before = read().await;
    item.differ(
        create,
        &mut request,
        before.as_ref().map(|read| &read.shown),
    );
    let body = request.body.as_deref();
    let Some(sent) = body.and_then(|body| serde_json::from_slice::<Map<_, _>>(body).ok()) else {
        return Err("a request to create has no JSON object to put the id into".to_owned());
    };
    let mut chosen = Value::Object(sent.clone());
    write_at(&mut chosen, place, id);
    request.body = Some(chosen.to_string().into_bytes());
    let second = context.session.send(request).await;
    let reads = match (before, read().await) {
        (Some(before), Some(now)) => Some([before, now]),
        _ => None,
    };
    item.perform(context, Role::Delete).await;
    Ok(Twice {
        first,
        second,
        sent,
        reads,
    })
}

fn judge(promised: u16, twice: &Twice) -> Judged {
    let second = &*twice.second;
    let mut judged = Judged {
        looked_at: usize::from(second.status().is_some()),
        ..Judged::default()
    };
    if second.status().is_some_and(|status| status != promised) {
        let message = "a second creation under the same id is answered otherwise than promised";
        let expected = promised.to_string();
        let mut found = finding(Severity::Failure, message, expected, &second.into());
        found.evidence.insert(0, twice.first.id);
        judged.findings.push(found);
    }
    let Some([before, now]) = &twice.reads else {
        return judged;
    };
    judged.looked_at += 1;
    for name in twice.sent.keys() {
        let (before_value, after_value) = (before.shown.get(name), now.shown.get(name));
        if before_value == after_value {
            continue;
        }
        let describe =
            |member: Option<&Value>| member.map_or_else(|| "nothing".to_owned(), rendered);
        judged.findings.push(Finding {
            actual: describe(after_value),
            evidence: vec![before.exchange.id, second.id, now.exchange.id],
            ..finding(
                Severity::Failure,
                format!("a second creation under the same id changed `{name}`"),
                describe(before_value),
                &(&*now.exchange).into(),
            )
        });
    }
    judged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{counted, exchange};
    use serde_json::json;

    fn twice(status: u16, name: Option<&str>) -> Twice {
        let room = |name: &str| json!({"id": "a", "name": name});
        let read = |id, name: &str| Read {
            exchange: Arc::new(exchange(id, 200, &room(name))),
            shown: room(name),
        };
        Twice {
            first: Arc::new(exchange(1, 201, &room("one"))),
            second: Arc::new(exchange(3, status, &json!({}))),
            sent: Map::from_iter([("name".to_owned(), json!("two"))]),
            reads: name.map(|name| [read(2, "one"), read(4, name)]),
        }
    }

    #[test]
    fn a_second_creation_under_an_id_changes_nothing() {
        let otherwise =
            "fails: a second creation under the same id is answered otherwise than promised [1, 3]";
        let changed = "fails: a second creation under the same id changed `name` [2, 3, 4]";
        for (status, name, looked_at, findings) in [
            (409, Some("one"), 2, &[][..]),
            (409, None, 1, &[]),
            (201, Some("one"), 2, &[otherwise]),
            (409, Some("two"), 2, &[changed]),
            (201, Some("two"), 2, &[otherwise, changed]),
        ] {
            let findings = findings.iter().map(ToString::to_string).collect();
            let judged = judge(409, &twice(status, name));
            assert_eq!(counted(&judged), (looked_at, findings), "{status} {name:?}");
        }
    }
}
