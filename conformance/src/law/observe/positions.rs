//! Pages out of order, and positions beyond the end.

use super::Observer;
use crate::law::observations::{Observations, PageRequest, Position};
use plumbline_specs::api::PaginationStyle;

impl Observer<'_> {
    /// Asks for pages that no walk leads to: in the middle, backwards, beyond the end.
    pub(super) async fn positions(&self, seen: &mut Observations) {
        let Ok(all) = seen.all() else { return };
        let (count, whole) = (all.items.len() as i64, all.whole);
        let size = seen.maximum().unwrap_or(u64::MAX).min(5);
        let mut asked = Vec::new();
        match &self.profile.style {
            PaginationStyle::Page { first, .. } => {
                if self.profile.size.is_none() {
                    return;
                }
                let step = i64::try_from(size).unwrap_or(5).max(1);
                let pages = (count + step - 1) / step;
                let mut numbers = vec![pages, 1, (pages + 1) / 2, 2, self.any(pages)];
                if whole {
                    numbers.extend([pages + 1, pages + 1000]);
                }
                numbers.retain(|number| *number > 0 && (whole || *number < pages));
                asked.extend(numbers.into_iter().map(|number| {
                    let number = Position::Number(number.saturating_add(*first - 1));
                    (number, Some(size))
                }));
            }
            PaginationStyle::Offset { .. } => {
                let mut offsets = vec![count - 1, 1, count / 2, count - 2, self.any(count)];
                if whole {
                    offsets.extend([count, count + 1, count + 1000]);
                }
                offsets.retain(|offset| *offset >= 0 && (whole || *offset + 5 < count));
                let size = self.profile.size.is_some().then_some(size);
                asked.extend(
                    offsets
                        .into_iter()
                        .map(|offset| (Position::Offset(offset), size)),
                );
            }
            PaginationStyle::Cursor { .. } | PaginationStyle::Link { .. } => {}
        }
        for (position, size) in asked {
            let asked = PageRequest { position, size };
            if let Some(page) = self.page(&Vec::new(), asked, false).await
                && !seen.access.contains(&page)
            {
                seen.access.push(page);
            }
        }
    }

    /// Some number from 1 up to `count`, by the seed.
    fn any(&self, count: i64) -> i64 {
        let spread = self.options.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
        1 + i64::try_from(spread)
            .unwrap_or(0)
            .checked_rem(count.max(1))
            .unwrap_or(0)
    }
}
