//! Chance that is the same everywhere: SplitMix64, whose stream no library's version changes.

/// A stream of numbers from a seed.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64, index: u64) -> Self {
        let mut chance = Self(seed ^ index.wrapping_mul(0xd134_2543_de82_ef95));
        chance.next();
        chance
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `span`, or 0 where that is none.
    pub(crate) fn within(&mut self, span: i64) -> i64 {
        let span = u64::try_from(span).unwrap_or(0);
        let drawn = self.next().checked_rem(span).unwrap_or(0);
        i64::try_from(drawn).unwrap_or(0)
    }

    /// A number below `span`, or 0 where that is none.
    pub(crate) fn below(&mut self, span: usize) -> usize {
        let span = u64::try_from(span).unwrap_or(u64::MAX);
        let drawn = self.next().checked_rem(span).unwrap_or(0);
        usize::try_from(drawn).unwrap_or(0)
    }

    pub(crate) fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub(crate) fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        let index = self.below(from.len());
        from.get(index)
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            *byte = self.next().to_le_bytes()[0];
        }
        bytes
    }
}

/// FNV-1a of a text, for a seed of its own.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
