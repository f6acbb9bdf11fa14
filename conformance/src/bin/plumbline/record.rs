//! `plumbline record`.

use crate::{Failure, Outcome, args, keep, output};
use plumbline_conformance::record::Proxy;

pub(crate) fn run(args: &args::Record) -> Outcome {
    let place = keep::place(&args.keep)?;
    let upstream = keep::base(&args.upstream, "the upstream")?;
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
    keep::keep(place, &traffic, Some(upstream), &args.keep)
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
