//! `plumbline record`.

use crate::{Failure, Outcome, args, keep, output};
use plumbline_conformance::record::{Proxy, play as play_through};
use plumbline_conformance::traffic::{self, Traffic};
use plumbline_conformance::{Limits, Session, Target, Values};
use std::collections::BTreeMap;
use std::path::Path;
use url::Url;

pub(crate) fn run(args: &args::Record) -> Outcome {
    let place = keep::place(&args.keep, args.play.as_deref())?;
    let upstream = keep::base(&args.upstream, "the upstream")?;
    if let Some(play) = &args.play {
        return renewed(args, place, upstream, play);
    }
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::Usage(format!("no runtime could be made: {error}")))?;
    let traffic = runtime.block_on(async {
        let proxy = Proxy::listen(upstream.clone(), args.listen)
            .await
            .map_err(|error| Failure::Usage(error.to_string()))?;
        // Before anybody knows where it listens, so that no signal comes too early.
        let stop = stopped()
            .map_err(|error| Failure::Usage(format!("signals cannot be heard: {error}")))?;
        output::show(&format!("recording at http://{}\n", proxy.address()));
        Ok::<_, Failure>(proxy.run(args.exchanges, stop).await)
    })?;
    heard(&traffic)?;
    // A client may bring the path below which the document's begin; then the traffic shows where.
    let begins = !traffic::matched(&place.contract, &traffic, &upstream)
        .exchanges
        .is_empty();
    keep::keep(place, &traffic, begins.then_some(upstream), &args.keep)
}

/// Plays a fixture through the proxy, and takes the answers into it.
fn renewed(args: &args::Record, place: keep::Place, upstream: Url, play: &Path) -> Outcome {
    let scenario = keep::scenario(play)?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::Usage(format!("no runtime could be made: {error}")))?;
    let usage = |error: String| Failure::Usage(error);
    let played = runtime.block_on(async {
        let proxy = Proxy::listen(upstream.clone(), args.listen)
            .await
            .map_err(|error| usage(error.to_string()))?;
        let base = Url::parse(&format!("http://{}", proxy.address()))
            .map_err(|error| usage(error.to_string()))?;
        let session = Session::new(Target {
            base,
            headers: args.header.clone(),
            values: BTreeMap::new(),
            limits: Limits::default(),
        })
        .map_err(|error| usage(error.to_string()))?;
        Ok::<_, Failure>(play_through(proxy, &session, &scenario, &Values::new()).await)
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
        .all(|passed| passed.answer.is_err());
    if unreachable {
        return Err(Failure::Unreachable(
            "the upstream did not answer; nothing was written".to_owned(),
        ));
    }
    Ok(())
}

/// Listens for ctrl-c, or for being told to end, from now on; waits for it when it is awaited.
#[cfg(unix)]
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Waits for ctrl-c.
#[cfg(not(unix))]
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
