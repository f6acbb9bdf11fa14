//! Strings that look like what they stand for.

use super::chance::Chance;
use super::pattern;

/// 2026-01-05T09:00:00Z, in milliseconds: a Monday morning.
const EPOCH: u64 = 1_767_603_600_000;

/// Between one item and the next, in milliseconds: 37 minutes and a bit, so that every field of
/// a date changes.
const STEP: u64 = 2_221_000;

/// What is asked of a string.
pub(super) struct TextHint<'a> {
    pub(super) name: &'a str,
    pub(super) format: Option<&'a str>,
    pub(super) pattern: Option<&'a str>,
    pub(super) least: Option<u64>,
    pub(super) most: Option<u64>,
    pub(super) index: u64,
}

const WORDS: [&str; 24] = [
    "amber", "baseline", "cedar", "delta", "ember", "falcon", "granite", "harbor", "indigo",
    "juniper", "kestrel", "lantern", "maple", "nimbus", "onyx", "pepper", "quartz", "river",
    "saffron", "timber", "umber", "velvet", "willow", "zephyr",
];

const NAMES: [&str; 8] = [
    "ada",
    "grace",
    "edsger",
    "barbara",
    "alan",
    "katherine",
    "donald",
    "radia",
];

/// So many words with hyphens between them.
pub(super) fn words(chance: &mut Chance, count: usize) -> String {
    let words: Vec<_> = (0..count)
        .filter_map(|_| chance.pick(&WORDS).copied())
        .collect();
    words.join("-")
}

/// A string that does what is asked, its pattern as far as it can be followed.
pub(super) fn string(ask: &TextHint<'_>, chance: &mut Chance) -> String {
    if let Some(format) = ask.format
        && let Some(text) = formatted(format, ask, chance)
        && ask
            .pattern
            .is_none_or(|pattern| pattern::fits(pattern, &text))
    {
        return text;
    }
    if let Some(pattern) = ask.pattern {
        for candidate in [
            uuid7(ask, chance),
            uuid4(chance),
            words(chance, 2),
            date_time(ask, chance),
        ] {
            if pattern::fits(pattern, &candidate) && of_length(ask, &candidate) {
                return candidate;
            }
        }
        for _ in 0..8 {
            if let Some(text) = pattern::follow(pattern, ask.least, chance)
                && of_length(ask, &text)
                && pattern::fits(pattern, &text)
            {
                return text;
            }
        }
    }
    fitted(plain(ask, chance), ask)
}

fn of_length(ask: &TextHint<'_>, text: &str) -> bool {
    let length = text.chars().count() as u64;
    ask.least.is_none_or(|least| length >= least) && ask.most.is_none_or(|most| length <= most)
}

/// Cut or padded to the length asked, as far as a value has room for it.
fn fitted(text: String, ask: &TextHint<'_>) -> String {
    let least = usize::try_from(ask.least.unwrap_or(0))
        .unwrap_or(usize::MAX)
        .min(super::ROOM);
    let most = ask.most.map_or(usize::MAX, |most| {
        usize::try_from(most).unwrap_or(usize::MAX)
    });
    let mut text: String = text.chars().take(most).collect();
    let length = text.chars().count();
    text.extend(std::iter::repeat_n('x', least.saturating_sub(length)));
    text
}

fn formatted(format: &str, ask: &TextHint<'_>, chance: &mut Chance) -> Option<String> {
    Some(match format {
        "uuid" | "uuid7" => uuid7(ask, chance),
        "uuid4" => uuid4(chance),
        "date-time" => date_time(ask, chance),
        "date" => date_time(ask, chance).get(..10)?.to_owned(),
        "time" => format!("{}Z", date_time(ask, chance).get(11..19)?),
        "duration" => "PT5M".to_owned(),
        "email" | "idn-email" => format!("{}@example.com", name(chance)),
        "hostname" | "idn-hostname" => format!("{}.example.com", words(chance, 1)),
        "ipv4" => format!("192.0.2.{}", 1 + chance.below(250)),
        "ipv6" => format!("2001:db8::{:x}", 1 + chance.below(65_000)),
        "uri" | "url" | "iri" | "uri-reference" | "iri-reference" => {
            format!("https://example.com/{}", words(chance, 2))
        }
        "uri-template" => "https://example.com/{id}".to_owned(),
        "json-pointer" => format!("/{}", words(chance, 1)),
        "relative-json-pointer" => "0".to_owned(),
        "regex" => "^[a-z]+$".to_owned(),
        "byte" => {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.encode(words(chance, 2))
        }
        _ => return None,
    })
}

fn name(chance: &mut Chance) -> &'static str {
    chance.pick(&NAMES).copied().unwrap_or("ada")
}

/// What a string without a format is likely to hold, by its name.
fn plain(ask: &TextHint<'_>, chance: &mut Chance) -> String {
    let own = ask.name.to_ascii_lowercase();
    if own.ends_with("_at") || own.ends_with("_time") || own == "timestamp" {
        return date_time(ask, chance);
    }
    if own == "id" || own.ends_with("_id") {
        return uuid7(ask, chance);
    }
    match own.as_str() {
        "email" => format!("{}@example.com", name(chance)),
        "created_by" | "last_updated_by" | "user" | "username" | "author" => {
            name(chance).to_owned()
        }
        "url" | "uri" | "link" => format!("https://example.com/{}", words(chance, 1)),
        "description" | "text" | "message" | "reason" | "comment" => {
            format!(
                "A {} run over the {} set.",
                words(chance, 1),
                words(chance, 1)
            )
        }
        "version" => format!("1.{}", chance.below(20)),
        _ => words(chance, 2),
    }
}

/// Milliseconds for an item: later items later, what is updated after what is created.
fn moment(ask: &TextHint<'_>) -> u64 {
    let own = ask.name.to_ascii_lowercase();
    let later = match own.as_str() {
        name if name.contains("updat") || name.contains("modif") => 95_000,
        name if name.contains("end") || name.contains("finish") || name.contains("complet") => {
            61_000
        }
        name if name.contains("start") => 1_000,
        _ => 0,
    };
    EPOCH + ask.index.wrapping_rem(10_000_000) * STEP + later
}

fn uuid7(ask: &TextHint<'_>, chance: &mut Chance) -> String {
    uuid::Builder::from_unix_timestamp_millis(moment(ask), &chance.bytes())
        .into_uuid()
        .to_string()
}

fn uuid4(chance: &mut Chance) -> String {
    uuid::Builder::from_random_bytes(chance.bytes())
        .into_uuid()
        .to_string()
}

/// RFC 3339, in UTC.
fn date_time(ask: &TextHint<'_>, _: &mut Chance) -> String {
    let millis = moment(ask);
    let (days, rest) = (millis / 86_400_000, millis % 86_400_000);
    // Days to a civil date, after Howard Hinnant's `civil_from_days`.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let seconds = rest / 1000;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::{TextHint, date_time, string};
    use crate::invent::chance::Chance;

    fn ask<'a>(
        name: &'a str,
        format: Option<&'a str>,
        pattern: Option<&'a str>,
        index: u64,
    ) -> TextHint<'a> {
        TextHint {
            name,
            format,
            pattern,
            least: None,
            most: None,
            index,
        }
    }

    #[test]
    fn dates_are_in_order() {
        let at = |name, index| date_time(&ask(name, None, None, index), &mut Chance::new(0, 0));
        assert_eq!(at("created_at", 0), "2026-01-05T09:00:00Z");
        assert_eq!(at("last_updated_at", 0), "2026-01-05T09:01:35Z");
        assert_eq!(at("created_at", 1), "2026-01-05T09:37:01Z");
        assert_eq!(at("created_at", 1300), "2026-02-07T19:01:40Z");
    }

    #[test]
    fn a_pattern_is_followed() {
        let chance = &mut Chance::new(1, 2);
        for pattern in [
            r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
            r"^v\d+\.\d+(-rc\d)?$",
            r"^(cat|dog)s?$",
            r"\S",
            r"(?s).*\S.*",
            r"^[A-Z][^a-z]{3,5}$",
        ] {
            let text = string(&ask("x", None, Some(pattern), 3), chance);
            assert!(
                regex::Regex::new(pattern).unwrap().is_match(&text),
                "{pattern}: {text}"
            );
        }
    }
}
