//! What a run costs, kept while it goes on: whatever ends it, hardly any of that is lost.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use drawbridge_model::RunId;

use crate::context::Workspace;
use crate::progress::WorkReporter;

/// How often it is kept.
const EVERY: Duration = Duration::from_secs(1);

/// Calls and time of a run, as far as they are kept.
pub(crate) struct Effort {
    workspace: Arc<Workspace>,
    run: RunId,
    reporter: Arc<WorkReporter>,
    kept: Mutex<(u32, Duration)>,
}

impl Effort {
    /// Nothing is kept yet of what the reporter tells from now on.
    pub(crate) fn new(
        workspace: Arc<Workspace>,
        run: RunId,
        reporter: Arc<WorkReporter>,
    ) -> Arc<Self> {
        Arc::new(Self {
            workspace,
            run,
            reporter,
            kept: Mutex::default(),
        })
    }

    /// Does the run's work to its end, and keeps what it costs meanwhile, on a thread of its own:
    /// the run does not wait for the database.
    pub(crate) async fn of<T>(self: Arc<Self>, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        let ended = loop {
            let this = self.clone();
            let kept = async {
                tokio::time::sleep(EVERY).await;
                tokio::task::spawn_blocking(move || this.keep()).await
            };
            tokio::select! {
                ended = &mut work => break ended,
                _ = kept => {}
            }
        };
        self.keep();
        ended
    }

    /// Adds what is not kept yet.
    fn keep(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (calls, worked) = (self.reporter.api_calls(), self.reporter.worked());
        let more = calls.saturating_sub(kept.0);
        let longer = worked.saturating_sub(kept.1);
        if more == 0 && longer.is_zero() {
            return;
        }
        match self.workspace.store.add_effort(self.run, more, longer) {
            Ok(()) => *kept = (kept.0 + more, kept.1 + longer),
            Err(error) => {
                tracing::error!(run = self.run.0, %error, "what the run cost could not be kept");
            }
        }
    }
}
