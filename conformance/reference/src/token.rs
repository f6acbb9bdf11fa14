//! Cursors: opaque, bound to the list and the selection that they were given for.

use super::context::RequestContext;
use super::ordering::{Rank, Standing};
use super::plausible::mix;
use super::selection;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use plumbline_specs::api::{Kind, Pagination};
use serde_json::{Value, json};

/// Which way a token leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// To what comes after the item.
    After,
    /// To what comes before it.
    Before,
}

/// What a token says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// The page lies on that side of an item, which need not be there any more.
    Beside(Way, Standing),
    /// The page has this number, where the document wants an integer.
    Page(u64),
}

/// A number for all that a token is bound to: the list, its owner, the selection, the order.
fn binding(context: &RequestContext<'_>, profile: &Pagination) -> u64 {
    let wants = selection::wants(context, profile);
    let wants: Vec<_> = wants
        .iter()
        .map(|want| {
            format!(
                "{:?}",
                (&want.filter.item, want.filter.matches, &want.values)
            )
        })
        .collect();
    let order = format!("{:?}", selection::order(context, profile));
    mix(
        0,
        &[
            &context.operation.label(),
            &context.scope().unwrap_or_default(),
            &wants.join(","),
            &order,
        ],
    )
}

/// Whether the document wants the token as an integer.
fn numbered(context: &RequestContext<'_>, profile: &Pagination) -> bool {
    let api = context.api();
    context
        .token_place(profile)
        .and_then(|place| place.request_schema(api, context.operation))
        .is_some_and(|schema| {
            matches!(
                api.schemas[api.schemas.resolve(schema)].kind,
                Kind::Integer { .. }
            )
        })
}

/// A token as the document wants it: text, or the number of the page that is `pages` ahead.
pub(super) fn write(
    context: &RequestContext<'_>,
    profile: &Pagination,
    way: Way,
    standing: &Standing,
    page: u64,
) -> Value {
    if numbered(context, profile) {
        return page.into();
    }
    let ranks: Vec<_> = standing
        .ranks
        .iter()
        .map(|rank| match rank {
            Rank::Null => json!({}),
            Rank::Boolean(flag) => json!({"b": flag}),
            Rank::Number(number) => json!({"n": number}),
            Rank::Time(time) => json!({"t": time.to_string()}),
            Rank::Text(text) => json!({"s": text}),
        })
        .collect();
    let text = json!([
        if way == Way::After { "a" } else { "b" },
        standing.sequence,
        ranks,
        binding(context, profile).to_string(),
    ])
    .to_string();
    let check = mix(1, &[&text]).to_string();
    URL_SAFE_NO_PAD.encode(format!("{check} {text}")).into()
}

/// What a token says; `None` where this list did not give it for this selection.
pub(super) fn read(
    context: &RequestContext<'_>,
    profile: &Pagination,
    text: &str,
) -> Option<Token> {
    if numbered(context, profile) {
        let page = text.parse().ok()?;
        return (page > 0).then_some(Token::Page(page));
    }
    let (token, bound) = open(text)?;
    (bound == binding(context, profile)).then_some(token)
}

/// What a token says, wherever it comes from.
pub(super) fn open(text: &str) -> Option<(Token, u64)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (check, text) = text.split_once(' ')?;
    if mix(1, &[text]).to_string() != check {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let way = match value.get(0)?.as_str()? {
        "a" => Way::After,
        _ => Way::Before,
    };
    let ranks = value.get(2)?.as_array()?.iter().map(|rank| {
        let number = rank.get("n").and_then(Value::as_f64).map(Rank::Number);
        let flag = rank.get("b").and_then(Value::as_bool).map(Rank::Boolean);
        let time = rank.get("t").and_then(Value::as_str);
        let time = time.and_then(|time| time.parse().ok()).map(Rank::Time);
        let text = rank.get("s").and_then(Value::as_str);
        let text = text.map(|text| Rank::Text(text.to_owned()));
        number.or(flag).or(time).or(text).unwrap_or(Rank::Null)
    });
    let standing = Standing {
        sequence: value.get(1)?.as_u64()?,
        ranks: ranks.collect(),
    };
    let bound = value.get(3)?.as_str()?.parse().ok()?;
    Some((Token::Beside(way, standing), bound))
}
