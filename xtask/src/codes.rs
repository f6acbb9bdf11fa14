//! `codes`: the documentation's tables of codes and extensions, from the declarations in the code.

use crate::tables::{Arguments, Table};
use crate::workspace::Status;
use anyhow::Result;
use plumbline_changes::Code;
use std::fmt::Write as _;

/// Writes the tables, or says whether they are what they should be.
pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let mut status = Status::Ok;
    for table in [diagnostics(), changes(), extensions()] {
        if table.run(arguments)? == Status::Failed {
            status = Status::Failed;
        }
    }
    Ok(status)
}

/// Whether the tables are what they should be.
pub(crate) fn fresh() -> Result<bool> {
    Ok(run(&Arguments::CHECK)? == Status::Ok)
}

/// The codes of diagnostics.
fn diagnostics() -> Table {
    let mut text = "| code | from | what it means |\n|---|---|---|\n".to_owned();
    let sources = [
        ("reading", plumbline_specs::codes::ALL),
        ("generating", plumbline_generator::codes::ALL),
        ("the kit", plumbline_conformance::codes::ALL),
        ("serving", plumbline_reference::codes::ALL),
    ];
    for (from, codes) in sources {
        for code in codes {
            let _ = writeln!(text, "| `{code}` | {from} | {} |", code.meaning());
        }
    }
    Table {
        file: "docs/reference/codes.md",
        verb: "codes",
        marks: "codes",
        text,
    }
}

/// The codes of changes, a table for each topic.
fn changes() -> Table {
    let mut codes = Code::ALL.to_vec();
    codes.sort_by_key(|code| code.topic());
    let mut text = String::new();
    for codes in codes.chunk_by(|one, other| one.topic() == other.topic()) {
        let title = codes.first().map_or("", |code| code.topic().title());
        let _ = write!(
            text,
            "## {title}\n\n| code | what it means | client, sent | client, received | \
             server, sent | server, received | Rust |\n|---|---|---|---|---|---|---|\n"
        );
        for code in codes {
            let (sent, received) = (code.request(), code.response());
            let cells = [
                format!("`{code}`"),
                code.meaning().to_owned(),
                sent.client.0.to_string(),
                received.client.0.to_string(),
                sent.server.0.to_string(),
                received.server.0.to_string(),
                code.rust().0.to_string(),
            ];
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        text.push('\n');
    }
    Table {
        file: "docs/reference/changes.md",
        verb: "codes",
        marks: "changes",
        text: text.trim_end().to_owned(),
    }
}

/// The extensions of OpenAPI, a table of members for each.
fn extensions() -> Table {
    let mut text = String::new();
    for extension in plumbline_specs::extensions::EXTENSIONS {
        let (name, example) = (extension.name, extension.example);
        let _ = write!(
            text,
            "## {name}\n\nOn {}. {}\n\n```yaml\n{example}```\n\n",
            extension.stands_on, extension.says
        );
        if extension.members.is_empty() {
            continue;
        }
        text.push_str("| member | value | what it says | example |\n|---|---|---|---|\n");
        for member in extension.members {
            let styles = member.style_names();
            let styles = styles.map_or_else(String::new, |styles| format!(" *({styles})*"));
            let _ = writeln!(
                text,
                "| `{}`{styles} | {} | {} | `{}` |",
                member.name, member.is, member.says, member.example
            );
        }
        text.push('\n');
    }
    Table {
        file: "docs/reference/extensions.md",
        verb: "codes",
        marks: "extensions",
        text: text.trim_end().to_owned(),
    }
}
