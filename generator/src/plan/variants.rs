//! Names of variants, of enums and of unions.

use super::names::{Scope, pascal, pascal_of, words};
use crate::rust::{OpenVariant, Ty};

/// The variants of an open enum, and the name of the one that keeps an unknown value.
pub(super) fn open_variants(values: &[String]) -> (Vec<OpenVariant>, String) {
    let mut scope = Scope::default();
    let variants: Vec<OpenVariant> = values
        .iter()
        .map(|wire| OpenVariant {
            name: scope.claim(pascal(wire), &[]),
            wire: wire.clone(),
        })
        .collect();
    (variants, other(&mut scope))
}

/// The name of the variant that keeps what no other does.
pub(super) fn other(scope: &mut Scope) -> String {
    let others = ["Unknown".to_owned(), "Unlisted".to_owned()];
    scope.claim("Other".to_owned(), &others)
}

/// What a variant of a type without a name is called.
pub(super) fn scalar_name(ty: &Ty) -> Option<&'static str> {
    Some(match ty {
        Ty::Unit => "Null",
        Ty::Bool => "Boolean",
        Ty::I32 => "Int32",
        Ty::I64 => "Integer",
        Ty::U64 => "Unsigned",
        Ty::F64 | Ty::Number => "Number",
        Ty::String => "String",
        Ty::Uuid => "Uuid",
        Ty::DateTime => "DateTime",
        Ty::Date => "Date",
        Ty::Base64 => "Base64",
        Ty::Bytes => "Bytes",
        Ty::Upload => "Upload",
        Ty::Json => "Json",
        Ty::JsonObject => "Map",
        _ => return None,
    })
}

/// Names the variants of a union by their types. What all the types' names begin or end with,
/// or share with the union's own name, is left out where the rest still tells them apart.
pub(super) fn union_variants(union: &str, types: &[Ty]) -> (Vec<String>, Scope) {
    let named: Vec<Vec<String>> = types.iter().filter_map(|ty| named(ty).map(words)).collect();
    let mut short = stripped(union, &named);
    let lists = types.iter().filter(|ty| matches!(ty, Ty::List(_))).count();
    let maps = types
        .iter()
        .filter(|ty| matches!(ty, Ty::Map(_) | Ty::JsonObject))
        .count();
    let mut scope = Scope::default();
    let names = types
        .iter()
        .map(|ty| {
            let name = match ty {
                Ty::Named(_) | Ty::Boxed(_) => short.next().unwrap_or_default(),
                Ty::List(_) if lists == 1 => "List".to_owned(),
                Ty::Map(_) | Ty::JsonObject if maps == 1 => "Map".to_owned(),
                other => described_within(other, union),
            };
            scope.claim(name, &[])
        })
        .collect();
    (names, scope)
}

fn named(ty: &Ty) -> Option<&str> {
    match ty {
        Ty::Named(name) => Some(name),
        Ty::Boxed(inner) => named(inner),
        _ => None,
    }
}

/// A type said in words; an item that is called after the union leaves the union's name out.
fn described_within(ty: &Ty, union: &str) -> String {
    match ty {
        Ty::Named(name) => name
            .strip_prefix(union)
            .filter(|rest| rest.starts_with(char::is_uppercase))
            .unwrap_or(name)
            .to_owned(),
        Ty::List(inner) => format!("{}List", described_within(inner, union)),
        Ty::Map(inner) => format!("{}Map", described_within(inner, union)),
        Ty::Option(inner) => format!("Nullable{}", described_within(inner, union)),
        Ty::Boxed(inner) => described_within(inner, union),
        Ty::Constant(name) => name.clone(),
        Ty::Tuple(_) => "Tuple".to_owned(),
        other => scalar_name(other).unwrap_or("Value").to_owned(),
    }
}

/// A type said in words, `StringList`.
pub(super) fn described(ty: &Ty) -> String {
    described_within(ty, "")
}

/// Short names for types, in their order.
fn stripped(union: &str, named: &[Vec<String>]) -> std::vec::IntoIter<String> {
    let full: Vec<String> = named.iter().map(|words| pascal_of(words)).collect();
    let union = words(union);
    let mut head = common(named.iter().map(|words| words.iter()));
    let mut tail = common(named.iter().map(|words| words.iter().rev()));
    if named.len() < 2 {
        // One type alone loses the union's whole name, or else nothing.
        let whole = |words: &[String]| words.starts_with(&union) && words.len() > union.len();
        head = named
            .first()
            .filter(|only| whole(only))
            .map_or(0, |_| union.len());
        tail = 0;
    }
    for (head, tail) in [(head, tail), (0, tail), (head, 0)] {
        if head + tail == 0 {
            continue;
        }
        let short: Option<Vec<String>> = named
            .iter()
            .map(|words| {
                let end = words.len().checked_sub(tail)?;
                let rest = words.get(head..end).filter(|rest| !rest.is_empty())?;
                let letter = rest.first()?.starts_with(char::is_alphabetic);
                letter.then(|| pascal_of(rest))
            })
            .collect();
        if let Some(short) = short {
            let distinct: std::collections::HashSet<&String> = short.iter().collect();
            if distinct.len() == short.len() {
                return short.into_iter();
            }
        }
    }
    full.into_iter()
}

fn common<'w>(all: impl Iterator<Item = impl Iterator<Item = &'w String>>) -> usize {
    let mut first: Option<Vec<&String>> = None;
    for words in all {
        first = Some(match first {
            None => words.collect(),
            Some(first) => first
                .into_iter()
                .zip(words)
                .take_while(|(one, other)| one == other)
                .map(|(one, _)| one)
                .collect(),
        });
    }
    first.map_or(0, |words| words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Ty {
        Ty::Named(name.to_owned())
    }

    #[test]
    fn variants_leave_out_what_they_share() {
        let cases: [(&str, &[Ty], &[&str]); 7] = [
            ("Pet", &[named("CatPet"), named("DogPet")], &["Cat", "Dog"]),
            (
                "SearchFilter",
                &[named("ExperimentNameFilter"), named("ExperimentAgeFilter")],
                &["Name", "Age"],
            ),
            (
                "Value",
                &[Ty::String, Ty::I64, Ty::Bool],
                &["String", "Integer", "Boolean"],
            ),
            (
                "Value",
                &[Ty::List(Box::new(Ty::String)), Ty::List(Box::new(Ty::I64))],
                &["StringList", "IntegerList"],
            ),
            (
                "Tool",
                &[named("ToolCall"), named("ToolCallResult")],
                &["ToolCall", "ToolCallResult"],
            ),
            (
                "Expression",
                &[Ty::String, named("ExpressionObject")],
                &["String", "Object"],
            ),
            (
                "Message",
                &[named("UserMessage"), named("BotReply")],
                &["UserMessage", "BotReply"],
            ),
        ];
        for (union, types, expected) in cases {
            assert_eq!(union_variants(union, types).0, expected, "{union}");
        }
    }

    #[test]
    fn values_become_variants() {
        let values = ["=", "a b", "A_B", "", "Self", "Other"].map(str::to_owned);
        let (variants, other) = open_variants(&values);
        let names: Vec<&str> = variants.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["Equal", "AB", "AB2", "Empty", "SelfValue", "Other"]);
        assert_eq!(other, "Unknown");
    }
}
