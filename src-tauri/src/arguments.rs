//! What the application may be started with.

use std::path::PathBuf;

/// How to begin.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// In the demo workspace.
    pub(crate) demo: bool,
    /// With data in this folder.
    pub(crate) data_dir: Option<PathBuf>,
}

/// An argument that is not known, or lacks its value.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not understood. Drawbridge takes --demo and --data-dir DIR")]
pub(crate) struct ArgumentError(String);

/// Reads the process's arguments.
pub(crate) fn read() -> Result<Arguments, ArgumentError> {
    parse(std::env::args().skip(1))
}

fn parse(words: impl Iterator<Item = String>) -> Result<Arguments, ArgumentError> {
    let mut arguments = Arguments::default();
    let mut words = words;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--demo" => arguments.demo = true,
            "--data-dir" => {
                let dir = words.next().ok_or(ArgumentError(word))?;
                arguments.data_dir = Some(PathBuf::from(dir));
            }
            _ => return Err(ArgumentError(word)),
        }
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn words(text: &str) -> Result<Arguments, ArgumentError> {
        parse(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn both_are_read_and_others_are_refused() {
        let both = Arguments {
            demo: true,
            data_dir: Some(PathBuf::from("/data")),
        };
        assert_eq!(words("--demo --data-dir /data").unwrap(), both);
        assert!(words("--data-dir").is_err());
        assert!(words("--verbose").is_err());
    }
}
