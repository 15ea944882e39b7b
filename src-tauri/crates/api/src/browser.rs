//! Opening an address in the person's browser.

/// Opens the address with `$BROWSER`, else with the system's opener. Returns whether a program
/// could be started.
pub(crate) fn open(address: &str) -> bool {
    if let Some(browser) = std::env::var_os("BROWSER").filter(|browser| !browser.is_empty()) {
        return std::process::Command::new(browser)
            .arg(address)
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .spawn()
            .is_ok();
    }
    open::that_detached(address).is_ok()
}
