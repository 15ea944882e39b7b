//! Syncs that fill the same fields of the same org.

use drawbridge_model::{FieldName, Mapping, Sync, WritePolicy};

use crate::context::Workspace;
use crate::error::Result;

/// So many fields are named.
const NAMED: usize = 3;

impl Workspace {
    /// What a person should know of other syncs that fill fields of this mapping in the same org.
    pub(crate) fn overlap(&self, sync: &Sync, mapping: &Mapping) -> Result<Option<String>> {
        let (_, _, org) = self.sync_ends(sync.id)?;
        let org_id = org.org.as_ref().map(|org| &org.org_id);
        let mut told = Vec::new();
        for other in self.store.syncs()? {
            let (_, _, there) = self.sync_ends(other.id)?;
            let is_there = there.org.as_ref().map(|org| &org.org_id) == org_id;
            if other.id == sync.id || !is_there {
                continue;
            }
            let shared = shared(mapping, &self.store.mapping(other.id)?);
            if !shared.is_empty() {
                told.push(format!(
                    "The sync “{}” fills {} in this org too: the one that runs last has the last \
                     word.",
                    other.name,
                    listed(&shared)
                ));
            }
        }
        Ok((!told.is_empty()).then(|| told.join(" ")))
    }
}

/// Fields that both fill, and one of them not only where they are empty.
fn shared<'a>(ours: &'a Mapping, theirs: &Mapping) -> Vec<&'a FieldName> {
    if ours.sobject != theirs.sobject {
        return Vec::new();
    }
    let overwrites = |policy: WritePolicy| policy != WritePolicy::IfEmpty;
    ours.active_rules()
        .filter(|rule| {
            theirs.active_rules().any(|other| {
                other.field == rule.field && (overwrites(other.write) || overwrites(rule.write))
            })
        })
        .map(|rule| &rule.field)
        .collect()
}

fn listed(fields: &[&FieldName]) -> String {
    let named: Vec<&str> = fields.iter().take(NAMED).map(|it| it.as_str()).collect();
    match fields.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        1 => format!("{} and 1 more field", named.join(", ")),
        more => format!("{} and {more} more fields", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_fields_are_named_and_the_others_counted() {
        let fields: Vec<FieldName> = ["A", "B", "C", "D", "E"].map(FieldName::from).into();
        let all: Vec<&FieldName> = fields.iter().collect();
        let told = [1, 3, 4, 5].map(|count| listed(all.get(..count).unwrap_or_default()));
        let expected = [
            "A",
            "A, B, C",
            "A, B, C and 1 more field",
            "A, B, C and 2 more fields",
        ];
        assert_eq!(told, expected);
    }
}
