//! A short name for what files hold, by which two runs are told to have read the same.

/// FNV-1a in 64 bits. Nobody is kept from making two files of one digest: it tells files apart that
/// were mixed up, and defends against no malice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digest(u64);

impl Digest {
    pub(crate) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Takes in a file, and what it is: the same bytes as a document and as its overlay differ.
    pub(crate) fn take(&mut self, what: &str, bytes: &[u8]) {
        for part in [what.as_bytes(), bytes] {
            // The length says where a part ends, so that no other division looks the same.
            self.feed(&(part.len() as u64).to_le_bytes());
            self.feed(part);
        }
    }

    fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(crate) fn text(self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    fn digest(parts: &[(&str, &str)]) -> String {
        let mut digest = Digest::new();
        for (what, text) in parts {
            digest.take(what, text.as_bytes());
        }
        digest.text()
    }

    #[test]
    fn another_text_another_part_and_another_division_have_another_digest() {
        let one = [("document", "ab"), ("overlay", "c")];
        assert_eq!(digest(&one), digest(&one));
        for other in [
            &[("document", "ab"), ("overlay", "d")][..],
            &[("document", "ab"), ("file", "c")],
            &[("document", "abc"), ("overlay", "")],
            &[("document", "ab")],
        ] {
            assert_ne!(digest(&one), digest(other), "{other:?}");
        }
    }
}
