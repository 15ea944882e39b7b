//! Which links a run would record. Nothing is written, and nobody is asked: the pull knows enough.

use drawbridge_model::{
    CustomerId, Integration, LedgerError, LinkAction, LinkCandidate, LinkLedger, LinkPlace,
    LinkRow, PlanId, RecordId, RunId,
};

use super::judge::other_account;

/// Candidates handled at a time.
const CHUNK: usize = 500;

/// Why it is not known where links belong. [`std::fmt::Display`] gives the sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    /// Several integrations, and nobody said which.
    #[error("The billing system has {} Salesforce integrations ({}): choose the one of this org", .0.len(), names(.0))]
    Several(Vec<Integration>),
    /// The one that was chosen is gone.
    #[error("The Salesforce integration {0} that was chosen is gone from the billing system")]
    Gone(String),
}

fn names(integrations: &[Integration]) -> String {
    integrations
        .iter()
        .map(|it| it.label.clone().unwrap_or_else(|| it.id.clone()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Where links belong: the chosen integration, the only one, or an alias where there is none.
pub fn place(integrations: &[Integration], chosen: Option<&str>) -> Result<LinkPlace, NoPlace> {
    let of = |integration: &Integration| LinkPlace::ConnectedAccount {
        integration: integration.id.clone(),
    };
    match (chosen, integrations) {
        (Some(chosen), all) => all
            .iter()
            .find(|it| it.id == chosen)
            .map(of)
            .ok_or_else(|| NoPlace::Gone(chosen.to_owned())),
        (None, []) => Ok(LinkPlace::Alias),
        (None, [only]) => Ok(of(only)),
        (None, several) => Err(NoPlace::Several(several.to_vec())),
    }
}

/// What the links of a plan come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// Links a run would see to.
    pub to_link: u32,
    /// Of these, customers for whom another Account is named already.
    pub conflicts: u32,
    /// Customers whose Account is named already: no call.
    pub already: u32,
}

/// Adds a link to the plan for every customer that has, or will have, an Account which the
/// billing system does not name.
pub fn plan<L: LinkLedger>(
    plan: PlanId,
    place: &LinkPlace,
    ledger: &L,
) -> Result<Planned, LedgerError> {
    let mut planned = Planned::default();
    let mut after: Option<CustomerId> = None;
    loop {
        let chunk = ledger.link_candidates(plan, after.as_ref(), CHUNK)?;
        let Some(last) = chunk.last() else { break };
        after = Some(last.customer.clone());
        let mut rows = Vec::new();
        for candidate in chunk {
            match link_row(candidate, place) {
                Some(row) => {
                    planned.to_link += 1;
                    planned.conflicts += u32::from(row.other.is_some());
                    rows.push(row);
                }
                None => planned.already += 1,
            }
        }
        ledger.put_link_rows(plan, &rows)?;
    }
    Ok(planned)
}

/// The link of one customer; `None` where its Account is named already.
pub fn link_row(candidate: LinkCandidate, place: &LinkPlace) -> Option<LinkRow> {
    let named = || {
        candidate
            .connected_accounts
            .iter()
            .chain(&candidate.aliases)
    };
    if let Some(record) = &candidate.record
        && named().any(|text| RecordId::parse(text).is_ok_and(|id| id == *record))
    {
        return None;
    }
    let other = other_account(named(), candidate.record.as_ref()).cloned();
    Some(LinkRow {
        action: LinkAction::Record,
        place: place.clone(),
        other,
        connected: None,
        customer: candidate.customer,
        name: candidate.name,
        record: candidate.record,
    })
}

/// Turns round what a run recorded: the links of the plan that takes it back.
pub fn plan_undo<L: LinkLedger>(
    plan: PlanId,
    run: RunId,
    ledger: &L,
) -> Result<Planned, LedgerError> {
    let mut planned = Planned::default();
    let mut after: Option<CustomerId> = None;
    loop {
        let mut rows = ledger.recorded_links(run, after.as_ref(), CHUNK)?;
        let Some(last) = rows.last() else { break };
        after = Some(last.customer.clone());
        for row in &mut rows {
            planned.to_link += 1;
            row.other = None;
            (row.action, row.connected) = match row.action {
                LinkAction::Record => (LinkAction::Remove, row.connected.take()),
                LinkAction::Remove => (LinkAction::Record, None),
            };
        }
        ledger.put_link_rows(plan, &rows)?;
    }
    Ok(planned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integration(id: &str) -> Integration {
        Integration {
            id: id.to_owned(),
            label: None,
        }
    }

    #[test]
    fn nobody_guesses_among_several_integrations() {
        let (one, two) = (integration("one"), integration("two"));
        let through = |id: &str| LinkPlace::ConnectedAccount {
            integration: id.to_owned(),
        };
        assert_eq!(place(&[], None), Ok(LinkPlace::Alias));
        assert_eq!(place(std::slice::from_ref(&one), None), Ok(through("one")));
        let both = [one, two];
        assert_eq!(place(&both, Some("two")), Ok(through("two")));
        assert_eq!(
            place(&both, Some("three")),
            Err(NoPlace::Gone("three".to_owned()))
        );
        let several = place(&both, None).map_err(|error| error.to_string());
        let words = several.err().unwrap_or_default();
        assert!(
            words.contains("2 Salesforce integrations (one, two)"),
            "{words}"
        );
    }
}
