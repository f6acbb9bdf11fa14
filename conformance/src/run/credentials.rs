//! The run's own credentials: whether the target takes them, and goes on taking them.
//!
//! A refusal for want of credentials says nothing of the rules while it is not known why it came.
//! Such an exchange is kept back until a request that was answered before has been asked again:
//! when that is answered, the exchange is judged as any other; when it is refused too, the run ends.

use super::Run;
use crate::{Contract, Exchange, Request, Stopped};
use plumbline_specs::api::{Location, Operation, SecurityScheme};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many operations are asked at first to learn whether the credentials are taken.
const FIRST: usize = 20;

/// What was seen of the run's credentials so far.
#[derive(Default)]
pub(super) struct Watch {
    state: Mutex<State>,
    /// One question at a time.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    /// A request that only reads and was answered, of an operation that demands credentials.
    good: Option<Request>,
    /// The operations that demand credentials and were answered.
    answered: Vec<String>,
    /// Refusals of which it is not known why they came, and whether the checks judge them: a
    /// fixture judges its own.
    refused: Vec<(Arc<Exchange>, bool)>,
    /// The last operation that was answered before the first of them.
    after: Option<String>,
    stopped: Option<Stopped>,
}

impl Watch {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the run is over.
    pub(super) fn stopped(&self) -> Option<Stopped> {
        self.state().stopped.clone()
    }

    /// Takes an exchange in, which the checks judge or a fixture does; whether it is kept back, as
    /// nothing is known of it yet.
    pub(super) fn see(&self, contract: &Contract, exchange: &Exchange, is_checked: bool) -> bool {
        let request = &exchange.request;
        let Some(operation) = contract.operation(&request.operation) else {
            return false;
        };
        if !demands_credentials(operation) || brings_others(contract, request) {
            return false;
        }
        let mut state = self.state();
        match exchange.status() {
            Some(200..300) => {
                if operation.method.is_safe() {
                    state.good = Some(request.clone());
                }
                let label = operation.label();
                state.answered.retain(|own| *own != label);
                state.answered.push(label);
                false
            }
            Some(401 | 403) => {
                if state.refused.is_empty() {
                    state.after = state.answered.last().cloned();
                }
                state.refused.push((Arc::new(exchange.clone()), is_checked));
                true
            }
            _ => false,
        }
    }

    /// Refusals that were kept back and are as good as other exchanges.
    fn released(&self) -> impl Iterator<Item = Arc<Exchange>> {
        let refused = std::mem::take(&mut self.state().refused);
        let checked = refused.into_iter().filter(|(_, is_checked)| *is_checked);
        checked.map(|(exchange, _)| exchange)
    }

    fn stop(&self, stopped: Stopped) {
        let mut state = self.state();
        state.refused.clear();
        state.stopped.get_or_insert(stopped);
    }
}

/// Whether an operation cannot be asked without credentials.
fn demands_credentials(operation: &Operation) -> bool {
    !operation.security.is_empty() && !operation.security.iter().any(indexmap::IndexMap::is_empty)
}

/// Whether a request brings other credentials than the run's, or takes them out: it is refused for
/// a reason of its own.
fn brings_others(contract: &Contract, request: &Request) -> bool {
    let declared = contract.credentials();
    !request.withheld.is_empty()
        || request.headers.iter().any(|(name, _)| {
            declared.iter().any(|(location, own)| {
                *location == Location::Header && own.eq_ignore_ascii_case(name)
                    || *location == Location::Cookie && name.eq_ignore_ascii_case("cookie")
            })
        })
}

impl Run<'_> {
    /// Asks operations that demand credentials, until one is not refused; where all are, the run
    /// is over before it began.
    pub(super) async fn try_credentials(&self, values: &crate::Values) {
        let mut refused = None;
        let requests = self
            .operations()
            .filter(|operation| demands_credentials(operation))
            .filter(|operation| self.contract.only_reads(operation))
            .filter_map(|operation| {
                let request = self.contract.request(operation, values).ok()?;
                Some((operation, request))
            });
        for (operation, request) in requests.take(FIRST) {
            match self.session.fetch(request).await.status() {
                Some(status @ (401 | 403)) => {
                    refused.get_or_insert((operation, status));
                }
                _ => return,
            }
        }
        if let Some((operation, status)) = refused {
            self.refuse(operation, status);
        }
    }

    /// Asks again for what was answered before, as the next thing that comes is not to be undone.
    pub(super) async fn are_credentials_good(&self) -> bool {
        let good = self.watch.state().good.clone();
        let Some(good) = good else {
            return !self.is_stopped();
        };
        // What it is answered with is seen like any other exchange.
        self.session.send(good).await;
        self.is_settled().await
    }

    /// Whether what was seen so far may be judged: every refusal for want of credentials is
    /// explained. `false` once the run is over.
    pub(super) async fn is_settled(&self) -> bool {
        let _one = self.watch.asking.lock().await;
        let (good, refused, after) = {
            let state = self.watch.state();
            if state.stopped.is_some() {
                return false;
            }
            if state.refused.is_empty() {
                return true;
            }
            let (good, after) = (state.good.clone(), state.after.clone());
            (good, state.refused.clone(), after)
        };
        let status = |exchange: &Exchange| exchange.status().unwrap_or_default();
        if let Some(good) = good {
            let again = self.session.send(good).await;
            if matches!(again.status(), Some(401 | 403)) {
                self.watch.stop(Stopped::CredentialsDied {
                    after: after.unwrap_or_else(|| again.request.operation.clone()),
                    status: status(&again),
                });
                return false;
            }
        } else if let Some(exchange) = refused
            .iter()
            .map(|(own, _)| own)
            .find(|own| own.status() == Some(401))
        {
            // Nothing that only reads was answered, so there is nothing to ask again. By RFC 9110,
            // section 15.5.2, the credentials themselves are refused.
            let operation = self.contract.operation(&exchange.request.operation);
            let died = operation.and_then(|operation| self.answered_alike(operation));
            if let Some(answered) = died {
                let after = after.unwrap_or(answered);
                self.watch
                    .stop(Stopped::CredentialsDied { after, status: 401 });
                return false;
            }
            let never = self.watch.state().answered.is_empty();
            if let Some(operation) = operation.filter(|_| never) {
                self.refuse(operation, 401);
                return false;
            }
        }
        for exchange in self.watch.released() {
            self.tally.take(self.contract, &exchange);
        }
        true
    }

    /// An operation that was answered and demands what this one does.
    fn answered_alike(&self, operation: &Operation) -> Option<String> {
        let state = self.watch.state();
        let mut answered = state.answered.iter().rev();
        answered
            .find(|label| {
                let other = self.contract.operation(label);
                other.is_some_and(|other| other.security == operation.security)
            })
            .cloned()
    }

    fn refuse(&self, operation: &Operation, status: u16) {
        self.watch.stop(Stopped::Refused {
            operation: operation.label(),
            status,
            demand: demand(self.contract, operation),
        });
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.watch.stopped().is_some()
    }
}

/// What an operation demands of who asks it, and the flag that gives it.
fn demand(contract: &Contract, operation: &Operation) -> String {
    let ways: Vec<String> = operation
        .security
        .iter()
        .map(|requirement| {
            let schemes = requirement.keys().map(|name| {
                let flag = contract.api.security_schemes.get(name).map(flag);
                match flag {
                    Some(flag) => format!("`{name}`: {flag}"),
                    None => format!("`{name}`, which the document does not describe"),
                }
            });
            schemes.collect::<Vec<_>>().join(", and ")
        })
        .collect();
    format!("the document demands {}", ways.join("; or "))
}

fn flag(scheme: &SecurityScheme) -> String {
    let header = |what: &str, header: &str| format!("{what}, given by --header '{header}'");
    match scheme {
        SecurityScheme::ApiKey { location, name, .. } => match location {
            Location::Header => header("a key in a header", &format!("{name}: $KEY")),
            Location::Cookie => header("a key in a cookie", &format!("Cookie: {name}=$KEY")),
            Location::Query | Location::Path => {
                format!("a key in the query parameter `{name}`, which no flag gives yet")
            }
        },
        SecurityScheme::Http { scheme, .. } if scheme == "basic" => header(
            "a user and a password, as base64 of user:password",
            "Authorization: Basic $BASE64",
        ),
        SecurityScheme::Http { scheme, .. } if scheme != "bearer" => header(
            "HTTP authentication",
            &format!("Authorization: {scheme} $CREDENTIALS"),
        ),
        SecurityScheme::Http { .. }
        | SecurityScheme::OAuth2 { .. }
        | SecurityScheme::OpenIdConnect { .. } => {
            header("a bearer token", "Authorization: Bearer $TOKEN")
        }
        SecurityScheme::MutualTls { .. } => {
            "a client certificate, which no flag gives yet".to_owned()
        }
    }
}
