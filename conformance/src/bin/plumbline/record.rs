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
        output::show(&format!("recording at http://{}\n", proxy.address()));
        let stop = stopped();
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

/// Waits for ctrl-c, or to be told to end.
async fn stopped() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without a handler, the process ends by the signal itself.
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => tokio::select! {
                () = interrupted => {}
                _ = terminated.recv() => {}
            },
            Err(_) => interrupted.await,
        }
    }
    #[cfg(not(unix))]
    interrupted.await;
}
