//! State and country/territory picklists (facts/salesforce.md §9, §11): each address has codes
//! besides its texts, and the two agree.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::params;
use rusqlite::types::Value as Cell;

use super::fields::standard;
use crate::salesforce::cells::{Cells, given, put, text};
use crate::salesforce::errors::RowError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{FieldType, SObject};

/// `code|label|states`; a state is `code=label`, separated by commas.
const COUNTRIES: &str = include_str!("places.txt");

/// Addresses of the two sObjects.
const ADDRESSES: [(&str, &str); 4] = [
    ("Account", "Billing"),
    ("Account", "Shipping"),
    ("Contact", "Mailing"),
    ("Contact", "Other"),
];

struct Country {
    code: &'static str,
    label: &'static str,
    states: Vec<(&'static str, &'static str)>,
}

fn countries() -> impl Iterator<Item = Country> {
    COUNTRIES.lines().filter_map(|line| {
        let mut parts = line.split('|');
        let (code, label) = (parts.next()?, parts.next()?);
        let states = parts.next().unwrap_or_default();
        let states = states.split(',').filter_map(|state| state.split_once('='));
        Some(Country {
            code,
            label,
            states: states.collect(),
        })
    })
}

fn country(code: &str) -> Option<Country> {
    countries().find(|country| country.code.eq_ignore_ascii_case(code))
}

/// One value of a place picklist: value, label, and for states the countries it belongs to.
pub(crate) struct Place {
    pub(crate) value: &'static str,
    pub(crate) label: &'static str,
    /// Base64 bitmap over the country list, first country in the highest bit.
    pub(crate) valid_for: Option<String>,
}

/// The values of `…CountryCode` or `…StateCode`; `None` for other fields.
pub(crate) fn picklist(object: &SObject, name: &str) -> Option<Vec<Place>> {
    let has = |stem: &str, part: &str| object.any_field(&format!("{stem}{part}")).is_some();
    if let Some(stem) = name.strip_suffix("CountryCode") {
        return has(stem, "StateCode").then(|| {
            countries()
                .map(|country| Place {
                    value: country.code,
                    label: country.label,
                    valid_for: None,
                })
                .collect()
        });
    }
    let stem = name.strip_suffix("StateCode")?;
    has(stem, "CountryCode").then(|| {
        let bytes = countries().count().div_ceil(8);
        let mut places = Vec::new();
        for (index, country) in countries().enumerate() {
            let mut bits = vec![0_u8; bytes];
            bits[index / 8] = 0x80 >> (index % 8);
            let valid_for = STANDARD.encode(bits);
            places.extend(country.states.iter().map(|&(value, label)| Place {
                value,
                label,
                valid_for: Some(valid_for.clone()),
            }));
        }
        places
    })
}

/// Brings the code fields in step with the switch; known texts of stored records get their codes.
pub(super) fn switch(org: &mut Org, on: bool) -> rusqlite::Result<()> {
    for (sobject, stem) in ADDRESSES {
        for part in ["CountryCode", "StateCode"] {
            org.take_field(sobject, &format!("{stem}{part}"));
        }
        if !on {
            continue;
        }
        for (part, word) in [
            ("StateCode", "State/Province Code"),
            ("CountryCode", "Country/Territory Code"),
        ] {
            let name = format!("{stem}{part}");
            let mut field = standard(&name, &format!("{stem} {word}"), FieldType::Picklist, 10);
            field.restricted_picklist = true;
            field.permissionable = true;
            field.compound = Some(format!("{stem}Address"));
            field.picklist = countries()
                .flat_map(|country| match part {
                    "CountryCode" => vec![country.code.to_owned()],
                    _ => country
                        .states
                        .iter()
                        .map(|state| state.0.to_owned())
                        .collect(),
                })
                .collect();
            org.give_field(sobject, field)?;
        }
        give_codes(org, sobject, stem)?;
    }
    Ok(())
}

/// Gives the texts of stored addresses their codes, where they are known.
fn give_codes(org: &Org, sobject: &str, stem: &str) -> rusqlite::Result<()> {
    org.db.execute_batch(
        "CREATE TEMP TABLE place (country COLLATE NOCASE, country_label COLLATE NOCASE, state COLLATE NOCASE, state_label COLLATE NOCASE)",
    )?;
    {
        let mut add = org
            .db
            .prepare("INSERT INTO temp.place VALUES (?1, ?2, ?3, ?4)")?;
        for country in countries() {
            let none: Option<&str> = None;
            add.execute(params![country.code, country.label, none, none])?;
            for (code, label) in &country.states {
                add.execute(params![country.code, country.label, code, label])?;
            }
        }
    }
    let done = org.db.execute_batch(&format!(
        "UPDATE \"{sobject}\" SET (\"{stem}CountryCode\", \"{stem}Country\") =
             (SELECT country, country_label FROM temp.place WHERE state IS NULL AND \"{stem}Country\" IN (country, country_label))
         WHERE \"{stem}Country\" IN (SELECT country FROM temp.place UNION SELECT country_label FROM temp.place);
         UPDATE \"{sobject}\" SET (\"{stem}StateCode\", \"{stem}State\") =
             (SELECT state, state_label FROM temp.place WHERE country = \"{stem}CountryCode\" AND \"{stem}State\" IN (state, state_label))
         WHERE EXISTS (SELECT 1 FROM temp.place WHERE country = \"{stem}CountryCode\" AND \"{stem}State\" IN (state, state_label))",
    ));
    org.db.execute_batch("DROP TABLE temp.place")?;
    done
}

/// Checks the addresses a write touches and fills in the half (code or text) it leaves out.
/// `id` is the record written over, if any.
pub(super) fn settle(
    org: &Org,
    sobject: &str,
    id: Option<&str>,
    cells: &mut Cells,
) -> Result<(), RowError> {
    let Some(object) = org.schema.object(sobject) else {
        return Ok(());
    };
    let stems: Vec<&str> = object
        .fields
        .iter()
        .filter_map(|field| field.name.strip_suffix("CountryCode"))
        .collect();
    for stem in stems {
        let named = |part: &str| given(cells, &format!("{stem}{part}")).is_some();
        if ["Country", "CountryCode", "State", "StateCode"]
            .into_iter()
            .any(named)
        {
            settle_one(org, object, stem, id, cells)?;
        }
    }
    Ok(())
}

fn settle_one(
    org: &Org,
    object: &SObject,
    stem: &str,
    id: Option<&str>,
    cells: &mut Cells,
) -> Result<(), RowError> {
    let field = |part: &str| format!("{stem}{part}");
    let label = |part: &str| {
        object
            .any_field(&field(part))
            .map_or_else(|| field(part), |known| known.label.clone())
    };
    let wrong = |what: &str, plural: &str, part: &str| {
        RowError::new(
            "FIELD_INTEGRITY_EXCEPTION",
            format!(
                "There's a problem with this {what}, even though it may appear correct. Please select a {what} from the list of valid {plural}.: {}",
                label(part)
            ),
            &[&field(part)],
        )
    };
    let stored = |part: &str| -> rusqlite::Result<Option<String>> {
        match id {
            Some(id) => org.db.query_row(
                &format!(
                    "SELECT \"{}\" FROM \"{}\" WHERE Id = ?1",
                    field(part),
                    object.name
                ),
                [id],
                |row| row.get(0),
            ),
            None => Ok(None),
        }
    };
    // A code wins over a text; what the write leaves out stays as stored.
    let code = match said(cells, &field("CountryCode")) {
        Said::Value(code) => Some(code),
        country_code => match said(cells, &field("Country")) {
            Said::Value(name) => Some(
                countries()
                    .find(|country| country.label.eq_ignore_ascii_case(&name))
                    .map(|country| country.code.to_owned())
                    .ok_or_else(|| wrong("country/territory", "countries", "Country"))?,
            ),
            Said::Null => None,
            Said::Nothing if matches!(country_code, Said::Null) => None,
            Said::Nothing => stored("CountryCode")?,
        },
    };
    let country = match &code {
        Some(code) => Some(
            country(code).ok_or_else(|| wrong("country/territory", "countries", "CountryCode"))?,
        ),
        None => None,
    };
    let (wanted, part) = match said(cells, &field("StateCode")) {
        Said::Value(state) => (Some(state), "StateCode"),
        state_code => match said(cells, &field("State")) {
            Said::Value(state) => (Some(state), "State"),
            Said::Null => (None, "State"),
            Said::Nothing if matches!(state_code, Said::Null) => (None, "State"),
            Said::Nothing => (stored("StateCode")?, "StateCode"),
        },
    };
    let state = match (&wanted, &country) {
        (None, _) => None,
        (Some(_), None) => {
            return Err(RowError::new(
                "FIELD_INTEGRITY_EXCEPTION",
                format!(
                    "A country/territory must be specified before specifying a state value for field: {}",
                    label("State")
                ),
                &[&field("State")],
            ));
        }
        (Some(wanted), Some(country)) => {
            let known = country.states.iter().find(|(code, label)| {
                if part == "StateCode" {
                    code.eq_ignore_ascii_case(wanted)
                } else {
                    label.eq_ignore_ascii_case(wanted)
                }
            });
            Some(*known.ok_or_else(|| wrong("state", "states", "State"))?)
        }
    };
    let or_null = |value: Option<&str>| value.map_or(Cell::Null, text);
    put(
        cells,
        &field("CountryCode"),
        or_null(country.as_ref().map(|c| c.code)),
    );
    put(
        cells,
        &field("Country"),
        or_null(country.as_ref().map(|c| c.label)),
    );
    put(cells, &field("StateCode"), or_null(state.map(|s| s.0)));
    put(cells, &field("State"), or_null(state.map(|s| s.1)));
    Ok(())
}

/// What a write says about a field.
enum Said {
    Nothing,
    Null,
    Value(String),
}

fn said(cells: &[(String, Cell)], name: &str) -> Said {
    match given(cells, name) {
        None => Said::Nothing,
        Some(Cell::Text(text)) => Said::Value(text.clone()),
        Some(_) => Said::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_code_of_two_letters() {
        assert!(countries().count() > 25);
        for country in countries() {
            assert_eq!(country.code.len(), 2, "{}", country.label);
            assert!(!country.label.is_empty());
        }
        assert_eq!(country("us").map(|us| us.states.len()), Some(51));
    }
}
