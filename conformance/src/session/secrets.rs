//! The target's headers as they may be shown, and what of them is secret.

use crate::secrets::{ALWAYS, Masks, is_name, is_secret_header, user_info, variable_for};
use crate::{Exchange, Request, UserHeader};
use url::Url;

/// What the kit itself sends as wrong credentials is no secret.
pub(crate) const WRONG: &str = "plumbline-wrong-credentials";

/// The target's headers as they may be shown, and what is to be hidden.
pub(super) struct Secrets {
    shown: Vec<(String, String)>,
    masks: Masks,
    /// Names of secret headers, in lower case.
    names: Vec<String>,
    /// The headers whose values were typed as they are, by their place.
    literal: Vec<bool>,
}

impl Secrets {
    pub(super) fn new(headers: &[UserHeader]) -> Self {
        let mut secrets = Self {
            shown: Vec::new(),
            masks: Masks::default(),
            names: ALWAYS.map(str::to_owned).to_vec(),
            literal: Vec::new(),
        };
        for header in headers {
            let mut literal = true;
            for (name, value) in header.value.variables() {
                // A variable may hold the scheme too, and a server repeats what stands behind it.
                secrets.masks.keep_back_header(value, &format!("${name}"));
                if header.name.eq_ignore_ascii_case("cookie") {
                    secrets.masks.keep_back_cookies(value, &format!("${name}"));
                }
                literal = false;
            }
            let typed = header.value.typed();
            if let Some((scheme, rest)) = typed.split_once(' ')
                && scheme.eq_ignore_ascii_case("basic")
                && let Some((_, sent)) = header.value.expose().split_once(' ')
                && !literal
            {
                secrets.masks.keep_back_pair(sent, rest.trim());
            }
            let shown = (header.name.clone(), typed);
            secrets.shown.push(shown);
            secrets.literal.push(literal);
        }
        secrets.hide_literals();
        secrets
    }

    pub(super) fn declare(&mut self, names: impl IntoIterator<Item = String>) {
        self.names
            .extend(names.into_iter().map(|name| name.to_ascii_lowercase()));
        self.hide_literals();
    }

    /// A secret that was typed as it is is shown as a variable named after its header.
    fn hide_literals(&mut self) {
        for ((name, value), literal) in self.shown.iter_mut().zip(&mut self.literal) {
            let is_secret =
                self.names.contains(&name.to_ascii_lowercase()) || is_secret_header(name);
            if *literal && is_secret {
                let variable = format!("${}", variable_for(name));
                let secret = std::mem::replace(value, variable.clone());
                self.masks.keep_back_header(&secret, &variable);
                if name.eq_ignore_ascii_case("cookie") {
                    self.masks.keep_back_cookies(&secret, &variable);
                }
                *literal = false;
            }
        }
    }

    /// Hides the user and the password of a target's URL.
    pub(super) fn keep_back_user_info(&mut self, base: &Url) {
        let Some((user, password)) = user_info(base) else {
            return;
        };
        self.masks.keep_back(&user, "$USER");
        self.masks.keep_back(&password, "$PASSWORD");
        let pair = format!("{user}:{password}");
        self.masks.keep_back(&pair, "$USER:$PASSWORD");
    }

    /// Hides one more value; `name` is the variable that stands for it.
    pub(super) fn keep_back(&mut self, value: &str, name: &str) {
        self.masks.keep_back(value, &format!("${name}"));
    }

    pub(super) fn masks(&self) -> &Masks {
        &self.masks
    }

    pub(super) fn headers(&self) -> &[(String, String)] {
        &self.shown
    }

    /// A request as it may be kept. Where the value of a credential is nothing that the user gave,
    /// the name of the place stands for it, and is no variable.
    pub(super) fn hidden(&self, mut request: Request) -> Request {
        let is_secret = |name: &str| self.names.contains(&name.to_ascii_lowercase());
        let masked = |name: &str, value: &str| {
            let shown = self.masks.text(value);
            if is_masked(&shown) {
                shown
            } else {
                format!("${}", variable_for(name))
            }
        };
        if !request
            .headers
            .iter()
            .chain(&request.query)
            .any(|(name, _)| is_secret(name))
        {
            return request;
        }
        let before = request.clone();
        for (name, value) in request.headers.iter_mut().chain(&mut request.query) {
            if is_secret(name) && !value.is_empty() && !value.contains(WRONG) {
                *value = masked(name, value);
            }
        }
        self.masks.name_variables(&before, &mut request);
        request
    }

    /// An exchange as it may be shown: a server may repeat what it was sent.
    pub(super) fn redacted_exchange(&self, exchange: &Exchange) -> Exchange {
        self.masks.exchange(exchange)
    }
}

/// Whether nothing of a credential is left but variables, schemes and the names of cookies.
fn is_masked(value: &str) -> bool {
    value.split(';').all(|part| {
        let part = part.trim();
        let value = part
            .split_once(['=', ' '])
            .map_or(part, |(_, value)| value.trim());
        value.strip_prefix('$').is_some_and(is_name)
    })
}

#[cfg(test)]
mod tests {
    use super::Secrets;
    use crate::UserHeader;

    #[test]
    fn a_credential_is_shown_when_nothing_of_it_is_left() {
        for (value, masked) in [
            ("Bearer $KEY", true),
            ("$KEY", true),
            ("sid=$SID; theme=$THEME", true),
            ("sid=$SID; theme=dark", false),
            ("Bearer rest-$KEY", false),
            ("s3cret", false),
        ] {
            assert_eq!(super::is_masked(value), masked, "{value}");
        }
    }

    #[test]
    fn what_stands_behind_a_scheme_is_hidden_alone_too() {
        // `ann:0pen-sesame` in base64.
        let coded = "YW5uOjBwZW4tc2VzYW1l";
        for (name, typed, value) in [
            ("Authorization", "$TOK", "Bearer tok-0f-mine"),
            ("Authorization", "Bearer $TOK", "tok-0f-mine"),
            ("X-Auth-Token", "Bearer tok-0f-mine", ""),
            ("Authorization", "$TOK", &format!("Basic {coded}")),
            ("Authorization", "Basic $TOK", coded),
        ] {
            let header = UserHeader {
                name: name.to_owned(),
                value: crate::UserText::of(typed, value),
            };
            let secrets = Secrets::new(&[header]);
            for text in [
                "tok-0f-mine",
                "dG9rLTBmLW1pbmU=",
                coded,
                "ann:0pen-sesame",
                "no such password: 0pen-sesame",
            ] {
                let is_known = typed.contains("tok") || value.contains("tok");
                let is_token = text.contains("tok") || text.starts_with("dG9r");
                let shown = secrets.masks().text(text);
                assert_eq!(
                    shown.contains('$'),
                    is_known == is_token,
                    "{typed} {value}: {shown}"
                );
            }
        }
    }

    #[test]
    fn each_cookie_is_hidden_alone_too() {
        for (typed, value) in [
            ("$COOKIES", "sid=0ne-cookie; theme=0ther-cookie"),
            ("sid=0ne-cookie; theme=0ther-cookie", ""),
        ] {
            let header = UserHeader {
                name: "Cookie".to_owned(),
                value: crate::UserText::of(typed, value),
            };
            let shown = Secrets::new(&[header])
                .masks()
                .text("0ne-cookie, 0ther-cookie");
            assert!(!shown.contains("-cookie"), "{typed}: {shown}");
        }
    }

    #[test]
    fn the_password_of_a_target_is_hidden() {
        let mut secrets = Secrets::new(&[]);
        let target = "http://us3r:p%40ss-w0rd@h/".parse().unwrap();
        secrets.keep_back_user_info(&target);
        assert_eq!(
            secrets.masks().text("us3r p@ss-w0rd dXMzcjpwQHNzLXcwcmQ="),
            "$USER $PASSWORD $USER:$PASSWORD"
        );
    }

    #[test]
    fn a_literal_secret_is_shown_nowhere() {
        let header = UserHeader::read("Authorization", "Bearer s3cr3t-t0ken").unwrap();
        let secrets = Secrets::new(&[header]);
        assert_eq!(
            secrets.headers(),
            [("Authorization".to_owned(), "$AUTHORIZATION".to_owned())]
        );
        assert_eq!(
            secrets
                .masks()
                .text("no such key: s3cr3t-t0ken; s3cr3t-t0ken!"),
            "no such key: $AUTHORIZATION; $AUTHORIZATION!"
        );
    }
}
