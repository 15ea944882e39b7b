//! Links, opened by the operating system after a look at where they lead.

use drawbridge_api::Context;
use drawbridge_api::view::ErrorView;
use tauri::State;

/// Opens an address in the person's browser, if it leads to one of the connected systems.
#[tauri::command]
pub(crate) async fn link_open(context: State<'_, Context>, url: String) -> Result<(), ErrorView> {
    context.link_open(&url).await
}
