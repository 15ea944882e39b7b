//! Makes up subscriptions: plan, interval, term, prices and their changes.

use jiff::ToSpan;
use jiff::civil::Date;

use super::pricing::{Interval, PriceLine, Version};
use super::seed::Maker;
use super::{Customer, Subscription, today};

/// Name, id, monthly list price in cents, weight.
const PLANS: [(&str, &str, i64, u32); 8] = [
    ("Starter", "pln_starter", 4_900, 20),
    ("Growth 2025", "pln_growth2025", 14_900, 18),
    ("Growth 2026", "pln_growth2026", 17_900, 20),
    ("Scale", "pln_scale", 49_900, 14),
    ("Scale Plus", "pln_scaleplus", 89_900, 9),
    ("Enterprise", "pln_enterprise", 240_000, 9),
    ("Fleet", "pln_fleet", 125_000, 6),
    ("Campus", "pln_campus", 69_000, 4),
];

impl Maker {
    pub(super) fn subscriptions(&mut self, customer: &Customer, joined: Date) {
        let count = match self.random.u32(0..100) {
            0..=3 => 0,
            4..=84 => 1,
            85..=95 => 2,
            _ => 3,
        };
        for place in 0..count {
            let status = match self.random.u32(0..100) {
                0..=71 => "active",
                72..=84 => "canceled",
                85..=89 => "draft",
                90..=93 => "scheduled",
                94..=96 => "paused",
                _ => "sent",
            };
            // A second subscription is often the successor of a canceled one.
            let status = if place > 0 && self.chance(40) {
                "canceled"
            } else {
                status
            };
            let subscription = self.subscription(customer, joined, status);
            self.book.subscriptions.push(subscription);
        }
    }

    pub(super) fn subscription(
        &mut self,
        customer: &Customer,
        joined: Date,
        status: &str,
    ) -> Subscription {
        let total: u32 = PLANS.iter().map(|(.., weight)| weight).sum();
        let mut ticket = self.random.u32(0..total);
        let (plan, plan_id, list, _) = PLANS
            .iter()
            .find(|(.., weight)| {
                let hit = ticket < *weight;
                ticket = ticket.saturating_sub(*weight);
                hit
            })
            .copied()
            .unwrap_or(PLANS[0]);
        let interval = match (plan, self.random.u32(0..100)) {
            ("Enterprise" | "Campus", 0..=79) | (_, 0..=27) => Interval::Yearly,
            (_, 28..=38) => Interval::Quarterly,
            (_, 39..=41) => Interval::SemiAnnual,
            _ => Interval::Monthly,
        };
        let start = match status {
            "scheduled" => today().saturating_add(i64::from(self.random.u32(5..60)).days()),
            _ => joined
                .saturating_add(i64::from(self.random.u32(0..20)).days())
                .min(today()),
        };
        let rolling = interval == Interval::Monthly && self.chance(60);
        let months = if rolling {
            1
        } else {
            *self
                .random
                .choice([12_u32, 12, 12, 24, 36].iter())
                .unwrap_or(&12)
        };
        let ended_on = (status == "canceled").then(|| {
            let days = i64::from(self.random.u32(30..900));
            start.saturating_add(days.days()).min(today())
        });
        let auto_renew = status != "canceled" && !self.chance(10);
        let mut boundary = start.saturating_add(i64::from(months).months());
        while boundary <= ended_on.unwrap_or(today()) {
            boundary = boundary.saturating_add(i64::from(months).months());
        }
        let id = self.billing_id();
        let versions = self.versions(&id, start, ended_on, status, interval, list);
        let live = matches!(status, "active" | "paused" | "scheduled");
        let created = start
            .min(today())
            .saturating_sub(i64::from(self.random.u32(0..14)).days());
        let touched = ended_on.unwrap_or_else(|| {
            versions
                .last()
                .and_then(|version| version.start)
                .unwrap_or(start)
                .max(created)
                .min(today())
        });
        let name = if self.chance(30) {
            [plan, " – ", &customer.name].concat()
        } else {
            plan.to_owned()
        };
        Subscription {
            customer_id: customer.id.clone(),
            name,
            status: status.to_owned(),
            currency: customer.currency.clone(),
            plan_id: plan_id.into(),
            plan_name: plan.into(),
            created_at: self.moment(created),
            updated_at: self.moment(touched),
            activated_at: (live && status != "scheduled" || status == "canceled")
                .then(|| format!("{start}T00:00:00Z")),
            period_type: if rolling { "monthly_rolling" } else { "fixed" }.into(),
            duration_months: (!rolling).then_some(months),
            start: Some(start),
            end: (!rolling).then_some(boundary),
            auto_renew,
            next_renewal: (live && auto_renew).then_some(boundary),
            ended_on,
            interval,
            versions,
            discount_percent: self.chance(14).then(|| {
                *self
                    .random
                    .choice([5_u32, 10, 15, 20, 33].iter())
                    .unwrap_or(&10)
            }),
            pending_change: live && self.chance(6),
            id,
        }
    }

    /// One version, or several where the price changed on an anniversary.
    fn versions(
        &mut self,
        id: &str,
        start: Date,
        ended_on: Option<Date>,
        status: &str,
        interval: Interval,
        list: i64,
    ) -> Vec<Version> {
        let units = if self.chance(35) {
            self.random.i64(2..60)
        } else {
            1
        };
        let period = list * i64::from(interval.months());
        let yearly_rebate = if interval == Interval::Yearly {
            period / 6
        } else {
            0
        };
        let per_unit = if units > 1 {
            (period - yearly_rebate) / 5 + 90
        } else {
            period - yearly_rebate
        };
        let mut lines = vec![PriceLine {
            product_id: "prod_platform".into(),
            price_per_unit_cents: per_unit,
            units,
            interval,
            metered: false,
            one_off: false,
        }];
        if self.chance(12) {
            let price = 1_900 * i64::from(interval.months());
            let units = self.random.i64(1..9);
            lines.push(PriceLine {
                product_id: "prod_seats".into(),
                price_per_unit_cents: price,
                units,
                interval,
                metered: false,
                one_off: false,
            });
        }
        if self.chance(7) {
            lines.push(PriceLine {
                product_id: "prod_usage".into(),
                price_per_unit_cents: 2,
                units: 1,
                interval: Interval::Monthly,
                metered: true,
                one_off: false,
            });
        }
        if self.chance(5) {
            lines.push(PriceLine {
                product_id: "prod_setup".into(),
                price_per_unit_cents: 75_000,
                units: 1,
                interval,
                metered: false,
                one_off: true,
            });
        }
        let published = !matches!(status, "draft" | "sent");
        // One in most cases: a growing list would take room for four.
        let mut versions = Vec::with_capacity(1);
        let mut from = start;
        let until = ended_on.unwrap_or(today());
        while published && versions.len() < 4 && self.chance(35) {
            let next = from.saturating_add(1.year());
            if next >= until {
                break;
            }
            versions.push(Version {
                id: format!("subv_{id}{}", versions.len() + 1),
                start: Some(from),
                end: Some(next),
                published,
                lines: lines.clone(),
            });
            for line in lines
                .iter_mut()
                .filter(|line| !line.metered && !line.one_off)
            {
                line.price_per_unit_cents += line.price_per_unit_cents / 20;
            }
            from = next;
        }
        versions.push(Version {
            id: format!("subv_{id}{}", versions.len() + 1),
            start: Some(from),
            end: ended_on,
            published,
            lines,
        });
        versions
    }
}
