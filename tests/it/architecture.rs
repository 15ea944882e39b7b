//! The shape of the workspace, checked: which crate may see which, who may touch Tauri, and how
//! long a file may grow. `ARCHITECTURE.md` gives the reasons.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Our crates, and the ones of ours that each may depend on. Dependencies for tests are free,
/// apart from [`NO_SIMULATOR`].
const ARROWS: &[(&str, &[&str])] = &[
    ("drawbridge", &["drawbridge-api"]),
    ("drawbridge-cli", &["drawbridge-api"]),
    ("drawbridge-devhost", &["drawbridge-api"]),
    (
        "drawbridge-api",
        &[
            "drawbridge-sync",
            "drawbridge-salesforce",
            "drawbridge-billing",
            "drawbridge-store",
            "drawbridge-secrets",
            "drawbridge-model",
            "drawbridge-simulator",
        ],
    ),
    ("drawbridge-salesforce", &["drawbridge-model"]),
    ("drawbridge-billing", &["drawbridge-model"]),
    ("drawbridge-store", &["drawbridge-model"]),
    ("drawbridge-secrets", &["drawbridge-model"]),
    ("drawbridge-sync", &["drawbridge-model"]),
    ("drawbridge-simulator", &[]),
    ("drawbridge-fuzz", &["drawbridge-simulator"]),
    ("drawbridge-model", &[]),
];

/// For tests only: it may depend on anything, and nothing but tests may depend on it.
const TESTKIT: &str = "drawbridge-testkit";

/// The engine: not even its tests may lean on the simulated servers.
const NO_SIMULATOR: &[&str] = &[
    "drawbridge-sync",
    "drawbridge-store",
    "drawbridge-model",
    "drawbridge-secrets",
];

/// What the pure crates may not name: the engine takes its ports and its clock as arguments.
const PURE: &[&str] = &["model", "sync"];
const INPUT_OUTPUT: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "tokio::fs",
    "tokio::net",
    "tokio::process",
];
const INPUT_OUTPUT_CRATES: &[&str] = &[
    "reqwest", "hyper", "axum", "rusqlite", "keyring", "tempfile", "open",
];

const LONGEST_FILE: usize = 600;

/// Where the engine may speak of deleting a record: the undo plans it, the tally counts it, and
/// what an approved plan says is executed.
const DELETING: &[&str] = &[
    "sync/src/undo/",
    "sync/src/plan/tally.rs",
    "sync/src/execute/",
];
/// The one place that calls the port which deletes.
const DELETES: &str = "sync/src/execute/batch.rs";

/// One declared dependency: from, to, and whether it is for tests alone.
struct Arrow {
    from: String,
    to: String,
    for_tests: bool,
}

fn arrow(from: &str, to: &str, for_tests: bool) -> Arrow {
    Arrow {
        from: from.into(),
        to: to.into(),
        for_tests,
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every dependency that a crate of the workspace declares, on any platform, optional or not.
fn declared() -> (Vec<String>, Vec<Arrow>) {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--offline".into()])
        .exec()
        .expect("cargo metadata describes the workspace");
    let mut arrows = Vec::new();
    for package in &metadata.packages {
        for dependency in &package.dependencies {
            let for_tests = dependency.kind == DependencyKind::Development;
            arrows.push(arrow(package.name.as_ref(), &dependency.name, for_tests));
        }
    }
    let crates = metadata
        .packages
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    (crates, arrows)
}

fn wrong(arrows: &[Arrow]) -> Vec<String> {
    let ours = |name: &str| name == "drawbridge" || name.starts_with("drawbridge-");
    let mut found = Vec::new();
    for Arrow {
        from,
        to,
        for_tests,
    } in arrows.iter().filter(|arrow| ours(&arrow.to))
    {
        let allowed = if from == TESTKIT {
            true
        } else if *for_tests {
            !(to == "drawbridge-simulator" && NO_SIMULATOR.contains(&from.as_str()))
        } else {
            ARROWS
                .iter()
                .any(|(name, may)| name == from && may.contains(&to.as_str()))
        };
        if !allowed {
            found.push(format!("{from} may not depend on {to}"));
        }
    }
    for Arrow {
        from,
        to,
        for_tests,
    } in arrows
    {
        if (to == "tauri" || to.starts_with("tauri-")) && from != "drawbridge" {
            found.push(format!("only the shell may depend on {to}, not {from}"));
        }
        if to == "ts-rs" && from != "drawbridge-api" {
            found.push(format!(
                "only drawbridge-api derives TypeScript types, not {from}"
            ));
        }
        let pure = PURE
            .iter()
            .any(|name| *from == format!("drawbridge-{name}"));
        if pure && !for_tests && INPUT_OUTPUT_CRATES.contains(&to.as_str()) {
            found.push(format!(
                "{from} does no input or output, so it may not depend on {to}"
            ));
        }
    }
    found
}

/// The files under `folder` with one of the `endings`, without what was installed or built.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the entry is readable").path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["node_modules", "dist", "target", "out", ".clients"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// The code of a file without the tests at its end.
fn product_code(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod tests")
        .map_or(text, |tests| &text[..tests])
}

fn is_test_file(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs")
}

#[test]
fn only_an_undo_plans_a_deletion() {
    let engine = root().join("src-tauri/crates/sync/src");
    let mut calls = Vec::new();
    for path in files(&engine, &[".rs"]) {
        let text = fs::read_to_string(&path).unwrap();
        let (code, name) = (product_code(&text), shown(&path));
        if code.contains("Action::Delete") {
            let may = DELETING.iter().any(|place| name.contains(place));
            assert!(may, "{name} plans a deletion, which only the undo may");
        }
        if code.contains("target.delete(") {
            calls.push(name);
        }
    }
    assert_eq!(calls, [format!("src-tauri/crates/{DELETES}")]);
}

#[test]
fn dependencies_point_down_only() {
    let (crates, arrows) = declared();
    for name in &crates {
        let known = name == TESTKIT || ARROWS.iter().any(|(known, _)| known == name);
        assert!(known, "{name} has no place in the table of arrows yet");
    }
    for (name, _) in ARROWS {
        assert!(
            crates.iter().any(|known| known == name),
            "{name} is in the table but not here"
        );
    }
    assert_eq!(wrong(&arrows), Vec::<String>::new());
}

#[test]
fn a_wrong_arrow_is_found() {
    for (from, to, for_tests) in [
        ("drawbridge-sync", "drawbridge-salesforce", false),
        ("drawbridge-store", "drawbridge-simulator", true),
        ("drawbridge-cli", "drawbridge-store", false),
        ("drawbridge-api", "drawbridge-testkit", false),
        ("drawbridge-api", "tauri", false),
        ("drawbridge-cli", "tauri-plugin-dialog", true),
        ("drawbridge-model", "ts-rs", false),
        ("drawbridge-sync", "rusqlite", false),
    ] {
        let found = wrong(&[arrow(from, to, for_tests)]);
        assert_eq!(found.len(), 1, "{from} -> {to}: {found:?}");
    }
    let right = [
        arrow("drawbridge", "tauri", false),
        arrow("drawbridge-api", "drawbridge-sync", false),
        arrow("drawbridge-billing", "drawbridge-simulator", true),
        arrow("drawbridge-testkit", "drawbridge-api", false),
    ];
    assert_eq!(wrong(&right), Vec::<String>::new());
}

#[test]
fn the_engine_touches_no_file_socket_or_process() {
    let mut found = Vec::new();
    for name in PURE {
        for path in files(
            &root().join("src-tauri/crates").join(name).join("src"),
            &[".rs"],
        ) {
            if is_test_file(&path) {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for word in INPUT_OUTPUT {
                if product_code(&text).contains(word) {
                    found.push(format!("{} names {word}", shown(&path)));
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn only_the_backend_folder_imports_tauri() {
    let backend = root().join("ui/src/backend");
    let mut sources = files(&root().join("ui"), &[".ts", ".tsx", ".js", ".mjs"]);
    sources.extend(files(&root().join("tests"), &[".ts", ".js", ".mjs"]));
    let found: Vec<_> = sources
        .iter()
        .filter(|path| !path.starts_with(&backend))
        .filter(|path| fs::read_to_string(path).unwrap().contains("@tauri-apps/"))
        .map(|path| shown(path))
        .collect();
    assert_eq!(found, Vec::<String>::new(), "import src/backend instead");
}

#[test]
fn no_source_file_is_too_long() {
    let found: Vec<_> = files(&root().join("src-tauri"), &[".rs"])
        .iter()
        .filter(|path| !is_test_file(path))
        .map(|path| {
            (
                shown(path),
                product_code(&fs::read_to_string(path).unwrap())
                    .lines()
                    .count(),
            )
        })
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .collect();
    assert_eq!(
        found,
        Vec::new(),
        "split these: more than {LONGEST_FILE} lines"
    );
}

#[test]
fn the_error_book_has_every_code() {
    let source = fs::read_to_string(root().join("src-tauri/crates/api/src/view/error.rs")).unwrap();
    let (_, codes) = source
        .split_once("pub enum ErrorCode {")
        .expect("the list of codes");
    let (codes, _) = codes.split_once("\n}").unwrap();
    let book = fs::read_to_string(root().join("docs/errors.md")).unwrap();
    let names: Vec<_> = codes
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//") && !line.starts_with('#'))
        .map(|line| snake_case(line.trim_end_matches(',')))
        .collect();
    assert!(
        names.len() > 10,
        "the list of codes was not understood: {names:?}"
    );
    let found: Vec<_> = names
        .iter()
        .filter(|name| !book.contains(&format!("### `{name}`")))
        .collect();
    assert_eq!(
        found,
        Vec::<&String>::new(),
        "docs/errors.md does not explain these"
    );
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
