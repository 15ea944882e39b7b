//! An org's describe and a mapping, as the engine gets them from outside.

use std::collections::BTreeMap;

use drawbridge_model::{
    AccountPolicy, CustomFieldKind, Customer, CustomerBundle, Describe, Field, FieldKind,
    FieldName, Mapping, Matched, MatchedBy, Pack, PlanRow, Record, RecordId, SpeakerRule,
    Subscription, Value,
};
use drawbridge_sync::mapping::ready;
use drawbridge_sync::pack::{self, Facts};
use drawbridge_sync::plan::{RowInput, row};
use drawbridge_sync::speaks;

pub(crate) const RECORD: &str = "0015f00000TwA01";

pub(crate) fn field(name: &str, label: &str, kind: FieldKind) -> Field {
    Field {
        name: FieldName::from(name),
        label: label.to_owned(),
        kind,
        length: match kind {
            FieldKind::Text | FieldKind::Url => 255,
            FieldKind::Email => 80,
            _ => 0,
        },
        precision: 0,
        scale: 0,
        createable: true,
        updateable: true,
        nillable: !matches!(name, "Name" | "LastName"),
        defaulted_on_create: false,
        external_id: false,
        unique: false,
        case_sensitive: false,
        custom: name.ends_with("__c"),
        restricted_values: None,
    }
}

/// The describe of an org in which the pack's fields were created.
pub(crate) fn describe(pack: Pack) -> Describe {
    let mapping = pack::default_mapping(pack);
    let mut fields: Vec<Field> = pack::field_package(pack)
        .fields
        .iter()
        .map(|custom| {
            let name = custom.name.as_str();
            match custom.kind {
                CustomFieldKind::Text {
                    length,
                    external_id,
                } => Field {
                    length,
                    external_id,
                    unique: external_id,
                    case_sensitive: external_id,
                    ..field(name, &custom.label, FieldKind::Text)
                },
                CustomFieldKind::Url => field(name, &custom.label, FieldKind::Url),
                CustomFieldKind::DateTime => field(name, &custom.label, FieldKind::DateTime),
                CustomFieldKind::Currency { precision, scale } => Field {
                    precision,
                    scale,
                    ..field(name, &custom.label, FieldKind::Currency)
                },
            }
        })
        .collect();
    let standard: &[(&str, FieldKind)] = match pack {
        Pack::Alguna => &[
            ("Name", FieldKind::Text),
            ("BillingStreet", FieldKind::Text),
            ("BillingCity", FieldKind::Text),
            ("BillingState", FieldKind::Text),
            ("BillingPostalCode", FieldKind::Text),
            ("BillingCountry", FieldKind::Text),
        ],
        Pack::Profitwell => &[
            ("FirstName", FieldKind::Text),
            ("LastName", FieldKind::Text),
            ("Email", FieldKind::Email),
        ],
        Pack::ProfitwellAccount => &[],
    };
    fields.extend(standard.iter().map(|(name, kind)| field(name, name, *kind)));
    Describe {
        sobject: mapping.sobject,
        label: "Object".to_owned(),
        createable: true,
        updateable: true,
        fields,
    }
}

/// A record with these values, last saved by Ana Ruiz.
pub(crate) fn record(pack: Pack, values: BTreeMap<FieldName, Value>) -> Record {
    Record {
        sobject: pack::default_mapping(pack).sobject,
        id: RecordId::parse(RECORD).unwrap(),
        values,
        modstamp: "2026-11-20T12:00:00Z".parse().unwrap(),
        modified_by: Some("Ana Ruiz".to_owned()),
        modified_by_id: None,
        modified_at: Some("2026-11-20T12:00:00Z".parse().unwrap()),
    }
}

/// A customer with its subscriptions, none of them pinned.
pub(crate) fn bundle(customer: &Customer, subscriptions: &[Subscription]) -> CustomerBundle {
    CustomerBundle {
        customer: customer.clone(),
        subscriptions: subscriptions.to_vec(),
        pin: None,
        members: Vec::new(),
    }
}

/// One customer and what surrounds it.
pub(crate) struct Case<'a> {
    pub(crate) pack: Pack,
    pub(crate) mapping: &'a Mapping,
    pub(crate) customer: &'a Customer,
    pub(crate) subscriptions: &'a [Subscription],
    pub(crate) record: Option<&'a Record>,
    pub(crate) base: BTreeMap<FieldName, Value>,
    pub(crate) policy: AccountPolicy,
    pub(crate) mask_emails: bool,
}

impl<'a> Case<'a> {
    pub(crate) fn new(pack: Pack, mapping: &'a Mapping, customer: &'a Customer) -> Self {
        Self {
            pack,
            mapping,
            customer,
            subscriptions: &[],
            record: None,
            base: BTreeMap::new(),
            policy: AccountPolicy::SourceMayCreate,
            mask_emails: false,
        }
    }

    /// The plan for it.
    pub(crate) fn plan(&self) -> PlanRow {
        let bundle = bundle(self.customer, self.subscriptions);
        let speaker = speaks::choose(&bundle, &SpeakerRule::default());
        let matched = match self.record {
            Some(record) => Matched::Found {
                record: record.id.clone(),
                by: MatchedBy::ExternalId,
            },
            None => Matched::NotFound,
        };
        let describe = describe(self.pack);
        row(&RowInput {
            rules: &ready(self.mapping, &describe, self.pack),
            describe: &describe,
            policy: self.policy,
            facts: Facts {
                customer: self.customer,
                subscription: speaker.as_ref().map(|speaker| speaker.chosen),
                members: &[],
                mask_emails: self.mask_emails,
            },
            matched: &matched,
            record: self.record,
            base: &self.base,
        })
    }
}
