//! The last answers, kept in memory so that they can be looked through and saved whole. They go
//! when newer ones need the room, and when Drawbridge ends.

use std::collections::VecDeque;
use std::sync::Arc;

use drawbridge_billing::console::LARGEST_ANSWER;
use drawbridge_model::{ApiAnswer, ApiCallId, Provider};

use super::table::Table;
use super::text::{cut, pretty};
use crate::view::AnswerKindView;

/// So much of an answer is shown as text.
const SHOWN: usize = 256 * 1024;
/// So many bytes of answers are kept: the largest one always fits.
const KEPT: usize = LARGEST_ANSWER;

/// An answer, looked through once.
pub(super) struct Kept {
    pub(super) id: ApiCallId,
    pub(super) provider: Provider,
    /// Of the call.
    pub(super) path: String,
    pub(super) answer: ApiAnswer,
    pub(super) kind: AnswerKindView,
    pub(super) text: String,
    pub(super) text_cut: bool,
    pub(super) table: Option<Table>,
}

impl Kept {
    /// Looks through an answer. Takes a moment for a large one.
    pub(super) fn new(id: ApiCallId, provider: Provider, path: String, answer: ApiAnswer) -> Self {
        let (kind, (text, text_cut), table) = match std::str::from_utf8(&answer.body) {
            Ok(body) if body.trim().is_empty() => {
                (AnswerKindView::Empty, (String::new(), false), None)
            }
            Ok(body) if serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok() => {
                (AnswerKindView::Json, pretty(body, SHOWN), Table::find(body))
            }
            Ok(body) => {
                let shown = cut(body, SHOWN);
                let text = (shown.to_owned(), shown.len() < body.len());
                (AnswerKindView::Text, text, None)
            }
            Err(_) => (AnswerKindView::Bytes, (String::new(), false), None),
        };
        Self {
            id,
            provider,
            path,
            answer,
            kind,
            text,
            text_cut,
            table,
        }
    }

    /// Its body as text; nothing where it is none.
    pub(super) fn body(&self) -> &str {
        std::str::from_utf8(&self.answer.body).unwrap_or_default()
    }
}

/// The last answers, newest first.
#[derive(Default)]
pub(crate) struct Answers(VecDeque<Arc<Kept>>);

impl Answers {
    pub(super) fn keep(&mut self, kept: Arc<Kept>) {
        self.0.push_front(kept);
        let mut bytes = 0;
        self.0.retain(|kept| {
            bytes += kept.answer.body.len();
            bytes <= KEPT
        });
        self.0.truncate(50);
    }

    pub(super) fn get(&self, id: ApiCallId) -> Option<Arc<Kept>> {
        self.0.iter().find(|kept| kept.id == id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(id: u32, bytes: usize) -> Arc<Kept> {
        let answer = ApiAnswer {
            status: 200,
            headers: Vec::new(),
            elapsed_ms: 1,
            content_type: None,
            body: vec![0xff; bytes],
        };
        Arc::new(Kept::new(
            ApiCallId(id),
            Provider::Alguna,
            "/".to_owned(),
            answer,
        ))
    }

    #[test]
    fn old_answers_make_room_and_the_newest_is_always_there() {
        let mut answers = Answers::default();
        answers.keep(kept(1, KEPT / 2));
        answers.keep(kept(2, KEPT / 2));
        assert!(answers.get(ApiCallId(1)).is_some());
        answers.keep(kept(3, 1));
        assert!(answers.get(ApiCallId(1)).is_none() && answers.get(ApiCallId(2)).is_some());
        answers.keep(kept(4, KEPT));
        assert!(answers.get(ApiCallId(4)).is_some() && answers.get(ApiCallId(3)).is_none());
    }
}
