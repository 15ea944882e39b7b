//! The window may call the commands and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn the_permission_lists_exactly_the_commands() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("src-tauri/permissions/commands.toml")).unwrap();
    let (_, list) = text.split_once("commands.allow = [").expect("the list");
    let (list, rest) = list.split_once(']').unwrap();
    assert!(!rest.contains("commands.allow"), "one list only");
    let allowed: Vec<&str> = list
        .lines()
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.trim_matches('"'))
        .collect();
    let commands: BTreeSet<&str> = drawbridge_api::commands::NAMES
        .iter()
        .copied()
        .chain(["progress_watch", "link_open"])
        .collect();
    let unique: BTreeSet<&str> = allowed.iter().copied().collect();
    assert_eq!(unique.len(), allowed.len(), "nothing stands there twice");
    assert_eq!(unique, commands);

    let folder = root.join("src-tauri/capabilities");
    let capabilities: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    assert!(
        capabilities
            .iter()
            .any(|text| text.contains("\"allow-commands\"")),
        "the window has the permission"
    );
}
