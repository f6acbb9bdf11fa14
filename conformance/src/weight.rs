//! What a JSON text takes in memory once it is a value, reckoned from its bytes before it is one.
//!
//! `[],[],[]` takes thirty times its length, `{"a":1},` seventy times: what a server sends within
//! the limit for bodies could fill the memory.

/// What a value takes beside its text, and what a list or a map of them takes beside its values.
const VALUE: u64 = 72;

/// The least room that a map with members is given.
const MAP: u64 = 400;

/// What a member of a map takes beside its value.
const MEMBER: u64 = 64;

/// A text that is kept takes at least so much more than its bytes.
const TEXT: u64 = 32;

/// What the first JSON value of a body takes in memory, in bytes, roughly and rather too much; 0 of
/// a body that does not begin as a list or a map does, which is no value, or a small one.
pub(crate) fn of_json(body: &[u8]) -> u64 {
    let mut bytes = body.iter().copied();
    let mut weight = 0_u64;
    let mut depth = 0_u64;
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                weight += VALUE + if byte == b'{' { MAP } else { 0 };
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ if depth == 0 => break,
            b',' => weight += VALUE,
            b':' => weight += MEMBER,
            b'"' => {
                weight += TEXT;
                while let Some(byte) = bytes.next() {
                    weight += 1;
                    match byte {
                        b'"' => break,
                        b'\\' => drop(bytes.next()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    weight
}

#[cfg(test)]
mod tests {
    use super::of_json;

    #[test]
    fn what_unfolds_is_told_from_what_does_not() {
        let mega = 1 << 20;
        let text = format!("[\"{}\"]", "a".repeat(16 * mega));
        assert!(of_json(text.as_bytes()) < 17 * mega as u64);
        for piece in [
            "[],",
            "{},",
            "{\"a\":1},",
            "1,",
            "[[[[[[[[[[[[1]]]]]]]]]]]],",
            "\"\",",
        ] {
            let text = format!("[{}1]", piece.repeat(16 * mega / piece.len()));
            assert!(of_json(text.as_bytes()) > 128 * mega as u64, "{piece}");
        }
        // The first of several: a stream of records is read one by one.
        assert!(of_json("{\"a\":[1]}\n".repeat(mega).as_bytes()) < 1000);
        assert_eq!(of_json(b" \"a\" [[[["), 0);
    }
}
