//! No files import one another in a circle, so that each can be read after those that it names.
//!
//! What a module declares is for the files below it: those and their module count as one place.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::{Item, UseTree, Visibility};

/// The sources of each crate. A client carries the runtime whole, as one room.
const CRATES: [&str; 8] = [
    "specs",
    "generator",
    "generator/changes",
    "conformance",
    "conformance/reference",
    "xtask",
    "xtask/cli",
    "xtask/cli/src/bin/plumbline",
];

type Module = Vec<String>;

/// One `use`: whether it hands the name on, and its path; a glob ends with `*`.
struct Import {
    is_public: bool,
    path: Vec<String>,
}

/// The imports of a file, its tests aside.
fn imports(items: &[Item]) -> Vec<Import> {
    let mut imports = Vec::new();
    for item in items {
        let Item::Use(item) = item else { continue };
        let is_public = !matches!(item.vis, Visibility::Inherited);
        let mut paths = Vec::new();
        expand(&item.tree, &mut Vec::new(), &mut paths);
        imports.extend(paths.into_iter().map(|path| Import { is_public, path }));
    }
    imports
}

fn expand(tree: &UseTree, before: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let end = |name: String| before.iter().cloned().chain([name]).collect();
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            expand(&path.tree, before, paths);
            before.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                expand(tree, before, paths);
            }
        }
        UseTree::Name(name) if name.ident == "self" => paths.push(before.clone()),
        UseTree::Name(name) => paths.push(end(name.ident.to_string())),
        UseTree::Rename(name) => paths.push(end(name.ident.to_string())),
        UseTree::Glob(_) => paths.push(end("*".to_owned())),
    }
}

/// The modules of a crate with their imports.
struct Crate(BTreeMap<Module, Vec<Import>>);

impl Crate {
    fn read(sources: &Path) -> Self {
        let mut modules = BTreeMap::new();
        let mut open = vec![(sources.to_owned(), Module::new())];
        while let Some((folder, module)) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
                let mut own = module.clone();
                if path.is_dir() {
                    if stem != "bin" {
                        own.push(stem);
                        open.push((path, own));
                    }
                    continue;
                }
                if path.extension().is_none_or(|extension| extension != "rs") {
                    continue;
                }
                if !["lib", "main", "mod"].contains(&stem.as_str()) {
                    own.push(stem);
                }
                let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
                modules.insert(own, imports(&file.items));
            }
        }
        Self(modules)
    }

    /// The module that declares what a path names.
    fn declares(&self, from: &Module, path: &[String], depth: u8) -> Option<Module> {
        let mut rest = path;
        let mut at = match rest.first()?.as_str() {
            "crate" => Module::new(),
            "self" | "super" => from.clone(),
            name if self.has(from, name) => {
                let mut own = from.clone();
                own.push(name.to_owned());
                own
            }
            _ => return None,
        };
        let supers = rest.iter().take_while(|name| *name == "super").count();
        at.truncate(at.len().saturating_sub(supers));
        rest = rest.get(supers.max(1)..).unwrap_or_default();
        while let Some((name, after)) = rest.split_first()
            && self.has(&at, name)
        {
            at.push(name.clone());
            rest = after;
        }
        let Some(name) = rest.first().filter(|_| depth > 0) else {
            return Some(at);
        };
        let handed_on = self.0.get(&at)?.iter().filter(|own| own.is_public);
        let found = handed_on
            .filter(|own| own.path.last() == Some(name))
            .find_map(|own| self.declares(&at, &own.path, depth - 1));
        Some(found.unwrap_or(at))
    }

    fn has(&self, module: &Module, name: &str) -> bool {
        let mut own = module.clone();
        own.push(name.to_owned());
        self.0.contains_key(&own)
    }

    /// The modules that each one imports from, those above and below it aside.
    fn arrows(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let mut arrows: BTreeMap<&Module, BTreeSet<Module>> = BTreeMap::new();
        for (module, imports) in &self.0 {
            let named = imports.iter().filter(|own| !own.is_public);
            let named = named.filter_map(|own| self.declares(module, &own.path, 6));
            let apart =
                named.filter(|other| !other.starts_with(module) && !module.starts_with(other));
            arrows.insert(module, apart.collect());
        }
        arrows
    }
}

/// Takes away what imports from nothing that is left, or what nothing left imports, until nothing
/// more goes: circles stay, and what lies between two.
fn circles(mut arrows: BTreeMap<&Module, BTreeSet<Module>>) -> Vec<Module> {
    loop {
        let left: BTreeSet<Module> = arrows.keys().map(|own| (*own).clone()).collect();
        let imported: BTreeSet<Module> = arrows.values().flatten().cloned().collect();
        arrows.retain(|module, others| {
            imported.contains(*module) && others.iter().any(|other| left.contains(other))
        });
        if arrows.len() == left.len() {
            return left.into_iter().collect();
        }
    }
}

#[test]
fn no_files_import_one_another_in_a_circle() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    for name in CRATES {
        let folder = root.join(name);
        let sources = folder.join("src");
        let own = Crate::read(if sources.is_dir() { &sources } else { &folder });
        assert!(own.0.len() > 5, "{name} has few files");
        let left = circles(own.arrows());
        let left: Vec<String> = left.iter().map(|module| module.join("::")).collect();
        assert!(left.is_empty(), "{name}: {}", left.join(", "));
    }
}
