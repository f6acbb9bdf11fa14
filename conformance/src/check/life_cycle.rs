//! `life-cycle`: what is created can be read as it was written, changed, and is gone when deleted.

use super::members::{constants, differing, set_by, shown_at, telling};
use super::{Scene, finding};
use crate::contract::{collection_of, renamed};
use crate::expression::created_id;
use crate::{Exchange, Finding, Outcome, Request, Severity, Values, rule};
use plumbline_specs::api::{Expression, Operation, Role};
use serde_json::Value;
use std::sync::Arc;

/// One item's life, from the operation that creates it on. It writes: only for `--writes`.
pub(crate) async fn life_cycle(scene: Scene<'_>, create: &Operation) -> Option<Outcome> {
    let resource = create.resource.as_ref()?;
    if resource.role != Role::Create {
        return None;
    }
    let label = create.label();
    let skipped = |reason: String| Some(Outcome::skipped(rule::check::LIFE_CYCLE, &label, reason));
    let mut request = match scene.contract.request(create, scene.values) {
        Ok(request) => request,
        Err(missing) => return skipped(missing.to_string()),
    };
    scene.choose(create, &mut request);
    let created = born(scene, create, request).await;
    let written: Option<Value> = created
        .request
        .body
        .as_deref()
        .and_then(|body| serde_json::from_slice(body).ok())
        .map(|body| set_by(resource, body));
    if !succeeded(&created) {
        return skipped(format!(
            "nothing could be created: {}",
            super::came(&created)
        ));
    }
    let Some(id) = created_id(create, &created) else {
        return skipped(
            "the document does not say where the id of what is created stands".to_owned(),
        );
    };
    let guard = scene.session.guard();
    if guard.is_some_and(|guard| !guard.is_own(create, &created)) {
        return skipped("it answers with what may have been there before".to_owned());
    }
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
    let (looked_at, findings) = life.judge(written).await;
    let nothing = "nothing reads, changes or deletes what is created";
    Some(Outcome::looked(
        rule::check::LIFE_CYCLE,
        &label,
        looked_at,
        findings,
        nothing,
    ))
}

/// An item that the kit has created.
pub(super) struct Life<'a> {
    /// Its values name the item.
    pub(super) scene: Scene<'a>,
    pub(super) collection: &'a str,
    pub(super) created: Arc<Exchange>,
}

impl Life<'_> {
    /// How many answers tell of the item, and what they tell.
    async fn judge(&self, written: Option<Value>) -> (usize, Vec<Finding>) {
        let mut looked_at = 0;
        let mut findings: Vec<Finding> = self.address().into_iter().collect();
        let mut before = None;
        if let Some(read) = self.read().await {
            looked_at += usize::from(read.status().is_some());
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
            looked_at += usize::from(read.status().is_some());
            let picked = change.member.as_deref();
            let mut told = self.compare(&read, change.body.as_ref(), "changed", picked);
            for finding in &mut told {
                finding.evidence = vec![change.exchange.id, read.id];
            }
            findings.extend(told);
        }
        if let Some(deleted) = self.perform(Role::Delete).await {
            looked_at += usize::from(deleted.status().is_some());
            if !succeeded(&deleted) {
                findings.push(self.contradiction(
                    "what was created cannot be deleted",
                    "a success",
                    &deleted,
                ));
            } else if let Some(marked) = self.marks(Role::Delete) {
                findings.extend(self.marked(&deleted, marked, "set by the deletion").await);
                if let Some(marked) = self.marks(Role::Update)
                    && let Some(restored) = self.send(self.marking(Role::Update)).await
                {
                    findings.extend(self.marked(&restored, marked, "set again").await);
                }
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
        (looked_at, findings)
    }

    /// The operation of that role that does nothing but give members constant values.
    fn marking(&self, role: Role) -> Option<&Operation> {
        self.operations(role).find(|operation| {
            let resource = operation.resource.as_ref();
            resource.is_some_and(|resource| constants(resource).is_some())
        })
    }

    /// The members that it gives, and their values.
    fn marks(&self, role: Role) -> Option<Value> {
        constants(self.marking(role)?.resource.as_ref()?)
    }

    /// Whether an item shows what an operation has marked it with.
    async fn marked(&self, marking: &Exchange, marks: Value, how: &str) -> Vec<Finding> {
        let Some(read) = self.read().await else {
            return Vec::new();
        };
        if !succeeded(marking) || !succeeded(&read) {
            let message = format!("what is {how} cannot be read");
            return vec![self.contradiction(&message, "a success", &read)];
        }
        let mut found = self.compare(&read, Some(&marks), how, None);
        for finding in &mut found {
            finding.evidence = vec![marking.id, read.id];
        }
        found
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

    /// The operations of that role that take the item's id.
    fn operations(&self, role: Role) -> impl Iterator<Item = &Operation> {
        let contract = self.scene.contract;
        let create = contract.operation(&self.created.request.operation);
        let key = create.and_then(|create| create.resource.as_ref()?.key.as_ref());
        contract.api.operations.iter().filter(move |operation| {
            operation.resource.as_ref().is_some_and(|resource| {
                resource.role == role
                    && resource.collection == self.collection
                    // What finds an item by its name does not take its id.
                    && resource.key.as_ref() == key
                    && (resource.ids.is_some()
                        || matches!(resource.id, Some(Expression::RequestBody(_)))
                        || operation.parameters.iter().any(|parameter| {
                            collection_of(operation, parameter) == Some(self.collection)
                        }))
            })
        })
    }

    /// The operation of that role that takes the item's id: for one item rather than a batch, and
    /// one to which a request says something.
    fn operation(&self, role: Role) -> Option<&Operation> {
        self.operations(role).min_by_key(|operation| {
            let resource = operation.resource.as_ref();
            resource.is_some_and(|own| {
                own.ids.is_some() || role == Role::Update && constants(own).is_some()
            })
        })
    }

    pub(super) async fn perform(&self, role: Role) -> Option<Arc<Exchange>> {
        self.send(self.operation(role)).await
    }

    async fn send(&self, operation: Option<&Operation>) -> Option<Arc<Exchange>> {
        let request = self
            .scene
            .contract
            .request(operation?, self.scene.values)
            .ok()?;
        let exchange = self.scene.session.send(request).await;
        exchange.left_out().is_none().then_some(exchange)
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
            .and_then(|body| serde_json::from_slice(body).ok())
            .map(|body| set_by(resource, body));
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

/// Creates an item with a text that a read shows; where that is refused, without it.
async fn born(scene: Scene<'_>, create: &Operation, plain: Request) -> Arc<Exchange> {
    let collection = create.resource.as_ref().map(|own| &own.collection);
    let get = scene.contract.api.operations.iter().find(|other| {
        let resource = other.resource.as_ref();
        resource.is_some_and(|own| own.role == Role::Get && Some(&own.collection) == collection)
    });
    if let Some(get) = get {
        let mut request = plain.clone();
        let text = "made by the kit";
        if telling(scene.contract, create, get, &mut request, None, text).is_some() {
            let created = send_new(scene, create, request).await;
            if succeeded(&created) {
                return created;
            }
        }
    }
    send_new(scene, create, plain).await
}

/// A change that was accepted.
struct Changed {
    exchange: Arc<Exchange>,
    body: Option<Value>,
    /// The member that was picked to be changed.
    member: Option<String>,
}

pub(super) fn succeeded(exchange: &Exchange) -> bool {
    exchange
        .status()
        .is_some_and(|status| (200..300).contains(&status))
}

/// Sends a request to create; where it is refused, once more with a name that nothing has.
pub(super) async fn send_new(
    scene: Scene<'_>,
    create: &Operation,
    request: Request,
) -> Arc<Exchange> {
    let exchange = scene.session.send(request.clone()).await;
    let refused = exchange
        .status()
        .is_some_and(|status| (400..500).contains(&status));
    if refused {
        let nonce = scene.session.nonce();
        if let Some(other) = renamed(scene.contract, create, &request, &nonce) {
            return scene.session.send(other).await;
        }
    }
    exchange
}

/// The values with a created item in its collection, for what comes after.
pub(crate) async fn create_one(scene: Scene<'_>, create: &Operation) -> Option<Values> {
    let mut request = scene.contract.request(create, scene.values).ok()?;
    scene.choose(create, &mut request);
    let created = send_new(scene, create, request).await;
    if !succeeded(&created) {
        return None;
    }
    let guard = scene.session.guard();
    if guard.is_some_and(|guard| !guard.is_own(create, &created)) {
        return None;
    }
    let mut values = scene.values.clone();
    if let Some(resource) = &create.resource
        && let Some(id) = created_id(create, &created)
    {
        values.prefer(&resource.collection, id);
    }
    let made = guard.and_then(|guard| guard.created_by(&created));
    if made.is_none() && create.resource.is_none() {
        return None;
    }
    if let Some(made) = made {
        if let Some(collection) = &made.collection {
            values.prefer(collection, made.id.clone());
        }
        if let Some(template) = &made.template {
            values.prefer_at(template, made.id);
        }
    }
    Some(values)
}
