//! Bodies of traffic that was read, within the limits of a run.

use super::Matched;
use crate::codes;
use crate::{Exchange, Failure, Limits, weight};
use plumbline_specs::Diagnostic;

/// Takes answers out whose bodies are too large, alone or together: each is a failure, and what is
/// about all of them a note. A request that is too large is left out.
pub(crate) fn admit(matched: &mut Matched, limits: &Limits) {
    let (mut bytes, mut values, mut refused) = (0_u64, 0_u64, 0_usize);
    let mut sent_too_large = 0_usize;
    matched.exchanges.retain_mut(|exchange| {
        let sent = exchange.request.body.as_deref().unwrap_or_default();
        let sent = (sent.len() as u64, weight::of_json(sent));
        if sent.0 > limits.body || sent.1 > limits.values() {
            sent_too_large += 1;
            return false;
        }
        if let Some(failure) = too_large(exchange, limits) {
            exchange.answer = Err(failure);
        }
        let body = exchange.reply().map_or(&[][..], |reply| &reply.body);
        let came = (body.len() as u64, weight::of_json(body));
        let fits = |all: u64, one: u64, most: u64| all.saturating_add(one) <= most;
        if fits(bytes, sent.0 + came.0, limits.kept)
            && fits(values, sent.1 + came.1, limits.kept.saturating_mul(4))
        {
            bytes += sent.0 + came.0;
            values += sent.1 + came.1;
            return true;
        }
        refused += 1;
        false
    });
    if refused > 0 {
        matched.notes.push(
            Diagnostic::warning(
                codes::NOT_KEPT,
                format!(
                    "{refused} exchanges are left out: the bodies of the others come to {bytes} of {} bytes, and their values to {values} of {}",
                    limits.kept,
                    limits.kept.saturating_mul(4)
                ),
            )
            .help("take fewer exchanges at once, or give them more room with --max-kept"),
        );
    }
    if sent_too_large > 0 {
        matched.notes.push(
            Diagnostic::warning(
                codes::NOT_KEPT,
                format!(
                    "{sent_too_large} exchanges are left out: their requests have bodies of more than {} bytes",
                    limits.body
                ),
            )
            .help("--max-body gives another limit"),
        );
    }
}

/// Why an answer is not taken.
fn too_large(exchange: &Exchange, limits: &Limits) -> Option<Failure> {
    let body = &exchange.reply()?.body;
    if body.len() as u64 > limits.body {
        Some(Failure::TooLarge(limits.body))
    } else if weight::of_json(body) > limits.values() {
        Some(Failure::Unfolds(limits.values()))
    } else {
        None
    }
}
