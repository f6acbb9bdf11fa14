//! Which sizes to walk at: where pages end elsewhere, faults show that one size hides.

/// A size, and after how many pages its walk is cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) size: u64,
    pub(super) pages: usize,
}

/// A walk of one size has no more pages than this.
pub(super) const PAGES: usize = 70;

/// So many pages of the least size are looked at where all of them are too many.
const GLANCE: usize = 12;

/// The sizes for a list of `count` items: 1 (2 where the list is long, and then not to its
/// end), a prime that does not divide the count, a divisor of it, one less than it, itself,
/// one more, and one far beyond; none above the maximum, but the maximum itself.
pub(super) fn sizes(count: usize, maximum: Option<u64>, minimum: u64) -> Vec<Plan> {
    let count = count as u64;
    let mut plans: Vec<Plan> = Vec::new();
    let mut add = |size: u64, pages: usize| {
        let allowed = size >= minimum.max(1) && maximum.is_none_or(|most| size <= most);
        if allowed && !plans.iter().any(|plan| plan.size == size) {
            plans.push(Plan { size, pages });
        }
    };
    // A page may be short or empty where another one is full: that takes a few more.
    let enough = |size: u64| {
        let pages = usize::try_from(count / size.max(1)).unwrap_or(PAGES);
        pages.saturating_mul(2).saturating_add(4).min(PAGES)
    };
    if count <= 60 {
        add(1, PAGES);
    } else {
        add(2, GLANCE);
    }
    let tenth = count.div_ceil(10).max(2);
    if let Some(prime) = (tenth..count).find(|size| is_prime(*size) && !count.is_multiple_of(*size))
    {
        add(prime, enough(prime));
    }
    if let Some(divisor) = (tenth..count).find(|size| count.is_multiple_of(*size)) {
        add(divisor, enough(divisor));
    }
    for size in [count.saturating_sub(1), count, count + 1] {
        add(size, enough(size));
    }
    let far = count.saturating_mul(10).max(1000);
    add(far, enough(far));
    if let Some(maximum) = maximum {
        add(maximum, enough(maximum).min(40));
    }
    plans
}

/// Whether a small number is a prime.
fn is_prime(number: u64) -> bool {
    number >= 2
        && (2..)
            .take_while(|divisor| divisor * divisor <= number)
            .all(|divisor| !number.is_multiple_of(divisor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_put_page_borders_in_different_places() {
        for (count, maximum, expected) in [
            (0, None, &[1, 1000][..]),
            (1, None, &[1, 2, 1000]),
            (2, None, &[1, 2, 3, 1000]),
            (57, None, &[1, 7, 19, 56, 57, 58, 1000]),
            (57, Some(50), &[1, 7, 19, 50]),
            (1000, None, &[2, 101, 100, 999, 1000, 1001, 10000]),
            (1000, Some(100), &[2, 100]),
        ] {
            let found: Vec<u64> = sizes(count, maximum, 1)
                .iter()
                .map(|plan| plan.size)
                .collect();
            assert_eq!(found, expected, "{count} {maximum:?}");
        }
    }

    #[test]
    fn walks_of_a_long_list_stay_few() {
        for count in [57, 1000, 4999] {
            let requests: u64 = sizes(count, None, 1)
                .iter()
                .map(|plan| (count as u64).div_ceil(plan.size).min(plan.pages as u64) + 1)
                .sum();
            assert!(requests < 100, "{count}: {requests}");
        }
    }
}
