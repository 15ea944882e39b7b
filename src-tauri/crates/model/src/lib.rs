//! The plain types every part of Drawbridge speaks in, and the ports the engine works through.
//!
//! Nothing here does I/O. Adapters (`salesforce`, `billing`, `store`, `secrets`) implement the
//! ports; the engine (`sync`) sees only this crate.

mod agreed;
mod api_calls;
mod asking_again;
mod billing;
mod bulk;
mod clock;
mod connection;
mod currency_codes;
mod day;
mod describe;
mod fields;
mod ids;
mod imports;
mod journal;
mod ledger;
mod links;
mod mapping;
mod matching;
mod metrics;
mod money;
mod numbers;
mod operation;
mod operation_ledger;
mod plan;
mod progress;
mod reading;
mod reason;
mod record;
mod run;
mod secrets;
mod source;
mod speaker;
mod target;
mod value;

pub use agreed::{Agreed, AgreedCount, AmountsIn};
pub use api_calls::{
    ApiAnswer, ApiCall, ApiCallEnd, ApiCallError, ApiCallOutcome, ApiCallRecord, ApiCallRefusal,
    ApiMethod,
};
pub use asking_again::{AskingAgain, ReadUnderWay};
pub use billing::{
    Address, Customer, CustomerContact, Interval, Revenue, RevenueStatus, Subscription,
    SubscriptionStatus,
};
pub use bulk::{
    BulkFile, BulkJob, BulkJobId, BulkOutcome, BulkResults, BulkRow, BulkState, BulkTarget,
    BulkWrite,
};
pub use clock::{Clock, FixedClock};
pub use connection::{
    Connection, ConnectionStatus, Environment, OrgIdentity, Provider, SourceIdentity, UserChange,
};
pub use day::instant_of_day;
pub use describe::{Describe, Field, FieldKind};
pub use fields::{CustomField, CustomFieldKind, FieldPackage};
pub use ids::{
    ApiCallId, BatchId, ConnectionId, CustomerId, FieldName, IdError, ImportId, PlanId, RecordId,
    RunId, SObjectName, SubscriptionId, SyncId,
};
pub use imports::{
    ImportAction, ImportCounts, ImportLedger, ImportOutcome, ImportReason, ImportResult, ImportRow,
    KnownBy, LikelyCustomer, NewContact, NewCustomer, OpenImport, SourceImport,
};
pub use journal::{Attempt, AttemptId, AttemptKind, Deed, Journal, OwnWrite, Written};
pub use ledger::{
    Acquaintance, Cache, CustomerBundle, Due, LedgerError, LeftBehind, Link, MatchTally, Opposite,
    PullEnd, Pulled, Snapshot, Watermark,
};
pub use links::{
    ConnectedAccount, CustomerAlias, CustomerLink, CustomerLinks, Integration, LinkAction,
    LinkAttempt, LinkCandidate, LinkCounts, LinkLedger, LinkOutcome, LinkPlace, LinkResult,
    LinkRow, SourceLinks,
};
pub use mapping::{
    AccountPolicy, BlankPolicy, FieldRule, LengthPolicy, Mapping, Pack, RuleSource, Sync,
    WritePolicy,
};
pub use matching::{Apart, Evidence, FormerCustomer, MatchDecision, Matched, Proposal, Takeover};
pub use metrics::{
    Company, MetricsReading, Month, MonthError, MonthlyMetrics, Movement, SourceMetrics, Trend,
    TrendUnit,
};
pub use money::{Currency, CurrencyError, Money, from_cents, to_cents};
pub use numbers::grouped;
pub use operation::{
    BillingPlan, ChurnType, CustomerQuery, NewSubscription, Operation, OperationKind, Operations,
    PlanInterval, SubscriptionChange, SubscriptionEnd, SubscriptionEvent, UserHandle,
};
pub use operation_ledger::{
    After, Before, OpenOperation, OperationCounts, OperationLedger, OperationOutcome,
    OperationResult,
};
pub use plan::{Action, Change, Decision, Drift, Forecast, MatchedBy, PlanCounts, PlanRow, Timed};
pub use progress::{BulkUnderWay, Event, NoReporter, Phase, Reporter, Standstill};
pub use reading::{AcceptedLink, GivenKeys, GoneRecord, LinkedBy, ReadBasis, ReadMark};
pub use reason::Reason;
pub use record::{MatchKey, Record};
pub use run::{Counts, Outcome, Problem, RowOutcome, RunStatus, Twin, Way};
pub use secrets::{SecretError, SecretPlace, Secrets, Sensitive};
pub use source::{Page, Source, SourceError, Which};
pub use speaker::{Pin, SpeakerRule, Yardstick};
pub use target::{
    ApiUsage, Arrived, DeleteResult, MOST_BY_ID, ReadQuery, RowResult, Target, TargetError,
    WriteBatch, WriteKind, WriteRow,
};
pub use value::{Derived, Value};
