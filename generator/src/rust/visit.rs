//! Walks over the types within items.

use super::{Item, Ty};

/// Calls for every type in an item, the types within types included, innermost last.
pub(crate) fn types_mut(item: &mut Item, call: &mut impl FnMut(&mut Ty)) {
    match item {
        Item::Struct(item) => {
            for field in &mut item.fields {
                within_mut(&mut field.ty, call);
            }
            if let Some((_, ty)) = &mut item.rest {
                within_mut(ty, call);
            }
        }
        Item::OpenEnum(_) => {}
        Item::Union(item) => {
            for variant in &mut item.variants {
                within_mut(&mut variant.ty, call);
            }
        }
        Item::Alias(item) => within_mut(&mut item.ty, call),
    }
}

fn within_mut(ty: &mut Ty, call: &mut impl FnMut(&mut Ty)) {
    call(ty);
    match ty {
        Ty::List(inner) | Ty::Map(inner) | Ty::Option(inner) | Ty::Boxed(inner) => {
            within_mut(inner, call);
        }
        Ty::Tuple(all) => {
            for inner in all {
                within_mut(inner, call);
            }
        }
        _ => {}
    }
}

/// The slots of an item that hold a type: a field, a variant, an alias's target.
pub(crate) fn slots_mut(item: &mut Item) -> Vec<&mut Ty> {
    match item {
        Item::Struct(item) => item
            .fields
            .iter_mut()
            .map(|field| &mut field.ty)
            .chain(item.rest.iter_mut().map(|(_, ty)| ty))
            .collect(),
        Item::OpenEnum(_) => Vec::new(),
        Item::Union(item) => item
            .variants
            .iter_mut()
            .map(|variant| &mut variant.ty)
            .collect(),
        Item::Alias(item) => vec![&mut item.ty],
    }
}

/// The slots of an item that hold a type.
pub(crate) fn slots(item: &Item) -> Vec<&Ty> {
    match item {
        Item::Struct(item) => item
            .fields
            .iter()
            .map(|field| &field.ty)
            .chain(item.rest.iter().map(|(_, ty)| ty))
            .collect(),
        Item::OpenEnum(_) => Vec::new(),
        Item::Union(item) => item.variants.iter().map(|variant| &variant.ty).collect(),
        Item::Alias(item) => vec![&item.ty],
    }
}

/// Calls for every name that a type holds directly, without a list, a map or a box between.
pub(crate) fn direct<'t>(ty: &'t Ty, call: &mut impl FnMut(&'t str)) {
    match ty {
        Ty::Named(name) => call(name),
        Ty::Option(inner) => direct(inner, call),
        Ty::Tuple(all) => {
            for inner in all {
                direct(inner, call);
            }
        }
        _ => {}
    }
}

/// Calls for every name within a type.
pub(crate) fn all<'t>(ty: &'t Ty, call: &mut impl FnMut(&'t str)) {
    match ty {
        Ty::Named(name) => call(name),
        Ty::List(inner) | Ty::Map(inner) | Ty::Option(inner) | Ty::Boxed(inner) => {
            all(inner, call);
        }
        Ty::Tuple(many) => {
            for inner in many {
                all(inner, call);
            }
        }
        _ => {}
    }
}
