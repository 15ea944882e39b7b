//! The sObjects of a fresh org: Account and Contact from the field list of a real describe, and the
//! set-up objects a client reads before it writes, from a short notation.

use crate::error::Error;
use crate::salesforce::schema::{Field, FieldType, SObject};

/// Builds Account and Contact from the tab-separated list `fields.tsv`.
pub(crate) fn from_field_list(list: &str) -> Result<Vec<SObject>, Error> {
    let mut objects = vec![
        SObject::new("Account", "Account", "Accounts", "001", true),
        SObject::new("Contact", "Contact", "Contacts", "003", true),
    ];
    for (index, line) in list.lines().enumerate().skip(1) {
        let malformed = |problem| Error::FieldList {
            line: index + 1,
            problem,
        };
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() < 20 {
            return Err(malformed("too few columns"));
        }
        let cell = |position: usize| cells.get(position).copied().unwrap_or_default();
        let flag = |position: usize| cell(position) == "1";
        let number = |position: usize| cell(position).parse::<u32>().unwrap_or_default();
        let optional =
            |position: usize| Some(cell(position).to_owned()).filter(|text| !text.is_empty());
        let kind = FieldType::from_name(cell(3)).ok_or_else(|| malformed("unknown type"))?;
        let mut field = Field::new(cell(1), cell(2), kind);
        field.length = number(5) as usize;
        field.precision = number(7);
        field.scale = number(8);
        field.digits = number(9);
        field.createable = flag(10);
        field.updateable = flag(11);
        field.nillable = flag(12);
        field.defaulted_on_create = flag(13);
        field.id_lookup = flag(14);
        field.filterable = flag(15);
        field.sortable = flag(16);
        field.groupable = flag(17);
        field.restricted_picklist = flag(18);
        field.permissionable = flag(19);
        field.compound = optional(20);
        field.reference_to = cell(21)
            .split('|')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        field.relationship = optional(22);
        field.extra_type_info = optional(23);
        field.picklist = cell(24)
            .split('|')
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect();
        let object = objects
            .iter_mut()
            .find(|object| object.name == cell(0))
            .ok_or_else(|| malformed("unknown sObject"))?;
        object.add(field);
    }
    Ok(objects)
}

/// One sObject per line: `Name|Label|Plural|prefix|writable|fields`; a field is
/// `Name:type[:length or target[:…]]`, and `!` after the type marks one required on create; `tooling`
/// in place of yes or no marks an object only the Tooling API knows. A text with a target after its
/// length relates by a durable id, which may be a name.
const SETUP: &str = "\
User|User|Users|005|no|Username:string:80 Name:string:121 FirstName:string:40 LastName:string:80 Email:email:128 Alias:string:8 IsActive:boolean ProfileId:reference:Profile:Profile UserType:picklist:40 TimeZoneSidKey:picklist:40 LocaleSidKey:picklist:40 LanguageLocaleKey:picklist:40 CreatedDate:datetime LastModifiedDate:datetime SystemModstamp:datetime
Organization|Organization|Organizations|00D|no|Name:string:80 InstanceName:string:5 IsSandbox:boolean OrganizationType:picklist:40 TrialExpirationDate:datetime NamespacePrefix:string:15 LanguageLocaleKey:picklist:40 DefaultLocaleSidKey:picklist:40 TimeZoneSidKey:picklist:40 FiscalYearStartMonth:int DefaultAccountAccess:picklist:40 DefaultContactAccess:picklist:40 PrimaryContact:string:80 Country:string:80 CreatedDate:datetime SystemModstamp:datetime
Profile|Profile|Profiles|00e|no|Name:string:255 UserType:picklist:40 SystemModstamp:datetime
PermissionSet|Permission Set|Permission Sets|0PS|yes|Name:string!:80 Label:string!:80 Description:string:255 IsOwnedByProfile:boolean IsCustom:boolean ProfileId:reference:Profile:Profile Type:picklist:40 CreatedDate:datetime LastModifiedDate:datetime SystemModstamp:datetime
PermissionSetAssignment|Permission Set Assignment|Permission Set Assignments|0Pa|yes|PermissionSetId:reference!:PermissionSet:PermissionSet AssigneeId:reference!:User:Assignee IsActive:boolean SystemModstamp:datetime
FieldPermissions|Field Permissions|Field Permissions|01k|yes|ParentId:reference!:PermissionSet:Parent SobjectType:string!:80 Field:string!:200 PermissionsRead:boolean PermissionsEdit:boolean SystemModstamp:datetime
ObjectPermissions|Object Permissions|Object Permissions|110|yes|ParentId:reference!:PermissionSet:Parent SobjectType:string!:80 PermissionsCreate:boolean PermissionsRead:boolean PermissionsEdit:boolean PermissionsDelete:boolean PermissionsViewAllRecords:boolean PermissionsModifyAllRecords:boolean SystemModstamp:datetime
UserPermissionAccess|User Permission Access|User Permission Access|1Pk|no|PermissionsApiEnabled:boolean PermissionsModifyMetadata:boolean PermissionsCustomizeApplication:boolean PermissionsModifyAllData:boolean PermissionsViewAllData:boolean PermissionsViewSetup:boolean PermissionsAssignPermissionSets:boolean PermissionsManageProfilesPermissionsets:boolean PermissionsManageDataIntegrations:boolean PermissionsEditTask:boolean
DuplicateRule|Duplicate Rule|Duplicate Rules|0Bm|no|DeveloperName:string:80 MasterLabel:string:80 SobjectType:picklist:40 SobjectSubtype:picklist:40 IsActive:boolean Language:picklist:40 NamespacePrefix:string:15 CreatedDate:datetime SystemModstamp:datetime
RecordType|Record Type|Record Types|012|no|Name:string:80 DeveloperName:string:80 SobjectType:picklist:40 IsActive:boolean Description:string:255 SystemModstamp:datetime
EntityDefinition|Entity Definition|Entity Definitions|4ie|no|DurableId:string:255 QualifiedApiName:string:80 DeveloperName:string:80 NamespacePrefix:string:15 MasterLabel:string:80 Label:string:80 PluralLabel:string:80 KeyPrefix:string:3 PublisherId:string:40 InternalSharingModel:string:40 IsQueryable:boolean IsCustomizable:boolean IsTriggerable:boolean IsWorkflowEnabled:boolean IsEverCreatable:boolean IsEverUpdatable:boolean IsEverDeletable:boolean IsCustomSetting:boolean
FieldDefinition|Field Definition|Field Definitions|4fe|no|DurableId:string:255 EntityDefinitionId:string:80:EntityDefinition:EntityDefinition QualifiedApiName:string:80 DeveloperName:string:80 NamespacePrefix:string:15 MasterLabel:string:80 Label:string:80 DataType:string:80 ValueTypeId:string:40 Length:int Precision:int Scale:int IsCalculated:boolean IsCompound:boolean IsIndexed:boolean IsNameField:boolean IsNillable:boolean Description:string:1000 RelationshipName:string:80 ExtraTypeInfo:string:40
EntityParticle|Entity Particle|Entity Particles|4ip|no|DurableId:string:255 EntityDefinitionId:string:80:EntityDefinition:EntityDefinition FieldDefinitionId:string:80:FieldDefinition:FieldDefinition QualifiedApiName:string:80 DeveloperName:string:80 NamespacePrefix:string:15 MasterLabel:string:80 Label:string:80 DataType:string:40 ValueTypeId:string:40 Length:int ByteLength:int Digits:int Precision:int Scale:int DefaultValueFormula:string:1300 InlineHelpText:string:510 RelationshipName:string:80 ExtraTypeInfo:string:40 IsCalculated:boolean IsAutonumber:boolean IsCaseSensitive:boolean IsUnique:boolean IsIdLookup:boolean IsExternalId:boolean IsCreatable:boolean IsUpdatable:boolean IsNillable:boolean IsPermissionable:boolean IsDefaultedOnCreate:boolean IsNameField:boolean IsComponent:boolean IsCompound:boolean IsEncrypted:boolean IsHtmlFormatted:boolean IsApiFilterable:boolean IsApiSortable:boolean IsApiGroupable:boolean
UserEntityAccess|User Entity Access|User Entity Access|4ue|no|DurableId:string:255 UserId:reference:User:User EntityDefinitionId:string:80:EntityDefinition:EntityDefinition IsReadable:boolean IsCreatable:boolean IsEditable:boolean IsUpdatable:boolean IsDeletable:boolean IsUndeletable:boolean IsMergeable:boolean IsFlsUpdatable:boolean IsActivateable:boolean
UserFieldAccess|User Field Access|User Field Access|4uf|no|DurableId:string:255 UserId:reference:User:User EntityDefinitionId:string:80:EntityDefinition:EntityDefinition FieldDefinitionId:string:80:FieldDefinition:FieldDefinition IsAccessible:boolean IsCreatable:boolean IsUpdatable:boolean
CustomField|Custom Field|Custom Fields|00N|tooling|DeveloperName:string:80 TableEnumOrId:string:80 EntityDefinitionId:string:80:EntityDefinition:EntityDefinition NamespacePrefix:string:15 FullName:string:255 Metadata:complexvalue Description:string:1000 InlineHelpText:string:510 Length:int Precision:int Scale:int RelationshipLabel:string:80 ManageableState:string:40 CreatedById:reference:User:CreatedBy CreatedDate:datetime LastModifiedById:reference:User:LastModifiedBy LastModifiedDate:datetime
CustomObject|Custom Object|Custom Objects|01I|tooling|DeveloperName:string:80 NamespacePrefix:string:15 Description:string:1000 SharingModel:string:40 ManageableState:string:40 CreatedById:reference:User:CreatedBy CreatedDate:datetime LastModifiedById:reference:User:LastModifiedBy LastModifiedDate:datetime
DeployRequest|Deploy Request|Deploy Requests|0Af|tooling|Status:picklist:40 CheckOnly:boolean StartDate:datetime CompletedDate:datetime NumberComponentsDeployed:int NumberComponentErrors:int ErrorMessage:string:4000 CreatedById:reference:User:CreatedBy CreatedDate:datetime
ValidationRule|Validation Rule|Validation Rules|03d|no|ValidationName:string:80 Active:boolean ErrorMessage:string:255 Description:string:255 EntityDefinitionId:string:80:EntityDefinition:EntityDefinition
ApexTrigger|Apex Trigger|Apex Triggers|01q|no|Name:string:255 TableEnumOrId:picklist:40 Status:picklist:40 ApiVersion:double
FlowDefinitionView|Flow Definition|Flow Definitions|3dd|no|ApiName:string:80 Label:string:80 ProcessType:picklist:40 TriggerType:picklist:40 TriggerObjectOrEventLabel:string:80 IsActive:boolean";

/// The set-up objects.
pub(crate) fn setup_objects() -> Result<Vec<SObject>, Error> {
    SETUP
        .lines()
        .enumerate()
        .map(|(index, line)| setup_object(index + 1, line))
        .collect()
}

pub(crate) fn setup_object(line_number: usize, line: &str) -> Result<SObject, Error> {
    let malformed = |problem| Error::FieldList {
        line: line_number,
        problem,
    };
    let [name, label, plural, prefix, writable, fields] = line.split('|').collect::<Vec<_>>()[..]
    else {
        return Err(malformed("a set-up object needs six parts"));
    };
    let (writable, tooling_only) = (writable == "yes", writable == "tooling");
    let mut object = SObject::new(name, label, plural, prefix, writable);
    object.tooling_only = tooling_only;
    let mut id = Field::new("Id", &format!("{label} ID"), FieldType::Id);
    id.length = 18;
    id.createable = false;
    id.updateable = false;
    id.nillable = false;
    id.defaulted_on_create = true;
    id.id_lookup = true;
    object.add(id);
    for spec in fields.split(' ') {
        let mut parts = spec.split(':');
        let (Some(name), Some(kind)) = (parts.next(), parts.next()) else {
            return Err(malformed("a field needs a name and a type"));
        };
        let required = kind.ends_with('!');
        let kind = FieldType::from_name(kind.trim_end_matches('!'))
            .ok_or_else(|| malformed("unknown type"))?;
        let mut field = Field::new(name, &spaced(name), kind);
        match (kind, parts.next()) {
            (FieldType::Reference, Some(target)) => {
                field.length = 18;
                field.reference_to = vec![target.to_owned()];
                field.relationship = parts.next().map(str::to_owned);
            }
            (_, Some(length)) => {
                field.length = length.parse().unwrap_or_default();
                field.reference_to = parts.next().map(str::to_owned).into_iter().collect();
                field.relationship = parts.next().map(str::to_owned);
            }
            (FieldType::Int, None) => field.digits = 9,
            (FieldType::Double, None) => (field.precision, field.scale) = (18, 2),
            _ => {}
        }
        let stamped = matches!(name, "CreatedDate" | "LastModifiedDate" | "SystemModstamp");
        field.createable = writable && !stamped;
        field.updateable = writable && !stamped;
        field.nillable = !required && kind != FieldType::Boolean && !stamped;
        field.defaulted_on_create = kind == FieldType::Boolean || stamped;
        object.add(field);
    }
    Ok(object)
}

/// `PermissionsViewSetup` → `Permissions View Setup`.
fn spaced(name: &str) -> String {
    let mut label = String::new();
    for (index, letter) in name.char_indices() {
        if index > 0 && letter.is_uppercase() {
            label.push(' ');
        }
        label.push(letter);
    }
    label
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn field_list_and_setup_objects_parse() {
        let objects = from_field_list(include_str!("fields.tsv")).unwrap();
        assert_eq!(
            objects
                .iter()
                .map(|object| object.fields.len())
                .sum::<usize>(),
            123
        );
        let name = objects[0].field("name").unwrap();
        assert!(name.required());
        assert_eq!(name.length, 255);
        assert!(setup_objects().unwrap().len() > 10);
    }
}
