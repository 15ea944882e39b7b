//! Deleted records: the rows `queryAll` gives beyond those of `query` (facts/salesforce.md §10, §11).

use std::fmt::Write;

use drawbridge_model::{GoneRecord, RecordId, SObjectName, TargetError};
use jiff::Timestamp;
use serde::Deserialize;

use super::{soql, values};

/// The sObjects that can be merged; the others have no `MasterRecordId`.
const MERGED: [&str; 3] = ["Account", "Contact", "Lead"];

/// A page of deleted records.
#[derive(Deserialize)]
pub(crate) struct RawPage {
    records: Vec<RawGone>,
    #[serde(rename = "nextRecordsUrl")]
    pub(crate) next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawGone {
    id: String,
    system_modstamp: String,
    master_record_id: Option<String>,
}

/// The path of the query.
pub(crate) fn path(
    sobject: &SObjectName,
    since: Option<Timestamp>,
    version: &str,
) -> Result<String, TargetError> {
    let name = soql::name(sobject.as_str())?;
    let master = if MERGED.iter().any(|it| it.eq_ignore_ascii_case(name)) {
        ",MasterRecordId"
    } else {
        ""
    };
    let mut soql = format!("SELECT Id,SystemModstamp{master} FROM {name} WHERE IsDeleted = true");
    if let Some(since) = since {
        let _ = write!(soql, " AND SystemModstamp >= {}", soql::moment(since));
    }
    Ok(format!(
        "/services/data/v{version}/queryAll?q={}",
        soql::encode(&soql)
    ))
}

/// The records of a page, or what could not be read.
pub(crate) fn records(page: RawPage) -> Result<Vec<GoneRecord>, String> {
    page.records
        .into_iter()
        .map(|raw| {
            let id = |text: &str| RecordId::parse(text).map_err(|error| error.to_string());
            Ok(GoneRecord {
                at: values::moment(&raw.system_modstamp)
                    .ok_or_else(|| format!("when {} was deleted is no moment", raw.id))?,
                id: id(&raw.id)?,
                merged_into: raw.master_record_id.as_deref().map(id).transpose()?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_merged_record_names_its_master() {
        let page = r#"{"totalSize":2,"done":false,"nextRecordsUrl":"/services/data/v67.0/query/01g-1",
            "records":[{"attributes":{"type":"Account"},"Id":"0017e00001W4GYRAA3",
            "SystemModstamp":"2026-01-31T12:34:56.000+0000","MasterRecordId":"0017e00001w4gyr"},
            {"Id":"0017e00001W4GYSAA3","SystemModstamp":"2026-01-31T12:34:57.000+0000",
            "MasterRecordId":null}]}"#;
        let page: RawPage = serde_json::from_str(page).unwrap();
        let found = records(page).unwrap();
        // Ids that differ only in case are two records.
        let master = RecordId::parse("0017e00001w4gyr").unwrap();
        assert_ne!(found[0].id, master);
        assert_eq!(found[0].merged_into, Some(master));
        assert_eq!(found[1].merged_into, None);
        assert!(found[0].at < found[1].at);
    }

    #[test]
    fn only_what_can_be_merged_is_asked_for_its_master() {
        let asked = |sobject: &str| path(&SObjectName::from(sobject), None, "67.0").unwrap();
        assert!(asked("Account").contains("MasterRecordId"));
        assert!(!asked("Invoice__c").contains("MasterRecordId"));
        assert!(path(&SObjectName::from("a b"), None, "67.0").is_err());
    }
}
