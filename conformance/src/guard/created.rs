//! What a run has created: whose it is, and whether it is still there.

use crate::ExchangeId;
use crate::contract::text;
use plumbline_specs::Pointer;
use serde_json::Value;

/// An item that this run has created.
#[derive(Clone, Debug)]
pub(crate) struct Created {
    /// The label of the operation that made it.
    pub(crate) operation: String,
    /// The request that made it.
    pub(crate) exchange: ExchangeId,
    /// What that request said, as a hash.
    pub(crate) said: u64,
    /// Where it is.
    pub(crate) at: Place,
    /// Its id.
    pub(crate) id: Value,
    /// What has become of it.
    pub(crate) state: State,
    /// Whether it was read after a deletion that was answered with a success.
    pub(crate) outlived: bool,
}

/// What has become of a created item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It is there.
    There,
    /// It was deleted, and the document says that this leaves it there, marked.
    Marked,
    /// It is gone.
    Gone,
}

/// Something that was created, and that nothing can name.
#[derive(Clone, Debug)]
pub(crate) struct Untraced {
    pub(crate) operation: String,
    pub(crate) why: &'static str,
}

/// A place among collections: by name where `x-resource` gives one, and by path.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Place {
    /// The collection's name.
    pub(crate) collection: Option<String>,
    /// What the id is compared with.
    pub(crate) key: Option<Pointer>,
    /// The path that items lie below, without the names of its variables.
    pub(crate) path: Option<String>,
    /// The values of those variables.
    pub(crate) scope: Vec<Part>,
    /// The id of the item that owns the collection, where the request names it.
    pub(crate) parent: Option<String>,
}

/// A value in a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) value: String,
    /// Whether no item can have it as its id.
    pub(crate) impossible: bool,
}

impl Place {
    /// Whether what stands here is found there: below the same path with the same values in it,
    /// or, where the paths do not tell, in the collection of the same name and owner.
    fn is_found_at(&self, there: &Self) -> bool {
        if self.path.is_some() && self.path == there.path {
            return self.scope.len() == there.scope.len()
                && self
                    .scope
                    .iter()
                    .zip(&there.scope)
                    .all(|(own, other)| own.value == other.value || other.impossible);
        }
        let owners = match (&self.parent, &there.parent) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        };
        self.collection.is_some()
            && self.collection == there.collection
            && self.key == there.key
            && owners
    }
}

impl Created {
    /// Whether this is the item of that id at that place.
    pub(crate) fn is(&self, there: &Place, id: &str) -> bool {
        text(&self.id) == id && self.at.is_found_at(there)
    }
}
