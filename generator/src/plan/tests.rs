//! Tests over whole documents.

use super::testing::{feature, outline, said};

#[test]
fn every_feature_is_planned_as_before() {
    insta::glob!("../../../specs/features", "*.yaml", |path| {
        let name = path.file_stem().expect("a name").to_string_lossy();
        let (module, diagnostics) = feature(&name);
        insta::assert_snapshot!(format!("{}{}", outline(&module), said(&diagnostics)));
    });
}
