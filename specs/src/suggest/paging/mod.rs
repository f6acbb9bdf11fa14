//! `x-pagination` from the names and types of what goes in and what comes out.
//!
//! A style is suggested where both ends are there: a position in the request, and in the answer
//! the items and, for a token, the place of the next one. A doubt is kept as a sentence; a
//! suggestion without one is certain. What only prose or the server can promise is not suggested.

mod profile;

use crate::api::{Api, Expression, Method, Operation, SchemaId};
use crate::effect::{says_that_it_reads, succeeds_with_200_alone, takes_an_item};
use crate::suggest::answer::{Page, page};
use crate::suggest::place::{Found, Shape, answer, default, headers, minimum, of_request};
use crate::suggest::words::{CURSOR, LAST, NEXT, NUMBER, OFFSET, PERHAPS_OFFSET};
use serde_json::{Map, Value};

/// A profile with what speaks for it and against it.
pub(super) struct Paging {
    /// The members of `x-pagination`, in the order in which profiles are written.
    pub(super) profile: Map<String, Value>,
    /// How it is walked, in one sentence.
    pub(super) sentence: String,
    pub(super) evidence: Vec<String>,
    pub(super) doubts: Vec<String>,
}

/// What is found of an operation's paging.
pub(super) enum Outcome {
    /// Nothing speaks for paging.
    None,
    /// Something does, and no profile can be written: why.
    Unspecified(String),
    Profile(Paging),
}

/// Words that names of tokens contain.
const TOKENS: [&str; 3] = ["token", "cursor", "marker"];

/// One operation with its places.
struct Places<'a> {
    api: &'a Api,
    request: Vec<Found<'a>>,
    page: Page<'a>,
    /// The headers of the answer that have a schema.
    headers: Vec<Found<'a>>,
    /// The name of its Link header.
    link: Option<&'a str>,
}

/// A style that an operation may have.
struct Attempt {
    style: &'static str,
    /// The members of the profile that only this style has.
    own: Vec<(&'static str, Value)>,
    /// The request's position, for the sentence and the echo.
    position: Option<Position>,
    evidence: Vec<String>,
    doubts: Vec<String>,
}

struct Position {
    joined: String,
    name: String,
    /// Which part of the request it stands in.
    place: &'static str,
}

/// What an operation's paging seems to be.
pub(super) fn paging(api: &Api, operation: &Operation) -> Outcome {
    if !matches!(operation.method, Method::Get | Method::Post) {
        return Outcome::None;
    }
    let Some(page) = answer(operation).and_then(|answer| page(api, operation, answer)) else {
        return Outcome::None;
    };
    let mut answers = operation
        .responses
        .iter()
        .filter(|response| response.status.is_success())
        .flat_map(|response| &response.headers);
    let link = answers.find(|header| header.name.eq_ignore_ascii_case("link"));
    let mut places = Places {
        api,
        request: of_request(api, operation),
        page,
        headers: headers(api, operation),
        link: link.map(|header| header.name.as_str()),
    };
    let mut met = Vec::new();
    places.page.members.retain(|found| {
        let new = !met.contains(&found.expression);
        met.push(found.expression.clone());
        new
    });
    let mut attempts: Vec<Attempt> = [
        places.cursor(),
        places.link(),
        places.number(),
        places.offset(),
    ]
    .into_iter()
    .flatten()
    .collect();
    // A Link header says the way itself; a page's number beside it is how the way is written.
    if attempts.iter().any(|attempt| attempt.style == "link") && places.total().is_none() {
        attempts.retain(|attempt| attempt.style != "page");
    } else {
        attempts.retain(|attempt| attempt.style != "link");
    }
    let names: Vec<&str> = attempts.iter().map(|attempt| attempt.style).collect();
    let several = (names.len() > 1).then(|| {
        format!(
            "the parameters of several styles are there: {}",
            names.join(", ")
        )
    });
    let several = several.or_else(|| places.unmatched(&attempts));
    attempts.sort_by_key(|attempt| attempt.doubts.len());
    match attempts.into_iter().next() {
        Some(mut attempt) => {
            attempt.doubts.extend(several);
            attempt
                .doubts
                .extend(creates(api, operation, places.page.element));
            Outcome::Profile(places.profile(attempt))
        }
        None => places.unsaid(),
    }
}

/// Why a POST may create rather than list: a profile would have it sent by a run that only reads.
fn creates(api: &Api, operation: &Operation, element: SchemaId) -> Option<String> {
    if operation.method.is_safe() || operation.reads == Some(true) {
        return None;
    }
    let doubt = if !succeeds_with_200_alone(operation) {
        "it is a POST that documents another success than 200, so it may create"
    } else if takes_an_item(&api.schemas, operation, element) {
        "it is a POST whose body is an item, so it may create"
    } else if !says_that_it_reads(operation) {
        "it is a POST, and neither its path nor its operationId says that it searches or lists"
    } else {
        return None;
    };
    Some(doubt.to_owned())
}

impl Places<'_> {
    /// By a page's number.
    fn number(&self) -> Option<Attempt> {
        let number = self.asked(&NUMBER, Shape::Number)?;
        let schemas = &self.api.schemas;
        let mut attempt = Attempt::new("page", number);
        attempt.own("number", &number.expression);
        let text = number.description.unwrap_or_default().to_lowercase();
        let from_zero = ["zero-based", "0-based", "starts at 0", "starting from 0"]
            .iter()
            .any(|words| text.contains(words));
        match default(schemas, number.schema).and_then(Value::as_i64) {
            Some(first @ (0 | 1)) => {
                attempt.evidence(format!("`{}` is {first} by default", number.name));
                attempt.first(first);
            }
            _ if from_zero => attempt.first(0),
            _ => {
                let least = minimum(schemas, number.schema).and_then(serde_json::Number::as_i64);
                if least == Some(0) {
                    let doubt = format!("`{}` may count from 0, or 0 may mean 1", number.name);
                    attempt.doubts.push(doubt);
                }
            }
        }
        self.size_for(&mut attempt);
        let echoed = self.page.members.iter().any(|member| {
            member.shape == Shape::Number && NUMBER.contains(&member.joined.as_str())
        });
        if self.size().is_none() && self.total().is_none() && !echoed {
            let doubt = "neither a size nor anything in the answer says that these are pages";
            attempt.doubts.push(doubt.to_owned());
        }
        Some(attempt)
    }

    /// By how many items to pass over.
    fn offset(&self) -> Option<Attempt> {
        let schemas = &self.api.schemas;
        let plain = self.asked(&OFFSET, Shape::Number);
        let offset = plain.or_else(|| self.asked(&PERHAPS_OFFSET, Shape::Number))?;
        let size = self.size();
        if plain.is_none() && size.is_none() {
            return None;
        }
        let mut attempt = Attempt::new("offset", offset);
        attempt.own("offset", &offset.expression);
        let zero = default(schemas, offset.schema).and_then(Value::as_i64) == Some(0);
        if zero {
            attempt.evidence(format!("`{}` is 0 by default", offset.name));
        } else if plain.is_none() {
            let doubt = format!("`{}` may be something else than an offset", offset.name);
            attempt.doubts.push(doubt);
        }
        let text = offset.description.unwrap_or_default().to_lowercase();
        if !zero && offset.joined.contains("index") {
            let doubt = format!("`{}` may count from 1", offset.name);
            attempt.doubts.push(doubt);
        }
        if text.contains("identifier") {
            let doubt = format!("the text of `{}` speaks of an identifier", offset.name);
            attempt.doubts.push(doubt);
        }
        self.size_for(&mut attempt);
        if size.is_none() {
            let doubt = "nothing says how many items to hand out";
            attempt.doubts.push(doubt.to_owned());
        }
        let wanted = format!("next{}", offset.joined);
        let next = self.page.members.iter().find(|member| {
            matches!(member.shape, Shape::Number)
                && (member.joined == wanted || member.joined == "nextoffset")
        });
        if let Some(next) = next {
            attempt.own("next", &next.expression);
            attempt.evidence(format!("`{}` of the answer is the next one", next.name));
        }
        Some(attempt)
    }

    /// By a token that one answer hands out and the next request hands in.
    fn cursor(&self) -> Option<Attempt> {
        let mut found: Option<(&Found<'_>, &Found<'_>, Option<String>)> = None;
        for name in CURSOR {
            let asked = self.request.iter().filter(|asked| asked.joined == name);
            for cursor in asked.filter(|asked| matches!(asked.shape, Shape::Text | Shape::Open)) {
                let Some((next, doubt)) = self.next(cursor) else {
                    continue;
                };
                if found
                    .as_ref()
                    .is_none_or(|(_, _, doubts)| doubts.is_some() && doubt.is_none())
                {
                    found = Some((cursor, next, doubt));
                }
            }
        }
        let (cursor, next, doubt) = found?;
        let mut attempt = Attempt::new("cursor", cursor);
        attempt.own("cursor", &cursor.expression);
        attempt.doubts.extend(doubt);
        if cursor.shape == Shape::Open {
            let doubt = format!("`{}` has no type of its own", cursor.name);
            attempt.doubts.push(doubt);
        }
        self.size_for(&mut attempt);
        attempt.own("next", &next.expression);
        attempt.evidence(format!("the answer hands out `{}`", next.name));
        if matches!(next.expression, Expression::ResponseHeader(_)) {
            let doubt = "no stream is generated for a token in a header";
            attempt.doubts.push(doubt.to_owned());
        }
        Some(attempt)
    }

    /// The place of the token that goes in at a cursor, and what speaks against it.
    fn next(&self, cursor: &Found<'_>) -> Option<(&Found<'_>, Option<String>)> {
        let own = cursor.joined.as_str();
        let more = self.more().is_some();
        let tokens: Vec<&Found<'_>> = self
            .page
            .members
            .iter()
            .chain(&self.headers)
            .filter(|member| matches!(member.shape, Shape::Text | Shape::Open))
            .collect();
        let named = |name: &str| tokens.iter().copied().find(|token| token.joined == name);
        let known = |names: &[&str]| {
            tokens
                .iter()
                .copied()
                .find(|token| names.contains(&token.joined.as_str()))
        };
        if let Some(next) = named(&format!("next{own}")) {
            return Some((next, None));
        }
        // A page's number that is a string is no token; a token has its own next.
        if own == "page" {
            return None;
        }
        if let Some(next) = known(&NEXT) {
            return Some((next, None));
        }
        if let Some(next) = tokens
            .iter()
            .copied()
            .find(|token| token.joined == own && (token.envelope || own.starts_with("next")))
        {
            return Some((next, None));
        }
        let is_token = TOKENS.iter().any(|kind| own.contains(kind));
        if let Some(next) = named("nextpage")
            && is_token
            && !addresses(next)
        {
            return Some((next, None));
        }
        if more
            && !is_token
            && let Some(last) = known(&LAST)
        {
            return Some((last, None));
        }
        if let Some(next) = named("next").filter(|next| !addresses(next)) {
            let told = cursor
                .description
                .is_some_and(|text| text.to_lowercase().contains("next"));
            let doubt = format!(
                "`{}` may be an address, not what `{}` takes",
                next.name, cursor.name
            );
            return Some((next, (!(told || more || next.envelope)).then_some(doubt)));
        }
        let same = named(own)?;
        let doubt = format!("`{}` of the answer may repeat the request's", same.name);
        Some((same, Some(doubt)))
    }

    /// By a Link header.
    fn link(&self) -> Option<Attempt> {
        let name = self.link?;
        let mut attempt = Attempt {
            style: "link",
            own: Vec::new(),
            position: None,
            evidence: vec![format!("the answer has the header `{name}`")],
            doubts: Vec::new(),
        };
        self.size_for(&mut attempt);
        attempt.own("next", &Expression::ResponseHeader(name.to_owned()));
        Some(attempt)
    }

    /// The first place of the request that has one of the names, in the names' order.
    fn asked(&self, names: &[&str], shape: Shape) -> Option<&Found<'_>> {
        names.iter().find_map(|name| {
            self.request
                .iter()
                .find(|asked| asked.joined == *name && asked.shape == shape)
        })
    }

    /// A token beside a position of another style, whose next one is nowhere in the answer.
    fn unmatched(&self, attempts: &[Attempt]) -> Option<String> {
        let other = attempts.iter().any(|attempt| attempt.style != "cursor");
        let token = self.request.iter().find(|asked| {
            asked.shape == Shape::Text
                && TOKENS.iter().any(|token| asked.joined.ends_with(token))
                && CURSOR.contains(&asked.joined.as_str())
        });
        let name = token.filter(|_| other)?.name;
        Some(format!("`{name}` takes a token besides"))
    }

    /// Why no profile can be written, where something speaks for paging.
    fn unsaid(&self) -> Outcome {
        let token = self.request.iter().find(|asked| {
            asked.shape == Shape::Text
                && CURSOR.contains(&asked.joined.as_str())
                && asked.joined != "page"
        });
        match token {
            Some(token) if self.size().is_some() => Outcome::Unspecified(format!(
                "`{}` takes a token, and no place of the answer is known to hold the next one",
                token.name
            )),
            _ => Outcome::None,
        }
    }
}

impl Attempt {
    fn new(style: &'static str, position: &Found<'_>) -> Self {
        let place = match position.expression {
            Expression::RequestBody(_) => "body",
            Expression::RequestHeader(_) => "header",
            _ => "query",
        };
        Self {
            style,
            own: Vec::new(),
            evidence: vec![format!("the {place} has `{}`", position.name)],
            position: Some(Position {
                joined: position.joined.clone(),
                name: position.name.to_owned(),
                place,
            }),
            doubts: Vec::new(),
        }
    }

    fn own(&mut self, key: &'static str, expression: &Expression) {
        self.own.push((key, Value::String(expression.to_string())));
    }

    fn first(&mut self, first: i64) {
        // 1 is what a profile means when it does not say.
        if first == 0 {
            self.own.push(("first", Value::from(first)));
        }
    }

    fn evidence(&mut self, text: String) {
        self.evidence.push(text);
    }
}

/// Whether a member's own text calls it an address.
fn addresses(member: &Found<'_>) -> bool {
    let text = member.description.unwrap_or_default().to_lowercase();
    ["url", "uri", "link", "href"]
        .iter()
        .any(|word| text.contains(word))
}
