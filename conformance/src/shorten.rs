//! A long text, cut in one place for findings, reports and notes.

/// Longer texts than this say how long they are where they are cut.
const LONG: usize = 1_000;

/// The first `most` characters, with an ellipsis where there are more, and after the number of all
/// where there are many more. The ellipsis is the end, by which a secret that was cut is known.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    let head = text.get(..end).unwrap_or_default();
    match text.chars().count() {
        count if count > LONG => format!("({count} characters) {head}…"),
        _ => format!("{head}…"),
    }
}

/// As [`shorten`], in place.
pub(crate) fn shorten_in_place(text: &mut String, most: usize) {
    // No more characters than bytes.
    if text.len() > most {
        *text = shorten(text, most);
    }
}

/// The first bytes of a body, at most so many, with a note of how many there were. Text stays text.
pub(crate) fn shorten_body(body: &mut Vec<u8>, most: usize) {
    if body.len() <= most {
        return;
    }
    let all = body.len();
    // A cut in the middle of a character would turn text into base64.
    let mut end = most;
    while end > 0 && body.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
        end -= 1;
    }
    body.truncate(end);
    body.extend_from_slice(format!("… ({all} bytes in all)").as_bytes());
    body.shrink_to_fit();
}

#[cfg(test)]
mod tests {
    use super::{shorten, shorten_body};

    #[test]
    fn a_long_text_is_its_beginning_and_its_length() {
        assert_eq!(shorten("äöü", 3), "äöü");
        assert_eq!(shorten("äöüß", 3), "äöü…");
        let long = "é".repeat(10_000_000);
        assert_eq!(shorten(&long, 3), "(10000000 characters) ééé…");
    }

    #[test]
    fn a_body_of_text_stays_text() {
        for most in 1..8 {
            let mut body = "äöüß".as_bytes().to_vec();
            shorten_body(&mut body, most);
            let text = String::from_utf8(body).unwrap();
            assert!(most == 8 || text.ends_with("… (8 bytes in all)"), "{text}");
        }
    }
}
