//! What became of the rows of an ingest job, 16 bytes a row.

/// How a row ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Created,
    /// Updated or deleted.
    Changed,
    Failed,
}

#[derive(Debug, Clone, Copy)]
struct Outcome {
    /// The record's id without its checksum; zeros when it is not known.
    id: [u8; 15],
    fate: Fate,
}

/// The outcomes of a job's rows, in the order of the file. Rows behind the last were not processed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcomes {
    rows: Vec<Outcome>,
    /// Row and error text of each failed row, in the order of the file.
    errors: Vec<(u32, Box<str>)>,
}

impl Outcomes {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn failed(&self) -> usize {
        self.errors.len()
    }

    pub(crate) fn push_written(&mut self, id: &str, created: bool) {
        let fate = if created {
            Fate::Created
        } else {
            Fate::Changed
        };
        self.rows.push(Outcome {
            id: short(id),
            fate,
        });
    }

    pub(crate) fn push_failed(&mut self, id: Option<&str>, error: String) {
        let row = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.errors.push((row, error.into_boxed_str()));
        self.rows.push(Outcome {
            id: id.map(short).unwrap_or_default(),
            fate: Fate::Failed,
        });
    }

    /// Adds those of the rows that come next.
    pub(crate) fn append(&mut self, more: Self) {
        let before = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let moved = |(row, error): (u32, Box<str>)| (row.saturating_add(before), error);
        self.errors.extend(more.errors.into_iter().map(moved));
        self.rows.extend(more.rows);
    }

    /// The fate of a row; `None` when it was not processed.
    pub(crate) fn fate(&self, row: usize) -> Option<Fate> {
        self.rows.get(row).map(|outcome| outcome.fate)
    }

    /// The 18-character id of a row's record, or nothing when it is not known.
    pub(crate) fn id(&self, row: usize) -> String {
        let id = self.rows.get(row).map(|outcome| outcome.id);
        id.and_then(|id| crate::salesforce::to18(std::str::from_utf8(&id).ok()?))
            .unwrap_or_default()
    }

    /// The error of a failed row.
    pub(crate) fn error(&self, row: usize) -> &str {
        let found = self
            .errors
            .binary_search_by_key(&row, |(failed, _)| *failed as usize);
        found
            .ok()
            .and_then(|index| self.errors.get(index))
            .map_or("", |(_, error)| error)
    }
}

fn short(id: &str) -> [u8; 15] {
    id.as_bytes()
        .get(..15)
        .and_then(|short| short.try_into().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_of_chunks_join_in_order() {
        let mut all = Outcomes::default();
        all.push_failed(None, "A".to_owned());
        let mut more = Outcomes::default();
        more.push_written("0017e00001W4GYRAA3", true);
        more.push_failed(Some("0017e00001W4GYR"), "B".to_owned());
        all.append(more);
        assert_eq!((all.len(), all.failed()), (3, 2));
        assert_eq!((all.id(0).as_str(), all.error(0)), ("", "A"));
        assert_eq!(all.id(1), "0017e00001W4GYRAA3");
        assert_eq!(
            (all.id(2).as_str(), all.error(2)),
            ("0017e00001W4GYRAA3", "B")
        );
        assert_eq!((all.fate(1), all.fate(3)), (Some(Fate::Created), None));
    }
}
