//! What all clients have inside, and how it is set up.

use super::{Credential, Error, Middleware, Retry};
use percent_encoding::percent_decode_str;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
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
    pub(super) max_empty_pages: u32,
}

impl fmt::Debug for Inner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Core")
            .field("base", &self.base.as_str())
            .field("credentials", &self.credentials)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("max_body", &self.max_body)
            .field("max_empty_pages", &self.max_empty_pages)
            .finish_non_exhaustive()
    }
}

/// Sets up a client. Neither its `Debug` nor the client's shows a header, a credential, or a user
/// or a password of the base URL.
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
    max_empty_pages: u32,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Core>> Builder<C> {
    /// Starts with the API's base URL. A user and a password in it become `Authorization: Basic`
    /// of every request that has no other `Authorization`.
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
            max_body: 16 * 1024 * 1024,
            max_empty_pages: 100,
            client: PhantomData,
        }
    }

    /// How long to wait for an answer, repetitions and reading the body included; 60 seconds unless
    /// said, `None` for ever. In a stream it is the time that is waited for each record, whatever
    /// else comes meanwhile.
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

    /// The most bytes of a body that are taken, unpacked, or of a stream's record; 16 MiB unless
    /// said. What free-form JSON (`serde_json::Value`) takes in memory is a multiple of that.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// The most pages without an item that a walk over pages passes in a row before it ends with
    /// [`Error::Paging`]; 100 unless said.
    pub fn max_empty_pages(mut self, pages: u32) -> Self {
        self.max_empty_pages = pages;
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
        let mut base = reqwest::Url::parse(&self.base)
            .map_err(|error| fault(format!("the base URL {:?}: {error}", masked(&self.base))))?;
        if !matches!(base.scheme(), "http" | "https")
            || base.query().is_some()
            || base.fragment().is_some()
        {
            let rule = "must be http or https, without query and fragment";
            return Err(fault(format!(
                "the base URL {:?} {rule}",
                masked(&self.base)
            )));
        }
        let mut headers = HeaderMap::new();
        headers.extend(user_info(&mut base).map(|value| (AUTHORIZATION, value)));
        for (name, value) in &self.headers {
            let parsed = HeaderName::try_from(name)
                .ok()
                .zip(HeaderValue::from_str(value).ok());
            let (key, mut value) = parsed.ok_or_else(|| fault(format!("the header {name:?}")))?;
            value.set_sensitive(true);
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
            max_empty_pages: self.max_empty_pages,
        }))))
    }
}

impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Builder")
            .field("base", &masked(&self.base))
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

/// Takes user and password out of a base URL, as the value of `Authorization`.
fn user_info(base: &mut reqwest::Url) -> Option<HeaderValue> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let user = decode(base.username());
    let password = base.password().map(decode);
    // Neither fails where a URL has a host, as those of HTTP have.
    let _ = base.set_username("");
    let _ = base.set_password(None);
    if user.is_empty() && password.is_none() {
        return None;
    }
    Credential::basic(&user, &password.unwrap_or_default()).header()
}

/// What was given as a base URL, without user, password and query.
fn masked(base: &str) -> String {
    let (scheme, rest) = base.split_once("://").unwrap_or(("", base));
    // What is no URL has no parts to go by.
    let is_url = reqwest::Url::parse(base).is_ok_and(|url| url.has_host());
    let end = rest.find(['/', '\\', '?', '#']).filter(|_| is_url);
    let (authority, path) = end.map_or((rest, ""), |end| rest.split_at(end));
    let mut shown = scheme.to_owned();
    if !scheme.is_empty() {
        shown.push_str("://");
    }
    match authority.rsplit_once('@') {
        Some((_, host)) => shown.extend(["***@", host]),
        None => shown.push_str(authority),
    }
    shown.push_str(path);
    match shown.split_once(['?', '#']) {
        Some((before, _)) => format!("{before}?…"),
        None => shown,
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
