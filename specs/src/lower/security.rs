//! Security schemes and requirements.

use super::{Lowerer, string};
use crate::Pointer;
use crate::api::{Location, Requirement, SecurityScheme};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::shape::Object;
use crate::text::nearest;
use openapiv3::APIKeyLocation;

impl Lowerer<'_, '_> {
    pub(super) fn security_schemes(&mut self) {
        let place = Pointer::root().join("components").join("securitySchemes");
        for name in self.keys(&place) {
            if let Some(scheme) = self.security_scheme(&place.join(&name)) {
                self.api.security_schemes.insert(name, scheme);
            }
        }
    }

    fn security_scheme(&mut self, place: &Pointer) -> Option<SecurityScheme> {
        let place = self.follow(place)?;
        // 3.0 has no such type, so `openapiv3` has none.
        if self
            .document
            .map(&place)
            .and_then(|map| string(map, "type"))
            == Some("mutualTLS")
        {
            return Some(SecurityScheme::MutualTls { place });
        }
        let typed = self.document.typed::<openapiv3::SecurityScheme>(
            Object::SecurityScheme,
            &place,
            self.sink,
        )?;
        Some(match typed {
            openapiv3::SecurityScheme::APIKey {
                location,
                name,
                description,
                ..
            } => SecurityScheme::ApiKey {
                place,
                location: match location {
                    APIKeyLocation::Query => Location::Query,
                    APIKeyLocation::Header => Location::Header,
                    APIKeyLocation::Cookie => Location::Cookie,
                },
                name,
                description,
            },
            openapiv3::SecurityScheme::HTTP {
                scheme,
                bearer_format,
                description,
                ..
            } => SecurityScheme::Http {
                place,
                scheme: scheme.to_ascii_lowercase(),
                bearer_format,
                description,
            },
            openapiv3::SecurityScheme::OAuth2 { description, .. } => {
                SecurityScheme::OAuth2 { place, description }
            }
            openapiv3::SecurityScheme::OpenIDConnect {
                open_id_connect_url,
                description,
                ..
            } => SecurityScheme::OpenIdConnect {
                place,
                url: open_id_connect_url,
                description,
            },
        })
    }

    /// Requirements, each of whose schemes must be declared; one that names another cannot be
    /// met, and is left out.
    pub(super) fn requirements(
        &mut self,
        mut requirements: Vec<openapiv3::SecurityRequirement>,
        place: &Pointer,
    ) -> Vec<Requirement> {
        let declared = Pointer::root().join("components").join("securitySchemes");
        let mut index = 0;
        requirements.retain(|requirement| {
            let at = place.index(index);
            index += 1;
            let mut known = true;
            for name in requirement.keys() {
                if self.document.get(&declared.join(name)).is_none() {
                    self.unknown_scheme(name, &declared, &at.join(name));
                    known = false;
                }
            }
            known
        });
        requirements
    }

    fn unknown_scheme(&mut self, name: &str, declared: &Pointer, place: &Pointer) {
        let known = self.keys(declared);
        let help = match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "declare it under `components.securitySchemes`".to_owned(),
        };
        self.sink.repair(
            Diagnostic::error(
                codes::UNKNOWN_SECURITY_SCHEME,
                format!("the security scheme `{name}` is not declared"),
            )
            .pointer(place)
            .help(help),
            "this alternative is left out",
        );
    }
}
