//! The texts that window and terminal share speak of places in the window. Here each of them is
//! turned into what does the same in the terminal.

use std::borrow::Cow;

/// A place as the shared texts name it, and the same here. What holds another one stands before it.
/// None of these may need escaping in a JSON document.
const PLACES: &[(&str, &str)] = &[
    (
        "Switch read-only off on the Connections screen",
        "Switch read-only off with `drawbridge-cli connections read-only NAME off`",
    ),
    (
        "Re-link the connection on the Connections screen",
        "Re-link the connection with `drawbridge-cli connections relink NAME`",
    ),
    (
        "the key of the connection on the Connections screen",
        "the key of the connection with `drawbridge-cli connections replace-key NAME --token-env \
         VAR`",
    ),
    (
        "Connect ProfitWell on the Connections screen",
        "Connect ProfitWell with `drawbridge-cli connect profitwell`",
    ),
    (
        "Sign in again on the Connections screen",
        "Sign in again with `drawbridge-cli connect salesforce`",
    ),
    (
        "Sign in to the org on the Connections screen",
        "Sign in to the org with `drawbridge-cli connect salesforce`",
    ),
    (
        "wait on the Matching tab",
        "wait for a decision: `drawbridge-cli match SYNC`",
    ),
    ("on the Matching tab", "with `drawbridge-cli match SYNC`"),
    (
        "on the Fields tab",
        "with `drawbridge-cli fields SYNC --deploy`",
    ),
    (
        "on the Mapping tab",
        "in the mapping (`drawbridge-cli sync export SYNC`, then `sync import`)",
    ),
    (
        "let the sync create records on the Settings tab",
        "let the sync create records with `drawbridge-cli sync set SYNC --create-accounts on`",
    ),
    (
        "with “Read everything again” on the Preview tab",
        "with `drawbridge-cli plan SYNC --full`",
    ),
    ("on the Preview tab", "with `drawbridge-cli preview PLAN`"),
    (
        "with “Also delete the records this run created”",
        "with `--delete-created`",
    ),
    (
        "it as this user on purpose",
        "it with `drawbridge-cli resume RUN --as-another-user`",
    ),
    ("“If too long” to shorten", "`length` to `shorten`"),
    ("“If blank” to leave", "`blank` to `leave`"),
    ("rule to Never", "rule's `write` to `never`"),
    (
        "End that program,",
        "End that program or choose another port with `--login-port`, whose callback URL the \
         External Client App must have,",
    ),
    (
        "Let Drawbridge listen on that port,",
        "Let Drawbridge listen on that port or choose another one with `--login-port`, whose \
         callback URL the External Client App must have,",
    ),
];

/// A text as the terminal says it.
pub(crate) fn spoken(text: &str) -> Cow<'_, str> {
    let mut spoken = Cow::Borrowed(text);
    for (place, here) in PLACES {
        if spoken.contains(place) {
            spoken = Cow::Owned(spoken.replace(place, here));
        }
    }
    spoken
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    /// Crates whose texts are said in the window as well as here.
    const SHARED: &[&str] = &[
        "api",
        "billing",
        "model",
        "salesforce",
        "secrets",
        "store",
        "sync",
    ];

    /// The line of the terminal that is shown for copying, and the page the browser shows.
    const APART: &[&str] = &[
        "sync/src/operations/command.rs",
        "sync/src/operations/form.rs",
        "salesforce/src/oauth/page.rs",
    ];

    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push(path);
            }
        }
    }

    /// The string literals of a Rust file, with their lines joined; comments are no text.
    fn literals(code: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut rest = code.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '/' if rest.peek() == Some(&'/') => {
                    rest.by_ref().take_while(|c| *c != '\n').for_each(drop);
                }
                // Of a char, only a quotation mark matters here.
                '\'' if rest.peek() == Some(&'"') => drop(rest.next()),
                '"' => found.push(literal(&mut rest)),
                _ => {}
            }
        }
        found
    }

    fn literal(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
        let mut text = String::new();
        while let Some(c) = rest.next() {
            match c {
                '"' => break,
                '\\' => match rest.next() {
                    Some('\n') => while rest.next_if(|c| c.is_whitespace()).is_some() {},
                    Some(escaped) => text.push(escaped),
                    None => break,
                },
                c => text.push(c),
            }
        }
        text
    }

    /// Every text that both faces say, with its file.
    fn shared() -> Vec<(String, String)> {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut texts = Vec::new();
        for name in SHARED {
            let mut found = Vec::new();
            files(&crates.join(name).join("src"), &mut found);
            for file in found {
                let short = file.strip_prefix(crates).unwrap().to_string_lossy();
                let short = short.replace('\\', "/");
                if !APART.contains(&short.as_str()) {
                    let code = fs::read_to_string(&file).unwrap();
                    texts.extend(literals(&code).into_iter().map(|it| (short.clone(), it)));
                }
            }
        }
        assert!(texts.len() > 2_000, "only {} texts were found", texts.len());
        texts
    }

    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|c: char| !c.is_alphanumeric())
    }

    #[test]
    fn every_place_that_a_shared_text_names_has_its_words_in_the_terminal() {
        for (file, text) in shared() {
            let here = spoken(&text);
            let left = words(&here).find(|it| matches!(*it, "tab" | "tabs" | "screen" | "screens"));
            assert!(
                left.is_none() || here.contains("old Salesforce tabs"),
                "{file} names a place the terminal does not know; add it to PLACES, or name the \
                 place as the others do: {text}"
            );
            let settings = ["in Settings", "its settings", "the settings"];
            assert!(
                !settings.iter().any(|it| here.contains(it)),
                "{file} names no place; the settings of a sync are “on the Settings tab”: {text}"
            );
        }
    }

    #[test]
    fn no_shared_text_names_a_command_of_the_terminal() {
        for (file, text) in shared() {
            // Other programs' own commands are named in both.
            let own: String = text
                .split('`')
                .filter(|it| !it.starts_with("sf "))
                .collect();
            let option = words_of_options(&own);
            let says = ["drawbridge-cli", "n the terminal", "ommand line"];
            let said = says.iter().find(|it| own.contains(**it)).copied();
            assert!(
                option.or(said).is_none(),
                "{file} speaks of the terminal; say the place in the window, and add it to PLACES: \
                 {text}"
            );
        }
    }

    /// An option in running text, as `--full`.
    fn words_of_options(text: &str) -> Option<&str> {
        let starts = |it: &&str| {
            it.strip_prefix("--").is_some_and(|name| {
                let all = |c: char| c.is_ascii_lowercase() || c == '-';
                name.len() > 1 && name.chars().all(all)
            })
        };
        let bare = |it| str::trim_matches(it, |c: char| !c.is_ascii_lowercase() && c != '-');
        text.split_whitespace().map(bare).find(starts)
    }

    #[test]
    fn every_place_is_named_somewhere_and_can_be_put_anywhere() {
        let texts = shared();
        for (at, (place, here)) in PLACES.iter().enumerate() {
            assert!(
                texts.iter().any(|(_, text)| text.contains(place)),
                "nothing says “{place}” any more"
            );
            let hidden = PLACES[..at].iter().find(|(it, _)| place.contains(it));
            assert!(hidden.is_none(), "{hidden:?} stands before {place}");
            let again = PLACES.iter().find(|(it, _)| here.contains(it));
            assert!(again.is_none(), "{again:?} would be replaced in {here}");
            assert!(!here.contains(['"', '\\', '\n']), "{here}");
        }
    }

    #[test]
    fn a_place_becomes_a_command() {
        assert_eq!(
            spoken(
                "Choose it on the Matching tab. Switch read-only off on the Connections screen."
            ),
            "Choose it with `drawbridge-cli match SYNC`. Switch read-only off with \
             `drawbridge-cli connections read-only NAME off`."
        );
    }
}
