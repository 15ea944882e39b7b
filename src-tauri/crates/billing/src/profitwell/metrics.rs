//! The figures by month that `ProfitWell` counts itself (facts/profitwell.md §2.9).
//!
//! Amounts are in major units of the company's currency, months are those of its time zone. Each
//! call counts towards the 3,000 a day that metrics and company settings have together.

use std::collections::BTreeMap;
use std::fmt;

use drawbridge_model::{Company, Month, MonthlyMetrics, SourceError, SourceMetrics, Trend};
use rust_decimal::Decimal;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::ProfitWell;
use crate::lenient;

/// The most plans it lists.
const MOST_PLANS: &str = "150";

impl SourceMetrics for ProfitWell {
    async fn company(&self) -> Result<Company, SourceError> {
        let settings = ProfitWell::company(self).await?;
        Ok(Company {
            currency: self.currency_of(&settings)?,
            name: settings.name.filter(|name| !name.trim().is_empty()),
            time_zone: settings.timezone.filter(|zone| !zone.trim().is_empty()),
        })
    }

    async fn metric_plans(&self) -> Result<Vec<String>, SourceError> {
        let path = ["v2", "metrics", "plans"];
        let plans: Plans = self.transport.get(&path, &[("limit", MOST_PLANS)]).await?;
        let ids = plans.plan_ids.into_iter().filter_map(|PlanId(id)| id);
        Ok(ids.filter(|id| !id.trim().is_empty()).collect())
    }

    async fn monthly(&self, plan: Option<&str>) -> Result<Option<MonthlyMetrics>, SourceError> {
        let path = ["v2", "metrics", "monthly"];
        let answer: Option<Monthly> = match plan {
            None => Some(self.transport.get(&path, &[]).await?),
            Some(plan) => {
                let query = [("plan_id", plan)];
                self.transport.get_if_any(&path, &query).await?
            }
        };
        Ok(answer.map(|answer| MonthlyMetrics::of(answer.data.0)))
    }
}

#[derive(Deserialize)]
struct Plans {
    plan_ids: Vec<PlanId>,
}

#[derive(Deserialize)]
struct PlanId(#[serde(deserialize_with = "lenient::text")] Option<String>);

#[derive(Deserialize)]
struct Monthly {
    data: Points,
}

/// The trends that are known by name; others are passed over, so that a new one costs nothing.
struct Points(BTreeMap<Trend, BTreeMap<Month, Option<Decimal>>>);

#[derive(Deserialize)]
struct Point {
    #[serde(default, deserialize_with = "lenient::text")]
    date: Option<String>,
    #[serde(default, deserialize_with = "lenient::decimal")]
    value: Option<Decimal>,
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Known)
    }
}

struct Known;

impl<'de> Visitor<'de> for Known {
    type Value = Points;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("trends by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Points, A::Error> {
        let mut trends = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            let Some(trend) = Trend::named(&name) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let points: Option<Vec<Point>> = map.next_value()?;
            // A point without a month has no place in a history.
            let placed = points.into_iter().flatten().filter_map(|point| {
                let month = point.date?.parse().ok()?;
                Some((month, point.value))
            });
            trends.insert(trend, placed.collect());
        }
        Ok(Points(trends))
    }
}
