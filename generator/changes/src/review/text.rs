//! A review for a terminal.

use super::Review;
use super::item::{Changed, Kind, Sign};

/// How many lines of an item that is new or gone are shown.
const WHOLE: usize = 24;

/// The sequences of a terminal that knows ANSI X3.64 colours.
#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        if self.0 && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

impl Review {
    /// The review as text, each change of the document above the items that it changed.
    pub fn text(&self, colours: bool) -> String {
        let paint = Paint(colours);
        let mut out = vec![paint.wrap("1", &self.headline), self.items_in_words()];
        let mut severity = None;
        let mut heading = None;
        for part in &self.parts {
            if severity != Some(part.severity) {
                severity = Some(part.severity);
                heading = None;
                out.push(String::new());
                out.push(paint.wrap("1", part.severity.title()));
            }
            if heading != Some(&part.heading) {
                heading = Some(&part.heading);
                out.push(String::new());
                out.push(format!("  {}", part.heading));
            }
            out.extend(part.lines.iter().map(|line| format!("    {line}")));
            if !part.above.is_empty() {
                out.push(format!("      shown above: {}", part.above.join(", ")));
            }
            for index in &part.items {
                self.item(*index, paint, &mut out);
            }
        }
        if !self.rest.is_empty() {
            out.push(String::new());
            out.push(paint.wrap("1", "What follows from several of these"));
            for index in &self.rest {
                self.item(*index, paint, &mut out);
            }
        }
        out.push(String::new());
        out.join("\n")
    }

    fn item(&self, index: usize, paint: Paint, out: &mut Vec<String>) {
        let Some(item) = self.items.get(index) else {
            return;
        };
        out.push(format!("      {}", paint.wrap("36", &title(item))));
        let most = match item.kind {
            Kind::Differs => usize::MAX,
            Kind::New | Kind::Gone => WHOLE,
        };
        for line in item.lines.iter().take(most) {
            let text = format!("{} {}", line.sign.mark(), line.text);
            let code = match line.sign {
                Sign::New => "32",
                Sign::Gone => "31",
                Sign::Same | Sign::Gap => "2",
            };
            out.push(format!("      | {}", paint.wrap(code, text.trim_end())));
        }
        if let Some(more @ 1..) = item.lines.len().checked_sub(most) {
            out.push(format!("      | ⋮ {more} lines more"));
        }
    }
}

/// What an item is called, where, and what became of it.
pub(super) fn title(item: &Changed) -> String {
    let (name, path) = (&item.name, &item.path);
    match (item.kind, &item.before) {
        (Kind::New, _) => format!("{path}: {name} is new"),
        (Kind::Gone, _) => format!("{path}: {name} is gone"),
        (Kind::Differs, Some(before)) => format!("{path}: {name}, was {before}"),
        (Kind::Differs, None) => format!("{path}: {name}"),
    }
}
