//! `prev-of-next` and `link-keeps-query`: where links lead.

use super::finding::FindingBuilder;
use super::observations::Observations;
use super::{Judgement, LINK, Law, TOKENS};
use crate::rule;
use std::collections::HashSet;

pub(super) const PREV_OF_NEXT: Law = Law {
    rule: rule::law::PREV_OF_NEXT,
    styles: TOKENS,
    judge: prev_of_next,
};

pub(super) const LINK_KEEPS_QUERY: Law = Law {
    rule: rule::law::LINK_KEEPS_QUERY,
    styles: LINK,
    judge: link_keeps_query,
};

fn prev_of_next(seen: &Observations) -> Judgement {
    seen.boundary()?;
    let when = "reached by the way back from the page after it";
    super::repeat::differing(&seen.back, when).or(seen, "no page names a way back")
}

fn link_keeps_query(seen: &Observations) -> Judgement {
    let mut told = HashSet::new();
    let mut look = super::repeat::differing(&seen.first_links, "reached by the link \"first\"");
    for page in seen.every_page() {
        for link in page
            .content()
            .into_iter()
            .flat_map(|content| &content.links)
        {
            look.at(None);
            for fault in &link.faults {
                if told.insert(fault) {
                    look.add([FindingBuilder::new(format!(
                        "the link {:?} of {} {fault}",
                        link.relations.join(" "),
                        page.describe()
                    ))
                    .expected_actual(
                        "the origin and the query of the request",
                        link.target.clone(),
                    )
                    .with_page(page)]);
                }
            }
        }
    }
    look.or(seen, "no response has a Link")
}

#[cfg(test)]
mod tests {
    use crate::law::observations::{Link, PageResponse, Pair};
    use crate::law::testing::{breaks, cursor_style, holds, link_style, list, skips};

    #[test]
    fn the_way_back_leads_back() {
        let mut seen = cursor_style(&["a b", "c"], 2);
        skips("prev-of-next", &seen, "no page names a way back");
        let page = seen.walks[0].pages[0].clone();
        seen.back = vec![Pair {
            once: page.clone(),
            again: page,
            sort: None,
        }];
        holds("prev-of-next", &seen);
        seen.back[0].again.answer = list("c");
        breaks("prev-of-next", &seen);
    }

    #[test]
    fn links_keep_the_query() {
        let mut seen = link_style(&["a b", "c"], 2);
        holds("link-keeps-query", &seen);
        let page = seen.walks[0].pages[0].clone();
        seen.first_links = vec![Pair {
            once: page.clone(),
            again: page,
            sort: None,
        }];
        holds("link-keeps-query", &seen);
        seen.first_links[0].again.answer = list("b");
        breaks("link-keeps-query", &seen);
        seen.first_links.clear();
        if let PageResponse::List(content) = &mut seen.walks[0].pages[0].answer {
            content.links = vec![Link {
                relations: vec!["next".to_owned()],
                target: "http://localhost/items?page=2".to_owned(),
                faults: vec!["loses name=qa".to_owned()],
            }];
        }
        let found = breaks("link-keeps-query", &seen);
        assert_eq!(
            found[0].message,
            "the link \"next\" of the first page of size 2 loses name=qa"
        );
        for page in &mut seen.walks[0].pages {
            page.answer = list("a");
        }
        skips("link-keeps-query", &seen, "no response has a Link");
    }
}
