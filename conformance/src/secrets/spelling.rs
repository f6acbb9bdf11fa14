//! A text with its escapes taken off, level by level, and the way back from there: JSON, URLs,
//! forms, HTML and XML write one value in many ways.
//!
//! Libraries decode one form each, and none tells where in the text a value stood.

use memchr::memchr3;

/// So often are escapes taken off: JSON within a form within JSON.
const LEVELS: usize = 4;

/// A text at one level.
pub(super) struct Spelled {
    /// What is left, with spaces for plus signs: a form writes the one for the other.
    pub(super) bytes: Vec<u8>,
    /// For each level that was taken off, the ends of its escapes: here and in the level before.
    ends: Vec<Vec<(usize, usize)>>,
}

impl Spelled {
    /// As it stands.
    pub(super) fn new(text: &[u8]) -> Self {
        let mut bytes = text.to_vec();
        fold(&mut bytes);
        Self {
            bytes,
            ends: Vec::new(),
        }
    }

    /// Takes one level of escapes off; whether there was one.
    pub(super) fn peel(&mut self) -> bool {
        if self.ends.len() >= LEVELS {
            return false;
        }
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        let mut rest = self.bytes.as_slice();
        while let Some(at) = memchr3(b'\\', b'%', b'&', rest) {
            let (before, from) = rest.split_at(at);
            bytes.extend_from_slice(before);
            let length = match escape(from) {
                Some((length, Meant::Byte(byte))) => {
                    bytes.push(byte);
                    length
                }
                Some((length, Meant::Letter(letter))) => {
                    bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                    length
                }
                None => {
                    bytes.extend(from.first());
                    1
                }
            };
            rest = from.get(length..).unwrap_or_default();
            if length > 1 {
                ends.push((bytes.len(), self.bytes.len() - rest.len()));
            }
        }
        if ends.is_empty() {
            return false;
        }
        bytes.extend_from_slice(rest);
        fold(&mut bytes);
        self.bytes = bytes;
        self.ends.push(ends);
        true
    }

    /// The place in the text of a place between two letters here.
    pub(super) fn source(&self, place: usize) -> usize {
        self.ends.iter().rev().fold(place, |place, ends| {
            let after = ends.partition_point(|(here, _)| *here <= place);
            match after.checked_sub(1).and_then(|last| ends.get(last)) {
                Some((here, before)) => before + (place - here),
                None => place,
            }
        })
    }
}

/// A value without any escapes, however often they were put on.
pub(super) fn bare(value: &[u8]) -> Vec<u8> {
    let mut spelled = Spelled::new(value);
    while spelled.peel() {}
    spelled.bytes
}

fn fold(bytes: &mut [u8]) {
    for byte in bytes {
        if *byte == b'+' {
            *byte = b' ';
        }
    }
}

/// What an escape means.
enum Meant {
    Byte(u8),
    Letter(char),
}

/// The escape with which a text begins: its length and what it means.
fn escape(text: &[u8]) -> Option<(usize, Meant)> {
    match text.first()? {
        b'%' => Some((3, Meant::Byte(u8::try_from(hex(text.get(1..3)?)?).ok()?))),
        b'\\' => backslash(text),
        _ => entity(text),
    }
}

/// Escapes of JSON (RFC 8259, section 7), of YAML and of JavaScript.
fn backslash(text: &[u8]) -> Option<(usize, Meant)> {
    let letter = |code: u32| char::from_u32(code).map(Meant::Letter);
    match *text.get(1)? {
        b'u' if text.get(2) == Some(&b'{') => {
            let digits = text.get(3..)?.iter().position(|byte| *byte == b'}')?;
            let code = hex(text.get(3..3 + digits)?)?;
            Some((digits + 4, letter(code)?))
        }
        b'u' => {
            let high = hex(text.get(2..6)?)?;
            if !(0xd800..0xdc00).contains(&high) {
                return Some((6, letter(high)?));
            }
            let low = hex(text.get(8..12).filter(|_| text.get(6..8) == Some(b"\\u"))?)?;
            let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            Some((12, letter(0x10000 + ((high - 0xd800) << 10) + low)?))
        }
        b'U' => Some((10, letter(hex(text.get(2..10)?)?)?)),
        b'x' => Some((4, letter(hex(text.get(2..4)?)?)?)),
        own @ (b'"' | b'\'' | b'\\' | b'/') => Some((2, Meant::Byte(own))),
        b'b' => Some((2, Meant::Byte(8))),
        b'f' => Some((2, Meant::Byte(12))),
        b'n' => Some((2, Meant::Byte(b'\n'))),
        b'r' => Some((2, Meant::Byte(b'\r'))),
        b't' => Some((2, Meant::Byte(b'\t'))),
        _ => None,
    }
}

/// The names that HTML and XML have for what URLs, base64 and quotes use.
const ENTITIES: [(&str, char); 28] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("plus", '+'),
    ("sol", '/'),
    ("bsol", '\\'),
    ("equals", '='),
    ("colon", ':'),
    ("semi", ';'),
    ("comma", ','),
    ("period", '.'),
    ("excl", '!'),
    ("quest", '?'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("ast", '*'),
    ("commat", '@'),
    ("lpar", '('),
    ("rpar", ')'),
    ("lowbar", '_'),
    ("hyphen", '-'),
    ("Hat", '^'),
    ("grave", '`'),
    ("verbar", '|'),
    ("nbsp", '\u{a0}'),
];

/// A character reference, by number or by name.
fn entity(text: &[u8]) -> Option<(usize, Meant)> {
    let end = text.iter().take(12).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(text.get(1..end)?).ok()?;
    let letter = match name.strip_prefix('#') {
        Some(code) => {
            let code = match code.strip_prefix(['x', 'X']) {
                Some(code) => hex(code.as_bytes())?,
                None => code.parse().ok()?,
            };
            char::from_u32(code)?
        }
        None => ENTITIES.iter().find(|(own, _)| *own == name)?.1,
    };
    Some((end + 1, Meant::Letter(letter)))
}

fn hex(digits: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok()?;
    // A sign is no digit.
    text.bytes()
        .all(|digit| digit.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(text, 16).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::{Spelled, bare};

    #[test]
    fn escapes_are_taken_off_and_lead_back() {
        for (text, meant) in [
            (r"a\/b", "a/b"),
            (r"a\u002Fb", "a/b"),
            (r"a\u{2f}b\x2f", "a/b/"),
            (r"\ud83d\ude00", "\u{1f600}"),
            ("%C3%a9", "é"),
            ("a%252Fb", "a/b"),
            (r"%5C%2F", "/"),
            (r"\\\u0026amp;#x2F;", "/"),
            ("&sol;&#47;&#x2f;", "///"),
            ("a+b%2Bc", "a b c"),
            // None of these is one.
            (
                r"100% \q &amp &x; \u12 %zz \ud83d",
                r"100% \q &amp &x; \u12 %zz \ud83d",
            ),
        ] {
            assert_eq!(
                String::from_utf8_lossy(&bare(text.as_bytes())),
                meant,
                "{text}"
            );
        }
        let mut spelled = Spelled::new(br"x%5C%2Fyz");
        assert!(spelled.peel() && spelled.peel() && !spelled.peel());
        assert_eq!(spelled.bytes, b"x/yz");
        let places: Vec<usize> = (0..=4).map(|place| spelled.source(place)).collect();
        assert_eq!(places, [0, 1, 7, 8, 9]);
    }
}
