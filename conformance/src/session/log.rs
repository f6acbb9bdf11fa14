//! The exchanges of a run, bounded in memory: old ones are cut when there are too many.

use crate::shorten::{shorten_body, shorten_in_place};
use crate::{Exchange, ExchangeId, Failure, Reply, Request};
use std::sync::Arc;

/// So much stays of a body that is cut, in bytes, and of another text.
const HEAD: usize = 2048;

/// The longest body that a report carries, in bytes.
const REPORTED: usize = 64 * 1024;

/// Exchanges by number, from 1.
pub(super) struct Log {
    exchanges: Vec<Arc<Exchange>>,
    /// What they may come to, in bytes.
    kept: u64,
    bytes: u64,
    /// Everything before this index has been cut.
    cut: usize,
}

impl Log {
    pub(super) fn new(kept: u64) -> Self {
        Self {
            exchanges: Vec::new(),
            kept,
            bytes: 0,
            cut: 0,
        }
    }

    /// Takes an exchange in. Older ones are cut where there is no room, and `hidden` is what may be
    /// shown of one: a secret that is cut could not be found any more.
    pub(super) fn add(
        &mut self,
        request: Request,
        answer: Result<Reply, Failure>,
        hidden: impl Fn(&Exchange) -> Exchange,
    ) -> Arc<Exchange> {
        let exchange = Arc::new(Exchange {
            id: ExchangeId(self.exchanges.len() as u64 + 1),
            request,
            answer,
        });
        self.bytes += size(&exchange) as u64;
        self.exchanges.push(Arc::clone(&exchange));
        // The newest stays whole whatever its size: its finding is being written.
        while self.bytes > self.kept && self.cut + 1 < self.exchanges.len() {
            if let Some(oldest) = self.exchanges.get_mut(self.cut)
                && size(oldest) > 2 * HEAD
            {
                let before = size(oldest) as u64;
                *oldest = Arc::new(shortened(hidden(oldest), HEAD, HEAD));
                self.bytes = self.bytes.saturating_sub(before) + size(oldest) as u64;
            }
            self.cut += 1;
        }
        exchange
    }

    /// All in order, each as it came or the beginnings of it.
    pub(super) fn all(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter().map(Arc::as_ref)
    }

    /// As it came, or the beginnings of it.
    pub(super) fn get(&self, id: ExchangeId) -> Option<&Exchange> {
        let index = usize::try_from(id.0.checked_sub(1)?).ok()?;
        self.exchanges.get(index).map(Arc::as_ref)
    }

    /// As it came; `None` where it has been cut.
    pub(super) fn whole(&self, id: ExchangeId) -> Option<Arc<Exchange>> {
        let index = usize::try_from(id.0.checked_sub(1)?).ok()?;
        self.exchanges
            .get(index)
            .filter(|_| index >= self.cut)
            .map(Arc::clone)
    }
}

/// What an exchange takes, roughly.
pub(super) fn size(exchange: &Exchange) -> usize {
    let request = &exchange.request;
    let pairs = |pairs: &[(String, String)]| -> usize {
        pairs
            .iter()
            .map(|(name, value)| 48 + name.len() + value.len())
            .sum()
    };
    let reply = exchange
        .reply()
        .map_or(0, |reply| reply.body.len() + pairs(&reply.headers));
    400 + request.path.len()
        + pairs(&request.query)
        + pairs(&request.headers)
        + request.body.as_ref().map_or(0, Vec::len)
        + reply
}

/// An exchange for a report: a long body is its beginning with a note of what was cut, and so is
/// every body where there is no room.
pub(super) fn reported(exchange: Exchange, room: u64) -> Exchange {
    let most = |body: Option<&Vec<u8>>| {
        let whole = body.is_none_or(|body| body.len() <= REPORTED);
        if whole && size(&exchange) as u64 <= room {
            REPORTED
        } else {
            HEAD
        }
    };
    let sent = most(exchange.request.body.as_ref());
    let came = most(exchange.reply().map(|reply| &reply.body));
    shortened(exchange, sent, came)
}

/// The beginnings of everything that is long in an exchange.
fn shortened(mut exchange: Exchange, sent: usize, came: usize) -> Exchange {
    let request = &mut exchange.request;
    let pairs = |pairs: &mut Vec<(String, String)>| {
        for text in pairs.iter_mut().flat_map(|(name, value)| [name, value]) {
            shorten_in_place(text, HEAD);
        }
    };
    shorten_in_place(&mut request.path, HEAD);
    pairs(&mut request.query);
    pairs(&mut request.headers);
    if let Some(body) = &mut request.body {
        shorten_body(body, sent);
    }
    if let Ok(reply) = &mut exchange.answer {
        pairs(&mut reply.headers);
        shorten_body(&mut reply.body, came);
    }
    exchange
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(bytes: usize) -> Result<Reply, Failure> {
        Ok(Reply {
            status: 200,
            body: vec![b'a'; bytes],
            ..Reply::default()
        })
    }

    #[test]
    fn no_more_is_kept_than_the_run_may() {
        let mut log = Log::new(100_000);
        for number in 1..=50 {
            let request = Request {
                query: vec![("q".to_owned(), "b".repeat(20_000))],
                ..Request::default()
            };
            let added = log.add(request, reply(20_000), Clone::clone);
            assert_eq!(log.whole(ExchangeId(number)), Some(added));
            assert!(log.bytes <= 100_000 + 50 * 6_000, "{}", log.bytes);
        }
        assert_eq!(log.whole(ExchangeId(1)), None);
        let first = log.get(ExchangeId(1)).unwrap();
        let body = String::from_utf8(first.reply().unwrap().body.clone()).unwrap();
        assert!(body.ends_with("aaa… (20000 bytes in all)"), "{body}");
        assert!(
            first.request.query[0]
                .1
                .starts_with("(20000 characters) bbb")
        );
    }

    #[test]
    fn what_is_cut_is_hidden_before() {
        let mut log = Log::new(10_000);
        for _ in 0..3 {
            log.add(Request::default(), reply(9_000), |exchange| {
                let mut hidden = exchange.clone();
                hidden.request.path = "/hidden".to_owned();
                hidden
            });
        }
        assert_eq!(log.get(ExchangeId(1)).unwrap().request.path, "/hidden");
        assert_eq!(log.get(ExchangeId(3)).unwrap().request.path, "");
    }

    #[test]
    fn a_report_has_no_body_for_which_there_is_no_room() {
        let mut log = Log::new(1_000_000);
        let added = log.add(Request::default(), reply(50_000), Clone::clone);
        let size = |room| reported((*added).clone(), room).reply().unwrap().body.len();
        assert_eq!(size(60_000), 50_000);
        assert!(size(1_000) < 3_000);
    }
}
