//! The model's cache port, over the tables that hold it.

use std::collections::BTreeMap;

use drawbridge_model::{
    AcceptedLink, Acquaintance, Agreed, Apart, Cache, ConnectionId, Customer, CustomerBundle,
    CustomerId, Due, FieldName, FormerCustomer, GivenKeys, GoneRecord, LedgerError, LeftBehind,
    Link, MatchKey, MatchTally, Matched, Opposite, PullEnd, Pulled, ReadMark, Record, RecordId,
    Snapshot, Subscription, SyncId, Takeover, Value, Watermark,
};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::{
    Store, agreed, bases, customers, links, matched, matches, pulls, readings, records, snapshots,
    takeovers,
};

impl Cache for Store {
    fn begin_pull(&self, source: ConnectionId, at: Timestamp) -> Result<u32, LedgerError> {
        Ok(self.write("beginning a pull", |db| pulls::begin(db, source, at))?)
    }

    fn put_customers(
        &self,
        source: ConnectionId,
        pull: u32,
        rows: &[Customer],
    ) -> Result<(), LedgerError> {
        Ok(self.write_soon("saving customers", |db| {
            customers::put(db, source, pull, rows)
        })?)
    }

    fn put_subscriptions(
        &self,
        source: ConnectionId,
        pull: u32,
        rows: &[Subscription],
    ) -> Result<(), LedgerError> {
        Ok(self.write_soon("saving subscriptions", |db| {
            customers::put_subscriptions(db, source, pull, rows)
        })?)
    }

    fn finish_pull(
        &self,
        source: ConnectionId,
        pull: u32,
        end: PullEnd,
    ) -> Result<Pulled, LedgerError> {
        let pulled = self.write("ending a pull", |db| pulls::finish(db, source, pull, end))?;
        self.tidy("ending a pull", pulls::let_go_of_seen)?;
        Ok(pulled)
    }

    fn watermark(&self, source: ConnectionId) -> Result<Option<Watermark>, LedgerError> {
        Ok(self.read("reading the last pull", |db| pulls::watermark(db, source))?)
    }

    fn due(&self, source: ConnectionId, from: Date, to: Date) -> Result<Due, LedgerError> {
        Ok(self.read("looking for what is due", |db| {
            pulls::due(db, source, from, to)
        })?)
    }

    fn customers(
        &self,
        source: ConnectionId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<CustomerBundle>, LedgerError> {
        Ok(self.read("reading customers", |db| {
            customers::page(db, source, None, after, limit)
        })?)
    }

    fn count_customers(&self, source: ConnectionId) -> Result<u64, LedgerError> {
        Ok(self.read("counting customers", |db| customers::count(db, source))?)
    }

    fn bundles_of(
        &self,
        source: ConnectionId,
        ids: &[CustomerId],
    ) -> Result<Vec<CustomerBundle>, LedgerError> {
        Ok(self.read("reading customers", |db| {
            customers::bundles(db, source, ids)
        })?)
    }

    fn customers_of(
        &self,
        source: ConnectionId,
        ids: &[CustomerId],
    ) -> Result<Vec<Customer>, LedgerError> {
        Ok(self.read("reading customers", |db| {
            let found = ids.iter().map(|id| customers::get(db, source, id));
            found.filter_map(Result::transpose).collect()
        })?)
    }

    fn keep_snapshot(&self, sync: SyncId, snapshot: &Snapshot) -> Result<(), LedgerError> {
        Ok(self.write("saving what was read", |db| {
            snapshots::put(db, sync, snapshot)
        })?)
    }

    fn snapshot(&self, sync: SyncId) -> Result<Option<Snapshot>, LedgerError> {
        Ok(self.read("reading what was read", |db| snapshots::get(db, sync))?)
    }

    fn read_mark(&self, sync: SyncId) -> Result<Option<ReadMark>, LedgerError> {
        Ok(self.read("reading how far records were read", |db| {
            readings::mark(db, sync)
        })?)
    }

    fn set_read_mark(&self, sync: SyncId, mark: &ReadMark) -> Result<(), LedgerError> {
        Ok(self.write("saving how far records were read", |db| {
            readings::set_mark(db, sync, mark)
        })?)
    }

    fn clear_records(&self, sync: SyncId) -> Result<(), LedgerError> {
        Ok(self.write("forgetting records", |db| records::clear(db, sync))?)
    }

    fn put_records(
        &self,
        sync: SyncId,
        rows: &[Record],
        keys: &dyn Fn(&Record) -> Vec<MatchKey>,
    ) -> Result<(), LedgerError> {
        Ok(self.write_soon("saving records", |db| records::put(db, sync, rows, keys))?)
    }

    fn count_records(&self, sync: SyncId) -> Result<u64, LedgerError> {
        Ok(self.read("counting records", |db| records::count(db, sync))?)
    }

    fn put_keys(&self, sync: SyncId, given: &[GivenKeys]) -> Result<(), LedgerError> {
        Ok(self.write_soon("saving match keys", |db| records::put_keys(db, sync, given))?)
    }

    fn put_gone(&self, sync: SyncId, gone: &[GoneRecord]) -> Result<(), LedgerError> {
        Ok(self.write("saving deleted records", |db| {
            readings::put_gone(db, sync, gone)
        })?)
    }

    fn gone(&self, sync: SyncId, id: &RecordId) -> Result<Option<GoneRecord>, LedgerError> {
        Ok(self.read("looking up a deleted record", |db| {
            readings::gone(db, sync, id)
        })?)
    }

    fn keep_lost_links(&self, sync: SyncId, at: Timestamp) -> Result<(), LedgerError> {
        Ok(self.write("keeping links to deleted records", |db| {
            links::keep_lost(db, sync, at)
        })?)
    }

    fn agree_by(&self, sync: SyncId, terms: &str) -> Result<(), LedgerError> {
        Ok(
            self.write_soon("saving by what records are compared", |db| {
                agreed::agree_by(db, sync, terms)
            })?,
        )
    }

    fn touched(&self) -> Result<i64, LedgerError> {
        Ok(self.read("reading whether anything changed", agreed::touched)?)
    }

    fn put_agreed(
        &self,
        sync: SyncId,
        terms: &str,
        touched: i64,
        agreed: &[Agreed],
    ) -> Result<(), LedgerError> {
        Ok(self.write_soon("saving which customers agree", |db| {
            agreed::put(db, sync, terms, touched, agreed)
        })?)
    }

    fn match_touched(&self) -> Result<i64, LedgerError> {
        Ok(self.read("reading whether anything changed", matched::touched)?)
    }

    fn put_matched(
        &self,
        sync: SyncId,
        terms: &str,
        touched: i64,
        tally: MatchTally,
    ) -> Result<(), LedgerError> {
        Ok(self.write_soon("saving that all are matched", |db| {
            matched::put(db, sync, terms, touched, tally)
        })?)
    }

    fn matched(&self, sync: SyncId, terms: &str) -> Result<Option<MatchTally>, LedgerError> {
        Ok(self.read("reading whether all are matched", |db| {
            matched::get(db, sync, terms)
        })?)
    }

    fn acquaintances(
        &self,
        sync: SyncId,
        source: ConnectionId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<Acquaintance>, LedgerError> {
        Ok(self.read("looking up customers", |db| {
            links::acquaintances(db, sync, source, after, limit)
        })?)
    }

    fn records_by_keys(
        &self,
        sync: SyncId,
        keys: &[MatchKey],
    ) -> Result<Vec<Vec<RecordId>>, LedgerError> {
        Ok(self.read("looking up keys", |db| {
            let each = keys.iter().map(|key| records::by_key(db, sync, key));
            each.collect()
        })?)
    }

    fn record(&self, sync: SyncId, id: &RecordId) -> Result<Option<Record>, LedgerError> {
        Ok(self.look("reading a record", |db| records::get(db, sync, id))?)
    }

    fn accepted_link(
        &self,
        sync: SyncId,
        customer: &CustomerId,
    ) -> Result<Option<AcceptedLink>, LedgerError> {
        Ok(self.read("reading a link", |db| links::accepted(db, sync, customer))?)
    }

    fn apart(&self, sync: SyncId, customer: &CustomerId) -> Result<Option<Apart>, LedgerError> {
        Ok(self.read("reading a decision", |db| {
            matches::apart(db, sync, customer)
        })?)
    }

    fn former_customer(
        &self,
        source: ConnectionId,
        id: &CustomerId,
    ) -> Result<Option<FormerCustomer>, LedgerError> {
        Ok(self.look("looking up a customer that is gone", |db| {
            takeovers::former(db, source, id)
        })?)
    }

    fn any_takeover(&self, sync: SyncId) -> Result<bool, LedgerError> {
        Ok(self.look("looking for takeovers", |db| takeovers::any(db, sync))?)
    }

    fn takeover(
        &self,
        sync: SyncId,
        customer: &CustomerId,
    ) -> Result<Option<Takeover>, LedgerError> {
        Ok(self.look("reading a takeover", |db| takeovers::of(db, sync, customer))?)
    }

    fn handed_over(
        &self,
        sync: SyncId,
        former: &CustomerId,
    ) -> Result<Option<Takeover>, LedgerError> {
        Ok(self.look("reading a takeover", |db| takeovers::from(db, sync, former))?)
    }

    fn put_links(&self, sync: SyncId, found: &[Link]) -> Result<(), LedgerError> {
        Ok(self.write_soon("saving links", |db| links::put(db, sync, found))?)
    }

    fn found_by_id(
        &self,
        sync: SyncId,
        found: &[(CustomerId, RecordId)],
    ) -> Result<(), LedgerError> {
        Ok(self.write_soon("saving links", |db| links::found_by_id(db, sync, found))?)
    }

    fn mark_shared_records(&self, sync: SyncId) -> Result<u64, LedgerError> {
        Ok(self.write("comparing links", |db| links::mark_shared(db, sync))?)
    }

    fn opposites(
        &self,
        sync: SyncId,
        customers: &[CustomerBundle],
    ) -> Result<Vec<Opposite>, LedgerError> {
        Ok(self.read("reading records", |db| {
            let opposite = |bundle: &CustomerBundle| links::opposite(db, sync, &bundle.customer.id);
            customers.iter().map(opposite).collect()
        })?)
    }

    fn sharing(&self, sync: SyncId, record: &RecordId) -> Result<Vec<Customer>, LedgerError> {
        Ok(self.look("reading who shares a record", |db| {
            links::sharing(db, sync, record)
        })?)
    }

    fn left_behind(
        &self,
        sync: SyncId,
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<LeftBehind>, LedgerError> {
        Ok(self.read("reading whom no customer is found for", |db| {
            bases::left_behind(db, sync, after, limit)
        })?)
    }

    fn link(&self, sync: SyncId, customer: &CustomerId) -> Result<Matched, LedgerError> {
        Ok(self.read("reading a link", |db| links::get(db, sync, customer))?)
    }

    fn base(
        &self,
        sync: SyncId,
        record: &RecordId,
    ) -> Result<BTreeMap<FieldName, Value>, LedgerError> {
        Ok(self.look("reading what was last written", |db| {
            bases::get(db, sync, record)
        })?)
    }
}
