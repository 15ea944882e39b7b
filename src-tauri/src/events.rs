//! Live progress, from the context's pictures to a channel of the page.

use drawbridge_api::Context;
use drawbridge_api::view::{ErrorView, ProgressView, Work};
use tauri::State;
use tauri::ipc::Channel;

/// Sends pictures of some work until it ends or the page goes away. A page that was reloaded
/// calls it again and gets the present picture first.
#[tauri::command]
pub(crate) async fn progress_watch(
    context: State<'_, Context>,
    work: Work,
    channel: Channel<ProgressView>,
) -> Result<(), ErrorView> {
    let mut pictures = context
        .watch(work)
        .ok_or_else(|| ErrorView::not_found("such work any more"))?;
    tauri::async_runtime::spawn(async move {
        loop {
            let picture = pictures.borrow_and_update().clone();
            let ended = picture.ended;
            if channel.send(picture).is_err() || ended || pictures.changed().await.is_err() {
                break;
            }
        }
    });
    Ok(())
}
