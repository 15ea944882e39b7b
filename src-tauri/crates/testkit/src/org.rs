//! What stands in a simulated org.

use std::collections::BTreeMap;

use drawbridge_simulator::State;
use serde_json::{Map, Value};

/// One field of a record; null when the record has no such field.
pub fn field<'a>(record: &'a Map<String, Value>, name: &str) -> &'a Value {
    static NULL: Value = Value::Null;
    record.get(name).unwrap_or(&NULL)
}

/// How often each value of an external ID field occurs, over all live records.
pub fn external_ids(state: &State, sobject: &str, name: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for record in state.records(sobject) {
        if let Some(id) = field(&record, name).as_str() {
            *counts.entry(id.to_owned()).or_default() += 1;
        }
    }
    counts
}

/// The one record whose field has this value.
pub fn find(state: &State, sobject: &str, name: &str, value: &str) -> Map<String, Value> {
    let mut found: Vec<_> = state
        .records(sobject)
        .into_iter()
        .filter(|record| field(record, name).as_str() == Some(value))
        .collect();
    assert_eq!(found.len(), 1, "{sobject} records with {name} = {value}");
    found.remove(0)
}

/// Field values, as somebody else's edit takes them.
pub fn values<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
