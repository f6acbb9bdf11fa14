//! The graph of schema pairs: each pair is compared once, however many operations reach it.

use super::finding::{BOTH, Finding, REQUEST, RESPONSE, Scope, flipped};
use super::fingerprint::Fingerprints;
use super::pair::Pair;
use crate::code::Code;
use crate::text;
use plumbline_specs::api::{Api, SchemaId};
use std::collections::{HashMap, HashSet, VecDeque};

/// What of two schemas is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Aspect {
    /// Annotations and nullability, then what is behind them.
    Annotations,
    /// What they allow; neither is an alias.
    Shape,
}

/// A pair of schemas.
#[derive(Debug)]
struct Node {
    aspect: Aspect,
    old: SchemaId,
    new: SchemaId,
    subject: String,
    edges: Vec<(usize, u8)>,
}

/// Who reaches a pair, and in which ways.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reach {
    request: Bits,
    response: Bits,
}

/// A set of operations, by index.
#[derive(Clone, Debug, Default, PartialEq)]
struct Bits(Vec<u64>);

/// The comparison while it runs.
pub(crate) struct Walk<'a> {
    pub(crate) old: &'a Api,
    pub(crate) new: &'a Api,
    pub(crate) old_fingerprints: Fingerprints,
    pub(crate) new_fingerprints: Fingerprints,
    pub(crate) pairs: Vec<Pair<'a>>,
    pub(crate) findings: Vec<Finding>,
    prose: bool,
    pub(crate) names_of_old: HashSet<&'a str>,
    pub(crate) names_of_new: HashSet<&'a str>,
    nodes: Vec<Node>,
    index: HashMap<(Aspect, SchemaId, SchemaId), usize>,
    queue: VecDeque<usize>,
    roots: Vec<(usize, usize, u8)>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(old: &'a Api, new: &'a Api, prose: bool) -> Self {
        Self {
            old,
            new,
            old_fingerprints: Fingerprints::of(old),
            new_fingerprints: Fingerprints::of(new),
            pairs: Vec::new(),
            findings: Vec::new(),
            prose,
            names_of_old: names(old),
            names_of_new: names(new),
            nodes: Vec::new(),
            index: HashMap::new(),
            queue: VecDeque::new(),
            roots: Vec::new(),
        }
    }

    /// Keeps a finding, unless it is about prose and that was not asked for.
    pub(crate) fn find(&mut self, finding: Finding) {
        if self.prose || !finding.code.is_prose() {
            self.findings.push(finding);
        }
    }

    /// Compares two texts that break nothing.
    pub(crate) fn prose(
        &mut self,
        code: Code,
        finding: impl FnOnce(Code) -> Finding,
        old: Option<&str>,
        new: Option<&str>,
    ) {
        if self.prose && old.unwrap_or_default() != new.unwrap_or_default() {
            let mut finding = finding(code);
            finding.before = old.map(text::shorten);
            finding.after = new.map(text::shorten);
            self.find(finding);
        }
    }

    /// Two schemas that an operation reaches.
    pub(crate) fn root(
        &mut self,
        pair: usize,
        way: u8,
        old: SchemaId,
        new: SchemaId,
        subject: &str,
    ) {
        let way = match self.pairs.get(pair) {
            Some(own) if own.flipped => flipped(way),
            _ => way,
        };
        let node = self.node(Aspect::Annotations, old, new, subject);
        self.roots.push((node, pair, way));
    }

    /// Two schemas that no operation reaches, or has reached so far.
    pub(crate) fn loose(&mut self, old: SchemaId, new: SchemaId, subject: &str) {
        self.node(Aspect::Annotations, old, new, subject);
    }

    /// Two schemas within others.
    pub(crate) fn edge(
        &mut self,
        from: usize,
        ways: u8,
        aspect: Aspect,
        schemas: (SchemaId, SchemaId),
        subject: &str,
    ) {
        let to = self.node(aspect, schemas.0, schemas.1, subject);
        if let Some(node) = self.nodes.get_mut(from) {
            node.edges.push((to, ways));
        }
    }

    fn node(&mut self, aspect: Aspect, old: SchemaId, new: SchemaId, subject: &str) -> usize {
        let key = (aspect, old, new);
        if let Some(known) = self.index.get(&key) {
            return *known;
        }
        let named = self.shared_name(old, new);
        let index = self.nodes.len();
        self.nodes.push(Node {
            aspect,
            old,
            new,
            subject: named.unwrap_or(subject).to_owned(),
            edges: Vec::new(),
        });
        self.index.insert(key, index);
        self.queue.push_back(index);
        index
    }

    /// The name that stands for two schemas wherever they are met: that of both, or the new one
    /// where the old one is gone.
    fn shared_name(&self, old: SchemaId, new: SchemaId) -> Option<&'a str> {
        let before = self.old.schemas[old].name.as_deref()?;
        let after = self.new.schemas[new].name.as_deref()?;
        let renamed = !self.names_of_new.contains(before) && !self.names_of_old.contains(after);
        (before == after || renamed).then_some(after)
    }

    /// Compares all pairs that were met.
    pub(crate) fn drain(&mut self) {
        while let Some(index) = self.queue.pop_front() {
            let Some(node) = self.nodes.get(index) else {
                continue;
            };
            let (aspect, old, new) = (node.aspect, node.old, node.new);
            let subject = node.subject.clone();
            let spot = Spot {
                node: index,
                old,
                new,
                subject,
            };
            match aspect {
                Aspect::Annotations => self.annotated(&spot),
                Aspect::Shape => self.shape(&spot),
            }
        }
    }

    /// All pairs of schemas that were compared as to what they allow.
    pub(crate) fn shapes(&self) -> impl Iterator<Item = (SchemaId, SchemaId)> + '_ {
        self.nodes.iter().map(|node| (node.old, node.new))
    }

    /// Who reaches each pair.
    pub(crate) fn reach(&self) -> Vec<Reach> {
        let mut reach = vec![Reach::default(); self.nodes.len()];
        let mut queue = VecDeque::new();
        for (node, pair, way) in &self.roots {
            if let Some(own) = reach.get_mut(*node) {
                own.add(*pair, *way);
                queue.push_back(*node);
            }
        }
        let mut waiting = vec![false; self.nodes.len()];
        while let Some(index) = queue.pop_front() {
            if let Some(waiting) = waiting.get_mut(index) {
                *waiting = false;
            }
            let (Some(node), Some(from)) = (self.nodes.get(index), reach.get(index).cloned())
            else {
                continue;
            };
            for (to, ways) in &node.edges {
                let grew = reach
                    .get_mut(*to)
                    .is_some_and(|own| own.merge(&from, *ways));
                if grew
                    && let Some(waiting) = waiting.get_mut(*to)
                    && !*waiting
                {
                    *waiting = true;
                    queue.push_back(*to);
                }
            }
        }
        reach
    }
}

/// A pair of schemas that is being compared.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub(crate) node: usize,
    pub(crate) old: SchemaId,
    pub(crate) new: SchemaId,
    pub(crate) subject: String,
}

impl Spot {
    /// A finding about the pair itself, at the places of both schemas.
    pub(crate) fn finding(&self, walk: &Walk<'_>, code: Code) -> Finding {
        Finding::new(code, &self.subject, Scope::Node(self.node, BOTH)).at(
            &walk.old.schemas[self.old].place,
            &walk.new.schemas[self.new].place,
        )
    }
}

impl Reach {
    fn add(&mut self, pair: usize, way: u8) {
        if way & REQUEST != 0 {
            self.request.add(pair);
        }
        if way & RESPONSE != 0 {
            self.response.add(pair);
        }
    }

    fn merge(&mut self, other: &Self, ways: u8) -> bool {
        let request = ways & REQUEST != 0 && self.request.merge(&other.request);
        let response = ways & RESPONSE != 0 && self.response.merge(&other.response);
        request || response
    }

    /// In which of the ways somebody reaches it.
    pub(crate) fn ways(&self, mask: u8) -> u8 {
        let request = if self.request.0.is_empty() {
            0
        } else {
            REQUEST
        };
        let response = if self.response.0.is_empty() {
            0
        } else {
            RESPONSE
        };
        (request | response) & mask
    }

    /// The operations that reach it in these ways.
    pub(crate) fn pairs(&self, mask: u8) -> Vec<usize> {
        let mut all = Bits::default();
        if mask & REQUEST != 0 {
            all.merge(&self.request);
        }
        if mask & RESPONSE != 0 {
            all.merge(&self.response);
        }
        all.iter()
    }
}

impl Bits {
    fn add(&mut self, index: usize) {
        let word = index / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << (index % 64);
        }
    }

    fn merge(&mut self, other: &Self) -> bool {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        let mut grew = false;
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            grew |= *own | other != *own;
            *own |= other;
        }
        grew
    }

    fn iter(&self) -> Vec<usize> {
        let mut indices = Vec::new();
        for (word, bits) in self.0.iter().enumerate() {
            indices.extend(
                (0..64)
                    .filter(|bit| bits >> bit & 1 == 1)
                    .map(|bit| word * 64 + bit),
            );
        }
        indices
    }
}

fn names(api: &Api) -> HashSet<&str> {
    let schemas = api.schemas.iter();
    schemas
        .filter_map(|(_, schema)| schema.name.as_deref())
        .collect()
}
