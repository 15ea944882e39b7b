//! Making a plan: pull, read, match, compare. It issues no request that changes either side.

use std::collections::{BTreeMap, BTreeSet};

use drawbridge_model::{
    Acquaintance, Apart, ApiUsage, Cache, Clock, CustomerBundle, CustomerId, Describe, Event,
    FieldName, Journal, LedgerError, Link, Mapping, MatchKey, Matched, MatchedBy, Phase, PlanId,
    PlanRow, ReadQuery, Record, RecordId, Reporter, SObjectName, Snapshot, Source, Sync, Target,
    Value,
};

use super::{RowInput, Summary, Tally, ahead, row};
use crate::mapping::{ProblemKind, ready, validate};
use crate::matching::{Lookup, find, keys_of_address, keys_of_record, match_fields};
use crate::pack::Facts;
use crate::pull::{Depth, pull};
use crate::{Error, speaks};

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Number of the plan; its rows go into the journal under it.
    pub plan: PlanId,
    /// The sync.
    pub sync: &'a Sync,
    /// Its mapping.
    pub mapping: &'a Mapping,
    /// Whether e-mail addresses are written with `.invalid`: only ever in a sandbox.
    pub mask_emails: bool,
}

/// Makes the plan from both sides as they are now; `depth` says how much of the source is read.
pub async fn make<S: Source, T: Target, L: Cache + Journal>(
    input: Input<'_>,
    depth: Depth,
    source: &S,
    target: &T,
    ledger: &L,
    clock: &dyn Clock,
    reporter: &dyn Reporter,
) -> Result<Summary, Error> {
    let describe = target.describe(&input.mapping.sobject).await?;
    refuse_unfit_mapping(&input, &describe)?;
    pull(input.sync.source, depth, source, ledger, clock, reporter).await?;
    let records = read_org(&input, target, &describe, ledger, reporter).await?;
    let snapshot = Snapshot {
        at: clock.now(),
        records,
        fields: fields_to_read(input.mapping, &describe),
        describe,
    };
    ledger.keep_snapshot(input.sync.id, &snapshot)?;
    let summary = plan(&input, snapshot, target.usage(), ledger, reporter)?;
    reporter.report(Event::ApiCalls {
        used: target.calls_made(),
        usage: target.usage(),
    });
    Ok(summary)
}

/// Makes the plan from what was last read of both sides, asking neither. What changed in the org
/// since is found when the plan is run, as for any plan.
pub fn make_offline<L: Cache + Journal>(
    input: Input<'_>,
    ledger: &L,
    reporter: &dyn Reporter,
) -> Result<Summary, Error> {
    let snapshot = kept(&input, ledger)?;
    plan(&input, snapshot, None, ledger, reporter)
}

fn plan<L: Cache + Journal>(
    input: &Input<'_>,
    snapshot: Snapshot,
    usage: Option<ApiUsage>,
    ledger: &L,
    reporter: &dyn Reporter,
) -> Result<Summary, Error> {
    match_customers(input, ledger, reporter)?;
    let tally = compare(input, &snapshot.describe, ledger, reporter)?;
    let read = tally.counts.total();
    Ok(tally.into_summary(read, to_u32(snapshot.records), usage, snapshot.describe))
}

/// What was last read of the org, if the mapping can be compared with it.
fn kept<L: Cache>(input: &Input<'_>, ledger: &L) -> Result<Snapshot, Error> {
    let snapshot = ledger.snapshot(input.sync.id)?.ok_or(Error::NothingKept(
        "The org has not been read to the end for this sync",
    ))?;
    refuse_unfit_mapping(input, &snapshot.describe)?;
    let wanted = fields_to_read(input.mapping, &snapshot.describe);
    // A field that was not read would look empty.
    if wanted.iter().any(|field| !snapshot.fields.contains(field)) {
        return Err(Error::NothingKept(
            "The mapping has fields that were not read from the org yet",
        ));
    }
    Ok(snapshot)
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

async fn read_org<T: Target, L: Cache>(
    input: &Input<'_>,
    target: &T,
    describe: &Describe,
    ledger: &L,
    reporter: &dyn Reporter,
) -> Result<u64, Error> {
    let sync = input.sync.id;
    let mapping = input.mapping;
    reporter.report(Event::PhaseStarted {
        phase: Phase::Read,
        total: None,
    });
    let query = ReadQuery {
        sobject: mapping.sobject.clone(),
        fields: fields_to_read(mapping, describe),
        only: None,
        not_blank: None,
        changed_since: None,
    };
    let mut records = 0;
    let mut cursor: Option<String> = None;
    loop {
        let page = target.read(&query, describe, cursor.as_deref()).await?;
        // What was read before is forgotten only when the org does answer.
        if cursor.is_none() {
            ledger.clear_records(sync)?;
        }
        let keyed: Vec<(Record, Vec<MatchKey>)> = page
            .rows
            .into_iter()
            .map(|record| {
                let keys = keys_of_record(&record, &mapping.external_id);
                (record, keys)
            })
            .collect();
        ledger.put_records(sync, &keyed)?;
        records += keyed.len() as u64;
        reporter.report(Event::PhaseAdvanced {
            phase: Phase::Read,
            done: records,
        });
        reporter.report(Event::ApiCalls {
            used: target.calls_made(),
            usage: target.usage(),
        });
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    if mapping.sobject.as_str() == "Account" {
        read_contact_addresses(input, target, ledger).await?;
    }
    let detail = format!("{records} {}s", mapping.sobject);
    reporter.report(Event::PhaseFinished {
        phase: Phase::Read,
        done: records,
        detail: Some(detail),
    });
    Ok(records)
}

/// What the mapping compares and what matching looks at, each once.
fn fields_to_read(mapping: &Mapping, describe: &Describe) -> Vec<FieldName> {
    let mapped = mapping.active_rules().map(|rule| rule.field.clone());
    let fields: BTreeSet<FieldName> = mapped.chain(match_fields(describe)).collect();
    fields.into_iter().collect()
}

/// An Account is found by the e-mail addresses of its Contacts.
async fn read_contact_addresses<T: Target, L: Cache>(
    input: &Input<'_>,
    target: &T,
    ledger: &L,
) -> Result<(), Error> {
    let (contact, email, account) = (
        SObjectName::from("Contact"),
        FieldName::from("Email"),
        FieldName::from("AccountId"),
    );
    let describe = target.describe(&contact).await?;
    let query = ReadQuery {
        sobject: contact,
        fields: vec![email.clone(), account.clone()],
        only: None,
        not_blank: Some(email.clone()),
        changed_since: None,
    };
    let mut cursor: Option<String> = None;
    loop {
        let page = target.read(&query, &describe, cursor.as_deref()).await?;
        let keys: Vec<(MatchKey, RecordId)> = page
            .rows
            .iter()
            .filter_map(
                |record| match (record.value(&email), record.value(&account)) {
                    (Value::Text(email), Value::Text(account)) => {
                        Some((keys_of_address(email), RecordId::parse(account).ok()?))
                    }
                    _ => None,
                },
            )
            .flat_map(|(keys, account)| keys.into_iter().map(move |key| (key, account.clone())))
            .collect();
        ledger.put_keys(input.sync.id, &keys)?;
        cursor = page.next;
        if cursor.is_none() {
            return Ok(());
        }
    }
}

/// What matching may look up for one customer; what it asks first is there already.
struct CacheLookup<'a, L> {
    ledger: &'a L,
    sync: &'a Sync,
    customer: &'a CustomerId,
    known: Acquaintance,
}

impl<L: Cache> Lookup for CacheLookup<'_, L> {
    fn by_key(&self, key: &MatchKey) -> Result<Vec<RecordId>, LedgerError> {
        if matches!(key, MatchKey::ExternalId(id) if *id == self.customer.0) {
            return Ok(self.known.by_id.clone());
        }
        self.ledger.records_by_key(self.sync.id, key)
    }

    fn record(&self, id: &RecordId) -> Result<Option<Record>, LedgerError> {
        self.ledger.record(self.sync.id, id)
    }

    fn accepted(&self, customer: &CustomerId) -> Result<Option<RecordId>, LedgerError> {
        if customer == self.customer {
            return Ok(self.known.accepted.clone());
        }
        self.ledger.accepted_link(self.sync.id, customer)
    }

    fn apart(&self, customer: &CustomerId) -> Result<Option<Apart>, LedgerError> {
        if customer == self.customer {
            return Ok(self.known.apart);
        }
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
    let sync = input.sync;
    let (mut done, mut by_external_id, mut otherwise) = (0_u64, 0_u64, 0_u64);
    let acquaintances = |chunk: &[CustomerBundle]| ledger.acquaintances(sync.id, chunk);
    ahead::chunks(ledger, sync.source, acquaintances, |chunk, known| {
        let mut links = Vec::with_capacity(chunk.len());
        for (bundle, known) in chunk.iter().zip(known) {
            let lookup = CacheLookup {
                ledger,
                sync,
                customer: &bundle.customer.id,
                known,
            };
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
        ledger.put_links(sync.id, &links)?;
        done += links.len() as u64;
        reporter.report(Event::PhaseAdvanced {
            phase: Phase::Match,
            done,
        });
        Ok(())
    })?;
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
    let rules = ready(input.mapping, describe, input.sync.pack);
    let mut tally = Tally::default();
    let sync = input.sync;
    let opposites = |chunk: &[CustomerBundle]| ledger.opposites(sync.id, chunk);
    ahead::chunks(ledger, sync.source, opposites, |chunk, opposites| {
        let mut rows: Vec<PlanRow> = Vec::with_capacity(chunk.len());
        for (bundle, opposite) in chunk.iter().zip(&opposites) {
            // A record that was found but cannot be read again must never look like none.
            if let (Matched::Found { record, .. }, None) = (&opposite.matched, &opposite.record) {
                return Err(Error::Ledger(LedgerError::Unreadable {
                    what: format!("record {record}"),
                    reason: "it was matched, and is not in the cache any more".to_owned(),
                }));
            }
            let speaker = speaks::choose(&bundle.subscriptions);
            let against = |base: &BTreeMap<FieldName, Value>| {
                row(&RowInput {
                    rules: &rules,
                    describe,
                    policy: sync.account_policy,
                    facts: Facts {
                        customer: &bundle.customer,
                        subscription: speaker.as_ref().map(|speaker| speaker.chosen),
                        mask_emails: input.mask_emails,
                    },
                    matched: &opposite.matched,
                    record: opposite.record.as_ref(),
                    base,
                })
            };
            let planned = against(&BTreeMap::new());
            // What was last written matters only where something differs: seldom, mostly.
            let planned = match &opposite.record {
                Some(record) if !planned.changes.is_empty() => {
                    against(&ledger.base(sync.id, &record.id)?)
                }
                _ => planned,
            };
            tally.add(&planned);
            reporter.report(Event::Planned(planned.action));
            rows.push(planned);
        }
        ledger.put_plan_rows(input.plan, &rows)?;
        reporter.report(Event::PhaseAdvanced {
            phase: Phase::Plan,
            done: u64::from(tally.counts.total()),
        });
        Ok(())
    })?;
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
