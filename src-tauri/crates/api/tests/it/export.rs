//! Tables of runs and of cached subscriptions, as files.

use std::io::{Cursor, Read};

use drawbridge_api::view::{SubscriptionSort, SubscriptionsRequest};
use drawbridge_api::{SubscriptionsWanted, TableFormat};
use drawbridge_testkit::Workbench;
use drawbridge_testkit::simulator::Config;
use serde_json::Value;

async fn cached() -> Workbench {
    let bench = Workbench::start(Config {
        customers: 300,
        ..Config::default()
    })
    .await;
    let sync = bench.alguna_sync().await;
    bench.plan(sync).await;
    bench
}

async fn export(
    bench: &Workbench,
    wanted: &SubscriptionsWanted,
    format: TableFormat,
) -> (u32, Vec<u8>) {
    let mut out = Vec::new();
    let rows = bench
        .context
        .subscriptions_write(wanted.clone(), format, &mut out)
        .await
        .unwrap();
    (rows, out)
}

/// What stands in a file of a workbook.
fn part(book: &[u8], name: &str) -> String {
    let mut book = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut text = String::new();
    book.by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// The cells of a sheet's row, as they are written.
fn cells(sheet: &str, row: u32) -> Vec<&str> {
    let start = sheet.find(&format!("<row r=\"{row}\"")).unwrap();
    let row = &sheet[start..];
    let row = &row[..row.find("</row>").unwrap()];
    row.split("<c r=\"").skip(1).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_has_the_rows_the_screen_shows() {
    let bench = cached().await;
    let asked = bench.state().request_log().len();
    for wanted in [
        SubscriptionsWanted::default(),
        SubscriptionsWanted {
            status: vec!["active".to_owned()],
            ..SubscriptionsWanted::default()
        },
        SubscriptionsWanted {
            search: "logistics".to_owned(),
            currency: vec!["USD".to_owned(), "EUR".to_owned()],
            ..SubscriptionsWanted::default()
        },
        SubscriptionsWanted {
            plan: vec![String::new()],
            ..SubscriptionsWanted::default()
        },
    ] {
        let request = SubscriptionsRequest {
            search: wanted.search.clone(),
            source: wanted.source,
            status: wanted.status.clone(),
            interval: wanted.interval.clone(),
            currency: wanted.currency.clone(),
            plan: wanted.plan.clone(),
            sort: SubscriptionSort::Customer,
            descending: false,
            offset: 0,
            limit: 500,
        };
        let shown = bench.context.subscription_list(request).await.unwrap();
        assert!(shown.total > 0, "{wanted:?}");
        let (rows, json) = export(&bench, &wanted, TableFormat::Json).await;
        assert_eq!(rows, shown.total);
        let json: Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json, serde_json::to_value(&shown.rows).unwrap());

        let (rows, csv) = export(&bench, &wanted, TableFormat::Csv).await;
        assert_eq!(rows, shown.total);
        let text = String::from_utf8(csv).unwrap();
        let text = text.strip_prefix('\u{feff}').expect("the mark of UTF-8");
        assert!(text.starts_with("Source,Customer,Customer ID,"), "{text}");
        assert_eq!(text.matches("\r\n").count(), rows as usize + 1);
        assert!(!text.contains(",=") && !text.contains(",+"), "a formula");

        let (rows, book) = export(&bench, &wanted, TableFormat::Xlsx).await;
        assert_eq!(rows, shown.total);
        let sheet = part(&book, "xl/worksheets/sheet1.xml");
        assert_eq!(sheet.matches("<row ").count(), rows as usize + 1);
        assert!(!sheet.contains("<f>"), "no cell is a formula");
    }
    assert_eq!(bench.state().request_log().len(), asked, "nobody is asked");
    let nothing = SubscriptionsWanted {
        search: "nobody-is-called-so".to_owned(),
        ..SubscriptionsWanted::default()
    };
    let (rows, json) = export(&bench, &nothing, TableFormat::Json).await;
    assert_eq!((rows, json.as_slice()), (0, &b"[]\n"[..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_has_numbers_and_days_for_numbers_and_days() {
    let bench = cached().await;
    let all = SubscriptionsWanted::default();
    let (_, json) = export(&bench, &all, TableFormat::Json).await;
    let rows: Vec<Value> = serde_json::from_slice(&json).unwrap();
    let renewing = |row: &Value| row["mrr"].is_string() && row["renews_on"].is_string();
    let at = rows.iter().position(renewing).unwrap();
    let row = &rows[at];
    let (_, book) = export(&bench, &all, TableFormat::Xlsx).await;
    let sheet = part(&book, "xl/worksheets/sheet1.xml");
    let cells = cells(&sheet, u32::try_from(at).unwrap() + 2);
    let mrr = cells.iter().find(|cell| cell.starts_with('I')).unwrap();
    let mrr = mrr
        .split("<v>")
        .nth(1)
        .unwrap()
        .split("</v>")
        .next()
        .unwrap();
    let known: f64 = row["mrr"].as_str().unwrap().parse().unwrap();
    assert_eq!(mrr.parse::<f64>().unwrap().to_bits(), known.to_bits());
    // A day is the number of days since the end of 1899.
    let renews = cells.iter().find(|cell| cell.starts_with('L')).unwrap();
    let renews = renews
        .split("<v>")
        .nth(1)
        .unwrap()
        .split("</v>")
        .next()
        .unwrap();
    let day: jiff::civil::Date = row["renews_on"].as_str().unwrap().parse().unwrap();
    let base: jiff::civil::Date = "1899-12-30".parse().unwrap();
    let days = base.until(day).unwrap().get_days();
    assert_eq!(renews, days.to_string(), "{row}");
    let mut runs = Vec::new();
    let count = bench
        .context
        .runs_write(TableFormat::Xlsx, &mut runs)
        .await
        .unwrap();
    assert_eq!(count, 0);
    let sheet = part(&runs, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<t>API calls</t>"), "{sheet}");
}
