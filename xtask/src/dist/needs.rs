//! What a program needs of the system that it runs on, read off its ELF file.

use anyhow::{Context, Result};
use object::elf::{DT_NEEDED, FileHeader64};
use object::read::elf::{Dyn as _, FileHeader as _, SectionTable};
use object::{Endianness, StringTable};

/// What a program needs of the system that it runs on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    /// The shared libraries, in the order in which the file names them; none where it is static.
    pub(super) libraries: Vec<String>,
    /// The oldest glibc that has every symbol version: major and minor.
    pub(super) glibc: Option<(u32, u32)>,
}

type Header = FileHeader64<Endianness>;

/// Reads them off a file; `None` where it is no 64-bit ELF file, so that this cannot say.
///
/// # Errors
///
/// When it is one, and broken.
pub(super) fn of(bytes: &[u8]) -> Result<Option<Needs>> {
    // The magic number, and the class of 64 bits.
    if !bytes.starts_with(b"\x7fELF\x02") {
        return Ok(None);
    }
    let header = Header::parse(bytes).context("the ELF header cannot be read")?;
    let endian = header.endian()?;
    let sections = header.sections(endian, bytes)?;
    let mut needs = Needs::default();
    if let Some((entries, link)) = sections.dynamic(endian, bytes)? {
        let strings = strings(&sections, endian, bytes, link)?;
        for entry in entries {
            if entry.tag(endian) == DT_NEEDED {
                needs.libraries.push(lossy(entry.string(endian, strings)?));
            }
        }
    }
    if let Some((mut files, link)) = sections.gnu_verneed(endian, bytes)? {
        let strings = strings(&sections, endian, bytes, link)?;
        while let Some((_, mut versions)) = files.next()? {
            while let Some(version) = versions.next()? {
                let version = lossy(version.name(endian, strings)?);
                needs.glibc = needs.glibc.max(glibc(&version));
            }
        }
    }
    Ok(Some(needs))
}

fn strings<'a>(
    sections: &SectionTable<'a, Header>,
    endian: Endianness,
    bytes: &'a [u8],
    link: object::SectionIndex,
) -> Result<StringTable<'a>> {
    Ok(sections.strings(endian, bytes, link)?)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `GLIBC_2.34` as numbers.
fn glibc(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.strip_prefix("GLIBC_")?.split('.');
    let major = parts.next()?.parse().ok()?;
    Some((major, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_version_is_one_of_glibc() {
        assert_eq!(glibc("GLIBC_2.34"), Some((2, 34)));
        assert_eq!(glibc("GLIBC_2.2.5"), Some((2, 2)));
        assert_eq!(glibc("GCC_3.0"), None);
        assert_eq!(glibc("GLIBC_PRIVATE"), None);
    }

    /// This test is itself a program that was linked.
    #[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
    #[test]
    fn a_program_of_rust_needs_glibc() {
        let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let needs = of(&bytes).unwrap().unwrap();
        assert!(needs.libraries.contains(&"libc.so.6".to_owned()));
        assert!(needs.glibc.unwrap() >= (2, 17), "{needs:?}");
    }

    #[test]
    fn what_is_no_program_is_told_apart() {
        assert_eq!(of(b"#!/bin/sh\n").unwrap(), None);
        assert!(of(b"\x7fELF\x02\x01\x01").is_err());
        let mut bytes = vec![0xff; 4096];
        bytes[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
        assert!(of(&bytes).is_err());
    }
}
