//! Figures by month and subscriptions added up, over the simulated billing systems.

use drawbridge_api::view::{
    BreakdownBy, BreakdownRequest, BreakdownSaveRequest, ConnectionRequest, ErrorCode,
    MetricsChart, MetricsRequest, MetricsSaveRequest, MetricsView, SubscriptionSort,
    SubscriptionsRequest,
};
use drawbridge_testkit::Workbench;
use drawbridge_testkit::simulator::{Config, Fault, FaultKind, Server};

async fn bench() -> Workbench {
    Workbench::start(Config {
        customers: 40,
        rate_limits: false,
        ..Config::default()
    })
    .await
}

fn of(connection: u32) -> MetricsRequest {
    MetricsRequest {
        connection: Some(connection),
        ..MetricsRequest::default()
    }
}

/// How often the simulated `ProfitWell` was asked for figures.
fn asked(bench: &Workbench) -> usize {
    let log = bench.state().request_log();
    let figures = |path: &str| path.starts_with("/v2/metrics/") || path.starts_with("/v2/company/");
    log.iter()
        .filter(|it| it.server == Server::Profitwell && figures(&it.path))
        .count()
}

async fn kept(bench: &Workbench, connection: u32) -> MetricsView {
    bench.context.metrics_view(of(connection)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_read_in_three_calls_and_stay_without_a_key() {
    let mut bench = bench().await;
    let connection = bench.connect_profitwell().await.id;
    assert_eq!(kept(&bench, connection).await.reading, None);
    let before = asked(&bench);
    let read = bench.context.metrics_refresh(of(connection)).await.unwrap();
    assert_eq!(asked(&bench) - before, 3);
    let reading = read.reading.as_ref().unwrap();
    assert_eq!(reading.currency, "USD");
    assert!(reading.months.len() > 6);
    let (last, others) = reading.months.split_last().unwrap();
    assert!(last.unfinished && others.iter().all(|month| !month.unfinished));
    assert!(others.iter().skip(1).all(|month| month.change == month.net));
    assert!(!read.plans.is_empty());

    bench.secrets.lose();
    bench.reopen();
    let offline = kept(&bench, connection).await;
    assert_eq!((offline.reading, offline.plans), (read.reading, read.plans));
    assert_eq!(asked(&bench) - before, 3, "looking asks nobody");
    let again = bench.context.metrics_refresh(of(connection)).await;
    assert_eq!(again.unwrap_err().code, ErrorCode::NeedsSignIn);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_fails_leaves_the_last_one() {
    let bench = bench().await;
    let connection = bench.connect_profitwell().await.id;
    let read = bench.context.metrics_refresh(of(connection)).await.unwrap();
    bench.state().arm(Fault::new(
        Server::Profitwell,
        "/v2/metrics/monthly",
        FaultKind::Html200,
    ));
    let error = bench
        .context
        .metrics_refresh(of(connection))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotTheApi);
    assert_eq!(kept(&bench, connection).await.reading, read.reading);
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_have_readings_of_their_own() {
    let bench = bench().await;
    let connection = bench.connect_profitwell().await.id;
    let all = bench.context.metrics_refresh(of(connection)).await.unwrap();
    let request = MetricsRequest {
        plan: all.plans.first().cloned(),
        trends: vec!["average_revenue_per_user".to_owned()],
        ..of(connection)
    };
    let unread = bench.context.metrics_view(request.clone()).await.unwrap();
    assert_eq!((unread.reading, &unread.plans), (None, &all.plans));
    let one = bench
        .context
        .metrics_refresh(request)
        .await
        .unwrap()
        .reading
        .unwrap();
    assert_eq!(one.trends[0].values.len(), one.months.len());
    assert!(one.months.iter().any(|month| month.between_plans.is_some()));
    assert_ne!(Some(&one.months), all.reading.as_ref().map(|it| &it.months));
    assert_eq!(kept(&bench, connection).await.reading, all.reading);

    let gone = MetricsRequest {
        plan: Some("no such plan".to_owned()),
        ..of(connection)
    };
    let error = bench.context.metrics_refresh(gone).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    assert!(error.message.contains("no such plan"), "{error}");
    let before = asked(&bench);
    let unknown = MetricsRequest {
        trends: vec!["mood".to_owned()],
        ..of(connection)
    };
    let error = bench.context.metrics_refresh(unknown).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::BadRequest);
    assert!(error.hint.unwrap().contains("recurring_revenue"));
    assert_eq!(asked(&bench), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_profitwell_keeps_months_and_they_go_with_their_connection() {
    let bench = bench().await;
    let alguna = bench.connect_alguna().await.id;
    let none = bench
        .context
        .metrics_view(MetricsRequest::default())
        .await
        .unwrap();
    assert_eq!((none.connection, none.connections.len()), (None, 0));
    let error = bench
        .context
        .metrics_refresh(MetricsRequest::default())
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    let error = bench.context.metrics_refresh(of(alguna)).await.unwrap_err();
    assert!(
        error.message.contains("keeps no figures by month"),
        "{error}"
    );

    let connection = bench.connect_profitwell().await.id;
    bench.context.metrics_refresh(of(connection)).await.unwrap();
    let first = bench
        .context
        .metrics_view(MetricsRequest::default())
        .await
        .unwrap();
    assert_eq!(first.connection, Some(connection));
    assert!(first.connections[0].pulled_at.is_some() && first.reading.is_some());
    bench
        .context
        .connection_leave(ConnectionRequest { connection })
        .await
        .unwrap();
    assert_eq!(
        bench
            .context
            .metrics_view(of(connection))
            .await
            .unwrap_err()
            .code,
        ErrorCode::NotFound
    );
    let again = bench.connect_profitwell().await.id;
    assert_eq!(kept(&bench, again).await.reading, None);
}

/// The table's totals, for the filter of a breakdown.
async fn totals(bench: &Workbench, filter: &BreakdownRequest) -> (u32, Vec<(String, String)>) {
    let filter = filter.clone();
    let request = SubscriptionsRequest {
        search: filter.search,
        source: filter.source,
        status: filter.status,
        interval: filter.interval,
        currency: filter.currency,
        plan: filter.plan,
        sort: SubscriptionSort::Plan,
        descending: true,
        offset: 0,
        limit: 500,
    };
    let page = bench.context.subscription_list(request).await.unwrap();
    assert_eq!(page.rows.len(), page.total as usize);
    let mut totals: Vec<_> = page
        .totals
        .into_iter()
        .map(|it| (it.currency, it.amount))
        .collect();
    totals.sort();
    (page.total, totals)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_breakdown_follows_the_filter_of_the_table() {
    let bench = bench().await;
    for connection in [
        bench.connect_alguna().await.id,
        bench.connect_profitwell().await.id,
    ] {
        bench
            .context
            .source_pull(ConnectionRequest { connection })
            .await
            .unwrap();
    }
    let everything = BreakdownRequest::default();
    let all = bench
        .context
        .subscription_breakdown(everything.clone())
        .await
        .unwrap();
    assert!(all.currencies.len() > 1 && all.total == all.all);
    let largest = &all.currencies[0].plans.largest[0];
    let mut filters = vec![everything];
    for filter in [
        |it: &mut BreakdownRequest| it.status = vec!["active".to_owned()],
        |it: &mut BreakdownRequest| it.search = "an".to_owned(),
        |it: &mut BreakdownRequest| it.plan = vec![String::new()],
        |it: &mut BreakdownRequest| it.interval = vec!["Yearly".to_owned()],
    ] {
        let mut one = BreakdownRequest::default();
        filter(&mut one);
        filters.push(one);
    }
    let of_largest = BreakdownRequest {
        plan: vec![largest.value.clone()],
        currency: vec![all.currencies[0].currency.clone()],
        ..BreakdownRequest::default()
    };
    assert_eq!(totals(&bench, &of_largest).await.0, largest.rows);
    filters.push(of_largest);
    for filter in filters {
        let view = bench
            .context
            .subscription_breakdown(filter.clone())
            .await
            .unwrap();
        let (total, want) = totals(&bench, &filter).await;
        let known = view.currencies.iter().filter(|it| !it.currency.is_empty());
        let mut got: Vec<_> = known
            .map(|it| {
                let mrr = it.mrr.as_ref().map_or("0.00", |mrr| mrr.amount.as_str());
                (it.currency.clone(), mrr.to_owned())
            })
            .collect();
        got.sort();
        assert_eq!((view.total, got), (total, want), "{filter:?}");
        assert!(total > 0 && view.all == all.all, "{filter:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn charts_are_saved_as_tables() {
    let bench = bench().await;
    let connection = bench.connect_profitwell().await.id;
    let save = |chart, months| MetricsSaveRequest {
        connection,
        plan: None,
        chart,
        months,
    };
    let early = bench
        .context
        .metrics_save(save(MetricsChart::Mrr, None))
        .await;
    assert_eq!(early.unwrap_err().code, ErrorCode::NotFound);
    bench
        .context
        .source_pull(ConnectionRequest { connection })
        .await
        .unwrap();
    let view = bench.context.metrics_refresh(of(connection)).await.unwrap();
    let last = view.reading.unwrap().months.pop().unwrap();
    let lines = |path: &str| -> Vec<String> {
        let text = std::fs::read_to_string(path).unwrap();
        text.trim_start_matches('\u{feff}')
            .lines()
            .map(str::to_owned)
            .collect()
    };
    let mrr = bench
        .context
        .metrics_save(save(MetricsChart::Mrr, Some(3)))
        .await
        .unwrap();
    let mrr = lines(&mrr.path);
    assert_eq!(
        (mrr.len(), mrr[0].as_str()),
        (4, "Month,Month over,Currency,MRR,Change")
    );
    let figure = |it: Option<String>| it.unwrap_or_default();
    let want = format!(
        "{},no,USD,{},{}",
        last.month,
        figure(last.mrr),
        figure(last.change)
    );
    assert_eq!(mrr[3], want);
    let movement = bench
        .context
        .metrics_save(save(MetricsChart::Movement, None))
        .await
        .unwrap();
    assert!(lines(&movement.path).len() > 4);
    for by in [BreakdownBy::Plan, BreakdownBy::Status] {
        let filter = BreakdownRequest::default();
        let saved = bench
            .context
            .breakdown_save(BreakdownSaveRequest { filter, by })
            .await;
        let lines = lines(&saved.unwrap().path);
        let rows = lines
            .iter()
            .skip(1)
            .filter_map(|line| line.rsplit(',').nth(2));
        let sum: u32 = rows.map(|rows| rows.parse::<u32>().unwrap()).sum();
        let all = bench
            .context
            .subscription_breakdown(BreakdownRequest::default())
            .await
            .unwrap();
        assert_eq!(sum, all.total);
    }
}
