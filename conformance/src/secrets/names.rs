//! Names that say that what stands under them is secret.

use regex::bytes::Regex;
use std::sync::LazyLock;

/// Names of members, fields, parameters and headers, in lower case and without `_` and `-`. They
/// are compared whole: `starting_token` is a cursor.
const EXACT: [&str; 8] = [
    "password",
    "clientsecret",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "apikey",
    "secret",
    "authorization",
];

/// Words with which the names of secrets end.
const LAST: [&str; 8] = [
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "authorization",
    "credential",
    "credentials",
];

/// Words that make a key a secret: an `Idempotency-Key` is none.
const KEYS: [&str; 8] = [
    "api",
    "access",
    "auth",
    "secret",
    "private",
    "master",
    "session",
    "subscription",
];

/// Words that make a token a cursor.
const CURSORS: [&str; 9] = [
    "page",
    "next",
    "previous",
    "prev",
    "starting",
    "start",
    "continuation",
    "cursor",
    "sync",
];

/// Whether a name is one of those that are hidden wherever they stand.
pub(crate) fn is_secret(name: &str) -> bool {
    EXACT.contains(&folded(name).as_str())
}

/// Whether a JSON text may hold one of the names that are hidden, or a URL with a password, however
/// it is written. A text that holds none may seem to: it is looked through in vain.
pub(crate) fn may_stand_in(text: &[u8]) -> bool {
    let holds = |part: &[u8]| text.windows(part.len()).any(|window| window == part);
    let password_of_url = text.contains(&b'@') && (holds(b"://") || holds(b"\\/"));
    password_of_url || WRITTEN.as_ref().is_none_or(|names| names.is_match(text))
}

/// One of [`EXACT`] with `_` and `-` anywhere within, or an escape that may be a letter of one: of
/// JSON, or of a URL.
static WRITTEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let spaced = |name: &str| -> String {
        let letters: Vec<String> = name.chars().map(String::from).collect();
        letters.join("[_-]*")
    };
    let mut written: Vec<String> = EXACT.iter().map(|name| spaced(name)).collect();
    written.push(r"\\u".to_owned());
    written.push("%[0-9a-f]{2}".to_owned());
    Regex::new(&format!("(?i-u){}", written.join("|"))).ok()
});

/// The members that a field's or parameter's name is made of: `user[address][0].street` has
/// `user`, `address` and `street`. Empty ones and numbers are places in lists.
pub(crate) fn members(name: &str) -> impl Iterator<Item = &str> {
    name.split(['[', ']', '.'])
        .filter(|member| member.bytes().any(|byte| !byte.is_ascii_digit()))
}

/// Whether a header's name says that it holds a secret: by the same list, or by its last word.
/// Headers carry credentials under many names, and cursors under few.
pub fn is_secret_header(name: &str) -> bool {
    is_secret(name) || ends_like_one(name)
}

/// Whether a name ends as those of secrets do, which is a suspicion and no more in a body.
pub(crate) fn ends_like_one(name: &str) -> bool {
    let words = words(name);
    let mut words = words.iter().rev().map(String::as_str);
    let (last, before) = (words.next().unwrap_or_default(), words.next());
    let before = before.unwrap_or_default();
    match last {
        "key" => KEYS.contains(&before),
        "apikey" | "signature" | "sig" => true,
        _ => LAST.contains(&last) && !CURSORS.contains(&before),
    }
}

/// Whether two names are the same, case and `_` and `-` set aside.
pub(crate) fn are_same(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

fn folded(name: &str) -> String {
    name.chars()
        .filter(|letter| !matches!(letter, '_' | '-'))
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// `clientSecret`, `client_secret` and `Client-Secret` are two words each.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut lower = false;
    for letter in name.chars() {
        let starts = letter.is_ascii_uppercase() && lower;
        if starts || !letter.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        if letter.is_ascii_alphanumeric()
            && let Some(last) = words.last_mut()
        {
            last.push(letter.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{ends_like_one, is_secret, is_secret_header, may_stand_in, members};

    #[test]
    fn a_text_is_looked_through_where_a_name_may_stand_in_it() {
        for text in [
            r#"{"password": 1}"#,
            r#"{"Client-Secret": 1}"#,
            r#"{"_a_P_i-KEY": 1}"#,
            r#"{"passw\u006frd": 1}"#,
            r#"{"at": "/a?access%5Ftoken=x"}"#,
            r#"{"text": "{\"id_token\": 1}"}"#,
            r#"{"at": "https:\/\/u:p@h"}"#,
            r#"{"at": "https://u:p@h"}"#,
        ] {
            assert!(may_stand_in(text.as_bytes()), "{text}");
        }
        for text in [
            r#"{"starting_token": 1, "mail": "a@b.example", "share": "5 %"}"#,
            r#"{"at": "https://h/a?page=1", "pass": "word"}"#,
        ] {
            assert!(!may_stand_in(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_name_is_split_at_its_members() {
        for (name, expected) in [
            ("password", &["password"][..]),
            ("password[]", &["password"]),
            ("password.0", &["password"]),
            ("user[password][1]", &["user", "password"]),
            ("auth.password", &["auth", "password"]),
            ("my-password_1", &["my-password_1"]),
            ("[0].", &[]),
        ] {
            assert_eq!(members(name).collect::<Vec<_>>(), expected, "{name}");
        }
    }

    #[test]
    fn names_are_compared_whole_and_headers_by_their_last_word() {
        for (name, secret, header) in [
            ("password", true, true),
            ("Client-Secret", true, true),
            ("clientSecret", true, true),
            ("API_KEY", true, true),
            ("starting_token", false, false),
            ("next_page_token", false, false),
            ("X-Custom-Token", false, true),
            ("X-Amz-Security-Token", false, true),
            ("X-Next-Page-Token", false, false),
            ("Ocp-Apim-Subscription-Key", false, true),
            ("Idempotency-Key", false, false),
            ("X-Password-Strength", false, false),
            ("tokens", false, false),
            ("X-Hub-Signature", false, true),
        ] {
            assert_eq!(
                (is_secret(name), is_secret_header(name)),
                (secret, header),
                "{name}"
            );
        }
        assert!(ends_like_one("token") && !ends_like_one("pageToken"));
    }
}
