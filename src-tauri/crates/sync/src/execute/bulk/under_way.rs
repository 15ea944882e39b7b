//! How far the jobs under way are, all taken together.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use drawbridge_model::{AttemptId, BulkUnderWay, Event, Reporter};

/// How far the jobs under way are.
#[derive(Debug, Default)]
pub(crate) struct UnderWay(Mutex<BTreeMap<AttemptId, (u64, usize)>>);

impl UnderWay {
    pub(super) fn note(
        &self,
        attempt: AttemptId,
        processed: u64,
        rows: usize,
        reporter: &dyn Reporter,
    ) {
        self.change(reporter, |jobs| {
            jobs.insert(attempt, (processed, rows));
        });
    }

    pub(super) fn forget(&self, attempt: AttemptId, reporter: &dyn Reporter) {
        self.change(reporter, |jobs| {
            jobs.remove(&attempt);
        });
    }

    fn change(
        &self,
        reporter: &dyn Reporter,
        change: impl FnOnce(&mut BTreeMap<AttemptId, (u64, usize)>),
    ) {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut jobs);
        let mut all = BulkUnderWay::default();
        for (processed, rows) in jobs.values() {
            all.jobs += 1;
            all.processed += processed;
            all.rows += u64::try_from(*rows).unwrap_or(u64::MAX);
        }
        drop(jobs);
        reporter.report(Event::Bulk(all));
    }
}
