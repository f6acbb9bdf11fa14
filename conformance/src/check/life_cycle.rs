//! `life-cycle`: what is created can be read as it was written, changed, and is gone when deleted.

use super::{Scene, finding};
use crate::contract::{collection_of, create_id};
use crate::{Contract, Exchange, Family, Finding, Outcome, Rule, Severity, Values};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Expression, Kind, Operation, Role, SchemaId};
use serde_json::{Map, Value};
use std::sync::Arc;

pub(super) const RULE: Rule = Rule {
    id: "life-cycle",
    family: Family::Check,
    promise: "What is created can be read as it was written, changed, and is gone when deleted.",
    source: "RFC 9110, sections 9.3.3 to 9.3.5; x-resource",
    example: "DELETE answers 204, and GET still shows the item.",
};

/// One item's life, from the operation that creates it on. It writes: only for `--writes`.
pub(crate) async fn life_cycle(scene: Scene<'_>, create: &Operation) -> Option<Outcome> {
    let resource = create.resource.as_ref()?;
    if resource.role != Role::Create {
        return None;
    }
    let label = create.label();
    let skipped = |reason: String| Some(Outcome::skipped(RULE.id, &label, reason));
    let request = match scene.contract.request(create, scene.values) {
        Ok(request) => request,
        Err(missing) => return skipped(missing.to_string()),
    };
    let (request, created) = born(scene, create, request).await;
    let written: Option<Value> = request
        .body
        .as_deref()
        .and_then(|body| serde_json::from_slice(body).ok());
    if !succeeded(&created) {
        return skipped(format!(
            "nothing could be created: {}",
            super::came(&created)
        ));
    }
    let Some(id) = create_id(create, &created) else {
        return skipped(
            "the document does not say where the id of what is created stands".to_owned(),
        );
    };
    let mut values = scene.values.clone();
    values.prefer(&resource.collection, id);
    let life = Life {
        scene: Scene {
            values: &values,
            ..scene
        },
        collection: &resource.collection,
        created,
    };
    Some(Outcome::judged(RULE.id, &label, life.judge(written).await))
}

/// An item that the kit has created.
pub(super) struct Life<'a> {
    /// Its values name the item.
    pub(super) scene: Scene<'a>,
    pub(super) collection: &'a str,
    pub(super) created: Arc<Exchange>,
}

impl Life<'_> {
    async fn judge(&self, written: Option<Value>) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.address().into_iter().collect();
        let mut before = None;
        if let Some(read) = self.read().await {
            if succeeded(&read) {
                findings.extend(self.compare(&read, written.as_ref(), "written", None));
                before = self.shown(&read);
            } else {
                findings.push(self.contradiction(
                    "what was created cannot be read",
                    "a success",
                    &read,
                ));
            }
        }
        if let Some(change) = self.change(before.as_ref()).await
            && let Some(read) = self.read().await
        {
            let picked = change.member.as_deref();
            let mut told = self.compare(&read, change.body.as_ref(), "changed", picked);
            for finding in &mut told {
                finding.evidence = vec![change.exchange.id, read.id];
            }
            findings.extend(told);
        }
        if let Some(deleted) = self.perform(Role::Delete).await {
            if !succeeded(&deleted) {
                findings.push(self.contradiction(
                    "what was created cannot be deleted",
                    "a success",
                    &deleted,
                ));
            } else if let Some(read) = self.read().await
                && succeeded(&read)
            {
                let mut found = finding(
                    Severity::Failure,
                    "what was deleted can still be read",
                    "a 4xx",
                    &read,
                );
                found.evidence.insert(0, deleted.id);
                findings.push(found);
            }
        }
        findings
    }

    /// A Location that does not end with the id. It warns: an item may have several addresses.
    fn address(&self) -> Option<Finding> {
        let location = self.created.reply()?.header("Location")?;
        let path = location.split(['?', '#']).next().unwrap_or_default();
        let last = path.trim_end_matches('/').rsplit('/').next()?;
        let id = match self.scene.values.ids(self.collection).first()? {
            Value::String(id) => id.clone(),
            other => other.to_string(),
        };
        let decoded = percent_encoding::percent_decode_str(last).decode_utf8_lossy();
        (decoded != id).then(|| {
            let mut found = finding(
                Severity::Warning,
                "the Location of what was created does not end with its id",
                id,
                &self.created,
            );
            found.actual = location.to_owned();
            found
        })
    }

    /// The operation of that role that takes the item's id.
    fn operation(&self, role: Role) -> Option<&Operation> {
        let operations = &self.scene.contract.api.operations;
        let of_role = |operation: &&Operation| {
            operation.resource.as_ref().is_some_and(|resource| {
                resource.role == role
                    && resource.collection == self.collection
                    && (resource.ids.is_some()
                        || operation.parameters.iter().any(|parameter| {
                            collection_of(operation, parameter) == Some(self.collection)
                        }))
            })
        };
        // One item rather than a batch.
        let mut found: Vec<&Operation> = operations.iter().filter(of_role).collect();
        found.sort_by_key(|operation| {
            operation
                .resource
                .as_ref()
                .is_some_and(|resource| resource.ids.is_some())
        });
        found.into_iter().next()
    }

    pub(super) async fn perform(&self, role: Role) -> Option<Arc<Exchange>> {
        let request = self
            .scene
            .contract
            .request(self.operation(role)?, self.scene.values)
            .ok()?;
        Some(self.scene.session.send(request).await)
    }

    pub(super) async fn read(&self) -> Option<Arc<Exchange>> {
        self.perform(Role::Get).await
    }

    /// Changes the item, which was shown so before; `None` where it cannot be changed, or the
    /// change is refused.
    async fn change(&self, before: Option<&Value>) -> Option<Changed> {
        let operation = self.operation(Role::Update)?;
        let resource = operation.resource.as_ref()?;
        if resource.ids.is_some() {
            return None;
        }
        let mut request = self
            .scene
            .contract
            .request(operation, self.scene.values)
            .ok()?;
        let member = self.differ(operation, &mut request, before);
        let body = request
            .body
            .as_deref()
            .and_then(|body| serde_json::from_slice(body).ok());
        let exchange = self.scene.session.send(request).await;
        succeeded(&exchange).then_some(Changed {
            exchange,
            body,
            member,
        })
    }

    /// Makes a request of one that shows, as [`telling`] does.
    pub(super) fn differ(
        &self,
        operation: &Operation,
        request: &mut crate::Request,
        before: Option<&Value>,
    ) -> Option<String> {
        let get = self.operation(Role::Get)?;
        telling(
            self.scene.contract,
            operation,
            get,
            request,
            before,
            "changed by the kit",
        )
    }

    /// The item that a read shows.
    pub(super) fn shown(&self, read: &Exchange) -> Option<Value> {
        let body = read.reply().and_then(crate::Reply::json)?;
        match shown_at(self.operation(Role::Get)?) {
            Some(pointer) => body.pointer(pointer.as_str()).cloned(),
            None => Some(body),
        }
    }

    /// The members that were sent, beside those that are shown. That the member which was
    /// picked to be changed is not shown is a failure, as it was taken.
    fn compare(
        &self,
        read: &Exchange,
        sent: Option<&Value>,
        how: &str,
        picked: Option<&str>,
    ) -> Vec<Finding> {
        let Some(get) = self.operation(Role::Get) else {
            return Vec::new();
        };
        let (Some(Value::Object(shown)), Some(Value::Object(sent))) = (self.shown(read), sent)
        else {
            return Vec::new();
        };
        differing(self.scene.contract, get, sent, &shown)
            .into_iter()
            .map(|(name, severity)| {
                let severity = if picked == Some(name.as_str()) {
                    Severity::Failure
                } else {
                    severity
                };
                let mut found = finding(
                    severity,
                    format!("`{name}` does not stand as it was {how}"),
                    crate::contract::rendered(sent.get(&name).unwrap_or(&Value::Null)),
                    read,
                );
                found.actual = shown
                    .get(&name)
                    .map_or_else(|| "nothing".to_owned(), crate::contract::rendered);
                let place = shown_at(get).map(ToString::to_string).unwrap_or_default();
                found.pointer = Some(format!("{place}/{name}"));
                found.evidence.insert(0, self.created.id);
                found
            })
            .collect()
    }

    fn contradiction(&self, message: &str, expected: &str, exchange: &Exchange) -> Finding {
        let mut found = finding(Severity::Failure, message, expected, exchange);
        found.evidence.insert(0, self.created.id);
        found
    }
}

/// Puts a text into a member of a request's body that a read shows: what is invented can be
/// what is there already, or leave out what is optional. Best is a member that was shown
/// before, or one that is meant for people. Its name, where there is one.
fn telling(
    contract: &Contract,
    operation: &Operation,
    get: &Operation,
    request: &mut crate::Request,
    before: Option<&Value>,
    text: &str,
) -> Option<String> {
    const PLAIN: [&str; 4] = ["name", "title", "label", "description"];
    let schema = body_schema(operation)?;
    let Some(Value::Object(body)) = request.body.as_deref().map_or_else(
        || Some(Value::Object(Map::new())),
        |body| serde_json::from_slice(body).ok(),
    ) else {
        return None;
    };
    let known = &contract.api.schemas[contract.api.schemas.resolve(schema)];
    let Kind::Object { properties, .. } = &known.kind else {
        return None;
    };
    let mut names: Vec<&String> = properties
        .keys()
        .filter(|name| documents(contract, get, name))
        .collect();
    names.sort_by_key(|name| {
        let shown = before.is_some_and(|before| before.get(name.as_str()).is_some());
        let plain = PLAIN.iter().position(|plain| plain == name);
        (!shown, plain.unwrap_or(PLAIN.len()))
    });
    for name in names {
        let mut changed = body.clone();
        changed.insert(name.clone(), text.into());
        let changed = Value::Object(changed);
        if contract.is_valid(&known.place, crate::Direction::Request, &changed) {
            request.body = Some(changed.to_string().into_bytes());
            return Some(name.clone());
        }
    }
    None
}

/// Creates an item with a text that a read shows; where that is refused, without it.
async fn born(
    scene: Scene<'_>,
    create: &Operation,
    plain: crate::Request,
) -> (crate::Request, Arc<Exchange>) {
    let collection = create.resource.as_ref().map(|own| &own.collection);
    let get = scene.contract.api.operations.iter().find(|other| {
        let resource = other.resource.as_ref();
        resource.is_some_and(|own| own.role == Role::Get && Some(&own.collection) == collection)
    });
    if let Some(get) = get {
        let mut request = plain.clone();
        let text = "made by the kit";
        if telling(scene.contract, create, get, &mut request, None, text).is_some() {
            let created = scene.session.send(request.clone()).await;
            if succeeded(&created) {
                return (request, created);
            }
        }
    }
    let created = scene.session.send(plain.clone()).await;
    (plain, created)
}

/// A change that was accepted.
struct Changed {
    exchange: Arc<Exchange>,
    body: Option<Value>,
    /// The member that was picked to be changed.
    member: Option<String>,
}

/// Where the body of a read holds the item, if not at its root.
fn shown_at(get: &Operation) -> Option<&Pointer> {
    match get.resource.as_ref()?.output.as_ref()? {
        Expression::ResponseBody(pointer) => Some(pointer),
        _ => None,
    }
}

/// The schema of an operation's JSON body.
fn body_schema(operation: &Operation) -> Option<SchemaId> {
    let content = &operation.body.as_ref()?.content;
    content.iter().find(|media| media.is_json())?.schema
}

/// The members that are shown otherwise than they were sent, and those that are documented but
/// not shown: the latter warn, as a server may hold a member back.
fn differing(
    contract: &Contract,
    get: &Operation,
    sent: &Map<String, Value>,
    shown: &Map<String, Value>,
) -> Vec<(String, Severity)> {
    sent.iter()
        .filter(|(_, value)| is_plain(value))
        .filter_map(|(name, value)| match shown.get(name) {
            Some(other) if same(value, other) => None,
            Some(_) => Some((name.clone(), Severity::Failure)),
            None => documents(contract, get, name).then(|| (name.clone(), Severity::Warning)),
        })
        .collect()
}

/// Whether a success of the operation documents a member of that name in the item.
fn documents(contract: &Contract, get: &Operation, name: &str) -> bool {
    let schemas = &contract.api.schemas;
    let member = |schema: SchemaId, name: &str| match &schemas[schemas.resolve(schema)].kind {
        Kind::Object { properties, .. } => properties.get(name).map(|property| property.schema),
        _ => None,
    };
    let tokens: Vec<String> = shown_at(get)
        .map(|pointer| pointer.tokens().collect())
        .unwrap_or_default();
    get.responses
        .iter()
        .filter(|response| response.status.is_success())
        .flat_map(|response| &response.content)
        .filter_map(|media| media.schema)
        .filter_map(|schema| {
            let mut tokens = tokens.iter();
            tokens.try_fold(schema, |schema, token| member(schema, token))
        })
        .filter_map(|schema| member(schema, name))
        .any(|schema| !schemas[schema].write_only)
}

/// Values that a server has no reason to write in another form; a date it may.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => number.is_i64() || number.is_u64(),
        Value::String(text) => !text.get(..5).is_some_and(|head| {
            head.ends_with('-') && head.chars().take(4).all(|digit| digit.is_ascii_digit())
        }),
        _ => false,
    }
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        _ => left == right,
    }
}

pub(super) fn succeeded(exchange: &Exchange) -> bool {
    exchange
        .status()
        .is_some_and(|status| (200..300).contains(&status))
}

/// The values with a created item in its collection, for what comes after.
pub(crate) async fn create_one(scene: Scene<'_>, create: &Operation) -> Option<Values> {
    let resource = create.resource.as_ref()?;
    let request = scene.contract.request(create, scene.values).ok()?;
    let created = scene.session.send(request).await;
    let id = succeeded(&created).then(|| create_id(create, &created))??;
    let mut values = scene.values.clone();
    values.prefer(&resource.collection, id);
    Some(values)
}
