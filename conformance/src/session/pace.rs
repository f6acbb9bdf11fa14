//! How fast requests are sent: evenly, and a pause is not made up for.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Gives each request its time.
pub(super) struct Pace {
    period: Duration,
    /// When the next request may be sent, at the earliest.
    next: Mutex<Instant>,
}

impl Pace {
    /// So many requests per second; `None` where there is no limit.
    pub(super) fn new(rate: Option<u32>) -> Option<Self> {
        let rate = rate.filter(|rate| *rate > 0)?;
        Some(Self {
            period: Duration::from_secs(1) / rate,
            next: Mutex::new(Instant::now()),
        })
    }

    /// Waits until a request may be sent.
    pub(super) async fn turn(&self) {
        let turn = self.take(Instant::now());
        tokio::time::sleep_until(turn.into()).await;
    }

    /// Takes the next time that is not before `now`.
    fn take(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = now.max(*next);
        *next = turn + self.period;
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;
    use std::time::{Duration, Instant};

    #[test]
    fn turns_are_even_and_a_pause_is_not_made_up_for() {
        let pace = Pace::new(Some(4)).unwrap();
        let now = Instant::now();
        let first = pace.take(now);
        let quarter = Duration::from_millis(250);
        assert_eq!(pace.take(now), first + quarter);
        assert_eq!(pace.take(now), first + quarter * 2);
        let later = now + Duration::from_secs(60);
        assert_eq!(pace.take(later), later);
        assert_eq!(pace.take(later), later + quarter);
    }

    #[test]
    fn no_rate_is_no_limit() {
        assert!(Pace::new(None).is_none());
        assert!(Pace::new(Some(0)).is_none());
        assert!(Pace::new(Some(u32::MAX)).is_some());
    }
}
