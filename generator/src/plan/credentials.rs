//! Security schemes become credentials.

use super::docs::docs;
use super::names::{BUILDER_METHODS, Scope, snake_of, words};
use super::report::Report;
use crate::codes;
use crate::escape::code;
use crate::rust::{Credential, CredentialKind, Docs};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Api, Location, Requirement, SecurityScheme};

/// Plans a builder's method for each scheme that a client can serve.
pub(super) fn credentials(api: &Api, report: &mut Report) -> Vec<Credential> {
    let mut scope = Scope::with(BUILDER_METHODS);
    let mut all = Vec::new();
    for (scheme, definition) in &api.security_schemes {
        let Some((kind, docs)) = kind(definition, report) else {
            continue;
        };
        let own = own_words(scheme);
        let whole = snake_of(&words(scheme));
        let name = match kind {
            CredentialKind::Key(..) => snake_of(&own),
            CredentialKind::Bearer => "bearer".to_owned(),
            CredentialKind::Basic => "basic".to_owned(),
        };
        let others = [
            snake_of(&own),
            whole.clone(),
            format!("{}_credential", whole.trim_start_matches("r#")),
        ];
        all.push(Credential {
            name: scope.claim(name, &others),
            scheme: scheme.clone(),
            docs,
            kind,
        });
    }
    all
}

/// What an operation asks for, in terms of the credentials that there are.
pub(super) fn security(requirements: &[Requirement], known: &[Credential]) -> Vec<Vec<String>> {
    let served = |scheme: &String| known.iter().any(|credential| credential.scheme == *scheme);
    requirements
        .iter()
        .map(|requirement| requirement.keys())
        .filter(|schemes| schemes.clone().all(served))
        .map(|schemes| schemes.cloned().collect())
        .collect()
}

fn kind(scheme: &SecurityScheme, report: &mut Report) -> Option<(CredentialKind, Docs)> {
    let (kind, description) = match scheme {
        SecurityScheme::ApiKey {
            location,
            name,
            description,
            ..
        } => (
            CredentialKind::Key(*location, name.clone()),
            description.as_deref(),
        ),
        SecurityScheme::Http {
            scheme,
            description,
            place,
            ..
        } => {
            let kind = match scheme.as_str() {
                "bearer" => CredentialKind::Bearer,
                "basic" => CredentialKind::Basic,
                other => {
                    let what = format!("HTTP authentication by `{other}`");
                    unsupported(&what, place, report);
                    return None;
                }
            };
            (kind, description.as_deref())
        }
        SecurityScheme::OAuth2 { description, .. }
        | SecurityScheme::OpenIdConnect { description, .. } => {
            (CredentialKind::Bearer, description.as_deref())
        }
        SecurityScheme::MutualTls { place } => {
            unsupported("mutual TLS", place, report);
            return None;
        }
    };
    let docs = match docs(None, description) {
        Docs(own) if own.is_empty() => Docs(vec![usual_docs(&kind)]),
        own => own,
    };
    Some((kind, docs))
}

/// What is said of a credential that the document says nothing of.
fn usual_docs(kind: &CredentialKind) -> String {
    match kind {
        CredentialKind::Key(Location::Query, name) => {
            format!("The query parameter {}.", code(name))
        }
        CredentialKind::Key(Location::Cookie, name) => format!("The cookie {}.", code(name)),
        CredentialKind::Key(_, name) => format!("The header {}.", code(name)),
        CredentialKind::Bearer => "The token of `Authorization: Bearer`.".to_owned(),
        CredentialKind::Basic => "The user and password of `Authorization: Basic`.".to_owned(),
    }
}

fn unsupported(what: &str, place: &Pointer, report: &mut Report) {
    report.warning(
        codes::SECURITY_SCHEME_UNSUPPORTED,
        place,
        format!("{what} has no method on the client's builder"),
        "give the client a configured HTTP client or a middleware",
    );
}

/// The words of a scheme's name, without those that say what it is and not which one.
fn own_words(scheme: &str) -> Vec<String> {
    let all = words(scheme);
    let mut own = all.clone();
    while own.len() > 1
        && own.last().is_some_and(|last| {
            matches!(
                last.as_str(),
                "header" | "auth" | "scheme" | "security" | "query" | "cookie"
            )
        })
    {
        own.pop();
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(location: Location, name: &str) -> SecurityScheme {
        SecurityScheme::ApiKey {
            place: Pointer::root(),
            location,
            name: name.to_owned(),
            description: None,
        }
    }

    fn http(scheme: &str) -> SecurityScheme {
        SecurityScheme::Http {
            place: Pointer::root(),
            scheme: scheme.to_owned(),
            bearer_format: None,
            description: None,
        }
    }

    #[test]
    fn schemes_have_short_names() {
        let mut api = Api::default();
        for (name, scheme) in [
            ("APIKeyHeader", key(Location::Header, "Authorization")),
            ("workspace", key(Location::Header, "Comet-Workspace")),
            ("HTTPBearer", http("bearer")),
            ("basicAuth", http("basic")),
            ("timeout", key(Location::Query, "timeout")),
            ("digest", http("digest")),
            (
                "OAuth2PasswordBearer",
                SecurityScheme::OAuth2 {
                    place: Pointer::root(),
                    description: None,
                },
            ),
        ] {
            api.security_schemes.insert(name.to_owned(), scheme);
        }
        let mut report = Report::new("a.yaml");
        let names: Vec<String> = credentials(&api, &mut report)
            .into_iter()
            .map(|credential| credential.name)
            .collect();
        assert_eq!(
            names,
            [
                "api_key",
                "workspace",
                "bearer",
                "basic",
                "timeout_credential",
                "oauth2_password_bearer"
            ]
        );
        let codes: Vec<&str> = report.finish().iter().map(|it| it.code.as_str()).collect();
        assert_eq!(codes, ["security-scheme-unsupported"]);
    }
}
