//! The mapping of a sync: reading it with samples, and switching its rules.

use drawbridge_model::{
    CustomerBundle, Derived, Describe, Environment, Field, FieldKind, FieldRule, Mapping,
    RuleSource, Sync, SyncId, Target, Value,
};
use drawbridge_sync::mapping::Wanted;
use drawbridge_sync::pack::{self, Facts};
use drawbridge_sync::{mapping as fitting, speaks};

use crate::context::{Context, Workspace};
use crate::convert;
use crate::error::Result;
use crate::view::{
    CellView, ErrorCode, ErrorView, MappingRequest, MappingSaveRequest, MappingView, RuleView,
    SampleCustomer,
};

impl Context {
    /// The mapping, with one customer's values as samples.
    pub async fn mapping_get(&self, request: MappingRequest) -> Result<MappingView> {
        let workspace = self.workspace();
        let (sync, source, connection) = workspace.sync_ends(SyncId(request.sync))?;
        let mapping = workspace.store.mapping(sync.id)?;
        let describe = workspace
            .org(&connection)?
            .describe(&mapping.sobject)
            .await?;
        let sandbox = connection.environment == Some(Environment::Sandbox);
        let sample = workspace.store.nth_customer(source.id, request.sample)?;
        let total = workspace
            .store
            .last_pull(source.id)?
            .map_or(0, |pull| pull.customers);
        let rules = rule_views(&sync, &mapping, &describe, sample.as_ref(), sandbox);
        Ok(MappingView {
            version: mapping.version,
            sobject: mapping.sobject.to_string(),
            rules,
            sample_customer: sample.map(|bundle| SampleCustomer {
                id: bundle.customer.id.to_string(),
                name: bundle.customer.display_name(),
                index: request.sample,
            }),
            sample_total: total,
        })
    }

    /// Saves policies as a new version of the mapping. Plans of the version before go stale.
    pub async fn mapping_save(&self, request: MappingSaveRequest) -> Result<MappingView> {
        let workspace = self.workspace();
        let sync = workspace.sync(SyncId(request.sync))?;
        let mut mapping = workspace.store.mapping(sync.id)?;
        if mapping.version != request.based_on {
            return Err(ErrorView::new(
                ErrorCode::PlanStale,
                format!(
                    "The mapping is at version {} by now, and your changes were made on version \
                     {}: they were not saved.",
                    mapping.version, request.based_on
                ),
            )
            .hint("Reload the mapping and make the changes again."));
        }
        for change in &request.rules {
            let is_external_id = change.field == mapping.external_id.as_str();
            let rule = mapping
                .rules
                .iter_mut()
                .find(|rule| rule.field.as_str() == change.field)
                .ok_or_else(|| ErrorView::not_found(format_args!("rule for {}", change.field)))?;
            let write = convert::write_policy_back(change.write);
            if is_external_id && write != drawbridge_model::WritePolicy::Always {
                return Err(ErrorView::bad_request(format!(
                    "{} carries the customer's id and is always written.",
                    change.field
                )));
            }
            rule.write = write;
            rule.blank = convert::blank_policy_back(change.blank);
            rule.length = convert::length_policy_back(change.length);
        }
        workspace.store.save_mapping(sync.id, &mapping)?;
        self.mapping_get(MappingRequest {
            sync: request.sync,
            sample: 0,
        })
        .await
    }
}

impl Workspace {
    /// Whether e-mail addresses of a sync are masked: only ever in a sandbox.
    pub(crate) fn masks(sync: &Sync, environment: Option<Environment>) -> bool {
        sync.mask_emails && environment == Some(Environment::Sandbox)
    }
}

fn rule_views(
    sync: &Sync,
    mapping: &Mapping,
    describe: &Describe,
    sample: Option<&CustomerBundle>,
    sandbox: bool,
) -> Vec<RuleView> {
    let problems = fitting::validate(mapping, sync.pack, describe);
    mapping
        .rules
        .iter()
        .map(|rule| {
            let problem = problems
                .iter()
                .find(|problem| problem.field() == Some(&rule.field))
                .map(ToString::to_string);
            rule_view(sync, mapping, rule, describe, sample, sandbox, problem)
        })
        .collect()
}

/// What the rule would write for a customer; before its field exists, what the source says.
fn sample_of(
    sync: &Sync,
    rule: &FieldRule,
    field: Option<&Field>,
    facts: &Facts<'_>,
) -> Option<CellView> {
    let stated = || match (pack::derivation(sync.pack, &rule.source)?.derive)(facts) {
        Derived::Known(value) => Some(value),
        Derived::NotKnown => None,
    };
    let value = match field {
        Some(field) => match fitting::look(rule, field, sync.pack, facts) {
            Ok(Wanted::Write(value)) => Some(value),
            Ok(Wanted::BlankLeft) => Some(Value::Blank),
            Ok(Wanted::NotKnown) => None,
            // What does not fit is shown as it is; the preview says why.
            Err(_) => stated(),
        },
        None => stated(),
    }?;
    Some(convert::cell(&value, field.map(|field| field.kind)))
}

fn rule_view(
    sync: &Sync,
    mapping: &Mapping,
    rule: &FieldRule,
    describe: &Describe,
    sample: Option<&CustomerBundle>,
    sandbox: bool,
    problem: Option<String>,
) -> RuleView {
    let derivation = pack::derivation(sync.pack, &rule.source);
    let field = describe.field(&rule.field);
    let package = pack::field_package(sync.pack);
    let planned = package
        .fields
        .iter()
        .find(|planned| planned.name == rule.field);
    let sample = sample.and_then(|bundle| {
        let speaker = speaks::choose(bundle, &sync.speaker);
        let facts = Facts {
            customer: &bundle.customer,
            subscription: speaker.as_ref().map(|speaker| speaker.chosen),
            mask_emails: sync.mask_emails && sandbox,
        };
        sample_of(sync, rule, field, &facts)
    });
    RuleView {
        source: rule.source.clone(),
        source_label: derivation
            .map_or(rule.source.as_str(), |it| it.label)
            .to_owned(),
        explanation: match rule.reads() {
            RuleSource::Expression(_) => "An expression of this mapping.",
            RuleSource::Value(_) => derivation.map_or("", |it| it.explanation),
        }
        .to_owned(),
        source_kind: derivation.map_or("Text", |it| it.kind.word()).to_owned(),
        sample,
        field: rule.field.to_string(),
        field_label: field
            .map(|field| field.label.clone())
            .or_else(|| planned.map(|planned| planned.label.clone()))
            .unwrap_or_else(|| rule.field.to_string()),
        field_kind: field.map(convert::field_kind),
        external_id: rule.field == mapping.external_id,
        has_length: field.is_none_or(|field| {
            matches!(
                field.kind,
                FieldKind::Text | FieldKind::Email | FieldKind::Url
            )
        }),
        write: convert::write_policy(rule.write),
        blank: convert::blank_policy(rule.blank),
        length: convert::length_policy(rule.length),
        problem,
    }
}
