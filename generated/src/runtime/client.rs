//! What all clients have inside, and how it is set up.

use super::{Credential, Error, Middleware, Retry};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

/// What all clients have inside; cheap to clone.
#[derive(Clone, Debug)]
pub struct Core(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) http: reqwest::Client,
    pub(super) base: reqwest::Url,
    pub(super) headers: HeaderMap,
    pub(super) credentials: Vec<(&'static str, Credential)>,
    pub(super) timeout: Option<Duration>,
    pub(super) retry: Retry,
    pub(super) middleware: Vec<Arc<dyn Middleware>>,
    pub(super) max_body: usize,
}

impl fmt::Debug for Inner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Core")
            .field("base", &self.base.as_str())
            .field("credentials", &self.credentials)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// Sets up a client.
#[must_use = "a client is made by `build`"]
pub struct Builder<C> {
    base: String,
    http: Option<reqwest::Client>,
    headers: Vec<(String, String)>,
    credentials: Vec<(&'static str, Credential)>,
    timeout: Option<Duration>,
    retry: Retry,
    middleware: Vec<Arc<dyn Middleware>>,
    max_body: usize,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Core>> Builder<C> {
    /// Starts with the API's base URL.
    pub fn new(base_url: &str) -> Self {
        Self {
            base: base_url.to_owned(),
            http: None,
            headers: vec![(
                USER_AGENT.to_string(),
                concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned(),
            )],
            credentials: Vec::new(),
            timeout: Some(Duration::from_secs(60)),
            retry: Retry::default(),
            middleware: Vec::new(),
            max_body: 256 * 1024 * 1024,
            client: PhantomData,
        }
    }

    /// How long to wait for an answer, repetitions and the body included; 60 seconds unless said,
    /// `None` for ever. In a stream it is the time between two records.
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }

    /// How often at most a request is sent again; twice unless said. See [`Retry`].
    pub fn retries(mut self, times: u32) -> Self {
        self.retry.times = times;
        self
    }

    /// When a request is sent again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The `User-Agent` header; this package's name and version unless said.
    pub fn user_agent(self, user_agent: &str) -> Self {
        self.header("user-agent", user_agent)
    }

    /// A header that goes with every request.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sees every request, repetitions too, and its answer; the first one added is outermost.
    pub fn middleware(mut self, middleware: impl Middleware) -> Self {
        self.middleware.push(Arc::new(middleware));
        self
    }

    /// The client to send with, for what is not said here: proxies, certificates, versions of
    /// HTTP. It follows redirects as it was told to, and they may carry credentials elsewhere.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// The most bytes of a body that are taken, unpacked, or of a stream's record; 256 MiB unless
    /// said.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// What a security scheme needs.
    pub fn credential(mut self, scheme: &'static str, credential: Credential) -> Self {
        self.credentials.retain(|(name, _)| *name != scheme);
        self.credentials.push((scheme, credential));
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// When the base URL, a header or a credential is not one, or TLS cannot be set up.
    pub fn build(self) -> Result<C, Error> {
        let fault = |message: String| Error::request("", message);
        let base = reqwest::Url::parse(&self.base)
            .map_err(|error| fault(format!("the base URL {:?}: {error}", self.base)))?;
        if !matches!(base.scheme(), "http" | "https")
            || base.query().is_some()
            || base.fragment().is_some()
        {
            let rule = "must be http or https, without query and fragment";
            return Err(fault(format!("the base URL {:?} {rule}", self.base)));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let parsed = HeaderName::try_from(name)
                .ok()
                .zip(HeaderValue::from_str(value).ok());
            let (key, value) = parsed.ok_or_else(|| fault(format!("the header {name:?}")))?;
            headers.insert(key, value);
        }
        if let Some((scheme, _)) = self
            .credentials
            .iter()
            .find(|(_, credential)| credential.header().is_none())
        {
            return Err(fault(format!(
                "the credential of {scheme} holds a character that a header cannot"
            )));
        }
        let http = match self.http {
            Some(http) => http,
            None => reqwest::Client::builder()
                .connect_timeout(Duration::from_secs(10))
                .redirect(reqwest::redirect::Policy::custom(same_origin))
                .build()
                .map_err(|error| fault(error.to_string()))?,
        };
        Ok(C::from(Core(Arc::new(Inner {
            http,
            base,
            headers,
            credentials: self.credentials,
            timeout: self.timeout,
            retry: self.retry,
            middleware: self.middleware,
            max_body: self.max_body,
        }))))
    }
}

impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Builder")
            .field("base", &self.base)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

/// Follows redirects within an origin only, as keys in headers of a vendor's own would follow.
fn same_origin(attempt: reqwest::redirect::Attempt<'_>) -> reqwest::redirect::Action {
    let stays = attempt
        .previous()
        .first()
        .is_some_and(|first| first.origin() == attempt.url().origin());
    if stays && attempt.previous().len() <= 10 {
        attempt.follow()
    } else {
        attempt.stop()
    }
}
