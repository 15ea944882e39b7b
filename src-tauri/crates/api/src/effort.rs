//! What a run costs, kept while it goes on: whatever ends it, hardly any of that is lost.

use std::time::Duration;

use drawbridge_model::RunId;
use drawbridge_store::Store;

use crate::progress::WorkReporter;

/// How often it is kept.
const EVERY: Duration = Duration::from_millis(500);

/// Calls and time of a run, as far as they are kept.
pub(crate) struct Effort<'a> {
    store: &'a Store,
    run: RunId,
    reporter: &'a WorkReporter,
    calls: u32,
    worked: Duration,
}

impl<'a> Effort<'a> {
    /// Nothing is kept yet of what the reporter tells from now on.
    pub(crate) fn new(store: &'a Store, run: RunId, reporter: &'a WorkReporter) -> Self {
        Self {
            store,
            run,
            reporter,
            calls: 0,
            worked: Duration::ZERO,
        }
    }

    /// Does the run's work to its end, and keeps what it costs meanwhile.
    pub(crate) async fn of<T>(mut self, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        let ended = loop {
            tokio::select! {
                ended = &mut work => break ended,
                () = tokio::time::sleep(EVERY) => self.keep(),
            }
        };
        self.keep();
        ended
    }

    /// Adds what is not kept yet.
    fn keep(&mut self) {
        let more = self.reporter.api_calls().saturating_sub(self.calls);
        let longer = self.reporter.worked().saturating_sub(self.worked);
        if more == 0 && longer.is_zero() {
            return;
        }
        match self.store.add_effort(self.run, more, longer) {
            Ok(()) => {
                self.calls += more;
                self.worked += longer;
            }
            Err(error) => {
                tracing::error!(run = self.run.0, %error, "what the run cost could not be kept");
            }
        }
    }
}
