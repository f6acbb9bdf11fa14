//! Symbols read aloud.

/// Reads a name aloud: all of it when it has no letter and no digit, else its leading sign.
pub(super) fn speak(name: &str) -> String {
    if name.chars().any(char::is_alphanumeric) {
        return lead(name);
    }
    if let Some((_, word)) = PHRASES.iter().find(|(symbols, _)| *symbols == name.trim()) {
        return (*word).to_owned();
    }
    name.chars()
        .map(|character| {
            SYMBOLS
                .iter()
                .find(|(symbol, _)| *symbol == character)
                .map_or(" ", |(_, word)| word)
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn lead(name: &str) -> String {
    let mut characters = name.chars();
    let sign = match characters.next() {
        Some('+') => "plus",
        Some('-') => "minus",
        _ => return name.to_owned(),
    };
    let rest = characters.as_str();
    if rest.starts_with(char::is_alphanumeric) {
        format!("{sign} {rest}")
    } else {
        name.to_owned()
    }
}

const PHRASES: [(&str, &str); 10] = [
    ("=", "equal"),
    ("==", "equal"),
    ("!=", "not equal"),
    ("<>", "not equal"),
    (">", "greater than"),
    (">=", "greater or equal"),
    ("<", "less than"),
    ("<=", "less or equal"),
    ("&&", "and"),
    ("||", "or"),
];

const SYMBOLS: [(char, &str); 25] = [
    ('!', "bang"),
    ('"', "quote"),
    ('#', "hash"),
    ('$', "dollar"),
    ('%', "percent"),
    ('&', "and"),
    ('\'', "apostrophe"),
    ('*', "star"),
    ('+', "plus"),
    (',', "comma"),
    ('-', "minus"),
    ('.', "dot"),
    ('/', "slash"),
    (':', "colon"),
    (';', "semicolon"),
    ('<', "less"),
    ('=', "equal"),
    ('>', "greater"),
    ('?', "question"),
    ('@', "at"),
    ('\\', "backslash"),
    ('^', "caret"),
    ('`', "backtick"),
    ('|', "pipe"),
    ('~', "tilde"),
];
