//! Reading a source into the cache.

use drawbridge_model::{Cache, Clock, ConnectionId, Event, Phase, Reporter, Source};

use crate::Error;

/// Reads all customers and subscriptions of a source into the cache. What the source no longer has
/// is forgotten only when everything was read. Returns how many customers there are.
pub async fn pull<S: Source, L: Cache>(
    from: ConnectionId,
    source: &S,
    ledger: &L,
    clock: &dyn Clock,
    reporter: &dyn Reporter,
) -> Result<u64, Error> {
    let pull = ledger.begin_pull(from, clock.now())?;
    let mut done = 0;
    reporter.report(Event::PhaseStarted {
        phase: Phase::Pull,
        total: None,
    });
    let mut cursor: Option<String> = None;
    loop {
        let page = source.customers(cursor.as_deref()).await?;
        ledger.put_customers(from, pull, &page.rows)?;
        done += page.rows.len() as u64;
        reporter.report(Event::PhaseAdvanced {
            phase: Phase::Pull,
            done,
        });
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let mut subscriptions = 0;
    loop {
        let page = source.subscriptions(cursor.as_deref()).await?;
        ledger.put_subscriptions(from, pull, &page.rows)?;
        subscriptions += page.rows.len() as u64;
        reporter.report(Event::PhaseAdvanced {
            phase: Phase::Pull,
            done: done + subscriptions,
        });
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let customers = ledger.finish_pull(from, pull, clock.now())?;
    let detail = match subscriptions {
        0 => format!("{customers} customers"),
        _ => format!("{customers} customers, {subscriptions} subscriptions"),
    };
    reporter.report(Event::PhaseFinished {
        phase: Phase::Pull,
        done: done + subscriptions,
        detail: Some(detail),
    });
    Ok(customers)
}
