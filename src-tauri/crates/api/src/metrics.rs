//! Figures by month: what `ProfitWell` counted, as it was last read. Readable offline.

use drawbridge_model::{
    Connection, ConnectionId, ConnectionStatus, MetricsReading, Provider, SourceMetrics, Trend,
    TrendUnit,
};
use rust_decimal::Decimal;

use crate::context::{Context, Workspace};
use crate::error::Result;
use crate::view::{
    ErrorView, MetricMonthView, MetricsReadingView, MetricsRequest, MetricsView, SourceAge,
    TrendUnitView, TrendView,
};

/// Stands for every trend there is.
const EVERY: &str = "*";

impl Context {
    /// The figures as they were last read. Asks nobody.
    pub async fn metrics_view(&self, request: MetricsRequest) -> Result<MetricsView> {
        self.workspace().metrics_view(&request)
    }

    /// Reads the figures again, in three calls: the company, its plans, the whole history. What was
    /// read before stays when one of them fails.
    pub async fn metrics_refresh(&self, request: MetricsRequest) -> Result<MetricsView> {
        wanted_trends(&request.trends)?;
        let workspace = self.workspace();
        let connection = workspace
            .metrics_connection(request.connection)?
            .ok_or_else(|| {
                ErrorView::not_found("ProfitWell connection").hint(
                    "Connect ProfitWell on the Connections screen. Alguna keeps no figures by month.",
                )
            })?;
        let (_, source) = workspace.open_profitwell(connection.id.0)?;
        let plan = given(request.plan.as_deref());
        let company = source.company().await?;
        let plans = source.metric_plans().await?;
        let metrics = source.monthly(plan).await?.ok_or_else(|| {
            ErrorView::not_found(format_args!(
                "plan “{}” in ProfitWell's metrics",
                plan.unwrap_or_default()
            ))
            .hint("Choose another plan, or all plans. What was read before stays.")
        })?;
        let reading = MetricsReading {
            at: self.clock().now(),
            company,
            plans,
            metrics,
        };
        workspace.store.put_metrics(connection.id, plan, &reading)?;
        workspace.metrics_view(&MetricsRequest {
            connection: Some(connection.id.0),
            ..request
        })
    }
}

impl Workspace {
    pub(crate) fn metrics_view(&self, request: &MetricsRequest) -> Result<MetricsView> {
        let trends = wanted_trends(&request.trends)?;
        let connection = self.metrics_connection(request.connection)?;
        let plan = given(request.plan.as_deref());
        let newest = connection
            .as_ref()
            .map(|it| self.store.newest_metrics(it.id))
            .transpose()?
            .flatten();
        let reading = match (&connection, &newest) {
            (Some(connection), Some(_)) => self.store.metrics(connection.id, plan)?,
            _ => None,
        };
        Ok(MetricsView {
            connections: self
                .metrics_connections()?
                .iter()
                .map(|it| self.metrics_age(it))
                .collect::<Result<_>>()?,
            connection: connection.map(|it| it.id.0),
            plan: plan.map(str::to_owned),
            plans: newest.map(|it| it.plans).unwrap_or_default(),
            reading: reading.map(|it| reading_view(&it, &trends)),
        })
    }

    fn metrics_connections(&self) -> Result<Vec<Connection>> {
        let all = self.store.connections()?;
        let profitwell = |it: &Connection| it.provider == Provider::Profitwell;
        Ok(all.into_iter().filter(profitwell).collect())
    }

    /// The connection of that number, or the first there is.
    fn metrics_connection(&self, id: Option<u32>) -> Result<Option<Connection>> {
        let Some(id) = id else {
            return Ok(self.metrics_connections()?.into_iter().next());
        };
        let connection = self.connection(ConnectionId(id))?;
        if connection.provider != Provider::Profitwell {
            return Err(ErrorView::bad_request(format!(
                "“{}” keeps no figures by month: only ProfitWell does. Nothing was read.",
                connection.name
            )));
        }
        Ok(Some(connection))
    }

    fn metrics_age(&self, connection: &Connection) -> Result<SourceAge> {
        Ok(SourceAge {
            source: connection.id.0,
            name: connection.name.clone(),
            pulled_at: self
                .store
                .newest_metrics(connection.id)?
                .map(|reading| reading.at.to_string()),
            reachable: connection.status == ConnectionStatus::Connected,
        })
    }
}

/// A plan that was named, and not with blanks alone.
fn given(plan: Option<&str>) -> Option<&str> {
    plan.filter(|plan| !plan.trim().is_empty())
}

/// The trends of these names; an unknown name is told with those there are.
fn wanted_trends(names: &[String]) -> Result<Vec<Trend>> {
    if names.iter().any(|name| name == EVERY) {
        return Ok(Trend::ALL.to_vec());
    }
    names
        .iter()
        .map(|name| {
            Trend::named(name.trim()).ok_or_else(|| {
                let known: Vec<&str> = Trend::ALL.iter().map(|it| it.name()).collect();
                ErrorView::bad_request(format!(
                    "“{name}” is no trend of ProfitWell's. Nothing was read."
                ))
                .hint(format!("The trends are: {}.", known.join(", ")))
            })
        })
        .collect()
}

fn reading_view(reading: &MetricsReading, trends: &[Trend]) -> MetricsReadingView {
    let (company, metrics) = (&reading.company, &reading.metrics);
    let then = company.month_of(reading.at);
    let months = metrics.months.iter().enumerate().map(|(place, month)| {
        let value = |trend| metrics.value(trend, place).map(plain);
        let movement = metrics.movement(place);
        MetricMonthView {
            month: month.to_string(),
            unfinished: then.is_some_and(|then| *month >= then),
            mrr: value(Trend::RecurringRevenue),
            change: metrics.change(place).map(plain),
            new: movement.new.map(plain),
            reactivated: movement.reactivated.map(plain),
            upgraded: movement.upgraded.map(plain),
            between_plans: movement.between_plans.flatten().map(plain),
            downgraded: movement.downgraded.map(plain),
            churned: movement.churned.map(plain),
            net: movement.net().map(plain),
            customers: value(Trend::ActiveCustomers),
            churn_rate: value(Trend::CustomersChurnRate),
        }
    });
    MetricsReadingView {
        read_at: reading.at.to_string(),
        currency: company.currency.to_string(),
        company: company.name.clone(),
        time_zone: company.time_zone.clone(),
        months: months.collect(),
        trends: trends
            .iter()
            .filter_map(|trend| {
                let values = metrics.trends.get(trend)?;
                Some(TrendView {
                    name: trend.name().to_owned(),
                    unit: unit(trend.unit()),
                    values: values.iter().map(|it| it.map(plain)).collect(),
                })
            })
            .collect(),
    }
}

/// Every digit that came, without zeros at the end, and zero without a sign.
fn plain(number: Decimal) -> String {
    let number = number.normalize();
    if number.is_zero() {
        Decimal::ZERO.to_string()
    } else {
        number.to_string()
    }
}

fn unit(unit: TrendUnit) -> TrendUnitView {
    match unit {
        TrendUnit::Money => TrendUnitView::Money,
        TrendUnit::Customers => TrendUnitView::Customers,
        TrendUnit::Percent => TrendUnitView::Percent,
        TrendUnit::Days => TrendUnitView::Days,
        TrendUnit::Ratio => TrendUnitView::Ratio,
    }
}
