//! Reading a source into the cache: all of it, or what changed since it was last read.

use drawbridge_model::{
    Cache, Clock, ConnectionId, CustomerId, Event, Phase, PullEnd, Pulled, Reporter, Source,
    SubscriptionId, Watermark, Which, grouped,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::Error;

/// A reading of changes begins so much before the last one began: a source may stamp a change and
/// show it only later, and its `Date` comes from another machine than its stamps.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);

/// A source is read from end to end when it was not for so long. That finds what is gone, and what
/// changed without the source saying so: Alguna's links, plan names, and figures that follow the
/// calendar (a discount that ends, a version that begins); `ProfitWell`'s display currency.
const FULL_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Rows asked for by their ids at a time.
const CHUNK: usize = 100;

/// How much of a source is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// What changed since the last pull; everything once a day and where there was none.
    #[default]
    Changes,
    /// Everything.
    Everything,
}

/// Reads customers and subscriptions of a source into the cache. What the source no longer has is
/// forgotten only when everything was read. A pull that ends early leaves the watermark where it
/// was, so the next one reads the same again.
pub async fn pull<S: Source, L: Cache>(
    from: ConnectionId,
    depth: Depth,
    source: &S,
    ledger: &L,
    clock: &dyn Clock,
    reporter: &dyn Reporter,
) -> Result<Pulled, Error> {
    reporter.report(Event::PhaseStarted {
        phase: Phase::Pull,
        total: None,
    });
    // Before anything is read: what changes from here on is the next pull's.
    let source_time = source.now().await?;
    let mark = match depth {
        Depth::Changes => ledger.watermark(from)?,
        Depth::Everything => None,
    };
    let mark = mark.filter(|mark| serves(mark, clock.now(), source_time));
    let pull = ledger.begin_pull(from, clock.now())?;
    let mut reading = Reading {
        from,
        pull,
        source,
        ledger,
        reporter,
        done: 0,
    };
    let since = mark.and_then(|mark| mark.source_time.checked_sub(OVERLAP).ok());
    reading.customers(which(since)).await?;
    reading.subscriptions(which(since)).await?;
    if let (Some(mark), Some(now)) = (mark, source_time) {
        reading.due(day(mark.source_time), day(now)).await?;
    }
    let done = reading.done;
    let end = PullEnd {
        at: clock.now(),
        full: since.is_none(),
        source_time,
    };
    let pulled = ledger.finish_pull(from, pull, end)?;
    reporter.report(Event::PhaseFinished {
        phase: Phase::Pull,
        done,
        detail: Some(detail(&pulled, mark.as_ref())),
    });
    Ok(pulled)
}

/// Whether changes since this watermark are enough. Where a clock went back, nothing is certain.
fn serves(mark: &Watermark, now: Timestamp, source_time: Option<Timestamp>) -> bool {
    let age = now.duration_since(mark.full_at);
    let is_young = !age.is_negative() && age < FULL_AFTER;
    is_young && source_time.is_some_and(|at| at >= mark.source_time)
}

fn which<'a, Id>(since: Option<Timestamp>) -> Which<'a, Id> {
    since.map_or(Which::All, Which::ChangedSince)
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// A few words about the result.
fn detail(pulled: &Pulled, mark: Option<&Watermark>) -> String {
    let (changed, customers) = (grouped(pulled.changed), grouped(pulled.customers));
    match (mark, pulled.subscriptions) {
        (Some(mark), _) => {
            let since = mark.began_at.strftime("%H:%M UTC");
            format!("{changed} changed since {since}")
        }
        (None, 0) => format!("all {customers} customers"),
        (None, subscriptions) => {
            format!(
                "all {customers} customers, {} subscriptions",
                grouped(subscriptions)
            )
        }
    }
}

/// A pull under way.
struct Reading<'a, S, L> {
    from: ConnectionId,
    pull: u32,
    source: &'a S,
    ledger: &'a L,
    reporter: &'a dyn Reporter,
    done: u64,
}

impl<S: Source, L: Cache> Reading<'_, S, L> {
    async fn customers(&mut self, which: Which<'_, CustomerId>) -> Result<(), Error> {
        let mut cursor: Option<String> = None;
        loop {
            let page = self.source.customers(which, cursor.as_deref()).await?;
            self.ledger
                .put_customers(self.from, self.pull, &page.rows)?;
            self.advance(page.rows.len());
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    async fn subscriptions(&mut self, which: Which<'_, SubscriptionId>) -> Result<(), Error> {
        let mut cursor: Option<String> = None;
        loop {
            let page = self.source.subscriptions(which, cursor.as_deref()).await?;
            self.ledger
                .put_subscriptions(self.from, self.pull, &page.rows)?;
            self.advance(page.rows.len());
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    /// Reads again what the calendar changes: a subscription whose renewal day has come has a new
    /// one, a customer whose paid time ended is churned, and no source promises to call either a
    /// change. Everything else a field is derived from is in the row itself or in what is read
    /// together with it; no derivation looks at the present day.
    async fn due(&mut self, from: Date, to: Date) -> Result<(), Error> {
        let due = self.ledger.due(self.from, from, to)?;
        for ids in due.customers.chunks(CHUNK) {
            self.customers(Which::Only(ids)).await?;
        }
        for ids in due.subscriptions.chunks(CHUNK) {
            self.subscriptions(Which::Only(ids)).await?;
        }
        Ok(())
    }

    fn advance(&mut self, rows: usize) {
        self.done += rows as u64;
        self.reporter.report(Event::PhaseAdvanced {
            phase: Phase::Pull,
            done: self.done,
        });
    }
}
