//! A request as a command for a POSIX shell: curl sends the same bytes, and nothing else happens.
//!
//! Everything stands in single quotes but the user's own variables, which stand as `"$NAME"`. A line
//! has no control character and none that turns the direction of writing: what needs one is written by
//! `printf`, in octal. `$'…'` would be shorter, and is not known to every `sh`.

use crate::report::escape::is_unprintable;
use crate::user::{self, Part};
use crate::{Request, exchange};
use reqwest::header::{HeaderName, HeaderValue};
use std::fmt::Write as _;

/// The longest body that is an argument of curl's: systems bound the length of one argument.
const ARGUMENT: usize = 64 * 1024;

impl Request {
    /// A curl command that sends this request to `base`, to be pasted into a POSIX shell: with the
    /// target's `headers`, whose `$NAME` are variables of the user's, as those of its own that
    /// [`secrets`](Self::secrets) names are. Nothing else in it is alive.
    pub fn curl(&self, base: &str, headers: &[(String, String)]) -> String {
        command(self, base, headers)
    }
}

/// The command that sends a request to `base` with the target's `headers`, in which `$NAME` is a
/// variable of the user's.
fn command(request: &Request, base: &str, headers: &[(String, String)]) -> String {
    let own = |text| split(text, &request.secrets);
    let mut text = String::from("curl -sS -i");
    text.push_str(&method(request));
    let url = format!("{}{}", base.trim_end_matches('/'), request.path_and_query());
    let (url, as_is) = match exchange::wire(&url) {
        Some(url) => (url, false),
        // curl would follow dots in a path, as the kit's own client would.
        None => (printable(&url), true),
    };
    if as_is {
        text.push_str(" --path-as-is");
    }
    let parts = own(&url);
    // The value of a variable may have what curl takes for a pattern.
    if url.contains(['{', '}', '[', ']']) || parts.len() > 1 {
        text.push_str(" --globoff");
    }
    // Anything else might be taken for an option.
    let option = if url.starts_with("http") {
        ""
    } else {
        " --url"
    };
    let _ = write!(text, "{option} {}", word(&parts));
    for (name, value) in headers {
        if !request.replaces(name) {
            let value = user::split(value);
            text.push_str(&header(name, &value));
        }
    }
    for (name, value) in &request.headers {
        text.push_str(&header(name, &own(value)));
    }
    let Some(body) = &request.body else {
        return text;
    };
    if !has(request, headers, "content-type") {
        // curl would say that it is a form's.
        text.push_str(" -H 'Content-Type:'");
    }
    match std::str::from_utf8(body).map(own) {
        Ok(parts) if body.len() <= ARGUMENT && is_argument(&parts) => {
            let _ = write!(text, " --data-binary {}", word(&parts));
            text
        }
        _ => format!(
            "{} | {text} --data-binary @-",
            printed(&split_bytes(body, &request.secrets))
        ),
    }
}

/// Whether curl takes a body from its command line as it is: `@` at its begin names a file.
fn is_argument(parts: &[Part<'_>]) -> bool {
    let begins = match parts.first() {
        Some(Part::Text(text)) => !text.starts_with('@'),
        Some(Part::Variable(_)) => false,
        None => true,
    };
    let is_printable = |part: &Part<'_>| match part {
        Part::Text(text) => !text.chars().any(is_unprintable),
        Part::Variable(_) => true,
    };
    begins && parts.iter().all(is_printable)
}

fn method(request: &Request) -> String {
    match (request.method.as_str(), &request.body) {
        ("GET", None) => String::new(),
        ("HEAD", None) => " -I".to_owned(),
        // With a body curl takes no -I, and without it waits for one that never comes.
        ("HEAD", Some(_)) => " -X HEAD -m 5".to_owned(),
        (method, _) if method.chars().all(|letter| letter.is_ascii_alphabetic()) => {
            format!(" -X {method}")
        }
        (method, _) => format!(" -X {}", word(&[Part::Text(method)])),
    }
}

/// Whether a request carries a header, of its own or of the target's.
fn has(request: &Request, headers: &[(String, String)], name: &str) -> bool {
    let target = headers.iter().filter(|(own, _)| !request.replaces(own));
    target
        .chain(&request.headers)
        .any(|(own, _)| own.eq_ignore_ascii_case(name))
}

/// A header as an argument; nothing where HTTP does not allow it, as it was not sent either.
fn header(name: &str, value: &[Part<'_>]) -> String {
    let is_valid = value.iter().all(|part| match part {
        Part::Text(text) => HeaderValue::from_bytes(text.as_bytes()).is_ok(),
        Part::Variable(_) => true,
    });
    if !is_valid || HeaderName::from_bytes(name.as_bytes()).is_err() {
        return String::new();
    }
    let is_empty = value
        .iter()
        .all(|part| matches!(part, Part::Text(text) if text.trim_matches([' ', '\t']).is_empty()));
    if is_empty {
        // After a colon curl would take the header out.
        return format!(" -H '{};'", escaped(name));
    }
    let colon = format!("{name}: ");
    let mut parts = vec![Part::Text(colon.as_str())];
    parts.extend(value.iter().copied());
    format!(" -H {}", word(&parts))
}

/// One word of a shell's.
fn word(parts: &[Part<'_>]) -> String {
    let mut out = String::new();
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(own) => text.push_str(own),
            Part::Variable(name) => {
                quote(&mut out, &std::mem::take(&mut text));
                let _ = write!(out, "\"${name}\"");
            }
        }
    }
    quote(&mut out, &text);
    if out.is_empty() { "''".to_owned() } else { out }
}

/// Adds a text, in single quotes; where it has what may not stand in a line, as `printf` writes it: a
/// header's value, which ends with no line feed that the shell would take away.
fn quote(out: &mut String, text: &str) {
    if text.chars().any(is_unprintable) {
        let _ = write!(out, "\"$({})\"", printed(&[Piece::Bytes(text.as_bytes())]));
    } else if !text.is_empty() {
        let _ = write!(out, "'{}'", escaped(text));
    }
}

/// What stands between single quotes.
fn escaped(text: &str) -> String {
    text.replace('\'', r"'\''")
}

enum Piece<'a> {
    Bytes(&'a [u8]),
    Variable(&'a str),
}

/// A `printf` that writes these bytes.
fn printed(pieces: &[Piece<'_>]) -> String {
    let mut format = String::new();
    let mut arguments = String::new();
    for piece in pieces {
        match piece {
            Piece::Variable(name) => {
                format.push_str("%s");
                let _ = write!(arguments, " \"${name}\"");
            }
            Piece::Bytes(bytes) => {
                for chunk in bytes.utf8_chunks() {
                    for character in chunk.valid().chars() {
                        push(&mut format, character);
                    }
                    chunk
                        .invalid()
                        .iter()
                        .for_each(|byte| octal(&mut format, *byte));
                }
            }
        }
    }
    format!("printf '{format}'{arguments}")
}

fn push(format: &mut String, character: char) {
    match character {
        '\n' => format.push_str("\\n"),
        '\r' => format.push_str("\\r"),
        '\t' => format.push_str("\\t"),
        '\\' => format.push_str("\\\\"),
        '%' => format.push_str("%%"),
        '\'' => format.push_str(r"'\''"),
        // A format that begins with it would be an option.
        '-' if format.is_empty() => octal(format, b'-'),
        // An interactive shell looks for its history between double quotes, whatever is in them.
        '!' => octal(format, b'!'),
        _ if is_unprintable(character) => {
            let mut bytes = [0; 4];
            let bytes = character.encode_utf8(&mut bytes).bytes();
            bytes.for_each(|byte| octal(format, byte));
        }
        _ => format.push(character),
    }
}

fn octal(format: &mut String, byte: u8) {
    let _ = write!(format, "\\{byte:03o}");
}

/// The parts of a text in which these variables stand.
fn split<'a>(text: &'a str, variables: &'a [String]) -> Vec<Part<'a>> {
    split_bytes(text.as_bytes(), variables)
        .into_iter()
        .map(|piece| match piece {
            // A variable's name is ASCII, so that a text is never cut within a character.
            Piece::Bytes(bytes) => Part::Text(std::str::from_utf8(bytes).unwrap_or_default()),
            Piece::Variable(name) => Part::Variable(name),
        })
        .collect()
}

fn split_bytes<'a>(bytes: &'a [u8], variables: &'a [String]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut rest = bytes;
    loop {
        let next = variables
            .iter()
            .filter(|name| crate::secrets::is_name(name))
            .filter_map(|name| {
                let at = memchr::memmem::find(rest, format!("${name}").as_bytes())?;
                Some((at, name))
            })
            .min_by_key(|(at, name)| (*at, std::cmp::Reverse(name.len())));
        let Some((at, name)) = next else {
            break;
        };
        let (before, from) = rest.split_at(at);
        if !before.is_empty() {
            pieces.push(Piece::Bytes(before));
        }
        pieces.push(Piece::Variable(name));
        rest = from.get(name.len() + 1..).unwrap_or_default();
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Bytes(rest));
    }
    pieces
}

/// A URL that could not be sent as it is, its unprintable characters percent-encoded.
fn printable(url: &str) -> String {
    let mut out = String::new();
    for character in url.chars() {
        if character.is_ascii_graphic() {
            out.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
