//! Terms of a subscription beyond plan and price. The book has none of them: they follow from the
//! subscription's id, so that every kind occurs and the same data always has the same terms.

use jiff::civil::Date;

use crate::book::Subscription;

/// What the API shows besides the book's facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    /// `manual`, `autopay` or `external`.
    pub(crate) collection: &'static str,
    pub(crate) payment_due: Option<&'static str>,
    /// How long a discount holds.
    pub(crate) discount_months: Option<u32>,
    /// Least amount of a month, major units.
    pub(crate) minimum_spend: Option<String>,
    /// Percent by which prices rise each year.
    pub(crate) yearly_escalation: Option<String>,
    pub(crate) trial_days: Option<u32>,
    /// Whether metered prices stand in a bundle.
    pub(crate) usage_bundled: bool,
    pub(crate) pending: Option<Pending>,
}

/// A version proposed and not yet agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) version_id: String,
    pub(crate) description: &'static str,
    pub(crate) effective: Option<Date>,
}

impl Terms {
    pub(crate) fn of(subscription: &Subscription) -> Self {
        let ticket = ticket(&subscription.id);
        let rolling = subscription.period_type == "monthly_rolling";
        let every = |nth: u32, rest: u32| ticket % nth == rest;
        Self {
            collection: match ticket % 40 {
                0 => "external",
                _ if rolling => "autopay",
                _ => "manual",
            },
            payment_due: Some(if every(5, 0) { "net_14" } else { "net_30" }),
            discount_months: every(2, 0).then_some(12),
            minimum_spend: every(23, 1).then(|| "25.00".to_owned()),
            yearly_escalation: (!rolling && every(11, 2)).then(|| "5.00".to_owned()),
            trial_days: every(17, 3).then_some(14),
            usage_bundled: every(2, 1),
            pending: subscription.pending_change.then(|| Pending {
                version_id: format!("subv_{}next", subscription.id),
                description: "Proposed upgrade",
                effective: subscription.next_renewal,
            }),
        }
    }
}

/// A number that spreads ids evenly (FNV-1a).
pub(crate) fn ticket(id: &str) -> u32 {
    id.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
