//! A mapping as screens show it: each rule with its label, sample and problems.

use drawbridge_model::{
    CustomerBundle, Derived, Describe, Environment, Field, FieldKind, FieldName, FieldRule,
    Mapping, RuleSource, SObjectName, Sync, Value,
};
use drawbridge_sync::mapping::{DifferenceKind, MappingProblem, RuleDifference, Severity, Wanted};
use drawbridge_sync::pack::{self, Facts};
use drawbridge_sync::{mapping as fitting, speaks};

use crate::convert;
use crate::view::{
    CellView, DifferenceKindView, MappingProblemView, MappingView, RuleDifferenceView, RuleDraft,
    RuleView, SampleCustomer, SeverityView,
};

/// What a mapping is looked at with.
pub(crate) struct Look<'a> {
    pub(crate) sync: &'a Sync,
    pub(crate) describe: &'a Describe,
    /// Environment of the sync's org.
    pub(crate) environment: Option<Environment>,
}

impl Look<'_> {
    /// Every problem of a mapping: with the org, and with what it gives these customers.
    pub(crate) fn problems(
        &self,
        mapping: &Mapping,
        customers: &[CustomerBundle],
    ) -> Vec<MappingProblem> {
        let Sync {
            pack,
            account_policy,
            ..
        } = *self.sync;
        let mut found = fitting::problems(mapping, pack, self.describe, account_policy);
        let facts: Vec<Facts<'_>> = customers.iter().map(|bundle| self.facts(bundle)).collect();
        for tried in fitting::never_fitting(mapping, self.describe, pack, &facts) {
            // What is known without trying says it better.
            let known =
                |it: &MappingProblem| it.rule == tried.rule && it.severity() != Severity::Warns;
            if !found.iter().any(known) {
                found.push(tried);
            }
        }
        found
    }

    /// The whole mapping with its problems, and with one customer's values as samples.
    pub(crate) fn mapping(
        &self,
        mapping: &Mapping,
        found: &[MappingProblem],
        sample: Option<(&CustomerBundle, u32)>,
        sample_total: u32,
    ) -> MappingView {
        let of = |rule: Option<usize>| -> Vec<MappingProblemView> {
            let found = found.iter().filter(|problem| problem.rule == rule);
            found.map(problem).collect()
        };
        let rules = mapping
            .rules
            .iter()
            .enumerate()
            .map(|(index, rule)| {
                let bundle = sample.map(|(bundle, _)| bundle);
                self.rule(mapping, rule, bundle, of(Some(index)))
            })
            .collect();
        MappingView {
            version: mapping.version,
            sobject: mapping.sobject.to_string(),
            rules,
            problems: of(None),
            sample_customer: sample.map(|(bundle, index)| SampleCustomer {
                id: bundle.customer.id.to_string(),
                name: bundle.display_name(),
                index,
            }),
            sample_total,
            unreached: None,
        }
    }

    /// What a customer gives its rules.
    pub(crate) fn facts<'b>(&self, bundle: &'b CustomerBundle) -> Facts<'b> {
        Facts {
            customer: &bundle.customer,
            subscription: speaks::choose(bundle, &self.sync.speaker).map(|speaker| speaker.chosen),
            members: &bundle.members,
            mask_emails: crate::context::Workspace::masks(self.sync, self.environment),
        }
    }

    fn rule(
        &self,
        mapping: &Mapping,
        rule: &FieldRule,
        sample: Option<&CustomerBundle>,
        problems: Vec<MappingProblemView>,
    ) -> RuleView {
        let pack = self.sync.pack;
        let derivation = pack::derivation(pack, &rule.source);
        let field = self.describe.field(&rule.field);
        let package = pack::field_package(pack);
        let planned = package.fields.iter().find(|it| it.name == rule.field);
        let expression = matches!(rule.reads(), RuleSource::Expression(_));
        let (sample, sample_problem) = sample.map_or((None, None), |bundle| {
            self.sample(rule, field, &self.facts(bundle))
        });
        let source_label = match (derivation, expression) {
            (Some(derivation), _) => derivation.label,
            (None, true) => "Expression",
            (None, false) if rule.source.is_empty() => "Nothing yet",
            (None, false) => &rule.source,
        };
        RuleView {
            source: rule.source.clone(),
            expression,
            source_label: source_label.to_owned(),
            explanation: if expression {
                "An expression of this mapping.".to_owned()
            } else {
                derivation.map_or("", |it| it.explanation).to_owned()
            },
            source_kind: derivation
                .map_or(if expression { "Expression" } else { "Text" }, |it| {
                    it.kind.word()
                })
                .to_owned(),
            sample,
            sample_problem,
            field: rule.field.to_string(),
            field_label: field
                .map(|field| field.label.clone())
                .or_else(|| planned.map(|planned| planned.label.clone()))
                .unwrap_or_else(|| rule.field.to_string()),
            field_kind: field.map(convert::field_kind),
            external_id: !pack.rolls_up() && rule.field == mapping.external_id,
            has_length: field.is_none_or(|field| {
                matches!(
                    field.kind,
                    FieldKind::Text | FieldKind::Email | FieldKind::Url
                )
            }),
            required: field.is_some_and(Field::required_on_create),
            write: convert::write_policy(rule.write),
            blank: convert::blank_policy(rule.blank),
            length: convert::length_policy(rule.length),
            problems,
        }
    }

    /// What the rule would write for a customer; before its field exists, what the source says.
    /// What does not fit is shown as the source says it, with why.
    fn sample(
        &self,
        rule: &FieldRule,
        field: Option<&Field>,
        facts: &Facts<'_>,
    ) -> (Option<CellView>, Option<String>) {
        let pack = self.sync.pack;
        let stated = || match (pack::derivation(pack, &rule.source)?.derive)(facts) {
            Derived::Known(value) => Some(value),
            Derived::NotKnown => None,
        };
        let (value, problem) = match field {
            Some(field) => match fitting::look(rule, field, pack, facts) {
                Ok(Wanted::Write(value)) => (Some(value), None),
                Ok(Wanted::BlankLeft) => (Some(Value::Blank), None),
                Ok(Wanted::NotKnown) => (None, None),
                Err(reason) => (stated(), Some(reason.to_string())),
            },
            None => (stated(), None),
        };
        let cell = value.map(|value| convert::cell(&value, field.map(|field| field.kind)));
        (cell, problem)
    }
}

pub(crate) fn problem(problem: &MappingProblem) -> MappingProblemView {
    MappingProblemView {
        severity: match problem.severity() {
            Severity::Stops => SeverityView::Stops,
            Severity::Blocks => SeverityView::Blocks,
            Severity::Warns => SeverityView::Warns,
        },
        message: problem.to_string(),
        next_step: problem.next_step(),
    }
}

pub(crate) fn difference(difference: RuleDifference) -> RuleDifferenceView {
    RuleDifferenceView {
        field: difference.field.to_string(),
        kind: match difference.kind {
            DifferenceKind::Added => DifferenceKindView::Added,
            DifferenceKind::Removed => DifferenceKindView::Removed,
            DifferenceKind::Changed => DifferenceKindView::Changed,
        },
        sentences: difference.sentences,
    }
}

/// A rule as a person writes it.
pub(crate) fn draft(rule: &FieldRule) -> RuleDraft {
    RuleDraft {
        field: rule.field.to_string(),
        source: rule.source.clone(),
        write: convert::write_policy(rule.write),
        blank: convert::blank_policy(rule.blank),
        length: convert::length_policy(rule.length),
    }
}

/// And back.
pub(crate) fn rule(draft: &RuleDraft) -> FieldRule {
    FieldRule {
        source: draft.source.trim().to_owned(),
        field: FieldName(draft.field.clone()),
        write: convert::write_policy_back(draft.write),
        blank: convert::blank_policy_back(draft.blank),
        length: convert::length_policy_back(draft.length),
    }
}

/// The saved mapping with other rules.
pub(crate) fn with_rules(saved: &Mapping, rules: &[RuleDraft]) -> Mapping {
    Mapping {
        version: saved.version,
        sobject: SObjectName(saved.sobject.to_string()),
        external_id: saved.external_id.clone(),
        rules: rules.iter().map(rule).collect(),
    }
}
