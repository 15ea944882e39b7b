//! The desktop shell: a window, three-line commands over `drawbridge-api`, and nothing else.

mod arguments;
mod commands;
mod events;
mod links;
mod window;

use drawbridge_api::{Context, Options};
use tauri::{App, Manager, WebviewUrl};

/// Starts the application and returns when its window is closed.
pub fn run() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    let started = tauri::Builder::default()
        .setup(set_up)
        .invoke_handler(commands::handler())
        .run(tauri::generate_context!());
    if let Err(error) = started {
        tracing::error!(%error, "Drawbridge could not start");
        std::process::exit(1);
    }
}

fn set_up(app: &mut App) -> Result<(), Box<dyn std::error::Error>> {
    let arguments = arguments::read()?;
    let data_dir = match arguments.data_dir {
        Some(dir) => dir,
        None => app.path().app_data_dir()?,
    };
    let options = Options {
        reports_dir: app.path().download_dir().ok(),
        ..Options::new(data_dir)
    };
    let context = if arguments.demo {
        tauri::async_runtime::block_on(Context::open_demo(options))?
    } else {
        tauri::async_runtime::block_on(async { Context::open(options) })?
    };
    app.manage(context);
    window::open(app.handle(), WebviewUrl::default())?;
    Ok(())
}
