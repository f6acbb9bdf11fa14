//! Secret values hidden wherever they turn up, in whichever spelling.

use super::places::is_name;
use super::spelling::{Spelled, bare};
use crate::{Exchange, Failure, Outcome, Reply, Report, Request};
use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use indexmap::IndexSet;
use memchr::memmem;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

/// The least length of a value that is hidden wherever it turns up, in bytes.
const LEAST: usize = 4;

/// The least length of a secret's beginning that is hidden where a text was cut, in bytes.
const BEGINNING: usize = 4;

/// The least length of base64 that stands for a secret, in bytes.
const CODED: usize = 5;

/// The longest note of a cut that is looked for at a text's end, in bytes.
const NOTE: usize = 48;

/// So many packed texts are looked into within one.
const PACKED: usize = 8;

/// How a gzip file begins (RFC 1952, section 2.3), as it is and in base64.
const GZIP: (&[u8], &[u8]) = (b"\x1f\x8b\x08", b"H4sI");

/// Secret values and what is shown in their place.
#[derive(Clone, Default)]
pub(crate) struct Masks {
    values: Vec<(String, String)>,
    known: HashSet<String>,
    /// The variables that are shown in place of values.
    variables: HashSet<String>,
    /// Made anew once there are further values.
    needles: OnceLock<Needles>,
}

impl std::fmt::Debug for Masks {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.values.iter().map(|(_, name)| name);
        formatter.debug_list().entries(names).finish()
    }
}

/// What is looked for at each level of a text's escapes.
#[derive(Clone)]
struct Needles {
    /// `None` where there is nothing to look for.
    automaton: Option<AhoCorasick>,
    /// For each pattern, the value's index and how base64 leads up to it.
    patterns: Vec<(usize, Option<usize>)>,
}

impl Needles {
    fn new(values: &[(String, String)]) -> Self {
        let mut patterns = Vec::new();
        let mut texts: IndexSet<Vec<u8>> = IndexSet::new();
        let mut add = |text: Vec<u8>, of| {
            if texts.insert(text) {
                patterns.push(of);
            }
        };
        for (index, (value, _)) in values.iter().enumerate() {
            add(Spelled::new(value.as_bytes()).bytes, (index, None));
            let bare = bare(value.as_bytes());
            if bare.len() >= LEAST {
                add(bare, (index, None));
            }
        }
        for (index, (value, _)) in values.iter().enumerate() {
            for (core, lead) in coded(value.as_bytes()) {
                for alphabet in [core.replace('+', "-").replace('/', "_"), core] {
                    add(Spelled::new(alphabet.as_bytes()).bytes, (index, Some(lead)));
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(texts.iter());
        Self {
            // It is too large for none but secrets of many megabytes.
            automaton: automaton.ok().filter(|_| !texts.is_empty()),
            patterns,
        }
    }
}

/// What is in the base64 of any text that holds a value, for each of the three places at which it
/// can begin in a group; and how many letters before it are made of the value's beginning too.
fn coded(value: &[u8]) -> Vec<(String, usize)> {
    (0..3)
        .filter_map(|shift| {
            let mut text = vec![0; shift];
            text.extend_from_slice(value);
            let lead = (shift * 8).div_ceil(6);
            let whole = text.len() * 8 / 6;
            let text = STANDARD_NO_PAD.encode(text);
            let core = text.get(lead..whole)?;
            (core.len() >= CODED).then(|| (core.to_owned(), lead))
        })
        .collect()
}

/// How long the base64 is with which a text begins. A plus sign is a space here.
fn run(text: &[u8]) -> usize {
    text.iter()
        .position(|byte| !(is_base64(*byte) || matches!(byte, b' ' | b'=')))
        .unwrap_or(text.len())
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

impl Masks {
    /// Hides a value from now on; `name` is shown in its place, for example `$API_KEY`. It is
    /// looked for in texts without their escapes, in base64 and in gzip too.
    ///
    /// A short value, or an ordinary word (`default` names a workspace), is not: it would rewrite
    /// what a body says, and as a secret it guards nothing.
    pub(crate) fn keep_back(&mut self, value: &str, name: &str) {
        let word = value.len() < 8 && value.chars().all(|letter| letter.is_ascii_lowercase());
        if value.len() < LEAST || word || is_variable(value) || !self.known.insert(value.to_owned())
        {
            return;
        }
        // The longest first: one secret may hold another.
        let at = self
            .values
            .partition_point(|(own, _)| own.len() >= value.len());
        self.values.insert(at, (value.to_owned(), name.to_owned()));
        self.variables.extend(variables(name).map(str::to_owned));
        self.needles = OnceLock::new();
    }

    /// As [`keep_back`](Self::keep_back), for the value of a header: what stands behind a scheme
    /// counts alone too, and of basic authentication the password.
    pub(crate) fn keep_back_header(&mut self, value: &str, name: &str) {
        self.keep_back(value, name);
        let Some((scheme, rest)) = value.split_once(' ') else {
            return;
        };
        let rest = rest.trim();
        self.keep_back(rest, name);
        if scheme.eq_ignore_ascii_case("basic") {
            self.keep_back_pair(rest, name);
        }
    }

    /// Hides the user and the password that basic authentication writes in base64, and the password
    /// alone; a text that is no such pair hides nothing.
    pub(crate) fn keep_back_pair(&mut self, coded: &str, name: &str) {
        let bare = coded.trim().trim_end_matches('=');
        if let Ok(pair) = STANDARD_NO_PAD.decode(bare)
            && let Ok(pair) = String::from_utf8(pair)
            && let Some((_, password)) = pair.split_once(':')
        {
            self.keep_back(&pair, name);
            self.keep_back(password, name);
        }
    }

    /// Hides the value of each cookie of a header.
    pub(crate) fn keep_back_cookies(&mut self, header: &str, name: &str) {
        for (_, value) in header.split(';').filter_map(|pair| pair.split_once('=')) {
            self.keep_back(value.trim(), name);
        }
    }

    /// Whether a name is that of a variable which is shown in place of a value.
    pub(crate) fn shows(&self, name: &str) -> bool {
        self.variables.contains(name)
    }

    /// A text as it may be shown. Where it was cut in the middle of a secret, the beginning goes
    /// as well.
    pub(crate) fn text(&self, text: &str) -> String {
        match self.masked(text.as_bytes()) {
            None => text.to_owned(),
            // Places are those of whole letters.
            Some(out) => String::from_utf8_lossy(&out).into_owned(),
        }
    }

    /// Bytes as they may be shown.
    pub(crate) fn bytes(&self, body: Vec<u8>) -> Vec<u8> {
        if body.starts_with(GZIP.0)
            && let Ok(plain) = crate::traffic::decoded(body.clone(), "gzip")
            && let Some(masked) = self.masked(&plain)
        {
            return gzip(&masked).unwrap_or(masked);
        }
        self.masked(&body).unwrap_or(body)
    }

    /// A text with every secret replaced; `None` where there is none in it.
    fn masked(&self, text: &[u8]) -> Option<Vec<u8>> {
        if self.values.is_empty() {
            return None;
        }
        let mut found = self.found(text);
        found.extend(self.cut(text));
        if found.is_empty() {
            return None;
        }
        // Of those that begin at one place the longest.
        found.sort_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)));
        let mut out = Vec::with_capacity(text.len());
        let mut done = 0;
        for (place, index) in found {
            if place.start >= done {
                out.extend_from_slice(text.get(done..place.start).unwrap_or_default());
                let name = self.values.get(index).map_or("", |(_, name)| name.as_str());
                out.extend_from_slice(name.as_bytes());
            }
            done = done.max(place.end);
        }
        out.extend_from_slice(text.get(done..).unwrap_or_default());
        Some(out)
    }

    /// Where secrets stand in a text, and the index of each.
    fn found(&self, text: &[u8]) -> Vec<(Range<usize>, usize)> {
        let needles = self.needles.get_or_init(|| Needles::new(&self.values));
        let Some(automaton) = &needles.automaton else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut spelled = Spelled::new(text);
        loop {
            let bytes = &spelled.bytes;
            for own in automaton.find_iter(bytes) {
                let pattern = needles.patterns.get(own.pattern().as_usize());
                let Some((index, lead)) = pattern else {
                    continue;
                };
                let (mut start, mut end) = (own.start(), own.end());
                if let Some(lead) = lead {
                    // The letters beside it are made of the value too, in part.
                    let is = |at: usize| bytes.get(at).copied().is_some_and(is_base64);
                    for _ in 0..*lead {
                        start -= usize::from(start > 0 && is(start - 1));
                    }
                    end += usize::from(is(end));
                    while bytes.get(end) == Some(&b'=') {
                        end += 1;
                    }
                }
                found.push((spelled.source(start)..spelled.source(end), *index));
            }
            let mut done = 0;
            for at in memmem::find_iter(bytes, GZIP.1).take(PACKED) {
                let run = bytes.get(at..).map_or(0, run);
                if at >= done {
                    done = at + run;
                    if let Some(index) = bytes.get(at..done).and_then(|run| self.packed(run)) {
                        found.push((spelled.source(at)..spelled.source(done), index));
                    }
                }
            }
            if !spelled.peel() {
                return found;
            }
        }
    }

    /// The secret that stands in gzip in base64.
    fn packed(&self, run: &[u8]) -> Option<usize> {
        let run = String::from_utf8_lossy(run).trim().replace(' ', "+");
        let bare = run.trim_end_matches('=');
        let decoders: [&GeneralPurpose; 2] = [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD];
        let bytes = decoders
            .into_iter()
            .find_map(|decoder| decoder.decode(bare).ok())?;
        let plain = crate::traffic::decoded(bytes, "gzip").ok()?;
        self.found(&plain).first().map(|(_, index)| *index)
    }

    /// The beginning of a secret, where a text was cut in the middle of it.
    fn cut(&self, text: &[u8]) -> Option<(Range<usize>, usize)> {
        let mark = "…".as_bytes();
        let at = memmem::rfind(text, mark)?;
        let note = text.get(at + mark.len()..)?;
        // Quotes and brackets close what was cut.
        let quotes = !note.iter().any(u8::is_ascii_alphanumeric);
        let counts = note.starts_with(b" (") && note.len() <= NOTE;
        if !(quotes || counts) {
            return None;
        }
        let mut end = at;
        while matches!(text.get(..end)?.last(), Some(b'.' | b'"' | b'\'')) {
            end -= 1;
        }
        let mut spelled = Spelled::new(text.get(..end)?);
        loop {
            let found = self
                .values
                .iter()
                .enumerate()
                .find_map(|(index, (value, _))| {
                    let value = Spelled::new(value.as_bytes()).bytes;
                    let length = (BEGINNING..value.len()).rev().find(|length| {
                        value
                            .get(..*length)
                            .is_some_and(|own| spelled.bytes.ends_with(own))
                    })?;
                    Some((spelled.source(spelled.bytes.len() - length)..end, index))
                });
            if found.is_some() || !spelled.peel() {
                return found;
            }
        }
    }

    fn pairs(&self, pairs: &mut [(String, String)]) {
        for (name, value) in pairs {
            *value = if name.eq_ignore_ascii_case("set-cookie") {
                "[taken out: response header set-cookie]".to_owned()
            } else {
                self.text(value)
            };
        }
    }

    /// An exchange as it may be shown.
    pub(crate) fn exchange(&self, exchange: &Exchange) -> Exchange {
        let mut shown = exchange.clone();
        self.request(&mut shown.request);
        match &mut shown.answer {
            Ok(reply) => self.reply(reply),
            Err(failure) => self.failure(failure),
        }
        shown
    }

    /// An exchange in which what stands for each value has taken its place, and nothing else has
    /// changed.
    pub(crate) fn replaced(&self, exchange: &Exchange) -> Exchange {
        let mut exchange = exchange.clone();
        let request = &mut exchange.request;
        request.path = self.text(&request.path);
        for (name, value) in &mut request.query {
            *name = self.text(name);
            *value = self.text(value);
        }
        for (_, value) in &mut request.headers {
            *value = self.text(value);
        }
        request.body = request.body.take().map(|body| self.bytes(body));
        if let Ok(reply) = &mut exchange.answer {
            for (_, value) in &mut reply.headers {
                *value = self.text(value);
            }
            self.reply_body(reply);
        }
        exchange
    }

    fn reply_body(&self, reply: &mut Reply) {
        reply.body = self.bytes(std::mem::take(&mut reply.body));
    }

    fn request(&self, request: &mut Request) {
        let before = request.clone();
        self.parts(request);
        self.name_variables(&before, request);
    }

    /// Adds to what a request names as variables those that stand in it now and did not before: a
    /// text that reads like one of them is a text.
    pub(crate) fn name_variables(&self, before: &Request, request: &mut Request) {
        let before = before.words_behind_dollars();
        for word in request.words_behind_dollars() {
            for end in 1..=word.len() {
                // What follows a variable may read as more of its name.
                let name = word.get(..end).unwrap_or_default();
                let was = || before.iter().any(|own| own.starts_with(name));
                if self.variables.contains(name) && !was() {
                    request.secrets.push(name.to_owned());
                }
            }
        }
        request.secrets.sort();
        request.secrets.dedup();
    }

    fn parts(&self, request: &mut Request) {
        request.path = self.text(&request.path);
        for (name, value) in &mut request.query {
            *name = self.text(name);
            *value = self.text(value);
        }
        self.pairs(&mut request.headers);
        request.body = request.body.take().map(|body| self.bytes(body));
    }

    fn reply(&self, reply: &mut Reply) {
        self.pairs(&mut reply.headers);
        self.reply_body(reply);
    }

    fn failure(&self, failure: &mut Failure) {
        match failure {
            Failure::NotSent(text)
            | Failure::Unreachable(text)
            | Failure::Closed(text)
            | Failure::Malformed(text) => {
                *text = self.text(text);
            }
            Failure::Timeout(_) | Failure::TooLarge(_) | Failure::Unfolds(_) => {}
        }
    }

    /// Hides secrets in what was judged. Judging itself sees what came: a mask in a body could
    /// make a conforming server fail, or a failing one pass.
    pub(crate) fn outcome(&self, outcome: &mut Outcome) {
        let texts = [&mut outcome.subject, &mut outcome.reason];
        for text in texts.into_iter().flatten() {
            *text = self.text(text);
        }
        for finding in &mut outcome.findings {
            for text in [
                &mut finding.message,
                &mut finding.expected,
                &mut finding.actual,
            ] {
                *text = self.text(text);
            }
            if let Some(pointer) = &mut finding.pointer {
                *pointer = self.text(pointer);
            }
            for key in &mut finding.keys {
                *key = self.text(key);
            }
        }
    }

    /// Hides secrets in a whole report whose exchanges are hidden already.
    pub(crate) fn report(&self, report: &mut Report) {
        for outcome in &mut report.outcomes {
            self.outcome(outcome);
        }
        for reason in report.uncovered.values_mut() {
            *reason = self.text(reason);
        }
        for remaining in &mut report.remaining {
            remaining.id = remaining.id.as_deref().map(|id| self.text(id));
            remaining.why = self.text(&remaining.why);
        }
        for (_, value) in &mut report.asked.set {
            *value = self.text(value);
        }
    }
}

/// Packed again, so that it is still what it says it is.
fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    use std::io::Write as _;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(plain).ok()?;
    gzip.finish().ok()
}

/// Whether a value is hidden already: variables alone, behind a scheme perhaps.
fn is_variable(value: &str) -> bool {
    let value = value.split_once(' ').map_or(value, |(_, rest)| rest);
    value
        .split(':')
        .all(|part| part.strip_prefix('$').is_some_and(is_name))
}

/// The variables in what stands for a value: `$USER:$PASSWORD`.
fn variables(shown: &str) -> impl Iterator<Item = &str> {
    crate::user::split(shown)
        .into_iter()
        .filter_map(|part| match part {
            crate::user::Part::Variable(name) => Some(name),
            crate::user::Part::Text(_) => None,
        })
}

#[cfg(test)]
mod tests {
    use super::Masks;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    fn masks() -> Masks {
        let mut masks = Masks::default();
        masks.keep_back_header("Bearer s3cr3t \"t0ken\"", "$KEY");
        masks
    }

    #[test]
    fn every_way_of_writing_a_secret_is_hidden() {
        for text in [
            "s3cr3t \"t0ken\"",
            r#"{"m": "no s3cr3t \"t0ken\" here"}"#,
            "?key=s3cr3t%20%22t0ken%22",
            "czNjcjN0ICJ0MGtlbiI=",
            "it was s3cr3t \"t0k…",
        ] {
            let shown = masks().text(text);
            assert!(shown.contains("$KEY") && !shown.contains("cr3t"), "{shown}");
        }
        assert_eq!(masks().text("an s3cr… of another"), "an s3cr… of another");
    }

    #[test]
    fn every_escape_is_seen_through() {
        let mut masks = Masks::default();
        masks.keep_back("1/Ref+S&cr=\"é%20", "$KEY");
        for text in [
            r#"{"t":"1\/Ref+S\u0026cr=\"\u00e9%20"}"#,
            r#"{"t":"{\"t\":\"1\\\/Ref\\u002BS\\u0026cr=\\\"é%20\"}"}"#,
            "?t=1%2fRef%2bS%26cr%3D%22%c3%a9%2520&u=1",
            "<t>1/Ref+S&amp;cr=&quot;&#233;%20</t>",
            "<t>1&#x2F;Ref&#43;S&amp;cr&equals;&#34;&#xE9;%20</t>",
            // In base64, behind none, one and two bytes, and in that of URLs.
            "MS9SZWYrUyZjcj0iw6klMjA=",
            "eDEvUmVmK1MmY3I9IsOpJTIw",
            "eHgxL1JlZitTJmNyPSLDqSUyMHl5eQ==",
            "t=MS9SZWYrUyZjcj0iw6klMjA%3D",
            r#"{"cut": "1\/Ref+S\u0026c…"}"#,
        ] {
            let shown = masks.text(text);
            assert!(shown.contains("$KEY"), "{text}: {shown}");
            assert!(!shown.contains("Ref") && !shown.contains("ZWY"), "{shown}");
        }
        for text in ["1/Ref+S&cr", "MS9SZWYr", r"\u0026 %26 &amp; +"] {
            assert_eq!(masks.text(text), text);
        }
    }

    #[test]
    fn what_is_packed_is_hidden() {
        let mut masks = Masks::default();
        masks.keep_back("s3cr3t-t0ken", "$KEY");
        let packed = super::gzip(br#"{"t": "s3cr3t-t0ken"}"#).unwrap();
        let coded = STANDARD.encode(&packed);
        assert_eq!(masks.text(&format!("a {coded}, b")), "a $KEY, b");
        let plain = crate::traffic::decoded(masks.bytes(packed), "gzip").unwrap();
        assert_eq!(plain, br#"{"t": "$KEY"}"#);
        let other = super::gzip(b"nothing in it").unwrap();
        assert_eq!(masks.bytes(other.clone()), other);
    }

    #[test]
    fn a_body_that_was_cut_and_a_dollar_sign_hide_nothing_less() {
        let mut masks = Masks::default();
        masks.keep_back("pa$$w0rd-of-mine", "$PASSWORD");
        assert_eq!(masks.text("it is pa$$w0rd-of-mine"), "it is $PASSWORD");
        assert_eq!(
            masks.bytes("a: pa$$w0rd-o… (4096 bytes in all)".into()),
            "a: $PASSWORD… (4096 bytes in all)".as_bytes()
        );
        // What is hidden already is no secret.
        masks.keep_back("$OTHER", "$PASSWORD");
        assert_eq!(masks.text("$OTHER"), "$OTHER");
    }

    #[test]
    fn the_password_of_basic_authentication_is_hidden() {
        let mut masks = Masks::default();
        masks.keep_back_header("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==", "$AUTHORIZATION");
        assert_eq!(
            masks.text("wrong password open sesame"),
            "wrong password $AUTHORIZATION"
        );
    }

    #[test]
    fn ordinary_words_stay() {
        let mut masks = Masks::default();
        masks.keep_back("default", "$WORKSPACE");
        assert_eq!(masks.text("by default"), "by default");
    }
}
