//! Giving the signed-in user the permission set that makes new fields visible.

use drawbridge_model::TargetError;
use reqwest::Method;
use serde::Deserialize;

use crate::Org;
use crate::rest::soql;
use crate::transport::{Body, Call};

#[derive(Deserialize)]
struct IdRow {
    #[serde(rename = "Id")]
    id: String,
}

impl Org {
    /// Whether the signed-in user has the permission set of that API name.
    pub async fn permission_set_assigned(&self, name: &str) -> Result<bool, TargetError> {
        let soql = format!(
            "SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = {} AND PermissionSet.Name = {}",
            soql::literal(&self.user_id().await?),
            soql::literal(name)
        );
        let rows: Vec<IdRow> = self.rows(&soql, "the permission set's users").await?;
        Ok(!rows.is_empty())
    }

    /// Gives the signed-in user the permission set. That the user has it already is no error. When
    /// the answer is lost, the assignment is looked for, and sent once more only if it is not there.
    pub async fn assign_permission_set(&self, name: &str) -> Result<(), TargetError> {
        if self.permission_set_assigned(name).await? {
            return Ok(());
        }
        let soql = format!(
            "SELECT Id FROM PermissionSet WHERE Name = {}",
            soql::literal(name)
        );
        let rows: Vec<IdRow> = self.rows(&soql, "the permission set").await?;
        let path = self.path("sobjects/PermissionSetAssignment").await?;
        let Some(set) = rows.into_iter().next() else {
            return Err(TargetError::Refused {
                call: format!("POST {path}"),
                code: "no_permission_set".to_owned(),
                message: format!(
                    "the org has no permission set {name}, or it cannot be seen. Nothing was \
                     assigned; create the fields first"
                ),
            });
        };
        let body = serde_json::json!({
            "AssigneeId": self.user_id().await?,
            "PermissionSetId": set.id,
        });
        let call = Call::write(Method::POST, path, Body::Json(body.to_string().into()));
        let mut tries_left = 2;
        loop {
            tries_left -= 1;
            match self.http().send(&call).await {
                Ok(_) => return Ok(()),
                Err(TargetError::Refused { code, .. }) if code == "DUPLICATE_VALUE" => {
                    return Ok(());
                }
                // The answer is lost, the assignment may be there: looking is safe. Salesforce
                // refuses a second one, should the first still be on its way.
                Err(lost @ TargetError::LostAnswer { .. }) => {
                    if self.permission_set_assigned(name).await? {
                        return Ok(());
                    }
                    if tries_left == 0 {
                        return Err(lost);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }
}
