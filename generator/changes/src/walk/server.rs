//! What a document says of the whole API: title, version, servers.

use super::finding::{Finding, Scope};
use super::graph::Walk;
use crate::code::Code;
use plumbline_specs::Pointer;
use plumbline_specs::api::Server;

impl Walk<'_> {
    /// The head of both documents.
    pub(crate) fn head(&mut self) {
        let (old, new) = (self.old, self.new);
        let info = Pointer::root().join("info");
        let about = |key: &'static str| {
            let place = info.join(key);
            move |code| Finding::new(code, "the API", Scope::Api).at(&place, &place)
        };
        self.prose(
            Code::TitleChanged,
            about("title"),
            Some(&old.title),
            Some(&new.title),
        );
        let (before, after) = (Some(old.version.as_str()), Some(new.version.as_str()));
        self.prose(Code::VersionChanged, about("version"), before, after);
        self.prose(
            Code::DescriptionChanged,
            about("description"),
            old.description.as_deref(),
            new.description.as_deref(),
        );
        for (name, before) in &old.tags {
            if let Some(after) = new.tags.get(name) {
                let place = Pointer::root().join("tags");
                self.prose(
                    Code::DescriptionChanged,
                    |code| {
                        Finding::new(code, &format!("tag {name}"), Scope::Api).at(&place, &place)
                    },
                    before.as_deref(),
                    after.as_deref(),
                );
            }
        }
        self.servers(&old.servers, &new.servers);
    }

    fn servers(&mut self, old: &[Server], new: &[Server]) {
        let all = Pointer::root().join("servers");
        let find =
            |servers: &'_ [Server], url: &str| servers.iter().position(|server| server.url == url);
        for before in old {
            if find(new, &before.url).is_none() {
                self.find(
                    about(Code::ServerRemoved, before)
                        .at(&before.place, &all)
                        .before(&before.url),
                );
            }
        }
        for after in new {
            let before = find(old, &after.url).and_then(|index| old.get(index));
            let Some(before) = before else {
                self.find(
                    about(Code::ServerAdded, after)
                        .at(&all, &after.place)
                        .after(&after.url),
                );
                continue;
            };
            if before.variables != after.variables {
                let variables = |server: &Server| {
                    let pairs: Vec<String> = server
                        .variables
                        .iter()
                        .map(|(name, value)| format!("{name}={value}"))
                        .collect();
                    pairs.join(", ")
                };
                self.find(
                    about(Code::ServerVariableChanged, after)
                        .at(&before.place, &after.place)
                        .before(variables(before))
                        .after(variables(after)),
                );
            }
            self.prose(
                Code::DescriptionChanged,
                |code| about(code, after).at(&before.place, &after.place),
                before.description.as_deref(),
                after.description.as_deref(),
            );
        }
        if let (Some(before), Some(after)) = (old.first(), new.first())
            && before.url != after.url
            && find(new, &before.url).is_some()
            && find(old, &after.url).is_some()
        {
            self.find(
                about(Code::DefaultServerChanged, after)
                    .at(&before.place, &after.place)
                    .before(&before.url)
                    .after(&after.url),
            );
        }
    }
}

fn about(code: Code, server: &Server) -> Finding {
    Finding::new(code, &format!("server {}", server.url), Scope::Api)
}
