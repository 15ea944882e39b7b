//! The main window.

use tauri::{AppHandle, Runtime, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// Label of the main window, as the capability file names it.
pub(crate) const MAIN: &str = "main";

/// Opens the main window. It never leaves the application's own page.
pub(crate) fn open<R: Runtime>(
    app: &AppHandle<R>,
    page: WebviewUrl,
) -> tauri::Result<WebviewWindow<R>> {
    WebviewWindowBuilder::new(app, MAIN, page)
        .title("Drawbridge")
        .inner_size(1400.0, 900.0)
        .min_inner_size(1024.0, 640.0)
        // A file dropped on the page is the page's.
        .disable_drag_drop_handler()
        .on_navigation(|url| {
            let own = matches!(url.scheme(), "tauri" | "about")
                || url.host_str() == Some("tauri.localhost");
            own || (cfg!(dev) && url.host_str() == Some("127.0.0.1"))
        })
        .build()
}
