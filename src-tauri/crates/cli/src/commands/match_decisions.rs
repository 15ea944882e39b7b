//! What `match` decides: every decision of one call is looked at before the first is made.

use std::collections::{HashMap, HashSet};

use drawbridge_api::Context;
use drawbridge_api::view::{MatchDecideRequest, MatchDecisionView, MatchView, PackView, SyncView};

use crate::arguments::Match;
use crate::failure::Failure;

/// Characters of a record's id without its check characters.
const BARE_ID: usize = 15;

/// What one call came to.
pub(super) struct Decided {
    /// Customers as they stand now.
    pub(super) rows: Vec<MatchView>,
    /// Customers whose decision was to be taken back, and who had none.
    pub(super) had_none: Vec<String>,
}

/// One customer and what is decided of it; `None` takes a decision back.
type Decision = (String, Option<MatchDecisionView>);

/// Makes the decisions that were given. `None` where none was.
pub(super) async fn decide(
    context: &Context,
    sync: &SyncView,
    wish: &Match,
) -> Result<Option<Decided>, Failure> {
    let decisions = decisions(wish)?;
    refuse_twofold(&decisions, sync.pack == PackView::ProfitwellAccount)?;
    let mut standing = Vec::new();
    for (customer, decision) in decisions {
        let now = context.match_get(sync.id, &customer).await?;
        standing.push((customer, decision, now.decision.is_some()));
    }
    if standing.is_empty() {
        return Ok(None);
    }
    let mut done = Decided {
        rows: Vec::new(),
        had_none: Vec::new(),
    };
    for (customer, decision, has_one) in standing {
        if decision.is_none() && !has_one {
            done.had_none.push(customer);
            continue;
        }
        let request = MatchDecideRequest {
            sync: sync.id,
            customer,
            decision,
        };
        let row = context.match_decide(request).await;
        done.rows
            .push(row.map_err(|error| after(&done.rows, error))?);
    }
    Ok(Some(done))
}

/// An error, and what was decided before it.
fn after(before: &[MatchView], mut error: drawbridge_api::view::ErrorView) -> Failure {
    if !before.is_empty() {
        let customers: Vec<&str> = before.iter().map(|row| row.customer.as_str()).collect();
        error.message = format!(
            "{} Decided before it, and kept: {}.",
            error.message,
            customers.join(", ")
        );
    }
    Failure(error)
}

/// What is decided about whom, in the order of the options.
fn decisions(wish: &Match) -> Result<Vec<Decision>, Failure> {
    let mut decisions = Vec::new();
    for pair in &wish.accept {
        let (customer, record) = pair.split_once('=').ok_or_else(|| {
            Failure::usage(format!(
                "“{pair}” is not CUSTOMER=RECORD. Nothing was decided."
            ))
        })?;
        let record = record.trim().to_owned();
        let accept = MatchDecisionView::Accept { record };
        decisions.push((customer.trim().to_owned(), Some(accept)));
    }
    for (customers, decision) in [
        (&wish.create_new, Some(MatchDecisionView::CreateNew)),
        (&wish.ignore, Some(MatchDecisionView::Ignore)),
        (&wish.undecide, None),
    ] {
        let each = customers.iter().cloned();
        decisions.extend(each.map(|customer| (customer, decision.clone())));
    }
    Ok(decisions)
}

/// Refuses two decisions for one customer, and two customers for one record unless the sync adds
/// them up on it: which of them is meant is not guessed.
fn refuse_twofold(decisions: &[Decision], shares: bool) -> Result<(), Failure> {
    let mut customers = HashSet::new();
    let mut records: HashMap<&str, &str> = HashMap::new();
    for (customer, decision) in decisions {
        if !customers.insert(customer) {
            return Err(Failure::usage(format!(
                "Customer {customer} is given two decisions. Give one. Nothing was decided."
            )));
        }
        let Some(MatchDecisionView::Accept { record }) = decision else {
            continue;
        };
        let id = record.get(..BARE_ID).unwrap_or(record);
        match records.insert(id, customer) {
            Some(other) if !shares => {
                return Err(Failure::usage(format!(
                    "Customers {other} and {customer} are both given record {record}. Give it to \
                     one of them. Nothing was decided."
                )));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(customer: &str, record: &str) -> Decision {
        let record = record.to_owned();
        let accept = MatchDecisionView::Accept { record };
        (customer.to_owned(), Some(accept))
    }

    #[test]
    fn customers_share_a_record_only_where_they_are_added_up() {
        let both = [
            accept("a", "0015f00000TwA02AAF"),
            accept("b", "0015f00000TwA02"),
        ];
        let refused = refuse_twofold(&both, false).unwrap_err().0;
        assert!(refused.message.contains("Customers a and b"), "{refused}");
        assert!(refuse_twofold(&both, true).is_ok());
        let apart = [
            accept("a", "0015f00000TwA02AAF"),
            accept("b", "0015f00000TwA03AAF"),
        ];
        assert!(refuse_twofold(&apart, false).is_ok());
        let twice = [apart[0].clone(), ("a".to_owned(), None)];
        let refused = refuse_twofold(&twice, true).unwrap_err().0;
        assert!(refused.message.contains("two decisions"), "{refused}");
    }
}
