//! Counts what happened between two days: who came, left, paid more or less.

use jiff::civil::Date;

use crate::profitwell::life::Life;

/// Customers and their monthly revenue in cents.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) customers: i64,
    pub(crate) cents: i64,
}

impl Moved {
    fn add(&mut self, cents: i64) {
        self.customers += 1;
        self.cents = self.cents.saturating_add(cents);
    }
}

/// One period, by its end.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    /// At the end of the period before.
    pub(crate) existing: Moved,
    pub(crate) existing_trialing: i64,
    /// At the end of this period.
    pub(crate) active: Moved,
    pub(crate) trialing: i64,
    pub(crate) new: Moved,
    /// Those of `new` who were on trial before, and the days that took them in all.
    pub(crate) converted: Moved,
    pub(crate) trial_days: i64,
    pub(crate) reactivated: Moved,
    pub(crate) upgraded: Moved,
    pub(crate) downgraded: Moved,
    pub(crate) voluntary: Moved,
    pub(crate) delinquent: Moved,
    pub(crate) new_trialing: i64,
    pub(crate) churned_trialing: i64,
    /// Revenue that came from other plans, less what went to them (only for one plan).
    pub(crate) plan_changed: i64,
    /// Revenue at the end of the period whose end is already known.
    pub(crate) leaving: i64,
}

/// What a customer brings at the end of a day.
#[derive(Clone, Copy, Default)]
struct Level {
    cents: i64,
    trialing: bool,
    leaving: i64,
}

fn level(life: &Life, plan: Option<usize>, end: Date) -> Level {
    let mut level = Level::default();
    for span in &life.spans {
        if plan.is_some_and(|plan| plan != span.plan) || !span.covers(end) {
            continue;
        }
        level.trialing |= span.trial;
        if !span.trial {
            level.cents = level.cents.saturating_add(span.cents);
            if span.to.is_some() && !life.spans.iter().any(|next| Some(next.from) == span.to) {
                level.leaving = level.leaving.saturating_add(span.cents);
            }
        }
    }
    level
}

/// One tally for each pair of neighbouring `ends`, which are in order; a period ends before its day.
pub(crate) fn tallies<'a>(
    lives: impl Iterator<Item = &'a Life>,
    plan: Option<usize>,
    ends: &[Date],
) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); ends.len().saturating_sub(1)];
    for life in lives {
        add(&mut tallies, life, plan, ends);
    }
    tallies
}

fn add(tallies: &mut [Tally], life: &Life, plan: Option<usize>, ends: &[Date]) {
    let Some(first) = life.spans.iter().map(|span| span.from).min() else {
        return;
    };
    let last = life
        .spans
        .iter()
        .map(|span| span.to.unwrap_or(Date::MAX))
        .max();
    let paid = life
        .spans
        .iter()
        .filter(|span| !span.trial && span.cents > 0);
    let first_paid = paid.map(|span| span.from).min();
    let trial = life.spans.iter().filter(|span| span.trial);
    let first_trial = trial.map(|span| span.from).min();
    // Nothing happens before the first span and after the last.
    let skip = ends.partition_point(|end| *end <= first).saturating_sub(1);
    let mut before: Option<Level> = None;
    for (tally, pair) in tallies.iter_mut().zip(ends.windows(2)).skip(skip) {
        let [start, end] = *pair else { continue };
        if before.is_some_and(|level| level.cents == 0 && !level.trialing)
            && last.is_some_and(|last| last < start)
        {
            break;
        }
        let old = before.unwrap_or_else(|| level(life, plan, start));
        let now = level(life, plan, end);
        before = Some(now);
        if old.cents > 0 {
            tally.existing.add(old.cents);
        }
        tally.existing_trialing += i64::from(old.trialing);
        tally.trialing += i64::from(now.trialing);
        tally.leaving = tally.leaving.saturating_add(now.leaving);
        tally.new_trialing += i64::from(now.trialing && !old.trialing);
        let elsewhere = |end: Date| plan.is_some() && level(life, None, end).cents > 0;
        if now.cents > 0 {
            tally.active.add(now.cents);
        } else if old.trialing && !now.trialing {
            tally.churned_trialing += 1;
        }
        match (old.cents > 0, now.cents > 0) {
            (false, true) if elsewhere(start) => tally.plan_changed += now.cents,
            (false, true) if first_paid.is_some_and(|day| day < start) => {
                tally.reactivated.add(now.cents);
            }
            (false, true) => {
                tally.new.add(now.cents);
                if let (Some(trial), Some(paid)) = (first_trial, first_paid)
                    && trial < paid
                {
                    tally.converted.add(now.cents);
                    tally.trial_days += i64::from((paid - trial).get_days());
                }
            }
            (true, false) if elsewhere(end) => tally.plan_changed -= old.cents,
            (true, false) if life.delinquent => tally.delinquent.add(old.cents),
            (true, false) => tally.voluntary.add(old.cents),
            (true, true) if now.cents > old.cents => tally.upgraded.add(now.cents - old.cents),
            (true, true) if now.cents < old.cents => tally.downgraded.add(old.cents - now.cents),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::profitwell::life::Span;

    fn life(spans: &[(usize, i16, i16, i64, bool)]) -> Life {
        let day = |days: i16| date(2026, 1, 1).saturating_add(i64::from(days).days());
        Life {
            spans: spans
                .iter()
                .map(|(plan, from, length, cents, trial)| Span {
                    plan: *plan,
                    from: day(*from),
                    to: (*length < 200).then(|| day(from + length)),
                    cents: *cents,
                    trial: *trial,
                })
                .collect(),
            delinquent: false,
        }
    }

    fn months() -> Vec<Date> {
        (0..8)
            .map(|month| date(2025, 12, 1).saturating_add(i64::from(month).months()))
            .collect()
    }

    #[test]
    fn a_customer_comes_upgrades_leaves_and_returns() {
        // From January 10, more from February 10, nothing from March 10, again from May 10.
        let one = life(&[
            (0, 9, 31, 1000, false),
            (0, 40, 28, 1500, false),
            (0, 129, 999, 700, false),
        ]);
        let tallies = tallies([&one].into_iter(), None, &months());
        let moved = |cents| Moved {
            customers: 1,
            cents,
        };
        assert_eq!(tallies[1].new, moved(1000));
        assert_eq!(tallies[2].upgraded, moved(500));
        assert_eq!(tallies[2].leaving, 1500);
        assert_eq!(tallies[3].voluntary, moved(1500));
        assert_eq!(tallies[4], Tally::default());
        assert_eq!(tallies[5].reactivated, moved(700));
        assert_eq!(tallies[6].active, moved(700));
    }

    #[test]
    fn a_change_of_plan_is_no_churn_of_the_customer() {
        let one = life(&[(0, 9, 31, 1000, false), (1, 40, 999, 1500, false)]);
        let of = |plan| tallies([&one].into_iter(), plan, &months());
        assert_eq!(of(Some(0))[2].plan_changed, -1000);
        assert_eq!(of(Some(1))[2].plan_changed, 1500);
        assert_eq!(of(Some(0))[2].voluntary, Moved::default());
        assert_eq!(of(None)[2].upgraded.cents, 500);
    }

    #[test]
    fn a_trial_converts_in_days() {
        let one = life(&[(0, 5, 14, 0, true), (0, 19, 999, 900, false)]);
        let tallies = tallies([&one].into_iter(), None, &months());
        assert_eq!(tallies[1].converted.customers, 1);
        assert_eq!(tallies[1].trial_days, 14);
        assert_eq!(tallies[1].churned_trialing, 0);
    }

    proptest! {
        /// Every cent of a month's revenue comes from somewhere, and each month begins as the last ended.
        #[test]
        fn revenue_adds_up(lives in prop::collection::vec(prop::collection::vec(
            (0_usize..3, 0_i16..240, 1_i16..260, 0_i64..10_000, any::<bool>()), 0..4), 0..6),
            delinquent in any::<bool>(),
            plan in prop::option::of(0_usize..3)) {
            let lives = lives.iter().map(|spans| Life { delinquent, ..life(spans) });
            let lives: Vec<Life> = lives.collect();
            let tallies = tallies(lives.iter(), plan, &months());
            for tally in &tallies {
                prop_assert_eq!(
                    tally.active.cents,
                    tally.existing.cents + tally.new.cents + tally.reactivated.cents + tally.upgraded.cents
                        - tally.downgraded.cents - tally.voluntary.cents - tally.delinquent.cents
                        + tally.plan_changed
                );
            }
            for pair in tallies.windows(2) {
                prop_assert_eq!(pair[0].active, pair[1].existing);
            }
        }
    }
}
