//! Types of both plans: which are one, and what of them differs.

use super::places::Places;
use super::types::{Names, Pairs, resolved, show, show_present, wrapper};
use super::{Difference, Planned, Side};
use crate::change::{Step, Touched};
use plumbline_generator::rust::{
    Discrimination, Field, Item, OpenEnum, Struct, Ty, Union, UnionVariant,
};
use plumbline_specs::Pointer;
use std::collections::{HashMap, HashSet};

/// Finds which type of one plan is which of the other: by name and place, then by place, then
/// by name.
pub(super) fn matched<'m>(old: &'m Planned<'_>, new: &'m Planned<'_>, pairs: &Pairs) -> Names<'m> {
    let mut names = Names::new(old, new);
    let mut taken: HashSet<&str> = HashSet::new();
    let mut matched: HashMap<&str, &str> = HashMap::new();
    for item in &old.module.items {
        if let Some(other) = names.new.get(item.name())
            && pairs.are_one(item.place(), other.place())
        {
            matched.insert(item.name(), other.name());
            taken.insert(other.name());
        }
    }
    let by_place: HashMap<&Pointer, &Item> = new
        .module
        .items
        .iter()
        .map(|item| (item.place(), item))
        .collect();
    for item in &old.module.items {
        if matched.contains_key(item.name()) || names.new.contains_key(item.name()) {
            continue;
        }
        let mut partners = pairs.partners(item.place()).iter();
        let partner = partners.find_map(|place| {
            let other = by_place.get(place)?;
            let free = !taken.contains(other.name()) && !names.old.contains_key(other.name());
            free.then_some(*other)
        });
        if let Some(other) = partner {
            matched.insert(item.name(), other.name());
            taken.insert(other.name());
        }
    }
    for item in &old.module.items {
        if let Some(other) = names.new.get(item.name())
            && !matched.contains_key(item.name())
            && !taken.contains(other.name())
        {
            matched.insert(item.name(), other.name());
            taken.insert(other.name());
        }
    }
    names.matched = matched;
    names
}

/// What differs between the types.
pub(super) fn differences(
    old: &Planned<'_>,
    new: &Planned<'_>,
    names: &Names<'_>,
    pairs: &Pairs,
) -> Vec<Difference> {
    let mut differ = Differ {
        names,
        old: Places::of(old.api),
        new: Places::of(new.api),
        found: Vec::new(),
    };
    let kept: HashSet<&str> = names.matched.values().copied().collect();
    for item in &old.module.items {
        match names
            .matched
            .get(item.name())
            .and_then(|name| names.new.get(name))
        {
            Some(other) => differ.item(item, other),
            None => {
                let name = item.name();
                let mut at = sided(Side::Old, differ.old.of_item(item.place()));
                at.extend(sided(Side::New, pairs.partners(item.place()).to_vec()));
                differ.add(Step::Major, name, format!("`{name}` is gone"), at);
            }
        }
    }
    for item in &new.module.items {
        let name = item.name();
        if !kept.contains(name) {
            let mut at = sided(Side::New, differ.new.of_item(item.place()));
            at.extend(sided(
                Side::Old,
                pairs.partners_of_new(item.place()).to_vec(),
            ));
            differ.add(Step::Minor, name, format!("`{name}` is new"), at);
        }
    }
    differ.found
}

fn sided(side: Side, places: Vec<Pointer>) -> Vec<(Side, Pointer)> {
    places.into_iter().map(|place| (side, place)).collect()
}

struct Differ<'a, 'm> {
    names: &'a Names<'m>,
    old: Places<'a>,
    new: Places<'a>,
    found: Vec<Difference>,
}

impl Differ<'_, '_> {
    fn add(&mut self, step: Step, subject: &str, text: String, places: Vec<(Side, Pointer)>) {
        self.found.push(Difference {
            step,
            text,
            subject: subject.to_owned(),
            touched: Touched::named(subject),
            places,
            label: None,
            naming: false,
            moved: false,
        });
    }

    /// Of the difference added last: whether only a name moved.
    fn mark_moved(&mut self, moved: bool) {
        if let Some(last) = self.found.last_mut() {
            last.moved = moved;
        }
    }

    fn at(&self, old: &Pointer, new: &Pointer) -> Vec<(Side, Pointer)> {
        let olds = self.old.of_item(old).into_iter();
        let news = self.new.of_item(new).into_iter();
        olds.map(|place| (Side::Old, place))
            .chain(news.map(|place| (Side::New, place)))
            .collect()
    }

    fn item(&mut self, old: &Item, new: &Item) {
        let (name, other) = (old.name(), new.name());
        if name != other {
            self.found.push(Difference {
                step: Step::Major,
                text: format!("`{name}` is called `{other}`"),
                subject: other.to_owned(),
                touched: Touched::Type {
                    name: other.to_owned(),
                    before: Some(name.to_owned()),
                },
                places: self.at(old.place(), new.place()),
                label: None,
                naming: true,
                moved: true,
            });
        }
        match (old, new) {
            (Item::Struct(one), Item::Struct(two)) => self.structure(one, two),
            (Item::OpenEnum(one), Item::OpenEnum(two)) => self.open_enum(one, two),
            (Item::Union(one), Item::Union(two)) => self.union(one, two),
            (Item::Alias(one), Item::Alias(two)) => {
                if !self.names.same(&one.ty, &two.ty) {
                    let (old_text, new_text) = (show(&one.ty), show(&two.ty));
                    let text = format!("`{other}` stands for `{new_text}`, stood for `{old_text}`");
                    let at = self.at(old.place(), new.place());
                    self.add(Step::Major, other, text, at);
                    self.mark_moved(self.names.alike(&one.ty, &two.ty));
                }
            }
            (Item::Alias(one), _) => {
                // A type that was shared and no longer is: its contents are compared with those
                // of the one that it was.
                match named(&self.names.old, &one.ty) {
                    Some(before) if kind(before) == kind(new) => self.contents(before, new),
                    _ => self.became(old, new),
                }
            }
            (_, Item::Alias(two)) => match named(&self.names.new, &two.ty) {
                Some(after) if kind(old) == kind(after) => self.contents(old, after),
                _ => self.became(old, new),
            },
            _ => self.became(old, new),
        }
    }

    fn contents(&mut self, old: &Item, new: &Item) {
        match (old, new) {
            (Item::Struct(one), Item::Struct(two)) => self.structure(one, two),
            (Item::OpenEnum(one), Item::OpenEnum(two)) => self.open_enum(one, two),
            (Item::Union(one), Item::Union(two)) => self.union(one, two),
            _ => {}
        }
    }

    fn became(&mut self, old: &Item, new: &Item) {
        let name = new.name();
        let at = self.at(old.place(), new.place());
        let text = format!("`{name}` is {}, was {}", kind(new), kind(old));
        self.add(Step::Major, name, text, at);
    }

    fn structure(&mut self, old: &Struct, new: &Struct) {
        let name = &new.name;
        let (ours, theirs) = (fields(old), fields(new));
        for before in &old.fields {
            let Some(after) = theirs.get(before.name.as_str()) else {
                let at = self.field_places(old, Some(before), new, None);
                let text = format!("`{name}::{}` is gone", before.name);
                self.add(Step::Major, name, text, at);
                continue;
            };
            self.field((old, before), (new, after));
        }
        for after in &new.fields {
            if !ours.contains_key(after.name.as_str()) {
                let at = self.field_places(old, None, new, Some(after));
                let ty = show_present(&after.ty, after.presence);
                let text = format!("`{name}::{}: {ty}` is new", after.name);
                // Every struct is `#[non_exhaustive]`: nobody outside names all of its fields.
                self.add(Step::Minor, name, text, at);
            }
        }
        self.arguments(old, new);
        if old.rename_all != new.rename_all {
            let text = format!("`{name}` names its fields on the wire in another way");
            self.add(Step::Patch, name, text, self.at(&old.place, &new.place));
        }
        match (&old.rest, &new.rest) {
            (None, Some((rest, ty))) => {
                let text = format!("`{name}::{rest}: {}` is new", show(ty));
                self.add(Step::Minor, name, text, self.at(&old.place, &new.place));
            }
            (Some((rest, _)), None) => {
                self.add(
                    Step::Major,
                    name,
                    format!("`{name}::{rest}` is gone"),
                    self.at(&old.place, &new.place),
                );
            }
            (Some((_, one)), Some((rest, two))) if !self.names.same(one, two) => {
                let text = format!("`{name}::{rest}` is `{}`, was `{}`", show(two), show(one));
                self.add(Step::Major, name, text, self.at(&old.place, &new.place));
            }
            _ => {}
        }
        let default = match (old.default, new.default) {
            (true, false) => (Step::Major, format!("`{name}` no longer has Default")),
            (false, true) => (Step::Minor, format!("`{name}` has Default")),
            _ => return,
        };
        self.add(default.0, name, default.1, self.given_places(old, new));
    }

    /// What `new` takes; it is there when it takes anything.
    fn arguments(&mut self, old: &Struct, new: &Struct) {
        let (old_text, new_text) = (&old.required_fields, &new.required_fields);
        let name = &new.name;
        let show = |names: &[String]| format!("`{name}::new({})`", names.join(", "));
        let (step, text) = match (old_text.is_empty(), new_text.is_empty()) {
            _ if old_text == new_text => return,
            (true, _) => (Step::Minor, format!("{} is new", show(new_text))),
            (_, true) => (Step::Major, format!("{} is gone", show(old_text))),
            _ => (
                Step::Major,
                format!("{} was {}", show(new_text), show(old_text)),
            ),
        };
        self.add(step, name, text, self.given_places(old, new));
    }

    /// Where the fields stand that must be given on one side alone, and then the struct.
    fn given_places(&self, old: &Struct, new: &Struct) -> Vec<(Side, Pointer)> {
        let (old_text, new_text): (HashSet<&String>, HashSet<&String>) = (
            old.required_fields.iter().collect(),
            new.required_fields.iter().collect(),
        );
        let lone = |name: &&String| old_text.contains(name) != new_text.contains(name);
        let (ours, theirs) = (fields(old), fields(new));
        let mut at: Vec<(Side, Pointer)> = Vec::new();
        for name in old
            .required_fields
            .iter()
            .chain(&new.required_fields)
            .filter(lone)
        {
            let (before, after) = (ours.get(name.as_str()), theirs.get(name.as_str()));
            at.extend(self.field_places(old, before.copied(), new, after.copied()));
        }
        at.extend(self.at(&old.place, &new.place));
        at
    }

    fn field(&mut self, (old, before): (&Struct, &Field), (new, after): (&Struct, &Field)) {
        let subject = format!("{}::{}", new.name, after.name);
        let at = |this: &Self| this.field_places(old, Some(before), new, Some(after));
        let same = self.names.same(&before.ty, &after.ty)
            && wrapper(before.presence) == wrapper(after.presence);
        if !same {
            let old_text = show_present(&before.ty, before.presence);
            let new_text = show_present(&after.ty, after.presence);
            let text = format!("`{subject}` is `{new_text}`, was `{old_text}`");
            self.add(Step::Major, &new.name, text, at(self));
            let presence = wrapper(before.presence) == wrapper(after.presence);
            self.mark_moved(presence && self.names.alike(&before.ty, &after.ty));
        } else if before.deprecated != after.deprecated {
            let (step, text) = if after.deprecated {
                (Step::Minor, format!("`{subject}` is deprecated"))
            } else {
                (Step::Patch, format!("`{subject}` is no longer deprecated"))
            };
            self.add(step, &new.name, text, at(self));
        } else if before.presence != after.presence || before.rename != after.rename {
            let text = format!("`{subject}` goes over the wire in another way");
            self.add(Step::Patch, &new.name, text, at(self));
        }
    }

    fn field_places(
        &self,
        old: &Struct,
        before: Option<&Field>,
        new: &Struct,
        after: Option<&Field>,
    ) -> Vec<(Side, Pointer)> {
        let mut places = Vec::new();
        if let Some(field) = before {
            for wire in self.old.wires(&old.place, field) {
                let found = self.old.property(&old.place, &wire).into_iter();
                places.extend(found.map(|place| (Side::Old, place)));
            }
        }
        if let Some(field) = after {
            for wire in self.new.wires(&new.place, field) {
                let found = self.new.property(&new.place, &wire).into_iter();
                places.extend(found.map(|place| (Side::New, place)));
            }
        }
        places
    }

    fn open_enum(&mut self, old: &OpenEnum, new: &OpenEnum) {
        let name = &new.name;
        let at = |this: &Self| this.at(&old.place, &new.place);
        let variants = |item: &OpenEnum| -> Vec<String> {
            let known = item.variants.iter().map(|variant| variant.name.clone());
            known.chain([item.other.clone()]).collect()
        };
        self.variants(name, &variants(old), &variants(new), &at);
        match (old.default.is_some(), new.default.is_some()) {
            (true, false) => {
                let text = format!("`{name}` no longer has Default");
                self.add(Step::Major, name, text, at(self));
            }
            (false, true) => {
                self.add(Step::Minor, name, format!("`{name}` has Default"), at(self));
            }
            _ => {}
        }
    }

    fn variants(
        &mut self,
        name: &str,
        old: &[String],
        new: &[String],
        at: &dyn Fn(&Self) -> Vec<(Side, Pointer)>,
    ) {
        let (old_text, new_text): (HashSet<&String>, HashSet<&String>) =
            (old.iter().collect(), new.iter().collect());
        for before in old.iter().filter(|name| !new_text.contains(name)) {
            let text = format!("`{name}::{before}` is gone");
            self.add(Step::Major, name, text, at(self));
        }
        for after in new.iter().filter(|name| !old_text.contains(name)) {
            // Every enum is `#[non_exhaustive]`: a match has an arm for what comes.
            let text = format!("`{name}::{after}` is new");
            self.add(Step::Minor, name, text, at(self));
        }
    }

    fn union(&mut self, old: &Union, new: &Union) {
        let name = &new.name;
        let at = |this: &Self| this.at(&old.place, &new.place);
        let variants = |item: &Union| -> Vec<String> {
            let mut names: Vec<String> = item
                .variants
                .iter()
                .map(|variant| variant.name.clone())
                .collect();
            if let Discrimination::Tagged { other, .. } = &item.tagging {
                names.push(other.clone());
            }
            names
        };
        self.variants(name, &variants(old), &variants(new), &at);
        let by_name: HashMap<&str, &UnionVariant> = new
            .variants
            .iter()
            .rev()
            .map(|own| (own.name.as_str(), own))
            .collect();
        for before in &old.variants {
            if let Some(after) = by_name.get(before.name.as_str())
                && !self.names.same(&before.ty, &after.ty)
            {
                let (old_text, new_text) = (show(&before.ty), show(&after.ty));
                let text = format!(
                    "`{name}::{}` holds `{new_text}`, held `{old_text}`",
                    after.name
                );
                self.add(Step::Major, name, text, at(self));
            }
        }
        if old.tagging != new.tagging {
            let text = format!("`{name}` tells its variants apart in another way");
            self.add(Step::Patch, name, text, at(self));
        }
    }
}

/// The type that a type is another name for.
fn named<'m>(items: &HashMap<&str, &'m Item>, ty: &Ty) -> Option<&'m Item> {
    match ty {
        Ty::Named(name) => resolved(items, name),
        _ => None,
    }
}

fn fields(item: &Struct) -> HashMap<&str, &Field> {
    let fields = item.fields.iter().rev();
    fields.map(|field| (field.name.as_str(), field)).collect()
}

fn kind(item: &Item) -> &'static str {
    match item {
        Item::Struct(_) => "a struct",
        Item::OpenEnum(_) => "an enum of strings",
        Item::Union(_) => "an enum of types",
        Item::Alias(_) => "an alias",
    }
}
