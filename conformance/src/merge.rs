//! Joining the reports of shards into the report of the whole run.

use crate::{Exchange, ExchangeId, FORMAT, Report, Verdict};

/// Why reports cannot be joined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is nothing to join.
    #[error("there is no report to merge")]
    Nothing,
    /// A report has another form than this version writes.
    #[error("a report has form {0}, and this version writes form {FORMAT}: make it anew")]
    Format(u32),
    /// A report is not a shard's.
    #[error("a report of `{0}` is not a shard: it was made without --shard")]
    NotAShard(String),
    /// Reports of different documents or targets.
    #[error("the reports differ in their {what}: `{one}` and `{other}`")]
    Different {
        /// In what they differ.
        what: &'static str,
        /// What one has.
        one: String,
        /// What another has.
        other: String,
    },
    /// A shard comes twice.
    #[error("shard {0} of {1} comes twice")]
    Twice(u32, u32),
    /// A shard's number is not among those that there are.
    #[error("there is no shard {0} of {1}")]
    Beyond(u32, u32),
    /// Shards are missing: the first of them, and of how many.
    #[error("of {1} shards some are missing: {list}", list = join_numbers(.0))]
    Missing(Vec<u32>, u32),
}

/// How many missing shards are named.
const NAMED: usize = 10;

/// Joins the reports of all shards of one run, in any order. Exchanges get new numbers, one
/// shard after the other; an operation is uncovered where a shard says so and none covered it; the
/// duration is the longest shard's. The report of a whole run stays as it is.
///
/// # Errors
///
/// A [`Refusal`] unless every shard of one run is there once, in this version's form.
pub fn merge(mut reports: Vec<Report>) -> Result<Report, Refusal> {
    if let Some(report) = reports.iter().find(|report| report.format != FORMAT) {
        return Err(Refusal::Format(report.format));
    }
    if let [whole] = reports.as_slice()
        && whole.shard.is_none()
    {
        return Ok(whole.clone());
    }
    reports.sort_by_key(|report| report.shard);
    let first = reports.first().ok_or(Refusal::Nothing)?;
    let Some((_, of)) = first.shard else {
        return Err(Refusal::NotAShard(first.spec.clone()));
    };
    let mut expected = 1;
    let mut missing = Vec::new();
    for report in &reports {
        same("document", &first.spec, &report.spec)?;
        same("title", &first.title, &report.title)?;
        same(
            "digests of the document, its overlay and its files",
            digest(first),
            digest(report),
        )?;
        same("target", &first.target, &report.target)?;
        same("version", &first.plumbline, &report.plumbline)?;
        same("headers", &headers(first), &headers(report))?;
        same("options", &first.asked.words(), &report.asked.words())?;
        let Some((index, own)) = report.shard else {
            return Err(Refusal::NotAShard(report.spec.clone()));
        };
        same("number of shards", &of.to_string(), &own.to_string())?;
        if index < expected {
            return Err(Refusal::Twice(index, of));
        }
        if index > of {
            return Err(Refusal::Beyond(index, of));
        }
        missing.extend((expected..index).take(NAMED));
        expected = index.saturating_add(1);
    }
    missing.extend((expected..=of).take(NAMED));
    missing.truncate(NAMED);
    if !missing.is_empty() {
        return Err(Refusal::Missing(missing, of));
    }
    Ok(joined(reports))
}

fn same(what: &'static str, one: &str, other: &str) -> Result<(), Refusal> {
    if one == other {
        return Ok(());
    }
    Err(Refusal::Different {
        what,
        one: one.to_owned(),
        other: other.to_owned(),
    })
}

/// What a report says that its document held. One that says nothing may have read anything.
fn digest(report: &Report) -> &str {
    report.digest.as_deref().unwrap_or("none")
}

/// The names of the headers that every request carried, in one order: their values are secrets, and
/// may be others in each shard.
fn headers(report: &Report) -> String {
    let names = report.headers.iter();
    let mut names: Vec<String> = names.map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
}

fn joined(reports: Vec<Report>) -> Report {
    let mut whole = Report::begun();
    for (index, mut report) in reports.into_iter().enumerate() {
        renumber(&mut report, whole.requests);
        if index == 0 {
            whole.spec = report.spec;
            whole.digest = report.digest;
            whole.title = report.title;
            whole.target = report.target;
            whole.headers = report.headers;
            whole.plumbline = report.plumbline;
            whole.asked = report.asked;
            whole.notes = report.notes;
            whole.begun = report.begun;
        } else {
            // Both are by RFC 3339, in UTC.
            whole.begun = whole.begun.min(report.begun);
        }
        // One part that did not come to its end keeps the whole from doing so.
        if let (Some(why), Some((part, of))) = (&report.incomplete, report.shard) {
            whole.incomplete = Some(match whole.incomplete {
                None => format!("shard {part} of {of}: {why}"),
                Some(before) => format!("{before}; shard {part} of {of}: {why}"),
            });
        }
        whole.stopped = whole.stopped.or(report.stopped);
        whole.coverage.join(report.coverage);
        whole.uncovered.extend(report.uncovered);
        whole.outcomes.extend(report.outcomes);
        whole.remaining.extend(report.remaining);
        // Each shard was held against the whole list.
        for entry in report.outdated {
            if !whole.outdated.contains(&entry) {
                whole.outdated.push(entry);
            }
        }
        whole.exchanges.extend(report.exchanges);
        whole.requests += report.requests;
        whole.millis = whole.millis.max(report.millis);
    }
    // What one shard left out another's fixture may have covered.
    for outcome in &whole.outcomes {
        if outcome.verdict != Verdict::Skipped {
            whole.uncovered.remove(&outcome.operation);
        }
    }
    whole
}

/// Moves every number up, so that two shards' numbers do not meet.
fn renumber(report: &mut Report, by: u64) {
    let moved = |id: &mut ExchangeId| id.0 = id.0.saturating_add(by);
    let highest = report
        .exchanges
        .iter()
        .map(|exchange: &Exchange| exchange.id.0)
        .max()
        .unwrap_or_default();
    // A report that was not counted right would make numbers meet.
    report.requests = report.requests.max(highest);
    for exchange in &mut report.exchanges {
        moved(&mut exchange.id);
    }
    for finding in report
        .outcomes
        .iter_mut()
        .flat_map(|outcome| &mut outcome.findings)
    {
        finding.evidence.iter_mut().for_each(moved);
    }
}

fn join_numbers(numbers: &[u32]) -> String {
    numbers
        .iter()
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Finding, Outcome, Request, Severity};
    use std::collections::BTreeMap;

    fn shard(index: u32, of: u32) -> Report {
        Report {
            spec: "opik".to_owned(),
            target: "http://h".to_owned(),
            shard: Some((index, of)),
            outcomes: vec![Outcome::judged(
                crate::rule::law::NO_DUPLICATES,
                &format!("operation-{index}"),
                std::num::NonZeroUsize::MIN,
                vec![Finding {
                    severity: Severity::Failure,
                    message: "twice".to_owned(),
                    expected: String::new(),
                    actual: String::new(),
                    pointer: None,
                    place: None,
                    keys: Vec::new(),
                    evidence: vec![ExchangeId(2)],
                    parameter: None,
                }],
            )],
            // The operation of another shard, which a fixture there has covered.
            uncovered: BTreeMap::from([
                (format!("never-{index}"), "no id is known".to_owned()),
                (format!("operation-{}", index % of + 1), "no id".to_owned()),
            ]),
            exchanges: vec![Exchange {
                id: ExchangeId(2),
                request: Request {
                    path: format!("/{index}"),
                    ..Request::default()
                },
                answer: Err(crate::Failure::Timeout(1)),
            }],
            requests: 3,
            millis: u64::from(index),
            ..Report::begun()
        }
    }

    #[test]
    fn shards_become_one_report() {
        let whole = merge(vec![shard(2, 3), shard(3, 3), shard(1, 3)]).unwrap();
        assert_eq!((whole.requests, whole.millis, whole.shard), (9, 3, None));
        assert_eq!(
            whole.uncovered.keys().collect::<Vec<_>>(),
            ["never-1", "never-2", "never-3"]
        );
        for (index, outcome) in whole.outcomes.iter().enumerate() {
            assert_eq!(outcome.operation, format!("operation-{}", index + 1));
            let id = outcome.findings[0].evidence[0];
            assert_eq!(id, ExchangeId(2 + 3 * index as u64));
            let path = &whole.exchange(id).unwrap().request.path;
            assert_eq!(*path, format!("/{}", index + 1));
        }
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let refused = |reports| merge(reports).unwrap_err().to_string();
        assert_eq!(refused(vec![]), "there is no report to merge");
        assert_eq!(
            refused(vec![shard(1, 2), shard(1, 2)]),
            "shard 1 of 2 comes twice"
        );
        assert_eq!(
            refused(vec![shard(3, 4)]),
            "of 4 shards some are missing: 1, 2, 4"
        );
        assert_eq!(
            refused(vec![shard(1, 2), shard(2, 3)]),
            "the reports differ in their number of shards: `2` and `3`"
        );
        let other = Report {
            target: "http://other".to_owned(),
            ..shard(2, 2)
        };
        assert_eq!(
            refused(vec![shard(1, 2), other]),
            "the reports differ in their target: `http://h` and `http://other`"
        );
        let digest = |text: &str| Some(text.to_owned());
        let named = |names: &[&str]| {
            let headers = names
                .iter()
                .map(|name| ((*name).to_owned(), "$KEY".to_owned()));
            headers.collect::<Vec<_>>()
        };
        let of = |index, digest, headers| Report {
            digest,
            headers,
            ..shard(index, 2)
        };
        for (one, other, why) in [
            (
                of(1, digest("1a"), named(&[])),
                of(2, digest("2b"), named(&[])),
                "digests of the document, its overlay and its files: `1a` and `2b`",
            ),
            (
                of(1, None, named(&[])),
                of(2, digest("2b"), named(&[])),
                "digests of the document, its overlay and its files: `none` and `2b`",
            ),
            (
                of(1, None, named(&["X-Key", "Accept"])),
                of(2, None, named(&["x-key"])),
                "headers: `accept, x-key` and `x-key`",
            ),
            (
                of(1, None, named(&[])),
                of(2, None, named(&["X-Key"])),
                "headers: `none` and `x-key`",
            ),
        ] {
            assert_eq!(
                refused(vec![one, other]),
                format!("the reports differ in their {why}")
            );
        }
        // The same headers in another order and spelling are the same.
        let one = of(1, digest("1a"), named(&["A", "b"]));
        let whole = merge(vec![one, of(2, digest("1a"), named(&["B", "a"]))]).unwrap();
        assert_eq!(whole.digest.as_deref(), Some("1a"));
        let whole = Report {
            shard: None,
            ..shard(1, 1)
        };
        assert_eq!(
            refused(vec![whole, shard(2, 2)]),
            "a report of `opik` is not a shard: it was made without --shard"
        );
    }

    /// A shard that found an entry of the list outdated keeps the whole from conforming, once.
    #[test]
    fn what_no_longer_applies_in_a_shard_does_not_in_the_whole() {
        let outdated = |index| Report {
            outdated: vec!["`total-true` was known until 2026-11-22".to_owned()],
            outcomes: Vec::new(),
            ..shard(index, 2)
        };
        let whole = merge(vec![outdated(1), outdated(2)]).unwrap();
        assert_eq!(whole.outdated.len(), 1);
        assert!(!whole.conforms());
    }

    #[test]
    fn the_report_of_a_whole_run_stays_as_it_is() {
        let whole = Report {
            shard: None,
            ..shard(1, 1)
        };
        assert_eq!(merge(vec![whole.clone()]).unwrap(), whole);
        let other = Report { format: 1, ..whole };
        assert_eq!(
            merge(vec![other]).unwrap_err().to_string(),
            "a report has form 1, and this version writes form 2: make it anew"
        );
    }

    #[test]
    fn a_shard_beyond_the_number_is_refused() {
        assert_eq!(
            merge(vec![shard(1, 1), shard(2, 1)]).unwrap_err(),
            Refusal::Beyond(2, 1)
        );
        // A number that no machine could count up to is refused as soon.
        assert_eq!(
            merge(vec![shard(u32::MAX, 1)]).unwrap_err(),
            Refusal::Beyond(u32::MAX, 1)
        );
        assert_eq!(
            merge(vec![shard(1, u32::MAX)]).unwrap_err(),
            Refusal::Missing((2..12).collect(), u32::MAX)
        );
    }
}
