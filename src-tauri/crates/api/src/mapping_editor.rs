//! What helps to write a rule: trying it on customers, what may be used, and what is proposed.

use drawbridge_model::{Describe, Field, FieldKind, FieldRule, Pack, SyncId};
use drawbridge_sync::mapping::{self as fitting, MappingProblem, ProblemKind, Wanted, expression};
use drawbridge_sync::pack::{self, Facts};

use crate::context::{Context, count};
use crate::convert;
use crate::describes::Age;
use crate::error::Result;
use crate::mapping_views::{Look, draft, problem, rule, with_rules};
use crate::view::{
    CellView, FieldChoiceView, MappingProposalsRequest, MappingTermsView, MappingTryRequest,
    MappingTryView, RuleProposalView, SourceValueView, SyncRequest, TermView, TryProblem,
    TrySample,
};

/// Customers a rule is shown on.
const SAMPLES: u32 = 5;

impl Context {
    /// One rule, checked against its field and tried on five customers as they were last read.
    pub async fn mapping_try(&self, request: MappingTryRequest) -> Result<MappingTryView> {
        let workspace = self.workspace();
        let (sync, source, org) = workspace.sync_ends(SyncId(request.sync))?;
        let saved = workspace.store.mapping(sync.id)?;
        let describe = self
            .describe(&workspace, &org, &saved.sobject, Age::Known)
            .await?;
        let alone = with_rules(&saved, std::slice::from_ref(&request.rule));
        let problems = fitting::problems(&alone, sync.pack, &describe, sync.account_policy);
        let (customers, total) = workspace.store.sample_customers(
            source.id,
            &request.search,
            request.offset,
            SAMPLES,
        )?;
        let customers = customers
            .into_iter()
            .map(|bundle| workspace.sampled(&sync, bundle))
            .collect::<Result<Vec<_>>>()?;
        let look = Look {
            sync: &sync,
            describe: &describe,
            environment: org.environment,
        };
        let rule = rule(&request.rule);
        let field = describe.field(&rule.field);
        Ok(MappingTryView {
            problems: problems
                .iter()
                .filter(|it| it.rule.is_some())
                .map(try_problem)
                .collect(),
            samples: customers
                .iter()
                .map(|bundle| {
                    let tried = tried(&rule, field, sync.pack, &look.facts(bundle));
                    TrySample {
                        id: bundle.customer.id.to_string(),
                        name: bundle.display_name(),
                        value: tried.value,
                        why_not: tried.why_not,
                        blocked: tried.blocked,
                    }
                })
                .collect(),
            total,
            field_kind: field.map(convert::field_kind),
        })
    }

    /// Everything a rule of the sync may be made of, with what each is.
    pub async fn mapping_terms(&self, request: SyncRequest) -> Result<MappingTermsView> {
        let sync = self.workspace().sync(SyncId(request.sync))?;
        let term = |term: &expression::Term| TermView {
            name: term.name.to_owned(),
            usage: term.usage.to_owned(),
            explanation: term.explanation.to_owned(),
        };
        Ok(MappingTermsView {
            values: pack::derivations(sync.pack)
                .iter()
                .map(|value| SourceValueView {
                    name: value.name.to_owned(),
                    label: value.label.to_owned(),
                    explanation: value.explanation.to_owned(),
                    kind: value.kind.word().to_owned(),
                })
                .collect(),
            names: expression::known_names(sync.pack)
                .iter()
                .map(|(name, explanation)| TermView {
                    name: name.clone(),
                    usage: name.clone(),
                    explanation: (*explanation).to_owned(),
                })
                .collect(),
            filters: expression::FILTERS.iter().map(term).collect(),
            tests: expression::TESTS.iter().map(term).collect(),
        })
    }

    /// The fields of the sync's sObject a rule may fill, by label, from a fresh describe.
    pub async fn mapping_fields(&self, request: SyncRequest) -> Result<Vec<FieldChoiceView>> {
        let workspace = self.workspace();
        let (sync, _, org) = workspace.sync_ends(SyncId(request.sync))?;
        let sobject = workspace.store.mapping(sync.id)?.sobject;
        let describe = self
            .describe(&workspace, &org, &sobject, Age::Fresh)
            .await?;
        let mut choices: Vec<FieldChoiceView> = describe
            .fields
            .iter()
            .filter(|field| field.updateable)
            .filter(|field| !matches!(field.kind, FieldKind::Reference | FieldKind::Other))
            .map(|field| FieldChoiceView {
                name: field.name.to_string(),
                label: field.label.clone(),
                kind: convert::field_kind(field),
                custom: field.custom,
                required: field.required_on_create(),
            })
            .collect();
        choices.sort_by_key(|choice| choice.label.to_lowercase());
        Ok(choices)
    }

    /// Rules the org's describe invites, besides those there are.
    pub async fn mapping_proposals(
        &self,
        request: MappingProposalsRequest,
    ) -> Result<Vec<RuleProposalView>> {
        let workspace = self.workspace();
        let (sync, _, org) = workspace.sync_ends(SyncId(request.sync))?;
        let saved = workspace.store.mapping(sync.id)?;
        let describe = self
            .describe(&workspace, &org, &saved.sobject, Age::Known)
            .await?;
        let mapping = with_rules(&saved, &request.rules);
        Ok(fitting::propose(&mapping, sync.pack, &describe)
            .into_iter()
            .map(|proposal| proposal_view(&proposal, sync.pack, &describe))
            .collect())
    }
}

/// What a rule gives one customer.
struct Tried {
    value: Option<CellView>,
    why_not: Option<String>,
    blocked: bool,
}

fn tried(rule: &FieldRule, field: Option<&Field>, pack: Pack, facts: &Facts<'_>) -> Tried {
    let not = |why: String, blocked| Tried {
        value: None,
        why_not: Some(why),
        blocked,
    };
    let Some(field) = field else {
        let why = format!(
            "{} does not exist in this org, or you cannot see it.",
            rule.field
        );
        return not(why, true);
    };
    match fitting::look(rule, field, pack, facts) {
        Ok(Wanted::Write(value)) => Tried {
            value: Some(convert::cell(&value, Some(field.kind))),
            why_not: None,
            blocked: false,
        },
        Ok(Wanted::BlankLeft) => not("Blank: the field is left alone.".to_owned(), false),
        Ok(Wanted::NotKnown) => not("Not known: the field is left alone.".to_owned(), false),
        Err(reason) => not(reason.to_string(), true),
    }
}

fn try_problem(found: &MappingProblem) -> TryProblem {
    let mut view = problem(found);
    let place = match &found.kind {
        ProblemKind::Expression(it) => {
            // Its place is told apart from the sentence.
            view.message.clone_from(&it.sentence);
            Some((it.line, it.column))
        }
        _ => None,
    };
    TryProblem {
        problem: view,
        line: place.map(|(line, _)| count(line)),
        column: place.map(|(_, column)| count(column)),
    }
}

fn proposal_view(
    proposal: &fitting::RuleProposal,
    pack: Pack,
    describe: &Describe,
) -> RuleProposalView {
    let rule = &proposal.rule;
    let field = describe.field(&rule.field);
    RuleProposalView {
        rule: draft(rule),
        field_label: field.map_or_else(|| rule.field.to_string(), |field| field.label.clone()),
        field_kind: field.map(convert::field_kind).unwrap_or_default(),
        source_label: pack::derivation(pack, &rule.source)
            .map_or(rule.source.as_str(), |value| value.label)
            .to_owned(),
        because: proposal.because.clone(),
    }
}
