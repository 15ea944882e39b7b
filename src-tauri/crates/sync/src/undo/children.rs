//! Records that Salesforce deletes together with an Account: its Contacts, Opportunities and Cases.
//! What else may hang on it (notes, tasks, records of custom objects) is not looked for.

use std::collections::HashMap;

use drawbridge_model::{
    Describe, FieldName, ReadQuery, RecordId, SObjectName, Target, TargetError, Value, grouped,
};
use tokio::sync::OnceCell;

use crate::Error;

const OBJECTS: [(&str, &str, &str); 3] = [
    ("Contact", "Contact", "Contacts"),
    ("Opportunity", "Opportunity", "Opportunities"),
    ("Case", "Case", "Cases"),
];

/// Finds the children of Accounts. What an org has of them is asked once.
#[derive(Debug, Default)]
pub(crate) struct Children(OnceCell<Vec<(usize, Describe)>>);

impl Children {
    /// Accounts among these records that have children, each with how many in words. Objects that
    /// the user cannot see are passed over; records of another sObject have none.
    pub(crate) async fn of<T: Target>(
        &self,
        target: &T,
        sobject: &SObjectName,
        records: &[RecordId],
    ) -> Result<HashMap<RecordId, String>, Error> {
        if sobject.as_str() != "Account" || records.is_empty() {
            return Ok(HashMap::new());
        }
        let account = FieldName::from("AccountId");
        let mut counts: HashMap<RecordId, [u32; OBJECTS.len()]> = HashMap::new();
        for (object, describe) in self
            .0
            .get_or_try_init(|| describes(target, &account))
            .await?
        {
            let ids = records.iter().map(ToString::to_string).collect();
            let query = ReadQuery {
                sobject: describe.sobject.clone(),
                fields: vec![account.clone()],
                only: Some((account.clone(), ids)),
                not_blank: None,
                changed_since: None,
            };
            let mut cursor: Option<String> = None;
            loop {
                let page = target.read(&query, describe, cursor.as_deref()).await?;
                for child in &page.rows {
                    if let Value::Text(id) = child.value(&account)
                        && let Ok(id) = RecordId::parse(id)
                    {
                        counts.entry(id).or_default()[*object] += 1;
                    }
                }
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
        }
        Ok(counts
            .into_iter()
            .map(|(id, counts)| (id, in_words(counts)))
            .collect())
    }
}

/// The describes of those objects that can be seen, each with its place in [`OBJECTS`].
async fn describes<T: Target>(
    target: &T,
    account: &FieldName,
) -> Result<Vec<(usize, Describe)>, Error> {
    let mut found = Vec::new();
    for (place, (name, ..)) in OBJECTS.iter().enumerate() {
        match target.describe(&SObjectName::from(*name)).await {
            Ok(describe) if describe.field(account).is_some() => found.push((place, describe)),
            Ok(_) => {}
            Err(error) if cannot_be_seen(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

fn cannot_be_seen(error: &TargetError) -> bool {
    matches!(error, TargetError::Refused { code, .. }
        if matches!(code.as_str(), "NOT_FOUND" | "INVALID_TYPE")
            || code.starts_with("INSUFFICIENT_ACCESS"))
}

fn in_words(counts: [u32; OBJECTS.len()]) -> String {
    let parts: Vec<String> = counts
        .iter()
        .zip(OBJECTS)
        .filter(|(count, _)| **count > 0)
        .map(|(count, (_, one, many))| {
            format!(
                "{} {}",
                grouped(count),
                if *count == 1 { one } else { many }
            )
        })
        .collect();
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_are_counted_in_words() {
        assert_eq!(in_words([1, 0, 0]), "1 Contact");
        assert_eq!(in_words([0, 2, 1]), "2 Opportunities and 1 Case");
        assert_eq!(
            in_words([12, 1, 3]),
            "12 Contacts, 1 Opportunity and 3 Cases"
        );
    }

    #[test]
    fn an_object_out_of_sight_is_no_error_and_a_lost_org_is() {
        let refused = |code: &str| TargetError::Refused {
            call: "GET describe".to_owned(),
            code: code.to_owned(),
            message: String::new(),
        };
        assert!(cannot_be_seen(&refused("NOT_FOUND")));
        assert!(cannot_be_seen(&refused("INSUFFICIENT_ACCESS_OR_READONLY")));
        assert!(!cannot_be_seen(&refused("UNKNOWN_EXCEPTION")));
        assert!(!cannot_be_seen(&TargetError::Busy { status: 503 }));
    }
}
