//! The result files of an ingest job (facts/salesforce.md §6).

use crate::salesforce::bulk::outcomes::{Fate, Outcomes};
use crate::salesforce::bulk::upload::{Upload, push_heading, push_quoted};

/// Which of the three files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Results {
    Successful,
    Failed,
    Unprocessed,
}

impl Results {
    /// By the last part of its address, which clients spell in different cases.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "successfulresults" => Some(Self::Successful),
            "failedresults" => Some(Self::Failed),
            "unprocessedrecords" => Some(Self::Unprocessed),
            _ => None,
        }
    }

    fn holds(self, fate: Option<Fate>) -> bool {
        match self {
            Self::Successful => matches!(fate, Some(Fate::Created | Fate::Changed)),
            Self::Failed => fate == Some(Fate::Failed),
            Self::Unprocessed => fate.is_none(),
        }
    }
}

/// Renders a file. Its rows stand in an order of their own, which depends on the seed alone:
/// Salesforce does not promise the order of the upload. Of `left_out` rows one is missing.
pub(crate) fn render(
    wanted: Results,
    file: &Upload,
    outcomes: &Outcomes,
    seed: u64,
    left_out: Option<usize>,
) -> Vec<u8> {
    let delimiter = file.dialect().delimiter.byte();
    let ending = file.dialect().line_ending.text().as_bytes();
    let mut rows: Vec<u8> = Vec::new();
    let mut bounds: Vec<usize> = Vec::new();
    file.each(0..file.len(), |row, record| {
        let fate = outcomes.fate(row);
        let is_missing = left_out.is_some_and(|nth| (row + 1).is_multiple_of(nth));
        if is_missing || !wanted.holds(fate) {
            return;
        }
        bounds.push(rows.len());
        match wanted {
            Results::Successful => {
                push_quoted(&mut rows, &outcomes.id(row));
                rows.push(delimiter);
                let created = if fate == Some(Fate::Created) {
                    "true"
                } else {
                    "false"
                };
                push_quoted(&mut rows, created);
                rows.push(delimiter);
            }
            Results::Failed => {
                push_quoted(&mut rows, &outcomes.id(row));
                rows.push(delimiter);
                push_quoted(&mut rows, outcomes.error(row));
                rows.push(delimiter);
            }
            Results::Unprocessed => {}
        }
        for (index, value) in record.iter().enumerate() {
            if index > 0 {
                rows.push(delimiter);
            }
            push_quoted(&mut rows, value);
        }
        rows.extend_from_slice(ending);
    });
    let mut order: Vec<usize> = (0..bounds.len()).collect();
    bounds.push(rows.len());
    fastrand::Rng::with_seed(seed).shuffle(&mut order);

    let mut text = Vec::with_capacity(rows.len() + 256);
    for own in match wanted {
        Results::Successful => ["sf__Id", "sf__Created"].as_slice(),
        Results::Failed => &["sf__Id", "sf__Error"],
        Results::Unprocessed => &[],
    } {
        push_quoted(&mut text, own);
        text.push(delimiter);
    }
    for (index, name) in file.header().iter().enumerate() {
        if index > 0 {
            text.push(delimiter);
        }
        push_heading(&mut text, name, file.dialect());
    }
    text.extend_from_slice(ending);
    for row in order {
        text.extend_from_slice(&rows[bounds[row]..bounds[row + 1]]);
    }
    text
}
