//! Who does the cryptography of HTTPS.

/// Chooses it; a process that has chosen already keeps its own.
pub(crate) fn choose() {
    #[cfg(feature = "tls")]
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Whether a URL of this scheme can be asked.
pub(crate) fn is_supported(scheme: &str) -> bool {
    cfg!(feature = "tls") || scheme != "https"
}
