//! Two runs at once, or a run that is killed, leave a whole package.

use crate::small::{DOCUMENT, Folder};
use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PAIRS: usize = 50;
const KILLS: usize = 200;

/// Two documents whose packages differ in texts and in files, in a package that is shared with its owner.
struct Race {
    folder: Folder,
    documents: [String; 2],
    /// What the package holds by either document.
    whole: [BTreeMap<String, String>; 2],
    /// How long a run takes.
    took: Duration,
}

impl Race {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let other = DOCUMENT
            .replace("title: Things", "title: Other things")
            .replace(
                "schema: {type: string}",
                "schema: {type: object, properties: {id: {type: string}}}",
            );
        let documents = [
            folder.write("first.yaml", DOCUMENT),
            folder.write("second.yaml", &other),
        ];
        let mut race = Self {
            folder,
            documents,
            whole: Default::default(),
            took: Duration::ZERO,
        };
        race.ends(0);
        for own in ["package/tests/mine.rs", "package/src/mine.rs"] {
            race.folder.write(own, "mine");
        }
        let manifest = race.folder.read("package/Cargo.toml");
        let manifest = manifest.replace("version = \"0.1.0\"", "version = \"0.3.0\"");
        race.folder.write("package/Cargo.toml", &manifest);
        for index in [1, 0] {
            let start = Instant::now();
            race.ends(index);
            race.took = race.took.max(start.elapsed());
            race.whole[index] = race.folder.files("package");
            assert!(race.whole[index]["Cargo.toml"].contains("version = \"0.3.0\""));
        }
        assert_ne!(
            race.whole[0].keys().collect::<Vec<_>>(),
            race.whole[1].keys().collect::<Vec<_>>()
        );
        race
    }

    fn start(&self, index: usize) -> Child {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args([
                "generate",
                "--name",
                "package",
                "--spec",
                &self.documents[index],
            ])
            .args(["--out", &self.folder.path("package")])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// A run that nobody disturbs.
    fn ends(&self, index: usize) {
        let output = self.start(index).wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}");
    }

    /// Which document's package is there, if it is one.
    fn found(&self) -> Option<usize> {
        let files = self.folder.files("package");
        (0..2).find(|index| files == self.whole[*index])
    }
}

#[test]
fn two_at_once_leave_the_package_of_one() {
    let race = Race::new("races-two");
    for trial in 0..PAIRS {
        let order = if trial % 2 == 0 { [0, 1] } else { [1, 0] };
        for run in order.map(|index| race.start(index)) {
            let output = run.wait_with_output().unwrap();
            let text = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "trial {trial}: {text}");
        }
        assert!(
            race.found().is_some(),
            "trial {trial}: {:?}",
            race.folder.files("package").keys()
        );
    }
}

#[test]
fn the_run_after_a_killed_one_makes_the_package_whole() {
    let race = Race::new("races-killed");
    let seed = match std::env::var("PLUMBLINE_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => RandomState::new().hash_one(0),
    };
    println!("PLUMBLINE_SEED={seed} gives the same delays again");
    let mut state: u64 = seed;
    let mut old = 0;
    let (mut trial, mut killed, mut halves) = (0, 0, 0);
    // Some runs end before they are killed, more of them where the machine is busy now and then.
    while killed < KILLS && trial < 4 * KILLS {
        trial += 1;
        // Steps of a linear congruential generator (Knuth's MMIX): any spread will do.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let share = f64::from((state >> 33) as u32) / f64::from(u32::MAX >> 1);
        let new = 1 - old;
        let mut run = race.start(new);
        // This delay is what is tried; nothing waits for something with it.
        std::thread::sleep(race.took.mul_f64(share));
        run.kill().unwrap();
        killed += usize::from(!run.wait().unwrap().success());
        let broken_off = race.folder.has("package/.plumbline/journal");
        halves += usize::from(broken_off);
        // Until the next run, the package is whole, or it says that a run is to be ended.
        if !broken_off {
            let found = own(race.folder.files("package"));
            let whole = race.whole.clone().map(own);
            assert!(whole.contains(&found), "trial {trial}: {:?}", found.keys());
        }
        let next = if trial % 3 == 0 { old } else { new };
        race.ends(next);
        assert_eq!(race.found(), Some(next), "trial {trial}");
        old = next;
    }
    println!("{killed} of {trial} runs were killed, {halves} of them between two files");
    assert_eq!(killed, KILLS);
}

/// The files without those that a run writes before it changes any.
fn own(mut files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    files.retain(|path, _| {
        !path.starts_with(".plumbline/new/") && !path.starts_with(".plumbline/journal")
    });
    files
}
