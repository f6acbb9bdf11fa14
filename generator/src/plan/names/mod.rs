//! Names: everything that the document calls something becomes a Rust identifier here.
//!
//! [`words`] takes a name apart, [`snake`] and [`pascal`] put it together, and a [`Scope`]
//! keeps the names of one namespace apart. A name depends on what it names and, where two
//! meet, on the other one; never on how much else the document holds.

mod operation;
mod reserved;
mod schema;
mod scope;
mod symbols;

pub(super) use operation::operation_names;
pub(super) use reserved::{
    BUILDER_METHODS, CLIENT_METHODS, REQUEST_METHODS, RESPONSE_METHODS, TYPES,
};
pub(super) use schema::component_words;
pub(super) use scope::Scope;

use heck::ToSnakeCase;
use unicode_normalization::UnicodeNormalization as _;

/// The greatest length of a name, in characters.
pub(super) const LONGEST: usize = 60;

/// Takes a name apart into lower-case words that are parts of identifiers.
///
/// What has no letter and no digit is read aloud (`>=` is "greater or equal"), as is a sign
/// before the first letter or digit (`-1` is "minus 1").
pub(super) fn words(name: &str) -> Vec<String> {
    // Rust takes two spellings of one character for the same name.
    let spoken = symbols::speak(&name.nfc().collect::<String>());
    join_plural_acronyms(&spoken)
        .to_snake_case()
        .split('_')
        .map(|word| {
            word.chars()
                .filter(|character| unicode_ident::is_xid_continue(*character))
                .collect::<String>()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// An identifier in snake_case, raw where it is a keyword; never empty.
pub(super) fn snake(name: &str) -> String {
    snake_of(&words(name))
}

/// An identifier in PascalCase; never empty.
pub(super) fn pascal(name: &str) -> String {
    pascal_of(&words(name))
}

/// Words in snake_case as an identifier.
pub(super) fn snake_of(words: &[String]) -> String {
    let mut text = shorten(words.to_vec(), 1).join("_");
    if text.is_empty() {
        text.push_str("empty");
    }
    if !text.starts_with(unicode_ident::is_xid_start) {
        text.insert(0, 'n');
    }
    if reserved::NEVER_RAW.contains(&text.as_str()) {
        text.push_str("_value");
    } else if reserved::KEYWORDS.contains(&text.as_str()) {
        text.insert_str(0, "r#");
    }
    text
}

/// Words in PascalCase as an identifier. Two digits that came from two words keep a `_`
/// between them, so that `1.5` is not `15`.
pub(super) fn pascal_of(words: &[String]) -> String {
    let mut text = String::new();
    for word in shorten(words.to_vec(), 0) {
        push_pascal(&mut text, &word);
    }
    if text.is_empty() {
        text.push_str("Empty");
    }
    if !text.starts_with(unicode_ident::is_xid_start) {
        text.insert(0, 'N');
    }
    if text == "Self" {
        text.push_str("Value");
    }
    text
}

fn push_pascal(text: &mut String, word: &str) {
    if text.ends_with(|last: char| last.is_numeric())
        && word.starts_with(|first: char| first.is_numeric())
    {
        text.push('_');
    }
    let mut characters = word.chars();
    if let Some(first) = characters.next() {
        // A letter whose capital is two letters (ß) keeps its own form.
        let mut upper = first.to_uppercase();
        match (upper.next(), upper.next()) {
            (Some(only), None) => text.push(only),
            _ => text.push(first),
        }
    }
    text.push_str(characters.as_str());
}

/// Makes a name fit: words that were said before go first, then words from the middle, for the
/// first words say what it belongs to and the last ones what it is. `gap` is the length of what
/// joins two words.
pub(super) fn shorten(mut words: Vec<String>, gap: usize) -> Vec<String> {
    let length = |words: &[String]| -> usize {
        words
            .iter()
            .map(|word| word.chars().count() + gap)
            .sum::<usize>()
            .saturating_sub(gap)
    };
    // Room for a sign that an identifier may need besides (`r#`, a first letter, a number).
    let limit = LONGEST - 4;
    if length(&words) <= limit {
        return words;
    }
    let mut seen = std::collections::HashSet::new();
    words.retain(|word| seen.insert(word.clone()));
    if length(&words) > limit {
        words = without_middle(&words, limit, gap);
    }
    words
}

/// The last words as far as they fill half of the room, and before them as many of the first
/// ones as there is room left for.
fn without_middle(words: &[String], limit: usize, gap: usize) -> Vec<String> {
    let mut tail = Vec::new();
    let mut used = 0;
    for word in words.iter().rev() {
        let cost = word.chars().count() + gap;
        if used + cost > limit / 2 {
            break;
        }
        used += cost;
        tail.push(word.clone());
    }
    let rest = words.len().saturating_sub(tail.len());
    let mut short = Vec::new();
    for word in words.iter().take(rest) {
        let cost = word.chars().count() + gap;
        if used + cost > limit {
            break;
        }
        used += cost;
        short.push(word.clone());
    }
    if short.is_empty() && tail.is_empty() {
        // One word alone that is too long.
        let first = words.first().map(String::as_str).unwrap_or_default();
        return vec![first.chars().take(limit).collect()];
    }
    tail.reverse();
    short.extend(tail);
    short
}

/// `IDs` is one word, and so are `OAuth` and `GraphQL`.
fn join_plural_acronyms(name: &str) -> String {
    let name = name.replace("OAuth", "Oauth").replace("GraphQL", "Graphql");
    let characters: Vec<char> = name.chars().collect();
    let mut text = String::with_capacity(name.len());
    let mut run = 0usize;
    for (index, character) in characters.iter().enumerate() {
        let ends = !characters
            .get(index + 1)
            .is_some_and(|next| next.is_lowercase());
        if *character == 's' && run >= 2 && ends {
            text.push('S');
            // What follows begins a word of its own.
            text.push('_');
        } else {
            text.push(*character);
        }
        run = if character.is_uppercase() { run + 1 } else { 0 };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        let cases = [
            ("userID", "user id"),
            ("userIDs", "user ids"),
            ("HTTPValidationError", "http validation error"),
            ("URLsList", "urls list"),
            ("OAuth2Client", "oauth2 client"),
            ("p50", "p50"),
            ("filter[name]", "filter name"),
            ("größe", "größe"),
            ("名前", "名前"),
            ("+1", "plus 1"),
            ("-created_at", "minus created at"),
            (">=", "greater or equal"),
            ("!=", "not equal"),
            ("a²", "a"),
            ("", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn words_become_identifiers() {
        let cases = [
            ("type", "r#type", "Type"),
            ("self", "self_value", "SelfValue"),
            ("_", "empty", "Empty"),
            ("", "empty", "Empty"),
            ("2fa", "n2fa", "N2fa"),
            ("gpt-3.5-turbo", "gpt_3_5_turbo", "Gpt3_5Turbo"),
            ("=", "equal", "Equal"),
            ("größe", "größe", "Größe"),
            ("ß", "ß", "ß"),
            ("1.5", "n1_5", "N1_5"),
        ];
        for (name, in_snake, in_pascal) in cases {
            assert_eq!(snake(name), in_snake, "{name}");
            assert_eq!(pascal(name), in_pascal, "{name}");
        }
    }

    #[test]
    fn long_names_keep_both_ends() {
        assert_eq!(
            snake(
                "a_property_with_a_name_that_goes_on_for_very_much_longer_than_anyone_would_type"
            ),
            "a_property_with_name_that_goes_than_anyone_would_type"
        );
        assert_eq!(pascal(&"x".repeat(100)).len(), 56);
    }

    #[test]
    fn every_name_is_an_identifier_that_rust_accepts() {
        for name in [
            "async", "crate", "super", "Self", "gen", "try", "💥", "\u{301}e", "a\u{0}b", "ﬁ", "٣",
            "𝒳", "--", "[]", "/", "%20", "É", "İ", "ǆ",
        ] {
            for text in [snake(name), pascal(name)] {
                assert!(
                    syn::parse_str::<syn::Ident>(&text).is_ok(),
                    "{name}: {text}"
                );
            }
        }
    }
}
