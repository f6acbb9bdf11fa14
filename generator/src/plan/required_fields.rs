//! What must be given to make a struct that is sent.

use crate::rust::{Item, Presence, Struct, Ty};
use std::collections::HashSet;

/// Sets `required_fields` and `default` of every struct that is sent. Nobody makes what is only received:
/// a promise to make it would break with each new member.
pub(super) fn constructors(items: &mut [Item], sent: &HashSet<String>) {
    for item in items {
        if let Item::Struct(item) = item
            && sent.contains(&item.name)
        {
            item.required_fields = required_fields(item);
            item.default = item.required_fields.is_empty();
        }
    }
}

/// In the order of their names: that of the document may change, and arguments of one type would
/// change places unseen.
fn required_fields(item: &Struct) -> Vec<String> {
    let must = item.fields.iter().filter(|field| {
        // A constant has one value, which nobody needs to give.
        field.presence == Presence::Required && !matches!(field.ty, Ty::Constant(_))
    });
    let mut names: Vec<String> = must.map(|field| field.name.clone()).collect();
    names.sort_unstable();
    names
}
