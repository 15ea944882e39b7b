//! The questions: about eight calls, all of them reads.

use std::collections::BTreeMap;

use drawbridge_model::{
    ApiUsage, Currency, Describe, FieldName, OrgIdentity, SObjectName, Target as _, TargetError,
};
use serde::Deserialize;

use super::{Check, Scope, judge};
use crate::Org;
use crate::rest::soql;

/// A user permission the preflight asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// *API Enabled*.
    ApiEnabled,
    /// *Modify Metadata Through Metadata API Functions*.
    ModifyMetadata,
    /// *Customize Application*.
    CustomizeApplication,
    /// *Modify All Data*.
    ModifyAllData,
    /// *View Setup and Configuration*.
    ViewSetup,
    /// *Assign Permission Sets*.
    AssignPermissionSets,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ApiEnabled,
        Self::ModifyMetadata,
        Self::CustomizeApplication,
        Self::ModifyAllData,
        Self::ViewSetup,
        Self::AssignPermissionSets,
    ];

    /// Its field on `UserPermissionAccess`.
    pub fn field(self) -> &'static str {
        match self {
            Self::ApiEnabled => "PermissionsApiEnabled",
            Self::ModifyMetadata => "PermissionsModifyMetadata",
            Self::CustomizeApplication => "PermissionsCustomizeApplication",
            Self::ModifyAllData => "PermissionsModifyAllData",
            Self::ViewSetup => "PermissionsViewSetup",
            Self::AssignPermissionSets => "PermissionsAssignPermissionSets",
        }
    }

    /// Its label in Setup.
    pub fn label(self) -> &'static str {
        match self {
            Self::ApiEnabled => "API Enabled",
            Self::ModifyMetadata => "Modify Metadata Through Metadata API Functions",
            Self::CustomizeApplication => "Customize Application",
            Self::ModifyAllData => "Modify All Data",
            Self::ViewSetup => "View Setup and Configuration",
            Self::AssignPermissionSets => "Assign Permission Sets",
        }
    }
}

/// A duplicate rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DuplicateRule {
    /// Its API name.
    #[serde(rename = "DeveloperName")]
    pub name: String,
    /// Which sObject it watches.
    #[serde(rename = "SobjectType")]
    pub sobject: String,
}

/// An active validation rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ValidationRule {
    /// Its API name.
    #[serde(rename = "ValidationName")]
    pub name: String,
    /// What it tells people.
    #[serde(rename = "ErrorMessage", default)]
    pub message: Option<String>,
}

/// Who saved records that carry a customer's id last, and how many.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Saver {
    /// The user's id.
    #[serde(rename = "LastModifiedById")]
    pub user: String,
    /// The user's name.
    #[serde(rename = "Name", default)]
    pub name: Option<String>,
    /// So many records.
    #[serde(rename = "saved")]
    pub records: u64,
}

/// What was found. A question that could not be asked holds why.
#[derive(Clone, Debug)]
pub struct Facts {
    /// API version in use.
    pub version: Result<String, TargetError>,
    /// The org and the user.
    pub identity: Result<OrgIdentity, TargetError>,
    /// Permissions of the user; one the org does not know is missing.
    pub permissions: Result<BTreeMap<Permission, bool>, TargetError>,
    /// What amounts are in where their record does not say.
    pub currency: Result<Option<Currency>, TargetError>,
    /// The sObjects.
    pub describes: Vec<(SObjectName, Result<Describe, TargetError>)>,
    /// Active duplicate rules on the sObjects.
    pub duplicate_rules: Result<Vec<DuplicateRule>, TargetError>,
    /// Active validation rules on the sObjects.
    pub validation_rules: Result<Vec<ValidationRule>, TargetError>,
    /// By the field that carries a customer's id, who saved its records last, most first. Fields
    /// the org does not have are missing.
    pub savers: Vec<(FieldName, Result<Vec<Saver>, TargetError>)>,
    /// API calls.
    pub usage: Option<ApiUsage>,
}

impl Org {
    /// Asks the org, read-only, whether a sync can work, and says what is in its way. An org that
    /// cannot be reached or will not let the user in gives checks that say so.
    pub async fn preflight(&self, scope: &Scope) -> Vec<Check> {
        judge(&self.facts(scope).await, scope)
    }

    async fn facts(&self, scope: &Scope) -> Facts {
        let version = self.api_version().await;
        if let Err(error) = &version {
            return unreached(error, scope);
        }
        let identity = self.identity().await;
        if let Err(error) = &identity {
            let shut = matches!(
                error,
                TargetError::SignInNeeded { .. }
                    | TargetError::BlockedByPolicy { .. }
                    | TargetError::Unreachable { .. }
                    | TargetError::QuotaUsedUp { .. }
                    | TargetError::Secret(_)
            );
            if shut {
                return Facts {
                    version,
                    ..unreached(error, scope)
                };
            }
        }
        let mut describes = Vec::with_capacity(scope.sobjects.len());
        for sobject in &scope.sobjects {
            describes.push((sobject.clone(), self.describe(sobject).await));
        }
        let mut savers = Vec::new();
        for (sobject, field) in &scope.keys {
            let is_there = describes.iter().any(|(described, describe)| {
                let describe = describe.as_ref().ok();
                described == sobject && describe.is_some_and(|it| it.field(field).is_some())
            });
            if is_there {
                savers.push((field.clone(), self.savers(sobject, field).await));
            }
        }
        Facts {
            version,
            identity,
            permissions: self.permissions().await,
            currency: self.currency().await,
            describes,
            savers,
            duplicate_rules: self.duplicate_rules(scope).await,
            validation_rules: self.validation_rules(scope).await,
            usage: self.usage(),
        }
    }

    /// All permissions in one call; one by one where the org does not know one of them, because
    /// then it refuses the whole question.
    async fn permissions(&self) -> Result<BTreeMap<Permission, bool>, TargetError> {
        match self.permission_fields(&Permission::ALL).await {
            Err(TargetError::FieldMissing { .. }) => {}
            answered => return answered,
        }
        let mut found = BTreeMap::new();
        for permission in Permission::ALL {
            match self.permission_fields(&[permission]).await {
                Ok(one) => found.extend(one),
                Err(TargetError::FieldMissing { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    async fn permission_fields(
        &self,
        permissions: &[Permission],
    ) -> Result<BTreeMap<Permission, bool>, TargetError> {
        let fields: Vec<&str> = permissions.iter().map(|one| one.field()).collect();
        let soql = format!(
            "SELECT {} FROM UserPermissionAccess LIMIT 1",
            fields.join(", ")
        );
        let rows: Vec<serde_json::Map<String, serde_json::Value>> =
            self.rows(&soql, "the user's permissions").await?;
        let Some(row) = rows.first() else {
            return Err(self.odd("no row of UserPermissionAccess"));
        };
        Ok(permissions
            .iter()
            .filter_map(|one| Some((*one, row.get(one.field())?.as_bool()?)))
            .collect())
    }

    async fn savers(
        &self,
        sobject: &SObjectName,
        field: &FieldName,
    ) -> Result<Vec<Saver>, TargetError> {
        let soql = format!(
            "SELECT LastModifiedById, LastModifiedBy.Name, COUNT(Id) saved FROM {} WHERE {} != null \
             GROUP BY LastModifiedById, LastModifiedBy.Name ORDER BY COUNT(Id) DESC LIMIT 50",
            soql::name(sobject.as_str())?,
            soql::name(field.as_str())?
        );
        self.rows(&soql, "who saved the records").await
    }

    async fn duplicate_rules(&self, scope: &Scope) -> Result<Vec<DuplicateRule>, TargetError> {
        let soql = format!(
            "SELECT DeveloperName, SobjectType FROM DuplicateRule WHERE IsActive = true AND \
             SobjectType IN ({})",
            names(scope)
        );
        self.rows(&soql, "the duplicate rules").await
    }

    async fn validation_rules(&self, scope: &Scope) -> Result<Vec<ValidationRule>, TargetError> {
        let soql = format!(
            "SELECT ValidationName, ErrorMessage FROM ValidationRule WHERE Active = true AND \
             EntityDefinition.QualifiedApiName IN ({})",
            names(scope)
        );
        let path = self
            .path(&format!("tooling/query?q={}", soql::encode(&soql)))
            .await?;
        let rows: crate::rest::identity::Rows<ValidationRule> =
            self.get(path, "the validation rules").await?;
        Ok(rows.records)
    }
}

fn names(scope: &Scope) -> String {
    let names: Vec<String> = scope
        .sobjects
        .iter()
        .map(|sobject| soql::literal(sobject.as_str()))
        .collect();
    names.join(",")
}

fn unreached(error: &TargetError, scope: &Scope) -> Facts {
    Facts {
        version: Err(error.clone()),
        identity: Err(error.clone()),
        permissions: Err(error.clone()),
        currency: Err(error.clone()),
        describes: scope
            .sobjects
            .iter()
            .map(|sobject| (sobject.clone(), Err(error.clone())))
            .collect(),
        duplicate_rules: Err(error.clone()),
        validation_rules: Err(error.clone()),
        savers: Vec::new(),
        usage: None,
    }
}
