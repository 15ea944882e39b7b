//! What sObjects and fields the org has, and which of them the signed-in user sees.

use std::collections::HashMap;

use crate::error::Error;
use crate::salesforce::access::ObjectGrant;
use crate::salesforce::metadata::{CustomField, FieldDefinition, ObjectDefinition};
use crate::salesforce::{tables, text};

/// Field types, by their describe names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldType {
    Id,
    Text,
    Textarea,
    Phone,
    Url,
    Email,
    Picklist,
    Multipicklist,
    Reference,
    Boolean,
    Int,
    Double,
    Currency,
    Percent,
    Date,
    DateTime,
    Time,
    /// Text that is masked for those without the right to see it.
    Encrypted,
    Address,
    /// Latitude and longitude; the parts are fields of their own.
    Location,
    /// A structure, as the Tooling API's `Metadata`; stored as JSON text.
    Complex,
}

impl FieldType {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "string",
            Self::Textarea => "textarea",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::Email => "email",
            Self::Picklist => "picklist",
            Self::Multipicklist => "multipicklist",
            Self::Reference => "reference",
            Self::Boolean => "boolean",
            Self::Int => "int",
            Self::Double => "double",
            Self::Currency => "currency",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Time => "time",
            Self::Encrypted => "encryptedstring",
            Self::Address => "address",
            Self::Location => "location",
            Self::Complex => "complexvalue",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "id" => Self::Id,
            "string" | "combobox" => Self::Text,
            "textarea" => Self::Textarea,
            "phone" => Self::Phone,
            "url" => Self::Url,
            "email" => Self::Email,
            "picklist" => Self::Picklist,
            "multipicklist" => Self::Multipicklist,
            "reference" => Self::Reference,
            "boolean" => Self::Boolean,
            "int" => Self::Int,
            "double" => Self::Double,
            "currency" => Self::Currency,
            "percent" => Self::Percent,
            "date" => Self::Date,
            "datetime" => Self::DateTime,
            "time" => Self::Time,
            "encryptedstring" => Self::Encrypted,
            "address" => Self::Address,
            "location" => Self::Location,
            "complexvalue" => Self::Complex,
            _ => return None,
        })
    }

    pub(crate) const fn soap_type(self) -> &'static str {
        match self {
            Self::Id | Self::Reference => "tns:ID",
            Self::Boolean => "xsd:boolean",
            Self::Int => "xsd:int",
            Self::Double | Self::Currency | Self::Percent => "xsd:double",
            Self::Date => "xsd:date",
            Self::DateTime => "xsd:dateTime",
            Self::Time => "xsd:time",
            Self::Address => "urn:address",
            Self::Location => "urn:location",
            _ => "xsd:string",
        }
    }

    pub(crate) const fn is_number(self) -> bool {
        matches!(
            self,
            Self::Int | Self::Double | Self::Currency | Self::Percent
        )
    }

    /// Text that compares without regard to case.
    pub(crate) const fn is_text(self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Textarea
                | Self::Phone
                | Self::Url
                | Self::Email
                | Self::Picklist
                | Self::Multipicklist
                | Self::Encrypted
        )
    }

    pub(crate) const fn is_id(self) -> bool {
        matches!(self, Self::Id | Self::Reference)
    }
}

/// A field. Flags carry describe's names.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "describe has these flags")]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) kind: FieldType,
    pub(crate) length: usize,
    pub(crate) precision: u32,
    pub(crate) scale: u32,
    pub(crate) digits: u32,
    pub(crate) createable: bool,
    pub(crate) updateable: bool,
    pub(crate) nillable: bool,
    pub(crate) defaulted_on_create: bool,
    pub(crate) id_lookup: bool,
    pub(crate) filterable: bool,
    pub(crate) sortable: bool,
    pub(crate) groupable: bool,
    pub(crate) restricted_picklist: bool,
    pub(crate) permissionable: bool,
    pub(crate) compound: Option<String>,
    pub(crate) reference_to: Vec<String>,
    pub(crate) relationship: Option<String>,
    pub(crate) extra_type_info: Option<String>,
    pub(crate) picklist: Vec<String>,
    pub(crate) custom: bool,
    pub(crate) external_id: bool,
    pub(crate) unique: bool,
    pub(crate) case_sensitive: bool,
    pub(crate) description: Option<String>,
    pub(crate) help: Option<String>,
    pub(crate) default_value: Option<String>,
    /// Field-level security of the signed-in user: may read.
    pub(crate) readable: bool,
    /// Field-level security of the signed-in user: may edit.
    pub(crate) editable: bool,
    /// Switched off by the test's `hide_field`.
    pub(crate) hidden: bool,
    /// The metadata a custom field was deployed with; `None` for standard fields.
    pub(crate) definition: Option<Box<FieldDefinition>>,
}

impl Field {
    /// A plain nillable, writable field of this type.
    pub(crate) fn new(name: &str, label: &str, kind: FieldType) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            kind,
            length: 0,
            precision: 0,
            scale: 0,
            digits: 0,
            createable: true,
            updateable: true,
            nillable: true,
            defaulted_on_create: false,
            id_lookup: false,
            filterable: true,
            sortable: true,
            groupable: true,
            restricted_picklist: false,
            permissionable: false,
            compound: None,
            reference_to: Vec::new(),
            relationship: None,
            extra_type_info: None,
            picklist: Vec::new(),
            custom: false,
            external_id: false,
            unique: false,
            case_sensitive: false,
            description: None,
            help: None,
            default_value: None,
            readable: true,
            editable: true,
            hidden: false,
            definition: None,
        }
    }

    /// What the field's metadata states, for a field that was deployed.
    pub(crate) fn metadata(&self) -> Option<&CustomField> {
        self.definition
            .as_deref()
            .map(|definition| &definition.metadata)
    }

    /// Whether Salesforce works the value out: a formula or a roll-up summary.
    pub(crate) fn calculated(&self) -> bool {
        self.metadata().is_some_and(CustomField::calculated)
    }

    /// The display format of an auto-number.
    pub(crate) fn number_format(&self) -> Option<&str> {
        self.metadata()
            .filter(|metadata| metadata.kind == "AutoNumber")
            .map(|metadata| metadata.display_format.as_deref().unwrap_or("{0}"))
    }

    /// Whether the field makes its record a detail of the one it names.
    pub(crate) fn master_detail(&self) -> bool {
        self.metadata()
            .is_some_and(|metadata| metadata.kind == "MasterDetail")
    }

    pub(crate) fn visible(&self) -> bool {
        self.readable && !self.hidden
    }

    /// Whether the value lives in a column of its own (compound addresses do not).
    pub(crate) fn stored(&self) -> bool {
        self.kind != FieldType::Address
    }

    /// Whether a caller must give a value on create.
    pub(crate) fn required(&self) -> bool {
        self.createable && !self.nillable && !self.defaulted_on_create
    }

    /// The column's definition. Text compares without case unless the field is case-sensitive.
    pub(crate) fn column(&self) -> String {
        if self.kind == FieldType::Location {
            let stem = self.name.trim_end_matches("__c");
            return format!(
                "\"{0}\" AS (CASE WHEN \"{1}__Latitude__s\" IS NULL OR \"{1}__Longitude__s\" IS NULL THEN NULL ELSE json_object('latitude', \"{1}__Latitude__s\", 'longitude', \"{1}__Longitude__s\") END)",
                self.name, stem
            );
        }
        let collation = if self.kind.is_text() && !self.case_sensitive {
            text::CASELESS
        } else {
            "BINARY"
        };
        format!("\"{}\" COLLATE {collation}", self.name)
    }
}

/// The column, seen by nobody, with the id of the record whose deletion took a record along: its
/// own, or its master's. By it the recycle bin knows what comes back together.
pub(crate) const DELETED_WITH: &str = "\"deleted with\"";

/// An sObject.
#[derive(Debug, Clone)]
pub(crate) struct SObject {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) plural: String,
    pub(crate) prefix: String,
    pub(crate) writable: bool,
    /// Whether the signed-in user may see it at all.
    pub(crate) readable: bool,
    /// What the signed-in user may do with its records, where its kind allows it.
    pub(crate) rights: ObjectGrant,
    /// Whether only the Tooling API knows it.
    pub(crate) tooling_only: bool,
    /// The metadata of a custom object; `None` for standard ones.
    pub(crate) definition: Option<Box<ObjectDefinition>>,
    pub(crate) fields: Vec<Field>,
    /// Deleted custom fields, whose data is kept and which still count against limits.
    pub(crate) deleted: Vec<Field>,
    by_name: HashMap<String, usize>,
}

impl SObject {
    pub(crate) fn new(name: &str, label: &str, plural: &str, prefix: &str, writable: bool) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            plural: plural.to_owned(),
            prefix: prefix.to_owned(),
            writable,
            readable: true,
            rights: ObjectGrant::ALL,
            tooling_only: false,
            definition: None,
            fields: Vec::new(),
            deleted: Vec::new(),
            by_name: HashMap::new(),
        }
    }

    pub(crate) fn add(&mut self, field: Field) {
        self.by_name
            .insert(field.name.to_ascii_lowercase(), self.fields.len());
        self.fields.push(field);
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<Field> {
        let index = self.position(name)?;
        let field = self.fields.remove(index);
        self.by_name = self
            .fields
            .iter()
            .enumerate()
            .map(|(index, field)| (field.name.to_ascii_lowercase(), index))
            .collect();
        Some(field)
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        // Every cell of every row comes by here: no name is copied to the heap.
        let mut letters = [0; 128];
        let Some(letters) = letters.get_mut(..name.len()) else {
            return self.by_name.get(&name.to_ascii_lowercase()).copied();
        };
        letters.copy_from_slice(name.as_bytes());
        letters.make_ascii_lowercase();
        let lower = std::str::from_utf8(letters).ok()?;
        self.by_name.get(lower).copied()
    }

    /// Any field, seen by the user or not.
    pub(crate) fn any_field(&self, name: &str) -> Option<&Field> {
        self.position(name).map(|index| &self.fields[index])
    }

    pub(crate) fn any_field_mut(&mut self, name: &str) -> Option<&mut Field> {
        let index = self.position(name)?;
        self.fields.get_mut(index)
    }

    /// A field the user sees.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.any_field(name).filter(|field| field.visible())
    }

    /// The reference field behind a relationship name (`Account`, `LastModifiedBy`, `X__r`).
    pub(crate) fn relationship(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| {
            field.visible()
                && field
                    .relationship
                    .as_deref()
                    .is_some_and(|r| r.eq_ignore_ascii_case(name))
        })
    }

    /// Whether somebody made the object, rather than Salesforce.
    pub(crate) fn custom(&self) -> bool {
        self.definition.is_some()
    }

    /// The statement that makes its table.
    pub(crate) fn table(&self) -> String {
        let mut columns: Vec<String> = self
            .fields
            .iter()
            .filter(|field| field.stored())
            .map(|field| {
                if field.name == "Id" {
                    "\"Id\" PRIMARY KEY".to_owned()
                } else {
                    field.column()
                }
            })
            .collect();
        if self.has_recycle_bin() {
            columns.push(DELETED_WITH.to_owned());
        }
        format!("CREATE TABLE \"{}\" ({})", self.name, columns.join(", "))
    }

    pub(crate) fn has_recycle_bin(&self) -> bool {
        self.position("IsDeleted").is_some()
    }
}

/// All sObjects of an org.
#[derive(Debug, Clone)]
pub(crate) struct Schema {
    pub(crate) objects: Vec<SObject>,
    /// Whether the call at hand came through the Tooling API.
    pub(crate) tooling: bool,
}

impl Schema {
    /// The schema of a fresh org: standard Account and Contact and the set-up objects.
    pub(crate) fn standard() -> Result<Self, Error> {
        let mut objects = tables::from_field_list(include_str!("fields.tsv"))?;
        objects.extend(tables::setup_objects()?);
        Ok(Self {
            objects,
            tooling: false,
        })
    }

    /// An sObject the signed-in user sees through the interface at hand.
    pub(crate) fn object(&self, name: &str) -> Option<&SObject> {
        self.any_object(name)
            .filter(|object| object.readable && (self.tooling || !object.tooling_only))
    }

    /// Any sObject, seen by the user or not.
    pub(crate) fn any_object(&self, name: &str) -> Option<&SObject> {
        self.objects
            .iter()
            .find(|object| object.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn object_mut(&mut self, name: &str) -> Option<&mut SObject> {
        self.objects
            .iter_mut()
            .find(|object| object.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn by_prefix(&self, id: &str) -> Option<&SObject> {
        self.objects
            .iter()
            .find(|object| object.readable && id.get(..3) == Some(object.prefix.as_str()))
    }
}
