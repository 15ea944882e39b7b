//! The one place that reads the system's clock.

/// The present moment.
#[expect(
    clippy::disallowed_methods,
    reason = "the simulated servers stamp records and tokens as real servers do, by their own clock"
)]
pub(crate) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
