//! `page-echo`, `size-echo` and `offset-echo`: what a response repeats of its request.

use super::documented::integer;
use super::examination::Examination;
use super::finding::FindingBuilder;
use super::observations::{Content, Observations, Page, Position, pointer, short};
use super::{ANY, Judgement, Law, OFFSET, PAGE, Skip};
use crate::rule;
use plumbline_specs::api::SizeEcho;
use serde_json::Value;

pub(super) const PAGE_ECHO: Law = Law {
    rule: rule::law::PAGE_ECHO,
    styles: PAGE,
    judge: page_echo,
};

pub(super) const SIZE_ECHO: Law = Law {
    rule: rule::law::SIZE_ECHO,
    styles: ANY,
    judge: size_echo,
};

pub(super) const OFFSET_ECHO: Law = Law {
    rule: rule::law::OFFSET_ECHO,
    styles: OFFSET,
    judge: offset_echo,
};

fn page_echo(seen: &Observations) -> Judgement {
    let Some(place) = &seen.profile.echo.number else {
        return Err(Skip(
            "the profile names no echo of the page number".to_owned(),
        ));
    };
    repeated(
        seen,
        &pointer(place),
        "page",
        |content| content.number.as_ref(),
        |page| match page.asked.position {
            Position::Number(number) => Some(number),
            _ => None,
        },
    )
}

fn offset_echo(seen: &Observations) -> Judgement {
    let Some(place) = &seen.profile.echo.offset else {
        return Err(Skip("the profile names no echo of the offset".to_owned()));
    };
    repeated(
        seen,
        &pointer(place),
        "offset",
        |content| content.offset.as_ref(),
        |page| match page.asked.position {
            Position::Offset(offset) => Some(offset),
            _ => None,
        },
    )
}

fn size_echo(seen: &Observations) -> Judgement {
    let Some(place) = &seen.profile.echo.size else {
        return Err(Skip("the profile names no echo of the size".to_owned()));
    };
    let place = pointer(place);
    let read = |content: &Content| content.size.as_ref().and_then(integer);
    let asked = |page: &Page| page.asked.size.and_then(|size| i64::try_from(size).ok());
    let items = |page: &Page| Some(page.content()?.items.len() as i64);
    let meaning = seen.profile.size_echo.or_else(|| {
        // Not promised: the first page that tells the two apart says what it means.
        seen.every_page().find_map(|page| {
            let (echo, asked, items) = (read(page.content()?)?, asked(page)?, items(page)?);
            match (echo == asked, echo == items) {
                (true, false) => Some(SizeEcho::Asked),
                (false, true) => Some(SizeEcho::Items),
                _ => None,
            }
        })
    });
    let looked = match meaning {
        Some(SizeEcho::Items) => repeated(
            seen,
            &place,
            "number of items",
            |content| content.size.as_ref(),
            items,
        ),
        Some(SizeEcho::Asked) | None => repeated(
            seen,
            &place,
            "size",
            |content| content.size.as_ref(),
            |page| {
                // A size above the maximum may be repeated as it was asked for or as it was granted.
                let granted = page.content().and_then(read);
                let maximum = seen
                    .maximum()
                    .and_then(|maximum| i64::try_from(maximum).ok());
                asked(page).map(|asked| match (granted, maximum) {
                    (Some(granted), Some(maximum)) if granted == maximum && asked > maximum => {
                        granted
                    }
                    _ => asked,
                })
            },
        ),
    }?;
    Ok(if seen.profile.size_echo.is_none() {
        looked.warns()
    } else {
        looked
    })
}

/// A fault for the pages whose echo is another number than it should be. What is missing
/// altogether warns: whether it has to come is the schema's business.
fn repeated<'a>(
    seen: &'a Observations,
    place: &str,
    name: &str,
    echo: impl Fn(&'a Content) -> Option<&'a Value>,
    expected: impl Fn(&'a Page) -> Option<i64>,
) -> Judgement {
    let mut look = Examination::default();
    let mut missing = false;
    for page in seen.every_page() {
        let (Some(content), Some(expected)) = (page.content(), expected(page)) else {
            continue;
        };
        match echo(content) {
            Some(came) if integer(came) == Some(expected) => look.at(None),
            Some(came) => look.at(Some(
                FindingBuilder::new(format!("{} says {name} {}", page.describe(), short(came)))
                    .expected_actual(expected.to_string(), short(came))
                    .with_page(page)
                    .at(place),
            )),
            None if missing => {}
            None => {
                missing = true;
                look.at(Some(
                    FindingBuilder::new(format!("{} does not repeat the {name}", page.describe()))
                        .expected_actual(expected.to_string(), "nothing")
                        .with_page(page)
                        .at(place)
                        .warns(),
                ));
            }
        }
    }
    look.or(seen, &format!("no page was asked for with a {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity;
    use crate::law::observations::PageResponse;
    use crate::law::testing::{
        breaks, cursor_style, holds, offset_style, page_style, severity, skips,
    };
    use plumbline_specs::Pointer;
    use plumbline_specs::api::Expression;
    use serde_json::json;

    fn content(answer: &mut PageResponse) -> &mut Content {
        match answer {
            PageResponse::List(content) => content,
            _ => panic!("a list"),
        }
    }

    #[test]
    fn the_page_and_the_offset_are_repeated() {
        let mut seen = page_style(&["a b", "c"], 2);
        holds("page-echo", &seen);
        content(&mut seen.walks[0].pages[1].answer).number = Some(json!(1));
        assert_eq!(
            breaks("page-echo", &seen)[0].message,
            "page 2 of size 2 says page 1"
        );
        content(&mut seen.walks[0].pages[1].answer).number = None;
        assert_eq!(severity("page-echo", &seen), Some(Severity::Warning));

        let mut seen = offset_style(&["a b", "c"], 2);
        holds("offset-echo", &seen);
        content(&mut seen.walks[0].pages[1].answer).offset = Some(json!(0));
        breaks("offset-echo", &seen);
        skips("size-echo", &cursor_style(&["a"], 2), "names no echo");
    }

    #[test]
    fn the_size_is_repeated_as_the_profile_says() {
        let mut seen = page_style(&["a b", "c"], 2);
        seen.profile.echo.size = Pointer::parse("/size").map(Expression::ResponseBody);
        for (meaning, sizes, expected) in [
            (Some(SizeEcho::Asked), [2, 2, 2], None),
            (Some(SizeEcho::Items), [2, 1, 0], None),
            (Some(SizeEcho::Asked), [2, 1, 0], Some(Severity::Failure)),
            (Some(SizeEcho::Items), [2, 2, 2], Some(Severity::Failure)),
            (None, [2, 2, 2], None),
            (None, [2, 1, 0], None),
            (None, [2, 1, 2], Some(Severity::Warning)),
        ] {
            seen.profile.size_echo = meaning;
            for (page, size) in seen.walks[0].pages.iter_mut().zip(sizes) {
                content(&mut page.answer).size = Some(json!(size));
            }
            assert_eq!(
                severity("size-echo", &seen),
                expected,
                "{meaning:?} {sizes:?}"
            );
        }
    }
}
