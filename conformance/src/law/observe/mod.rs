//! Gathering [`Observations`]: everything that the laws need to see of one list operation, in
//! few requests. A request is sent once, unless a law needs a fresh answer to it.

mod candidates;
mod concurrent;
mod conditions;
mod items;
mod link;
mod page;
mod positions;
mod probes;
mod sizes;
mod template;
mod tokens;
mod walk;
mod writes;

use super::documented::Documented;
use super::observations::{
    End, Item, Observations, Page, PageRequest, PageResponse, Pair, Position, State, Walk,
};
use crate::expression::{Substitution, put};
use crate::{Contract, Exchange, ExchangeId, Outcome, Request, Session};
use page::Reader;
use plumbline_specs::api::{Expression, Operation, Pagination, PaginationStyle, RequestValues};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;
use walk::Plan;

/// How the laws are judged.
#[derive(Clone, Debug)]
pub struct LawOptions {
    /// Whether items may be created and deleted.
    pub writes: bool,
    /// Which pages are picked where any would do.
    pub seed: u64,
    /// How many requests one operation may take.
    pub requests: usize,
}

impl Default for LawOptions {
    fn default() -> Self {
        Self {
            writes: false,
            seed: 0,
            requests: 600,
        }
    }
}

/// Observes a list operation and judges every law that binds its style. `base` is a valid
/// request of the operation; what it says of paging is taken out. An operation without
/// `x-pagination` gives no outcome.
///
/// Nothing else should be sent meanwhile: a server that mixes up concurrent requests would
/// break more laws than `isolation`.
pub async fn judge(
    contract: &Contract,
    operation: &Operation,
    session: &Session,
    base: Request,
    options: &LawOptions,
) -> Vec<Outcome> {
    match observe(contract, operation, session, base, options).await {
        Some(seen) => super::judge_all(&seen),
        None => Vec::new(),
    }
}

/// Observes a list operation; `None` where it has no `x-pagination`.
pub async fn observe(
    contract: &Contract,
    operation: &Operation,
    session: &Session,
    base: Request,
    options: &LawOptions,
) -> Option<Observations> {
    let profile = operation.pagination.as_ref()?;
    let documented = Documented::new(&contract.api, operation);
    let mut seen = Observations::new(operation.label(), profile.clone(), documented.clone());
    let Some(observer) = Observer::new(contract, operation, session, base, options) else {
        seen.state = State::Unsupported(
            "the profile asks for something in a place that the kit cannot fill in".to_owned(),
        );
        return Some(seen);
    };
    observer.gather(&mut seen).await;
    seen.spent = observer.spent();
    Some(seen)
}

/// What is put into a request besides the paging: a filter, an order, an option.
type Condition = Vec<(Expression, Value)>;

/// A condition as a profile writes it.
fn condition(ask: &RequestValues) -> Condition {
    ask.iter()
        .map(|(place, value)| (place.clone(), value.clone()))
        .collect()
}

/// One list operation under observation.
struct Observer<'a> {
    contract: &'a Contract,
    operation: &'a Operation,
    profile: &'a Pagination,
    documented: Documented,
    session: &'a Session,
    options: &'a LawOptions,
    target: Url,
    /// A valid request without any paging.
    base: Request,
    /// What was asked already, and how many requests are left.
    asked: Mutex<Asking>,
}

struct Asking {
    answers: HashMap<Request, ExchangeId>,
    /// The items met, by key: those of further pages are the same.
    items: HashMap<Arc<str>, Item>,
    left: usize,
    spent: bool,
}

impl<'a> Observer<'a> {
    fn new(
        contract: &'a Contract,
        operation: &'a Operation,
        session: &'a Session,
        mut base: Request,
        options: &'a LawOptions,
    ) -> Option<Self> {
        let profile = operation.pagination.as_ref()?;
        let position = match &profile.style {
            PaginationStyle::Page { number, .. } => Some(number),
            PaginationStyle::Offset { offset, .. } => Some(offset),
            PaginationStyle::Cursor { cursor, .. } => Some(cursor),
            PaginationStyle::Link { .. } => None,
        };
        for place in position.into_iter().chain(&profile.size) {
            // A body that is not there holds no paging to take out.
            if matches!(place, Expression::RequestBody(_)) && base.body.is_none() {
                continue;
            }
            if !put(operation, &mut base, place, &Substitution::Nothing) {
                return None;
            }
        }
        Some(Self {
            contract,
            operation,
            profile,
            documented: Documented::new(&contract.api, operation),
            session,
            options,
            target: session.target().base.clone(),
            base,
            asked: Mutex::new(Asking {
                answers: HashMap::new(),
                items: HashMap::new(),
                left: options.requests,
                spent: false,
            }),
        })
    }

    /// The request for a page; `None` where it cannot be made.
    fn request(&self, condition: &Condition, asked: &PageRequest) -> Option<Request> {
        let mut request = self.base.clone();
        for (place, value) in condition {
            if !put(
                self.operation,
                &mut request,
                place,
                &Substitution::Value(value),
            ) {
                return None;
            }
        }
        if let (Some(place), Some(size)) = (&self.profile.size, asked.size)
            && !put(
                self.operation,
                &mut request,
                place,
                &Substitution::Value(&Value::from(size)),
            )
        {
            return None;
        }
        let done = match (&self.profile.style, &asked.position) {
            (_, Position::First) => true,
            (PaginationStyle::Page { number, .. }, Position::Number(value)) => put(
                self.operation,
                &mut request,
                number,
                &Substitution::Value(&Value::from(*value)),
            ),
            (PaginationStyle::Offset { offset, .. }, Position::Offset(value)) => put(
                self.operation,
                &mut request,
                offset,
                &Substitution::Value(&Value::from(*value)),
            ),
            (PaginationStyle::Cursor { cursor, .. }, Position::Token(token)) => put(
                self.operation,
                &mut request,
                cursor,
                &Substitution::Value(token),
            ),
            (_, Position::Link(target)) => {
                return link::request(target, &self.target, &request);
            }
            _ => false,
        };
        done.then_some(request)
    }

    /// A page, sent for once unless it shall be fresh; `None` where the request cannot be
    /// made or the allowance is spent.
    async fn page(&self, condition: &Condition, asked: PageRequest, fresh: bool) -> Option<Page> {
        let request = self.request(condition, &asked)?;
        let exchange = self.exchange(request, fresh).await?;
        Some(self.read(condition, asked, &exchange))
    }

    fn read(&self, condition: &Condition, asked: PageRequest, exchange: &Exchange) -> Page {
        let first = PageRequest {
            position: Position::First,
            size: asked.size,
        };
        let first = self.request(condition, &first);
        let reader = Reader {
            profile: self.profile,
            documented: &self.documented,
            base: &self.target,
            items: self.session.target().limits.items,
        };
        let mut page = reader.page(exchange, asked, first.as_ref().unwrap_or(&self.base));
        if let PageResponse::List(content) = &mut page.answer {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            items::share(&mut asked.items, &mut content.items);
        }
        page
    }

    async fn exchange(&self, request: Request, fresh: bool) -> Option<Arc<Exchange>> {
        {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            // What the session has not kept is asked for again.
            if let (false, Some(id)) = (fresh, asked.answers.get(&request))
                && let Some(answer) = self.session.kept(*id)
            {
                return Some(answer);
            }
            match asked.left.checked_sub(1) {
                Some(left) => asked.left = left,
                None => {
                    asked.spent = true;
                    return None;
                }
            }
        }
        let exchange = self.session.send(request.clone()).await;
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let known = asked.answers.entry(request).or_insert(exchange.id);
        // The first answer stays, as long as it is kept.
        if self.session.kept(*known).is_none() {
            *known = exchange.id;
        }
        Some(exchange)
    }

    fn spent(&self) -> bool {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.spent
    }

    /// Everything, in an order that leaves the dearest for last.
    async fn gather(&self, seen: &mut Observations) {
        let Some(reference) = self.settle(seen).await else {
            return;
        };
        let count = reference.whole().then(|| reference.distinct().len());
        let great = reference.size;
        seen.walks.push(reference);
        self.sizes(seen, count, great).await;
        self.repeat(seen).await;
        self.positions(seen).await;
        self.bounds(seen).await;
        self.defaults(seen).await;
        self.conditions(seen, great).await;
        self.tokens(seen).await;
        self.concurrent(seen).await;
        self.items(seen).await;
        if let Some(reason) = self.moved(seen).await {
            seen.state = State::Moved(reason);
            return;
        }
        if self.options.writes {
            self.writes(seen, great).await;
        }
    }

    /// Walks twice, with as few page borders as can be. `None` where nothing can be judged.
    async fn settle(&self, seen: &mut Observations) -> Option<Walk> {
        let first = self.reference(seen).await?;
        let mut before = first;
        // What moved once may have settled since: three walks, of which two have to agree.
        let nothing = Condition::new();
        for last in [false, true] {
            let plan = self.plan(&nothing, before.size, None, again(&before));
            let after = self
                .walk(
                    Plan {
                        fresh: true,
                        ..plan
                    },
                    None,
                )
                .await;
            if keys(&before) == keys(&after) {
                seen.repeats = pairs(&before, &after);
                return Some(before);
            }
            if last {
                if endless(&before, &after) {
                    seen.walks = vec![Walk {
                        end: End::Endless,
                        ..after.clone()
                    }];
                }
                seen.state = State::Moved(format!(
                    "the data moved: two walks in a row met {} and {} items, not the same",
                    keys(&before).len(),
                    keys(&after).len()
                ));
            }
            before = after;
        }
        None
    }

    /// The first walk: at the greatest size that is answered.
    async fn reference(&self, seen: &mut Observations) -> Option<Walk> {
        const GREAT: u64 = 1000;
        const MODEST: u64 = 100;
        const PAGES: usize = 60;
        let mut sizes = vec![None];
        if self.profile.size.is_some() {
            let most = seen.maximum().unwrap_or(GREAT).min(GREAT);
            sizes.insert(0, Some(most));
            if most > MODEST {
                sizes.insert(1, Some(MODEST));
            }
        }
        let mut failed = None;
        for size in sizes {
            let nothing = Vec::new();
            let walk = self
                .walk(self.plan(&nothing, size, None, PAGES), None)
                .await;
            match walk.pages.first() {
                Some(page) if page.content().is_some() => return Some(walk),
                Some(page) => {
                    failed.get_or_insert_with(|| page.clone());
                    // Not a matter of size: another one would fare no better.
                    if matches!(
                        page.answer,
                        PageResponse::NotAList(_)
                            | PageResponse::TooMany(_)
                            | PageResponse::Status(401 | 403)
                    ) {
                        break;
                    }
                }
                None => {}
            }
        }
        if let Some(page) = failed {
            seen.state = State::Unanswered(Box::new(page));
        } else {
            seen.state = State::Unsupported("no request could be made".to_owned());
        }
        None
    }

    fn plan<'p>(
        &self,
        condition: &'p Condition,
        size: Option<u64>,
        count: Option<usize>,
        pages: usize,
    ) -> Plan<'p> {
        Plan {
            condition,
            size,
            count,
            pages,
            fresh: false,
        }
    }

    /// Walks at the other sizes.
    async fn sizes(&self, seen: &mut Observations, count: Option<usize>, great: Option<u64>) {
        if self.profile.size.is_none() {
            return;
        }
        let least = self
            .documented
            .size
            .as_ref()
            .and_then(|size| size.minimum)
            .and_then(|least| u64::try_from(least).ok())
            .unwrap_or(1);
        // Of a list too long to walk, a part is looked at as if it were short.
        let length = count.unwrap_or(100);
        for sizes::Plan { size, pages } in sizes::sizes(length, seen.maximum(), least) {
            if great == Some(size) {
                continue;
            }
            let pages = if count.is_some() { pages } else { pages.min(8) };
            let nothing = Vec::new();
            let walk = self
                .walk(self.plan(&nothing, Some(size), count, pages), None)
                .await;
            if !walk.pages.is_empty() {
                seen.walks.push(walk);
            }
        }
    }

    /// Asks again for a few pages of a walk that has several.
    async fn repeat(&self, seen: &mut Observations) {
        let Some(walk) = several(&seen.walks) else {
            return;
        };
        let count = walk.pages.len();
        let picked: BTreeSet<usize> = [0, count / 2, count.saturating_sub(2)].into();
        let pages: Vec<Page> = picked
            .into_iter()
            .filter_map(|index| walk.pages.get(index).cloned())
            .collect();
        for page in pages {
            if let Some(again) = self.page(&Vec::new(), page.asked.clone(), true).await {
                seen.repeats.push(Pair {
                    once: page,
                    again,
                    sort: None,
                });
            }
        }
    }

    /// Whether the collection changed since the first walk, and then the reason. Answers that
    /// differ from one another without settling are no movement, but a fault to be judged.
    async fn moved(&self, seen: &Observations) -> Option<String> {
        let reference = seen.walks.first()?;
        let nothing = Vec::new();
        let plan = Plan {
            fresh: true,
            ..self.plan(&nothing, reference.size, None, again(reference))
        };
        let again = self.walk(plan, None).await;
        if again.end == End::Cut && reference.end != End::Cut || keys(&again) == keys(reference) {
            return None;
        }
        let once_more = self.walk(plan, None).await;
        (keys(&again) == keys(&once_more)).then(|| {
            format!(
                "the data moved: there were {} items at first and {} in the end, not the same",
                keys(reference).len(),
                keys(&again).len()
            )
        })
    }
}

/// How many pages a walk that repeats another one has at most: as many as one that was cut
/// short, and a few more than one that came to an end.
fn again(walk: &Walk) -> usize {
    match walk.end {
        End::Cut => walk.pages.len(),
        _ => walk.pages.len() + walk.tail.len() + 6,
    }
}

/// Whether two walks in a row went on until they were cut short, and met nothing alike: no
/// collection moves so fast, so the pages are made up as they are asked for.
fn endless(before: &Walk, after: &Walk) -> bool {
    before.end == End::Cut
        && after.end == End::Cut
        && !keys(after).is_empty()
        && keys(before).is_disjoint(&keys(after))
}

/// The keys of a walk, as a set.
fn keys(walk: &Walk) -> BTreeSet<&str> {
    walk.keys().into_iter().collect()
}

/// The pages that two walks asked for in the same words.
fn pairs(before: &Walk, after: &Walk) -> Vec<Pair> {
    before
        .pages
        .iter()
        .zip(&after.pages)
        .filter(|(once, again)| once.asked == again.asked)
        .map(|(once, again)| Pair {
            once: once.clone(),
            again: again.clone(),
            sort: None,
        })
        .collect()
}

/// A walk with several pages, but not a great many: where a page in the middle is picked.
fn several(walks: &[Walk]) -> Option<&Walk> {
    let full = |walk: &&Walk| {
        walk.pages
            .iter()
            .filter(|page| !page.keys().is_empty())
            .count()
    };
    walks
        .iter()
        .filter(|walk| walk.whole() && full(walk) > 1)
        .min_by_key(|walk| full(walk).abs_diff(8))
        .or_else(|| walks.iter().filter(|walk| full(walk) > 1).max_by_key(full))
}
