//! Strings and integers by format and bounds.

use crate::rust::Ty;
use plumbline_specs::api::Bounds;
use serde_json::Number;

/// The type of a string without an enum.
pub(super) fn string(format: Option<&str>) -> Ty {
    match format {
        Some("uuid") => Ty::Uuid,
        Some("date-time") => Ty::DateTime,
        Some("date") => Ty::Date,
        Some("byte" | "base64") => Ty::Base64,
        _ => Ty::String,
    }
}

/// The type of an integer: by its format where its bounds leave no doubt, else by its bounds.
pub(super) fn integer(format: Option<&str>, bounds: &Bounds) -> Ty {
    let minimum = bounds.minimum.as_ref();
    let maximum = bounds.maximum.as_ref();
    let below = minimum.is_some_and(|least| !fits_i64(least));
    let above = maximum.is_some_and(|most| !fits_i64(most));
    if below || (above && !maximum.is_some_and(|most| fits_u64(most, bounds.exclusive_maximum))) {
        return Ty::Number;
    }
    let not_negative = minimum.is_some_and(|least| least.as_f64().is_some_and(|it| it >= 0.0));
    if above {
        return if not_negative || format == Some("uint64") {
            Ty::U64
        } else {
            Ty::Number
        };
    }
    let small = [minimum, maximum]
        .into_iter()
        .flatten()
        .all(|bound| bound.as_i64().is_none_or(|it| i32::try_from(it).is_ok()));
    match format {
        Some("uint64") => Ty::U64,
        Some("int8" | "uint8" | "int16" | "uint16" | "int32") if small => Ty::I32,
        _ => Ty::I64,
    }
}

fn fits_i64(number: &Number) -> bool {
    // A bound such as 1e3 is written as a float and is still an integer.
    number.as_i64().is_some()
        || number.is_f64()
            && number
                .as_f64()
                .is_some_and(|it| it.abs() < 9_223_372_036_854_775_808.0)
}

fn fits_u64(number: &Number, exclusive: bool) -> bool {
    const LIMIT: f64 = 18_446_744_073_709_551_616.0;
    number.as_u64().is_some()
        || number
            .as_f64()
            .is_some_and(|it| it < LIMIT || (exclusive && it <= LIMIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(minimum: &str, maximum: &str, exclusive: bool) -> Bounds {
        let number = |text: &str| serde_json::from_str(text).ok();
        Bounds {
            minimum: number(minimum),
            maximum: number(maximum),
            exclusive_maximum: exclusive,
            ..Bounds::default()
        }
    }

    #[test]
    fn integers_are_as_wide_as_their_bounds() {
        let cases = [
            (None, "", "", false, Ty::I64),
            (Some("int32"), "1", "100", false, Ty::I32),
            (Some("int32"), "0", "4294967295", false, Ty::I64),
            (Some("int64"), "", "", false, Ty::I64),
            (Some("uint32"), "", "", false, Ty::I64),
            (Some("uint64"), "", "", false, Ty::U64),
            (None, "0", "18446744073709551615", false, Ty::U64),
            (None, "0", "1.8446744073709552e+19", true, Ty::U64),
            (None, "0", "1.8446744073709552e+19", false, Ty::Number),
            (None, "-1", "18446744073709551615", false, Ty::Number),
            (None, "", "1e23", false, Ty::Number),
            (None, "0", "1e3", false, Ty::I64),
        ];
        for (format, minimum, maximum, exclusive, expected) in cases {
            assert_eq!(
                integer(format, &bounds(minimum, maximum, exclusive)),
                expected,
                "{format:?} {minimum}..{maximum}"
            );
        }
    }
}
