//! Links, opened by the operating system after a look at where they lead.

use drawbridge_api::view::{ConnectionView, ErrorView, Nothing};
use drawbridge_api::{Context, links};
use tauri::State;

/// Opens an address in the person's browser, if it leads to one of the connected orgs or billing
/// systems.
#[tauri::command]
pub(crate) async fn link_open(context: State<'_, Context>, url: String) -> Result<(), ErrorView> {
    let connections: Vec<ConnectionView> = context.connection_list(Nothing {}).await?;
    links::open_allowed(&url, &connections)
}
