//! Where a value comes from: the rule, the run, what stood there before, and what stands there now.
//! Everything is told from what is stored, so it works offline.

use std::collections::BTreeSet;

use drawbridge_model::{
    CustomerBundle, CustomerId, Describe, Field, FieldName, FieldRule, Mapping, Pack, Record,
    RecordId, RuleSource, RunId, RunStatus, Sync, SyncId, Value,
};
use drawbridge_store::FieldWrite;
use drawbridge_sync::mapping::{self as fitting, Wanted};
use drawbridge_sync::pack::{self, Facts};
use drawbridge_sync::plan::{self, FieldExplanation};
use drawbridge_sync::speaks;
use jiff::Timestamp;

use crate::context::{Context, Workspace};
use crate::convert;
use crate::error::Result;
use crate::plan_rows::policy;
use crate::takeovers;
use crate::view::{
    DriftView, ErrorView, RuleTold, StepView, ValueExplainRequest, ValueExplainView, ValueStanding,
    ValueView, ValueWriteView,
};

impl Context {
    /// Where the values of a customer's record come from.
    pub async fn value_explain(&self, request: ValueExplainRequest) -> Result<ValueExplainView> {
        let workspace = self.workspace();
        let subject = Subject::find(&workspace, &request)?;
        let mut fields = subject.fields(&workspace)?;
        if let Some(wanted) = &request.field {
            fields.retain(|field| {
                field.field.eq_ignore_ascii_case(wanted) || field.label.eq_ignore_ascii_case(wanted)
            });
            if fields.is_empty() {
                return Err(ErrorView::not_found(format_args!(
                    "field “{wanted}” that “{}” fills, or ever filled here",
                    subject.sync.name
                ))
                .hint("Leave the field out to see all of them."));
            }
        }
        subject.view(&workspace, fields)
    }
}

/// The record that is asked about, and everything known of it.
struct Subject {
    sync: Sync,
    customer: Option<CustomerId>,
    record: Option<RecordId>,
    bundle: Option<CustomerBundle>,
    /// The record as it was last read.
    read: Option<Record>,
    /// The run that deleted it.
    deleted_by: Option<RunId>,
    /// When Salesforce was last read.
    read_at: Option<Timestamp>,
    /// The last describe.
    describe: Option<Describe>,
    mapping: Mapping,
    writes: Vec<FieldWrite>,
    /// Runs among them that read back all they had written, and found it so.
    read_back: BTreeSet<RunId>,
    mask_emails: bool,
    /// Why its subscription speaks, and which others there are.
    speaks: Vec<String>,
    explained: Vec<FieldExplanation>,
}

/// The runs of these writes that read back all they had written, and found it so.
fn read_back(workspace: &Workspace, writes: &[FieldWrite]) -> Result<BTreeSet<RunId>> {
    let runs: BTreeSet<RunId> = writes.iter().map(|write| write.run).collect();
    let mut found = BTreeSet::new();
    for run in runs {
        let record = workspace.run(run)?;
        if record.status == RunStatus::Finished && record.differs == Some(0) {
            found.insert(run);
        }
    }
    Ok(found)
}

impl Subject {
    fn find(workspace: &Workspace, request: &ValueExplainRequest) -> Result<Self> {
        let store = &workspace.store;
        let (sync, source, org) = workspace.sync_ends(SyncId(request.sync))?;
        let mut customer = request.customer.as_deref().map(CustomerId::from);
        let mut record = request
            .record
            .as_deref()
            .map(|text| {
                RecordId::parse(text).map_err(|error| ErrorView::bad_request(format!("{error}.")))
            })
            .transpose()?;
        match (&customer, &record) {
            (None, None) => {
                return Err(ErrorView::bad_request(
                    "Name a customer or a record to explain.",
                ));
            }
            (Some(of), None) => record = store.record_of_customer(sync.id, of)?,
            (None, Some(of)) => customer = store.customer_of_record(sync.id, of)?,
            (Some(_), Some(_)) => {}
        }
        let writes = match (&record, &customer) {
            (Some(record), _) => store.writes_to_record(sync.id, record)?,
            (None, Some(customer)) => store.writes_for_customer(sync.id, customer)?,
            (None, None) => Vec::new(),
        };
        let bundle = match &customer {
            Some(customer) => store
                .customer_detail(source.id, customer)?
                .map(|detail| workspace.together(&sync, detail.bundle, record.as_ref()))
                .transpose()?,
            None => None,
        };
        // The record of the last write, where the customer has none any more.
        let last = record
            .as_ref()
            .or(writes.first().map(|write| &write.record));
        let (read, deleted_by) = match last {
            Some(last) => (
                store.cached_record(sync.id, last)?,
                store.deleted_by(sync.id, last)?,
            ),
            None => (None, None),
        };
        if bundle.is_none() && read.is_none() && writes.is_empty() {
            let asked = request.customer.as_deref().or(request.record.as_deref());
            return Err(ErrorView::not_found(format_args!(
                "customer or record “{}” in “{}”",
                asked.unwrap_or_default(),
                sync.name
            ))
            .hint("Give the id as the billing system or Salesforce writes it. A preview reads both sides."));
        }
        let reading = store.latest_reading(sync.id)?;
        let described = match (&reading, writes.first()) {
            (Some(plan), _) => Some(plan.id),
            (None, Some(write)) => Some(write.plan),
            (None, None) => None,
        };
        let mapping = store.mapping(sync.id)?;
        let mask_emails = Workspace::masks(&sync, org.environment);
        let (speaks, explained) = bundle
            .as_ref()
            .map(|bundle| plan::explain(bundle, &mapping, sync.pack, &sync.speaker, mask_emails))
            .unwrap_or_default();
        Ok(Self {
            describe: described
                .map(|plan| workspace.plan_describe(plan))
                .transpose()?
                .flatten(),
            mapping,
            mask_emails,
            speaks,
            explained,
            read_back: read_back(workspace, &writes)?,
            read_at: reading.map(|plan| plan.started_at),
            sync,
            customer,
            record,
            bundle,
            read,
            deleted_by,
            writes,
        })
    }

    /// Every field that a rule fills now, in mapping order, then those that one ever filled.
    fn fields(&self, workspace: &Workspace) -> Result<Vec<ValueView>> {
        let mut names: Vec<FieldName> = self
            .mapping
            .active_rules()
            .map(|rule| rule.field.clone())
            .collect();
        for write in &self.writes {
            if !names.contains(&write.field) {
                names.push(write.field.clone());
            }
        }
        names
            .iter()
            .map(|name| self.value(workspace, name))
            .collect()
    }

    fn value(&self, workspace: &Workspace, name: &FieldName) -> Result<ValueView> {
        let field = self.describe.as_ref().and_then(|it| it.field(name));
        let kind = field.map(|field| field.kind);
        let rule = self.mapping.active_rules().find(|rule| rule.field == *name);
        let writes: Vec<&FieldWrite> = self
            .writes
            .iter()
            .filter(|write| write.field == *name)
            .collect();
        let here = self.read.as_ref().map(|record| record.value(name));
        let (standing, drift) = self.standing(writes.first().copied(), here);
        Ok(ValueView {
            field: name.to_string(),
            label: field.map_or_else(|| name.to_string(), |field| field.label.clone()),
            rule: rule.map(|rule| told(self.sync.pack, &self.mapping, rule)),
            steps: self
                .explained
                .iter()
                .find(|one| one.field == *name)
                .map_or_else(Vec::new, steps),
            billing: rule
                .zip(field)
                .and_then(|(rule, field)| self.billing(rule, field))
                .map(|value| convert::cell(&value, kind)),
            salesforce: match (standing, writes.first()) {
                (ValueStanding::ReadBack, Some(last)) => Some(&last.after),
                (ValueStanding::Gone, _) => None,
                _ => here,
            }
            .map(|value| convert::cell(value, kind)),
            standing,
            drift,
            writes: writes
                .iter()
                .map(|write| {
                    Ok(ValueWriteView {
                        run: write.run.0,
                        at: write.at.to_string(),
                        user_name: write.user_name.clone(),
                        before: convert::cell(&write.before, kind),
                        after: convert::cell(&write.after, kind),
                        undoes: write.undoes.map(|run| run.0),
                        undone_by: undone_by(&writes, write.run).map(|run| run.0),
                        rule: self.rule_then(workspace, write)?,
                    })
                })
                .collect::<Result<_>>()?,
        })
    }

    /// What the source gives for a rule now.
    fn billing(&self, rule: &FieldRule, field: &Field) -> Option<Value> {
        let bundle = self.bundle.as_ref()?;
        let speaker = speaks::choose(bundle, &self.sync.speaker);
        let facts = Facts {
            customer: &bundle.customer,
            subscription: speaker.as_ref().map(|speaker| speaker.chosen),
            members: &bundle.members,
            mask_emails: self.mask_emails,
        };
        match fitting::look(rule, field, self.sync.pack, &facts) {
            Ok(Wanted::Write(value)) => Some(value),
            Ok(Wanted::BlankLeft) => Some(Value::Blank),
            Ok(Wanted::NotKnown) | Err(_) => None,
        }
    }

    /// How what was last read stands to what was last written. A reading that began before the
    /// write says nothing about it.
    fn standing(
        &self,
        last: Option<&FieldWrite>,
        here: Option<&Value>,
    ) -> (ValueStanding, Option<DriftView>) {
        let Some(last) = last else {
            return (ValueStanding::NeverWritten, None);
        };
        let was_read = self.read_at.is_some_and(|read| read >= last.at);
        let was_deleted = self.deleted_by.is_some_and(|run| run > last.run);
        if was_deleted || (was_read && self.read.is_none()) {
            return (ValueStanding::Gone, None);
        }
        let Some(here) = here.filter(|_| was_read) else {
            let standing = if self.read_back.contains(&last.run) {
                ValueStanding::ReadBack
            } else {
                ValueStanding::NotReadSince
            };
            return (standing, None);
        };
        if fitting::same(here, &last.after) {
            return (ValueStanding::AsWritten, None);
        }
        let drift = self.read.as_ref().map(|record| DriftView {
            by: record.modified_by.clone(),
            at: record.modified_at.map(|at| at.to_string()),
        });
        (ValueStanding::Drifted, drift)
    }

    /// The rule that made a write, as the mapping was then.
    fn rule_then(&self, workspace: &Workspace, write: &FieldWrite) -> Result<Option<RuleTold>> {
        if write.undoes.is_some() {
            return Ok(None);
        }
        let mapping = workspace
            .store
            .mapping_version(self.sync.id, write.mapping_version)?;
        Ok(mapping
            .rules
            .iter()
            .find(|rule| rule.field == write.field)
            .map(|rule| told(self.sync.pack, &mapping, rule)))
    }

    fn view(self, workspace: &Workspace, fields: Vec<ValueView>) -> Result<ValueExplainView> {
        let (_, source, org) = workspace.sync_ends(self.sync.id)?;
        let name = match (&self.bundle, &self.customer, &self.record) {
            (Some(bundle), ..) => bundle.display_name(),
            (None, Some(customer), _) => customer.to_string(),
            (None, None, record) => record.as_ref().map(ToString::to_string).unwrap_or_default(),
        };
        let instance = org.org.map(|org| org.instance_url);
        let takeover = match &self.record {
            Some(record) => workspace.store.takeover_of_record(self.sync.id, record)?,
            None => None,
        };
        Ok(ValueExplainView {
            takeover: takeover
                .map(|takeover| takeovers::decided(&takeover, source.provider.name()).message),
            sync: self.sync.id.0,
            sync_name: self.sync.name,
            source_name: source.provider.name().to_owned(),
            org_name: org.name,
            customer: self.customer.map(|customer| customer.to_string()),
            name,
            record_url: self
                .record
                .as_ref()
                .zip(instance)
                .map(|(record, instance)| format!("{}/{record}", instance.trim_end_matches('/'))),
            record: self.record.map(|record| record.to_string()),
            read_at: self.read_at.map(|at| at.to_string()),
            speaks: self.speaks,
            fields,
        })
    }
}

/// The later run that put back what this run wrote.
fn undone_by(writes: &[&FieldWrite], run: RunId) -> Option<RunId> {
    writes
        .iter()
        .find(|write| write.undoes == Some(run))
        .map(|write| write.run)
}

fn told(pack: Pack, mapping: &Mapping, rule: &FieldRule) -> RuleTold {
    let sentence = match rule.reads() {
        RuleSource::Value(name) => pack::derivation(pack, name).map_or_else(
            || "The source of this rule is not known to this version.".to_owned(),
            |derivation| derivation.explanation.to_owned(),
        ),
        RuleSource::Expression(_) => "Made by the rule's own expression.".to_owned(),
    };
    RuleTold {
        source: rule.source.clone(),
        sentence,
        policy: policy(mapping, &rule.field).to_owned(),
        mapping_version: mapping.version,
    }
}

fn steps(explained: &FieldExplanation) -> Vec<StepView> {
    explained
        .steps
        .iter()
        .map(|step| StepView {
            label: step.label.clone(),
            value: step.value.clone(),
        })
        .collect()
}
