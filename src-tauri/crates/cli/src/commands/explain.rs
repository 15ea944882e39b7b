//! `explain`: where the values of a record come from.

use drawbridge_api::Context;
use drawbridge_api::view::{
    CellView, ErrorCode, SyncView, ValueExplainRequest, ValueExplainView, ValueStanding, ValueView,
    ValueWriteView,
};

use super::Done;
use crate::failure::Exit;
use crate::report::{Report, moment, table};
use crate::visible;

pub(super) async fn run(
    context: &Context,
    sync: &SyncView,
    of: String,
    field: Option<String>,
    report: Report,
) -> Done {
    let request = ValueExplainRequest {
        sync: sync.id,
        customer: Some(of.clone()),
        record: None,
        field,
    };
    let by_record = ValueExplainRequest {
        customer: None,
        record: Some(of.clone()),
        ..request.clone()
    };
    let told = match context.value_explain(request).await {
        // A record's id has 15 or 18 letters and digits.
        Err(error) if error.code == ErrorCode::NotFound && matches!(of.len(), 15 | 18) => {
            context.value_explain(by_record).await.map_err(|other| {
                if other.code == ErrorCode::BadRequest {
                    error
                } else {
                    other
                }
            })
        }
        told => told,
    }?;
    report.answer(&told, || text(&told));
    Ok(Exit::Done)
}

/// An explanation for people.
fn text(told: &ValueExplainView) -> String {
    let mut lines = vec![format!(
        "{}{}: {}",
        told.name,
        told.customer
            .as_ref()
            .filter(|customer| **customer != told.name)
            .map_or(String::new(), |customer| format!(" ({customer})")),
        match &told.record {
            Some(record) => format!("record {record} in {}", told.org_name),
            None => format!("no record in {}", told.org_name),
        }
    )];
    lines.extend(told.record_url.iter().map(|url| format!("  {url}")));
    lines.push(match &told.read_at {
        Some(at) => format!("  Salesforce was last read {} UTC.", moment(at)),
        None => "  Salesforce was not read yet.".to_owned(),
    });
    let about = told.takeover.iter().chain(&told.speaks);
    lines.extend(about.map(|sentence| format!("  {sentence}")));
    for field in &told.fields {
        lines.push(String::new());
        lines.extend(field_lines(told, field));
    }
    visible::lines(&lines)
}

fn field_lines(told: &ValueExplainView, field: &ValueView) -> Vec<String> {
    let name = if field.label == field.field {
        field.field.clone()
    } else {
        format!("{} ({})", field.label, field.field)
    };
    let mut lines = vec![
        name,
        format!("  In Salesforce: {}", standing(field)),
        format!(
            "  In {} now: {}",
            told.source_name,
            field.billing.as_ref().map_or("not known", cell)
        ),
    ];
    match &field.rule {
        Some(rule) => {
            lines.push(format!(
                "  Rule: {}, {} (mapping version {})",
                rule.source, rule.policy, rule.mapping_version
            ));
            lines.push(format!("    {}", rule.sentence));
            lines.extend(
                field
                    .steps
                    .iter()
                    .map(|step| format!("    {}: {}", step.label, step.value)),
            );
        }
        None => lines.push("  Rule: none fills it any more".to_owned()),
    }
    if field.writes.is_empty() {
        return lines;
    }
    let rows: Vec<Vec<String>> = field
        .writes
        .iter()
        .map(|write| {
            vec![
                write.run.to_string(),
                moment(&write.at),
                write.user_name.clone().unwrap_or_default(),
                cell(&write.before).to_owned(),
                cell(&write.after).to_owned(),
                why(write),
            ]
        })
        .collect();
    let writes = table(&["RUN", "SENT (UTC)", "BY", "FROM", "TO", "WHY"], &rows);
    lines.extend(writes.lines().map(|line| format!("  {line}")));
    lines
}

fn standing(field: &ValueView) -> String {
    let value = field.salesforce.as_ref().map_or("not known", cell);
    match field.standing {
        ValueStanding::NeverWritten => format!("{value}, never written by Drawbridge"),
        ValueStanding::NotReadSince => format!("{value}, but not read since the last write"),
        ValueStanding::ReadBack => format!("{value}, as written and read back"),
        ValueStanding::Gone => "the record is not there any more".to_owned(),
        ValueStanding::AsWritten => format!("{value}, as written"),
        ValueStanding::Drifted => {
            let drift = field.drift.as_ref();
            let by = drift
                .and_then(|drift| drift.by.as_deref())
                .unwrap_or("somebody");
            let at = drift
                .and_then(|drift| drift.at.as_deref())
                .map_or(String::new(), |at| format!(", {} UTC", moment(at)));
            format!("{value}, changed there since it was written (last saved by {by}{at})")
        }
    }
}

fn why(write: &ValueWriteView) -> String {
    let why = match (&write.undoes, &write.rule) {
        (Some(run), _) => format!("undoes run {run}"),
        (None, Some(rule)) => format!("{}, mapping version {}", rule.source, rule.mapping_version),
        (None, None) => String::new(),
    };
    match write.undone_by {
        Some(run) => format!("{why}; undone by run {run}"),
        None => why,
    }
}

fn cell(cell: &CellView) -> &str {
    if cell.text.is_empty() {
        "blank"
    } else {
        &cell.text
    }
}

#[cfg(test)]
mod tests {
    use drawbridge_api::view::{CellKind, DriftView, RuleTold, StepView};

    use super::*;

    fn amount(text: &str) -> CellView {
        CellView {
            kind: CellKind::Money,
            text: text.to_owned(),
        }
    }

    fn rule(mapping_version: u32) -> RuleTold {
        RuleTold {
            source: "subscription.value".to_owned(),
            sentence: "Revenue per billing interval.".to_owned(),
            policy: "always".to_owned(),
            mapping_version,
        }
    }

    #[test]
    fn an_explanation_names_rule_runs_undo_and_drift() {
        let written = ValueWriteView {
            run: 12,
            at: "2026-11-21T09:28:00Z".to_owned(),
            user_name: Some("Ana Ruiz".to_owned()),
            before: amount(""),
            after: amount("290.00"),
            undoes: None,
            undone_by: Some(13),
            rule: Some(rule(6)),
        };
        let undone = ValueWriteView {
            run: 13,
            at: "2026-11-21T10:00:00Z".to_owned(),
            before: amount("290.00"),
            after: amount(""),
            undoes: Some(12),
            undone_by: None,
            rule: None,
            ..written.clone()
        };
        let value = ValueView {
            field: "Alguna_Subscription_Value__c".to_owned(),
            label: "Alguna Subscription Value".to_owned(),
            rule: Some(rule(7)),
            steps: vec![StepView {
                label: "MRR in Alguna, complete".to_owned(),
                value: "290.00".to_owned(),
            }],
            billing: Some(amount("290.00")),
            salesforce: Some(amount("77.50")),
            standing: ValueStanding::Drifted,
            drift: Some(DriftView {
                by: Some("Tom Okafor".to_owned()),
                at: Some("2026-11-21T11:00:00Z".to_owned()),
            }),
            writes: vec![undone, written],
        };
        let never = ValueView {
            field: "Fax".to_owned(),
            label: "Fax".to_owned(),
            rule: None,
            steps: Vec::new(),
            billing: None,
            salesforce: None,
            standing: ValueStanding::NeverWritten,
            drift: None,
            writes: Vec::new(),
        };
        let told = ValueExplainView {
            sync: 1,
            sync_name: "Alguna to UAT".to_owned(),
            source_name: "Alguna".to_owned(),
            org_name: "UAT".to_owned(),
            customer: Some("cus_1".to_owned()),
            name: "Highgate Ltd".to_owned(),
            record: Some("0015f00000TwA01AAF".to_owned()),
            record_url: Some("https://uat.my.salesforce.com/0015f00000TwA01AAF".to_owned()),
            read_at: Some("2026-11-21T12:00:00Z".to_owned()),
            speaks: vec!["From Team, the only subscription.".to_owned()],
            takeover: None,
            fields: vec![value, never],
        };
        insta::assert_snapshot!(text(&told));
    }
}
