//! Security schemes, and what credentials operations ask for.

use super::finding::{Finding, Scope};
use super::graph::Walk;
use crate::code::Code;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Operation, Requirement, SecurityScheme};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Scheme names and scopes, in the order of names.
type Alternative = BTreeMap<String, BTreeSet<String>>;

/// A difference in what operations ask for, told once for all that share it.
type Shared = (Code, Option<String>, Option<String>);

impl Walk<'_> {
    /// Schemes, then requirements.
    pub(crate) fn security(&mut self) {
        let renamed = self.schemes();
        let mut shared: Vec<(Shared, Vec<usize>)> = Vec::new();
        let mut index: HashMap<Shared, usize> = HashMap::new();
        for (pair, both) in self.pairs.iter().enumerate() {
            let (Some(old), Some(new)) = (both.old, both.new) else {
                continue;
            };
            for difference in requirements(old, new, &renamed) {
                let at = *index.entry(difference.clone()).or_insert_with(|| {
                    shared.push((difference, Vec::new()));
                    shared.len() - 1
                });
                if let Some((_, pairs)) = shared.get_mut(at) {
                    pairs.push(pair);
                }
            }
        }
        for ((code, old_text, new_text), pairs) in shared {
            let first = pairs
                .first()
                .and_then(|pair| self.pairs.get(*pair))
                .copied();
            let Some((old, new)) = first.and_then(|first| first.old.zip(first.new)) else {
                continue;
            };
            let subject = match pairs.as_slice() {
                [_] => format!("{} security", new.label()),
                several => format!("security of {} operations", several.len()),
            };
            let mut finding = Finding::new(code, &subject, Scope::Operations(pairs, None))
                .at(&old.place, &new.place);
            finding.before = old_text;
            finding.after = new_text;
            self.find(finding);
        }
    }

    /// Compares the schemes; gives old names to new ones.
    fn schemes(&mut self) -> HashMap<String, String> {
        let (old, new) = (&self.old.security_schemes, &self.new.security_schemes);
        let mut renamed = HashMap::new();
        let mut added: Vec<&String> = new.keys().filter(|name| !old.contains_key(*name)).collect();
        let mut findings = Vec::new();
        for (name, before) in old {
            if let Some(after) = new.get(name) {
                findings.extend(scheme(name, before, after));
                continue;
            }
            let same = |other: &&String| new.get(*other).is_some_and(|after| same(before, after));
            match added.iter().position(same) {
                Some(position) => {
                    let other = added.remove(position);
                    renamed.insert(name.clone(), other.clone());
                    let place = new.get(other).map(place_of).unwrap_or_default();
                    findings.push(
                        about(Code::SecuritySchemeRenamed, other)
                            .at(&place_of(before), &place)
                            .before(name)
                            .after(other),
                    );
                }
                None => findings.push(
                    about(Code::SecuritySchemeRemoved, name)
                        .old_at(&place_of(before))
                        .before(describe(before)),
                ),
            }
        }
        for name in added {
            if let Some(after) = new.get(name) {
                findings.push(
                    about(Code::SecuritySchemeAdded, name)
                        .new_at(&place_of(after))
                        .after(describe(after)),
                );
            }
        }
        for mut finding in findings {
            let name = finding.subject.clone();
            finding.subject = format!("security scheme {name}");
            finding.scope = Scope::Operations(self.users(&name), None);
            self.find(finding);
        }
        renamed
    }

    /// The operations that may use a scheme.
    fn users(&self, scheme: &str) -> Vec<usize> {
        let asks = |operation: Option<&Operation>| {
            operation.is_some_and(|operation| {
                let mut alternatives = operation.security.iter();
                alternatives.any(|requirement| requirement.contains_key(scheme))
            })
        };
        let pairs = self.pairs.iter().enumerate();
        pairs
            .filter(|(_, pair)| asks(pair.old) || asks(pair.new))
            .map(|(index, _)| index)
            .collect()
    }
}

fn about(code: Code, name: &str) -> Finding {
    Finding::new(code, name, Scope::Api)
}

/// One scheme under one name.
fn scheme(name: &str, old: &SecurityScheme, new: &SecurityScheme) -> Vec<Finding> {
    let finding = |code| about(code, name).at(&place_of(old), &place_of(new));
    let mut findings = Vec::new();
    match (old, new) {
        (
            SecurityScheme::ApiKey {
                location,
                name: key,
                ..
            },
            SecurityScheme::ApiKey {
                location: new_location,
                name: new_key,
                ..
            },
        ) => {
            let header = *location == plumbline_specs::api::Location::Header;
            let same = if header {
                key.eq_ignore_ascii_case(new_key)
            } else {
                key == new_key
            };
            if location != new_location {
                findings.push(
                    finding(Code::ApiKeyMoved)
                        .before(describe(old))
                        .after(describe(new)),
                );
            }
            if !same {
                findings.push(finding(Code::ApiKeyRenamed).before(key).after(new_key));
            }
        }
        (
            SecurityScheme::Http {
                scheme,
                bearer_format,
                ..
            },
            SecurityScheme::Http {
                scheme: new_scheme,
                bearer_format: new_format,
                ..
            },
        ) => {
            if scheme != new_scheme {
                findings.push(
                    finding(Code::HttpSchemeChanged)
                        .before(scheme)
                        .after(new_scheme),
                );
            }
            if bearer_format != new_format {
                let mut finding = finding(Code::BearerFormatChanged);
                finding.before.clone_from(bearer_format);
                finding.after.clone_from(new_format);
                findings.push(finding);
            }
        }
        (
            SecurityScheme::OpenIdConnect { url, .. },
            SecurityScheme::OpenIdConnect { url: new_url, .. },
        ) => {
            if url != new_url {
                findings.push(finding(Code::OpenidUrlChanged).before(url).after(new_url));
            }
        }
        (SecurityScheme::OAuth2 { .. }, SecurityScheme::OAuth2 { .. })
        | (SecurityScheme::MutualTls { .. }, SecurityScheme::MutualTls { .. }) => {}
        _ => findings.push(
            finding(Code::SecuritySchemeTypeChanged)
                .before(describe(old))
                .after(describe(new)),
        ),
    }
    let (before, after) = (description(old), description(new));
    if before != after {
        let mut finding = finding(Code::DescriptionChanged);
        finding.before = before.map(crate::text::shorten);
        finding.after = after.map(crate::text::shorten);
        findings.push(finding);
    }
    findings
}

/// Whether two schemes are one, whatever their names and descriptions.
fn same(old: &SecurityScheme, new: &SecurityScheme) -> bool {
    describe(old) == describe(new)
}

fn describe(scheme: &SecurityScheme) -> String {
    match scheme {
        SecurityScheme::ApiKey { location, name, .. } => {
            let location = super::operation::json(location);
            format!("API key, {} {name}", location.trim_matches('"'))
        }
        SecurityScheme::Http { scheme, .. } => format!("HTTP {scheme}"),
        SecurityScheme::OAuth2 { .. } => "OAuth 2.0".to_owned(),
        SecurityScheme::OpenIdConnect { url, .. } => format!("OpenID Connect, {url}"),
        SecurityScheme::MutualTls { .. } => "client certificate".to_owned(),
    }
}

/// Where a scheme stands.
pub(crate) fn place_of(scheme: &SecurityScheme) -> Pointer {
    match scheme {
        SecurityScheme::ApiKey { place, .. }
        | SecurityScheme::Http { place, .. }
        | SecurityScheme::OAuth2 { place, .. }
        | SecurityScheme::OpenIdConnect { place, .. }
        | SecurityScheme::MutualTls { place } => place.clone(),
    }
}

fn description(scheme: &SecurityScheme) -> Option<&str> {
    match scheme {
        SecurityScheme::ApiKey { description, .. }
        | SecurityScheme::Http { description, .. }
        | SecurityScheme::OAuth2 { description, .. }
        | SecurityScheme::OpenIdConnect { description, .. } => description.as_deref(),
        SecurityScheme::MutualTls { .. } => None,
    }
}

/// What an operation asks for, before and after.
fn requirements(
    old: &Operation,
    new: &Operation,
    renamed: &HashMap<String, String>,
) -> Vec<Shared> {
    let none = HashMap::new();
    let before = alternatives(&old.security, renamed);
    let after = alternatives(&new.security, &none);
    let mut differences = Vec::new();
    let open = |own: &[Alternative]| own.is_empty() || own.iter().any(BTreeMap::is_empty);
    match (open(&before), open(&after)) {
        (true, false) => differences.push((
            Code::SecurityRequired,
            None,
            Some(join_alternatives(&after)),
        )),
        (false, true) => differences.push((
            Code::SecurityDropped,
            Some(join_alternatives(&before)),
            None,
        )),
        _ => {}
    }
    let closed = |own: Vec<Alternative>| -> Vec<Alternative> {
        own.into_iter().filter(|one| !one.is_empty()).collect()
    };
    let (before, after) = (closed(before), closed(after));
    if before.is_empty() || after.is_empty() {
        // Nothing was asked for, or nothing is: that has been said.
        let still_open = differences.is_empty();
        let lists = [
            (Code::SecurityAlternativeRemoved, before, true),
            (Code::SecurityAlternativeAdded, after, false),
        ];
        for (code, list, old_text) in lists {
            for one in list.iter().filter(|_| still_open) {
                differences.push(difference(code, one, old_text));
            }
        }
        return differences;
    }
    let names = |one: &Alternative| one.keys().cloned().collect::<BTreeSet<String>>();
    for one in &before {
        match after.iter().find(|other| names(other) == names(one)) {
            None => differences.push(difference(Code::SecurityAlternativeRemoved, one, true)),
            Some(other) if other != one => differences.push((
                Code::SecurityScopesChanged,
                Some(with_scopes(one)),
                Some(with_scopes(other)),
            )),
            Some(_) => {}
        }
    }
    for other in &after {
        if !before.iter().any(|one| names(one) == names(other)) {
            differences.push(difference(Code::SecurityAlternativeAdded, other, false));
        }
    }
    differences
}

fn difference(code: Code, one: &Alternative, old_text: bool) -> Shared {
    let text = join_alternatives(std::slice::from_ref(one));
    if old_text {
        (code, Some(text), None)
    } else {
        (code, None, Some(text))
    }
}

fn alternatives(security: &[Requirement], renamed: &HashMap<String, String>) -> Vec<Alternative> {
    let name = |name: &String| renamed.get(name).unwrap_or(name).clone();
    security
        .iter()
        .map(|requirement| {
            requirement
                .iter()
                .map(|(scheme, scopes)| (name(scheme), scopes.iter().cloned().collect()))
                .collect()
        })
        .collect()
}

fn join_alternatives(alternatives: &[Alternative]) -> String {
    let texts: Vec<String> = alternatives
        .iter()
        .map(|one| {
            let names: Vec<&str> = one.keys().map(String::as_str).collect();
            names.join(" and ")
        })
        .collect();
    texts.join(", or ")
}

fn with_scopes(one: &Alternative) -> String {
    let texts: Vec<String> = one
        .iter()
        .map(|(name, scopes)| {
            let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
            format!("{name}({})", scopes.join(" "))
        })
        .collect();
    texts.join(" and ")
}
