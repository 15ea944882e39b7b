//! Making a plan: pull, read, match, compare. It issues no request that changes either side.

use drawbridge_model::{
    Action, ApiUsage, Cache, Clock, Currency, CustomerBundle, Describe, Environment, Event,
    FieldName, Journal, LedgerError, LeftBehind, Mapping, Matched, Opposite, OrgIdentity, Phase,
    PlanId, PlanRow, RecordId, Reporter, Snapshot, Source, Sync, Target,
};

use super::drift::name_runs;
use super::matching::match_customers;
use super::read::{Reading, fields_to_read};
use super::sharing::Sharing;
use super::{Comparison, Summary, Tally, ahead};
use crate::Error;
use crate::execute::refuse_other_org;
use crate::mapping::{ProblemKind, same, validate};
use crate::pull::{Depth, pull};

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
    let identity = refuse_other_org(input.pinned, input.environment, target).await?;
    let describe = target.describe(&input.mapping.sobject).await?;
    refuse_unfit_mapping(&input, &describe)?;
    let currency = org_currency(target).await;
    pull(input.sync.source, depth, source, ledger, clock, reporter).await?;
    // Another user may see other records and fields: what was read as the one before says nothing.
    let another = identity.user_id != input.pinned.user_id;
    let reading = Reading {
        input: &input,
        depth: if another { Depth::Everything } else { depth },
        target,
        describe: &describe,
        ledger,
        clock,
        reporter,
    };
    reading.read().await?;
    let snapshot = Snapshot {
        at: clock.now(),
        records: ledger.count_records(input.sync.id)?,
        fields: fields_to_read(input.mapping, &describe),
        describe,
        currency,
    };
    ledger.keep_snapshot(input.sync.id, &snapshot)?;
    let summary = plan(&input, snapshot, target.usage(), ledger, reporter)?;
    reporter.report(Event::ApiCalls {
        used: target.calls_made(),
        usage: target.usage(),
    });
    Ok(Summary {
        identity: Some(identity),
        ..summary
    })
}

/// What the org counts in. A plan can do without: then it says that this is not known.
async fn org_currency<T: Target>(target: &T) -> Option<Currency> {
    target.currency().await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the org's currency is not known");
        None
    })
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
    let comparison = Comparison::by(input.sync, input.mapping, input.mask_emails, &snapshot);
    ledger.agree_by(input.sync.id, comparison.terms())?;
    match_customers(input.sync, &input.mapping.external_id, ledger, reporter)?;
    let mut tally = compare(input, &comparison, ledger, reporter)?;
    if input.sync.pack.rolls_up() {
        tally.left_behind = left_behind(input, ledger)?;
    }
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
    // Contacts are found by it: unseen, it would make every customer a new one.
    let email = FieldName::from("Email");
    if describe.sobject.as_str() == "Contact"
        && describe.field(&email).is_none()
        && !missing.contains(&email)
    {
        missing.push(email);
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

fn compare<L: Cache + Journal>(
    input: &Input<'_>,
    comparison: &Comparison<'_>,
    ledger: &L,
    reporter: &dyn Reporter,
) -> Result<Tally, Error> {
    reporter.report(Event::PhaseStarted {
        phase: Phase::Plan,
        total: None,
    });
    let mut tally = Tally::counting_in(comparison.currencies());
    let sync = input.sync;
    let touched = ledger.touched()?;
    for agreed in ledger.put_agreed_rows(input.plan)? {
        tally.add_agreed(agreed);
        for _ in 0..agreed.rows {
            reporter.report(Event::Planned(Action::Unchanged));
        }
    }
    let mut sharing = Sharing::new(ledger, sync);
    let opposite = |customers: Vec<CustomerBundle>| {
        let opposites = ledger.opposites(sync.id, &customers)?;
        Ok(customers.into_iter().zip(opposites).collect())
    };
    let work = |chunk: Vec<(CustomerBundle, Opposite)>| {
        let mut rows: Vec<PlanRow> = Vec::with_capacity(chunk.len());
        let mut agreed = Vec::new();
        for (bundle, opposite) in &chunk {
            // A record that was found but cannot be read again must never look like none.
            if let (Matched::Found { record, .. }, None) = (&opposite.matched, &opposite.record) {
                return Err(Error::Ledger(LedgerError::Unreadable {
                    what: format!("record {record}"),
                    reason: "it was matched, and is not in the cache any more".to_owned(),
                }));
            }
            let share = sharing.of(bundle, &opposite.matched)?;
            let facts = comparison.facts(share.together.as_deref().unwrap_or(bundle));
            let mut planned = share.settle(comparison.row(ledger, facts, opposite)?);
            name_runs(ledger, input.plan, &mut planned)?;
            let amounts = comparison.amounts(&planned, &facts, opposite);
            tally.add(&planned, amounts);
            reporter.report(Event::Planned(planned.action));
            agreed.extend(comparison.agreed(&planned, amounts));
            rows.push(planned);
        }
        ledger.put_plan_rows(input.plan, &rows)?;
        if !agreed.is_empty() {
            ledger.put_agreed(sync.id, comparison.terms(), touched, &agreed)?;
        }
        reporter.report(Event::PhaseAdvanced {
            phase: Phase::Plan,
            done: u64::from(tally.counts.total()),
        });
        Ok(())
    };
    ahead::chunks(
        |after| ledger.customers_without_row(input.plan, sync.source, after, ahead::CHUNK),
        |bundle| &bundle.customer.id,
        opposite,
        work,
    )?;
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

/// Records that still hold the figures of customers which are added up elsewhere now, or are gone, as
/// `Fernhill (001…)`.
fn left_behind<L: Cache>(input: &Input<'_>, ledger: &L) -> Result<Vec<String>, Error> {
    let name = FieldName::from("Name");
    let holds = |left: &LeftBehind| {
        let mut written = left.base.iter();
        written.any(|(field, value)| !value.is_blank() && same(left.record.value(field), value))
    };
    let mut held = Vec::new();
    let mut after: Option<RecordId> = None;
    loop {
        let left = ledger.left_behind(input.sync.id, after.as_ref(), ahead::CHUNK)?;
        let Some(last) = left.last() else {
            return Ok(held);
        };
        after = Some(last.record.id.clone());
        held.extend(
            left.iter()
                .filter(|left| holds(left))
                .map(|left| format!("{} ({})", left.record.value(&name), left.record.id)),
        );
    }
}

pub(super) fn to_u32(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
