//! The stages of a request, each as data that the next one reads and that a defect can bend.

use super::store::Item;

/// What is known of a request's credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Access {
    /// The operation asks for some, and the server knows what they are.
    pub(super) asked: bool,
    /// The request brings some.
    pub(super) given: bool,
    /// They are right.
    pub(super) right: bool,
}

impl Access {
    /// Whether the request may pass.
    pub(super) fn granted(self) -> bool {
        !self.asked || self.right
    }
}

/// An item that is looked for.
#[derive(Clone, Debug)]
pub(super) struct Lookup {
    /// The id of the item that owns it, where the request names that.
    pub(super) scope: Option<String>,
    /// The id, as text.
    pub(super) id: String,
    /// What was found, with the scope that it is in.
    pub(super) found: Option<(String, Item)>,
}

/// What a request does to one scope of a collection.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    /// The id of the item that owns the items.
    pub(super) scope: String,
    /// Items that are new.
    pub(super) add: Vec<Item>,
    /// Items as they were and as they become.
    pub(super) replace: Vec<(Item, Item)>,
    /// Items that go.
    pub(super) remove: Vec<Item>,
}

/// Which part of a list's way is bent, after the stage is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// What is asked for.
    Ask,
    /// The selection, in order.
    Select,
    /// Begin and end of the page.
    Cut,
    /// The page and all that is said about it.
    Page,
}

/// What can be wrong with how requests are taken in and answers go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    /// The paging of the latest request to a path counts for all that are under way.
    SharedPaging,
    /// The body ends early; the length says so too, so that only the JSON is broken.
    CutBody,
}
