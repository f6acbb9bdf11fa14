//! References within a document.

use crate::Pointer;

/// The pointer that a reference within the document holds, percent-decoded (RFC 6901, section 6).
pub(crate) fn fragment(reference: &str) -> Option<Pointer> {
    let fragment = reference.strip_prefix('#')?;
    Pointer::parse(&percent_decoded(fragment)?)
}

/// A text without percent-encoding; `None` where it is not encoded as it should be.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let high = char::from(rest.next()?).to_digit(16)?;
        let low = char::from(rest.next()?).to_digit(16)?;
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::fragment;

    #[test]
    fn a_fragment_is_percent_decoded() {
        let pointer = fragment("#/paths/~1v1~1%7Bid%7D/get").expect("a pointer");
        assert_eq!(pointer.as_str(), "/paths/~1v1~1{id}/get");
        assert_eq!(fragment("other.yaml#/a"), None);
        assert_eq!(fragment("#/%zz"), None);
    }
}
