//! Finding the links of a refreshed sandbox again. Its records are copies of production: a customer
//! has its record there only where the external ID says so. A record of the same id may be the
//! customer's, but ids are given out anew in each org, so that alone proves nothing.

use std::collections::{BTreeMap, BTreeSet};

use drawbridge_model::{
    CustomerId, FieldName, MOST_BY_ID, Mapping, ReadQuery, RecordId, Target, Value,
};

use crate::Error;

/// What became of the links of one sync.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relinked {
    /// Customers whose id exactly one record carries, with that record.
    pub again: Vec<(CustomerId, RecordId)>,
    /// Customers whose record is there by its id, or whose id several records carry: a person must
    /// look.
    pub review: Vec<CustomerId>,
    /// Customers whose record is not there.
    pub not_there: Vec<CustomerId>,
    /// Fields of the mapping the org lacks: they were made in the sandbox before its refresh alone.
    pub missing_fields: Vec<FieldName>,
}

/// Looks for the records of these links in the org as it is now. Writes nothing.
pub async fn look<T: Target>(
    mapping: &Mapping,
    links: &[(CustomerId, RecordId)],
    target: &T,
) -> Result<Relinked, Error> {
    let describe = target.describe(&mapping.sobject).await?;
    let fields: BTreeSet<&FieldName> = mapping
        .active_rules()
        .map(|rule| &rule.field)
        .chain([&mapping.external_id])
        .collect();
    let lacks = |field: &FieldName| describe.field(field).is_none();
    let mut relinked = Relinked {
        missing_fields: fields.into_iter().filter(|it| lacks(it)).cloned().collect(),
        ..Relinked::default()
    };
    let mut carriers: BTreeMap<&str, Vec<RecordId>> = links
        .iter()
        .map(|(customer, _)| (customer.as_str(), Vec::new()))
        .collect();
    if !lacks(&mapping.external_id) && !links.is_empty() {
        let query = ReadQuery {
            sobject: mapping.sobject.clone(),
            fields: vec![mapping.external_id.clone()],
            only: None,
            not_blank: Some(mapping.external_id.clone()),
            changed_since: None,
        };
        let mut cursor: Option<String> = None;
        loop {
            let page = target.read(&query, &describe, cursor.as_deref()).await?;
            for record in page.rows {
                if let Value::Text(id) = record.value(&mapping.external_id)
                    && let Some(found) = carriers.get_mut(id.as_str())
                {
                    found.push(record.id);
                }
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
    }
    let mut unfound: Vec<&(CustomerId, RecordId)> = Vec::new();
    for link in links {
        match carriers.get(link.0.as_str()).map(Vec::as_slice) {
            Some([record]) => relinked.again.push((link.0.clone(), record.clone())),
            Some([_, ..]) => relinked.review.push(link.0.clone()),
            _ => unfound.push(link),
        }
    }
    for chunk in unfound.chunks(MOST_BY_ID) {
        let ids: Vec<RecordId> = chunk.iter().map(|(_, record)| record.clone()).collect();
        let there: BTreeSet<RecordId> = target
            .read_by_id(&ids, &[], &describe)
            .await?
            .into_iter()
            .map(|record| record.id)
            .collect();
        for (customer, record) in chunk {
            let side = if there.contains(record) {
                &mut relinked.review
            } else {
                &mut relinked.not_there
            };
            side.push(customer.clone());
        }
    }
    Ok(relinked)
}
