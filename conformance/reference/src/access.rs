//! Credentials: which are asked for, and whether the request brings them.

use super::context::{RequestContext, World};
use super::stage::Access;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use plumbline_specs::api::{Location, SecurityScheme};
use serde_json::json;

/// Looks at a request's credentials.
pub(super) fn judge(context: &RequestContext<'_>) -> Access {
    let security = &context.operation.security;
    let Some(secret) = &context.world.options.credentials else {
        return Access {
            asked: false,
            given: false,
            right: false,
        };
    };
    let strongest = security.iter().any(|requirement| !requirement.is_empty());
    let mut given = false;
    let mut right = false;
    let mut wrong = false;
    for requirement in security {
        let states: Vec<_> = requirement
            .keys()
            .map(|name| {
                context
                    .api()
                    .security_schemes
                    .get(name)
                    .map_or(State::Absent, |scheme| state(context, scheme, secret))
            })
            .collect();
        given |= states.iter().any(|state| *state != State::Absent);
        wrong |= states.contains(&State::Wrong);
        right |= !states.is_empty() && states.iter().all(|state| *state == State::Right);
    }
    let open = security.iter().any(|requirement| requirement.is_empty());
    Access {
        // Where no credentials are fine too, only wrong ones are refused.
        asked: strongest && (!open || given),
        given,
        // Wrong credentials are refused also where fewer would do.
        right: right && !wrong,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Absent,
    Wrong,
    Right,
}

fn state(context: &RequestContext<'_>, scheme: &SecurityScheme, secret: &str) -> State {
    let judge = |value: Option<String>, right: &dyn Fn(&str) -> bool| match value {
        None => State::Absent,
        Some(value) if right(&value) => State::Right,
        Some(_) => State::Wrong,
    };
    let header = |name: &str| context.call.header(name).map(str::to_owned);
    match scheme {
        SecurityScheme::ApiKey { location, name, .. } => {
            let value = match location {
                Location::Header => header(name),
                Location::Query => context.call.query(name),
                Location::Cookie => header("cookie").and_then(|cookies| {
                    cookies.split(';').find_map(|cookie| {
                        let (own, value) = cookie.trim().split_once('=')?;
                        (own == name).then(|| value.to_owned())
                    })
                }),
                Location::Path => None,
            };
            // A second key beside `Authorization` names something, such as a workspace.
            let names = name.to_ascii_lowercase().ends_with("workspace");
            judge(value, &|value| names || value == secret)
        }
        SecurityScheme::Http { scheme, .. } if scheme == "basic" => judge(
            header("authorization").filter(|value| starts_with(value, "basic ")),
            &|value| {
                let encoded = value.get(6..).unwrap_or_default().trim();
                STANDARD
                    .decode(encoded)
                    .ok()
                    .and_then(|pair| String::from_utf8(pair).ok())
                    .and_then(|pair| pair.split_once(':').map(|(_, word)| word == secret))
                    .unwrap_or(false)
            },
        ),
        SecurityScheme::Http { .. }
        | SecurityScheme::OAuth2 { .. }
        | SecurityScheme::OpenIdConnect { .. } => judge(
            header("authorization").filter(|value| starts_with(value, "bearer ")),
            &|value| {
                let token = value.get(7..).unwrap_or_default().trim();
                token == secret || is_ours(token, secret)
            },
        ),
        SecurityScheme::MutualTls { .. } => State::Right,
    }
}

fn starts_with(value: &str, scheme: &str) -> bool {
    value
        .get(..scheme.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// A token for the key, good until `expires` in seconds since 1970. Clients read what it says
/// (RFC 7519); its signature is a word that only this server has to know.
pub(super) fn jwt(secret: &str, expires: u64) -> String {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = part(json!({"alg": "HS256", "typ": "JWT"}));
    let claims = part(json!({"sub": "ada@example.com", "exp": expires}));
    let sign = super::plausible::mix(7, &[secret, &claims]);
    format!(
        "{head}.{claims}.{}",
        URL_SAFE_NO_PAD.encode(sign.to_le_bytes())
    )
}

/// Whether a token is one that [`jwt`] made for this key.
fn is_ours(token: &str, secret: &str) -> bool {
    let claims = token.split('.').nth(1).unwrap_or_default();
    let expires = URL_SAFE_NO_PAD
        .decode(claims)
        .ok()
        .and_then(|claims| serde_json::from_slice::<serde_json::Value>(&claims).ok())
        .and_then(|claims| claims.get("exp")?.as_u64());
    expires.is_some_and(|expires| jwt(secret, expires) == token)
}

/// The answer to a login with an API key.
pub(super) fn login(world: &World, key: Option<&str>) -> super::call::ServerResponse {
    let secret = world.options.credentials.as_deref();
    if secret.is_some() && secret != key {
        return super::call::ServerResponse::json(
            401,
            json!({"detail": "the API key is not known"}),
        );
    }
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let token = jwt(secret.unwrap_or("open"), now.saturating_add(3_600));
    super::call::ServerResponse::json(200, json!({"access_token": token, "token_type": "bearer"}))
}
