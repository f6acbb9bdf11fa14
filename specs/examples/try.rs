//! Tries files.
use std::collections::BTreeMap;
use std::time::Instant;
fn main() {
    let verbose = std::env::var("V").unwrap_or_default();
    for name in std::env::args().skip(1) {
        let bytes = std::fs::read(&name).unwrap();
        let input = plumbline_specs::Input {
            name: &name,
            bytes: &bytes,
        };
        
        let overlay = std::path::Path::new(&name).with_file_name("overlay.yaml"); let ob = if name.ends_with("specs/opik/openapi.yaml") || std::env::var("OVERLAY").is_ok() { std::fs::read(&overlay).ok() } else { None }; let on = overlay.display().to_string(); let options = plumbline_specs::Options { overlay: ob.as_ref().map(|b| plumbline_specs::Input { name: &on, bytes: b }), ..Default::default() }; let start = Instant::now(); let result = plumbline_specs::read(input, &options);
        let time = start.elapsed();
        let (what, diagnostics) = match result {
            Ok(r) => (
                format!(
                    "ok {} ops {} schemas",
                    r.api.operations.len(),
                    r.api.schemas.len()
                ),
                r.diagnostics,
            ),
            Err(d) => ("FAILED".to_string(), d),
        };
        let short = name.rsplit('/').next().unwrap();
        println!("{short}: {what} {time:?} {}", diagnostics.summary());
        let mut counts: BTreeMap<(plumbline_specs::Severity, &str), (usize, String)> =
            BTreeMap::new();
        for d in &diagnostics {
            let e = counts.entry((d.severity, d.code)).or_default();
            e.0 += 1;
            if e.0 <= verbose.parse().unwrap_or(1)
                || d.severity == plumbline_specs::Severity::Error && e.0 < 6
            {
                e.1.push_str(&format!(
                    "\n      {} #{}",
                    d.message,
                    d.place.pointer.as_ref().map(|p| p.as_str()).unwrap_or("-")
                ));
            }
        }
        for ((s, c), (n, ex)) in counts {
            println!("   {s}[{c}] x{n}{ex}");
        }
    }
}
