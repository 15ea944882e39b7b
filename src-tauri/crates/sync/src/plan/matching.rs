//! Which record each customer of a sync belongs to, for the whole sync.

use drawbridge_model::{
    Acquaintance, Cache, Customer, CustomerId, Event, FieldName, FormerCustomer, GoneRecord,
    LedgerError, Link, MatchKey, MatchTally, Matched, MatchedBy, Phase, Record, RecordId, Reporter,
    Sync, Takeover,
};

use super::ahead;
use super::make::to_u32;
use crate::Error;
use crate::matching::{Lookup, at_once, find, keys_of_customer};

/// What matching may look up in the cache of a sync.
struct CacheLookup<'a, L> {
    ledger: &'a L,
    sync: &'a Sync,
    /// Whether any customer ever took over a link: mostly none did, and nobody is asked about.
    takeovers: bool,
    /// The records of keys that were looked up beforehand.
    by_key: &'a [(MatchKey, Vec<RecordId>)],
}

impl<L: Cache> Lookup for CacheLookup<'_, L> {
    fn shares(&self) -> bool {
        self.sync.pack.rolls_up()
    }

    fn by_key(&self, key: &MatchKey) -> Result<Vec<RecordId>, LedgerError> {
        if let Some((_, found)) = self.by_key.iter().find(|(known, _)| known == key) {
            return Ok(found.clone());
        }
        let asked = std::slice::from_ref(key);
        let found = self.ledger.records_by_keys(self.sync.id, asked)?;
        Ok(found.into_iter().flatten().collect())
    }

    fn record(&self, id: &RecordId) -> Result<Option<Record>, LedgerError> {
        self.ledger.record(self.sync.id, id)
    }

    fn gone(&self, id: &RecordId) -> Result<Option<GoneRecord>, LedgerError> {
        self.ledger.gone(self.sync.id, id)
    }

    fn has(&self, id: &CustomerId) -> Result<bool, LedgerError> {
        let found = self
            .ledger
            .customers_of(self.sync.source, std::slice::from_ref(id))?;
        Ok(!found.is_empty())
    }

    fn former(&self, id: &CustomerId) -> Result<Option<FormerCustomer>, LedgerError> {
        self.ledger.former_customer(self.sync.source, id)
    }

    fn takeover(&self, customer: &CustomerId) -> Result<Option<Takeover>, LedgerError> {
        if !self.takeovers {
            return Ok(None);
        }
        self.ledger.takeover(self.sync.id, customer)
    }

    fn handed_over(&self, former: &CustomerId) -> Result<Option<Takeover>, LedgerError> {
        if !self.takeovers {
            return Ok(None);
        }
        self.ledger.handed_over(self.sync.id, former)
    }
}

/// A customer whose record is sought, with its facts where the first look does not settle it.
struct Sought {
    known: Acquaintance,
    open: Option<Open>,
}

/// A customer that has to be looked at closer, and the records of the keys it may be found by.
struct Open {
    customer: Customer,
    by_key: Vec<(MatchKey, Vec<RecordId>)>,
}

/// The facts of those customers that matching has to look closer at, and what they may be found by:
/// asked for all at once, which takes a fraction of asking key by key.
fn sought<L: Cache>(
    sync: &Sync,
    ledger: &L,
    known: Vec<Acquaintance>,
) -> Result<Vec<Sought>, LedgerError> {
    let open: Vec<CustomerId> = known
        .iter()
        .filter(|known| at_once(known).is_none())
        .map(|known| known.customer.clone())
        .collect();
    let open = ledger.customers_of(sync.source, &open)?;
    let keys: Vec<Vec<MatchKey>> = open.iter().map(keys_of_customer).collect();
    let mut records = ledger.records_by_keys(sync.id, &keys.concat())?.into_iter();
    let with_keys = open.into_iter().zip(keys).map(|(customer, keys)| Open {
        customer,
        by_key: keys.into_iter().zip(&mut records).collect(),
    });
    let mut open = with_keys.peekable();
    Ok(known
        .into_iter()
        .map(|known| Sought {
            open: open.next_if(|open| open.customer.id == known.customer),
            known,
        })
        .collect())
}

/// Matches every customer of a sync, unless all were matched already and nothing has changed since.
pub(super) fn match_customers<L: Cache>(
    sync: &Sync,
    external_id: &FieldName,
    ledger: &L,
    reporter: &dyn Reporter,
) -> Result<(), Error> {
    reporter.report(Event::PhaseStarted {
        phase: Phase::Match,
        total: None,
    });
    // Another version may have other rules.
    let terms = format!(
        "{} {} {}",
        env!("CARGO_PKG_VERSION"),
        external_id,
        sync.pack.rolls_up()
    );
    let tally = if let Some(tally) = ledger.matched(sync.id, &terms)? {
        tally
    } else {
        let touched = ledger.match_touched()?;
        let tally = match_anew(sync, external_id, ledger, reporter)?;
        ledger.put_matched(sync.id, &terms, touched, tally)?;
        tally
    };
    let detail = match (tally.by_external_id, tally.otherwise) {
        (ids, 0) => format!("{ids} by external ID"),
        (0, others) => format!("{others} by link or e-mail"),
        (ids, others) => format!("{ids} by external ID, {others} by link or e-mail"),
    };
    reporter.report(Event::PhaseFinished {
        phase: Phase::Match,
        done: ledger.count_customers(sync.source)?,
        detail: Some(detail),
    });
    Ok(())
}

/// Finds the record of every customer whose link does not stand by itself.
fn match_anew<L: Cache>(
    sync: &Sync,
    external_id: &FieldName,
    ledger: &L,
    reporter: &dyn Reporter,
) -> Result<MatchTally, Error> {
    let mut looked_at = 0_u64;
    let mut tally = MatchTally::default();
    let takeovers = ledger.any_takeover(sync.id)?;
    ahead::chunks(
        |after| ledger.acquaintances(sync.id, sync.source, after, ahead::CHUNK),
        |known| &known.customer,
        |known| sought(sync, ledger, known),
        |chunk| {
            looked_at += chunk.len() as u64;
            let mut links = Vec::with_capacity(chunk.len());
            for Sought { known, open } in chunk {
                let matched = match (at_once(&known), open) {
                    (Some(matched), _) => matched,
                    (None, Some(open)) => {
                        let lookup = CacheLookup {
                            ledger,
                            sync,
                            takeovers,
                            by_key: &open.by_key,
                        };
                        find(&open.customer, &known, external_id, &lookup)?
                    }
                    // It left the cache meanwhile; the comparison will not see it either.
                    (None, None) => continue,
                };
                match &matched {
                    Matched::Found {
                        by: MatchedBy::ExternalId,
                        ..
                    } => tally.by_external_id += 1,
                    Matched::Found { .. } => tally.otherwise += 1,
                    _ => {}
                }
                links.push(Link {
                    customer: known.customer,
                    name: known.name,
                    matched,
                });
            }
            ledger.put_links(sync.id, &links)?;
            reporter.report(Event::PhaseAdvanced {
                phase: Phase::Match,
                done: looked_at,
            });
            Ok(())
        },
    )?;
    // Where customers are rolled up, sharing a record is the point.
    if !sync.pack.rolls_up() {
        ledger.mark_shared_records(sync.id)?;
    }
    // Those that were not looked at have the record that carries their id.
    let customers = ledger.count_customers(sync.source)?;
    tally.by_external_id += to_u32(customers.saturating_sub(looked_at));
    Ok(tally)
}
