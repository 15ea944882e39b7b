//! Being asked to stop: by Ctrl-C, or by whoever ends the process with a word (a scheduler, a
//! machine that shuts down, a terminal that is closed).

/// Waits until the process is asked to stop. From its first call on, none of these ends the process by
/// itself.
///
/// # Errors
/// When the system does not tell of it.
#[cfg(unix)]
pub(crate) async fn asked() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::select! {
        asked = tokio::signal::ctrl_c() => asked,
        _ = terminate.recv() => Ok(()),
        _ = hangup.recv() => Ok(()),
    }
}

/// Waits until the process is asked to stop.
///
/// # Errors
/// When the system does not tell of it.
#[cfg(not(unix))]
pub(crate) async fn asked() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
