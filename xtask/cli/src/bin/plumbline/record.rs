//! `plumbline record`.

use crate::{Failure, Outcome, args, keep, output};
use plumbline_cli::{signals, stdout};
use plumbline_conformance::record::{Proxy, play as play_through};
use plumbline_conformance::traffic::{self, Traffic};
use plumbline_conformance::{Failure as NoAnswer, Interrupt, Session, Target, UserHeader, Values};
use std::collections::BTreeMap;
use std::path::Path;
use url::Url;

pub(crate) fn run(args: &args::Record, interrupt: &Interrupt) -> Outcome {
    let place = keep::place(&args.keep, args.play.as_deref(), None)?;
    let upstream = keep::base(&args.upstream, "the upstream")?;
    signals::begun();
    if let Some(play) = &args.play {
        return renewed(args, place, upstream, play, interrupt);
    }
    let runtime = output::runtime()?;
    let traffic = runtime.block_on(async {
        let proxy = Proxy::within(keep::limits(args.keep.most), upstream.clone(), args.listen)
            .await
            .map_err(|error| Failure::Usage(error.to_string()))?
            .known_as(&args.host);
        stdout::print(&format!("recording at http://{}\n", proxy.address()));
        if stdout::failed() {
            // Nobody knows where it listens.
            return Err(Failure::Lost);
        }
        Ok(proxy.run(args.exchanges, interrupt.interrupted()).await)
    })?;
    heard(&traffic)?;
    // Without a number of exchanges, an interrupt is how a recording comes to its end.
    let had = traffic.exchanges.len() as u64;
    let incomplete = args
        .exchanges
        .filter(|wanted| had < *wanted)
        .map(|wanted| format!("the recording was interrupted after {had} of {wanted} exchanges"));
    // A client may bring the path below which the document's begin; then the traffic shows where.
    let begins = !traffic::matched(&place.contract, &traffic, &upstream)
        .exchanges
        .is_empty();
    let base = begins.then_some(upstream);
    keep::keep(place, &traffic, base, &args.keep, incomplete)
}

/// Plays a fixture through the proxy, and takes the answers into it.
fn renewed(
    args: &args::Record,
    place: keep::Place,
    upstream: Url,
    play: &Path,
    interrupt: &Interrupt,
) -> Outcome {
    let scenario = keep::scenario(play)?;
    let headers = args
        .header
        .iter()
        .map(|(name, value)| UserHeader::read(name, value))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let runtime = output::runtime()?;
    let usage = |error: String| Failure::Usage(error);
    let played = runtime.block_on(async {
        let proxy = Proxy::within(keep::limits(args.keep.most), upstream.clone(), args.listen)
            .await
            .map_err(|error| usage(error.to_string()))?;
        let base = Url::parse(&format!("http://{}", proxy.address()))
            .map_err(|error| usage(error.to_string()))?;
        let session = Session::new(Target {
            base,
            headers,
            values: BTreeMap::new(),
            limits: keep::limits(args.keep.most),
        })
        .map_err(|error| usage(error.to_string()))?;
        let values = Values::new();
        let played = play_through(proxy, &session, &scenario, &values, interrupt);
        Ok::<_, Failure>(played.await)
    })?;
    heard(&played.traffic)?;
    keep::renew(place, &scenario, &played, upstream, &args.keep)
}

/// Refuses traffic in which nothing was said.
fn heard(traffic: &Traffic) -> Result<(), Failure> {
    if traffic.exchanges.is_empty() {
        return Err(Failure::Usage(
            "nothing was recorded; nothing was written".to_owned(),
        ));
    }
    let unreachable = traffic
        .exchanges
        .iter()
        .all(|passed| matches!(passed.answer, Err(NoAnswer::Unreachable(_))));
    if unreachable {
        return Err(Failure::Unreachable(
            "the upstream did not answer; nothing was written".to_owned(),
        ));
    }
    Ok(())
}
