//! `create-again`: a creation under an id that is there changes nothing, where that is promised.

use super::life_cycle::{Life, send_new, succeeded};
use super::{Scene, finding};
use crate::contract::{rendered, write_at};
use crate::expression::created_id;
use crate::{Finding, Outcome, Severity, rule};
use plumbline_specs::api::{Expression, Operation, Role};
use serde_json::Value;

/// Creates an item, and then another one under its id. It writes: only for `--writes`.
pub(crate) async fn create_again(scene: Scene<'_>, create: &Operation) -> Option<Outcome> {
    let resource = create.resource.as_ref()?;
    let promised = resource.again?;
    let Expression::RequestBody(place) = resource.chosen.as_ref()? else {
        return None;
    };
    if resource.role != Role::Create {
        return None;
    }
    let label = create.label();
    let skipped =
        |reason: String| Some(Outcome::skipped(rule::check::CREATE_AGAIN, &label, reason));
    let mut request = match scene.contract.request(create, scene.values) {
        Ok(request) => request,
        Err(missing) => return skipped(missing.to_string()),
    };
    scene.choose(create, &mut request);
    let created = send_new(scene, create, request.clone()).await;
    let came = super::came(&created);
    let Some(id) = succeeded(&created)
        .then(|| created_id(create, &created))
        .flatten()
    else {
        return skipped(format!("nothing could be created: {came}"));
    };
    let mut values = scene.values.clone();
    values.prefer(&resource.collection, id.clone());
    let scene = Scene {
        values: &values,
        ..scene
    };
    let life = Life {
        scene,
        collection: &resource.collection,
        created,
    };
    let before = life.read().await;
    let shown = before.as_ref().and_then(|read| life.shown(read));
    let mut other = request;
    life.differ(create, &mut other, shown.as_ref());
    let body = other.body.as_deref();
    let Some(body) = body.and_then(|body| serde_json::from_slice::<Value>(body).ok()) else {
        return skipped("a request to create has no JSON to put the id into".to_owned());
    };
    let mut chosen = body.clone();
    write_at(&mut chosen, place, id);
    other.body = Some(chosen.to_string().into_bytes());
    let again = scene.session.send(other).await;
    let mut looked_at = usize::from(again.status().is_some());
    let mut findings = Vec::new();
    if again.status().is_some_and(|status| status != promised) {
        let mut found = finding(
            Severity::Failure,
            "a second creation under the same id is answered otherwise than promised",
            promised.to_string(),
            &again,
        );
        found.evidence.insert(0, life.created.id);
        findings.push(found);
    }
    if let (Some(before), Some(shown)) = (before, shown)
        && let Some(read) = life.read().await
        && let (Some(now), Value::Object(body)) = (life.shown(&read), body)
    {
        looked_at += 1;
        for name in body.keys() {
            if shown.get(name) == now.get(name) {
                continue;
            }
            let told = |item: &Value| {
                item.get(name)
                    .map_or_else(|| "nothing".to_owned(), rendered)
            };
            findings.push(Finding {
                expected: told(&shown),
                actual: told(&now),
                evidence: vec![before.id, again.id, read.id],
                ..finding(
                    Severity::Failure,
                    format!("a second creation under the same id changed `{name}`"),
                    "",
                    &read,
                )
            });
        }
    }
    life.perform(Role::Delete).await;
    let nothing = "the second creation was not answered";
    Some(Outcome::looked(
        rule::check::CREATE_AGAIN,
        &label,
        looked_at,
        findings,
        nothing,
    ))
}
