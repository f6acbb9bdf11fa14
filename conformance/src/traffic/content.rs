//! Content coding (RFC 9110, section 8.4): gzip and deflate are taken off, others stay on.

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use std::io::Read as _;

/// What a body decodes to at most, in bytes.
const MOST: u64 = 64 << 20;

/// Why a body stays as it came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Encoded {
    /// A coding that is not read here.
    #[error("the content coding `{0}` is not read")]
    Unknown(String),
    /// It is not what its coding says, or it decodes to too much.
    #[error("the body is not what its content coding `{0}` says")]
    Broken(String),
}

/// A body without its content codings.
///
/// # Errors
///
/// When a coding is unknown, or the body is not coded so.
pub fn decoded(body: Vec<u8>, codings: &str) -> Result<Vec<u8>, Encoded> {
    let mut body = body;
    // The last one was put on last.
    for coding in codings.rsplit(',') {
        let coding = coding.trim().to_ascii_lowercase();
        let mut out = Vec::new();
        let read = match coding.as_str() {
            "" | "identity" => continue,
            // Answers without a body keep the header.
            _ if body.is_empty() => continue,
            "gzip" | "x-gzip" => MultiGzDecoder::new(body.as_slice())
                .take(MOST)
                .read_to_end(&mut out),
            "deflate" => ZlibDecoder::new(body.as_slice())
                .take(MOST)
                .read_to_end(&mut out),
            _ => return Err(Encoded::Unknown(coding)),
        };
        match read {
            Ok(size) if (size as u64) < MOST => body = out,
            _ => return Err(Encoded::Broken(coding)),
        }
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::{Encoded, decoded};
    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use std::io::Write as _;

    #[test]
    fn codings_are_taken_off_from_the_last() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"{}").unwrap();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&zlib.finish().unwrap()).unwrap();
        let body = gzip.finish().unwrap();
        assert_eq!(decoded(body, "deflate, GZIP").unwrap(), b"{}");
        assert_eq!(decoded(b"{}".to_vec(), "identity").unwrap(), b"{}");
        assert_eq!(decoded(Vec::new(), "gzip").unwrap(), b"");
        assert_eq!(
            decoded(b"{}".to_vec(), "gzip"),
            Err(Encoded::Broken("gzip".to_owned()))
        );
        assert_eq!(
            decoded(b"{}".to_vec(), "br"),
            Err(Encoded::Unknown("br".to_owned()))
        );
    }
}
