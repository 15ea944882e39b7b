//! What the browser shows when it comes back.

/// The page after a login that went through.
pub(super) fn success() -> String {
    page(
        "Signed in",
        "Drawbridge is connected to the org. You can close this tab and return to Drawbridge.",
    )
}

/// The page after a login that did not.
pub(super) fn failure() -> String {
    page(
        "Not signed in",
        "Nothing was connected. Return to Drawbridge: it says why, and what to do next.",
    )
}

/// The page for an answer that belongs to another login.
pub(super) fn stray() -> String {
    page(
        "This sign-in is not the current one",
        "Drawbridge did not start this sign-in, or it is over. Nothing was connected. Close this \
         tab, return to Drawbridge and start again if you need to.",
    )
}

/// Fixed texts only: nothing that came with the request is shown.
fn page(title: &str, text: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title} - Drawbridge</title>\
         <style>body{{font:16px/1.5 system-ui,sans-serif;margin:20vh auto;max-width:30rem;\
         padding:0 1rem;color:#1f2933;background:#fff}}@media(prefers-color-scheme:dark)\
         {{body{{color:#e4e7eb;background:#1a1b1e}}}}h1{{font-size:1.4rem}}</style></head>\
         <body><h1>{title}</h1><p>{text}</p></body></html>"
    )
}
