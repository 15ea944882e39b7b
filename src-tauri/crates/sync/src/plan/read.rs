//! Reading the org into the cache: everything the first time, then what changed and what is gone.

use std::collections::BTreeSet;

use drawbridge_model::{
    Cache, Clock, Describe, Event, FieldName, GivenKeys, Mapping, MatchKey, Phase, ReadBasis,
    ReadMark, ReadQuery, Record, RecordId, Reporter, SObjectName, Target, TargetError, Value,
    grouped,
};
use jiff::Timestamp;

use super::Input;
use crate::matching::{KEYS, keys_of_address, keys_of_record, match_fields, parent_field};
use crate::pull::Depth;
use crate::{Error, currencies, pack};

/// How often records are read that go missing meanwhile.
const TRIES: u32 = 3;

/// What the Contacts of Accounts are read by.
struct Contacts {
    describe: Describe,
    /// The field that carries a customer's id, where customers are rolled up and the org has it.
    id: Option<FieldName>,
}

/// One reading of the org.
pub(super) struct Reading<'a, T, L> {
    pub(super) input: &'a Input<'a>,
    pub(super) depth: Depth,
    pub(super) target: &'a T,
    pub(super) describe: &'a Describe,
    pub(super) ledger: &'a L,
    pub(super) clock: &'a dyn Clock,
    pub(super) reporter: &'a dyn Reporter,
}

impl<T: Target, L: Cache> Reading<'_, T, L> {
    /// Brings the cache up to the org's present state.
    ///
    /// The mark moves last, to the newest stamp seen, less the time the reading took: the clock of
    /// the org never stood later than that when it began. Cut off half-way, it is done again.
    ///
    /// Where records go missing while they are read, it begins again, a few times: one that was
    /// merely passed over is never taken for deleted.
    pub(super) async fn read(&self) -> Result<(), Error> {
        self.reporter.report(Event::PhaseStarted {
            phase: Phase::Read,
            total: None,
        });
        let mut tries_left = TRIES;
        loop {
            tries_left -= 1;
            match self.read_once().await {
                Err(Error::Target(error @ TargetError::Incomplete { .. })) if tries_left > 0 => {
                    tracing::info!(%error, "reading again");
                }
                ended => return ended,
            }
        }
    }

    async fn read_once(&self) -> Result<(), Error> {
        let sync = self.input.sync.id;
        let began = self.clock.now();
        let contacts = self.contacts().await?;
        let basis = self.basis(contacts.as_ref());
        let mark = self.ledger.read_mark(sync)?;
        let since = mark
            .as_ref()
            .filter(|_| self.depth == Depth::Changes)
            .and_then(|mark| mark.since(&basis, began));
        let mut newest = mark
            .as_ref()
            .filter(|_| since.is_some())
            .map(|it| it.through);
        let records = self.read_records(&basis, since, &mut newest).await?;
        if let Some(contacts) = &contacts {
            self.read_contact_keys(contacts, since, &mut newest).await?;
        }
        self.read_gone(&basis.sobject, since, &mut newest).await?;
        self.ledger.keep_lost_links(sync, began)?;
        let took = self.clock.now().duration_since(began);
        if let Some(newest) = newest
            && !took.is_negative()
            && let Ok(through) = newest.checked_sub(took)
        {
            let before = mark.filter(|_| since.is_some());
            let mark = ReadMark {
                basis,
                through: before
                    .as_ref()
                    .map_or(through, |it| through.max(it.through)),
                full_at: before.map_or(began, |it| it.full_at),
            };
            self.ledger.set_read_mark(sync, &mark)?;
        }
        let sobject = &self.input.mapping.sobject;
        let count = grouped(records);
        let detail = match since {
            None => format!("{count} {sobject}s"),
            Some(_) => {
                format!("{count} {sobject}s changed since the last preview, or shortly before")
            }
        };
        self.reporter.report(Event::PhaseFinished {
            phase: Phase::Read,
            done: records,
            detail: Some(detail),
        });
        Ok(())
    }

    /// What the Contacts of Accounts are read by; `None` where something else is filled.
    async fn contacts(&self) -> Result<Option<Contacts>, Error> {
        if self.input.mapping.sobject.as_str() != "Account" {
            return Ok(None);
        }
        let describe = self.target.describe(&SObjectName::from("Contact")).await?;
        let carries = pack::id_on_contact(self.input.sync.pack);
        let id = carries.and_then(|name| Some(describe.field(&name)?.name.clone()));
        Ok(Some(Contacts { describe, id }))
    }

    /// What the mapping compares and what matching looks at, each once.
    fn basis(&self, contacts: Option<&Contacts>) -> ReadBasis {
        let mapping = self.input.mapping;
        let external_id = if self.input.sync.pack.rolls_up() {
            // No record carries one customer's id: its Contacts do, or else say who it is.
            let id = contacts.and_then(|contacts| contacts.id.as_ref());
            FieldName(format!("Contact.{}", id.map_or("Email", FieldName::as_str)))
        } else {
            mapping.external_id.clone()
        };
        ReadBasis {
            org: self.input.pinned.org_id.clone(),
            sobject: mapping.sobject.clone(),
            fields: fields_to_read(mapping, self.describe),
            external_id,
            keys: KEYS,
        }
    }

    async fn read_records(
        &self,
        basis: &ReadBasis,
        since: Option<Timestamp>,
        newest: &mut Option<Timestamp>,
    ) -> Result<u64, Error> {
        let query = ReadQuery {
            sobject: basis.sobject.clone(),
            fields: basis.fields.clone(),
            only: None,
            not_blank: None,
            changed_since: since,
        };
        let mut records = 0;
        let mut ahead = Some(self.target.fetch(&query, self.describe, None).await?);
        while let Some(page) = ahead.take() {
            let next = page.next.clone();
            // The org is at the next page while this one is taken apart and kept.
            let following = async {
                match next {
                    Some(next) => Ok(Some(
                        self.target
                            .fetch(&query, self.describe, Some(&next))
                            .await?,
                    )),
                    None => Ok(None),
                }
            };
            let keeping = async {
                tokio::task::yield_now().await;
                let rows = page.rows()?;
                // What was read before is forgotten only when the org does answer.
                if since.is_none() && records == 0 {
                    self.ledger.clear_records(self.input.sync.id)?;
                }
                note(newest, rows.iter().map(|record| record.modstamp));
                records += rows.len() as u64;
                self.keep(basis, &rows, records)
            };
            (ahead, ()) = futures::future::try_join(following, keeping).await?;
        }
        Ok(records)
    }

    /// Keeps a page of records, the last of so many.
    fn keep(&self, basis: &ReadBasis, rows: &[Record], records: u64) -> Result<(), Error> {
        let keys = |record: &Record| keys_of_record(record, &basis.external_id);
        self.ledger.put_records(self.input.sync.id, rows, &keys)?;
        self.reporter.report(Event::PhaseAdvanced {
            phase: Phase::Read,
            done: records,
        });
        self.report_calls();
        Ok(())
    }

    /// An Account is found by the e-mail addresses of its Contacts, and where customers are rolled
    /// up by the ids they carry. A Contact that changed may have lost its address or gone to another
    /// Account: what it gave before is forgotten.
    async fn read_contact_keys(
        &self,
        contacts: &Contacts,
        since: Option<Timestamp>,
        newest: &mut Option<Timestamp>,
    ) -> Result<(), Error> {
        let contact = SObjectName::from("Contact");
        let (email, account) = (FieldName::from("Email"), FieldName::from("AccountId"));
        let id = contacts.id.as_ref();
        let needed = match id {
            // Who has an id is of use without an address.
            Some(_) => &account,
            None => &email,
        };
        let query = ReadQuery {
            sobject: contact.clone(),
            fields: [&email, &account].into_iter().chain(id).cloned().collect(),
            only: None,
            not_blank: since.is_none().then(|| needed.clone()),
            changed_since: since,
        };
        let mut cursor: Option<String> = None;
        loop {
            let page = self
                .target
                .read(&query, &contacts.describe, cursor.as_deref())
                .await?;
            note(newest, page.rows.iter().map(|record| record.modstamp));
            let given: Vec<GivenKeys> = page
                .rows
                .iter()
                .map(|record| GivenKeys {
                    by: record.id.clone(),
                    keys: keys_given(
                        record.value(&email),
                        id.map(|id| record.value(id)),
                        record.value(&account),
                    ),
                })
                .collect();
            self.ledger.put_keys(self.input.sync.id, &given)?;
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        // All that were there are read: those that are gone gave nothing.
        if since.is_none() {
            return Ok(());
        }
        loop {
            let page = self.target.gone(&contact, since, cursor.as_deref()).await?;
            note(newest, page.rows.iter().map(|gone| gone.at));
            let given: Vec<GivenKeys> = page
                .rows
                .into_iter()
                .map(|gone| GivenKeys {
                    by: gone.id,
                    keys: Vec::new(),
                })
                .collect();
            self.ledger.put_keys(self.input.sync.id, &given)?;
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    async fn read_gone(
        &self,
        sobject: &SObjectName,
        since: Option<Timestamp>,
        newest: &mut Option<Timestamp>,
    ) -> Result<(), Error> {
        let mut cursor: Option<String> = None;
        loop {
            let page = self.target.gone(sobject, since, cursor.as_deref()).await?;
            note(newest, page.rows.iter().map(|gone| gone.at));
            self.ledger.put_gone(self.input.sync.id, &page.rows)?;
            self.report_calls();
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    fn report_calls(&self) {
        self.reporter.report(Event::ApiCalls {
            used: self.target.calls_made(),
            usage: self.target.usage(),
        });
    }
}

/// The newest stamp seen so far.
fn note(newest: &mut Option<Timestamp>, seen: impl Iterator<Item = Timestamp>) {
    *newest = seen.chain(*newest).max();
}

/// What the mapping compares and what matching looks at, each once.
pub(super) fn fields_to_read(mapping: &Mapping, describe: &Describe) -> Vec<FieldName> {
    let mapped = mapping.active_rules().map(|rule| rule.field.clone());
    let currency = currencies::field_to_read(describe).map(|field| field.name.clone());
    let fields: BTreeSet<FieldName> = mapped
        .chain([mapping.external_id.clone()])
        .chain(match_fields(describe))
        .chain(currency)
        .chain(parent_field(describe))
        .collect();
    fields.into_iter().collect()
}

/// What a Contact with this address and customer id gives to this Account.
fn keys_given(email: &Value, id: Option<&Value>, account: &Value) -> Vec<(MatchKey, RecordId)> {
    let Value::Text(account) = account else {
        return Vec::new();
    };
    let Ok(account) = RecordId::parse(account) else {
        return Vec::new();
    };
    let by_address = match email {
        Value::Text(email) => keys_of_address(email),
        _ => Vec::new(),
    };
    let by_id = match id {
        Some(Value::Text(id)) => Some(MatchKey::ExternalId(id.clone())),
        _ => None,
    };
    by_address
        .into_iter()
        .chain(by_id)
        .map(|key| (key, account.clone()))
        .collect()
}
