//! Methods of both plans: arguments, setters, answers, failures, pages, credentials.

use super::credentials::credentials;
use super::places::parts;
use super::types::{Names, show, show_payload};
use super::{Difference, Planned, Side};
use crate::change::{Method, Step, Touched};
use crate::walk::graph::Walk;
use plumbline_generator::rust::{
    Argument, DocumentedResponse, Module, Operation, Output, Payload, Wire,
};
use plumbline_specs::Pointer;
use plumbline_specs::api::{self, Api, MediaType};
use std::collections::HashMap;

/// So many parts of the type of an argument or an answer are told, the nearest.
const PARTS: usize = 1_000;

/// What differs between the methods of the clients.
pub(super) fn differences(
    walk: &Walk<'_>,
    old: &Planned<'_>,
    new: &Planned<'_>,
    names: &Names<'_>,
) -> Vec<Difference> {
    let olds = by_place(&old.module);
    let news = by_place(&new.module);
    let mut found = credentials(old, new);
    for pair in &walk.pairs {
        let before = pair.old.and_then(|own| Some((own, *olds.get(&own.place)?)));
        let after = pair.new.and_then(|own| Some((own, *news.get(&own.place)?)));
        match (before, after) {
            (Some((own, method)), None) => found.push(Difference {
                step: Step::Major,
                text: format!("`{}()` is gone", method.name),
                subject: method.name.clone(),
                touched: touched(&[method]),
                places: vec![(Side::Old, own.place.clone())],
                label: Some(own.label()),
                naming: false,
                moved: false,
            }),
            (None, Some((own, method))) => found.push(Difference {
                step: Step::Minor,
                text: format!("`{}()` is new", method.name),
                subject: method.name.clone(),
                touched: touched(&[method]),
                places: vec![(Side::New, own.place.clone())],
                label: Some(own.label()),
                naming: false,
                moved: false,
            }),
            (Some((own_old, old_method)), Some((own_new, new_method))) => {
                let mut differ = Differ {
                    names,
                    apis: (old.api, new.api),
                    modules: (&old.module, &new.module),
                    own: (own_old, own_new),
                    methods: (old_method, new_method),
                    found: Vec::new(),
                };
                differ.method();
                found.extend(differ.found);
            }
            (None, None) => {}
        }
    }
    found
}

/// What is made for an operation: once where both documents give it the same names.
fn touched(operations: &[&Operation]) -> Touched {
    let mut methods: Vec<Method> = Vec::new();
    for operation in operations {
        let method = Method {
            name: operation.name.clone(),
            marker: operation.marker.clone(),
        };
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    Touched::Operation(methods)
}

fn by_place(module: &Module) -> HashMap<&Pointer, &Operation> {
    let operations = module.operations.iter();
    operations
        .map(|operation| (&operation.place, operation))
        .collect()
}

struct Differ<'a, 'm> {
    names: &'a Names<'m>,
    apis: (&'a Api, &'a Api),
    modules: (&'a Module, &'a Module),
    own: (&'a api::Operation, &'a api::Operation),
    methods: (&'a Operation, &'a Operation),
    found: Vec<Difference>,
}

impl<'a> Differ<'a, '_> {
    fn add(&mut self, step: Step, text: String, places: Vec<(Side, Pointer)>) {
        self.found.push(Difference {
            step,
            text,
            subject: self.methods.1.name.clone(),
            touched: self.touched(),
            places,
            label: Some(self.own.1.label()),
            naming: false,
            moved: false,
        });
    }

    fn touched(&self) -> Touched {
        touched(&[self.methods.0, self.methods.1])
    }

    fn here(&self) -> Vec<(Side, Pointer)> {
        vec![
            (Side::Old, self.own.0.place.clone()),
            (Side::New, self.own.1.place.clone()),
        ]
    }

    fn method(&mut self) {
        let (old, new) = self.methods;
        if old.name != new.name || old.marker != new.marker {
            let text = format!("`{}()` is called `{}()`", old.name, new.name);
            self.found.push(Difference {
                step: Step::Major,
                text,
                subject: new.name.clone(),
                touched: self.touched(),
                places: self.here(),
                label: Some(self.own.1.label()),
                naming: true,
                moved: true,
            });
        }
        match (old.deprecated, new.deprecated) {
            (false, true) => {
                let text = format!("`{}()` is deprecated", new.name);
                self.add(Step::Minor, text, self.here());
            }
            (true, false) => {
                let text = format!("`{}()` is no longer deprecated", new.name);
                self.add(Step::Patch, text, self.here());
            }
            _ => {}
        }
        self.arguments();
        self.options();
        self.output();
        self.failures();
        self.headers();
        self.pages();
    }

    /// Where an argument stands.
    fn places(&self, side: Side, argument: &Argument) -> Vec<(Side, Pointer)> {
        let (api, own) = match side {
            Side::Old => (self.apis.0, self.own.0),
            Side::New => (self.apis.1, self.own.1),
        };
        let mut places = Vec::new();
        match &argument.wire {
            Wire::Parameter { location, name, .. } | Wire::Json { location, name } => {
                let mut parameters = own.parameters.iter();
                let found = parameters.find(|own| own.location == *location && own.name == *name);
                if let Some(parameter) = found {
                    places.push(parameter.place.clone());
                    places.extend(parts(api, parameter.schema, PARTS));
                }
            }
            Wire::Body(_) => {
                if let Some(body) = &own.body {
                    places.push(body.place.clone());
                    places.extend(contents(api, &body.content));
                }
            }
        }
        places.into_iter().map(|place| (side, place)).collect()
    }

    fn arguments(&mut self) {
        let (old, new) = self.methods;
        let mut gone: Vec<&Argument> = missing(&old.arguments, &new.arguments);
        let mut come: Vec<&Argument> = missing(&new.arguments, &old.arguments);
        // Callers do not write the names of arguments: one of the path that stands where another
        // stood is that one.
        for (before, after) in old.arguments.iter().zip(&new.arguments) {
            let lone = |all: &[&Argument], own| all.iter().any(|other| std::ptr::eq(*other, own));
            if in_path(before) && in_path(after) && lone(&gone, before) && lone(&come, after) {
                gone.retain(|own| !std::ptr::eq(*own, before));
                come.retain(|own| !std::ptr::eq(*own, after));
                self.argument(before, after, "takes");
            }
        }
        for argument in &gone {
            let text = format!("`{}()` no longer takes `{}`", new.name, argument.name);
            self.add(Step::Major, text, self.places(Side::Old, argument));
        }
        for argument in &come {
            let text = format!(
                "`{}()` takes `{}: {}`",
                new.name,
                argument.name,
                show(&argument.ty)
            );
            self.add(Step::Major, text, self.places(Side::New, argument));
        }
        let kept = |own: &'a [Argument], other: &[Argument]| -> Vec<&'a Argument> {
            own.iter()
                .filter(|own| other.iter().any(|other| same(own, other)))
                .collect()
        };
        let (olds, news) = (
            kept(&old.arguments, &new.arguments),
            kept(&new.arguments, &old.arguments),
        );
        let order = |all: &[&Argument]| -> Vec<String> {
            all.iter().map(|argument| argument.name.clone()).collect()
        };
        let renamed = olds.iter().zip(&news).all(|(one, other)| same(one, other));
        if !renamed && order(&olds) != order(&news) {
            let text = format!("`{}()` takes its arguments in another order", new.name);
            self.add(Step::Major, text, self.here());
        }
        for before in olds {
            if let Some(after) = news.iter().find(|after| same(before, after)) {
                self.argument(before, after, "takes");
            }
        }
    }

    fn options(&mut self) {
        let (old, new) = self.methods;
        let by_name = |all: &'a [Argument], name: &str| all.iter().find(|own| own.name == *name);
        for before in &old.options {
            match by_name(&new.options, &before.name) {
                Some(after) => self.argument(before, after, "can take"),
                None => {
                    let text = format!("`{}().{}()` is gone", new.name, before.name);
                    let mut at = self.places(Side::Old, before);
                    let moved = new.options.iter().chain(&new.arguments);
                    for other in moved.filter(|other| same(before, other)) {
                        at.extend(self.places(Side::New, other));
                    }
                    self.add(Step::Major, text, at);
                }
            }
        }
        for after in &new.options {
            if by_name(&old.options, &after.name).is_none() {
                let ty = show(&after.ty);
                let text = format!("`{}().{}({ty})` is new", new.name, after.name);
                self.add(Step::Minor, text, self.places(Side::New, after));
            }
        }
    }

    fn argument(&mut self, old: &Argument, new: &Argument, verb: &str) {
        let mut at = self.places(Side::Old, old);
        at.extend(self.places(Side::New, new));
        let method = &self.methods.1.name;
        if !self.names.same(&old.ty, &new.ty) || old.pass != new.pass {
            let (old_text, new_text) = (show(&old.ty), show(&new.ty));
            let text = format!(
                "`{method}()` {verb} `{}: {new_text}`, took `{old_text}`",
                new.name
            );
            self.add(Step::Major, text, at);
        } else if new.deprecated && !old.deprecated && verb != "takes" {
            let text = format!("`{method}().{}()` is deprecated", new.name);
            self.add(Step::Minor, text, at);
        } else if old.wire != new.wire {
            let text = format!("`{method}()` writes `{}` in another way", new.name);
            self.add(Step::Patch, text, at);
        }
    }

    /// Where the responses of a kind stand.
    fn responses(&self, success: bool) -> Vec<(Side, Pointer)> {
        let mut places = Vec::new();
        for (side, api, own) in [
            (Side::Old, self.apis.0, self.own.0),
            (Side::New, self.apis.1, self.own.1),
        ] {
            for response in &own.responses {
                if response.status.is_success() == success {
                    places.push((side, response.place.clone()));
                    let found = contents(api, &response.content).into_iter();
                    places.extend(found.map(|place| (side, place)));
                }
            }
        }
        places
    }

    fn output(&mut self) {
        let (old, new) = self.methods;
        let name = &new.name;
        match (&old.output, &new.output) {
            (Output::One(statuses, one), Output::One(new_statuses, two)) => {
                if !self.names.same_payload(one, two) {
                    let (old_text, new_text) = (show_payload(one), show_payload(two));
                    let text = format!("`{name}()` gives `{new_text}`, gave `{old_text}`");
                    self.add(Step::Major, text, self.responses(true));
                } else if statuses != new_statuses {
                    let text = format!("`{name}()` takes other statuses for success");
                    self.add(Step::Patch, text, self.responses(true));
                }
            }
            (Output::Several(_, one), Output::Several(_, two)) => {
                self.answers(one, two, "gives", true);
            }
            (one, two) => {
                let word = |output: &Output| match output {
                    Output::One(_, payload) => show_payload(payload),
                    Output::Several(name, _) => name.clone(),
                };
                let text = format!("`{name}()` gives `{}`, gave `{}`", word(two), word(one));
                self.add(Step::Major, text, self.responses(true));
            }
        }
    }

    fn failures(&mut self) {
        let (old, new) = self.methods;
        let set =
            |module: &'a Module, alias: &Option<String>| -> Option<&'a [DocumentedResponse]> {
                let alias = alias.as_ref()?;
                let mut aliases = module.error_aliases.iter();
                let target = aliases
                    .find(|own| own.name == *alias)
                    .map(|own| &own.target);
                let target = target.unwrap_or(alias);
                let mut sets = module.errors.iter();
                sets.find(|own| own.name == *target)
                    .map(|own| own.answers.as_slice())
            };
        let before = set(self.modules.0, &old.error);
        let after = set(self.modules.1, &new.error);
        match (before, after) {
            (Some(before), Some(after)) => self.answers(before, after, "fails with", false),
            (None, None) => {}
            (before, _) => {
                let verb = if before.is_none() {
                    "documents"
                } else {
                    "no longer documents"
                };
                let text = format!("`{}()` {verb} how it fails", new.name);
                self.add(Step::Major, text, self.responses(false));
            }
        }
    }

    fn answers(
        &mut self,
        old: &[DocumentedResponse],
        new: &[DocumentedResponse],
        verb: &str,
        success: bool,
    ) {
        let name = self.methods.1.name.clone();
        for before in old {
            match new.iter().find(|own| own.variant == before.variant) {
                None => {
                    let text = format!("`{name}()` no longer {verb} `{}`", before.variant);
                    self.add(Step::Major, text, self.response(before, None, success));
                }
                Some(after) if !self.names.same_payload(&before.payload, &after.payload) => {
                    let (old_text, new_text) =
                        (show_payload(&before.payload), show_payload(&after.payload));
                    let text = format!(
                        "`{name}()` {verb} `{}({new_text})`, held `{old_text}`",
                        after.variant
                    );
                    self.add(
                        Step::Major,
                        text,
                        self.response(before, Some(after), success),
                    );
                }
                Some(_) => {}
            }
        }
        for after in new {
            if !old.iter().any(|own| own.variant == after.variant) {
                let payload = match &after.payload {
                    Payload::Empty => String::new(),
                    payload => format!("({})", show_payload(payload)),
                };
                // The enums are `#[non_exhaustive]`: a match has an arm for what comes.
                let text = format!(
                    "`{name}()` {verb} `{}{payload}`, which is new",
                    after.variant
                );
                self.add(
                    Step::Minor,
                    text,
                    self.response(after, Some(after), success),
                );
            }
        }
    }

    /// Where one answer stands, and then all of its kind.
    fn response(
        &self,
        old: &DocumentedResponse,
        new: Option<&DocumentedResponse>,
        success: bool,
    ) -> Vec<(Side, Pointer)> {
        let mut places = Vec::new();
        for (side, api, own, status) in [
            (Side::Old, self.apis.0, self.own.0, Some(old.status)),
            (
                Side::New,
                self.apis.1,
                self.own.1,
                new.map(|new| new.status),
            ),
        ] {
            for response in &own.responses {
                if Some(response.status) == status {
                    places.push((side, response.place.clone()));
                    let found = contents(api, &response.content).into_iter();
                    places.extend(found.map(|place| (side, place)));
                }
            }
        }
        places.extend(self.responses(success));
        places
    }

    fn headers(&mut self) {
        let (old, new) = self.methods;
        let places = |side, own: &api::Operation, wire: &str| -> Vec<(Side, Pointer)> {
            let responses = own.responses.iter();
            let headers = responses.flat_map(|response| &response.headers);
            headers
                .filter(|header| header.name.eq_ignore_ascii_case(wire))
                .map(|header| (side, header.place.clone()))
                .collect()
        };
        for before in &old.headers {
            let mut at = places(Side::Old, self.own.0, &before.wire);
            match new.headers.iter().find(|own| own.name == before.name) {
                None => {
                    let text = format!("`{}()` no longer gives `{}()`", new.name, before.name);
                    self.add(Step::Major, text, at);
                }
                Some(after) if !self.names.same(&before.ty, &after.ty) => {
                    at.extend(places(Side::New, self.own.1, &after.wire));
                    let (old_text, new_text) = (show(&before.ty), show(&after.ty));
                    let text = format!(
                        "`{}()` gives `{}() -> {new_text}`, was `{old_text}`",
                        new.name, after.name
                    );
                    self.add(Step::Major, text, at);
                }
                Some(_) => {}
            }
        }
        for after in &new.headers {
            if !old.headers.iter().any(|own| own.name == after.name) {
                let at = places(Side::New, self.own.1, &after.wire);
                let text = format!("`{}()` gives `{}()`", new.name, after.name);
                self.add(Step::Minor, text, at);
            }
        }
    }

    fn pages(&mut self) {
        let (old, new) = self.methods;
        let mut at = Vec::new();
        if let Some(paging) = &self.own.0.pagination {
            at.push((Side::Old, paging.place.clone()));
        }
        if let Some(paging) = &self.own.1.pagination {
            at.push((Side::New, paging.place.clone()));
        }
        at.extend(self.responses(true));
        let name = &new.name;
        match (&old.paging, &new.paging) {
            (None, Some(paging)) => {
                let text = format!("`{name}().items()` gives `{}`", show(&paging.item));
                self.add(Step::Minor, text, at);
            }
            (Some(_), None) => {
                self.add(Step::Major, format!("`{name}().items()` is gone"), at);
            }
            (Some(one), Some(two)) if !self.names.same(&one.item, &two.item) => {
                let (old_text, new_text) = (show(&one.item), show(&two.item));
                let text = format!("`{name}().items()` gives `{new_text}`, gave `{old_text}`");
                self.add(Step::Major, text, at);
            }
            _ => {}
        }
    }
}

/// The arguments of one list that the other has not.
fn missing<'a>(own: &'a [Argument], other: &[Argument]) -> Vec<&'a Argument> {
    own.iter()
        .filter(|own| !other.iter().any(|other| same(own, other)))
        .collect()
}

fn in_path(argument: &Argument) -> bool {
    matches!(
        &argument.wire,
        Wire::Parameter {
            location: api::Location::Path,
            ..
        }
    )
}

/// Whether two arguments are one: of the same place on the wire, or of the same name.
fn same(one: &Argument, other: &Argument) -> bool {
    let body = |argument: &Argument| matches!(argument.wire, Wire::Body(_));
    one.name == other.name || (body(one) && body(other))
}

fn contents(api: &Api, content: &[MediaType]) -> Vec<Pointer> {
    let mut places = Vec::new();
    for media_type in content {
        places.push(media_type.place.clone());
        let stream = media_type.stream.as_ref();
        let records = stream
            .into_iter()
            .flat_map(|stream| [stream.item, stream.error]);
        for schema in media_type.schema.into_iter().chain(records.flatten()) {
            places.extend(parts(api, schema, PARTS));
        }
    }
    places
}
