//! Making a plan: pull, read, match, compare. It issues no request that changes either side.

use std::collections::BTreeMap;

use drawbridge_model::{
    AcceptedLink, Apart, Cache, Clock, CustomerId, Describe, Environment, Event, FieldName,
    GoneRecord, Journal, LedgerError, Link, Mapping, MatchKey, Matched, MatchedBy, OrgIdentity,
    Phase, PlanId, PlanRow, Record, RecordId, Reporter, Source, Sync, Target,
};

use super::read::Reading;
use super::{RowInput, Summary, Tally, row};
use crate::execute::refuse_other_org;
use crate::mapping::{ProblemKind, validate};
use crate::matching::{Lookup, find};
use crate::pack::Facts;
use crate::{Error, pull::pull, speaks};

/// Customers handled at a time: enough to make each transaction worth it, few enough to keep
/// memory flat.
const CHUNK: usize = 500;

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Number of the plan; its rows go into the journal under it.
    pub plan: PlanId,
    /// The sync.
    pub sync: &'a Sync,
    /// Its mapping.
    pub mapping: &'a Mapping,
    /// The org its connection is pinned to.
    pub pinned: &'a OrgIdentity,
    /// What the connection's label says the org is.
    pub environment: Environment,
    /// Whether e-mail addresses are written with `.invalid`: only ever in a sandbox.
    pub mask_emails: bool,
}

/// Makes the plan.
pub async fn make<S: Source, T: Target, L: Cache + Journal>(
    input: Input<'_>,
    source: &S,
    target: &T,
    ledger: &L,
    clock: &dyn Clock,
    reporter: &dyn Reporter,
) -> Result<Summary, Error> {
    refuse_other_org(input.pinned, input.environment, target).await?;
    let describe = target.describe(&input.mapping.sobject).await?;
    refuse_unfit_mapping(&input, &describe)?;
    let read = pull(input.sync.source, source, ledger, clock, reporter).await?;
    let reading = Reading {
        input: &input,
        target,
        describe: &describe,
        ledger,
        clock,
        reporter,
    };
    reading.read().await?;
    let records = ledger.count_records(input.sync.id)?;
    match_customers(&input, ledger, reporter)?;
    let tally = compare(&input, &describe, ledger, reporter)?;
    reporter.report(Event::ApiCalls {
        used: target.calls_made(),
        usage: target.usage(),
    });
    Ok(tally.into_summary(to_u32(read), to_u32(records), target.usage(), describe))
}

/// A mapping that cannot work is refused before anything is read.
fn refuse_unfit_mapping(input: &Input<'_>, describe: &Describe) -> Result<(), Error> {
    let mut missing: Vec<FieldName> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    for problem in validate(input.mapping, input.sync.pack, describe) {
        match (&problem.kind, &problem.field) {
            (ProblemKind::FieldMissing { .. } | ProblemKind::ReadOnly, Some(field)) => {
                missing.push(field.clone());
            }
            _ => others.push(problem.to_string()),
        }
    }
    if !missing.is_empty() {
        return Err(Error::FieldsMissing {
            sobject: describe.sobject.to_string(),
            fields: missing,
        });
    }
    if !others.is_empty() {
        return Err(Error::MappingUnfit {
            problems: others.join(" "),
        });
    }
    Ok(())
}

struct CacheLookup<'a, L> {
    ledger: &'a L,
    sync: &'a Sync,
}

impl<L: Cache> Lookup for CacheLookup<'_, L> {
    fn by_key(&self, key: &MatchKey) -> Result<Vec<RecordId>, LedgerError> {
        self.ledger.records_by_key(self.sync.id, key)
    }

    fn record(&self, id: &RecordId) -> Result<Option<Record>, LedgerError> {
        self.ledger.record(self.sync.id, id)
    }

    fn gone(&self, id: &RecordId) -> Result<Option<GoneRecord>, LedgerError> {
        self.ledger.gone(self.sync.id, id)
    }

    fn accepted(&self, customer: &CustomerId) -> Result<Option<AcceptedLink>, LedgerError> {
        self.ledger.accepted_link(self.sync.id, customer)
    }

    fn apart(&self, customer: &CustomerId) -> Result<Option<Apart>, LedgerError> {
        self.ledger.apart(self.sync.id, customer)
    }
}

fn match_customers<L: Cache>(
    input: &Input<'_>,
    ledger: &L,
    reporter: &dyn Reporter,
) -> Result<(), Error> {
    reporter.report(Event::PhaseStarted {
        phase: Phase::Match,
        total: None,
    });
    let lookup = CacheLookup {
        ledger,
        sync: input.sync,
    };
    let (mut done, mut by_external_id, mut otherwise) = (0_u64, 0_u64, 0_u64);
    let mut after: Option<CustomerId> = None;
    loop {
        let chunk = ledger.customers(input.sync.source, after.as_ref(), CHUNK)?;
        let Some(last) = chunk.last() else { break };
        after = Some(last.customer.id.clone());
        let mut links = Vec::with_capacity(chunk.len());
        for bundle in &chunk {
            let matched = find(&bundle.customer, &input.mapping.external_id, &lookup)?;
            match &matched {
                Matched::Found {
                    by: MatchedBy::ExternalId,
                    ..
                } => by_external_id += 1,
                Matched::Found { .. } => otherwise += 1,
                _ => {}
            }
            links.push(Link {
                customer: bundle.customer.id.clone(),
                name: bundle.customer.display_name(),
                matched,
            });
        }
        ledger.put_links(input.sync.id, &links)?;
        done += links.len() as u64;
        reporter.report(Event::PhaseAdvanced {
            phase: Phase::Match,
            done,
        });
    }
    ledger.mark_shared_records(input.sync.id)?;
    let detail = match (by_external_id, otherwise) {
        (ids, 0) => format!("{ids} by external ID"),
        (0, others) => format!("{others} by link or e-mail"),
        (ids, others) => format!("{ids} by external ID, {others} by link or e-mail"),
    };
    reporter.report(Event::PhaseFinished {
        phase: Phase::Match,
        done,
        detail: Some(detail),
    });
    Ok(())
}

fn compare<L: Cache + Journal>(
    input: &Input<'_>,
    describe: &Describe,
    ledger: &L,
    reporter: &dyn Reporter,
) -> Result<Tally, Error> {
    reporter.report(Event::PhaseStarted {
        phase: Phase::Plan,
        total: None,
    });
    let mut tally = Tally::default();
    let mut after: Option<CustomerId> = None;
    loop {
        let chunk = ledger.customers(input.sync.source, after.as_ref(), CHUNK)?;
        let Some(last) = chunk.last() else { break };
        after = Some(last.customer.id.clone());
        let mut rows: Vec<PlanRow> = Vec::with_capacity(chunk.len());
        for bundle in &chunk {
            let matched = ledger.link(input.sync.id, &bundle.customer.id)?;
            let (record, base) = match &matched {
                Matched::Found { record, .. } => {
                    let read = ledger.record(input.sync.id, record)?;
                    // A record that was found but cannot be read again must never look like none.
                    let read = read.ok_or_else(|| LedgerError::Unreadable {
                        what: format!("record {record}"),
                        reason: "it was matched, and is not in the cache any more".to_owned(),
                    })?;
                    (Some(read), ledger.base(input.sync.id, record)?)
                }
                _ => (None, BTreeMap::new()),
            };
            let speaker = speaks::choose(&bundle.subscriptions);
            let planned = row(&RowInput {
                pack: input.sync.pack,
                mapping: input.mapping,
                describe,
                policy: input.sync.account_policy,
                facts: Facts {
                    customer: &bundle.customer,
                    subscription: speaker.as_ref().map(|speaker| speaker.chosen),
                    mask_emails: input.mask_emails,
                },
                matched: &matched,
                record: record.as_ref(),
                base: &base,
            });
            tally.add(&planned);
            reporter.report(Event::Planned(planned.action));
            rows.push(planned);
        }
        ledger.put_plan_rows(input.plan, &rows)?;
        reporter.report(Event::PhaseAdvanced {
            phase: Phase::Plan,
            done: u64::from(tally.counts.total()),
        });
    }
    reporter.report(Event::PhaseFinished {
        phase: Phase::Plan,
        done: u64::from(tally.counts.total()),
        detail: Some(format!(
            "{} to write",
            tally.counts.create + tally.counts.update
        )),
    });
    Ok(tally)
}

fn to_u32(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
