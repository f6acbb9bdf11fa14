//! The comparison: findings are gathered, grouped and judged.

use crate::change::{Change, Direction, Effect, RustVerdict, Verdict};
use crate::code::{Code, Judgement, Topic, UNTOUCHED};
use crate::walk::finding::{BOTH, Finding, REQUEST, RESPONSE, Scope, direction};
use crate::walk::graph::{Reach, Walk};
use crate::{rust, text};
use plumbline_specs::api::{Api, SchemaId};
use plumbline_specs::visible;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

/// How two documents are compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether changes of prose are reported too.
    pub prose: bool,
}

/// Findings that say the same, with what they concern, before they are judged.
struct GroupedFinding {
    finding: Finding,
    pairs: BTreeSet<usize>,
    direction: Option<Direction>,
    /// Whether an operation reaches it, or it concerns more than operations.
    reached: bool,
    /// Whether the server sends the request that it is about.
    flipped: bool,
}

/// All changes from one document to another: those of the whole API first, then in the order of
/// operations.
pub(crate) fn changes(old: &Api, new: &Api, options: Options) -> Vec<Change> {
    let mut walk = Walk::new(old, new, options.prose);
    walk.head();
    walk.operations();
    walk.security();
    walk.drain();
    walk.components();
    walk.drain();
    let reach = walk.reach();
    let grouped = group(&walk, &reach).into_iter();
    let mut changes: Vec<Change> = grouped.map(|one| judge(&walk, one)).collect();
    rust::judge(&walk, &mut changes);
    changes
}

impl Walk<'_> {
    /// Named schemas that no operation of both documents reaches.
    fn components(&mut self) {
        let (old, new) = (self.old, self.new);
        let met: HashSet<(SchemaId, SchemaId)> = self.shapes().collect();
        let met_old: HashSet<SchemaId> = met.iter().map(|pair| pair.0).collect();
        let met_new: HashSet<SchemaId> = met.iter().map(|pair| pair.1).collect();
        let by_name: HashMap<&str, SchemaId> = new
            .schemas
            .iter()
            .filter_map(|(id, schema)| Some((schema.name.as_deref()?, id)))
            .collect();
        let mut partners = HashSet::new();
        for (id, schema) in old.schemas.iter() {
            let Some(name) = schema.name.as_deref() else {
                continue;
            };
            match by_name.get(name) {
                Some(other) => {
                    partners.insert(*other);
                    if !met_old.contains(&id) || !met_new.contains(other) {
                        self.loose(id, *other, name);
                    }
                }
                None if met_old.contains(&id) => {}
                None => self.find(
                    Finding::new(Code::SchemaRemoved, name, Scope::Api)
                        .old_at(&schema.place)
                        .before(text::describe(old, id)),
                ),
            }
        }
        for (id, schema) in new.schemas.iter() {
            let Some(name) = schema.name.as_deref() else {
                continue;
            };
            if !partners.contains(&id) && !met_new.contains(&id) {
                self.find(
                    Finding::new(Code::SchemaAdded, name, Scope::Api)
                        .new_at(&schema.place)
                        .after(text::describe(new, id)),
                );
            }
        }
    }
}

/// Puts findings together that say the same.
fn group(walk: &Walk<'_>, reach: &[Reach]) -> Vec<GroupedFinding> {
    let mut all: Vec<GroupedFinding> = Vec::new();
    let mut index = HashMap::new();
    for finding in &walk.findings {
        let (pairs, direction, reached) = match &finding.scope {
            Scope::Api => (Vec::new(), None, true),
            Scope::Operations(pairs, direction) => (pairs.clone(), *direction, true),
            Scope::Node(node, ways) => match reach.get(*node) {
                Some(reach) => {
                    let mask = reach.ways(*ways);
                    (reach.pairs(mask), direction(mask), mask != 0)
                }
                None => (Vec::new(), None, false),
            },
        };
        let flipped = match (&finding.scope, pairs.as_slice()) {
            (Scope::Operations(..), [pair]) => {
                walk.pairs.get(*pair).is_some_and(|pair| pair.flipped)
            }
            _ => false,
        };
        let key = (
            finding.code,
            finding.old.clone(),
            finding.new.clone(),
            finding.before.clone(),
            finding.after.clone(),
            flipped,
        );
        let at = *index.entry(key).or_insert_with(|| {
            all.push(GroupedFinding {
                finding: finding.clone(),
                pairs: BTreeSet::new(),
                direction: None,
                reached: false,
                flipped,
            });
            all.len() - 1
        });
        if let Some(grouped) = all.get_mut(at) {
            grouped.pairs.extend(pairs);
            grouped.direction = together(grouped.direction, direction);
            grouped.reached |= reached;
        }
    }
    all
}

fn together(one: Option<Direction>, other: Option<Direction>) -> Option<Direction> {
    match (one, other) {
        (None, only) | (only, None) => only,
        (Some(one), Some(other)) if one == other => Some(one),
        _ => Some(Direction::Both),
    }
}

fn judge(walk: &Walk<'_>, grouped: GroupedFinding) -> Change {
    let GroupedFinding {
        finding,
        pairs,
        direction,
        reached,
        flipped,
    } = grouped;
    let code = finding.code;
    let mask = match direction {
        None | Some(Direction::Request) => REQUEST,
        Some(Direction::Response) => RESPONSE,
        Some(Direction::Both) => BOTH,
    };
    let (mut client, mut server) = if reached {
        verdicts(code, mask)
    } else {
        let nobody = || Verdict {
            effect: Effect::Safe,
            reason: Cow::Borrowed("no operation reaches it"),
        };
        (nobody(), nobody())
    };
    let mut direction = direction;
    if flipped {
        // The reasons speak of a client that asks; here the server does. What is said of a whole
        // callback names the parties rightly.
        if code.topic() != Topic::Callback {
            std::mem::swap(&mut client, &mut server);
        }
        direction = match direction {
            Some(Direction::Request) => Some(Direction::Response),
            Some(Direction::Response) => Some(Direction::Request),
            other => other,
        };
    }
    let labels = pairs.iter().filter_map(|pair| walk.pairs.get(*pair));
    let (step, reason) = code.rust();
    Change {
        code,
        subject: written(&finding.subject),
        old: finding.old,
        new: finding.new,
        before: finding.before.as_deref().map(written),
        after: finding.after.as_deref().map(written),
        direction,
        operations: labels.map(crate::walk::pair::Pair::label).collect(),
        guess: finding.guess,
        client,
        server,
        rust: RustVerdict {
            step,
            reason: Cow::Borrowed(reason),
            items: Vec::new(),
            touched: Vec::new(),
        },
    }
}

fn written(text: &str) -> String {
    visible(text).into_owned()
}

/// The verdicts on client and server for the ways in which a thing travels.
fn verdicts(code: Code, mask: u8) -> (Verdict, Verdict) {
    let pick = |part: fn(&Judgement) -> (Effect, &'static str)| {
        let mut said: Vec<(Effect, &'static str)> = Vec::new();
        if mask & REQUEST != 0 {
            said.push(part(&code.request()));
        }
        if mask & RESPONSE != 0 {
            said.push(part(&code.response()));
        }
        let effect = said
            .iter()
            .map(|(effect, _)| *effect)
            .max()
            .unwrap_or(Effect::Safe);
        said.retain(|(own, _)| *own == effect);
        said.dedup();
        if said.len() > 1 {
            said.retain(|(_, reason)| *reason != UNTOUCHED);
        }
        let reasons: Vec<&'static str> = said.iter().map(|(_, reason)| *reason).collect();
        let reason = match reasons.as_slice() {
            [only] => Cow::Borrowed(*only),
            several => Cow::Owned(several.join("; ")),
        };
        Verdict { effect, reason }
    };
    (
        pick(|judgement| judgement.client),
        pick(|judgement| judgement.server),
    )
}
