//! One list of everything that was sent.

use serde_json::Value;

use crate::Bench;

fn kinds(listed: &Value) -> Vec<&str> {
    let entries = listed.as_array().unwrap().iter();
    entries.map(|it| it["kind"].as_str().unwrap()).collect()
}

#[test]
fn runs_undos_operations_imports_and_calls_are_one_list() {
    let bench = Bench::with_customers(30);
    let terminal = &bench.terminal;
    let told = |line: &str, code: i32| {
        let words: Vec<&str> = line.split_whitespace().collect();
        terminal.run(&words).expect(code)
    };
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    assert_eq!(kinds(&told("history", 0)), Vec::<&str>::new());

    let plan = terminal.plan();
    // A preview sends nothing.
    assert_eq!(kinds(&told("history", 0)), Vec::<&str>::new());
    let run = told(&format!("run {plan}"), 0);
    told(&format!("undo {} --yes", run["run"]), 0);
    let listed = told(
        "alguna api GET /customers --query limit=10 --query offset=0",
        0,
    );
    let customer = listed["body"]["data"][0]["id"].as_str().unwrap();
    let alias = format!("alguna customer alias {customer} --alias erp-7 --yes");
    assert_eq!(told(&alias, 0)["outcome"], "done");

    let all = told("history", 0);
    assert_eq!(kinds(&all), ["operation", "call", "run", "run"], "{all}");
    assert_eq!(all[2]["undoes"], run["run"], "{all}");
    assert_eq!(kinds(&told("history --kind run --limit 1", 0)), ["run"]);
    let two = told("history --kind call --kind operation", 0);
    assert_eq!(kinds(&two), ["operation", "call"]);
    assert_eq!(kinds(&told("history --search erp-7", 0)), ["operation"]);
    assert_eq!(
        kinds(&told("history --search nowhere", 0)),
        Vec::<&str>::new()
    );
}
