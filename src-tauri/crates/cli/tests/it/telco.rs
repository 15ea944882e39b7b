//! 7,043 customers whose figures nobody here invented, through the terminal program.

use std::collections::BTreeMap;
use std::path::Path;

use drawbridge_testkit::simulator::Config;
use drawbridge_testkit::{Telco, field, stored_customers};
use rust_decimal::Decimal;

use crate::{Bench, assert_adds_up};

#[test]
fn the_telco_sums_are_right_in_the_store_and_in_the_org() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/telco");
    let Some(telco) = Telco::read(&folder) else {
        println!("left out: {} is not there", folder.display());
        return;
    };
    let data = tempfile::tempdir().unwrap();
    telco.write(data.path());
    let bench = Bench::start(Config {
        data: Some(data.path().to_owned()),
        ..Config::default()
    });
    let (terminal, state) = (&bench.terminal, bench.simulator.state());
    assert_eq!(state.count("Contact"), 3_521);
    terminal.prepare(bench.simulator.urls(), "profitwell", false);

    let planned = terminal.run(&["plan", "S"]);
    let plan = planned.expect(0);
    let ran = terminal.run(&["run", &plan["plan"].to_string()]);
    let run = ran.expect(0);
    println!(
        "telco: {} read, {} updated, {} skipped; plan {:.1} s, run {:.1} s; {} API calls in the \
         run, {} in all; peak {} KB planning, {} KB running",
        run["read"],
        run["counts"]["updated"],
        run["counts"]["skipped"],
        planned.took.as_secs_f64(),
        ran.took.as_secs_f64(),
        run["api_calls"],
        state.api_calls(),
        planned.peak_kb.unwrap_or(0),
        ran.peak_kb.unwrap_or(0),
    );
    assert_adds_up(&run);
    assert_eq!(run["read"], 7_043);
    assert_eq!(run["counts"]["updated"], 3_521);
    assert_eq!(run["counts"]["skipped"], 3_522);
    assert_eq!(state.count("Contact"), 3_521, "none was created");

    // In the store: every customer, with the sums of the sample's own description.
    let customers = stored_customers(terminal.dir.path(), "ProfitWell");
    assert_eq!(customers.len(), 7_043);
    let active = customers
        .iter()
        .filter(|it| it.status.as_deref() == Some("active"));
    let mrr: Decimal = active.clone().map(|it| it.mrr.unwrap().amount).sum();
    assert_eq!((active.count(), mrr), (5_174, "316985.75".parse().unwrap()));
    let spend: Decimal = customers
        .iter()
        .filter_map(|it| it.total_spend)
        .map(|it| it.amount)
        .sum();
    assert_eq!(spend, "16056168.70".parse().unwrap());
    assert_eq!(
        customers
            .iter()
            .filter(|it| it.total_spend.is_none())
            .count(),
        11
    );
    assert!(customers.iter().any(|it| it.id.as_str() == "0002-ORFBO"));

    // In the org: the Contacts of the even rows, one by one.
    let contacts: BTreeMap<String, _> = state
        .records("Contact")
        .into_iter()
        .map(|contact| {
            (
                field(&contact, "LastName").as_str().unwrap().to_owned(),
                contact,
            )
        })
        .collect();
    let (mut blank, mut sum, mut expected) = (0, Decimal::ZERO, Decimal::ZERO);
    for row in telco.rows.iter().skip(1).step_by(2) {
        let contact = &contacts[&row.id];
        assert_eq!(field(contact, "ProfitWell_Customer_ID__c"), row.id.as_str());
        assert_eq!(
            field(contact, "Email"),
            row.email().as_str(),
            "the address is left alone"
        );
        let amount = |name: &str| -> Option<Decimal> {
            let value = field(contact, name);
            (!value.is_null()).then(|| value.to_string().parse().unwrap())
        };
        assert_eq!(amount("ProfitWell_MRR__c"), Some(row.mrr), "{}", row.id);
        assert_eq!(
            amount("ProfitWell_Total_Spend__c"),
            row.total_spend,
            "{}",
            row.id
        );
        blank += u32::from(row.total_spend.is_none());
        sum += amount("ProfitWell_Total_Spend__c").unwrap_or_default();
        expected += row.total_spend.unwrap_or_default();
        let status = if row.churned {
            "churned_voluntary"
        } else {
            "active"
        };
        assert_eq!(field(contact, "ProfitWell_Status__c"), status);
        assert_eq!(
            field(contact, "ProfitWell_Churned_On__c").is_null(),
            !row.churned
        );
        assert_eq!(
            field(contact, "ProfitWell_Activated_On__c").is_null(),
            row.tenure == 0
        );
    }
    assert!(
        blank > 0,
        "some of the eleven blank totals are in even rows"
    );
    assert_eq!(sum, expected);

    let again = terminal.run(&["plan", "S"]).expect(0);
    assert_eq!(again["to_write"], 0, "{again}");
}
