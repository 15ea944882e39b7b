//! `match`.

use drawbridge_api::Context;
use drawbridge_api::view::{
    MatchDecisionView, MatchListRequest, MatchListView, MatchStateView, MatchView, SyncView,
    TakeoverAllRequest, TakeoverAllView, TakeoverView,
};

use super::Done;
use super::match_decisions::{Decided, decide};
use crate::arguments::{Match, MatchState};
use crate::failure::{Exit, Failure};
use crate::report::{Report, grouped, table};
use crate::visible;

/// Customers asked for at a time.
const PAGE: u32 = 500;

pub(super) async fn run(context: &Context, sync: &SyncView, wish: Match, report: Report) -> Done {
    if wish.take_over_all {
        let request = TakeoverAllRequest {
            sync: sync.id,
            apply: wish.yes,
        };
        let all = context.match_take_over_all(request).await?;
        report.answer(&all, || describe_all(&all, &sync.name));
        return Ok(Exit::Done);
    }
    let decided = decide(context, sync, &wish).await?;
    if let (Some(decided), None) = (&decided, wish.list) {
        let document = serde_json::json!({
            "decided": decided.rows,
            "had_no_decision": decided.had_none,
        });
        report.answer(&document, || describe_decided(decided));
        return Ok(Exit::Done);
    }
    let state = wish.list.unwrap_or(MatchState::Proposed);
    let list = every(context, sync, state, &wish.search).await?;
    report.answer(&list, || describe(&list, state));
    Ok(Exit::Done)
}

fn describe_decided(decided: &Decided) -> String {
    let mut said: Vec<String> = Vec::new();
    if !decided.rows.is_empty() {
        let takeovers = self::said(decided.rows.iter().filter_map(|row| row.takeover.as_ref()));
        said.push(format!(
            "{}{takeovers}\nThe next preview follows it.",
            lines(&decided.rows)
        ));
    }
    said.extend(decided.had_none.iter().map(|customer| {
        format!(
            "Nothing was decided of {}, so nothing is taken back.",
            visible::one_line(customer)
        )
    }));
    said.join("\n")
}

async fn every(
    context: &Context,
    sync: &SyncView,
    state: MatchState,
    search: &str,
) -> Result<MatchListView, Failure> {
    let mut request = MatchListRequest {
        sync: sync.id,
        state: match state {
            MatchState::Proposed => MatchStateView::Proposed,
            MatchState::Conflict => MatchStateView::Conflict,
            MatchState::Found => MatchStateView::Found,
            MatchState::NotFound => MatchStateView::NotFound,
            MatchState::Apart => MatchStateView::Apart,
        },
        search: search.to_owned(),
        offset: 0,
        limit: PAGE,
    };
    let mut list = context.match_list(request.clone()).await?;
    while list.rows.len() < list.total as usize {
        request.offset += PAGE;
        let more = context.match_list(request.clone()).await?;
        if more.rows.is_empty() {
            break;
        }
        list.rows.extend(more.rows);
    }
    Ok(list)
}

fn describe(list: &MatchListView, state: MatchState) -> String {
    let counts = list.counts;
    let summary = format!(
        "{} found, {} with proposals, {} in conflict, {} not found, {} set apart; {} decided since.",
        grouped(counts.found),
        grouped(counts.proposed),
        grouped(counts.conflicts),
        grouped(counts.not_found),
        grouped(counts.apart),
        grouped(counts.decided),
    );
    if list.rows.is_empty() {
        return format!("{summary}\nNo customer of this state.");
    }
    let next = match state {
        MatchState::Proposed => {
            "\nAccept one with --accept CUSTOMER=RECORD, or --create-new or --ignore a customer."
        }
        _ => "",
    };
    let takeovers = said(list.rows.iter().flat_map(|row| {
        let decided = row.takeover.as_ref();
        let open = row.proposals.iter().filter(|_| row.decision.is_none());
        decided
            .into_iter()
            .chain(open.filter_map(|it| it.takeover.as_ref()))
    }));
    format!("{summary}\n{}{takeovers}{next}", lines(&list.rows))
}

/// Each sentence on a line of its own.
fn said<'a>(takeovers: impl Iterator<Item = &'a TakeoverView>) -> String {
    takeovers
        .flat_map(|it| ["\n".to_owned(), visible::one_line(&it.message).into_owned()])
        .collect()
}

fn describe_all(all: &TakeoverAllView, sync: &str) -> String {
    let rows: Vec<Vec<String>> = all
        .rows
        .iter()
        .map(|row| {
            vec![
                row.customer.clone(),
                visible::name(&row.name),
                row.record.id.clone(),
                row.former.clone(),
                row.evidence.join(", "),
            ]
        })
        .collect();
    let head = match all.sure {
        0 => "No link of a customer that is gone leads to another one for sure.".to_owned(),
        1 => "1 link leads from a customer that is gone to another one for sure.".to_owned(),
        sure => format!(
            "{} links lead from customers that are gone to other ones for sure.",
            grouped(sure)
        ),
    };
    let mut lines = vec![head];
    if !rows.is_empty() {
        let columns = ["CUSTOMER", "NAME", "RECORD", "TAKES OVER FROM", "WHY"];
        lines.push(table(&columns, &rows));
    }
    if all.unsure > 0 {
        lines.push(format!(
            "{} more have to be looked at one by one: drawbridge-cli match '{sync}' --list",
            grouped(all.unsure)
        ));
    }
    lines.push(match (all.applied, all.sure) {
        (_, 0) => "Nothing was decided.".to_owned(),
        (true, _) => "Decided. The next preview shows each as a change of its record.".to_owned(),
        (false, _) => format!(
            "Nothing was decided. Do it: drawbridge-cli match '{sync}' --take-over-all --yes"
        ),
    });
    lines.join("\n")
}

fn lines(rows: &[MatchView]) -> String {
    let rows: Vec<Vec<String>> = rows.iter().flat_map(cells).collect();
    table(&["CUSTOMER", "NAME", "RECORD", "", "WHY"], &rows)
}

/// A customer's lines: one a proposal, else one.
fn cells(row: &MatchView) -> Vec<Vec<String>> {
    let head = |first: bool| -> [String; 2] {
        if first {
            [row.customer.clone(), visible::name(&row.name)]
        } else {
            [String::new(), String::new()]
        }
    };
    if let Some(decision) = &row.decision {
        let (record, why) = match decision {
            MatchDecisionView::Accept { record } if row.takeover.is_some() => {
                (record.clone(), "takes over the link")
            }
            MatchDecisionView::Accept { record } => (record.clone(), "accepted"),
            MatchDecisionView::CreateNew => (String::new(), "gets a new record"),
            MatchDecisionView::Ignore => (String::new(), "is left out"),
        };
        let [customer, name] = head(true);
        // What contradicts the decision is what has to be settled.
        let why = row.problem.clone().unwrap_or_else(|| why.to_owned());
        return vec![vec![customer, name, record, String::new(), why]];
    }
    if row.proposals.is_empty() {
        let [customer, name] = head(true);
        let record = row
            .record
            .as_ref()
            .map_or(String::new(), |it| it.id.clone());
        let why = row.problem.clone().or_else(|| row.matched_by.clone());
        return vec![vec![
            customer,
            name,
            record,
            String::new(),
            why.unwrap_or_default(),
        ]];
    }
    let proposals = row.proposals.iter().enumerate();
    proposals
        .map(|(place, proposal)| {
            let [customer, name] = head(place == 0);
            let taken = proposal.taken_by.as_ref();
            let taken = taken.map(|other| format!(" (it carries the id of {other})"));
            let former = proposal.takeover.as_ref();
            let taken =
                taken.or(former.map(|it| format!(" (linked to {}, which is gone)", it.customer)));
            vec![
                customer,
                name,
                proposal.record.id.clone(),
                format!("{}%", proposal.score),
                format!(
                    "{}{}",
                    proposal.evidence.join(", "),
                    taken.unwrap_or_default()
                ),
            ]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use drawbridge_api::view::{MatchCountsView, ProposalView, RecordView};

    use super::*;

    fn record() -> RecordView {
        RecordView {
            id: "0015f00000TwA02AAF".to_owned(),
            name: Some("Mueller KG".to_owned()),
            url: None,
        }
    }

    fn takeover(message: &str) -> TakeoverView {
        TakeoverView {
            customer: "umlaut".to_owned(),
            name: None,
            gone_at: None,
            message: message.to_owned(),
        }
    }

    #[test]
    fn a_link_of_a_customer_that_is_gone_is_told() {
        let mut row = MatchView {
            customer: "umlaut2".to_owned(),
            name: "Mueller".to_owned(),
            state: MatchStateView::Proposed,
            record: None,
            matched_by: None,
            proposals: vec![ProposalView {
                record: record(),
                score: 80,
                evidence: vec!["the address a@b.example".to_owned()],
                taken_by: None,
                takeover: Some(takeover("It is linked to customer umlaut.")),
            }],
            problem: None,
            decision: None,
            takeover: None,
        };
        let list = |row: &MatchView| MatchListView {
            rows: vec![row.clone()],
            total: 1,
            counts: MatchCountsView::default(),
        };
        let told = describe(&list(&row), MatchState::Proposed);
        for part in [
            "0015f00000TwA02AAF",
            "(linked to umlaut, which is gone)",
            "It is linked to customer umlaut.",
            "--accept CUSTOMER=RECORD",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        row.decision = Some(MatchDecisionView::Accept {
            record: record().id,
        });
        row.takeover = Some(takeover("It was decided that umlaut2 takes over."));
        let told = describe(&list(&row), MatchState::Proposed);
        assert!(told.contains("takes over the link"), "{told}");
        assert!(
            told.contains("It was decided that umlaut2 takes over."),
            "{told}"
        );
        assert!(!told.contains("It is linked"), "{told}");
        row.problem = Some("Customer other has this record too.".to_owned());
        let told = describe(&list(&row), MatchState::Conflict);
        assert!(
            told.contains("Customer other has this record too."),
            "{told}"
        );
    }
}
