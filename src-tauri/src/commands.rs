//! The commands of the main window, made from the list in `drawbridge-api`: each takes one request
//! and hands it to the method of the same name.

use drawbridge_api::view;
#[cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the list of commands names most of the views"
    )
)]
use drawbridge_api::view::*;
use drawbridge_api::{Context, for_each_command};
use tauri::ipc::Invoke;
use tauri::{State, Wry};

macro_rules! shell_commands {
    ($($name:ident($request:ty) -> $response:ty),* $(,)?) => {
        $(#[tauri::command]
        async fn $name(
            context: State<'_, Context>,
            request: $request,
        ) -> Result<$response, view::ErrorView> {
            context.inner().clone().$name(request).await
        })*

        /// Answers the page's calls.
        pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![
                $($name,)*
                crate::events::progress_watch,
                crate::links::link_open,
            ]
        }
    };
}

for_each_command!(shell_commands);
